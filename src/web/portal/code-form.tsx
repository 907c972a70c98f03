import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { ErrorSummary } from '../shared/error-summary';
import { useWords } from '../shared/words';
import { codeErrorOf, readCode, type CodeError, type CodeMethod } from './code-entry';
import { CodeField, codeErrorWords } from './code-field';
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
  // Another code has been sent: what was wrong with the one before is over.
  useEffect(() => {
    if (!view.isCodeSent && method === 'sms') error.value = null;
  }, [view, method, error]);
  const send = async (): Promise<void> => {
    if (isBusy.value) return;
    const code = readCode(method, typed.value);
    error.value = typeof code === 'string' ? null : code;
    problem.value = '';
    if (typeof code !== 'string') return;
    isBusy.value = true;
    await attempt(() => verify(view, method, code, (wrong) => (error.value = wrong)));
    isBusy.value = false;
  };
  const said = error.value && codeErrorWords(words, method, error.value);
  return (
    <Screen name={`verify-${method}`} step={t('portal.steps.verify')} title={title}>
      {said && (
        <ErrorSummary
          title={said.title}
          errors={[{ field: fieldId, text: said.todo }]}
          occasion={error.value}
        />
      )}
      {children}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <CodeField id={fieldId} purpose={method} typed={typed} error={said?.field} />
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
