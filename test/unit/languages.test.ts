import fastGlob from 'fast-glob';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { checkMethods, stepUpMethods } from '../../src/core/authentication/step-up';
import { custodyEvents } from '../../src/core/custody/record';
import {
  pickLocale,
  translator,
  type MessageTemplate,
  type MessageTree,
} from '../../src/core/i18n/translator';
import { noticeWays } from '../../src/core/messages/end-notices';
import {
  cancellationReasons,
  extensionReasons,
  officerCancellationReasons,
  refusalReasons,
} from '../../src/core/messages/statutory-notices';
import { grounds, leftOutData } from '../../src/core/package/grounds';
import { processedKindNames } from '../../src/core/package/processing';
import { toldRights } from '../../src/core/package/processing-words';
import { reportSections } from '../../src/core/package/availability-words';
import { itemKinds, itemReasons } from '../../src/core/package/items';
import { personEntries, viewerChannels } from '../../src/core/package/viewer-rows';
import { withheldNotes } from '../../src/core/redaction/mail/withheld-notes';
import { redactionReasons, unexaminedKinds } from '../../src/core/redaction/redactions';
import { endStates, requestStates } from '../../src/core/request/states';
import { failureCodes, waitReasons } from '../../src/core/results';
import { outcomes } from '../../src/core/statistics/counters';
import { chosenMethods, doubts } from '../../src/core/subject/decision';
import { verdicts } from '../../src/core/subject/verdicts';
import { partKinds } from '../../src/core/subject/withheld-parts';
import { comparisons } from '../../src/core/subject/names';
import { mailboxChecks, mandateKinds, requesterCapacities } from '../../src/core/subject/requester';
import { views } from '../../src/core/viewer/place';
import { root } from '../helpers/root';

const locales = loadLocales(null);

/** Events of the custody record whose sentence depends on nothing but the event. */
const sentencedEvents = custodyEvents.filter(
  (event) => event !== 'stateChanged' && event !== 'decided',
);

/** Plural forms (CLDR), and a label that stands without a number; a group may have a key `other`, too. */
const pluralKeys = ['zero', 'one', 'two', 'few', 'many', 'other', 'label'];
const isPlural = (value: MessageTree | MessageTemplate): boolean =>
  typeof value !== 'string' &&
  typeof (value as MessageTree)['other'] === 'string' &&
  Object.keys(value).every((key) => pluralKeys.includes(key));

/** Every message of a catalog by its path; plural forms count as one. */
function messagesOf(tree: MessageTree, path = ''): Map<string, MessageTemplate> {
  const messages = new Map<string, MessageTemplate>();
  for (const [key, value] of Object.entries(tree)) {
    const keyPath = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') messages.set(keyPath, value);
    else if (isPlural(value)) {
      messages.set(keyPath, value as MessageTemplate);
      if ('label' in value) messages.set(`${keyPath}.label`, value['label'] as string);
    } else for (const [inner, message] of messagesOf(value, keyPath)) messages.set(inner, message);
  }
  return messages;
}

const placeholdersIn = (message: MessageTemplate): string[] =>
  [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

const catalogOf = (tag: string): MessageTree => locales[tag] as unknown as MessageTree;

/** Keys of a section of the English catalog; its sections for ''. */
function keysAt(path: string): string[] {
  const keys = path === '' ? [] : path.split('.');
  const node = keys.reduce<MessageTree>((tree, key) => tree[key] as MessageTree, catalogOf('en'));
  return Object.keys(node);
}

const english = messagesOf(catalogOf('en'));

describe('the languages', () => {
  it('are the six that the product promises', () => {
    expect(Object.keys(locales).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
  });

  it.each(itemReasons)('have a reason for an item that is not in a package: %s', (reason) => {
    const has = (tag: string): boolean => translator(locales, tag).has(`report.reasons.${reason}`);
    expect(Object.keys(locales).filter((tag) => !has(tag))).toEqual([]);
    const worded = [...english.keys()].filter((path) => path.startsWith('report.reasons.'));
    expect(worded).toHaveLength(itemReasons.length);
  });

  it.each(Object.keys(locales))('have in %s the messages and placeholders of English', (tag) => {
    const messages = messagesOf(catalogOf(tag));
    expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
    const placeholders = (of: typeof messages): unknown =>
      new Map([...of].map(([path, message]) => [path, new Set(placeholdersIn(message))]));
    expect(placeholders(messages)).toEqual(placeholders(english));
  });

  it('are chosen by the whole tag, then by its language, and English otherwise', () => {
    expect(pickLocale(['de-AT'], locales)).toBe('de');
    expect(pickLocale(['xx', 'nl'], locales)).toBe('nl');
    expect(pickLocale(['__proto__', 'constructor'], locales)).toBe('en');
  });

  it('have plural forms, and never treat a value as a template', () => {
    const { t } = translator(locales, 'de');
    expect(t('report.attributesWithheld', { count: 1 })).toMatch(/^1 Attribut von/);
    expect(t('report.attributesWithheld', { count: 2 })).toMatch(/^2 Attribute von/);
    expect(t('report.unknownReason', { code: '{count}' })).toBe('fehlt ({count})');
    expect(t('report.nothingOfTheKind')).toBe('report.nothingOfTheKind');
  });

  it('can be extended by a file each, and fall back to English for missing messages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'languages-'));
    try {
      writeFileSync(
        join(folder, 'pt.json'),
        JSON.stringify({ name: 'Português', viewer: { title: 'Os seus dados' } }),
      );
      const extended = loadLocales(folder);
      const { t } = translator(extended, pickLocale(['pt-BR'], extended));
      expect(t('viewer.title')).toBe('Os seus dados');
      expect(t('viewer.search')).toBe('Search everything');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('can be extended by a folder each, as those of the product are kept', () => {
    const folder = mkdtempSync(join(tmpdir(), 'languages-'));
    try {
      mkdirSync(join(folder, 'pt'));
      writeFileSync(join(folder, 'pt/viewer.json'), '{"title": "Os seus dados"}');
      expect(() => loadLocales(folder)).toThrow('pt is not a catalog: no name.');
      writeFileSync(join(folder, 'pt/language.json'), '{"name": "Português"}');
      expect(loadLocales(folder)['pt']).toEqual({
        name: 'Português',
        viewer: { title: 'Os seus dados' },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['xx.json', 'xx.json', '{}'],
    ['xx.json', 'xx.json', 'null'],
    ['xx.json', 'xx.json', '[]'],
    ['xx.json', 'xx.json', '{"name": "Português"'],
    ['xx.json', 'xx.json', ''],
    ['xx', 'xx/language.json', 'null'],
    ['xx/language.json', 'xx/language.json', '{"name": "Português"'],
    ['xx/viewer.json', 'xx/viewer.json', '{"title": "Os seus dados"'],
  ])('are refused by the name of what is no catalog: %s (%s: %s)', (name, file, content) => {
    const folder = mkdtempSync(join(tmpdir(), 'languages-'));
    try {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
      expect(() => loadLocales(folder)).toThrow(new RegExp(`^${name} is not a catalog: no `));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the keys of the languages', () => {
  const source = fastGlob
    .sync('src/**/*.{ts,tsx}', { cwd: root })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');

  it.each([
    ['report.kinds', itemKinds],
    ['report.absent', itemKinds],
    ['report.why', [...itemReasons, 'unknown']],
    ['report.sections', reportSections],
    ['viewer.nav', [...views, 'label', 'bottom']],
    ['viewer.kinds', [...viewerChannels, ...personEntries]],
    ['viewer.contacts', viewerChannels],
    ['viewer.leftOutOfMail', Object.keys(withheldNotes)],
    ['report.leftOutNames', leftOutData],
    ['report.grounds', grounds],
    ['report.groundedNames', ['texts', 'attributes']],
    ['processing.kinds', processedKindNames],
    ['processing.rights', toldRights],
    ['report.redactionReasons', [...redactionReasons, 'pattern', 'other']],
    ['report.notExamined', unexaminedKinds],
    ['messages.extended.reasons', extensionReasons],
    ['messages.refused.reasons', refusalReasons],
    ['messages.cancelled.reasons', cancellationReasons],
    ['officer.decision.comparisons', comparisons],
    ['officer.decision.methods', ['onFile', ...chosenMethods]],
    ['officer.decision.answers', ['open', ...verdicts]],
    ['officer.states', requestStates],
    ['officer.custody.states', requestStates],
    ['officer.ends', endStates],
    ['officer.waiting', waitReasons],
    ['officer.kinds', itemKinds],
    ['officer.mandates', mandateKinds],
    ['officer.capacities', requesterCapacities],
    ['officer.mailboxChecks', mailboxChecks],
    ['officer.methodNames', ['onFile', ...stepUpMethods, ...checkMethods]],
    ['officer.noticeWays', noticeWays],
    ['officer.statistics.outcomes', [...outcomes, 'unknown']],
    ['officer.custody.events', [...sentencedEvents, 'unknown']],
    [
      'officer.grounds',
      [...new Set([...extensionReasons, ...officerCancellationReasons, ...refusalReasons])],
    ],
    ['officer.doubtful.verdicts', ['all', 'undecided', ...verdicts]],
    ['officer.doubtful.doubts', doubts],
    ['officer.withhold.kinds', partKinds],
    ['portal.endings.refused.reasons', refusalReasons],
    ['portal.endings.cancelled.reasons', cancellationReasons],
    ['portal.ready.channels', viewerChannels],
  ])('in %s are the codes of the app', (path, codes) => {
    expect(keysAt(path).sort()).toEqual([...codes].sort());
  });

  const officerPage = fastGlob
    .sync('src/web/officer/*.{ts,tsx}', { cwd: root })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  /** Keys that the page names as they are, and those whose last part or middle it puts in. */
  const named = [
    ...officerPage.matchAll(/'(officer\.[\w.]+)'/g),
    ...officerPage.matchAll(/`(officer\.[^`]*)`/g),
  ].map(([, key = '']) => key);
  const isNamed = (path: string): boolean =>
    named.some((key) => {
      const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
      return new RegExp(`^${parts.join('\\w+')}$`).test(path);
    });
  /** Named by parts that stand apart in the code. */
  const composed =
    /^officer\.(next|reasons|messages\.templates|actions|channels|noticeWays|roles|mandates|methodNames)\./;

  it('of the officers’ console are those that it names, and no others', () => {
    const paths = [...messagesOf({ officer: catalogOf('en')['officer'] as MessageTree }).keys()];
    const unused = paths.filter((path) => !isNamed(path) && !composed.test(path));
    expect(unused).toEqual([]);
  });

  it.each(
    fastGlob
      .sync('src/web/**/*.{ts,tsx}', { cwd: root })
      .sort()
      .map((file) => [file]),
  )('are all there that %s names', (file) => {
    // The texts of messages and of laws are the server's.
    const sections = keysAt('')
      .filter((section) => section !== 'messages' && section !== 'laws')
      .join('|');
    const named = new RegExp(`(['"\`])((?:${sections})\\.[\\w.]*)(\\1|\\$\\{)`, 'g');
    const paths = [...english.keys()];
    const wrong = [...readFileSync(join(root, file), 'utf8').matchAll(named)].filter(
      ([, quote, key = '', end]) =>
        !paths.some((path) =>
          // A key that is put together begins as some key does; comments name groups of keys.
          end !== quote
            ? path.startsWith(key)
            : path === key || (quote === '`' && path.startsWith(`${key}.`)),
        ),
    );
    expect(wrong.map(([, , key]) => key)).toEqual([]);
  });

  it('of the officers’ console word every problem that its calls end with', () => {
    const raised = new Set(
      fastGlob
        .sync('src/functions/{officer,shared}/*.ts', { cwd: root })
        .flatMap((file) => [
          ...readFileSync(join(root, file), 'utf8').matchAll(
            /(?:new HttpProblem|super)\(\s*\d+,\s*'(\w+)'/g,
          ),
        ])
        .map(([, code]) => code ?? ''),
    );
    // The console sends JSON of its own making.
    for (const code of ['unsupportedMediaType', 'bodyTooLarge', 'malformedJson'])
      raised.delete(code);
    expect([...raised].filter((code) => !keysAt('officer.problems').includes(code))).toEqual([]);
  });

  it('of the officers’ console word every reason that a request has', () => {
    const reasons = [...failureCodes, ...officerCancellationReasons, ...refusalReasons];
    expect(keysAt('officer.reasons')).toEqual(expect.arrayContaining(reasons));
    expect(keysAt('officer.messages.templates')).toEqual(
      expect.arrayContaining(['invitation', 'reminder', 'available', 'expiring', 'extended']),
    );
  });

  it('are in the section of the viewer those that its pages name, and no others', () => {
    const pages = fastGlob
      .sync(['src/web/viewer/*.{ts,tsx}', 'src/web/portal/open.tsx'], { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    const named = new Set([...pages.matchAll(/['`]viewer\.(\w+)/g)].map(([, key]) => key));
    // Named by a choice between two keys of this section.
    for (const key of ['nothingFound', 'noConversations', 'nothingHere', 'inbound', 'outbound'])
      named.add(key);
    expect([...named].sort()).toEqual(keysAt('viewer').sort());
  });

  it('name states, custody events and methods of the app', () => {
    expect(requestStates).toEqual(expect.arrayContaining(keysAt('portal.history.state')));
    const events = keysAt('portal.history').filter((key) => key !== 'state');
    expect(custodyEvents).toEqual(expect.arrayContaining(events));
    expect(keysAt('portal.verify')).toEqual(expect.arrayContaining([...stepUpMethods]));
  });

  it.each(['report.reasons', 'portal.problems'])('in %s are codes that the app uses', (path) => {
    const unused = keysAt(path).filter((code) => !new RegExp(`['"=]${code}['"]`).test(source));
    expect(unused).toEqual([]);
  });

  it('give a text to every reason that an item of a package can have', () => {
    const given = fastGlob
      .sync('src/{export,activities}/**/*.ts', { cwd: root })
      .flatMap((file) => [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:status: '\w+', reason: |(?:failed|absent)\(\w+, |archivedReason = )'(\w+)'/g,
        ),
      ])
      .map(([, reason]) => reason);
    expect(given.length).toBeGreaterThan(10);
    for (const reason of given) expect(keysAt('report.reasons')).toContain(reason);
  });
});
