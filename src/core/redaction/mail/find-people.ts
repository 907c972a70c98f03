import type { Finding } from '../findings';
import { otherAddress, otherName, type MailPeople } from './people';

/** Most letters before the `@` of an address; those of returned mails are long. */
const longestLocal = 256;
const longestDomain = 255;
const localLetter = /[\p{L}\p{N}\p{M}.!#$%&'*+=?^_`{|}~-]/u;
const domainLetter = /[\p{L}\p{N}\p{M}.-]/u;
const ornament = /^[.!#$%&'*+=?^_`{|}~-]+/;
const atSign = /@|%40/g;

/** Names of values in logs and trace fields of mails, which are no part of the address behind them. */
const valueName =
  /^(?:(?:smtp|header|policy|envelope|x)[.-][a-z.-]{1,30}|[a-z]{1,2}|from|to|cc|bcc|e-?mail|addr(?:ess)?|user(?:name)?|login|sender|recipient|rcpt|mailto|helo|orcpt|prvs)=/i;

interface Spot {
  start: number;
  end: number;
  address: string;
}

function spotAt(text: string, at: number, sign: string): Spot | null {
  let start = at;
  const least = Math.max(0, at - longestLocal);
  if (text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2);
    if (open < least) return null;
    start = open;
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

function trimmed(
  text: string,
  { start, at, after, end }: { start: number; at: number; after: number; end: number },
): Spot | null {
  let from = start;
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

/** Every address in a text, whosever it is. */
function* addressesIn(text: string): Generator<Spot> {
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
export function findAddresses(
  text: string,
  people: MailPeople,
): { others: Finding[]; own: { start: number; end: number }[] } {
  const others: Finding[] = [];
  const own: { start: number; end: number }[] = [];
  for (const spot of addressesIn(text)) {
    const ownOne = ownSpot(spot, people);
    if (ownOne !== null) own.push(ownOne);
    else if (people.ownerOf(spot.address) === 'other')
      others.push({ ...spot, mark: otherAddress, reason: 'otherPerson' });
  }
  return { others, own };
}

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;
const wordsOf = (name: string): string[] =>
  [...name.matchAll(wordPattern)].map(([word]) => word.normalize('NFC').toLowerCase());

/** Names of other people as a mail's headers have them, found again in its texts. */
export class OtherNames {
  /** By their first word: the words of each. */
  private readonly byFirst = new Map<string, string[][]>();
  private readonly own = new Set<string>();
  private readonly others = new Set<string>();

  addOwn(name: string): void {
    for (const words of formsOf(name)) this.own.add(words.join(' '));
  }

  addOther(name: string): void {
    // What stands for a name already is none.
    if (name === otherName) return;
    for (const words of formsOf(name)) this.others.add(words.join(' '));
  }

  isOwn(name: string): boolean {
    return this.own.has(wordsOf(name).join(' '));
  }

  /** To be called once, when all names are known. */
  settle(): void {
    for (const name of this.others) {
      if (this.own.has(name)) continue;
      const words = name.split(' ');
      // One word alone is too often a word of the language.
      if (words.length < 2 || words.length > 8 || name.length < 5) continue;
      const first = words[0] ?? '';
      const known = this.byFirst.get(first);
      if (known) known.push(words);
      else this.byFirst.set(first, [words]);
    }
    this.byFirst.forEach((names) => names.sort((a, b) => b.length - a.length));
  }

  find(text: string): Finding[] {
    if (this.byFirst.size === 0) return [];
    const found: Finding[] = [];
    const words = [...text.matchAll(wordPattern)];
    for (let i = 0; i < words.length; i += 1) {
      const length = this.lengthAt(text, words, i);
      const [first, last] = [words[i], words[i + length - 1]];
      if (length === 0 || first === undefined || last === undefined) continue;
      const end = last.index + last[0].length;
      found.push({ start: first.index, end, mark: otherName, reason: 'otherPerson' });
      i += length - 1;
    }
    return found;
  }

  /** How many words from one on are a name; 0 when they are none. */
  private lengthAt(text: string, words: readonly RegExpExecArray[], at: number): number {
    const wordAt = (i: number): string => (words[at + i]?.[0] ?? '').normalize('NFC').toLowerCase();
    const names = this.byFirst.get(wordAt(0)) ?? [];
    const name = names.find((one) => one.every((word, i) => i === 0 || wordAt(i) === word));
    if (name === undefined) return 0;
    const isOneName = name.every((_, i) => {
      const [before, next] = [words[at + i - 1], words[at + i]];
      if (i === 0 || before === undefined || next === undefined) return true;
      return /^[\s.,"'“”>]{1,6}$/.test(text.slice(before.index + before[0].length, next.index));
    });
    return isOneName ? name.length : 0;
  }
}

/** A name as it is written, and `Last, First` in the other order. Neither is an address. */
function formsOf(name: string): string[][] {
  if (name.includes('@') || name.length > 200) return [];
  const forms = [wordsOf(name)];
  const comma = name.indexOf(',');
  if (comma > 0) forms.push(wordsOf(`${name.slice(comma + 1)} ${name.slice(0, comma)}`));
  return forms.filter((words) => words.length > 0);
}
