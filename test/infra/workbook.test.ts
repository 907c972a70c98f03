import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertLine, jobLine, requestLine } from '../../src/core/request/log-lines';
import { kustoColumns } from '../helpers/kusto';
import { kustoRows, type Row } from '../helpers/kusto-rows';
import { root } from '../helpers/root';

interface Panel {
  title: string;
  query: string;
  visualization: string;
  chartSettings?: object;
  gridSettings?: object;
}
const { items } = JSON.parse(readFileSync(join(root, 'infra/workbook.json'), 'utf8')) as {
  items: { type: number; content: Partial<Panel> }[];
};
const panels = items.filter(({ type }) => type === 3).map(({ content }) => content as Panel);
const named = panels.map((panel): [string, Panel] => [panel.title, panel]);

const [first, second] = [
  'f0b4c2de-1111-4222-8333-abcdefabcdef',
  'a1b4c2de-1111-4222-8333-abcdefabcdef',
];
const at = (time: string): Date => new Date(`2026-11-23T${time}Z`);
const line = (time: string, Message: string): Row => ({ TimeGenerated: at(time), Message });
const request = (time: string, requestId: string, state: 'exporting' | 'available'): Row =>
  line(
    time,
    requestLine(
      { requestId, state, receivedAt: '2026-11-01T09:00:00Z' },
      requestId === first ? '2026-11-20T00:00:00Z' : '2026-12-01T00:00:00Z',
      at(time),
    ),
  );
const metric = (time: string, Name: string, Sum: number, Properties = {}): Row => ({
  TimeGenerated: at(time),
  ...{ Name, Sum, Properties },
});

/** Lines as the app logs them, and metrics as they are stored. */
const tables: Record<string, Row[]> = {
  AppTraces: [
    request('10:00:00', first, 'exporting'),
    request('10:00:01', second, 'exporting'),
    request('11:00:00', first, 'available'),
    request('11:00:01', second, 'exporting'),
    line('11:00:02', jobLine('monitor', 2)),
    line('09:00:00', alertLine('exportStalled', first)),
    line('10:00:02', alertLine('exportStalled', first)),
    line('11:00:03', alertLine('deadlineNear', second)),
  ],
  AppMetrics: [
    metric('10:10:00', 'portability.items', 3, { kind: 'audio' }),
    metric('10:50:00', 'portability.items', 4, { kind: 'chat' }),
    metric('11:10:00', 'portability.items', 5),
    metric('10:10:00', 'portability.package.bytes', 1000),
    metric('10:10:10', 'portability.genesys.calls', 7, { family: 'recording', status: '200' }),
    metric('10:10:50', 'portability.genesys.calls', 2, { family: 'conversations', status: '200' }),
    metric('10:10:20', 'portability.genesys.calls', 1, { family: 'recording', status: '429' }),
    metric('10:11:00', 'portability.genesys.calls', 4, { family: 'recording', status: '200' }),
  ],
};

/** What each panel shows of them. */
const shown: Record<string, Row[]> = {
  'Open requests by state': [
    { state: 'available', requests: 1 },
    { state: 'exporting', requests: 1 },
  ],
  'Age and days until the legal deadline': [
    { request: first, state: 'available', ageDays: 22, dueInDays: -4 },
    { request: second, state: 'exporting', ageDays: 22, dueInDays: 7 },
  ],
  'Throughput: items and bytes per hour': [
    { Name: 'portability.items', TimeGenerated: at('10:00:00'), total: 7 },
    { Name: 'portability.items', TimeGenerated: at('11:00:00'), total: 5 },
    { Name: 'portability.package.bytes', TimeGenerated: at('10:00:00'), total: 1000 },
  ],
  'Calls to Genesys Cloud per minute, by status': [
    { status: '200', TimeGenerated: at('10:10:00'), calls: 9 },
    { status: '429', TimeGenerated: at('10:10:00'), calls: 1 },
    { status: '200', TimeGenerated: at('10:11:00'), calls: 4 },
  ],
  Alerts: [
    { code: 'deadlineNear', request: second, newest: at('11:00:03'), times: 1 },
    { code: 'exportStalled', request: first, newest: at('10:00:02'), times: 2 },
  ],
};

/** The kind of a column: what a chart can do with it. */
const kindOf = (type: string): string =>
  ['long', 'int', 'real', 'decimal'].includes(type) ? 'number' : type;
/** Kinds of columns that a visualisation needs: how many of each at least and at most. */
const needs: Record<string, Record<string, [least: number, most: number]>> = {
  barchart: { string: [1, 1], number: [1, 1] },
  timechart: { datetime: [1, 1], number: [1, Infinity], string: [0, 1] },
  table: {},
};

/** Every column that settings of a panel name: those of axes, groups, series, formatters and sorting. */
const columnsIn = (settings: object): string[] =>
  Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return columnsIn(value);
    const isColumn =
      /^(columnMatch|columnId|itemKey|xAxis|group|seriesName|createOtherGroup)$/.test(name);
    if (name === 'yAxis' && typeof value === 'string') return [value];
    return isColumn && typeof value === 'string' ? [value] : [];
  });

describe('the workbook', () => {
  it('has the panels of this test', () => {
    expect(panels.map(({ title }) => title).sort()).toEqual(Object.keys(shown).sort());
  });

  it.each(named)('shows what the app has logged and measured: %s', (title, { query }) => {
    const rows = kustoRows(query, tables);
    const isOrdered = query.includes('order by');
    expect(rows).toEqual(isOrdered ? shown[title] : expect.arrayContaining(shown[title] ?? []));
    expect(rows.length).toBe(shown[title]?.length);
    // Kusto itself says the same of the columns and of what they hold.
    const columns = kustoColumns(query);
    expect(columns.length).toBeGreaterThan(1);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(columns.map(([name]) => name));
      const types = Object.values(row).map((value) =>
        value instanceof Date ? 'datetime' : typeof value,
      );
      expect(types).toEqual(columns.map(([, type]) => kindOf(type)));
    }
  });

  it.each(named)('has the columns that its visualisation needs: %s', (_title, panel) => {
    const { query, visualization, chartSettings = {}, gridSettings = {} } = panel;
    const columns = kustoColumns(query);
    const wanted = needs[visualization];
    expect({ visualization, isKnown: wanted !== undefined }).toEqual({
      visualization,
      isKnown: true,
    });
    for (const [kind, [least, most]] of Object.entries(wanted ?? {})) {
      const count = columns.filter(([, type]) => kindOf(type) === kind).length;
      expect({ kind, count, fits: count >= least && count <= most }).toEqual({
        kind,
        count,
        fits: true,
      });
    }
    if (visualization !== 'table')
      expect(Object.keys(wanted ?? {})).toEqual(
        expect.arrayContaining(columns.map(([, type]) => kindOf(type))),
      );
    const names = columns.map(([name]) => name);
    for (const name of columnsIn({ chartSettings, gridSettings })) expect(names).toContain(name);
  });
});
