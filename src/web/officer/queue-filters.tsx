import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from '../shared/icons';
import { Field } from '../shared/field';
import { goTo } from '../shared/route';
import { useWords } from '../shared/words';
import type { ListChoice, RequestSummary } from './officer-api';
import { queueAddress } from './place';
import { languageName, reasonText } from './request-words';

type FilterName = 'dueWithinDays' | 'sourceSystem' | 'reason' | 'locale';

/** Days within which a deadline may be looked for. */
const dueChoices = ['0', '2', '7', '14', '30'];
const languages = ['de', 'en', 'es', 'fr', 'it', 'nl'];
/** Reasons for which officers look; those on the page come besides. */
const reasons = [
  'ambiguousContact',
  'nearMatch',
  'sharedIdentifier',
  'nameDiffers',
  'contactSearchIncomplete',
  'noAuthenticationMethod',
  'mandateUnchecked',
  'noContact',
  'doubtfulConversations',
];

const withSeen = (known: readonly string[], seen: readonly (string | null)[]): string[] => [
  ...new Set([...known, ...seen].filter((one): one is string => one !== null && one !== '')),
];

/** Deadline, source, reason and language, folded until they are needed; each is part of the address. */
export function QueueFilters({
  choice,
  seen,
}: {
  choice: ListChoice;
  seen: readonly RequestSummary[];
}): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { view, page: _, ...filter } = choice;
  const set = (name: FilterName, value: string): void =>
    goTo(queueAddress(view, { ...filter, [name]: value }).slice(1));
  // Whoever takes a filter away may want another one.
  const isOpen = useSignal(false);
  const count = Object.values(filter).filter((value) => value !== undefined).length;
  const options: Record<FilterName, { value: string; name: string }[]> = {
    dueWithinDays: dueChoices.map((value) => ({
      value,
      name: t('officer.filters.dueWithin', { count: Number(value) }),
    })),
    sourceSystem: withSeen(
      choice.sourceSystem === undefined ? [] : [choice.sourceSystem],
      seen.map(({ sourceSystem }) => sourceSystem),
    ).map((value) => ({ value, name: value })),
    reason: withSeen(
      [...reasons, choice.reason ?? ''],
      seen.map(({ reasonCode }) => reasonCode),
    ).flatMap((value) => {
      const name = reasonText(value, words);
      return name === '' ? [] : [{ value, name }];
    }),
    locale: withSeen(
      [...languages, choice.locale ?? ''],
      seen.map(({ locale }) => locale),
    ).map((value) => ({ value, name: languageName(value, words) })),
  };
  const shown = (Object.keys(options) as FilterName[]).filter(
    (name) => !(view === 'done' && name === 'dueWithinDays') && options[name].length > 0,
  );
  return (
    <details
      class="filters"
      open={isOpen.value || count > 0}
      onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}
    >
      <summary>
        <Icon name="filter" />{' '}
        {count === 0 ? t('officer.filters.title') : t('officer.filters.active', { count })}
      </summary>
      <div class="filter-fields">
        {shown.map((name) => (
          <Field
            key={name}
            label={t(`officer.filters.${name}`)}
            control={(attributes) => (
              <select
                {...attributes}
                value={choice[name] ?? ''}
                onChange={({ currentTarget }) => set(name, currentTarget.value)}
              >
                <option value="">{t('officer.filters.any')}</option>
                {options[name].map(({ value, name: text }) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          />
        ))}
        {count > 0 && <a href={queueAddress(view)}>{t('officer.queue.clear')}</a>}
      </div>
    </details>
  );
}
