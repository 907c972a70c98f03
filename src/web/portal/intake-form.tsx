import type { Signal } from '@preact/signals';
import type { InputHTMLAttributes, JSX } from 'preact';
import { Button } from '../shared/button';
import { ErrorSummary } from '../shared/error-summary';
import { Field } from '../shared/field';
import { Icon } from '../shared/icons';
import { useWords } from '../shared/words';
import { facts } from './facts';
import { Contact, Screen } from './frame';
import { entryErrors, type Entries, type EntryField, type FieldError } from './intake-entry';
import { puzzleStages, type PuzzleSolver } from './puzzle-solver';
import { Sentence } from './sentence';

/** Most mailboxes and numbers beside the first two. */
const mostOthers = 8;

interface Props {
  entries: Signal<Entries>;
  errors: Signal<FieldError[]>;
  puzzle: PuzzleSolver;
  done: () => void;
}

/** Who asks, and by what they are known. */
export function IntakeForm({ entries, errors, puzzle, done }: Props): JSX.Element {
  const { t, has } = useWords();
  const { others } = entries.value;
  const lead = `portal.intake.lead.${facts.law}`;
  const change = (next: Partial<Entries>): void => {
    entries.value = { ...entries.value, ...next };
  };
  const setOther = (index: number, text: string): void =>
    change({ others: others.map((one, i) => (i === index ? text : one)) });
  const check = (): void => {
    errors.value = entryErrors(entries.value);
    if (errors.value.length === 0) done();
  };
  const errorText = ({ kind }: FieldError): string => t(`portal.intake.errors.${kind}`);
  const errorOf = (field: EntryField): string | undefined => {
    const found = errors.value.find((one) => one.field === field);
    return found && errorText(found);
  };
  return (
    <Screen name="intake" title={t('portal.intake.title')}>
      {errors.value.length > 0 && (
        <ErrorSummary
          title={t('portal.intake.errors.title')}
          errors={errors.value.map((one) => ({ field: one.field, text: errorText(one) }))}
          occasion={errors.value}
        />
      )}
      <p>{t(has(lead) ? lead : 'portal.intake.lead.gdpr')}</p>
      <form
        noValidate
        onFocusIn={() => puzzle.begin()}
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <Entry
          field="name"
          label={t('portal.intake.name')}
          error={errorOf('name')}
          input={{ autocomplete: 'name', maxLength: 200 }}
          value={entries.value.name}
          set={(name) => change({ name })}
        />
        <Entry
          field="email"
          label={t('portal.intake.email')}
          error={errorOf('email')}
          input={{ type: 'email', autocomplete: 'email', spellcheck: false, maxLength: 254 }}
          value={entries.value.email}
          set={(email) => change({ email })}
        />
        <Entry
          field="phone"
          label={t('portal.intake.phone')}
          hint={t('portal.intake.phoneHint')}
          error={errorOf('phone')}
          input={{ type: 'tel', autocomplete: 'tel', maxLength: 40 }}
          value={entries.value.phone}
          set={(phone) => change({ phone })}
        />
        {others.map((text, index) => (
          <Entry
            key={index}
            field={`other-${index}`}
            label={t('portal.intake.other')}
            error={errorOf(`other-${index}`)}
            input={{ spellcheck: false, maxLength: 254 }}
            value={text}
            set={(next) => setOther(index, next)}
          />
        ))}
        {others.length < mostOthers && (
          <Button kind="quiet" class="link" run={() => change({ others: [...others, ''] })}>
            {t('portal.intake.addOther')}
          </Button>
        )}
        <PuzzleState puzzle={puzzle} />
        <Button kind="primary" type="submit" class="wide">
          {t('portal.intake.toCheck')}
        </Button>
        <PuzzleFailure puzzle={puzzle} />
      </form>
    </Screen>
  );
}

interface EntryProps {
  field: EntryField;
  label: string;
  hint?: string;
  error: string | undefined;
  input: InputHTMLAttributes<HTMLInputElement>;
  value: string;
  set: (text: string) => void;
}

const Entry = ({ field, label, hint, error, input, value, set }: EntryProps): JSX.Element => (
  <Field
    id={field}
    label={label}
    hint={hint}
    error={error}
    control={(attributes) => (
      <input
        {...input}
        {...attributes}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    )}
  />
);

/**
 * How far the device has come with the puzzle. It is as high at each stage, for the button below is pressed at any
 * of them: what moves while it is pressed is not pressed.
 */
function PuzzleState({ puzzle }: { puzzle: PuzzleSolver }): JSX.Element {
  const { t } = useWords();
  const stage = puzzle.stage.value;
  return (
    <div class={`checked ${stage}`}>
      <Icon name={stage === 'solved' ? 'check' : stage === 'failed' ? 'alert' : 'shield'} />
      <div role="status" class="stages">
        {puzzleStages.map((one) => (
          <div key={one} class={one === stage ? '' : 'unseen'}>
            <strong>{t(`portal.intake.puzzle.${one}`)}</strong>
            <p class="secondary">{t('portal.intake.puzzle.how')}</p>
          </div>
        ))}
      </div>
    </div>
  );
}

/** What to do when the puzzle fails. */
function PuzzleFailure({ puzzle }: { puzzle: PuzzleSolver }): JSX.Element {
  const { t } = useWords();
  return (
    <div role="status" class="puzzle-failure">
      {puzzle.stage.value === 'failed' && (
        <>
          <p>
            <Sentence of="portal.intake.orWrite" parts={{ contact: <Contact /> }} />
          </p>
          <Button icon="retry" run={() => puzzle.again()}>
            {t('portal.intake.puzzle.retry')}
          </Button>
        </>
      )}
    </div>
  );
}
