import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { Button } from '../shared/button';
import { Facts, type Fact } from '../shared/facts';
import { Icon } from '../shared/icons';
import { Note } from '../shared/labels';
import { say } from '../shared/live';
import { useWords, type Words } from '../shared/words';
import { actionsFor } from './action-rules';
import { useSaving } from './decision-bar';
import type { Act, HandOver, WholeSummary } from './officer-api';
import { ReasonField } from './reason';
import { Loaded, useResource } from './resource';
import type { RequestView } from './request-view';
import { proofText } from './request-words';
import { may } from './session';

/** The package, how it is handed over in person, and other ways. */
export function DeliveryTab({ view }: { view: RequestView }): JSX.Element {
  const { summary, calls } = view;
  const handOver = useResource(summary.requestId, calls.handOver, view.again);
  return <Loaded of={handOver}>{(data) => <Delivery handOver={data} view={view} />}</Loaded>;
}

interface Props {
  handOver: HandOver;
  view: RequestView;
}

function Delivery({ handOver, view }: Props): JSX.Element {
  const { t } = useWords();
  return (
    <div class="columns">
      <section class="card hand-over" aria-labelledby="hand-over">
        <header>
          <h2 id="hand-over">{t('officer.handOver.title')}</h2>
          <p class="secondary">{t(`officer.handOver.policy.${handOver.policy}`)}</p>
        </header>
        <ol class="numbered">
          <Confirmed handOver={handOver} view={view} />
          {handOver.policy === 'twoOfficers' && <Approved handOver={handOver} view={view} />}
          <HandedOver handOver={handOver} view={view} />
        </ol>
      </section>
      <div class="side">
        <PackageCard summary={view.summary} />
        <OtherWays view={view} />
      </div>
    </div>
  );
}

interface StepProps {
  number: number;
  title: string;
  state: 'done' | 'now' | 'ahead';
  children: ComponentChildren;
}

function HandOverStep({ number, title, state, children }: StepProps): JSX.Element {
  return (
    <li class={state} {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}>
      <span class="step-number" aria-hidden="true">
        {state === 'done' ? <Icon name="check" /> : number}
      </span>
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}

/** Who did something and when; "you" for the officer who looks. */
function actText({ at, by, isYou }: Act, { t, dateTime }: Words): string {
  const name = isYou ? t('officer.you') : (by ?? t('officer.custody.who.officer'));
  return t('officer.handOver.act', { name, time: dateTime(at) });
}

function ActLine({ act, detail = '' }: { act: Act; detail?: string }): JSX.Element {
  const words = useWords();
  return (
    <>
      <p>{`${[actText(act, words), detail].filter(Boolean).join(', ')}.`}</p>
      {act.justification !== null && <p class="secondary quote">{act.justification}</p>}
    </>
  );
}

/** What an officer has done instead of a check of the identity, or how they have checked it. */
function confirmationText(
  { event, method }: NonNullable<HandOver['confirmation']>,
  { t, has }: Words,
): string {
  if (event === 'decided')
    return t('officer.custody.decided.proof', { method: t('officer.decision.methods.officer') });
  const key =
    event === 'identityChecked'
      ? `officer.methodNames.${method ?? ''}`
      : `officer.custody.events.${event}`;
  return has(key) ? t(key) : '';
}

/** Who has checked who the person is: that an officer is to do it, or gave out a code, is no check yet. */
function Confirmed({ handOver, view }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { confirmation } = handOver;
  const { status } = view.summary;
  const isAsked = actionsFor(view.summary, may).includes('identity');
  const isChecked = confirmation?.event === 'identityChecked';
  const what = confirmation === null ? '' : confirmationText(confirmation, words);
  return (
    <HandOverStep
      number={1}
      title={t('officer.handOver.identity')}
      state={isChecked || status.verifiedAt !== null ? 'done' : 'now'}
    >
      {!isChecked && (
        <p>
          {t(isAsked ? 'officer.handOver.identityNow' : 'officer.handOver.identityLater')}{' '}
          {proofText(status, words)}
        </p>
      )}
      {confirmation !== null && !isChecked && <p>{what}</p>}
      {confirmation !== null && <ActLine act={confirmation} detail={isChecked ? what : ''} />}
      {isAsked && (
        <Button run={() => view.ask('identity')}>{t('officer.actions.identity.menu')}</Button>
      )}
    </HandOverStep>
  );
}

function Approved({ handOver, view }: Props): JSX.Element {
  const { t } = useWords();
  const { approvals, approval, isAvailable } = handOver;
  const isDone = approvals.length > 0;
  const state = isDone ? 'done' : isAvailable ? 'now' : 'ahead';
  return (
    <HandOverStep number={2} title={t('officer.handOver.approval')} state={state}>
      {approvals.map((act) => (
        <ActLine key={act.at} act={act} />
      ))}
      {!isDone && approval.isPossible && <ApproveForm view={view} />}
      {!isDone && !approval.isPossible && (
        <p class="locked">
          <Icon name="locked" />{' '}
          {t(`officer.handOver.approvalProblems.${approval.problem ?? 'notAvailable'}`)}
        </p>
      )}
    </HandOverStep>
  );
}

function ApproveForm({ view }: { view: RequestView }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const reason = useSignal('');
  const why = reason.value.trim();
  const missing = why === '' ? 'reason' : null;
  const { problem, save } = useSaving(missing, why);
  const approve = async (): Promise<void> => {
    await view.calls.approve(why);
    say(t('officer.handOver.approved'));
    await view.reload();
  };
  return (
    <>
      <p>{t('officer.handOver.approvalText')}</p>
      <ReasonField reason={reason} />
      {problem && (
        <p class="error" role="alert">
          {problem.text}
        </p>
      )}
      <div class="buttons">
        <Button kind="primary" run={() => save(missing, approve)}>
          {t('officer.handOver.approve')}
        </Button>
      </div>
      <p class="secondary">{t('officer.handOver.dontApprove')}</p>
    </>
  );
}

function HandedOver({ handOver, view }: Props): JSX.Element {
  const { t } = useWords();
  const { handedOver, delivery, policy } = handOver;
  const state = handedOver.length > 0 ? 'done' : delivery.isPossible ? 'now' : 'ahead';
  return (
    <HandOverStep
      number={policy === 'twoOfficers' ? 3 : 2}
      title={t('officer.handOver.given')}
      state={state}
    >
      {handedOver.map((act) => (
        <ActLine key={act.at} act={act} />
      ))}
      <p>{t('officer.handOver.givenText')}</p>
      {delivery.isPossible ? (
        <Button
          {...(handedOver.length === 0 ? { kind: 'primary' as const } : {})}
          run={() => view.ask('deliver')}
        >
          {t('officer.actions.deliver.menu')}
        </Button>
      ) : (
        <p class="locked">
          <Icon name="locked" />{' '}
          {t(`officer.handOver.deliveryProblems.${delivery.problem ?? 'notAvailable'}`)}
        </p>
      )}
    </HandOverStep>
  );
}

function PackageCard({ summary }: { summary: WholeSummary }): JSX.Element {
  const { t, bytes, dateTime } = useWords();
  const { status, progress, availableUntil, openedAt } = summary;
  const counted = progress?.conversations ?? null;
  const fact = (name: string, value: string): Fact => ({
    name: t(`officer.package.${name}`),
    values: [value],
  });
  const conversations = counted && {
    done: counted.done,
    total: counted.total,
  };
  const facts: Fact[] = [
    ...(status.packageBytes === null ? [] : [fact('size', bytes(status.packageBytes))]),
    ...(conversations === null
      ? []
      : [fact('conversations', t('officer.collected.of', conversations))]),
    ...(availableUntil === null ? [] : [fact('until', dateTime(availableUntil))]),
    fact('opened', openedAt === null ? t('officer.package.notOpened') : dateTime(openedAt)),
  ];
  return (
    <section class="card" aria-labelledby="package">
      <h2 id="package">{t('officer.package.title')}</h2>
      {availableUntil === null ? (
        <p class="secondary">{t('officer.package.none')}</p>
      ) : (
        <Facts facts={facts} />
      )}
    </section>
  );
}

/** A code, another release, and taking the package back. */
function OtherWays({ view }: { view: RequestView }): JSX.Element {
  const { t } = useWords();
  const actions = actionsFor(view.summary, may);
  const ways = (['code', 'release', 'recall'] as const).filter((way) => actions.includes(way));
  return (
    <>
      {ways.map((action) => (
        <section key={action} class="card" aria-labelledby={`way-${action}`}>
          <h2 id={`way-${action}`}>{t(`officer.ways.${action}.title`)}</h2>
          <p class="secondary">{t(`officer.ways.${action}.text`)}</p>
          <Button run={() => view.ask(action)}>
            <span class={action === 'recall' ? 'bad' : ''}>
              {t(`officer.actions.${action}.menu`)}
            </span>
          </Button>
        </section>
      ))}
      {ways.length === 0 && !may('Requests.Deliver') && <Note title={t('officer.ways.noRole')} />}
    </>
  );
}
