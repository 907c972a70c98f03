import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { ErrorSummary } from '../shared/error-summary';
import { Field } from '../shared/field';
import { useWords, type Words } from '../shared/words';
import { codeErrorOf, readCode, type CodeError, type CodeMethod } from './code-entry';
import { Screen } from './frame';
import { call, type VerifyView, type View } from './portal-api';
import { Problem } from './problem';
import { attempt, problem, show, view as shown } from './state';

const fieldId = 'code';

interface Props {
  method: CodeMethod;
  view: VerifyView;
  title: string;
  /** What stands above the field. */
  children: ComponentChildren;
  /** What stands below the button. */
  help?: ComponentChildren;
}

/** A page with one field for a code. */
export function CodeForm({ method, view, title, children, help }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const typed = useSignal('');
  const error = useSignal<CodeError | null>(null);
  const isBusy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  // Another code has been sent: what was wrong with the one before is over.
  useEffect(() => {
    if (!view.isCodeSent && method === 'sms') error.value = null;
  }, [view, method, error]);
  const send = async (): Promise<void> => {
    if (isBusy.value) return;
    const code = readCode(method, field.current?.value ?? '');
    error.value = typeof code === 'string' ? null : code;
    problem.value = '';
    if (typeof code !== 'string') return;
    isBusy.value = true;
    await attempt(() => verify(view, method, code, (wrong) => (error.value = wrong)));
    isBusy.value = false;
  };
  const said = error.value && errorWords(words, method, error.value);
  return (
    <Screen name={`verify-${method}`} step={t('portal.steps.verify')} title={title}>
      {said && <ErrorSummary title={said.title} errors={[{ field: fieldId, text: said.todo }]} />}
      {children}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          id={fieldId}
          label={t(`portal.verify.${method}.label`)}
          hint={t(`portal.verify.${method}.hint`)}
          error={said?.field}
          control={(attributes) => (
            <input
              {...attributes}
              ref={field}
              class="code"
              name="code"
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck={false}
              // A recovery code has letters in it.
              inputMode={method === 'totp' ? 'text' : 'numeric'}
              maxLength={method === 'totp' ? 20 : 16}
              value={typed.value}
              onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
            />
          )}
        />
        <Button kind="primary" type="submit" class="wide" isBusy={isBusy.value}>
          {t('portal.continue')}
        </Button>
      </form>
      <Problem />
      {help}
    </Screen>
  );
}

/** Asks the server whether a code is right, and goes on when it is. */
async function verify(
  view: VerifyView,
  method: CodeMethod,
  code: string,
  refuse: (error: CodeError) => void,
): Promise<void> {
  try {
    await show(await call<View>('POST', 'verify', { method, code }));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { lockedUntil, triesLeft } = error.details;
    const wrong = codeErrorOf(error.code, triesLeft);
    if (wrong) refuse(wrong);
    else if (error.code === 'lockedOut' && typeof lockedUntil === 'string')
      shown.value = { ...view, lockedUntil: { ...view.lockedUntil, [method]: lockedUntil } };
    else throw error;
  }
}

/** What is wrong, what to do, and both in short beside the field. */
function errorWords(
  { t, number }: Words,
  method: CodeMethod,
  error: CodeError,
): { title: string; todo: string; field: string } {
  const title = t(`portal.verify.errors.${error.kind}.title`);
  const todo = t(`portal.verify.errors.${error.kind}.todo.${method}`);
  const left = error.kind === 'wrong' ? error.triesLeft : null;
  if (left === null) return { title, todo, field: title };
  const tries = t('portal.verify.errors.triesLeft', { count: left, n: number(left) });
  return { title, todo, field: `${title}. ${tries}` };
}
