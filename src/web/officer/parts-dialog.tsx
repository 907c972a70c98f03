import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { partKinds } from '../../core/subject/withheld-parts';
import { Field } from '../shared/field';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import type { RequestView } from './request-view';

/** Withholds parts of the data for the rights of others: kinds of it, and single conversations. */
export function PartsDialog({
  view,
  close,
}: {
  view: RequestView;
  close: () => void;
}): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const kinds = useSignal<readonly string[]>([]);
  const conversations = useSignal('');
  const toggle = (kind: string): void => {
    const { value } = kinds;
    kinds.value = value.includes(kind) ? value.filter((one) => one !== kind) : [...value, kind];
  };
  return (
    <AskDialog
      {...{ action: 'withhold' as const, view, close, reason }}
      run={(text) =>
        view.calls.decide(
          {
            rightsOfOthers: {
              kinds: [...kinds.value],
              conversations: conversations.value.split(/\s+/).filter(Boolean),
            },
          },
          text,
        )
      }
    >
      <fieldset class="checks">
        <legend>{t('officer.withhold.kindsTitle')}</legend>
        {partKinds.map((kind) => (
          <label key={kind} class="check">
            <input
              type="checkbox"
              checked={kinds.value.includes(kind)}
              onChange={() => toggle(kind)}
            />
            {t(`officer.withhold.kinds.${kind}`)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t('officer.withhold.conversations')}
        hint={t('officer.withhold.conversationsHint')}
        control={(attributes) => (
          <textarea
            {...attributes}
            rows={2}
            spellcheck={false}
            value={conversations.value}
            onInput={({ currentTarget }) => (conversations.value = currentTarget.value)}
          />
        )}
      />
    </AskDialog>
  );
}
