import { decodeText } from './charset';
import { appendInSteps, batch, each, Pace, sorted } from '../steps';
import { contentOf, inOrder, withoutOverlaps, type Edit } from './edits';
import type { OtherNames } from './find-people';
import { HeaderText } from './header-text';
import { compactAddress, parseMailboxes, type Mailbox } from './mailboxes';
import type { Range } from '../mapped-text';
import type { MailMasking, TextSearch } from './masking';
import { parametersInSteps, type Parameter } from './parameters';
import { otherAddress, otherName } from '../marks';
import { namesCompany } from './people';
import type { Field } from './structure';

/** Fields that hold ids, times and what a part is written in: they stay. */
const technical = new Set([
  ...['message-id', 'in-reply-to', 'references', 'content-id', 'resent-message-id', 'date'],
  ...['resent-date', 'mime-version', 'content-transfer-encoding'],
]);

/** Fields that are lists of mailboxes. */
const addressFields = new Set([
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'return-path', 'delivered-to'],
  ...['resent-from', 'resent-sender', 'resent-to', 'resent-cc', 'resent-bcc', 'resent-reply-to'],
  ...['x-original-to', 'envelope-to', 'errors-to', 'disposition-notification-to'],
  ...['return-receipt-to', 'apparently-to', 'x-envelope-from', 'x-envelope-to', 'x-original-from'],
  ...['x-sender', 'x-receiver', 'mail-followup-to', 'mail-reply-to', 'x-forwarded-to'],
  ...['x-forwarded-for', 'x-rcpt-to', 'x-mail-from', 'original-recipient', 'x-confirm-reading-to'],
]);

/** Fields with parameters, whose values may be in several sections. */
const parameterFields = new Set(['content-type', 'content-disposition']);
/** Parameters that say how a mail is written. */
const structural = new Set([
  'boundary',
  'charset',
  'type',
  'format',
  'delsp',
  'protocol',
  'micalg',
]);

interface Context {
  bytes: Buffer;
  masking: MailMasking;
  names: OtherNames;
}

/** A mailbox as it is read. */
interface ReadMailbox extends Mailbox {
  name: string;
  written: string;
}

/** So much of a name or an address tells whose it is. */
const mostRead = 4_096;
const firstOf = ({ start, end }: Range): Range => ({ start, end: Math.min(end, start + mostRead) });
const nowhere: Range = { start: 0, end: 0 };

const moved = ({ start, end }: Range, by: number): Range => ({ start: start + by, end: end + by });

function* mailboxesOf({ bytes }: Context, { value }: Field): Generator<void, ReadMailbox[]> {
  const source = bytes.toString('latin1', value.start, value.end);
  const found: ReadMailbox[] = [];
  for (const mailbox of yield* parseMailboxes(source)) {
    const phrase = mailbox.phrase && moved(mailbox.phrase, value.start);
    const address = mailbox.address && moved(mailbox.address, value.start);
    const comments = yield* each(mailbox.comments, (one) => moved(one, value.start));
    const { start, end } = firstOf(address ?? nowhere);
    const written = bytes.toString('utf8', start, end);
    const named = phrase ?? comments[0] ?? nowhere;
    const name = (yield* HeaderText.read(bytes, firstOf(named))).text;
    found.push({
      ...{ phrase, address, comments },
      name: unquoted(name),
      written: compactAddress(written),
    });
    if (found.length % 64 === 0) yield;
  }
  return found;
}

const unquoted = (name: string): string =>
  name.replaceAll(/\\(.)/g, '$1').replaceAll('"', '').replaceAll(/\s+/g, ' ').trim();

/** Takes note of the names in a field: of the person, and of others. */
export function* collectNames(context: Context, field: Field): Generator<void, void> {
  if (!addressFields.has(field.name)) return;
  const pace = new Pace(64);
  for (const { name, written } of yield* mailboxesOf(context, field)) {
    if (pace.isOver()) yield;
    if (name === '') continue;
    const owner = context.masking.people.ownerOf(written);
    if (owner === 'subject') context.names.addOwn(name);
    else if (owner === 'other' || (owner === 'company' && !namesCompany(name, written)))
      context.names.addOther(name);
  }
}

const mark = (range: Range, text: string): Edit => ({ ...range, content: Buffer.from(text) });

/** What is masked of a mailbox: nothing of the person's own. */
function* maskedMailbox(
  { masking, names }: Context,
  mailbox: ReadMailbox,
): Generator<void, Edit[]> {
  const { phrase, address, comments, name, written } = mailbox;
  if (address !== null && written === '') return [];
  const owner = masking.people.ownerOf(written);
  if (owner === 'subject' || owner === 'kept') return [];
  const isOther = owner === 'other' && written !== '';
  const isKept =
    names.isOwn(name) ||
    name === otherName ||
    (!isOther && namesCompany(name, written)) ||
    /undisclosed|^$/i.test(name);
  const masked = isKept ? [] : yield* each(comments, (one) => mark(one, otherName));
  if (phrase && !isKept) masked.push(mark(phrase, `"${otherName}"`));
  if (address && isOther) masked.push(mark(address, otherAddress));
  return masked;
}

/** What is masked in a header field. */
export function* maskField(
  context: Context,
  search: TextSearch,
  field: Field,
): Generator<void, Edit[]> {
  if (technical.has(field.name)) return [];
  if (parameterFields.has(field.name)) return yield* maskParameters(context.bytes, search, field);
  const people: Edit[] = [];
  if (addressFields.has(field.name)) {
    for (const mailbox of yield* mailboxesOf(context, field)) {
      const edits = yield* maskedMailbox(context, mailbox);
      if (edits.length > 0) search.countOne('otherPerson');
      yield* appendInSteps(people, edits);
      yield;
    }
  }
  return yield* maskValue(context.bytes, search, field.value, yield* inOrder(people));
}

/** What is masked in a stretch of a header, but for what is masked already. */
function* maskValue(
  bytes: Buffer,
  search: TextSearch,
  range: Range,
  known: readonly Edit[] = [],
): Generator<void, Edit[]> {
  const edits: Edit[] = [];
  let at = range.start;
  const pace = new Pace(batch);
  for (const edit of known) {
    const { start, end } = edit;
    if (start > at)
      yield* appendInSteps(edits, yield* maskStretch(bytes, search, { start: at, end: start }));
    edits.push(edit);
    at = Math.max(at, end);
    // Where they stand within each other, there is nothing between them that would pause.
    if (pace.isOver()) yield;
  }
  if (at < range.end)
    yield* appendInSteps(edits, yield* maskStretch(bytes, search, { start: at, end: range.end }));
  return edits;
}

function* maskStretch(bytes: Buffer, search: TextSearch, range: Range): Generator<void, Edit[]> {
  const value = yield* HeaderText.read(bytes, range);
  const findings = yield* search.in(value.text);
  yield* search.count(findings);
  return yield* value.editsOf(
    yield* each(findings, ({ start, end, mark: text }) => ({ start, end, text })),
  );
}

/** Masks parameter by parameter: what stands in sections is one value. */
function* maskParameters(
  bytes: Buffer,
  search: TextSearch,
  { value }: Field,
): Generator<void, Edit[]> {
  const source = bytes.toString('latin1', value.start, value.end);
  const { parameters } = yield* parametersInSteps(source);
  const byName = new Map<string, Parameter[]>();
  yield* each(parameters, (one) => {
    if (structural.has(one.name)) return;
    const sections = byName.get(one.name);
    if (sections) sections.push(one);
    else byName.set(one.name, [one]);
  });
  const edits: Edit[] = [];
  for (const sections of byName.values()) {
    const isSimple = sections.every(({ section, isExtended }) => section === null && !isExtended);
    if (!isSimple) yield* appendInSteps(edits, yield* maskSections(value.start, search, sections));
    else
      for (const one of sections)
        yield* appendInSteps(edits, yield* maskSimple(bytes, search, one, value));
    yield;
  }
  // Comments and whatever else stands between the parameters.
  const known = [...(yield* each(parameters, ({ range }) => moved(range, value.start))), ...edits];
  let at = value.start;
  for (const { start, end } of yield* inOrder([...known, { start: value.end, end: value.end }])) {
    if (start > at)
      yield* appendInSteps(edits, yield* maskStretch(bytes, search, { start: at, end: start }));
    at = Math.max(at, end);
    yield;
  }
  return yield* withoutOverlaps(edits);
}

/** A value in one section. What is masked does not stand without quotes. */
function* maskSimple(
  bytes: Buffer,
  search: TextSearch,
  { range, isQuoted }: Parameter,
  field: Range,
): Generator<void, Edit[]> {
  const place = moved(range, field.start);
  const edits = yield* maskStretch(bytes, search, place);
  if (edits.length === 0 || isQuoted) return edits;
  const pieces: Buffer[] = [];
  let at = place.start;
  yield* each(edits, ({ start, end, content }) => {
    pieces.push(bytes.subarray(at, start), content);
    at = end;
  });
  pieces.push(bytes.subarray(at, place.end));
  const whole = Buffer.concat([Buffer.from('"'), ...pieces, Buffer.from('"')]);
  return [{ ...place, content: whole }];
}

const plain = /[A-Za-z0-9.!#$&+^_`{|}~-]/;

/** Bytes as the section they stand in is written (RFC 2231 section 7). */
function written(bytes: Buffer, { isExtended, isQuoted }: Parameter): string {
  return [...bytes]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      if (plain.test(letter)) return letter;
      if (isExtended) return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      return isQuoted && letter !== '"' && letter !== '\\' ? letter : '-';
    })
    .join('');
}

/** The bytes of a value in sections, and where each of them is written. */
interface SectionBytes {
  content: Buffer;
  /** Where a byte is written, and behind that. */
  starts: Float64Array;
  ends: Float64Array;
  /** Number of its section. */
  sections: Uint32Array;
}

function* bytesOf(offset: number, sections: readonly Parameter[]): Generator<void, SectionBytes> {
  let most = 0;
  yield* each(sections, ({ value }) => (most += value.length));
  const content = Buffer.alloc(most);
  const starts = new Float64Array(most);
  const ends = new Float64Array(most);
  const numbers = new Uint32Array(most);
  const pace = new Pace(4_096);
  let length = 0;
  for (const [number, { value, isExtended, range }] of sections.entries()) {
    const start = offset + range.start;
    const skip = isExtended && number === 0 ? charsetAndLanguage.exec(value)?.[0].length : 0;
    for (let at = skip ?? 0; at < value.length;) {
      const hex = isExtended ? /^%([0-9A-Fa-f]{2})/.exec(value.slice(at, at + 3))?.[1] : undefined;
      content[length] = hex === undefined ? value.charCodeAt(at) : Number.parseInt(hex, 16);
      starts[length] = start + at;
      at += hex === undefined ? 1 : 3;
      ends[length] = start + at;
      numbers[length] = number;
      length += 1;
      if (pace.isOver()) yield;
    }
    if (pace.isOver(16)) yield;
  }
  return { content: content.subarray(0, length), starts, ends, sections: numbers };
}

/** What stands before the first byte of an extended value (RFC 2231 section 4). */
const charsetAndLanguage = /^[^']{0,100}'[^']{0,100}'/;

function* maskSections(
  offset: number,
  search: TextSearch,
  given: readonly Parameter[],
): Generator<void, Edit[]> {
  const sections = yield* sorted(given, (a, b) => (a.section ?? 0) - (b.section ?? 0));
  const [charset = ''] = sections[0]?.isExtended ? sections[0].value.split("'", 1) : [];
  const all = yield* bytesOf(offset, sections);
  const decoded = yield* decodeText(all.content, charset === '' ? null : charset.toLowerCase());
  const findings = yield* search.in(decoded.text);
  yield* search.count(findings);
  const edits = yield* decoded.toBytes(
    yield* each(findings, ({ start, end, mark: text }) => ({ start, end, text })),
  );
  const replaced: Edit[] = [];
  yield* each(edits, (edit) => {
    let isFirst = true;
    for (let at = edit.start; at < edit.end;) {
      const number = all.sections[at] ?? 0;
      const from = at;
      while (at < edit.end && all.sections[at] === number) at += 1;
      const section = sections[number];
      const text = isFirst && section ? written(contentOf(edit), section) : '';
      const [start = 0, end = 0] = [all.starts[from], all.ends[at - 1]];
      replaced.push({ start, end, content: Buffer.from(text, 'latin1') });
      isFirst = false;
    }
  });
  return replaced;
}
