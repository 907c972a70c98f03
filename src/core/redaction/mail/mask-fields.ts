import { decodeText } from './charset';
import { append, contentOf, inOrder, withoutOverlaps, type Edit } from './edits';
import type { OtherNames } from './find-people';
import { HeaderText } from './header-text';
import { compactAddress, parseMailboxes, type Mailbox } from './mailboxes';
import type { Range } from '../mapped-text';
import type { MailMasking, TextSearch } from './masking';
import { parseParameters, type Parameter } from './parameters';
import { namesCompany, otherAddress, otherName } from './people';
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

const moved = ({ start, end }: Range, by: number): Range => ({ start: start + by, end: end + by });

function* mailboxesOf({ bytes }: Context, { value }: Field): Generator<void, ReadMailbox[]> {
  const source = bytes.toString('latin1', value.start, value.end);
  const found: ReadMailbox[] = [];
  for (const mailbox of parseMailboxes(source)) {
    const phrase = mailbox.phrase && moved(mailbox.phrase, value.start);
    const address = mailbox.address && moved(mailbox.address, value.start);
    const comments = mailbox.comments.map((one) => moved(one, value.start));
    const written = address ? bytes.toString('utf8', address.start, address.end) : '';
    const named = phrase ?? comments[0] ?? null;
    const name = named ? (yield* HeaderText.read(bytes, named)).text : '';
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
  for (const { name, written } of yield* mailboxesOf(context, field)) {
    if (name === '') continue;
    const owner = context.masking.people.ownerOf(written);
    if (owner === 'subject') context.names.addOwn(name);
    else if (owner === 'other' || (owner === 'company' && !namesCompany(name, written)))
      context.names.addOther(name);
  }
}

const mark = (range: Range, text: string): Edit => ({ ...range, content: Buffer.from(text) });

/** What is masked of a mailbox: nothing of the person's own. */
function maskedMailbox({ masking, names }: Context, mailbox: ReadMailbox): Edit[] {
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
  return [
    ...(phrase && !isKept ? [mark(phrase, `"${otherName}"`)] : []),
    ...(address && isOther ? [mark(address, otherAddress)] : []),
    ...(isKept ? [] : comments.map((one) => mark(one, otherName))),
  ];
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
      const edits = maskedMailbox(context, mailbox);
      if (edits.length > 0) search.countOne('otherPerson');
      append(people, edits);
    }
  }
  return yield* maskValue(context.bytes, search, field.value, inOrder(people));
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
  for (const { start, end } of [...known, { start: range.end, end: range.end }]) {
    if (start > at) append(edits, yield* maskStretch(bytes, search, { start: at, end: start }));
    at = end;
  }
  return inOrder([...edits, ...known]);
}

function* maskStretch(bytes: Buffer, search: TextSearch, range: Range): Generator<void, Edit[]> {
  const value = yield* HeaderText.read(bytes, range);
  const findings = yield* search.in(value.text);
  search.count(findings);
  return yield* value.editsOf(findings.map(({ start, end, mark: text }) => ({ start, end, text })));
}

/** Masks parameter by parameter: what stands in sections is one value. */
function* maskParameters(
  bytes: Buffer,
  search: TextSearch,
  { value }: Field,
): Generator<void, Edit[]> {
  const source = bytes.toString('latin1', value.start, value.end);
  const { parameters } = parseParameters(source);
  const byName = new Map<string, Parameter[]>();
  for (const one of parameters) {
    if (structural.has(one.name)) continue;
    const sections = byName.get(one.name);
    if (sections) sections.push(one);
    else byName.set(one.name, [one]);
  }
  const edits: Edit[] = [];
  for (const sections of byName.values()) {
    const isSimple = sections.every(({ section, isExtended }) => section === null && !isExtended);
    if (!isSimple) append(edits, yield* maskSections(value.start, search, sections));
    else for (const one of sections) append(edits, yield* maskSimple(bytes, search, one, value));
  }
  const taken = parameters.map(({ range }) => moved(range, value.start));
  // Comments and whatever else stands between the parameters.
  const known = inOrder([...edits, ...taken.map((range) => ({ ...range, content: null }))]);
  let at = value.start;
  for (const { start, end } of [...known, { start: value.end, end: value.end }]) {
    if (start > at) append(edits, yield* maskStretch(bytes, search, { start: at, end: start }));
    at = Math.max(at, end);
  }
  return withoutOverlaps(edits);
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
  for (const { start, end, content } of edits) {
    pieces.push(bytes.subarray(at, start), content);
    at = end;
  }
  pieces.push(bytes.subarray(at, place.end));
  const whole = Buffer.concat([Buffer.from('"'), ...pieces, Buffer.from('"')]);
  return [{ ...place, content: whole }];
}

/** A byte of a value: where it is written, and how the section says so. */
interface WrittenByte extends Range {
  value: number;
  section: Parameter;
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

function writtenBytes(
  section: Parameter,
  offset: number,
  isFirst: 'first' | 'later',
): WrittenByte[] {
  const start = section.range.start + offset;
  const { value, isExtended } = section;
  const skip =
    isExtended && isFirst === 'first' ? (/^[^']*'[^']*'/.exec(value)?.[0].length ?? 0) : 0;
  const bytes: WrittenByte[] = [];
  for (let i = skip; i < value.length;) {
    const hex = isExtended ? /^%([0-9A-Fa-f]{2})/.exec(value.slice(i, i + 3)) : null;
    const length = hex ? 3 : 1;
    const code = hex ? Number.parseInt(hex[1] ?? '', 16) : value.charCodeAt(i);
    bytes.push({ start: start + i, end: start + i + length, value: code, section });
    i += length;
  }
  return bytes;
}

/** In the order of the sections. */
function bySection(letters: readonly WrittenByte[]): Map<Parameter, WrittenByte[]> {
  const found = new Map<Parameter, WrittenByte[]>();
  for (const letter of letters) {
    const known = found.get(letter.section);
    if (known) known.push(letter);
    else found.set(letter.section, [letter]);
  }
  return found;
}

function* maskSections(
  offset: number,
  search: TextSearch,
  given: readonly Parameter[],
): Generator<void, Edit[]> {
  const sections = given.toSorted((a, b) => (a.section ?? 0) - (b.section ?? 0));
  const bytes = sections.flatMap((one, i) =>
    writtenBytes(one, offset, i === 0 ? 'first' : 'later'),
  );
  const [charset = ''] = sections[0]?.isExtended ? sections[0].value.split("'") : [];
  const content = Buffer.from(bytes.map(({ value }) => value));
  const decoded = yield* decodeText(content, charset === '' ? null : charset.toLowerCase());
  const findings = yield* search.in(decoded.text);
  search.count(findings);
  const edits = yield* decoded.toBytes(
    findings.map(({ start, end, mark: text }) => ({ start, end, text })),
  );
  return edits.flatMap((edit) => {
    const affected = bytes.slice(edit.start, edit.end);
    const pieces = bySection(affected);
    return [...pieces].map(([section, letters], i) => ({
      start: letters[0]?.start ?? 0,
      end: letters.at(-1)?.end ?? 0,
      content: Buffer.from(i === 0 ? written(contentOf(edit), section) : '', 'latin1'),
    }));
  });
}
