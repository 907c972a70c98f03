import type { Page } from 'playwright-core';
import { loadLocales } from '../../src/adapters/locales';
import type { Catalog, Locales, MessageTree } from '../../src/core/i18n/translator';

/**
 * A language that nobody speaks, made of the English one: letters that no code writes, words that are 40 %
 * longer, and a mark at each end of a text. What is readable on a page in it has escaped translation, and a
 * text without both its marks was cut. Its tag is Greek, so that dates and numbers are in other letters, too.
 */
export const pseudoTag = 'el';

const [first, last] = ['⟦', '⟧'];
const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'áƀçđéƒĝĥíĵķļɱñóþǫŕšţúṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞǪŔŠŢÚṼŴẊÝŽ';
const letters = new Map([...plain].map((letter, i) => [letter, [...accented][i] ?? letter]));

/** A text in that language; its placeholders stay as they are. */
export function pseudo(text: string): string {
  const written = text.split(/(\{\w+\})/).map((piece) =>
    piece.startsWith('{')
      ? piece
      : [...piece]
          .map((letter) => {
            const other = letters.get(letter) ?? letter;
            // Vowels make up two letters in five.
            return /[aeiou]/.test(letter) ? `${other}${other}` : other;
          })
          .join(''),
  );
  return `${first}${written.join('')}${last}`;
}

/** The texts of a tree, with its plural forms, in that language. */
const pseudoTree = (tree: MessageTree): MessageTree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string' ? pseudo(value) : pseudoTree(value as MessageTree),
    ]),
  );

/** The catalog of that language, alone: what it lacks is shown by its path, in plain letters. */
export function pseudoLocales(): Locales {
  const english = loadLocales(null)['en'] as unknown as MessageTree;
  return { [pseudoTag]: pseudoTree(english) as unknown as Catalog };
}

/** Whether a value is a code or a time, which nobody should read. */
const isCode = (value: string): boolean =>
  /^[a-z]+([A-Z][a-z]*)*$/.test(value) || /^\d{4}-\d\d-\d\dT/.test(value);

/** Texts in an answer, but for codes and times. */
export function dataIn(value: unknown): string[] {
  if (typeof value === 'string') return isCode(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(dataIn) : [];
}

/** What is written alike in every language: units, times of Central Europe, and formats and names of files. */
const universal =
  /(?<=\d\s?)(?:[kMG]?B|byte)\b|\bCES?T\b|\bWAV\b|[\w-]+\.(?:wav|eml|png|pdf|html?|csv|json|js|zip)\b/g;

/**
 * What in texts has escaped translation, and what was cut.
 * @param data texts that are shown as they are
 */
export function escaped(texts: readonly string[], data: readonly string[]): string[] {
  const longestFirst = [...new Set(data)].sort((a, b) => b.length - a.length);
  return texts.filter((text) => {
    const rest = longestFirst
      .reduce((all, value) => all.replaceAll(value, ''), text)
      .replaceAll(universal, '');
    return /[A-Za-z]{2}/.test(rest) || !isWhole(text);
  });
}

/** Whether each mark at the end of a text has one at its beginning. */
function isWhole(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === first) depth += 1;
    if (letter === last) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Runs in a page: every text that is to be seen or heard at some width, by the innermost block that it stands in. */
const readTexts = `(() => {
  const inline = new Map();
  const isInline = (element) => {
    if (!inline.has(element)) inline.set(element, /^(inline|contents)/.test(getComputedStyle(element).display));
    return inline.get(element);
  };
  const blockOf = (element) => {
    let block = element;
    while (block.parentElement && (isInline(block) || block.closest('svg'))) block = block.parentElement;
    return block;
  };
  const blocks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element.closest('script, style, noscript, [hidden]')) continue;
    const option = element.closest('option');
    const block = option ?? blockOf(element);
    blocks.set(block, (blocks.get(block) ?? '') + node.data);
  }
  const names = ['aria-label', 'aria-valuetext', 'aria-description', 'aria-roledescription', 'title', 'alt', 'placeholder', 'label', 'data-label'];
  const named = [...document.querySelectorAll(names.map((name) => '[' + name + ']').join())]
    .flatMap((element) => names.map((name) => element.getAttribute(name) ?? ''));
  return [document.title, ...blocks.values(), ...named].map((text) => text.trim()).filter(Boolean);
})()`;

/**
 * Runs in a page: what is wider than the place it has. Rows of the viewer's list are equally high and name
 * queues of any length, so that they are cut.
 */
const readOverflow = `(() => {
  const page = document.documentElement;
  const all = [...document.body.querySelectorAll('*')];
  const reaches = () => all.findLast(
    (element) => element.getBoundingClientRect().right > page.clientWidth + 1 && element.checkVisibility());
  const wide = page.scrollWidth > page.clientWidth
    ? ['the page: ' + page.scrollWidth + ' in ' + page.clientWidth + ', by ' + (reaches()?.outerHTML.slice(0, 120) ?? '')] : [];
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  const isWide = (element) => {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth < 2) return false;
    if (element.closest('svg, .visually-hidden, .list-row')) return false;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) return false;
    const { overflowX } = getComputedStyle(element);
    return (/hidden|clip/.test(overflowX) || overflowX === 'visible') && hasText(element);
  };
  const found = all.filter(isWide);
  return [...wide, ...found.map((element) => element.tagName + '.' + element.className + ' ' +
    element.scrollWidth + ' in ' + element.clientWidth + ': ' + (element.textContent ?? '').slice(0, 60))];
})()`;

const opened = `for (const one of document.querySelectorAll('main details, dialog details')) one.open = true`;

/** Widths at which the pages of the portal and of the console are laid out in different ways. */
const widths = [320, 1280];
/** Those of the viewer, which is another below 352 pixels. */
export const viewerWidths = [390, ...widths];

/** Holds in a page whose title is in that language: it comes when the page is next drawn. */
export const isTitled = `document.title.startsWith(${JSON.stringify(first)})`;

/**
 * Looks at a page in that language at every width, with all that folds unfolded.
 * @param data texts that are shown as they are
 * @returns what is wrong with it
 */
export async function flaws(
  page: Page,
  data: readonly string[],
  at: readonly number[] = widths,
): Promise<string[]> {
  await page.evaluate(opened);
  const found: string[] = [];
  for (const width of at) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate<string[]>(readOverflow);
    found.push(...overflow.map((one) => `${width}: ${one}`));
    if (widths.includes(width))
      found.push(...escaped(await page.evaluate<string[]>(readTexts), data));
  }
  return [...new Set(found)];
}
