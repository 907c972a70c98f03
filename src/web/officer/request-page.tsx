import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { isFinal } from '../../core/request/states';
import { Count, Note, Tag } from '../shared/labels';
import { Tabs } from '../shared/lists';
import { Menu } from '../shared/menu';
import { useWords } from '../shared/words';
import { actionsFor, type ActionName } from './action-rules';
import { ActionDialog } from './actions';
import { begunOf } from './begun-decision';
import { CustodyTab } from './custody';
import { ClockCard } from './deadline';
import { DecisionTab } from './decision';
import { DeliveryTab } from './delivery';
import { MessagesTab } from './messages';
import { requestCalls, type RequestCalls, type WholeSummary } from './officer-api';
import type { RequestView } from './request-view';
import { OverviewTab } from './overview';
import { lastQueueAddress, requestAddress, requestTabs, type RequestTab } from './place';
import { languageName, nextOf, rightsText, sentence, ticketOf } from './request-words';
import { stateView } from './state-view';
import { Loaded, useEvery, useResource, type Refreshed } from './resource';
import { countNeedsYou } from './needs-you';
import { may } from './session';

/** Seconds after which a request is read again. */
const refreshSeconds = 15;

export function RequestPage({
  requestId,
  tab,
}: {
  requestId: string;
  tab: RequestTab;
}): JSX.Element {
  const calls = requestCalls(requestId);
  const among = useMemo((): Refreshed => new Set(), []);
  const entries = useRef<number | null>(null);
  const summary = useResource(requestId, async () => {
    const read = await calls.summary();
    entries.current = read.custodyEntries;
    return read;
  });
  const readTab = (which: 'all' | 'failed'): Promise<unknown> => {
    const shown = [...among].filter(({ hasFailed }) => which === 'all' || hasFailed());
    return Promise.all(shown.map(({ reload }) => reload()));
  };
  useEvery(refreshSeconds, async () => {
    const before = entries.current;
    await summary.reload();
    // Whatever happens to a request is in its custody record.
    await readTab(before !== null && entries.current !== before ? 'all' : 'failed');
  });
  const reload = async (): Promise<void> => {
    await Promise.all([summary.reload(), readTab('all'), countNeedsYou()]);
  };
  const { t } = useWords();
  return (
    <>
      <nav class="crumbs" aria-label={t('officer.breadcrumb')}>
        <a href={lastQueueAddress()}>{t('officer.nav.queue')}</a>
      </nav>
      <Loaded of={summary}>{(data) => <Whole {...{ data, calls, tab, among, reload }} />}</Loaded>
    </>
  );
}

interface WholeProps {
  data: WholeSummary;
  calls: RequestCalls;
  tab: RequestTab;
  /** What reads again what the tab shows. */
  among: Refreshed;
  reload: () => Promise<void>;
}

function Whole({ data, calls, tab, among, reload }: WholeProps): JSX.Element {
  const { t } = useWords();
  const asked = useSignal<ActionName | null>(null);
  const view: RequestView = {
    summary: data,
    calls,
    again: { among },
    reload,
    ask: (action) => (asked.value = action),
    begun: begunOf(data.requestId),
    isChanging: useSignal(false),
  };
  const actions = actionsFor(data, may);
  return (
    <>
      <header class="request-head">
        <Title summary={data} />
        <ClockCard clock={data.clock} law={data.law} />
        {actions.length > 0 && (
          <Menu
            label={t('officer.actions.menu')}
            items={actions.map((action) => ({
              name: t(`officer.actions.${action}.menu`),
              run: () => view.ask(action),
            }))}
          />
        )}
      </header>
      {!view.isChanging.value && <NextNote summary={data} tab={tab} />}
      <Tabs
        label={t('officer.tabs.label')}
        current={requestAddress(data.requestId, tab)}
        tabs={requestTabs.map((name) => ({
          name: t(`officer.tabs.${name}`),
          href: requestAddress(data.requestId, name),
          count: tabCount(data, name),
        }))}
      />
      <div class="tab-body">
        <Body view={view} tab={tab} />
      </div>
      {asked.value && (
        <ActionDialog action={asked.value} view={view} close={() => (asked.value = null)} />
      )}
    </>
  );
}

function Title({ summary }: { summary: WholeSummary }): JSX.Element {
  const words = useWords();
  const { t, day } = words;
  const { name, tone, icon } = stateView(summary, words);
  const { sourceSystem, locale, receivedAt } = summary;
  const received = day(receivedAt);
  return (
    <div class="request-title">
      <h1 tabIndex={-1}>
        <span class="ticket">{ticketOf(summary, words)}</span>{' '}
        <Tag tone={tone} {...(icon ? { icon } : {})}>
          {name}
        </Tag>
      </h1>
      <p class="lead">
        {[
          rightsText(summary, words),
          sourceSystem === null
            ? t('officer.received', { day: received })
            : t('officer.receivedFrom', { day: received, system: sourceSystem }),
          ...(locale === null
            ? []
            : [t('officer.inLanguage', { language: languageName(locale, words) })]),
        ].join(' ')}
      </p>
    </div>
  );
}

/** How much on a tab waits for an officer. */
function tabCount(summary: WholeSummary, tab: RequestTab): JSX.Element | undefined {
  const { state, needsOfficer, doubtful, handOver } = summary;
  const isAsked = state === 'needsDecision' && needsOfficer;
  if (tab === 'decision' && isAsked) return <Count of={String(doubtful ?? 1)} needsYou="yes" />;
  if (tab === 'delivery' && handOver !== null) return <Count of="1" needsYou="yes" />;
  return undefined;
}

/** What the officer has to do next, or that there is nothing to do. */
function NextNote({
  summary,
  tab,
}: {
  summary: WholeSummary;
  tab: RequestTab;
}): JSX.Element | null {
  const words = useWords();
  const { t } = words;
  const { title, why } = nextOf(summary, words);
  const { state, needsOfficer, requestId } = summary;
  if (state === 'failed') return null;
  if (!needsOfficer)
    return (
      <Note tone="info" title={t(isFinal(state) ? 'officer.ended' : 'officer.nothingToDo')}>
        {[title, why].filter(Boolean).map(sentence).join(' ')}
      </Note>
    );
  const where: RequestTab = summary.handOver === null ? 'decision' : 'delivery';
  if (tab === where) return null;
  return (
    <Note tone="warn" title={`${title}.`}>
      {sentence(why)} <a href={requestAddress(requestId, where)}>{t(`officer.goTo.${where}`)}</a>
    </Note>
  );
}

function Body({ view, tab }: { view: RequestView; tab: RequestTab }): JSX.Element {
  switch (tab) {
    case 'overview':
      return <OverviewTab view={view} />;
    case 'decision':
      return <DecisionTab view={view} />;
    case 'delivery':
      return <DeliveryTab view={view} />;
    case 'custody':
      return <CustodyTab view={view} />;
    case 'messages':
      return <MessagesTab view={view} />;
  }
}
