import { useSignal, type Signal } from '@preact/signals';
import { render, type ComponentChildren, type JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { pickLocale } from '../../core/i18n/translator';
import { viewerChannels } from '../../core/package/viewer-rows';
import { channelTotals } from '../../core/viewer/periods';
import { addressOf, allRows, readPlace, views, type Place } from '../../core/viewer/place';
import { wantedOf } from '../../core/viewer/search';
import { LanguageChoice } from '../shared/choices';
import { Icon, type IconName } from '../shared/icons';
import { Count } from '../shared/labels';
import { LiveRegion } from '../shared/live';
import { goTo, route } from '../shared/route';
import { useWords, WordsProvider } from '../shared/words';
import { About } from './about';
import { namingOf, useViewer, ViewerProvider } from './context';
import { Conversations } from './conversations';
import { hrefOf, isSearchFocused } from './go';
import { PackageData } from './package-data';
import type { PackageSource } from './package-source';
import { Report, Rights } from './report';
import { Summary } from './summary';

/**
 * Shows a package in an element of the page. Every text is shown as text, never as HTML: anybody may have
 * written the content of a package.
 * @param bar what the page shows above the package
 */
export function showPackage(
  element: HTMLElement,
  source: PackageSource,
  bar?: ComponentChildren,
): void {
  const data = new PackageData(source);
  render(<App source={source} data={data} bar={bar} />, element);
}

function App({
  source,
  data,
  bar,
}: {
  source: PackageSource;
  data: PackageData;
  bar: ComponentChildren;
}): JSX.Element {
  const { locales, index } = source;
  const language = useSignal(pickLocale([index.locale, ...navigator.languages], locales));
  useEffect(() => void (document.documentElement.lang = language.value), [language.value]);
  return (
    <WordsProvider locales={locales} tag={language.value} timeZone={index.timeZone}>
      <Frame source={source} data={data} bar={bar} language={language} />
    </WordsProvider>
  );
}

function Frame({
  source,
  data,
  bar,
  language,
}: {
  source: PackageSource;
  data: PackageData;
  bar: ComponentChildren;
  language: Signal<string>;
}): JSX.Element {
  const words = useWords();
  const { index, media, locales } = source;
  const address = route.value;
  const place = useMemo(() => readPlace(address), [address]);
  const naming = useMemo(() => namingOf(index, words), [index, words]);
  const wanted = wantedOf(place.query);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => void (document.title = words.t('viewer.title')), [words]);
  useEffect(() => {
    // A new view is announced; the first one is what the page was opened with. Whoever types goes on typing.
    if (!isFirst.current && !isSearchFocused()) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
    globalThis.scrollTo(0, 0);
  }, [place.view]);
  return (
    <ViewerProvider value={{ data, media, place, wanted, naming }}>
      {bar}
      <Header
        tools={
          <label class="language" title={words.t('viewer.language')}>
            <Icon name="language" />
            <LanguageChoice
              locales={locales}
              chosen={language.value}
              choose={(tag) => (language.value = tag)}
              aria-label={words.t('viewer.language')}
            />
          </label>
        }
      />
      <main id="main" class={`view-${place.view}`} tabIndex={-1} ref={main}>
        <View view={place.view} />
        {place.view !== 'conversations' && place.view !== 'rights' && (
          <p class="rights-link">
            <a href={hrefOf({ view: 'rights' })}>{words.t('viewer.nav.rights')}</a>
          </p>
        )}
      </main>
      <BottomTabs />
      <LiveRegion />
    </ViewerProvider>
  );
}

function View({ view }: { view: Place['view'] }): JSX.Element {
  switch (view) {
    case 'summary':
      return <Summary />;
    case 'conversations':
      return <Conversations />;
    case 'about':
      return <About />;
    case 'missing':
      return <Report />;
    case 'rights':
      return <Rights />;
  }
}

function Header({ tools }: { tools: JSX.Element }): JSX.Element {
  const { t, number } = useWords();
  const { data, place } = useViewer();
  const isSearchOpen = useSignal(place.query !== '');
  const totals = channelTotals(data.index.months);
  const count = viewerChannels.reduce((sum, channel) => sum + totals[channel], 0);
  return (
    <header class={isSearchOpen.value ? 'viewer-head is-searching' : 'viewer-head'}>
      <p class="brand">
        <strong>{t('viewer.title')}</strong>
        <span class="secondary">{data.index.controller}</span>
      </p>
      <nav class="tabs" aria-label={t('viewer.nav.label')}>
        {views.map((view) => (
          <a
            key={view}
            href={hrefOf({ view })}
            {...(view === place.view ? { 'aria-current': 'page' as const } : {})}
          >
            {t(`viewer.nav.${view}`)}
            {view === 'conversations' && <Count of={number(count)} />}
          </a>
        ))}
      </nav>
      <SearchBox isOpen={isSearchOpen} />
      <button
        type="button"
        class="icon-button search-toggle"
        aria-label={t('viewer.search')}
        aria-expanded={isSearchOpen.value}
        onClick={() => (isSearchOpen.value = !isSearchOpen.value)}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        class="icon-button print-button"
        aria-label={t('viewer.print')}
        onClick={() => globalThis.print()}
      >
        <Icon name="print" />
      </button>
      {tools}
    </header>
  );
}

/** How long somebody types before it is searched for, in milliseconds. */
const pause = 250;

/** Searches everything; `/` goes there from anywhere. */
function SearchBox({ isOpen }: { isOpen: Signal<boolean> }): JSX.Element {
  const { t } = useWords();
  const { place } = useViewer();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasOpen = useRef(isOpen.value);
  useEffect(() => {
    // On a phone the box is seen once it is asked for.
    if (isOpen.value && !wasOpen.current) input.current?.focus();
    wasOpen.current = isOpen.value;
  }, [isOpen.value]);
  // From the moment on at which the page is seen.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, select, textarea');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      isOpen.value = true;
      input.current?.focus();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    const element = input.current;
    if (element && element !== document.activeElement) element.value = place.query;
  }, [place.query]);
  const search = (query: string): void => {
    clearTimeout(timer.current);
    if (query.trim() === place.query.trim()) return;
    goTo(addressOf({ view: 'conversations', id: '', filter: allRows, query }));
  };
  return (
    <form
      class="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(input.current?.value ?? '');
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label={t('viewer.search')}
        placeholder={t('viewer.search')}
        defaultValue={place.query}
        onInput={({ currentTarget }) => {
          clearTimeout(timer.current);
          const { value } = currentTarget;
          timer.current = setTimeout(() => search(value), pause);
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

/** Views at the bottom of a phone; the others are linked from them. */
const bottom: readonly { view: Place['view']; icon: IconName }[] = [
  { view: 'summary', icon: 'chart' },
  { view: 'conversations', icon: 'message' },
  { view: 'about', icon: 'person' },
  { view: 'missing', icon: 'info' },
];

function BottomTabs(): JSX.Element {
  const { t } = useWords();
  const { place } = useViewer();
  return (
    <nav class="bottom-tabs" aria-label={t('viewer.nav.bottom')}>
      {bottom.map(({ view, icon }) => (
        <a
          key={view}
          href={hrefOf({ view })}
          {...(view === place.view ? { 'aria-current': 'page' as const } : {})}
        >
          <Icon name={icon} />
          {t(`viewer.short.${view}`)}
        </a>
      ))}
    </nav>
  );
}
