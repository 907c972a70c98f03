import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { Button } from '../shared/button';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { CodeForm } from './code-form';
import { Contact, Screen } from './frame';
import { Occasion } from './occasion';
import { call, type VerifyView } from './portal-api';
import { Problem } from './problem';
import { Sentence } from './sentence';
import { SmsCode } from './sms';
import { attempt, problem } from './state';

/** Identity verification: one method at a time, and the way to the others. */
export function Verify({ view }: { view: VerifyView }): JSX.Element {
  const chosen = useSignal<StepUpMethod | null>(null);
  const isChoosing = useSignal(false);
  const method =
    view.methods.find((one) => one === chosen.value) ?? view.methods[0] ?? ('sms' as const);
  const others = view.methods.filter((one) => one !== method);
  const choose = (one: StepUpMethod): void => {
    problem.value = '';
    chosen.value = one;
    isChoosing.value = false;
  };
  if (isChoosing.value) return <OtherWays methods={view.methods} view={view} choose={choose} />;
  const otherWays = others.length > 0 && (
    <Button
      kind="quiet"
      class="link"
      run={() => {
        problem.value = '';
        isChoosing.value = true;
      }}
    >
      <OtherWayWords />
    </Button>
  );
  const until = view.lockedUntil[method];
  return (
    <>
      {until === undefined ? (
        <Method method={method} view={view} />
      ) : (
        <Locked until={until} view={view} />
      )}
      {otherWays}
      {until === undefined && (method === 'sms' || method === 'totp') && <Never />}
    </>
  );
}

const OtherWayWords = (): JSX.Element => <>{useWords().t('portal.verify.otherWay')}</>;
const Never = (): JSX.Element => <p class="secondary">{useWords().t('portal.verify.never')}</p>;

function Method({ method, view }: { method: StepUpMethod; view: VerifyView }): JSX.Element {
  const { t } = useWords();
  const step = t('portal.steps.verify');
  if (method === 'sms') return <SmsCode view={view} />;
  if (method === 'oidc')
    return (
      <Screen name="verify-oidc" step={step} title={t('portal.verify.oidc.title')}>
        <Occasion view={view} />
        <p>{t('portal.verify.oidc.text')}</p>
        <Button kind="primary" class="wide" run={() => attempt(signIn)}>
          {t('portal.verify.oidc.action')}
        </Button>
        <Problem />
      </Screen>
    );
  return (
    <CodeForm method={method} view={view} title={t(`portal.verify.${method}.title`)}>
      <Occasion view={view} />
      <p>{t(`portal.verify.${method}.text`)}</p>
    </CodeForm>
  );
}

async function signIn(): Promise<void> {
  const { url } = await call<{ url: string }>('POST', 'login');
  globalThis.location.assign(url);
}

/** No code is accepted by a method for some time. */
function Locked({ until, view }: { until: string; view: VerifyView }): JSX.Element {
  const { t, dateTime } = useWords();
  return (
    <Screen name="verify-locked" step={t('portal.steps.verify')} title={t('portal.locked.title')}>
      <Occasion view={view} />
      <Note tone="warn" role="alert" title={t('portal.locked.until', { when: dateTime(until) })}>
        {t('portal.locked.why')}
      </Note>
      <p>
        <Sentence of="portal.locked.help" parts={{ contact: <Contact /> }} />
      </p>
    </Screen>
  );
}

/** The methods, with a sentence on each. */
function OtherWays({
  methods,
  view,
  choose,
}: {
  methods: readonly StepUpMethod[];
  view: VerifyView;
  choose: (method: StepUpMethod) => void;
}): JSX.Element {
  const { t } = useWords();
  const digits = view.digits?.slice(-2) ?? '';
  return (
    <Screen name="verify-ways" step={t('portal.steps.verify')} title={t('portal.verify.waysTitle')}>
      <ul class="ways">
        {methods.map((method) => (
          <li key={method}>
            <Button kind="plain" icon={icons[method]} run={() => choose(method)}>
              {t(`portal.verify.${method}.name`)}
            </Button>
            <p>{t(`portal.verify.${method}.sentence`, { digits })}</p>
          </li>
        ))}
      </ul>
    </Screen>
  );
}

const icons = { sms: 'message', totp: 'phone', oidc: 'person', officer: 'key' } as const;
