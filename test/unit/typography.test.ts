import { loadLocales } from '../../src/adapters/locales';
import { textsOf } from '../helpers/locale-texts';

/** How each language sets quotes, spaces and apostrophes (Duden; RAE; Imprimerie nationale; Treccani; Onze Taal). */
const locales = loadLocales(null);

/** What no text of a language contains. */
const rules: [name: string, wrong: RegExp, tags?: string[]][] = [
  ['a typewriter’s apostrophe or quote', /['"]/],
  ['three full stops for an ellipsis', /\.{3}/],
  ['two spaces, or one at an end', / {2}|^ | $/],
  ['a hyphen for a dash', / - /],
  ['quotes of another language', /[«»‘]/, ['en', 'de']],
  ['English quotes', /“[^“”]*”/, ['de', 'es', 'fr', 'it', 'nl']],
  ['a plain space before : ; ! ? or », or after «', / [:;!?»]|« /, ['fr']],
  ['no space before : ; ! ? or », or after «', /[^\s\d:/][:;!?»](?=[\s{]|$)|«(?!\u202f)/, ['fr']],
  ['a space before : ; ! or ?', /[\s\u202f][:;!?]/, ['en', 'de', 'es', 'it', 'nl']],
  ['a word before an ellipsis that it is not part of', /\p{L}…$/u, ['de']],
  ['a question without its first mark', /^[^¿]*\?/, ['es']],
  ['a person addressed with a capital', /(?<=[\p{L},] )(?:Lei|Suo|Sua|Suoi|Sue)\b/u, ['it']],
];

describe.each(Object.keys(locales))('the texts in %s', (tag) => {
  const texts = textsOf(locales[tag] ?? {});

  it.each(rules.filter(([, , tags]) => tags?.includes(tag) ?? true))(
    'have nowhere %s',
    (_, wrong) => {
      expect(texts.filter(([, text]) => wrong.test(text))).toEqual([]);
    },
  );

  /** Familiar address, where all texts use the formal one. */
  const familiar: Record<string, string> = {
    de: 'du|dich|dir|dein\\p{L}*|euch|euer|eure\\p{L}*',
    es: 'tú|tus?|tuyo\\p{L}*|vosotros|vuestr\\p{L}+',
    fr: 'tu|toi|ton|ta|tes',
    it: 'tuo|tua|tuoi|tue|vostr\\p{L}+',
    nl: 'jij|jou|jouw|je|jullie',
  };
  // English has one form of address.
  const words = familiar[tag];
  if (words !== undefined)
    it('address the reader formally', () => {
      const wrong = new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, 'iu');
      expect(texts.filter(([, text]) => wrong.test(text))).toEqual([]);
    });
});
