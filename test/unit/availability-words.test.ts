import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { formats } from '../../src/core/i18n/formats';
import { translator } from '../../src/core/i18n/translator';
import { availabilityHtml } from '../../src/core/package/availability-html';
import type { AvailabilityReport } from '../../src/core/package/availability-report';
import type { Statement } from '../../src/core/package/availability-statements';
import {
  reasonWords,
  reportPage,
  type ReportFacts,
} from '../../src/core/package/availability-words';
import { itemKinds, itemReasons } from '../../src/core/package/items';
import { reportStyle } from '../../src/core/package/report-style';
import { doubts } from '../../src/core/subject/decision';
import { root } from '../helpers/root';

const locales = loadLocales(null);
const wordsOf = (tag: string) => ({ ...translator(locales, tag), ...formats(tag, 'UTC') });
const english = wordsOf('en');

const kind = (
  name: (typeof itemKinds)[number],
  exported: number,
  missing: { reason: string; count: number }[] = [],
): Statement => ({ about: 'kind', kind: name, exported, of: exported, missing });

const facts = (statements: Statement[], groups: ReportFacts['groups'] = []): ReportFacts => ({
  controller: 'Example Ltd',
  createdAt: '2026-11-25T14:15:00.000Z',
  searched: { from: '2021-11-26T00:00:00.000Z', to: '2026-11-25T12:15:00.000Z' },
  statements,
  groups,
});

describe('the report in words', () => {
  const noTranscript = [{ reason: 'noTranscript', count: 84 }];

  it.each([
    [[kind('conversation', 200)], 'All 200 conversations, nothing missing'],
    [[kind('conversation', 1)], 'Your one conversation, nothing missing'],
    [[kind('conversation', 0)], 'No conversations, nothing missing'],
    [
      [kind('conversation', 200), kind('transcript', 91, noTranscript)],
      'All 200 conversations, with gaps in one kind of data',
    ],
    [
      [
        kind('conversation', 198, [{ reason: 'otherContact', count: 2 }]),
        kind('transcript', 91, noTranscript),
      ],
      '198 of 200 conversations, with gaps in 2 kinds of data',
    ],
  ])('begins with a verdict: %#', (statements, title) => {
    expect(reportPage(facts(statements), english).title).toBe(title);
  });

  it.each(['America/New_York', 'Pacific/Kiritimati'])(
    'names the days on which something is missing as the package counts them, in %s, too',
    (timeZone) => {
      const words = { ...translator(locales, 'en'), ...formats('en', timeZone) };
      const group = {
        ...{ kind: 'transcript' as const, reason: 'noTranscript', count: 84, queues: [] },
        ...{ from: '2021-12-02', to: '2024-03-01' },
      };
      const page = reportPage(facts([kind('transcript', 91, noTranscript)], [group]), words);
      expect(page.incomplete[0]?.gaps[0]?.where).toBe('From 2 December 2021 to 1 March 2024.');
    },
  );

  it('counts what is missing with what is there, and says where it comes from', () => {
    const group = {
      ...{ kind: 'transcript' as const, reason: 'noTranscript', count: 84 },
      queues: [
        { queue: 'Returns', count: 61 },
        { queue: 'Orders', count: 23 },
      ],
      ...{ from: '2021-12-02', to: '2024-03-01' },
    };
    const page = reportPage(facts([kind('transcript', 91, noTranscript)], [group]), english);
    expect(page.incomplete).toEqual([
      {
        ...{ kind: 'transcript', label: 'Transcripts', exported: 91, all: 175 },
        count: '91 of 175 recordings',
        gaps: [
          {
            ...{ code: 'transcript:noTranscript', what: '84 recordings', count: 84 },
            why: 'The contact centre never wrote down what was said. You can listen to the recording.',
            where:
              'Among them: 61 with Returns and 23 with Orders. From 2 December 2021 to 1 March 2024.',
            show: 'Show the 84',
          },
        ],
      },
    ]);
  });

  it('shows nothing of what is of no conversation in the package', () => {
    const missing = [{ reason: 'notDelivered', count: 1 }];
    const group = { queues: [], from: null, to: null, count: 1 };
    const page = reportPage(
      facts([kind('note', 2, missing)], [{ kind: 'note', reason: 'notDelivered', ...group }]),
      english,
    );
    expect(page.incomplete[0]?.gaps[0]).toMatchObject({ show: null, where: '', what: '1 note' });
  });

  it('puts every other statement into a section, in an order that does not depend on theirs', () => {
    const page = reportPage(
      facts([
        { about: 'complaint', contact: 'privacy@shop.example', authority: null },
        { about: 'divisions', visible: [] },
        { about: 'auditRetainedFrom', auditRetainedFrom: '2025-11-25T00:00:00.000Z' },
        { about: 'leftOut', what: ['evaluations'] },
      ]),
      english,
    );
    expect(page.sections.map(({ key, lines }) => [key, lines.length])).toEqual([
      ...[
        ['leftOut', 1],
        ['outOfReach', 1],
        ['notProven', 1],
        ['whatToDo', 1],
      ],
    ]);
    expect(page.sections[1]?.lines).toEqual([
      'Changes to your record before 25 November 2025 are not kept.',
    ]);
  });

  it.each(Object.keys(locales))('names no permission of the source in %s', (tag) => {
    const permissions = ['recording:screenRecording:view'];
    const page = reportPage(
      facts([
        { about: 'declaredPermissions', permissions },
        { about: 'unprovenPermissions', permissions },
      ]),
      wordsOf(tag),
    );
    const lines = page.sections[0]?.lines ?? [];
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toMatch(/:view|report\./);
  });

  it.each(Object.keys(locales))('says of what has no reason that it has none, in %s', (tag) => {
    const words = wordsOf(tag);
    const said = reasonWords('unknown', words);
    // Words of its own, and not those of a code, of which there is none to show.
    expect(said).not.toMatch(/[(){}]|unknown|report\./);
    expect(said).not.toBe(reasonWords('anotherCode', words));
    expect(reasonWords('anotherCode', words)).toContain('anotherCode');
  });

  it.each(Object.keys(locales))('has all of it in %s', (tag) => {
    const words = wordsOf(tag);
    const reasons = [...itemReasons, ...doubts];
    const told = reasons.map((reason) => reasonWords(reason, words));
    expect(new Set(told).size).toBe(new Set(reasons).size);
    const statements = itemKinds.map((one) => kind(one, 1, [{ reason: 'failed', count: 2 }]));
    const page = reportPage(facts([...statements, kind('note', 3)]), words);
    const absent = itemKinds.map((one) => words.t(`report.absent.${one}`));
    expect(JSON.stringify([told, page, absent])).not.toMatch(/report\.|[{]\w+[}]|undefined/);
    // An unknown reason is shown as it is.
    expect(page.incomplete[0]?.gaps[0]?.why).toContain('failed');
  });
});

describe('the report as a page', () => {
  const report = {
    ...{ format: 'data-availability-report', version: 1, language: 'en', sentences: [] },
    ...facts([
      kind('conversation', 200),
      kind('transcript', 91, [{ reason: 'noTranscript', count: 84 }]),
      { about: 'refusedHosts', hosts: ['<b>host</b>'] },
    ]),
    missing: [{ conversation: 7, kind: 'transcript', status: 'absent', reason: 'noTranscript' }],
  } as unknown as AvailabilityReport;
  const html = availabilityHtml(
    {
      report,
      groups: [],
      processing: null,
      ...{ controller: 'A & B', timeZone: 'UTC' },
    },
    english,
  );

  it('has the verdict as its heading, and what is complete and every single gap folded', () => {
    expect(html).toContain('<h1>All 200 conversations, with gaps in one kind of data</h1>');
    expect(html.match(/<details/g)).toHaveLength(2);
    expect(html).toContain('<td>7</td>');
    expect(html).toContain('<rect width="520" height="8"/>');
  });

  it('shows what others have written as text', () => {
    expect(html).toContain('&lt;b&gt;host&lt;/b&gt;');
    expect(html).toContain('A &amp; B');
  });

  it('has the colours of all other pages', () => {
    const tokens = readFileSync(join(root, 'src/web/shared/tokens.css'), 'utf8');
    const own = reportStyle.match(/--[\w-]+: light-dark\([^;]+;/g) ?? [];
    expect(own.length).toBeGreaterThan(8);
    for (const token of own) expect(tokens).toContain(token);
  });
});
