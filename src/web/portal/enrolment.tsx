import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { ApiProblem } from '../shared/api';
import { Button } from '../shared/button';
import { Disclosure } from '../shared/disclosure';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { codeErrorOf, type CodeError } from './code-entry';
import { CodeEntry } from './code-entry-form';
import { call } from './portal-api';
import { Problem } from './problem';
import { qrPath } from './qr';
import { attempt } from './state';

interface Key {
  secret: string;
  uri: string;
}

/** Offers to set up an authenticator app. */
export function Enrolment(): JSX.Element {
  const { t } = useWords();
  const key = useSignal<Key | null>(null);
  const codes = useSignal<string[] | null>(null);
  const problem = useSignal('');
  const begin = async (): Promise<void> => {
    key.value = await call<Key>('POST', 'app');
  };
  return (
    <Disclosure title={t('portal.enrol.title')}>
      {codes.value !== null ? (
        <RecoveryCodes codes={codes.value} />
      ) : key.value === null ? (
        <>
          <p>{t('portal.enrol.text')}</p>
          <p>
            <Button icon="phone" run={() => attempt(begin, problem)}>
              {t('portal.enrol.action')}
            </Button>
          </p>
        </>
      ) : (
        <Confirmation
          of={key.value}
          problem={problem}
          done={(given) => {
            codes.value = given;
            say(t('portal.enrol.done'));
          }}
        />
      )}
      <Problem of={problem} />
    </Disclosure>
  );
}

/** The app's key as a picture and in letters, and a field for the first code. */
function Confirmation({
  of: { secret, uri },
  problem,
  done,
}: {
  of: Key;
  problem: Signal<string>;
  done: (codes: string[]) => void;
}): JSX.Element {
  const { t } = useWords();
  const { side, path } = useMemo(() => qrPath(uri), [uri]);
  return (
    <CodeEntry
      id="app-code"
      entered="newApp"
      place={problem}
      send={(code) => confirm(code, done)}
      button={(isBusy) => (
        <Button type="submit" isBusy={isBusy}>
          {t('portal.enrol.confirm')}
        </Button>
      )}
    >
      <p>{t('portal.enrol.scan')}</p>
      <svg
        class="qr"
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={t('portal.enrol.picture')}
      >
        <path d={path} />
      </svg>
      <p>{t('portal.enrol.key', { key: secret.match(/.{1,4}/g)?.join(' ') ?? secret })}</p>
    </CodeEntry>
  );
}

/** Asks the server whether the first code of an app is right. @returns what is wrong with it; null for nothing */
async function confirm(
  code: string,
  done: (recoveryCodes: string[]) => void,
): Promise<CodeError | null> {
  try {
    done((await call<{ recoveryCodes: string[] }>('POST', 'app/confirm', { code })).recoveryCodes);
    return null;
  } catch (error) {
    const wrong = error instanceof ApiProblem ? codeErrorOf(error.code, null) : null;
    if (wrong === null) throw error;
    return wrong;
  }
}

function RecoveryCodes({ codes }: { codes: string[] }): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <p class="ok">{t('portal.enrol.done')}</p>
      <h3>{t('portal.enrol.recoveryTitle')}</h3>
      <p>{t('portal.enrol.recoveryText')}</p>
      <ul class="recovery">
        {codes.map((code) => (
          <li key={code}>{code.replace(/^(.{5})/, '$1-')}</li>
        ))}
      </ul>
    </>
  );
}
