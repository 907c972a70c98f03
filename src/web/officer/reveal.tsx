import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Dialog } from '../shared/dialog';
import { useWords } from '../shared/words';
import { useFailure } from './ask-dialog';
import type { RequestCalls, Revealed } from './officer-api';
import { ReasonField } from './reason';

/** Shows names and numbers in clear; the custody record says before that an officer sees them, and why. */
export function RevealDialog({
  calls,
  show,
  close,
}: {
  calls: RequestCalls;
  show: (revealed: Revealed) => void;
  close: () => void;
}): JSX.Element {
  const { t } = useWords();
  const failure = useFailure();
  const reason = useSignal('');
  return (
    <Dialog
      title={t('officer.reveal.title')}
      confirm={t('officer.reveal.confirm')}
      cancel={t('officer.reveal.keep')}
      blockedBy={reason.value.trim() === '' ? t('officer.reason.missing') : undefined}
      explain={failure}
      close={close}
      run={async () => show(await calls.reveal(reason.value.trim()))}
    >
      <p>{t('officer.reveal.text')}</p>
      <ReasonField reason={reason} />
    </Dialog>
  );
}
