/**
 * Texts in the languages that people are spoken to in. A language is one file of
 * `src/languages`; its sections are what the report, the viewer and the page of checks say.
 */

/** A text, or one for each plural form of the language (CLDR; `other` is always there). */
export type MessageTemplate =
  string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** One language: `section` to `key` to a phrase, or to further keys. */
export interface Catalog {
  /** What the language calls itself. */
  name: string;
  [section: string]: string | MessageTree;
}
export interface MessageTree {
  [key: string]: MessageTemplate | MessageTree;
}

/** Locales by their tag (BCP 47), such as `de`. */
export type Locales = Record<string, Catalog>;

export const fallbackLocale = 'en';

/**
 * The first of the tags wanted that there is a language for: the whole tag (`pt-BR`), or its language.
 * @param wanted tags in the order of preference
 */
export function pickLocale(wanted: readonly string[], languages: Locales): string {
  const known = wanted
    .flatMap((tag) => [tag, tag.split('-')[0] ?? ''])
    .find((tag) => Object.hasOwn(languages, tag));
  return known ?? fallbackLocale;
}

export type Values = Record<string, string | number>;

const isPhrase = (value: unknown): value is MessageTemplate =>
  typeof value === 'string' ||
  (value !== null &&
    typeof value === 'object' &&
    typeof (value as MessageTree)['other'] === 'string');

/** The phrase at a path such as `report.kinds.audio`; in English where a language lacks it. */
function phraseAt(languages: Locales, tag: string, path: string): MessageTemplate | undefined {
  for (const words of [languages[tag], languages[fallbackLocale]]) {
    let place: unknown = words;
    for (const key of path.split('.')) {
      const isTree = place !== null && typeof place === 'object' && Object.hasOwn(place, key);
      place = isTree ? (place as MessageTree)[key] : undefined;
    }
    if (isPhrase(place)) return place;
  }
  return undefined;
}

/** Speaks one language. */
export interface Translator {
  readonly tag: string;
  /** A phrase with its values filled in; `count` chooses the plural form. Unknown: the path itself. */
  t: (path: string, values?: Values) => string;
  has: (path: string) => boolean;
}

export const translator = (languages: Locales, tag: string): Translator => {
  const rules = new Intl.PluralRules(tag);
  return {
    tag,
    has: (path) => phraseAt(languages, tag, path) !== undefined,
    t: (path, values = {}) => {
      const phrase = phraseAt(languages, tag, path);
      if (phrase === undefined) return path;
      const text =
        typeof phrase === 'string'
          ? phrase
          : (phrase[rules.select(Number(values['count'] ?? 0))] ?? phrase.other);
      return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
    },
  };
};
