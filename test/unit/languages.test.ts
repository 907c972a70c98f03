import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { itemReasons } from '../../src/core/package/items';
import {
  pickLocale,
  translator,
  type MessageTemplate,
  type MessageTree,
} from '../../src/core/i18n/translator';

const languages = loadLocales(null);

/** Every phrase of a language by its path; plural forms count as one. */
function phrasesOf(tree: MessageTree, place = ''): Map<string, MessageTemplate> {
  const phrases = new Map<string, MessageTemplate>();
  for (const [key, value] of Object.entries(tree)) {
    const path = place === '' ? key : `${place}.${key}`;
    if (typeof value === 'string') phrases.set(path, value);
    else if (typeof value['other'] === 'string') {
      phrases.set(path, value as MessageTemplate);
      if ('label' in value) phrases.set(`${path}.label`, value['label'] as string);
    } else for (const [inner, phrase] of phrasesOf(value, path)) phrases.set(inner, phrase);
  }
  return phrases;
}

const valuesIn = (phrase: MessageTemplate): string[] =>
  [...JSON.stringify(phrase).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('the languages', () => {
  const english = phrasesOf(languages['en'] as unknown as MessageTree);

  it('are the six that the product promises', () => {
    expect(Object.keys(languages).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
  });

  it.each(Object.keys(languages))(
    'say in %s all that is said in English, with the same values',
    (tag) => {
      const phrases = phrasesOf(languages[tag] as unknown as MessageTree);
      expect([...phrases.keys()].sort()).toEqual([...english.keys()].sort());
      for (const [path, phrase] of phrases) {
        const wanted = new Set(valuesIn(english.get(path) ?? ''));
        expect({ path, values: new Set(valuesIn(phrase)) }).toEqual({ path, values: wanted });
      }
    },
  );

  it.each(itemReasons)('say why an item is not in a package: %s', (reason) => {
    for (const tag of Object.keys(languages))
      expect(translator(languages, tag).has(`report.reasons.${reason}`)).toBe(true);
    const reasons = phrasesOf(languages['en'] as unknown as MessageTree);
    const worded = [...reasons.keys()].filter((path) => path.startsWith('report.reasons.'));
    expect(worded).toHaveLength(itemReasons.length);
  });

  it('are chosen by the whole tag, then by its language, else English is spoken', () => {
    expect(pickLocale(['de-AT'], languages)).toBe('de');
    expect(pickLocale(['xx', 'nl'], languages)).toBe('nl');
    expect(pickLocale(['__proto__', 'constructor'], languages)).toBe('en');
  });

  it('have plural forms, and never let a value be a template', () => {
    const { t: say } = translator(languages, 'de');
    expect(say('report.attributesWithheld', { count: 1 })).toMatch(/^1 Attribut von/);
    expect(say('report.attributesWithheld', { count: 2 })).toMatch(/^2 Attribute von/);
    expect(say('report.unknownReason', { code: '{count}' })).toBe('fehlt ({count})');
    expect(say('report.nothingOfTheKind')).toBe('report.nothingOfTheKind');
  });

  it('can be more, by a file each; what they lack is said in English', () => {
    const folder = mkdtempSync(join(tmpdir(), 'languages-'));
    try {
      writeFileSync(
        join(folder, 'pt.json'),
        JSON.stringify({ name: 'Português', viewer: { title: 'Os seus dados' } }),
      );
      const more = loadLocales(folder);
      const { t: say } = translator(more, pickLocale(['pt-BR'], more));
      expect(say('viewer.title')).toBe('Os seus dados');
      expect(say('viewer.search')).toBe('Search');
      writeFileSync(join(folder, 'xx.json'), '{}');
      expect(() => loadLocales(folder)).toThrow('xx.json is not a language');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
