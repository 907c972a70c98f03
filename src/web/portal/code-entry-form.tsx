import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { ErrorSummary } from '../shared/error-summary';
import { useWords } from '../shared/words';
import { readCode, type CodeError, type EnteredCode } from './code-entry';
import { CodeField, codeErrorWords } from './code-field';
import { attempt } from './state';

interface Props {
  /** Id of the field. */
  id: string;
  entered: EnteredCode;
  /** Where it is said that a code could not be sent. */
  place: Signal<string>;
  /** Asks the server whether a code is right. @returns what is wrong with it; null for nothing */
  send: (code: string) => Promise<CodeError | null>;
  /** What sends the code. */
  button: (isBusy: boolean) => JSX.Element;
  /** What stands above the field. */
  children: ComponentChildren;
}

/** A form with one field for a code: what is wrong with it stands above all, and beside the field. */
export function CodeEntry({ id, entered, place, send, button, children }: Props): JSX.Element {
  const words = useWords();
  const typed = useSignal('');
  const error = useSignal<CodeError | null>(null);
  const isBusy = useSignal(false);
  const submit = async (): Promise<void> => {
    if (isBusy.value) return;
    const code = readCode(entered, typed.value);
    error.value = typeof code === 'string' ? null : code;
    place.value = '';
    if (typeof code !== 'string') return;
    isBusy.value = true;
    await attempt(async () => (error.value = await send(code)), place);
    isBusy.value = false;
  };
  const said = error.value && codeErrorWords(words, entered, error.value);
  return (
    <>
      {said && (
        <ErrorSummary
          title={said.title}
          errors={[{ field: id, text: said.todo }]}
          occasion={error.value}
        />
      )}
      {children}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <CodeField id={id} entered={entered} typed={typed} error={said?.field} />
        {button(isBusy.value)}
      </form>
    </>
  );
}
