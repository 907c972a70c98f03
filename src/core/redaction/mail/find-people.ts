import type { Finding } from '../findings';
import type { Range } from '../mapped-text';
import { formsOfName, longestName, NameIndex, nameKey, wordsOf } from '../people/names';
import { each, Pace } from '../steps';
import { otherAddress, otherName } from '../marks';
import type { MailPeople } from './people';

/** Most letters before the `@` of an address; those of returned mails are long. */
const longestLocal = 256;
const longestDomain = 255;
/** A shorter name is too often something else. */
const shortestName = 5;
const localLetter = /[\p{L}\p{N}\p{M}.!#$%&'*+=?^_`{|}~-]/u;
const domainLetter = /[\p{L}\p{N}\p{M}.-]/u;
const ornament = /^[.!#$%&'*+=?^_`{|}~-]+/;
const atSign = /@|%40|[ \u00a0]?(?:\(\s?at\s?\)|\[\s?at\s?\]|\{\s?at\s?\})[ \u00a0]?/gi;

/** Names of values in logs and trace fields of mails, which are no part of the address behind them. */
const valueName =
  /^(?:(?:smtp|header|policy|envelope|x)[.-][a-z.-]{1,30}|[a-z]{1,2}|from|to|cc|bcc|e-?mail|addr(?:ess)?|user(?:name)?|login|sender|recipient|rcpt|mailto|helo|orcpt|prvs)=/i;

interface Spot {
  start: number;
  end: number;
  address: string;
}

/** How often a quote is escaped: 1 for not at all, and twice as much for each time, as in JSON within JSON. */
function escapedAt(text: string, quote: number): number {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
  return (backslashes + 1) & -(backslashes + 1);
}

/**
 * Where a local part in quotes begins (RFC 5321 section 4.1.2). Quotes within it are escaped once more than
 * those around it.
 * @param text what stands before its last quote
 */
function startOfQuoted(text: string): number | null {
  const wanted = escapedAt(text, text.length);
  let nearest: number | null = null;
  for (let before = text.length; before > 0;) {
    const open = text.lastIndexOf('"', before - 1);
    if (open < 0) break;
    const escaped = escapedAt(text, open);
    if (escaped === wanted) return open - (wanted - 1);
    nearest ??= open + 1;
    // There the text of JSON begins that the address stands in.
    if (escaped < wanted) break;
    before = open;
  }
  return nearest;
}

function spotAt(text: string, at: number, sign: string): Spot | null {
  let start = at;
  const least = Math.max(0, at - longestLocal);
  if (text[at - 1] === '"') {
    const open = startOfQuoted(text.slice(least, at - 1));
    if (open === null) return null;
    start = least + open;
  } else while (start > least && localLetter.test(text[start - 1] ?? '')) start -= 1;
  const after = at + sign.length;
  let end = after;
  const most = Math.min(text.length, after + longestDomain);
  if (text[end] === '[') {
    const close = text.indexOf(']', end);
    end = close > 0 && close < most ? close + 1 : after;
  } else while (end < most && domainLetter.test(text[end] ?? '')) end += 1;
  if (text[end - 1] !== ']') while (end > after && /[.-]/.test(text[end - 1] ?? '')) end -= 1;
  return trimmed(text, { start, at, after, end });
}

/** Letters of an escape of JSON before an address, of which only the backslash is none of an address. */
const escape = /\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[bfnrtv])/y;

function escapeAt(text: string, start: number): number {
  if (text[start - 1] !== '\\') return 0;
  escape.lastIndex = start - 1;
  return escape.exec(text)?.[1]?.length ?? 0;
}

function trimmed(
  text: string,
  { start, at, after, end }: { start: number; at: number; after: number; end: number },
): Spot | null {
  let from = start + escapeAt(text, start);
  for (;;) {
    const rest = text.slice(from, at);
    const skip = (ornament.exec(rest) ?? valueName.exec(rest))?.[0].length ?? 0;
    if (skip === 0) break;
    from += skip;
  }
  const domain = text.slice(after, end);
  const isDomain = domain.startsWith('[') || /\.\p{L}[\p{L}\p{N}\p{M}-]*$/u.test(domain);
  if (from >= at || !isDomain) return null;
  // Ids of parts of a mail look like addresses (RFC 2392).
  if (/\b(?:cid|mid):(?:%3c|<)?$/i.test(text.slice(Math.max(0, from - 8), from))) return null;
  return { start: from, end, address: `${text.slice(from, at)}@${domain}` };
}

/** Whether an address may stand in a text. */
export const mayHoldAddress = (text: string): boolean =>
  text.includes('@') || text.includes('%40') || /[([{]\s?at\s?[)\]}]/i.test(text);

/** Every address in a text, whosever it is. */
export function* addressesIn(text: string): Generator<Spot> {
  let end = 0;
  for (const found of text.matchAll(atSign)) {
    if (found.index < end) continue;
    const spot = spotAt(text, found.index, found[0]);
    if (spot === null || spot.start < end) continue;
    end = spot.end;
    yield spot;
  }
}

/** The owner of an address that stands in a text, where something else may stand right before it. */
function ownSpot(spot: Spot, people: MailPeople): Spot | null {
  const isOwn = (address: string): boolean => people.ownerOf(address) === 'subject';
  if (isOwn(spot.address)) return spot;
  const equals = spot.address.lastIndexOf('=', spot.address.indexOf('@'));
  const rest = spot.address.slice(equals + 1);
  return equals >= 0 && isOwn(rest)
    ? { ...spot, start: spot.start + equals + 1, address: rest }
    : null;
}

/** Addresses in a text: those of others, which are masked, and the person's own, in which nothing is. */
export function* findAddresses(
  text: string,
  people: MailPeople,
): Generator<void, { others: Finding[]; own: Range[] }> {
  const others: Finding[] = [];
  const own: Range[] = [];
  const pace = new Pace(64);
  for (const spot of addressesIn(text)) {
    const ownOne = ownSpot(spot, people);
    if (ownOne !== null) own.push(ownOne);
    else if (people.ownerOf(spot.address) === 'other')
      others.push({ ...spot, mark: otherAddress, reason: 'otherPerson' });
    if (pace.isOver()) yield;
  }
  return { others, own };
}

/** Names of other people as a mail's headers have them, found again in its texts. */
export class OtherNames {
  private readonly index = new NameIndex<null>();
  private readonly own = new Set<string>();
  private readonly others = new Set<string>();

  addOwn(name: string): void {
    for (const words of formsOfName(name)) this.own.add(nameKey(words));
  }

  addOther(name: string): void {
    // What stands for a name already is none.
    if (name === otherName) return;
    for (const words of formsOfName(name)) this.others.add(words.join(' '));
  }

  isOwn(name: string): boolean {
    return name.length <= longestName && this.own.has(nameKey(wordsOf(name)));
  }

  /** To be called once, when all names are known. */
  *settle(): Generator<void, void> {
    yield* each(this.others, (name) => {
      const words = name.split(' ');
      // One word alone is too often a word of the language.
      if (!this.own.has(nameKey(words)) && words.length >= 2 && name.length >= shortestName)
        this.index.add(words, null);
    });
  }

  find(text: string): Finding[] {
    return this.index
      .find(text)
      .map(({ start, end }) => ({ start, end, mark: otherName, reason: 'otherPerson' }));
  }
}
