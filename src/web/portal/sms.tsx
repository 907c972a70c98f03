import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../shared/button';
import { Disclosure } from '../shared/disclosure';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { CodeForm } from './code-form';
import { Screen } from './frame';
import { Occasion } from './occasion';
import { call, type VerifyView } from './portal-api';
import { Problem } from './problem';
import { Sentence } from './sentence';
import { attempt } from './state';

/** Seconds after which another code can be asked for. */
const secondsToAgain = 60;

/** A code by text message: it is sent when the person asks for it, and entered then. */
export function SmsCode({ view }: { view: VerifyView }): JSX.Element {
  const { t } = useWords();
  /** When the last code was sent from this page, in milliseconds; null before. */
  const sentAt = useSignal<number | null>(null);
  const isQueued = useSignal(false);
  const send = async (): Promise<void> => {
    const sent = await call<{ isQueued: boolean }>('POST', 'code');
    isQueued.value = sent.isQueued;
    sentAt.value = Date.now();
    say(t(isQueued.value ? 'portal.verify.sms.queued' : 'portal.verify.sms.onItsWay'));
  };
  const digits = <strong>{view.digits?.slice(-2)}</strong>;
  if (!view.isCodeSent && sentAt.value === null)
    return (
      <Screen
        name="verify-sms-before"
        step={t('portal.steps.verify')}
        title={t('portal.verify.title')}
      >
        <Occasion view={view} />
        <p>
          <Sentence of="portal.verify.sms.before" parts={{ digits }} />
        </p>
        <Button kind="primary" class="wide" run={() => attempt(send)}>
          {t('portal.verify.sms.send')}
        </Button>
        <Problem />
      </Screen>
    );
  return (
    <CodeForm
      key={sentAt.value}
      method="sms"
      view={view}
      title={t('portal.verify.sms.title')}
      help={<NotReceived sentAt={sentAt.value} send={() => attempt(send)} />}
    >
      <Occasion view={view} />
      <p>
        <Sentence of="portal.verify.sms.sent" parts={{ digits }} />{' '}
        {isQueued.value && t('portal.verify.sms.queued')}
      </p>
    </CodeForm>
  );
}

/** What to do about a code that does not come; another one can be sent after a minute. */
function NotReceived({
  sentAt,
  send,
}: {
  sentAt: number | null;
  send: () => Promise<void>;
}): JSX.Element {
  const { t } = useWords();
  const left = useSecondsLeft(sentAt);
  return (
    <Disclosure title={t('portal.verify.sms.missing')}>
      <p>{t('portal.verify.sms.missingText')}</p>
      <p>
        <Button run={send} disabled={left > 0}>
          {t('portal.verify.sms.again')}
        </Button>
      </p>
      {left > 0 && <p class="secondary">{t('portal.verify.sms.wait', { count: left })}</p>}
    </Disclosure>
  );
}

/** Seconds until another code can be asked for, counted down. */
function useSecondsLeft(sentAt: number | null): number {
  const secondsOf = (): number =>
    sentAt === null ? 0 : Math.max(0, secondsToAgain - Math.floor((Date.now() - sentAt) / 1000));
  const left = useSignal(secondsOf());
  useEffect(() => {
    left.value = secondsOf();
    const timer = setInterval(() => {
      left.value = secondsOf();
      if (left.value === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [sentAt]);
  return left.value;
}
