import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Button } from '../shared/button';
import { Disclosure } from '../shared/disclosure';
import { Field } from '../shared/field';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { call } from './portal-api';
import { Problem } from './problem';
import { qrPath } from './qr';
import { attempt, handle } from './state';

interface Key {
  secret: string;
  uri: string;
}

/** Offers to set up an authenticator app. */
export function Enrolment(): JSX.Element {
  const { t } = useWords();
  const key = useSignal<Key | null>(null);
  const codes = useSignal<string[] | null>(null);
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
            <Button icon="phone" run={() => attempt(begin)}>
              {t('portal.enrol.action')}
            </Button>
          </p>
        </>
      ) : (
        <Confirmation
          of={key.value}
          done={(given) => {
            codes.value = given;
            say(t('portal.enrol.done'));
          }}
        />
      )}
      <Problem />
    </Disclosure>
  );
}

/** The app's key as a picture and in letters, and a field for the first code. */
function Confirmation({
  of: { secret, uri },
  done,
}: {
  of: Key;
  done: (codes: string[]) => void;
}): JSX.Element {
  const { t } = useWords();
  const { side, path } = useMemo(() => qrPath(uri), [uri]);
  const isBusy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const confirm = async (): Promise<void> => {
    const code = field.current?.value.replaceAll(/\D/g, '') ?? '';
    isBusy.value = true;
    try {
      const answer = await call<{ recoveryCodes: string[] }>('POST', 'app/confirm', { code });
      done(answer.recoveryCodes);
    } catch (error) {
      handle(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
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
      <Field
        label={t('portal.verify.totp.label')}
        control={(attributes) => (
          <input
            {...attributes}
            ref={field}
            class="code"
            inputMode="numeric"
            maxLength={8}
            autocomplete="one-time-code"
          />
        )}
      />
      <Button type="submit" isBusy={isBusy.value}>
        {t('portal.enrol.confirm')}
      </Button>
    </form>
  );
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
