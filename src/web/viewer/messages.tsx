import type { JSX } from 'preact';
import { fileOf, type ViewerRow } from '../../core/package/viewer-rows';
import { localDay } from '../../core/package/viewer-rows';
import type { AttachedName, ViewerMessage } from '../../core/package/viewer-texts';
import { useWords } from '../shared/words';
import { useViewer } from './context';
import { Attachment } from './media';
import { Text } from './text';

/** The days of messages, each with its messages in order. */
function byDay(messages: readonly ViewerMessage[], timeZone: string): [string, ViewerMessage[]][] {
  const days: [string, ViewerMessage[]][] = [];
  for (const message of messages) {
    const day = message.at === '' ? (days.at(-1)?.[0] ?? '') : localDay(message.at, timeZone);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(message);
    else days.push([day, [message]]);
  }
  return days;
}

/** A thread of messages or a chat: bubbles by day. */
export function Messages({
  row,
  messages,
}: {
  row: ViewerRow;
  messages: readonly ViewerMessage[];
}): JSX.Element {
  const { t, longDay, duration } = useWords();
  const { timeZone } = useViewer().data.index;
  const [first, last] = [messages[0]?.at ?? '', messages.at(-1)?.at ?? ''];
  const seconds = (Date.parse(last) - Date.parse(first)) / 1000;
  const values = { count: messages.length };
  return (
    <div class="messages" role="group" aria-label={t('viewer.messages')}>
      {byDay(messages, timeZone).map(([day, own]) => (
        <div key={day}>
          {day !== '' && <p class="day">{longDay(own[0]?.at ?? '')}</p>}
          <ol class="bubbles">
            {own.map((message, i) => (
              <Message key={i} row={row} message={message} />
            ))}
          </ol>
        </div>
      ))}
      <p class="secondary end">
        {seconds > 0
          ? t('viewer.endIn', { ...values, duration: duration(seconds) })
          : t('viewer.end', values)}
      </p>
    </div>
  );
}

function Message({ row, message }: { row: ViewerRow; message: ViewerMessage }): JSX.Element {
  const { t, time } = useWords();
  const { naming } = useViewer();
  const { from, name, at, text, files } = message;
  const who = from === 'agent' && name !== '' ? naming.plain(name) : t(`viewer.speakers.${from}`);
  return (
    <li class={`bubble ${from}`}>
      <span class="bubble-head">
        <strong>{who}</strong> {at !== '' && <time dateTime={at}>{time(at)}</time>}
      </span>
      {text !== '' && (
        <p class="words">
          <Text of={text} />
        </p>
      )}
      {files.map((file, i) => (
        <Sent key={i} row={row} file={file} />
      ))}
    </li>
  );
}

/** A file that was sent with a message; one that is not in the package is named. */
export function Sent({ row, file }: { row: ViewerRow; file: AttachedName }): JSX.Element {
  const { t, bytes } = useWords();
  const { naming } = useViewer();
  const name = naming.plain(file.name);
  if (file.file !== null)
    return <Attachment file={fileOf(row, file.file)} name={name} size={file.size} />;
  return (
    <p class="chip">
      {name} {file.size !== null && <span class="secondary">{bytes(file.size)}</span>}{' '}
      <span class="secondary">{t('viewer.fileAbsent')}</span>
    </p>
  );
}
