import type { Range } from '../mapped-text';
import { lettersAtATime, Pace } from '../steps';
import { endOfQuoted } from './parameters';

/** A mailbox of an address list, with the places of what it consists of. */
export interface Mailbox {
  /** The name before the address. */
  phrase: Range | null;
  /** Without angle brackets; null for a name alone. */
  address: Range | null;
  /** In parentheses, which older mails have names in. Without the parentheses. */
  comments: Range[];
}

interface Item {
  /** From the first to the last of what is neither space nor comment. */
  words: Range | null;
  angle: Range | null;
  comments: Range[];
}

const emptyItem = (): Item => ({ words: null, angle: null, comments: [] });

/** A longer comment, string or address is none: it ends there, and goes on as another one. */
const longestToken = 16_384;
const endOfToken = (text: string, from: number): number =>
  Math.min(text.length, from + longestToken);

function endOfComment(text: string, from: number): number {
  const most = endOfToken(text, from);
  let depth = 0;
  for (let at = from; at < most; at += 1) {
    const letter = text[at];
    if (letter === '\\') at += 1;
    else if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return most;
}

/** Behind the next `closing`, which quoted strings do not hold; the token's end where there is none. */
function endAfter(text: string, from: number, closing: '>' | ']'): number {
  const most = endOfToken(text, from);
  for (let at = from; at < most; at += 1) {
    if (text[at] === '"' && closing === '>') at = endOfQuoted(text, at) - 1;
    else if (text[at] === closing) return at + 1;
  }
  return most;
}

const inner = (text: string, { start, end }: Range, closing: string): Range => ({
  start: start + 1,
  end: end - 1 > start && text[end - 1] === closing ? end - 1 : end,
});

/**
 * The mailboxes of an address list with groups (RFC 5322 section 3.4, and 4.4 for older forms), however
 * carelessly it is written. Names of groups belong to none.
 * @param text as it stands in the header, folded, encoded words not decoded; places count from its start
 */
export function* parseMailboxes(text: string): Generator<void, Mailbox[]> {
  const found: Mailbox[] = [];
  const pace = new Pace(lettersAtATime);
  let item = emptyItem();
  const flush = (): void => {
    found.push(...mailboxOf(text, item));
    item = emptyItem();
  };
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    const range = { start: at, end: token.end };
    if (token.kind === 'separator') flush();
    else if (token.kind === 'group') item = { ...emptyItem(), comments: item.comments };
    else if (token.kind === 'comment') item.comments.push(inner(text, range, ')'));
    else if (token.kind === 'angle') item.angle = inner(text, range, '>');
    else if (token.kind === 'word') item.words = { start: at, ...item.words, end: token.end };
    if (pace.isOver(token.end - at + tokenCost)) yield;
    at = token.end;
  }
  flush();
  return found;
}

/** A token costs as much as to pass over so many letters. */
const tokenCost = 8;

type Kind = 'separator' | 'group' | 'comment' | 'angle' | 'word' | 'space';

function tokenAt(text: string, at: number): { kind: Kind; end: number } {
  switch (text[at]) {
    case ',':
    case ';':
      return { kind: 'separator', end: at + 1 };
    case ':':
      return { kind: 'group', end: at + 1 };
    case '(':
      return { kind: 'comment', end: endOfComment(text, at) };
    case '<':
      return { kind: 'angle', end: endAfter(text, at, '>') };
    case '"':
      return { kind: 'word', end: endOfQuoted(text, at) };
    case '[':
      return { kind: 'word', end: endAfter(text, at, ']') };
    default: {
      const isSpace = /\s/.test(text[at] ?? '');
      const pattern = isSpace ? /\S/g : /[,;:(<"[\s]/g;
      pattern.lastIndex = at + 1;
      const end = pattern.exec(text)?.index ?? text.length;
      return { kind: isSpace ? 'space' : 'word', end };
    }
  }
}

function mailboxOf(text: string, { words: whole, angle, comments }: Item): Mailbox[] {
  if (angle !== null) {
    // A way through other servers (RFC 5322 section 4.4) stands before the last colon.
    const route = /^\s*@[^:]*:/.exec(text.slice(angle.start, angle.end))?.[0].length ?? 0;
    return [{ phrase: whole, address: { ...angle, start: angle.start + route }, comments }];
  }
  if (whole === null) return comments.length > 0 ? [{ phrase: null, address: null, comments }] : [];
  const isAddress = text.slice(whole.start, whole.end).includes('@');
  return [
    isAddress
      ? { phrase: null, address: whole, comments }
      : { phrase: whole, address: null, comments },
  ];
}

/** An address without the spaces and comments that older mails have in it. */
export function compactAddress(written: string): string {
  let address = '';
  for (let at = 0; at < written.length;) {
    const { kind, end } = tokenAt(written, at);
    if (kind !== 'space' && kind !== 'comment') address += written.slice(at, end);
    at = end;
  }
  return address;
}
