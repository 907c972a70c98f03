import type { ViewerIndex, ViewerRow, ViewerTexts } from '../core/viewer';

/**
 * The page of a package, opened from disk: one timeline of everything, with the texts of a conversation
 * beside its audio. It reads script files only, asks no server for anything, and shows every text as
 * text: what stands in a package was written by anybody.
 */
type Words = Record<string, string>;
type Data = Record<string, unknown>;

const data = ((globalThis as { viewerData?: Data }).viewerData ??= {});
const index = data['index'] as ViewerIndex | undefined;
const languages = (data['languages'] ?? {}) as Record<string, Words>;
const pageLength = 100;

const view = {
  language: pickLanguage(),
  channel: '',
  query: '',
  isDeep: false,
  page: 0,
  chosen: 0,
  /** Numbers of conversations in whose texts the query stands; null while texts are not searched. */
  hits: null as Set<number> | null,
};

function pickLanguage(): string {
  const wanted = [index?.locale ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag) => tag in languages) ?? 'en';
}

const word = (key: string, values: Record<string, string | number> = {}): string =>
  (languages[view.language]?.[key] ?? key).replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? ''),
  );

/** An element with attributes and children; a text is always a text. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const pages = new Map<string, Promise<ViewerTexts[]>>();

/** Texts of a part of the package, from its script. */
function loadPage(name: string): Promise<ViewerTexts[]> {
  let loading = pages.get(name);
  if (!loading) {
    loading = new Promise((done, fail) => {
      const script = make('script', { src: name });
      script.addEventListener('load', () => {
        const texts = data[name] as ViewerTexts[] | undefined;
        if (texts) done(texts);
        else fail(new Error(word('missing')));
      });
      script.addEventListener('error', () => fail(new Error(word('missing'))));
      document.head.append(script);
    });
    pages.set(name, loading);
  }
  return loading;
}

const rows: ViewerRow[] = [...(index?.rows ?? [])].sort((a, b) =>
  a.row.start < b.row.start ? 1 : -1,
);
const searchable = new Map(
  rows.map(({ row }) => [
    row.number,
    [row.startLocal, row.channel, row.direction, row.queue, row.agent, row.wrapUp, row.number]
      .join(' ')
      .toLowerCase(),
  ]),
);

function matching(): ViewerRow[] {
  const query = view.query.toLowerCase();
  return rows.filter(({ row }) => {
    if (view.channel !== '' && row.channel !== view.channel) return false;
    if (query === '') return true;
    return (
      searchable.get(row.number)?.includes(query) === true || view.hits?.has(row.number) === true
    );
  });
}

/** Searches all texts, script by script; what is not needed any more is let go. */
async function searchTexts(query: string): Promise<void> {
  const wanted = query.toLowerCase();
  const hits = new Set<number>();
  for (const name of new Set(rows.map(({ page }) => page))) {
    for (const texts of await loadPage(name)) {
      if (JSON.stringify(texts).toLowerCase().includes(wanted)) hits.add(texts.number);
    }
    if (view.query !== query) return;
  }
  view.hits = hits;
  showList();
}

const list = make('ol');
const status = make('p', { role: 'status' });
const article = make('article', { tabindex: '-1' });
const paging = make('div', { class: 'pages' });

const when = (iso: string, zone: string): string =>
  iso === ''
    ? ''
    : new Intl.DateTimeFormat(view.language, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: zone,
      }).format(new Date(iso));

function showList(): void {
  const found = matching();
  const last = Math.max(0, Math.ceil(found.length / pageLength) - 1);
  view.page = Math.min(view.page, last);
  const first = view.page * pageLength;
  list.replaceChildren(
    ...found.slice(first, first + pageLength).map((entry) => {
      const { row } = entry;
      const button = make(
        'button',
        { type: 'button', 'aria-current': String(row.number === view.chosen) },
        when(row.start, row.timeZone),
        make('small', {}, [row.channel, row.queue, row.agent].filter(Boolean).join(' · ')),
      );
      button.addEventListener('click', () => void choose(entry));
      return make('li', {}, button);
    }),
  );
  status.textContent =
    found.length === 0
      ? word('none')
      : `${word('conversations')}: ${found.length}. ${word('page', { n: view.page + 1, all: last + 1 })}`;
  const turn = (key: string, by: number): HTMLButtonElement => {
    const button = make('button', { type: 'button' }, word(key));
    button.disabled = view.page + by < 0 || view.page + by > last;
    button.addEventListener('click', () => {
      view.page += by;
      showList();
    });
    return button;
  };
  paging.replaceChildren(turn('newer', -1), turn('older', 1));
}

async function choose(entry: ViewerRow): Promise<void> {
  view.chosen = entry.row.number;
  for (const button of list.querySelectorAll('button')) button.removeAttribute('aria-current');
  article.replaceChildren(make('p', { role: 'status' }, word('loading')));
  showList();
  try {
    const texts = (await loadPage(entry.page)).find(({ number }) => number === entry.row.number);
    if (view.chosen === entry.row.number) showConversation(entry, texts);
  } catch (error) {
    article.replaceChildren(make('p', { role: 'alert' }, (error as Error).message));
  }
  article.focus();
}

function showConversation({ row, files }: ViewerRow, texts: ViewerTexts | undefined): void {
  const facts = [
    row.channel,
    row.direction,
    row.queue,
    row.agent,
    row.durationSeconds === null ? '' : word('duration', { s: row.durationSeconds }),
  ];
  const parts: Node[] = [
    make('h2', {}, `${row.number}. ${when(row.start, row.timeZone)}`),
    make('p', {}, facts.filter(Boolean).join(' · ')),
  ];
  const section = (key: string, ...content: Node[]): void => {
    if (content.length > 0) parts.push(make('h3', {}, word(key)), ...content);
  };
  if (texts && texts.summary !== '') section('summary', make('p', {}, texts.summary));
  const audio = files.filter(({ kind }) => kind === 'audio');
  const transcripts = new Map((texts?.transcripts ?? []).map((one) => [one.recordingId, one.cues]));
  for (const { file, sourceId } of audio) {
    const cues = transcripts.get(sourceId ?? '') ?? [];
    transcripts.delete(sourceId ?? '');
    section('audio', ...player(file, cues));
  }
  for (const cues of transcripts.values()) section('transcript', cueList(cues, null));
  section(
    'messages',
    ...(texts?.messages ?? []).map(({ from, at, text }) =>
      make(
        'p',
        {},
        make(
          'span',
          { class: 'who' },
          `${word(from === 'inbound' ? 'customer' : 'agent')}, ${when(at, row.timeZone)}: `,
        ),
        text,
      ),
    ),
  );
  section(
    'emails',
    ...(texts?.emails ?? []).flatMap(({ from, to, subject, at, text, html }) => [
      make('p', {}, make('strong', {}, subject), ` ${from} → ${to}, ${when(at, row.timeZone)}`),
      text === '' && html !== '' ? mailFrame(html, subject) : make('pre', {}, text),
    ]),
  );
  section(
    'files',
    ...files
      .filter(({ kind }) => kind !== 'audio')
      .map(({ file }) => file)
      .filter((file, i, all) => all.indexOf(file) === i)
      .map((file) => make('p', {}, make('a', { href: file }, file.split('/').at(-1) ?? file))),
  );
  const print = make('button', { type: 'button' }, word('print'));
  print.addEventListener('click', () => globalThis.print());
  article.replaceChildren(...parts, make('p', { class: 'tools' }, print));
}

/** Somebody's HTML: in a frame of its own origin, without scripts, and with nothing from elsewhere. */
const mailFrame = (html: string, title: string): HTMLIFrameElement =>
  make('iframe', {
    sandbox: '',
    title,
    srcdoc: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">${html}`,
  });

function player(file: string, cues: ViewerTexts['transcripts'][number]['cues']): Node[] {
  const audio = make('audio', { controls: '', preload: 'none', src: file });
  audio.addEventListener('error', () => audio.after(make('p', {}, word('noMedia'))), {
    once: true,
  });
  return cues.length === 0 ? [audio] : [audio, cueList(cues, audio)];
}

/** Phrases that jump to their place in the audio, and are marked while they are heard. */
function cueList(
  cues: ViewerTexts['transcripts'][number]['cues'],
  audio: HTMLAudioElement | null,
): HTMLElement {
  const buttons = cues.map(({ from, who, text }) => {
    const content = [
      make(
        'span',
        { class: 'who' },
        `${clock(from)} ${who === 'Customer' ? word('customer') : who}: `,
      ),
      text,
    ];
    if (audio === null) return make('p', {}, ...content);
    const button = make('button', { type: 'button' }, ...content);
    button.addEventListener('click', () => {
      audio.currentTime = from / 1000;
      void audio.play().catch(() => undefined);
    });
    return button;
  });
  audio?.addEventListener('timeupdate', () => {
    const now = audio.currentTime * 1000;
    cues.forEach(({ from, to }, i) => {
      if (now >= from && now < to) buttons[i]?.setAttribute('aria-current', 'true');
      else buttons[i]?.removeAttribute('aria-current');
    });
  });
  return make(
    'ol',
    { class: 'cues', 'aria-label': word('transcript'), tabindex: '0' },
    ...buttons.map((one) => make('li', {}, one)),
  );
}

const clock = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

function labelled(key: string, control: HTMLElement): HTMLLabelElement {
  return make('label', {}, word(key), control);
}

function build(app: HTMLElement, content: ViewerIndex): void {
  document.documentElement.lang = view.language;
  document.title = word('title');
  const search = make('input', { type: 'search', value: view.query });
  const deep = make('input', { type: 'checkbox' });
  deep.checked = view.isDeep;
  const refresh = (): void => {
    Object.assign(view, { query: search.value, isDeep: deep.checked, page: 0, hits: null });
    showList();
    if (view.isDeep && view.query !== '')
      void searchTexts(view.query).catch((error: Error) => (status.textContent = error.message));
  };
  search.addEventListener('input', refresh);
  deep.addEventListener('change', refresh);
  const option = (value: string, label: string, isChosen: boolean): HTMLOptionElement =>
    make('option', { value, ...(isChosen ? { selected: '' } : {}) }, label);
  const channels = [...new Set(rows.map(({ row }) => row.channel))].sort();
  const channel = make(
    'select',
    {},
    option('', word('all'), view.channel === ''),
    ...channels.map((name) => option(name, name, view.channel === name)),
  );
  channel.addEventListener('change', () => {
    Object.assign(view, { channel: channel.value, page: 0 });
    showList();
  });
  const language = make(
    'select',
    {},
    ...Object.entries(languages).map(([tag, { name = tag }]) =>
      option(tag, name, tag === view.language),
    ),
  );
  language.addEventListener('change', () => {
    view.language = language.value;
    build(app, content);
  });
  article.replaceChildren(make('p', {}, word('choose')));
  app.replaceChildren(
    make(
      'header',
      {},
      make('h1', {}, `${word('title')}: ${content.controller}`),
      make(
        'details',
        { class: 'report' },
        make('summary', {}, word('report')),
        make('ul', {}, ...content.sentences.map((sentence) => make('li', {}, sentence))),
      ),
      make(
        'div',
        { class: 'tools' },
        labelled('search', search),
        labelled('deep', deep),
        labelled('channel', channel),
        labelled('language', language),
      ),
    ),
    make(
      'main',
      {},
      make('nav', { 'aria-label': word('conversations') }, status, list, paging),
      article,
    ),
  );
  showList();
}

const app = document.getElementById('app');
if (app && index) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  build(app, index);
}
