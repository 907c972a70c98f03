import { sentenceOf } from '../../core/package/availability-sentences';
import type { ViewerRow } from '../../core/package/viewer-index';
import { pickLocale, translator } from '../../core/i18n/translator';
import { conversationView, fileLinks, type ViewContext } from './conversation';
import { button, labelled, languageChoice, make } from '../shared/dom';
import { processingPart } from '../shared/processing';
import type { PackageSource } from './package-source';

/**
 * The viewer of a package: one timeline of everything, with the texts of a conversation beside its
 * audio. Every text is shown as text, never as HTML: anybody may have written the content of a package.
 */

/** A line of the timeline. */
interface Entry {
  at: string;
  zone: string;
  /** Channel of a conversation, `note` or `visit`. */
  channel: string;
  title: string;
  /** Text that the quick search covers. */
  searchable: string;
  conversation: ViewerRow | null;
  /** Lines of an entry that is not a conversation. */
  lines: string[];
}

const pageLength = 100;

function entriesOf({ rows, person }: PackageSource['index']): Entry[] {
  const zone = rows[0]?.row.timeZone ?? 'UTC';
  const ofRow = (one: ViewerRow): Entry => {
    const { row } = one;
    const title = [row.queue, row.agent].filter(Boolean).join(' · ');
    const facts = [row.startLocal, row.channel, row.direction, title, row.wrapUp, row.number];
    return {
      at: row.start,
      zone: row.timeZone,
      channel: row.channel,
      title,
      searchable: facts.join(' ').toLowerCase(),
      conversation: one,
      lines: [],
    };
  };
  const ofPerson = (channel: string, at: string, ...lines: string[]): Entry => ({
    at,
    zone,
    channel,
    title: (lines.find(Boolean) ?? '').slice(0, 80),
    searchable: [at, channel, ...lines].join(' ').toLowerCase(),
    conversation: null,
    lines: lines.filter(Boolean),
  });
  return [
    ...rows.map(ofRow),
    ...person.notes.map(({ at, text }) => ofPerson('note', at, text)),
    ...person.visits.map(({ at, page, device, searchTerms }) =>
      ofPerson('visit', at, page, device, searchTerms),
    ),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Shows a package in an element of the page. */
export function showPackage(app: HTMLElement, source: PackageSource): void {
  const { index, locales } = source;
  const entries = entriesOf(index);
  const view = {
    language: pickLocale([index.locale, ...navigator.languages], locales),
    channel: '',
    query: '',
    isDeep: false,
    page: 0,
    chosen: null as Entry | null,
    /** Numbers of the conversations whose texts match the query; null before they are searched. */
    hits: null as Set<number> | null,
  };
  const t = (key: string, values = {}): string =>
    translator(locales, view.language).t(`viewer.${key}`, values);
  const when = (iso: string, zone: string): string =>
    iso === ''
      ? ''
      : new Intl.DateTimeFormat(view.language, {
          dateStyle: 'medium',
          timeStyle: 'short',
          timeZone: zone,
        }).format(new Date(iso));
  const context = (): ViewContext => ({
    translator: translator(locales, view.language),
    media: source.media,
    when,
  });
  const channelName = (channel: string): string =>
    channel === 'note' || channel === 'visit' ? t(channel) : channel;

  const list = make('ol');
  const status = make('p', { role: 'status' });
  const article = make('article', { tabindex: '-1' });
  const paging = make('div', { class: 'pages' });
  const main = make('main');

  function matching(): Entry[] {
    const query = view.query.toLowerCase();
    return entries.filter(({ channel, searchable, conversation }) => {
      if (view.channel !== '' && channel !== view.channel) return false;
      if (query === '' || searchable.includes(query)) return true;
      return conversation !== null && view.hits?.has(conversation.row.number) === true;
    });
  }

  /** Searches all texts, part by part. */
  async function searchTexts(query: string): Promise<void> {
    const wanted = query.toLowerCase();
    const hits = new Set<number>();
    for (const page of new Set(index.rows.map((row) => row.page))) {
      for (const texts of await source.texts(page)) {
        if (JSON.stringify(texts).toLowerCase().includes(wanted)) hits.add(texts.number);
      }
      if (view.query !== query) return;
    }
    view.hits = hits;
    showList();
  }

  function showList(): void {
    const found = matching();
    const last = Math.max(0, Math.ceil(found.length / pageLength) - 1);
    view.page = Math.min(view.page, last);
    const first = view.page * pageLength;
    list.replaceChildren(
      ...found.slice(first, first + pageLength).map((entry) => {
        const line = make(
          'button',
          { type: 'button', 'aria-current': String(entry === view.chosen) },
          when(entry.at, entry.zone),
          make('small', {}, [channelName(entry.channel), entry.title].filter(Boolean).join(' · ')),
        );
        line.addEventListener('click', () => void choose(entry));
        return make('li', {}, line);
      }),
    );
    status.textContent =
      found.length === 0
        ? t('none')
        : `${t('entries')}: ${found.length}. ${t('page', { n: view.page + 1, all: last + 1 })}`;
    const turn = (key: string, by: number): HTMLButtonElement => {
      const element = button(t(key), () => {
        view.page += by;
        showList();
      });
      element.disabled = view.page + by < 0 || view.page + by > last;
      return element;
    };
    paging.replaceChildren(turn('newer', -1), turn('older', 1));
  }

  async function choose(entry: Entry): Promise<void> {
    view.chosen = entry;
    article.replaceChildren(make('p', { role: 'status' }, t('loading')));
    // A phone has room for either the list or the chosen entry.
    main.classList.add('is-open');
    showList();
    try {
      const parts = await partsOf(entry);
      if (view.chosen === entry) showArticle(parts);
    } catch (error) {
      article.replaceChildren(make('p', { role: 'alert' }, (error as Error).message));
    }
    article.focus();
  }

  async function partsOf({ conversation, at, zone, channel, lines }: Entry): Promise<Node[]> {
    if (conversation === null) {
      return [
        make('h2', {}, `${channelName(channel)}, ${when(at, zone)}`),
        ...lines.map((line) => make('pre', {}, line)),
      ];
    }
    const { number } = conversation.row;
    const texts = (await source.texts(conversation.page)).find((one) => one.number === number);
    return conversationView(conversation, texts, context());
  }

  function showArticle(parts: Node[]): void {
    const back = button(
      t('back'),
      () => {
        main.classList.remove('is-open');
        list.querySelector<HTMLElement>('[aria-current=true]')?.focus();
      },
      { class: 'back' },
    );
    const print = button(t('print'), () => globalThis.print());
    article.replaceChildren(back, ...parts, make('p', { class: 'tools' }, print));
  }

  function build(): void {
    const current = translator(locales, view.language);
    document.documentElement.lang = view.language;
    document.title = t('title');
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
    const option = (value: string, label: string): HTMLOptionElement =>
      make('option', { value, ...(view.channel === value ? { selected: '' } : {}) }, label);
    const channels = [...new Set(entries.map((entry) => entry.channel))].sort();
    const channel = make(
      'select',
      {},
      option('', t('all')),
      ...channels.map((name) => option(name, channelName(name))),
    );
    channel.addEventListener('change', () => {
      Object.assign(view, { channel: channel.value, page: 0 });
      showList();
    });
    const language = languageChoice(locales, view.language, (tag) => {
      view.language = tag;
      build();
    });
    view.chosen = null;
    article.replaceChildren(make('p', {}, t('choose')));
    main.classList.remove('is-open');
    main.replaceChildren(
      make('nav', { 'aria-label': t('entries') }, status, list, paging),
      article,
    );
    const sentences = index.statements.map((one) => make('li', {}, sentenceOf(one, current)));
    app.replaceChildren(
      make(
        'header',
        {},
        make('h1', {}, `${t('title')}: ${index.controller}`),
        make(
          'details',
          { class: 'report' },
          make('summary', {}, t('report')),
          make('ul', {}, ...sentences),
        ),
        ...processingPart(index.processing, current, { class: 'report' }),
        make(
          'details',
          { class: 'report' },
          make('summary', {}, t('person')),
          ...fileLinks(index.files, context()),
        ),
        make(
          'div',
          { class: 'tools' },
          labelled(t('search'), search),
          labelled(t('deep'), deep),
          labelled(t('channel'), channel),
          labelled(t('language'), language),
        ),
      ),
      main,
    );
    showList();
  }

  build();
}
