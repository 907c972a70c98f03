import type { ComponentChildren, JSX } from 'preact';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { useWords } from '../shared/words';
import { codeErrorOf, type CodeError, type CodeMethod } from './code-entry';
import { CodeEntry } from './code-entry-form';
import { Screen } from './frame';
import { call, type VerifyView, type View } from './portal-api';
import { Problem } from './problem';
import { problem, show, view as shown } from './state';

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
  const { t } = useWords();
  return (
    <Screen name={`verify-${method}`} step={t('portal.steps.verify')} title={title}>
      <CodeEntry
        key={method}
        id="code"
        entered={method}
        place={problem}
        send={(code) => verify(view, method, code)}
        button={(isBusy) => (
          <Button kind="primary" type="submit" class="wide" isBusy={isBusy}>
            {t('portal.continue')}
          </Button>
        )}
      >
        {children}
      </CodeEntry>
      <Problem />
      {help}
    </Screen>
  );
}

/**
 * Asks the server whether a code is right, and goes on when it is.
 * @returns what is wrong with the code; null where there is another view to show
 */
async function verify(
  view: VerifyView,
  method: CodeMethod,
  code: string,
): Promise<CodeError | null> {
  try {
    await show(await call<View>('POST', 'verify', { method, code }));
    return null;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { lockedUntil, triesLeft } = error.details;
    const wrong = codeErrorOf(error.code, triesLeft);
    if (wrong !== null) return wrong;
    if (error.code !== 'lockedOut' || typeof lockedUntil !== 'string') throw error;
    shown.value = { ...view, lockedUntil: { ...view.lockedUntil, [method]: lockedUntil } };
    return null;
  }
}
