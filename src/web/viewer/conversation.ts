import type { ViewerRow } from '../../core/package/viewer-index';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import type { Translator } from '../../core/i18n/translator';
import { button, make } from '../shared/dom';
import { mailFrame } from './mail-frame';
import type { MediaSource } from './package-source';

/** What the parts of a conversation are shown with. */
export interface ViewContext {
  translator: Translator;
  media: MediaSource;
  when: (iso: string, zone: string) => string;
}

type Cues = ViewerTexts['transcripts'][number]['cues'];

/** A whole conversation: recordings, transcripts, messages, emails, surveys and files. */
export function conversationView(
  { row, files }: ViewerRow,
  texts: ViewerTexts | undefined,
  context: ViewContext,
): Node[] {
  const { when } = context;
  const t = (key: string, values = {}): string => context.translator.t(`viewer.${key}`, values);
  const facts = [
    row.channel,
    row.direction,
    row.queue,
    row.agent,
    row.durationSeconds === null ? '' : t('duration', { s: row.durationSeconds }),
  ];
  const parts: Node[] = [
    make('h2', {}, `${row.number}. ${when(row.start, row.timeZone)}`),
    make('p', {}, facts.filter(Boolean).join(' · ')),
  ];
  const section = (key: string, ...content: Node[]): void => {
    if (content.length > 0) parts.push(make('h3', {}, t(key)), ...content);
  };
  if (texts && texts.summary !== '') section('summary', make('p', {}, texts.summary));
  const transcripts = new Map((texts?.transcripts ?? []).map((one) => [one.recordingId, one.cues]));
  for (const { file, sourceId } of files.filter(({ kind }) => kind === 'audio')) {
    const cues = transcripts.get(sourceId ?? '') ?? [];
    transcripts.delete(sourceId ?? '');
    section('audio', ...player(make('audio', { controls: '' }), file, cues, context));
  }
  for (const cues of transcripts.values()) section('transcript', cueList(cues, null, context));
  for (const { file } of files.filter(({ kind }) => kind === 'screen'))
    section('screen', ...player(make('video', { controls: '' }), file, [], context));
  section(
    'messages',
    ...(texts?.messages ?? []).map(({ from, at, text }) => {
      const who = t(from === 'inbound' ? 'customer' : 'agent');
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
  section('files', ...fileLinks(others, context));
  return parts;
}

/** A link to each file; in an archive, a button that saves it. */
export const fileLinks = (files: string[], { media, translator }: ViewContext): Node[] =>
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

/** A player. Files of an archive are decrypted on demand. */
function player(element: HTMLMediaElement, file: string, cues: Cues, context: ViewContext): Node[] {
  const { media, translator } = context;
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
  if (cues.length > 0) parts.push(cueList(cues, element, context));
  return parts;
}

/** Phrases that jump to their position in the recording, and are marked while they are played. */
function cueList(
  cues: Cues,
  media: HTMLMediaElement | null,
  { translator }: ViewContext,
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
