import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Field } from '../shared/field';
import { useWords } from '../shared/words';

/** Longest reason, as the API takes it. */
export const longestText = 2000;

/** Asks why an officer does something. */
export function ReasonField({ reason }: { reason: Signal<string> }): JSX.Element {
  const { t } = useWords();
  return (
    <Field
      label={t('officer.reason.label')}
      hint={t('officer.reason.hint')}
      control={(attributes) => (
        <textarea
          {...attributes}
          name="reason"
          rows={3}
          maxLength={longestText}
          value={reason.value}
          onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
        />
      )}
    />
  );
}

interface SelectProps<T extends string> {
  label: string;
  hint?: string | undefined;
  choices: readonly { value: T; label: string }[];
  chosen: Signal<T>;
}

/** One of several, in a list that opens. */
export function SelectField<T extends string>({
  label,
  hint,
  choices,
  chosen,
}: SelectProps<T>): JSX.Element {
  return (
    <Field
      label={label}
      hint={hint}
      control={(attributes) => (
        <select
          {...attributes}
          value={chosen.value}
          onChange={({ currentTarget }) => {
            const found = choices.find(({ value }) => value === currentTarget.value);
            if (found) chosen.value = found.value;
          }}
        >
          {choices.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}
