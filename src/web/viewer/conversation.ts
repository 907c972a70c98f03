import type { ViewerRow, ViewerTexts } from '../../core/package/viewer-data';
import type { Translator } from '../../core/i18n/translator';
import { button, make } from './dom';
import type { MediaSource } from './package-source';

/** What is needed to show a conversation. */
export interface Showing {
  translator: Translator;
  media: MediaSource;
  when: (iso: string, zone: string) => string;
}

type Cues = ViewerTexts['transcripts'][number]['cues'];

/** Everything of a conversation: what was said, heard, written and attached. */
export function conversationView(
  { row, files }: ViewerRow,
  texts: ViewerTexts | undefined,
  showing: Showing,
): Node[] {
  const { when } = showing;
  const say = (key: string, values = {}): string => showing.translator.t(`viewer.${key}`, values);
  const facts = [
    row.channel,
    row.direction,
    row.queue,
    row.agent,
    row.durationSeconds === null ? '' : say('duration', { s: row.durationSeconds }),
  ];
  const parts: Node[] = [
    make('h2', {}, `${row.number}. ${when(row.start, row.timeZone)}`),
    make('p', {}, facts.filter(Boolean).join(' · ')),
  ];
  const section = (key: string, ...content: Node[]): void => {
    if (content.length > 0) parts.push(make('h3', {}, say(key)), ...content);
  };
  if (texts && texts.summary !== '') section('summary', make('p', {}, texts.summary));
  const transcripts = new Map((texts?.transcripts ?? []).map((one) => [one.recordingId, one.cues]));
  for (const { file, sourceId } of files.filter(({ kind }) => kind === 'audio')) {
    const cues = transcripts.get(sourceId ?? '') ?? [];
    transcripts.delete(sourceId ?? '');
    section('audio', ...player(make('audio', { controls: '' }), file, cues, showing));
  }
  for (const cues of transcripts.values()) section('transcript', cueList(cues, null, showing));
  for (const { file } of files.filter(({ kind }) => kind === 'screen'))
    section('screen', ...player(make('video', { controls: '' }), file, [], showing));
  section(
    'messages',
    ...(texts?.messages ?? []).map(({ from, at, text }) => {
      const who = say(from === 'inbound' ? 'customer' : 'agent');
      return make(
        'p',
        {},
        make('span', { class: 'who' }, `${who}, ${when(at, row.timeZone)}: `),
        text,
      );
    }),
  );
  section(
    'emails',
    ...(texts?.emails ?? []).flatMap(({ from, to, subject, at, text, html }) => [
      make('p', {}, make('strong', {}, subject), ` ${from} → ${to}, ${when(at, row.timeZone)}`),
      text === '' && html !== '' ? mailFrame(html, subject) : make('pre', {}, text),
    ]),
  );
  section(
    'surveys',
    ...(texts?.surveys ?? []).flatMap(({ name, at, score, answers }) => [
      make('p', {}, [name, score, when(at, row.timeZone)].filter(Boolean).join(' · ')),
      ...answers.map((answer) => make('blockquote', {}, answer)),
    ]),
  );
  const isPlayed = (kind: string): boolean => kind === 'audio' || kind === 'screen';
  const others = files.filter(({ kind }) => !isPlayed(kind)).map(({ file }) => file);
  section('files', ...fileLinks(others, showing));
  return parts;
}

/** A link to each file, or, in an archive, a button that saves it. */
export const fileLinks = (files: string[], { media, translator }: Showing): Node[] =>
  [...new Set(files)].map((file) => {
    const name = file.split('/').at(-1) ?? file;
    return make(
      'p',
      {},
      media.kind === 'address'
        ? make('a', { href: media.of(file) }, name)
        : saveButton(`${translator.t('viewer.save')}: ${name}`, file, media, translator),
    );
  });

function saveButton(
  label: string,
  file: string,
  media: MediaSource & { kind: 'archive' },
  translator: Translator,
): HTMLButtonElement {
  const element = button(label, () => {
    element.disabled = true;
    media
      .save(file)
      .catch(() =>
        element.after(make('span', { role: 'alert' }, translator.t('viewer.unreadable'))),
      )
      .finally(() => (element.disabled = false));
  });
  return element;
}

/** Somebody's HTML: in a frame of its own origin, without scripts, and with nothing from elsewhere. */
const mailFrame = (html: string, title: string): HTMLIFrameElement =>
  make('iframe', {
    sandbox: '',
    title,
    srcdoc: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">${html}`,
  });

/** A player; what is in an archive is decrypted when it is asked for. */
function player(element: HTMLMediaElement, file: string, cues: Cues, showing: Showing): Node[] {
  const { media, translator } = showing;
  const failure = (): void =>
    element.after(make('p', { role: 'alert' }, translator.t('viewer.noMedia')));
  element.preload = 'none';
  element.addEventListener('error', failure, { once: true });
  const parts: Node[] = [element];
  if (media.kind === 'address') element.src = media.of(file);
  else {
    element.hidden = true;
    const load = button(translator.t('viewer.play'), () => {
      load.disabled = true;
      media
        .open(file)
        .then((address) => {
          element.src = address;
          element.hidden = false;
          load.remove();
          void element.play().catch(() => undefined);
        })
        .catch(() => {
          load.disabled = false;
          load.after(make('p', { role: 'alert' }, translator.t('viewer.unreadable')));
        });
    });
    const name = file.split('/').at(-1) ?? file;
    const save = saveButton(`${translator.t('viewer.save')}: ${name}`, file, media, translator);
    parts.unshift(make('p', { class: 'tools' }, load, save));
  }
  if (cues.length > 0) parts.push(cueList(cues, element, showing));
  return parts;
}

/** Phrases that jump to their place in the recording, and are marked while they are heard. */
function cueList(
  cues: Cues,
  media: HTMLMediaElement | null,
  { translator }: Showing,
): HTMLOListElement {
  const phrases = cues.map(({ from, who, text }) => {
    const name = who === 'Customer' ? translator.t('viewer.customer') : who;
    const content = [make('span', { class: 'who' }, `${clock(from)} ${name}: `), text];
    if (media === null) return make('p', {}, ...content);
    const phrase = make('button', { type: 'button' }, ...content);
    phrase.addEventListener('click', () => {
      media.currentTime = from / 1000;
      void media.play().catch(() => undefined);
    });
    return phrase;
  });
  media?.addEventListener('timeupdate', () => {
    const now = media.currentTime * 1000;
    cues.forEach(({ from, to }, i) => {
      if (now >= from && now < to) phrases[i]?.setAttribute('aria-current', 'true');
      else phrases[i]?.removeAttribute('aria-current');
    });
  });
  return make(
    'ol',
    { class: 'cues', 'aria-label': translator.t('viewer.transcript'), tabindex: '0' },
    ...phrases.map((one) => make('li', {}, one)),
  );
}

const clock = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};
