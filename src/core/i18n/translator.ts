import { formatTag } from './formats';

/** Texts in the languages of `src/locales`, one file for each. */

/** A text, or one for each plural form of the language (CLDR; `other` always exists). */
export type MessageTemplate =
  string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** Messages of one language: by section, then by key or further keys. */
export interface Catalog {
  /** Name of the language in that language. */
  name: string;
  [section: string]: string | MessageTree;
}
export interface MessageTree {
  [key: string]: MessageTemplate | MessageTree;
}

/** Catalogs by language tag (BCP 47), such as `de`. */
export type Locales = Record<string, Catalog>;

export const fallbackLocale = 'en';

/**
 * The first of the wanted tags that has a catalog, as a whole (`pt-BR`) or by its language (`pt`);
 * English when none has.
 * @param wanted tags in the order of preference
 */
export function pickLocale(
  wanted: readonly string[],
  locales: Readonly<Record<string, unknown>>,
): string {
  const known = wanted
    .flatMap((tag) => [tag, tag.split('-')[0] ?? ''])
    .find((tag) => Object.hasOwn(locales, tag));
  return known ?? fallbackLocale;
}

/** Values of a message's placeholders: numbers are written as the language writes them, texts as they are. */
export type Values = Record<string, string | number>;

/** Translates messages to one language. */
export interface Translator {
  readonly tag: string;
  /**
   * The message at a path such as `report.title`, with its placeholders filled in; `count` selects the
   * plural form. The path itself when there is no such message.
   */
  t: (path: string, values?: Values) => string;
  has: (path: string) => boolean;
}

export const translator = (locales: Locales, tag: string): Translator => {
  const rules = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(formatTag(tag));
  const written = (value: string | number): string =>
    typeof value === 'number' ? numbers.format(value) : value;
  return {
    tag,
    has: (path) => messageAt(locales, tag, path) !== undefined,
    t: (path, values = {}) => {
      const message = messageAt(locales, tag, path);
      if (message === undefined) return path;
      const text =
        typeof message === 'string'
          ? message
          : (message[rules.select(Number(values['count'] ?? 0))] ?? message.other);
      return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => written(values[name] ?? ''));
    },
  };
};

/** The message at a path, in English when the language lacks it. */
function messageAt(locales: Locales, tag: string, path: string): MessageTemplate | undefined {
  for (const catalog of [locales[tag], locales[fallbackLocale]]) {
    let node: unknown = catalog;
    for (const key of path.split('.')) {
      const hasKey = node !== null && typeof node === 'object' && Object.hasOwn(node, key);
      node = hasKey ? (node as MessageTree)[key] : undefined;
    }
    if (isTemplate(node)) return node;
  }
  return undefined;
}

const isTemplate = (value: unknown): value is MessageTemplate =>
  typeof value === 'string' ||
  (value !== null &&
    typeof value === 'object' &&
    typeof (value as MessageTree)['other'] === 'string');

/** A catalog with the messages of another one in place of those that it lacks. */
export const completed = (catalog: Catalog, other: Catalog): Catalog => ({
  ...completedTree(catalog, other),
  name: catalog.name,
});

type Nodes = Record<string, string | MessageTemplate | MessageTree>;

function completedTree<T extends Nodes>(tree: T, other: Nodes): T {
  const own = Object.entries(tree).map(([key, node]) => {
    const same = Object.hasOwn(other, key) ? other[key] : undefined;
    const isBoth = same !== undefined && !isTemplate(node) && !isTemplate(same);
    return [key, isBoth ? completedTree(node, same) : node];
  });
  return { ...other, ...Object.fromEntries(own) } as T;
}
