import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fileOf, type ViewerFile, type ViewerRow } from '../../core/package/viewer-rows';
import type { ViewerSurvey, ViewerTexts } from '../../core/package/viewer-texts';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { namesIn, useViewer } from './context';
import { useDates } from './dates';
import { Gaps } from './gaps';
import { isSearchFocused } from './go';
import { Mails } from './mails';
import { Attachment, SaveLink } from './media';
import { Messages } from './messages';
import { Player } from './player';
import { titleOf } from './row-words';
import { Sound, soundboard } from './sound';
import { Text } from './text';
import { Transcript } from './transcript';

/** A conversation with all that is in the package of it. */
export function Conversation({ row, texts }: { row: ViewerRow; texts: ViewerTexts }): JSX.Element {
  const sounds = filesOf(row, 'audio');
  const shown = new Set(sounds.map(({ source }) => source));
  const others = texts.transcripts.filter(({ recordingId }) => !shown.has(recordingId));
  return (
    <>
      {texts.summary !== '' && <Summary text={texts.summary} />}
      {sounds.map((file) => (
        <Recording
          key={file.file}
          row={row}
          file={file}
          transcript={texts.transcripts.find(({ recordingId }) => recordingId === file.source)}
        />
      ))}
      <Gaps row={row} kinds={['audio', 'otherRecording', 'voicemail']} />
      {others.map((transcript) => (
        <Transcript key={transcript.recordingId} transcript={transcript} playing={null} />
      ))}
      {row.kind === 'call' && <Gaps row={row} kinds={['transcript']} />}
      {texts.messages.length > 0 && <Messages row={row} messages={texts.messages} />}
      <Gaps row={row} kinds={['message', 'chat', 'attachment', 'messageRecording']} />
      <Mails row={row} emails={texts.emails} />
      <Gaps row={row} kinds={['email', 'emailRecording']} />
      {filesOf(row, 'screen').map((file) => (
        <Screen key={file.file} row={row} file={file} />
      ))}
      <Gaps row={row} kinds={['screen', 'recordedAttachment']} />
      {texts.surveys.map((survey, i) => (
        <Survey key={i} survey={survey} />
      ))}
      <Gaps row={row} kinds={['survey', 'conversation']} />
      <Files row={row} texts={texts} />
    </>
  );
}

const filesOf = ({ files = [] }: ViewerRow, kind: ViewerFile['kind']): ViewerFile[] =>
  files.filter((file) => file.kind === kind);

function Summary({ text }: { text: string }): JSX.Element {
  const { t } = useWords();
  return (
    <div class="note info summary-note">
      <Icon name="list" />
      <p>
        <strong>{t('viewer.summaryTitle')}</strong> <Text of={text} />{' '}
        <span class="by-software">{t('viewer.bySoftware')}</span>
      </p>
    </div>
  );
}

function Recording({
  row,
  file,
  transcript,
}: {
  row: ViewerRow;
  file: ViewerFile;
  transcript: ViewerTexts['transcripts'][number] | undefined;
}): JSX.Element {
  const sound = useMemo(() => new Sound(soundboard), [file]);
  return (
    <>
      <Player
        file={file}
        path={fileOf(row, file.file)}
        seconds={row.seconds ?? 0}
        transcript={transcript}
        sound={sound}
      />
      <p class="in-print">{file.file}</p>
      {transcript && <Transcript transcript={transcript} playing={sound} />}
    </>
  );
}

function Screen({ row, file }: { row: ViewerRow; file: ViewerFile }): JSX.Element {
  const { t } = useWords();
  return (
    <section class="card">
      <h2>{t('viewer.screen')}</h2>
      <Attachment file={fileOf(row, file.file)} name={file.file} size={file.size} />
    </section>
  );
}

function Survey({ survey }: { survey: ViewerSurvey }): JSX.Element {
  const { t } = useWords();
  const { short } = useDates();
  const { name, at, score, answers } = survey;
  return (
    <section class="survey card">
      <div class="section-head">
        <h2>{t('viewer.survey')}</h2>
        <time class="secondary" dateTime={at}>
          {short(at)}
        </time>
      </div>
      <p class="secondary">
        <Text of={name} /> {score !== '' && t('viewer.score', { score })}
      </p>
      <dl>
        {answers.map(({ question, answer }, i) => (
          <div key={i}>
            <dt>{question === '' ? t('viewer.answer') : <Text of={question} />}</dt>
            <dd>
              <Text of={answer} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Names of files that stand in what is shown already. */
const namedIn = ({ messages, emails }: ViewerTexts): Set<string | null> =>
  new Set([
    ...messages.flatMap(({ files }) => files.map(({ file }) => file)),
    ...emails.map(({ file }) => file),
  ]);

/** Kinds of files that have a place of their own, and documents for machines. */
const placed: readonly string[] = ['audio', 'screen'];

/** What else there is to save. */
function Files({ row, texts }: { row: ViewerRow; texts: ViewerTexts }): JSX.Element {
  const { t, bytes } = useWords();
  const named = namedIn(texts);
  const rest = (row.files ?? []).filter(
    ({ kind, file }) => !placed.includes(kind) && !named.has(file),
  );
  return (
    <p class="files">
      {rest.map(({ file, size }) => (
        <SaveLink key={file} file={fileOf(row, file)} icon="note">
          {t('viewer.saveFile', { file, size: bytes(size) })}
        </SaveLink>
      ))}
      <SaveLink file={fileOf(row, 'conversation.json')} icon="note">
        {t('viewer.saveJson')}
      </SaveLink>
    </p>
  );
}

/** When and how, below the name of a conversation. */
export function factsOf(row: ViewerRow, words: Words, when: string): string {
  const { t, duration } = words;
  const [queue] = namesIn(row.queue);
  const begun = row.direction === undefined ? '' : t(`viewer.began.${row.direction}`);
  const isCall = row.kind === 'call';
  const spoken = [begun, row.seconds === undefined ? '' : duration(row.seconds)];
  const rest = isCall
    ? spoken.filter(Boolean).join(', ')
    : row.subject !== undefined && queue !== undefined
      ? t('viewer.withQueue', { queue })
      : '';
  return [when, rest].filter(Boolean).join('. ');
}

/** The head of what is open: its name takes the focus when it is opened. */
export function DetailHead({ row }: { row: ViewerRow }): JSX.Element {
  const words = useWords();
  const { naming } = useViewer();
  const { timeWithZone } = useDates();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isSearchFocused()) heading.current?.focus({ preventScroll: true });
  }, [row.id]);
  const when = row.at === '' ? '' : `${words.longDay(row.at)}, ${timeWithZone(row.at)}`;
  const agents = namesIn(row.agent).map(naming.plain);
  const spoke = agents.length === 0 ? '' : words.t('viewer.spokeWith', { who: words.list(agents) });
  return (
    <div class="detail-title">
      <h1 ref={heading} tabIndex={-1}>
        {titleOf(row, words, naming)}
      </h1>
      <p class="facts">
        {naming.plain(factsOf(row, words, when))}
        {spoke !== '' && `. ${spoke}`}
      </p>
    </div>
  );
}
