import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertCodes } from '../../src/core/request/alerts';
import { jobNames } from '../../src/core/jobs/schedule';
import { alertLine, jobLine, monitorLine, requestLine } from '../../src/core/request/log-lines';
import { emptyCounts } from '../../src/core/package/items';
import { kustoProblems } from '../helpers/kusto';
import { parsed } from '../helpers/kusto-rows';
import { root } from '../helpers/root';
import { measured } from '../helpers/measurements';
import { countCall, countRelease, telemetryMetrics } from '../../src/adapters/telemetry/metrics';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Queries of the workbook and of the alert rules, with a rule for each alert code. */
function queriesInInfra(): string[] {
  const workbook = JSON.parse(textOf('infra/workbook.json')) as {
    items: { content: { query?: string } }[];
  };
  const inBicep = fastGlob
    .sync('infra/**/*.bicep', { cwd: root })
    .flatMap((file) => [...textOf(file).matchAll(/query: '((?:[^'\\]|\\.)+)'/g)])
    .map(([, query]) => query ?? '')
    .map((query) => query.replaceAll(/\\(.)/g, '$1'))
    .flatMap((query) => {
      if (query.includes('${rule.code}'))
        return alertCodes.map((code) => query.replace('${rule.code}', code));
      if (query.includes('${job.name}'))
        return jobNames.map((name) => query.replace('${job.name}', name));
      return [query];
    });
  return [...workbook.items.flatMap(({ content }) => content.query ?? []), ...inBicep];
}

/** What is done to lines before they are stored. */
const transformations = fastGlob
  .sync('infra/**/*.bicep', { cwd: root })
  .flatMap((file) => [...textOf(file).matchAll(/transformKql: '((?:[^'\\]|\\.)+)'/g)])
  .map(([, query = '']) => query.replaceAll(/\\(.)/g, '$1'));

/** Queries that the documentation gives to be run. */
const documented = fastGlob
  .sync('docs/**/*.md', { cwd: root })
  .flatMap((file) => [...textOf(file).matchAll(/^```kusto\n([^]+?)^```/gm)])
  .map(([, query = '']) => query.trim());

describe('the queries of alert rules and workbook', () => {
  const queries = queriesInInfra();
  const request = {
    requestId: 'f0b4c2de-1111-4222-8333-abcdefabcdef',
    state: 'exporting',
    receivedAt: '2026-11-01T09:00:00Z',
  } as const;
  const lines = [
    monitorLine(3),
    ...jobNames.map((name) => jobLine(name, 2)),
    requestLine(request, '2026-11-20T00:00:00Z', new Date('2026-11-23T12:00:00Z')),
    ...alertCodes.map((code) => alertLine(code, request.requestId)),
  ];
  const readLines = (query: string): string[] => {
    const wanted = [...query.matchAll(/Message has (['"])(.+?)\1/g)].map(
      ([, , text]) => text ?? '',
    );
    return lines.filter((line) => wanted.every((text) => line.includes(text)));
  };
  const ofTraces = queries.filter((query) => query.startsWith('AppTraces'));
  const ofMetrics = queries.filter((query) => query.startsWith('AppMetrics'));
  const ofRequests = queries.filter((query) => query.startsWith('AppRequests'));

  it('are all known to this test', () => {
    expect(ofTraces.length).toBeGreaterThan(alertCodes.length);
    expect(ofMetrics.length).toBeGreaterThan(1);
    expect(ofRequests.length).toBe(1);
    expect(ofTraces.length + ofMetrics.length + ofRequests.length).toBe(queries.length);
    expect(transformations.length).toBe(1);
    expect(documented.length).toBeGreaterThan(0);
  });

  it.each([...queries, ...transformations, ...documented])(
    'are understood, with every table and column: %s',
    (query) => {
      expect(kustoProblems(query)).toEqual([]);
    },
  );

  it.each([
    ['AppTraces | summarize last = max(TimeGenerated)', 'last'],
    ['AppTraces | project Massage', 'Massage'],
    ['AppTrace | count', 'AppTrace'],
    ['AppTraces | where', 'expression'],
    ['source | extend x = CallerIpAdress', 'CallerIpAdress'],
    ['AppMetrics | summarize total = sums(Sum)', 'sums'],
  ])('would be refused for a mistake: %s', (query, named) => {
    expect(kustoProblems(query).join()).toContain(named);
  });

  it('read the heartbeat of each job by a rule of its own', () => {
    const read = ofTraces.filter((query) => query.includes('portability.job ')).map(readLines);
    for (const name of jobNames) expect(read).toContainEqual([jobLine(name, 2)]);
  });

  it.each(ofTraces)('read lines that the app logs: %s', (query) => {
    const found = readLines(query);
    expect(found.length).toBeGreaterThan(0);
    const [, pattern] = /parse Message with ([^|]+?) *\|/.exec(query) ?? [];
    if (pattern === undefined) return;
    const known: Record<string, string> = {
      ...{ request: request.requestId, state: 'exporting', ageDays: '22', dueInDays: '-4' },
    };
    for (const line of found) {
      const columns = parsed(pattern, line);
      expect(Object.keys(columns ?? {}).length).toBeGreaterThan(0);
      for (const [column, value] of Object.entries(columns ?? {}))
        if (column === 'code') expect(alertCodes).toContain(value);
        else expect({ column, value }).toEqual({ column, value: known[column] });
    }
  });

  it('read the line of each alert by a rule of its own', () => {
    const read = ofTraces.filter((query) => query.includes('code=')).map(readLines);
    for (const code of alertCodes)
      expect(read).toContainEqual([alertLine(code, request.requestId)]);
  });

  it('read metrics and dimensions that the app records', () => {
    countCall('conversations', 200);
    telemetryMetrics.countLeased('genesysCalls', 'main', 1);
    const counts = emptyCounts();
    counts.audio.exported = 1;
    countRelease(counts, 1, 1);
    for (const query of ofMetrics) {
      const [, one, several = ''] = /Name (?:== '([^']+)'|in \(([^)]+)\))/.exec(query) ?? [];
      const names =
        one === undefined ? [...several.matchAll(/'([^']+)'/g)].map(([, n]) => n) : [one];
      expect(names.length).toBeGreaterThan(0);
      const dimensions = [...query.matchAll(/Properties\.(\w+)/g)].map(([, name]) => name);
      for (const name of names) {
        expect([...measured.keys()]).toContain(name);
        expect([...(measured.get(name ?? '') ?? [])]).toEqual(expect.arrayContaining(dimensions));
      }
    }
  });

  it('name only functions that the app registers', () => {
    const sources = fastGlob.sync('src/functions/**/*.ts', { cwd: root }).map(textOf).join('\n');
    const activities = textOf('src/activities/index.ts');
    const registered = new Set([
      ...[...sources.matchAll(/\.(?:timer|http|orchestration)\(\s*'(\w+)'/g)].map(([, n]) => n),
      ...[...activities.matchAll(/^ {2}(\w+): create/gm)].map(([, n]) => n),
    ]);
    expect(registered).toContain('runJobs');
    expect(registered).toContain('exportPage');
    const named = queries.flatMap((query) =>
      [
        ...query.matchAll(/(?:OperationName|FunctionName|Category) *(?:[!=]=|has) *['"](.+?)['"]/g),
      ].map(([, name]) => name),
    );
    for (const name of named) expect(registered).toContain(name);
  });

  /** The sections of the runbook, by their headings. */
  const sections = new Map(
    textOf('docs/runbook.md')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split('\n')[0] ?? '', section]),
  );
  const anchorsOf = (...files: string[]): string[] =>
    fastGlob
      .sync(files, { cwd: root })
      .flatMap((file) => [...textOf(file).matchAll(/docs\/runbook\.md#(\w+)/g)])
      .map(([, anchor = '']) => anchor);
  const ofAlerts = [...sections.keys()].filter((heading) =>
    [
      ...anchorsOf('infra/parameters/*.snapshot.json'),
      ...alertCodes.map((code) => code.toLowerCase()),
    ].includes(heading.toLowerCase()),
  );

  it('have sections for alert codes, jobs and what is seen from outside', () => {
    expect(ofAlerts.length).toBe(alertCodes.length + jobNames.length + 4);
  });

  it.each(ofAlerts)(
    'are explained: what has happened, where to look, and what to do, in this order: %s',
    (heading) => {
      const parts = [
        ...(sections.get(heading) ?? '').matchAll(/^\*\*(\w+)\*\*: ?([^]*?)(?=^\*\*|$(?![^]))/gm),
      ];
      expect(parts.map(([, name]) => name)).toEqual(['Meaning', 'Check', 'Fix']);
      for (const [, , text = ''] of parts) expect(text.trim().length).toBeGreaterThan(10);
    },
  );

  it('are explained in sections of the runbook that exist', () => {
    const headings = [...sections.keys()].map((heading) => heading.toLowerCase());
    const anchors = anchorsOf('infra/**/*.bicep');
    expect(anchors.length).toBeGreaterThan(0);
    for (const anchor of anchors) expect(headings).toContain(anchor);
    for (const code of alertCodes) expect(headings).toContain(code.toLowerCase());
  });
});
