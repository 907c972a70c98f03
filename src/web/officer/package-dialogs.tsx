import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Dialog } from '../shared/dialog';
import { Facts, type Fact } from '../shared/facts';
import { Field } from '../shared/field';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { AskDialog } from './ask-dialog';
import { CopyButton } from './copy-button';
import type { Delivered, Recalled } from './officer-api';
import { ticketOf } from './request-words';
import type { RequestView } from './request-view';

interface Props {
  view: RequestView;
  close: () => void;
}

/** Takes the package back. Whoever asks for it types the ticket, so that it is the one that is meant. */
export function RecallDialog({ view, close }: Props): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const { summary, calls } = view;
  const reason = useSignal('');
  const typed = useSignal('');
  const recalled = useSignal<Recalled | null>(null);
  const ticket = ticketOf(summary, words);
  if (recalled.value) return <RecalledDialog recalled={recalled.value} close={close} />;
  return (
    <AskDialog
      {...{ action: 'recall' as const, view, reason }}
      kind="danger"
      close={() => {
        if (recalled.peek() === null) close();
      }}
      blockedBy={
        typed.value.trim() === ticket
          ? undefined
          : t('officer.actions.recall.typeFirst', { ticket })
      }
      run={async (text) => (recalled.value = await calls.recall(text))}
    >
      <ul class="bullets">
        {(['atOnce', 'withinMinute', 'then'] as const).map((when) => (
          <li key={when}>
            <strong>{t(`officer.actions.recall.when.${when}`)}</strong>{' '}
            {t(`officer.actions.recall.what.${when}`)}
          </li>
        ))}
      </ul>
      {summary.openedAt !== null && (
        <Note tone="bad" title={t('officer.actions.recall.out')}>
          {t('officer.actions.recall.outText', { time: dateTime(summary.openedAt) })}
        </Note>
      )}
      <Field
        label={t('officer.actions.recall.type', { ticket })}
        control={(attributes) => (
          <input
            {...attributes}
            type="text"
            name="ticket-again"
            autocomplete="off"
            value={typed.value}
            onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
          />
        )}
      />
    </AskDialog>
  );
}

/** What was downloaded before the recall, as far as anybody knows. */
function RecalledDialog({
  recalled,
  close,
}: {
  recalled: Recalled;
  close: () => void;
}): JSX.Element {
  const { t, dateTime, list, bytes } = useWords();
  const { downloads, subjectNotified } = recalled;
  const { linksGivenOut, handedOver, reportedComplete, storageLog } = downloads;
  const times = (all: readonly string[]): string =>
    all.length === 0 ? t('officer.never') : list(all.map(dateTime));
  const read = storageLog.reads.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const facts: Fact[] = [
    { name: t('officer.recalled.links'), values: [times(linksGivenOut)] },
    { name: t('officer.recalled.handedOver'), values: [times(handedOver)] },
    { name: t('officer.recalled.complete'), values: [times(reportedComplete)] },
    {
      name: t('officer.recalled.log'),
      values: [
        storageLog.until === null
          ? t('officer.recalled.noLog')
          : t('officer.recalled.logged', {
              count: storageLog.reads.length,
              bytes: bytes(read),
              time: dateTime(storageLog.until),
            }),
      ],
    },
  ];
  return (
    <Dialog title={t('officer.recalled.title')} cancel={t('officer.close')} close={close}>
      <p>{t(subjectNotified ? 'officer.told' : 'officer.notTold')}</p>
      <Facts facts={facts} />
    </Dialog>
  );
}

/** A code that the officer gives to the person, shown once. */
export function CodeDialog({ view, close }: Props): JSX.Element {
  const { t } = useWords();
  const reason = useSignal('');
  const code = useSignal<string | null>(null);
  if (code.value !== null)
    return (
      <Dialog title={t('officer.code.title')} cancel={t('officer.close')} close={close}>
        <Secret name={t('officer.code.name')} value={code.value} />
        <p>{t('officer.code.text')}</p>
      </Dialog>
    );
  return (
    <AskDialog
      {...{ action: 'code' as const, view, reason }}
      close={() => {
        if (code.peek() === null) close();
      }}
      run={async (text) => (code.value = (await view.calls.issueCode(text)).code)}
    />
  );
}

/** Link and passphrase of the package, for an officer who hands it over. */
export function DeliverDialog({ view, close }: Props): JSX.Element {
  const { t, time } = useWords();
  const reason = useSignal('');
  const given = useSignal<Delivered | null>(null);
  if (given.value !== null) {
    const { url, expiresAt, passphrase, subjectNotified } = given.value;
    return (
      <Dialog title={t('officer.delivered.title')} cancel={t('officer.close')} close={close}>
        <p>
          <a class="button primary" href={url}>
            {t('officer.delivered.download')}
          </a>{' '}
          {t('officer.delivered.until', { time: time(expiresAt) })}
        </p>
        <Secret name={t('officer.delivered.passphrase')} value={passphrase} />
        <p>{t('officer.delivered.apart')}</p>
        <p>{t(subjectNotified ? 'officer.told' : 'officer.notTold')}</p>
      </Dialog>
    );
  }
  return (
    <AskDialog
      {...{ action: 'deliver' as const, view, reason }}
      close={() => {
        if (given.peek() === null) close();
      }}
      run={async (text) => (given.value = await view.calls.deliver(text))}
    />
  );
}

/** Something that is shown once and copied. */
function Secret({ name, value }: { name: string; value: string }): JSX.Element {
  const { t } = useWords();
  return (
    <div class="secret-box">
      <span class="secondary">{name}</span>
      <output class="secret">{value}</output>
      <CopyButton value={value}>{t('officer.copy')}</CopyButton>
    </div>
  );
}
