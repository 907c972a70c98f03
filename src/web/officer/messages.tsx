import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/button';
import { Dialog } from '../shared/dialog';
import { Icon, type IconName } from '../shared/icons';
import { Tag, type Tone } from '../shared/labels';
import { say } from '../shared/live';
import { useWords, type Words } from '../shared/words';
import { useFailure } from './ask-dialog';
import type { Message, RequestCalls } from './officer-api';
import { ReasonField } from './reason';
import { Loaded, useExplanation, useResource } from './resource';
import type { RequestView } from './request-view';
import { may } from './session';

const icons: Record<Message['channel'], IconName> = {
  email: 'email',
  sms: 'phone',
  webhook: 'visit',
};
const tones: Record<Message['result'], Tone> = {
  accepted: 'neutral',
  delivered: 'ok',
  failed: 'bad',
  pending: 'info',
  superseded: 'neutral',
};

/** What was sent about a request, to whom, and whether it arrived. */
export function MessagesTab({ view }: { view: RequestView }): JSX.Element {
  const { t } = useWords();
  const { summary, calls } = view;
  const messages = useResource(summary.requestId, calls.messages, view.again);
  return (
    <Loaded of={messages}>
      {({ messages: sent }) =>
        sent.length === 0 ? (
          <p class="card secondary">{t('officer.messages.none')}</p>
        ) : (
          <Table sent={sent} calls={calls} reload={messages.reload} />
        )
      }
    </Loaded>
  );
}

interface TableProps {
  sent: readonly Message[];
  calls: RequestCalls;
  reload: () => Promise<void>;
}

type Asked = { what: 'text' | 'again'; message: Message } | null;

function Table({ sent, calls, reload }: TableProps): JSX.Element {
  const { t } = useWords();
  const asked = useSignal<Asked>(null);
  const explanation = useExplanation();
  const hasFailed = sent.some(
    ({ channel, result }) => channel === 'webhook' && result === 'failed',
  );
  const section = useRef<HTMLElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    // A button that is gone has taken the focus with it.
    if (hadFocus.current && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true });
  }, [sent]);
  const retryAll = async (): Promise<void> => {
    await calls.retryWebhooks();
    say(t('officer.messages.sentAgain'));
    await reload();
  };
  const close = (): void => {
    asked.value = null;
  };
  return (
    <section
      class="card messages"
      aria-label={t('officer.tabs.messages')}
      tabIndex={-1}
      ref={section}
      onFocusIn={() => (hadFocus.current = true)}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget))
          hadFocus.current = false;
      }}
    >
      <table class="table cards">
        <caption class="visually-hidden">{t('officer.messages.caption')}</caption>
        <thead>
          <tr>
            {(['time', 'channel', 'what', 'to', 'result'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`officer.messages.columns.${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {sent.map((message) => (
            <Row key={message.messageId} message={message} ask={(value) => (asked.value = value)} />
          ))}
        </tbody>
      </table>
      {hasFailed && may('Requests.Decide') && (
        <footer class="pager">
          <p class="secondary">{t('officer.messages.failedWebhooks')}</p>
          <Button icon="retry" run={retryAll} explain={explanation}>
            {t('officer.messages.retryWebhooks')}
          </Button>
        </footer>
      )}
      {asked.value?.what === 'text' && (
        <TextDialog
          key={asked.value.message.messageId}
          {...{ message: asked.value.message, calls, close }}
        />
      )}
      {asked.value?.what === 'again' && (
        <AgainDialog
          key={asked.value.message.messageId}
          {...{ message: asked.value.message, calls, reload, close }}
        />
      )}
    </section>
  );
}

/** What a message is, such as "Invitation". */
function templateName({ template }: Message, { t, has }: Words): string {
  const state = /^request\.(\w+)$/.exec(template)?.[1];
  if (state !== undefined) {
    const key = `officer.states.${state}`;
    if (has(key)) return t('officer.messages.stateTold', { state: t(key) });
    const other = `officer.messages.templates.${state}`;
    return t(has(other) ? other : 'officer.messages.templates.unknown');
  }
  const key = `officer.messages.templates.${template}`;
  return t(has(key) ? key : 'officer.messages.templates.unknown');
}

function Row({ message, ask }: { message: Message; ask: (asked: Asked) => void }): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const { at, channel, recipient, to, result, attempts, nextTryAt, again } = message;
  const name = templateName(message, words);
  const isDecider = may('Requests.Decide');
  return (
    <tr>
      <td data-label={t('officer.messages.columns.time')}>{dateTime(at)}</td>
      <td data-label={t('officer.messages.columns.channel')}>
        <Icon name={icons[channel]} /> {t(`officer.channels.${channel}`)}
      </td>
      <th scope="row">
        {name}
        {again > 0 && <div class="secondary">{t('officer.messages.again', { count: again })}</div>}
      </th>
      <td data-label={t('officer.messages.columns.to')}>
        {t(`officer.messages.recipients.${recipient}`)}
        {to !== null && <div class="secondary">{to}</div>}
      </td>
      <td data-label={t('officer.messages.columns.result')}>
        <Tag tone={tones[result]}>{t(`officer.messages.results.${result}`)}</Tag>
        {attempts > 1 && (
          <div class="secondary">{t('officer.messages.attempts', { count: attempts })}</div>
        )}
        {nextTryAt !== null && (
          <div class="secondary">
            {t('officer.messages.nextTry', { time: dateTime(nextTryAt) })}
          </div>
        )}
      </td>
      <td class="action">
        {isDecider && message.hasText && (
          <Button kind="quiet" run={() => ask({ what: 'text', message })}>
            {t('officer.messages.read')} <span class="visually-hidden">{name}</span>
          </Button>
        )}
        {isDecider && message.canBeSentAgain && (
          <Button kind="quiet" run={() => ask({ what: 'again', message })}>
            {t('officer.messages.sendAgain')} <span class="visually-hidden">{name}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}

interface DialogProps {
  message: Message;
  calls: RequestCalls;
  close: () => void;
}

/** The text as it was sent; the custody record says that an officer has read it, and why. */
function TextDialog({ message, calls, close }: DialogProps): JSX.Element {
  const { t } = useWords();
  const failure = useFailure();
  const reason = useSignal('');
  const text = useSignal<{ subject: string; text: string } | null>(null);
  if (text.value !== null)
    return (
      <Dialog key="text" title={text.value.subject} cancel={t('officer.close')} close={close}>
        <p class="letter-text">{text.value.text}</p>
      </Dialog>
    );
  return (
    <Dialog
      key="question"
      title={t('officer.messages.readTitle')}
      confirm={t('officer.messages.readConfirm')}
      cancel={t('officer.messages.readKeep')}
      blockedBy={reason.value.trim() === '' ? t('officer.reason.missing') : undefined}
      explain={failure}
      close={() => {
        if (text.peek() === null) close();
      }}
      run={async () => {
        text.value = await calls.messageText(message.messageId, reason.value.trim());
      }}
    >
      <p>{t('officer.messages.readText')}</p>
      <ReasonField reason={reason} />
    </Dialog>
  );
}

function AgainDialog({
  message,
  calls,
  reload,
  close,
}: DialogProps & { reload: () => Promise<void> }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const failure = useFailure();
  const reason = useSignal('');
  return (
    <Dialog
      title={t('officer.messages.againTitle', { name: templateName(message, words) })}
      confirm={t('officer.messages.againConfirm')}
      cancel={t('officer.messages.againKeep')}
      blockedBy={reason.value.trim() === '' ? t('officer.reason.missing') : undefined}
      explain={failure}
      close={close}
      run={async () => {
        await calls.sendAgain(message.messageId, reason.value.trim());
        say(t('officer.messages.sentAgain'));
        void reload();
      }}
    >
      <p>{t('officer.messages.againText')}</p>
      <ReasonField reason={reason} />
    </Dialog>
  );
}
