import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { translator } from '../../src/core/i18n/translator';
import { availabilityHtml } from '../../src/core/package/availability-html';
import type { AvailabilityReport } from '../../src/core/package/availability-report';
import { emptyCounts, type ItemKind } from '../../src/core/package/items';
import {
  processedKindNames,
  processingProblems,
  processingSchema,
  processingView,
  processingViewSchema,
  unexplainedKinds,
  type Processing,
} from '../../src/core/package/processing';
import { processingSections, toldRights } from '../../src/core/package/processing-words';
import { root } from '../helpers/root';

type Content = { languages: string[]; parts: Record<string, unknown>[] } & Record<string, unknown>;

const text = readFileSync(join(root, 'controller/processing.example.json'), 'utf8');
const content = (): Content => JSON.parse(text) as Content;
const example: Processing = processingSchema.parse(content());
const locales = loadLocales(null);
const controller = { name: 'Shop', contact: 'privacy@shop.example', supervisoryAuthority: null };

function countsOf(...kinds: ItemKind[]) {
  const counts = emptyCounts();
  for (const kind of kinds) counts[kind].exported = 1;
  return counts;
}
const viewOf = (language: string, ...kinds: ItemKind[]) =>
  processingView(example, controller, { counts: countsOf(...kinds), language });

function problemsOf(change: (given: Content) => void): string[] {
  const given = content();
  change(given);
  const result = processingSchema.safeParse(given);
  return result.success ? [] : processingProblems(given, result.error);
}

describe('the file on the processing', () => {
  it('explains every kind of item', () => {
    expect(unexplainedKinds()).toEqual([]);
  });

  it.each<[string, (given: Content) => void, string[]]>([
    ['as it is', () => undefined, []],
    [
      'with a kind in no part',
      ({ parts }) => (parts[0] = { ...parts[0], kinds: ['contact', 'auditTrail'] }),
      ['parts.notes is in no part'],
    ],
    [
      'with a kind in two parts',
      ({ parts }) =>
        (parts[0] = { ...parts[0], kinds: ['contact', 'notes', 'auditTrail', 'emails'] }),
      ['parts.emails is in several parts'],
    ],
    [
      'with a text that a language lacks',
      ({ parts }) => (parts[1] = { ...parts[1], source: { en: 'From you.' } }),
      ['parts.1.source.de is missing'],
    ],
    [
      'with a language of which there is no text',
      (given) => given.languages.push('fr'),
      [expect.stringMatching(/^parts\.0\.purposes\.fr is missing$/) as string],
    ],
    [
      'with a recipient that is no name',
      ({ parts }) =>
        (parts[0] = { ...parts[0], recipients: [{ name: '', role: { en: 'x', de: 'x' } }] }),
      ['parts.0.recipients.0.name'],
    ],
    ['with a field that nobody knows', (given) => (given['secret'] = 'value'), ['its top']],
  ])('%s is taken, or named by its place alone', (_name, change, problems) => {
    expect(problemsOf(change).slice(0, 1)).toEqual(problems);
  });
});

describe('what is said of the processing', () => {
  it('is about what is in the package, and nothing else', () => {
    expect(viewOf('en').parts).toEqual([]);
    expect(viewOf('en', 'screen', 'note').parts.map(({ kinds }) => kinds)).toEqual([
      ['notes'],
      ['screenRecordings'],
    ]);
    const view = viewOf('en', 'audio');
    expect(view.parts.map(({ kinds }) => kinds)).toEqual([['recordings']]);
    expect(view.parts[0]?.recipients.map(({ name }) => name)).toContain(
      'Genesys Cloud Services B.V., Naarden, Netherlands',
    );
    expect(processingViewSchema.parse(view)).toEqual(view);
  });

  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['fr', 'en'],
    ['xx', 'en'],
  ])(
    'is in the language of the person, else in the first of the file: %s as %s',
    (wanted, shown) => {
      const view = viewOf(wanted, 'audio');
      expect(view.language).toBe(shown);
      expect(view.parts[0]?.retention).toBe(
        shown === 'de' ? 'Sechs Monate nach dem Gespräch.' : 'Six months after the call.',
      );
    },
  );

  it.each(Object.keys(locales))(
    'has in %s a heading of every kind, every term and every right',
    (tag) => {
      const words = translator(locales, tag);
      const all = viewOf(
        tag,
        ...(['contact', 'conversation', 'audio', 'screen', 'transcript', 'email'] as const),
        ...([
          'message',
          'survey',
          'note',
          'journeySession',
          'campaignContact',
          'auditQuery',
        ] as const),
      );
      const named = {
        ...all,
        controller: { ...controller, supervisoryAuthority: 'Data Commission' },
      };
      const sections = processingSections(named, words);
      const headings = sections.map(({ heading }) => heading).join();
      for (const kind of processedKindNames)
        expect(headings).toContain(words.t(`processing.kinds.${kind}`));
      expect(JSON.stringify(sections)).not.toContain('processing.');
      const rights = sections.at(-1)?.terms[0]?.texts ?? [];
      for (const right of toldRights)
        expect(rights).toContain(words.t(`processing.rights.${right}`));
      expect(rights.join()).toContain('Data Commission');
      expect(rights.join()).toContain('privacy@shop.example');
      for (const { terms } of sections.slice(0, -1)) expect(terms).toHaveLength(7);
    },
  );

  it('stands in the report as text, whatever it contains', () => {
    const report = {
      ...{ sentences: [], statements: [], missing: [], createdAt: '', searched: {} },
    } as unknown as AvailabilityReport;
    const sources = { report, groups: [], controller: 'Example Ltd', timeZone: 'UTC' };
    const view = viewOf('en', 'audio');
    const part = { ...view.parts[0]!, purposes: '<script>alert(1)</script>' };
    const hostile = { ...view, parts: [part] };
    const words = translator(locales, 'de');
    const html = availabilityHtml({ ...sources, processing: hostile }, words);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
    expect(html).toContain('Aufnahmen von Anrufen');
    expect(html).toContain('<dd lang="en">');
    expect(availabilityHtml({ ...sources, processing: null }, words)).not.toContain('Empfänger');
  });
});
