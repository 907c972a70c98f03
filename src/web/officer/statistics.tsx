import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { tableCsv } from '../../core/viewer/table-csv';
import { Bar } from '../shared/bars';
import { Button } from '../shared/button';
import { ColumnChart, type Column } from '../shared/chart';
import { Note } from '../shared/labels';
import { saveBlob } from '../shared/save-blob';
import { useWords, type Words } from '../shared/words';
import { readStatistics, type MonthOfStatistics, type Statistics } from './officer-api';
import { Loaded, useResource } from './resource';
import {
  cellsOf,
  fewestForCharts,
  figuresOf,
  lastMonths,
  type DayCount,
  type Days,
  type Figures,
} from './statistics-figures';

const periods = ['12', '24', '0'] as const;
/** Days that the law allows in most cases; a column after them is of late answers. */
const daysInTime = 31;
/** Days in a column of the chart. */
const daysInColumn = 2;

/** How many requests came, how fast they were answered, and how they ended: counts only. */
export function StatisticsPage(): JSX.Element {
  const { t } = useWords();
  const statistics = useResource('statistics', readStatistics);
  return (
    <>
      {statistics.data === null && <h1 tabIndex={-1}>{t('officer.nav.statistics')}</h1>}
      <Loaded of={statistics} rows={8}>
        {(data) => <Figured statistics={data} />}
      </Loaded>
    </>
  );
}

function Figured({ statistics }: { statistics: Statistics }): JSX.Element {
  const words = useWords();
  const { t, month } = words;
  const period = useSignal<string>(periods[0]);
  const months = lastMonths(statistics.months, statistics.asOf.slice(0, 7), Number(period.value));
  const figures = figuresOf(months);
  return (
    <>
      <header class="part-head">
        <div>
          <h1 tabIndex={-1}>{t('officer.nav.statistics')}</h1>
          <p class="lead">
            {t('officer.statistics.lead', {
              from: month(months[0]?.month ?? statistics.asOf),
              to: month(months.at(-1)?.month ?? statistics.asOf),
            })}
          </p>
        </div>
        <div class="buttons">
          <select
            class="input"
            aria-label={t('officer.statistics.period')}
            value={period.value}
            onChange={({ currentTarget }) => (period.value = currentTarget.value)}
          >
            {periods.map((value) => (
              <option key={value} value={value}>
                {t(`officer.statistics.periods.${value}`)}
              </option>
            ))}
          </select>
          <Button icon="download" run={() => saveCsv(months, words)}>
            {t('officer.custody.csv')}
          </Button>
        </div>
      </header>
      <Tiles figures={figures} />
      {figures.answered < fewestForCharts ? (
        <Note title={t('officer.statistics.few')}>
          {t('officer.statistics.fewText', { count: fewestForCharts })}
        </Note>
      ) : (
        <Charts months={months} figures={figures} />
      )}
      {figures.answered > 0 && <Outcomes figures={figures} />}
    </>
  );
}

/** Gives the figures as a file. */
function saveCsv(months: readonly MonthOfStatistics[], { t, tag }: Words): void {
  const columns = ['month', 'received', 'inTime', 'late', 'withoutOfficer', 'opened'];
  const heads = columns.map((column) => t(`officer.statistics.columns.${column}`));
  const text = tableCsv(heads, months.map(cellsOf), tag);
  saveBlob(new Blob([text], { type: 'text/csv' }), 'statistics.csv');
}

function Tiles({ figures }: { figures: Figures }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { answered, inTime, median, ninth, withoutOfficer, opened, given } = figures;
  const share = (part: number, of: number): string => (of === 0 ? '–' : shareText(part, of, words));
  const late = answered - inTime;
  const tiles: { key: string; value: string; text: string }[] = [
    {
      key: 'inTime',
      value: share(inTime, answered),
      text:
        late === 0
          ? t('officer.statistics.allInTime', { count: answered })
          : t('officer.statistics.late', {
              count: late,
              total: answered,
            }),
    },
    {
      key: 'median',
      value: median === null ? '–' : daysText(median, words),
      text: ninth === null ? '' : withinText('ninth', ninth, words),
    },
    {
      key: 'withoutOfficer',
      value: share(withoutOfficer, answered),
      text: t('officer.statistics.withOfficer', {
        count: answered - withoutOfficer,
      }),
    },
    {
      key: 'opened',
      value: share(opened, given),
      text: t('officer.statistics.unopened', {
        count: given - opened,
      }),
    },
  ];
  return (
    <ul class="tiles">
      {tiles.map(({ key, value, text }) => (
        <li key={key} class="card">
          <span class="secondary">{t(`officer.statistics.tiles.${key}`)}</span>
          <strong>{value}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Days as the server counts them: by themselves, or several together. */
function daysText({ from, to }: Days, { t }: Words): string {
  if (to === null) return t('officer.statistics.daysOver', { count: from - 1 });
  const values = { count: to, from, to };
  return t(from === to ? 'officer.statistics.days' : 'officer.statistics.daysFromTo', values);
}

/** Within which days a share of the requests was answered, or that it took longer than can be said. */
const withinText = (share: 'half' | 'ninth', { from, to }: Days, { t }: Words): string =>
  to === null
    ? t(`officer.statistics.${share}.over`, { count: from - 1 })
    : t(`officer.statistics.${share}.within`, { count: to });

/** A share in per cent, to a decimal where a rounded one would say all or nothing and it is not so. */
function shareText(part: number, of: number, { tag, percent }: Words): string {
  const share = part / of;
  const isExact = part === 0 || part === of || (share >= 0.01 && share < 0.99);
  if (isExact) return percent(share);
  return new Intl.NumberFormat(tag, {
    style: 'percent',
    maximumFractionDigits: 1,
    roundingMode: share > 0.5 ? 'floor' : 'ceil',
  }).format(share);
}

function Charts({
  months,
  figures,
}: {
  months: readonly MonthOfStatistics[];
  figures: Figures;
}): JSX.Element {
  const words = useWords();
  const { t, month } = words;
  const outcomes = (one: MonthOfStatistics): number[] => {
    const given = one.byOutcome['dataGiven'] ?? 0;
    const none = one.byOutcome['noDataFound'] ?? 0;
    const all = Object.values(one.byOutcome).reduce((sum, count) => sum + count, 0);
    return [given, none, all - given - none];
  };
  const every = Math.max(1, Math.ceil(months.length / 6));
  const columns = months.map((one, index): Column => ({
    key: one.month,
    name: month(one.month),
    tick: index % every === 0 ? shortMonth(one.month, words) : undefined,
    values: outcomes(one),
  }));
  return (
    <div class="charts">
      <section class="card" aria-labelledby="per-month">
        <h2 id="per-month">{t('officer.statistics.perMonth')}</h2>
        <ul class="legend">
          {(['accent', 'other', 'warn'] as const).map((tone, index) => (
            <li key={tone}>
              <span class={`swatch ${tone}`} />
              {t(`officer.statistics.series.${index}`)}
            </li>
          ))}
        </ul>
        <ColumnChart
          title={t('officer.statistics.perMonth')}
          summary={t('officer.statistics.perMonthText', {
            count: figures.received,
          })}
          columnName={t('officer.statistics.columns.month')}
          series={(['accent', 'other', 'warn'] as const).map((kind, index) => ({
            kind,
            name: t(`officer.statistics.series.${index}`),
          }))}
          columns={columns}
        />
      </section>
      <section class="card" aria-labelledby="days">
        <h2 id="days">{t('officer.statistics.daysTitle')}</h2>
        <ColumnChart
          title={t('officer.statistics.daysTitle')}
          summary={figures.median === null ? '' : withinText('half', figures.median, words)}
          columnName={t('officer.statistics.columns.days')}
          series={[
            { kind: 'accent', name: t('officer.statistics.upToMonth') },
            { kind: 'bad', name: t('officer.statistics.longer') },
          ]}
          columns={dayColumns(figures.days)}
        />
      </section>
    </div>
  );
}

const shortMonth = (month: string, { tag }: Words): string =>
  new Intl.DateTimeFormat(tag, { month: 'short', year: '2-digit', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

/** Two days to a column, then the longer times as the server counts them. */
function dayColumns(days: readonly DayCount[]): Column[] {
  const count = (from: number, to: number): number =>
    days
      .filter((day) => day.from >= from && day.from <= to)
      .reduce((sum, day) => sum + day.count, 0);
  const short = Array.from({ length: Math.ceil(daysInTime / daysInColumn) }, (_, index): Column => {
    const from = index * daysInColumn;
    const to = Math.min(from + daysInColumn, daysInTime) - 1;
    return {
      key: String(from),
      name: from === to ? String(from) : `${from}–${to}`,
      tick: index % 4 === 0 ? String(from) : undefined,
      values: [count(from, to), 0],
    };
  });
  const longer = ['31-60', '61-90', '91+'].map((key): Column => ({
    key,
    name: key.replace('-', '–'),
    tick: undefined,
    values: [0, days.find((day) => day.key === key)?.count ?? 0],
  }));
  return [...short, ...longer];
}

function Outcomes({ figures }: { figures: Figures }): JSX.Element {
  const { t, has, number, percent } = useWords();
  const { byOutcome } = figures;
  const total = byOutcome.reduce((sum, [, count]) => sum + count, 0);
  return (
    <section class="card outcomes" aria-labelledby="outcomes">
      <h2 id="outcomes">{t('officer.statistics.ended')}</h2>
      <ul class="kinds">
        {byOutcome.map(([outcome, count]) => {
          const key = `officer.statistics.outcomes.${outcome}`;
          return (
            <li key={outcome}>
              <strong>{t(has(key) ? key : 'officer.statistics.outcomes.unknown')}</strong>
              <Bar share={total === 0 ? 0 : count / total} />
              <span class="number">{number(count)}</span>
              <span class="secondary number">{percent(total === 0 ? 0 : count / total)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
