import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { checkMethods } from '../../core/authentication/step-up';
import { mailboxChecks, mandatesOf } from '../../core/subject/requester';
import { useWords } from '../shared/words';
import type { ActionName } from './action-rules';
import { AskDialog } from './ask-dialog';
import { EndingDialog } from './ending-dialog';
import { GapsDialog } from './gaps-dialog';
import { CodeDialog, DeliverDialog, RecallDialog } from './package-dialogs';
import { PartsDialog } from './parts-dialog';
import { SelectField } from './reason';
import type { RequestView } from './request-view';

/** What officers do with a request, each after a question that says what it does. */

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
