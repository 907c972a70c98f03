import type { Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { ApiProblem } from '../shared/api';
import { Dialog } from '../shared/dialog';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import type { ActionName } from './action-rules';
import { ReasonField } from './reason';
import type { RequestView } from './request-view';
import { useExplanation } from './resource';

interface AskProps {
  view: RequestView;
  close: () => void;
  action: ActionName;
  reason: Signal<string>;
  kind?: 'primary' | 'danger';
  /** What has to be done before, beside the reason. */
  blockedBy?: string | undefined;
  children?: ComponentChildren;
  run: (reason: string) => Promise<unknown>;
}

/** What a failed action has left as it was, and why it failed. */
export function useFailure(): (error: unknown) => { title: string; text: string } {
  const { t } = useWords();
  const explanation = useExplanation();
  return (error) => ({ title: t('officer.notDone'), text: explanation(error) });
}

/** Asks, with the reason last; afterwards the request is read again. */
export function AskDialog(props: AskProps): JSX.Element {
  const { action, view, close, reason, kind = 'primary', blockedBy, children, run } = props;
  const { t } = useWords();
  const failure = useFailure();
  const missing = reason.value.trim() === '' ? t('officer.reason.missing') : undefined;
  return (
    <Dialog
      title={t(`officer.actions.${action}.title`)}
      confirm={t(`officer.actions.${action}.confirm`)}
      cancel={t(`officer.actions.${action}.keep`)}
      kind={kind}
      blockedBy={blockedBy ?? missing}
      explain={(error) => {
        // What the request does not allow now is because of what became of it.
        if (error instanceof ApiProblem && error.status === 409) void view.reload();
        return failure(error);
      }}
      close={close}
      run={async () => {
        await run(reason.value.trim());
        say(t(`officer.actions.${action}.done`));
        // The act is done: what is read again keeps nobody in the dialog.
        void view.reload();
      }}
    >
      <p>{t(`officer.actions.${action}.text`)}</p>
      {children}
      <ReasonField reason={reason} />
    </Dialog>
  );
}
