import { merged, outside, type Finding } from '../findings';
import { addressesIn, mayHoldAddress } from '../mail/find-people';
import { mailPeople, type MailPeople } from '../mail/people';
import { maskedDomain, otherAddress, otherName } from '../marks';
import type { Range } from '../mapped-text';
import { readingsOf } from '../readings';
import { remembered } from '../remembered';
import { each } from '../steps';
import { AddressReader, addressStarts, digitForms, fewestDigits } from './addresses';
import type { KnownPeople, Trace } from './known';
import { folded, formsOfName, NameIndex, writtenForms } from './names';
import { NumberIndex } from './numbers';

/** How somebody is called instead, and the code of why. */
export interface Called {
  mark: string;
  reason: string;
}

/** What decides who is masked, and how they are called. */
export interface PeopleNaming {
  /** Null for somebody who may be told. */
  call(trace: Trace): Called | null;
  /** Words by which somebody is told in texts alone, where they are part of their name. */
  singleNames: readonly string[];
}

/** The codes of names in running text, by those of other traces. */
export const nameReasons: Readonly<Record<string, string>> = {
  agent: 'agentName',
  otherPerson: 'otherPersonName',
};

/** Characters that are searched at a time, and seen before and behind them. */
const windowSize = 16_384;
const seenAround = 512;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const uuidLength = 36;
/** Whether a text is an id as the source has them. */
export const isUuid = (text: string): boolean => new RegExp(`^${uuid.source}$`, 'i').test(text);
/** A shorter word is looked for as a whole value only. */
const shortestWord = 6;
/** Values of which is kept in mind whose they are. */
const mostLooked = 10_000;

const normal = (text: string): string => text.trim().normalize('NFC').toLowerCase();
const wholeName = (name: string): string => `name ${folded(name.trim())}`;
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** `null` stands for the person, and for everybody who may be told. */
type Entry = Called | null;

/** Finds everybody who is known, in any number of texts, in a few passes over each. */
export class PeopleSearch {
  private readonly reader = new AddressReader();
  private readonly ids = new Map<string, Entry>();
  private readonly addresses = new Map<string, Entry>();
  private readonly names = new NameIndex<Entry>();
  /** Names and addresses as whole values. */
  private readonly wholes = new Map<string, Entry>();
  private readonly numbers = new NumberIndex<Entry>();
  private readonly words: RegExp | null;
  private readonly ownMailboxes: MailPeople;
  private readonly lines: ReadonlySet<string>;
  private readonly knownIds: number;
  /** A value stands in many places. */
  private readonly entryOf = remembered((value) => this.lookUp(value), mostLooked);
  private readonly singleNames: ReadonlySet<string>;
  private isEmpty = true;

  constructor(known: KnownPeople, naming: PeopleNaming) {
    this.singleNames = new Set(naming.singleNames.map(folded));
    this.ownMailboxes = mailboxesOf(known.own);
    this.knownIds = known.own.ids.length;
    this.lines = new Set(known.lines.map((one) => this.reader.keyOf(one)));
    // Who is said last counts: staff before others, and the person before all.
    for (const role of ['other', 'staff'])
      for (const trace of known.traces)
        if (trace.role === role) this.add(trace, naming.call(trace));
    this.addOwn(known);
    this.words = this.wordPattern();
  }

  /** Whether it is known by which contacts the person is. */
  get knowsContact(): boolean {
    return this.knownIds > 0;
  }

  /** Whether a value is the person's own. */
  isOwn(value: string): boolean {
    const { mailbox } = this.reader.read(value);
    if (mailbox !== null && this.ownMailboxes.ownerOf(mailbox) === 'subject') return true;
    return this.entryOf(value) === null;
  }

  /** Whether a value is nobody's: a line of the company, or a mailbox of several. */
  isCompanys(value: string): boolean {
    const { mailbox } = this.reader.read(value);
    if (mailbox !== null) return this.ownMailboxes.ownerOf(mailbox) === 'company';
    return this.lines.has(this.reader.keyOf(value)) && this.entryOf(value) === undefined;
  }

  /** How somebody is called of whom a value says nothing but who they are; null for all other values. */
  whole(value: string): Called | null {
    return this.isEmpty ? null : (this.entryOf(value) ?? null);
  }

  /** How somebody is called whose name stands in two fields of a record; null for everybody else. */
  named(first: string, last: string): Called | null {
    const called = this.whole(`${first} ${last}`);
    return called && { ...called, reason: nameReasons[called.reason] ?? called.reason };
  }

  /** Everybody in a text, but for the person; in order, and with pauses. */
  *find(text: string): Generator<void, Finding[]> {
    if (this.isEmpty) return [];
    const found: Found = { others: [], own: [] };
    for (const reading of readingsOf(text)) {
      if (reading === null) {
        yield;
        continue;
      }
      const inReading = yield* this.search(reading.text);
      const back = (finding: Finding): Finding[] =>
        reading
          .sourceOf(finding)
          .map((range, i) => ({ ...finding, ...range, mark: i === 0 ? finding.mark : '' }));
      yield* each(inReading.others, (one) => found.others.push(...back(one)));
      yield* each(inReading.own, (one) => found.own.push(...reading.sourceOf(one)));
    }
    return yield* settled(found);
  }

  private lookUp(value: string): Entry | undefined {
    const places = [
      [this.ids, normal(value)],
      [this.wholes, wholeName(value)],
      [this.wholes, `address ${this.reader.keyOf(value)}`],
    ] as const;
    for (const [known, key] of places) {
      const entry = known.get(key);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  private add({ kind, value }: Pick<Trace, 'kind' | 'value'>, entry: Entry): void {
    if (value.trim() === '') return;
    if (entry !== null) this.isEmpty = false;
    if (kind === 'id') this.ids.set(normal(value), entry);
    else if (kind === 'name') this.addName(value, entry);
    else this.addAddress(value, entry);
  }

  private addName(name: string, entry: Entry): void {
    const inText = entry && { ...entry, reason: nameReasons[entry.reason] ?? entry.reason };
    this.wholes.set(wholeName(name), entry);
    for (const words of writtenForms(name)) if (words.length > 1) this.names.add(words, inText);
    // A word of the person's name may be somebody else's.
    if (entry === null) return;
    for (const word of formsOfName(name).flat())
      if (this.singleNames.has(word)) this.names.add([word], inText);
  }

  private addAddress(address: string, called: Entry): void {
    const { mailbox, phone, literal } = this.reader.read(address);
    const entry =
      mailbox === null || called === null ? called : { ...called, mark: inAddress(called.mark) };
    this.wholes.set(`address ${this.reader.keyOf(address)}`, entry);
    this.wholes.set(`address other:${literal}`, entry);
    if (mailbox !== null) this.addresses.set(this.reader.keyOf(mailbox), entry);
    else if (phone !== null) this.addNumbers(digitForms(phone), entry);
    else if (/^[+\d\s().-]+$/.test(literal))
      this.addNumbers([literal.replaceAll(/\D/g, '')], entry);
    else this.ids.set(normal(literal), entry);
  }

  private addNumbers(forms: readonly string[], entry: Entry): void {
    for (const form of forms) if (form.length >= fewestDigits) this.numbers.add(form, entry);
  }

  /** The person's own: where somebody else has the same, it stays. */
  private addOwn({ own }: KnownPeople): void {
    for (const value of own.ids) this.add({ kind: 'id', value }, null);
    for (const value of own.names) this.add({ kind: 'name', value }, null);
    for (const value of own.addresses) this.add({ kind: 'address', value }, null);
  }

  /** Ids that are no UUIDs, and names of accounts: one expression for all of them. */
  private wordPattern(): RegExp | null {
    const ids = [...this.ids.keys()].filter(
      (id) => !isUuid(id) && id.length >= shortestWord && /[^\p{L}]/u.test(id),
    );
    // Texts may have accents as letters of their own.
    const words = [...new Set(ids.flatMap((id) => [id, id.normalize('NFD')]))]
      .sort((a, b) => b.length - a.length)
      .map(escaped);
    return words.length === 0
      ? null
      : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  }

  private *search(text: string): Generator<void, Found> {
    const found: Found = { others: [], own: [] };
    for (let start = 0; start < text.length; start += windowSize) {
      const from = Math.max(0, start - seenAround);
      const window = text.slice(from, start + windowSize + seenAround);
      for (const { start: at, end, value } of this.inWindow(window)) {
        const range = { start: at + from, end: end + from };
        if (range.end <= start || range.start >= start + windowSize) continue;
        if (value === null) found.own.push(range);
        else found.others.push({ ...range, ...value });
      }
      if (text.length > windowSize) yield;
    }
    return found;
  }

  private *inWindow(text: string): Generator<Range & { value: Entry }> {
    const known = (pattern: RegExp) =>
      [...text.matchAll(pattern)].flatMap(({ 0: id, index }) => {
        const value = this.ids.get(id.normalize('NFC').toLowerCase());
        return value === undefined ? [] : [{ start: index, end: index + id.length, value }];
      });
    if (text.length >= uuidLength) yield* known(uuid);
    if (this.words !== null) yield* known(this.words);
    yield* this.names.find(text);
    yield* this.numbers.find(text);
    if (!mayHoldAddress(text)) return;
    for (const spot of addressesIn(text)) {
      const one = this.addressAt(spot);
      if (one !== null) yield one;
    }
  }

  /** Whose address stands in a text, where something else may stand right before it. */
  private addressAt(spot: Range & { address: string }): (Range & { value: Entry }) | null {
    const { start, end, address } = spot;
    for (const skip of addressStarts(address)) {
      const rest = address.slice(skip);
      const value = this.ownMailboxes.ownerOf(rest) === 'subject' ? null : this.mailbox(rest);
      if (value !== undefined) return { start: start + skip, end, value };
    }
    return null;
  }

  private mailbox(address: string): Entry | undefined {
    return this.addresses.get(this.reader.keyOf(address));
  }
}

/** Tells the person's mailboxes from others. */
export const mailboxesOf = ({ addresses }: KnownPeople['own']): MailPeople =>
  mailPeople(
    { otherPeople: 'mask' },
    addresses.filter((address) => address.includes('@')),
  );

interface Found {
  others: Finding[];
  own: Range[];
}

/** What stands for an address is one still. */
const inAddress = (mark: string): string =>
  mark === otherName
    ? otherAddress
    : `${mark.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '.')}${maskedDomain}`;

function* settled({ others, own }: Found): Generator<void, Finding[]> {
  if (others.length === 0) return others;
  const kept = yield* each(own, (range) => ({ ...range, mark: 'own', reason: '' }));
  return yield* outside(yield* merged(others), yield* merged(kept));
}
