import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { reportPage } from '../../core/package/availability-words';
import type { PersonList } from '../../core/package/viewer-index';
import {
  personEntries,
  viewerChannels,
  type PeriodCount,
  type ViewerChannel,
} from '../../core/package/viewer-rows';
import {
  channelTotals,
  contactSpan,
  periodsOf,
  type Period,
  type PeriodUnit,
} from '../../core/viewer/periods';
import { addressOf, allRows } from '../../core/viewer/place';
import { ColumnChart } from '../shared/chart';
import { Icon, type IconName } from '../shared/icons';
import { goTo } from '../shared/route';
import { useWords, type Words } from '../shared/words';
import { useViewer } from './context';
import { useDates, type ViewerDates } from './dates';
import { hrefOf } from './go';
import { RowContent } from './list';
import { iconOf } from './row-words';

/** One sentence on everything, the chart, and what a person looks for first. */
export function Summary(): JSX.Element {
  const { data } = useViewer();
  const { months, weeks } = data.index;
  const totals = useMemo(() => channelTotals(months), [months]);
  const count = viewerChannels.reduce((sum, channel) => sum + totals[channel], 0);
  const { unit, periods } = useMemo(() => periodsOf({ months, weeks }), [months, weeks]);
  return (
    <div class="page summary">
      <Headline totals={totals} count={count} />
      {count > 1 && <Contacts unit={unit} periods={periods} totals={totals} />}
      <div class="card-grid">
        <Latest count={count} />
        <Missing />
        <AlsoAbout />
      </div>
    </div>
  );
}

type Totals = Period['counts'];

const counted = (channel: ViewerChannel, count: number, { t }: Words): string =>
  t(`viewer.contacts.${channel}`, { count });

/** From when to when there was contact, how often, and how. */
function Headline({ totals, count }: { totals: Totals; count: number }): JSX.Element {
  const words = useWords();
  const { controller, months } = useViewer().data.index;
  const { t, month, list } = words;
  if (count === 0) return <h1 class="headline">{t('viewer.headline.none', { controller })}</h1>;
  const span = contactSpan(months);
  const channels = viewerChannels.filter((channel) => totals[channel] > 0);
  const what = list(channels.map((channel) => counted(channel, totals[channel], words)));
  const from = span === null ? '' : month(span.from.slice(0, 7));
  const to = span === null ? '' : month(span.to.slice(0, 7));
  const key = from === to ? 'oneMonth' : 'months';
  const values = { controller, from, to, what, count };
  const [before = '', behind = ''] = t(`viewer.headline.${key}`, values).split('*times*');
  return (
    <h1 class="headline">
      {before}
      <b>{t('viewer.headline.times', { count })}</b>
      {behind}
    </h1>
  );
}

/** What a period is called. */
function periodName({ start, end }: Period, unit: PeriodUnit, words: Words): string {
  if (unit === 'month') return words.month(start.slice(0, 7));
  return words.t('viewer.fromTo', { from: words.day(start), to: words.day(end) });
}

/** Columns that the words below one take, at the least. */
const tickWidth = 6;
/** Columns of months up to which months are named below them, and how many of them. */
const namedMonths = 24;
const mostNames = 5;

/** The days that have words under the axis: years, or months of a short chart. */
function ticksOf(periods: readonly Period[], unit: PeriodUnit): (string | undefined)[] {
  const isByMonth = unit === 'month' && periods.length <= namedMonths;
  const step = Math.ceil(periods.length / mostNames);
  const names = periods.map(({ start }) => start.slice(0, unit === 'week' ? 7 : 4));
  const isNew = (i: number): boolean => names[i] !== names[i - 1];
  const next = names.findIndex((name, i) => i > 0 && isNew(i) && name !== names[0]);
  const hasRoom = next < 0 || next >= tickWidth;
  return periods.map(({ start }, i) => {
    if (isByMonth) return i % step === 0 ? start.slice(0, 7) : undefined;
    return isNew(i) && (i > 0 || hasRoom) ? names[i] : undefined;
  });
}

/** Whether the list has rows that are no conversations. */
const hasPersonRows = (months: readonly PeriodCount[]): boolean =>
  months.some(({ counts }) => personEntries.some((kind) => (counts[kind] ?? 0) > 0));

/** The contacts by time and channel, which is the filter, too. */
function Contacts({
  unit,
  periods,
  totals,
}: {
  unit: PeriodUnit;
  periods: readonly Period[];
  totals: Totals;
}): JSX.Element {
  const words = useWords();
  const { t, number } = words;
  const dates = useDates();
  const hidden = useSignal<readonly ViewerChannel[]>([]);
  const range = useSignal<readonly [string, string] | undefined>(undefined);
  const there = viewerChannels.filter((channel) => totals[channel] > 0);
  const shown = there.filter((channel) => !hidden.value.includes(channel));
  const chosen = range.value;
  const inside = periods.filter(
    ({ start }) => chosen !== undefined && start >= chosen[0] && start <= chosen[1],
  );
  const count = inside.reduce(
    (sum, { counts }) => sum + shown.reduce((own, channel) => own + counts[channel], 0),
    0,
  );
  const ticks = ticksOf(periods, unit);
  // The list shows what is counted here: no channel that is hidden, and nothing that is no contact.
  const isAll = shown.length === there.length && !hasPersonRows(useViewer().data.index.months);
  const target = {
    view: 'conversations' as const,
    filter: {
      ...allRows,
      kinds: isAll ? [] : shown,
      from: inside[0]?.start ?? '',
      to: inside.at(-1)?.end ?? '',
    },
  };
  const toggle = (channel: ViewerChannel): void => {
    const isHidden = hidden.value.includes(channel);
    hidden.value = isHidden
      ? hidden.value.filter((one) => one !== channel)
      : [...hidden.value, channel];
  };
  return (
    <section class="card contacts">
      <div class="section-head">
        <h2>{t(`viewer.per.${unit}`)}</h2>
        <div class="toggles">
          {there.map((channel) => (
            <button
              key={channel}
              type="button"
              class={`toggle kind-${channel}`}
              aria-pressed={!hidden.value.includes(channel)}
              onClick={() => toggle(channel)}
            >
              <span class="swatch" />
              <Icon name={iconOf[channel]} />
              {t(`viewer.kinds.${channel}`)} <b>{number(totals[channel])}</b>
            </button>
          ))}
        </div>
      </div>
      <ColumnChart
        title={t(`viewer.per.${unit}`)}
        summary={t('viewer.chartHint')}
        columnName={t(`viewer.period.${unit}`)}
        series={shown.map((kind) => ({ kind, name: t(`viewer.kinds.${kind}`) }))}
        columns={periods.map((period, i) => ({
          key: period.start,
          name: periodName(period, unit, words),
          tick: tickName(ticks[i], dates),
          values: shown.map((channel) => period.counts[channel]),
        }))}
        chosen={chosen}
        choose={(from, to) => (range.value = [from, to])}
        show={() => goTo(addressOf(target))}
      />
      <p class="chart-choice" role="status">
        {inside[0] === undefined ? (
          <span class="secondary">{t('viewer.chartHint')}</span>
        ) : (
          <>
            <strong>
              {t('viewer.chosenPeriod', {
                period: rangeName(inside, unit, words),
                count,
              })}
            </strong>{' '}
            <a href={hrefOf(target)}>{t('viewer.showThem')}</a>
          </>
        )}
      </p>
    </section>
  );
}

/** A year as it is; a month by its short name. */
const tickName = (tick: string | undefined, { monthYear }: ViewerDates): string | undefined =>
  tick !== undefined && tick.length > 4 ? monthYear(`${tick}-01`) : tick;

function rangeName(inside: readonly Period[], unit: PeriodUnit, words: Words): string {
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return periodName(first, unit, words);
  if (unit !== 'month') return periodName({ ...first, end: last.end }, unit, words);
  const values = { from: periodName(first, unit, words), to: periodName(last, unit, words) };
  return words.t('viewer.fromTo', values);
}

/** Rows of the summary. */
const latest = 3;

/** The latest conversations. */
function Latest({ count }: { count: number }): JSX.Element {
  const { data } = useViewer();
  const { t } = useWords();
  // Read again when rows have come.
  void data.loaded.value;
  const rows = Array.from({ length: Math.min(latest, data.total) }, (_, i) => data.rowAt(i));
  return (
    <section class="card">
      <h2>{t('viewer.latest')}</h2>
      <ul class="latest">
        {rows.map((row, i) =>
          row === undefined ? (
            <li key={i} class="waiting" />
          ) : (
            <li key={i}>
              <a href={hrefOf({ view: 'conversations', id: row.id })}>
                <RowContent row={row} />
              </a>
            </li>
          ),
        )}
      </ul>
      {count === 0 ? (
        <p class="secondary">{t('viewer.noConversations')}</p>
      ) : (
        <a href={hrefOf({ view: 'conversations' })}>{t('viewer.allConversations', { count })}</a>
      )}
    </section>
  );
}

/** Lines of the summary. */
const mostMissing = 4;

/** What is missing, in words. */
function Missing(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { index } = useViewer().data;
  const page = reportPage({ ...index, groups: index.missing }, words);
  const gaps = page.incomplete.flatMap(({ label, gaps: own }) =>
    own.map(({ code, what, why }) => ({ code, title: `${label}: ${what}`, why })),
  );
  const reach = page.sections.find(({ key }) => key === 'outOfReach')?.lines ?? [];
  const lines = gaps.slice(0, mostMissing);
  return (
    <section class="card">
      <h2>{t('viewer.nav.missing')}</h2>
      {lines.length === 0 && reach.length === 0 && <p>{t('viewer.nothingMissing')}</p>}
      <ul class="missing-lines">
        {lines.map(({ code, title, why }) => (
          <li key={code}>
            <Icon name="info" />
            <span>
              <strong>{title}</strong>
              <span class="secondary">{why}</span>
            </span>
          </li>
        ))}
        {reach.slice(0, Math.max(1, mostMissing - lines.length)).map((line) => (
          <li key={line}>
            <Icon name="clock" />
            <span class="secondary">{line}</span>
          </li>
        ))}
      </ul>
      <a href={hrefOf({ view: 'missing' })}>{t('viewer.fullReport')}</a>
    </section>
  );
}

export const listIcons: Readonly<Record<PersonList, IconName>> = {
  details: 'person',
  notes: 'note',
  surveys: 'survey',
  visits: 'visit',
  campaigns: 'call',
  changes: 'history',
};

/** Lists of what else there is about the person. */
function AlsoAbout(): JSX.Element {
  const { t, number } = useWords();
  const { lists } = useViewer().data.index;
  const there = (Object.keys(listIcons) as PersonList[]).filter((list) => lists[list] > 0);
  return (
    <section class="card">
      <h2>{t('viewer.alsoAbout')}</h2>
      {there.length === 0 && <p>{t('viewer.nothingElse')}</p>}
      <ul class="also">
        {there.map((list) => (
          <li key={list}>
            <a href={hrefOf({ view: 'about', id: list })}>
              <Icon name={listIcons[list]} />
              <span>{t(`viewer.lists.${list}.title`)}</span>
              <b>{number(lists[list])}</b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
