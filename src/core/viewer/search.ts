import type { ViewerRow } from '../package/viewer-rows';
import type { ViewerTexts } from '../package/viewer-texts';

/** Searching texts, and what is shown of what was found. */

const other = /[^\p{ASCII}]/u;

/**
 * A text as it is compared: without case and accents. It is as long as the text, so that what is found in
 * it is in the same place of the text.
 */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  if (!other.test(text)) return lower;
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charAt(i);
    const [plain = unit] = unit.normalize('NFD').toLowerCase();
    result += plain.length === 1 ? plain : unit;
  }
  return result;
}

/** A stretch of a text. */
export interface Stretch {
  start: number;
  end: number;
}

/** Where a text holds what is searched for. @param wanted folded */
export function stretchesIn(text: string, wanted: string): Stretch[] {
  if (wanted === '') return [];
  const searched = folded(text);
  const found: Stretch[] = [];
  for (
    let at = searched.indexOf(wanted);
    at >= 0;
    at = searched.indexOf(wanted, at + wanted.length)
  )
    found.push({ start: at, end: at + wanted.length });
  return found;
}

/** What is searched for, as it is compared. */
export const wantedOf = (query: string): string =>
  folded(query.normalize('NFC').trim().replaceAll(/\s+/g, ' '));

/** Letters around what was found. */
const before = 40;
const behind = 80;

/** A text around a stretch, on one line, with an ellipsis where it was cut. */
export function around(text: string, { start, end }: Stretch): string {
  const from = start <= before ? 0 : nextWord(text, start - before, start);
  const to = Math.min(text.length, end + behind);
  const cut = text.slice(from, to).replaceAll(/\s+/g, ' ').trim();
  return `${from > 0 ? '… ' : ''}${cut}${to < text.length ? ' …' : ''}`;
}

function nextWord(text: string, from: number, before: number): number {
  const space = text.indexOf(' ', from);
  return space < 0 || space >= before ? from : space + 1;
}

/**
 * All texts of a conversation that are searched, in the order in which they are shown.
 * @param wordsOf gives the words of an HTML mail, as they are shown
 */
export const searchedTexts = (texts: ViewerTexts, wordsOf: (html: string) => string): string[] => [
  texts.summary,
  ...texts.transcripts.flatMap(({ cues }) => cues.map(({ text }) => text)),
  ...texts.messages.flatMap(({ text, files }) => [text, ...files.map(({ name }) => name)]),
  ...texts.emails.flatMap(({ subject, from, to, cc, text, html, attachments }) => [
    ...[subject, from, to, cc, text === '' ? wordsOf(html) : text],
    ...attachments.map(({ name }) => name),
  ]),
  ...texts.surveys.flatMap(({ name, answers }) => [
    name,
    ...answers.flatMap(({ question, answer }) => [question, answer]),
  ]),
];

/** Fields of a row that are searched at once. */
export const searchedFields = ({ subject, words, queue, wrapUp }: ViewerRow): string[] =>
  [words, subject, queue, wrapUp].filter((one) => one !== undefined);

/** How often something was found in a conversation, and the text around the first place. */
export interface Found {
  count: number;
  shown: string;
}

/** Searches texts; null where nothing is found. @param wanted folded */
export function findIn(texts: readonly string[], wanted: string): Found | null {
  let count = 0;
  let shown = '';
  for (const text of texts) {
    const stretches = stretchesIn(text, wanted);
    const [first] = stretches;
    if (count === 0 && first !== undefined) shown = around(text, first);
    count += stretches.length;
  }
  return count === 0 ? null : { count, shown };
}
