import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { checkMethods } from '../../core/authentication/step-up';
import { isFinal, mayFollow } from '../../core/request/states';
import { mailboxChecks, mandatesOf } from '../../core/subject/requester';
import { Dialog } from '../shared/dialog';
import { say } from '../shared/live';
import { useWords, type Words } from '../shared/words';
import { EndingDialog } from './ending-dialog';
import { PartsDialog } from './parts-dialog';
import { CodeDialog, DeliverDialog, RecallDialog } from './package-dialogs';
import type { RequestSummary, WholeSummary } from './officer-api';
import { ReasonField, SelectField } from './reason';
import { GapsDialog } from './gaps-dialog';
import type { RequestView } from './request-page';
import { explain } from './resource';
import { may } from './session';

/** What officers do with a request, each after a question that says what it does. */

export const actionNames = [
  'identity',
  'mandate',
  'extend',
  'retry',
  'acceptGaps',
  'withhold',
  'code',
  'release',
  'deliver',
  'cancel',
  'refuse',
  'recall',
] as const;
export type ActionName = (typeof actionNames)[number];

/** Whether a decision can still be made or corrected: until the package is written. */
export const canDecide = ({ state, availableUntil }: RequestSummary): boolean =>
  !isFinal(state) &&
  !['packaging', 'available', 'delivered'].includes(state) &&
  availableUntil === null;

const isThere = ({ state, availableUntil }: RequestSummary): boolean =>
  (state === 'available' || state === 'delivered') &&
  availableUntil !== null &&
  Date.parse(availableUntil) > Date.now();

/** The actions that the server would take from this officer now; the others are not offered. */
export function actionsFor(summary: WholeSummary): ActionName[] {
  const { state, clock, status, ticketId, failedItems } = summary;
  const isDecider = may('Requests.Decide');
  const isDeliverer = may('Requests.Deliver');
  const isAsked = status.requester !== null && (state === 'received' || state === 'needsDecision');
  // Without a key there is nothing left that could be tried again.
  const canRetry = isDecider && state === 'failed' && ticketId !== null;
  const possible: Record<ActionName, boolean> = {
    identity: isDecider && state === 'awaitingVerification',
    mandate: isDecider && isAsked,
    extend: isDecider && clock.extendableUntil !== null,
    retry: canRetry,
    acceptGaps: canRetry && (failedItems ?? 0) > 0,
    withhold: isDecider && canDecide(summary) && ticketId !== null,
    code: isDeliverer && !isFinal(state) && ticketId !== null,
    release: isDeliverer && isThere(summary) && Date.parse(clock.dueAt) > Date.now(),
    // It stands on the page of the delivery, with what has to come before it.
    deliver: false,
    cancel: isDecider && mayFollow(state, 'cancelled'),
    refuse: isDecider && mayFollow(state, 'refused'),
    recall: may('Requests.Recall') && mayFollow(state, 'recalled'),
  };
  return actionNames.filter((action) => possible[action]);
}

interface DialogProps {
  view: RequestView;
  close: () => void;
}

export function ActionDialog({
  action,
  view,
  close,
}: DialogProps & { action: ActionName }): JSX.Element {
  const props = { view, close };
  switch (action) {
    case 'identity':
      return <IdentityDialog {...props} />;
    case 'mandate':
      return <MandateDialog {...props} />;
    case 'extend':
    case 'cancel':
    case 'refuse':
      return <EndingDialog action={action} {...props} />;
    case 'retry':
    case 'release':
      return <PlainDialog action={action} {...props} />;
    case 'acceptGaps':
      return <GapsDialog {...props} />;
    case 'withhold':
      return <PartsDialog {...props} />;
    case 'code':
      return <CodeDialog {...props} />;
    case 'deliver':
      return <DeliverDialog {...props} />;
    case 'recall':
      return <RecallDialog {...props} />;
  }
}

interface AskProps extends DialogProps {
  action: ActionName;
  reason: Signal<string>;
  kind?: 'primary' | 'danger';
  /** What has to be done before, beside the reason. */
  blockedBy?: string | undefined;
  children?: ComponentChildren;
  run: (reason: string) => Promise<unknown>;
}

/** What a failed action has left as it was, and why it failed. */
export const failureOf =
  (words: Words) =>
  (error: unknown): { title: string; text: string } => ({
    title: words.t('officer.notDone'),
    text: explain(error, words),
  });

/** Asks, with the reason last; afterwards the request is read again. */
export function AskDialog(props: AskProps): JSX.Element {
  const { action, view, close, reason, kind = 'primary', blockedBy, children, run } = props;
  const words = useWords();
  const { t } = words;
  const missing = reason.value.trim() === '' ? t('officer.reason.missing') : undefined;
  return (
    <Dialog
      title={t(`officer.actions.${action}.title`)}
      confirm={t(`officer.actions.${action}.confirm`)}
      cancel={t(`officer.actions.${action}.keep`)}
      kind={kind}
      blockedBy={blockedBy ?? missing}
      explain={failureOf(words)}
      close={close}
      run={async () => {
        await run(reason.value.trim());
        say(t(`officer.actions.${action}.done`));
        await view.reload();
      }}
    >
      <p>{t(`officer.actions.${action}.text`)}</p>
      {children}
      <ReasonField reason={reason} />
    </Dialog>
  );
}

/** Actions that need nothing but a reason. */
function PlainDialog({ action, ...props }: DialogProps & { action: 'retry' | 'release' }) {
  const reason = useSignal('');
  const { calls } = props.view;
  return (
    <AskDialog
      {...{ action, reason, ...props }}
      run={(text) => (action === 'retry' ? calls.retry(text) : calls.releaseAgain(text))}
    />
  );
}

function IdentityDialog(props: DialogProps): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const method = useSignal<(typeof checkMethods)[number]>('inPerson');
  const isRepresentative = useSignal(false);
  return (
    <AskDialog
      {...{ action: 'identity' as const, reason, ...props }}
      run={(text) =>
        props.view.calls.checkIdentity(
          { checkMethod: method.value, isRepresentative: isRepresentative.value },
          text,
        )
      }
    >
      <SelectField
        label={t('officer.checkMethod')}
        chosen={method}
        choices={checkMethods.map((value) => ({ value, label: t(`officer.methodNames.${value}`) }))}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isRepresentative.value}
          onChange={({ currentTarget }) => (isRepresentative.value = currentTarget.checked)}
        />
        {t('officer.actions.identity.representative')}
      </label>
    </AskDialog>
  );
}

function MandateDialog(props: DialogProps): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const { requester } = props.view.summary.status;
  const mandates = mandatesOf[requester?.capacity ?? 'representative'];
  const mandate = useSignal<string>(mandates[0] ?? '');
  const method = useSignal<string>('inPerson');
  const mailbox = useSignal<string>('onMandate');
  const named = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`officer.${group}.${value}`) }));
  return (
    <AskDialog
      {...{ action: 'mandate' as const, reason, ...props }}
      run={(text) =>
        props.view.calls.checkMandate(
          { mandate: mandate.value, checkMethod: method.value, mailboxCheck: mailbox.value },
          text,
        )
      }
    >
      <p>{t(`officer.capacities.${requester?.capacity ?? 'representative'}`)}</p>
      <SelectField
        label={t('officer.actions.mandate.mandate')}
        chosen={mandate}
        choices={named('mandates', mandates)}
      />
      <SelectField
        label={t('officer.checkMethod')}
        chosen={method}
        choices={named('methodNames', checkMethods)}
      />
      <SelectField
        label={t('officer.actions.mandate.mailbox')}
        chosen={mailbox}
        choices={named('mailboxChecks', mailboxChecks)}
      />
    </AskDialog>
  );
}
