import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Field } from '../shared/field';
import { useWords, type Words } from '../shared/words';
import type { CodeError, EnteredCode } from './code-entry';

/** What is wrong with a code, what to do, and both in short beside the field. */
export function codeErrorWords(
  { t }: Words,
  entered: EnteredCode,
  error: CodeError,
): { title: string; todo: string; field: string } {
  const title = t(`portal.verify.errors.${error.kind}.title`);
  const todo = t(`portal.verify.errors.${error.kind}.todo.${entered}`);
  const left = error.kind === 'wrong' ? error.triesLeft : null;
  if (left === null) return { title, todo, field: title };
  const tries = t('portal.verify.errors.triesLeft', { count: left });
  return { title, todo, field: `${title}. ${tries}` };
}

interface Props {
  id: string;
  entered: EnteredCode;
  typed: Signal<string>;
  error?: string | undefined;
}

/** A field for a code. A recovery code, which stands in place of one of an app, has letters in it. */
export function CodeField({ id, entered, typed, error }: Props): JSX.Element {
  const { t } = useWords();
  const isRecoverable = entered === 'totp';
  return (
    <Field
      id={id}
      label={t(`portal.verify.${entered === 'newApp' ? 'totp' : entered}.label`)}
      hint={entered === 'newApp' ? undefined : t(`portal.verify.${entered}.hint`)}
      error={error}
      control={(attributes) => (
        <input
          {...attributes}
          class="code"
          name="code"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          inputMode={isRecoverable ? 'text' : 'numeric'}
          maxLength={isRecoverable ? 20 : 16}
          value={typed.value}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
      )}
    />
  );
}
