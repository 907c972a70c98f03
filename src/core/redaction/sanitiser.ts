import type { SourceConversation, ConversationDetails } from '../genesys/conversation';
import { UnreadableError } from '../errors';
import { mostLevels, reading } from '../genesys/reading';
import { AgentNames } from './agents';
import { isCardValue, searchCards, type TextContext } from './cards';
import type { Fields } from './fields';
import { countsOf, merged, withMarks, type Finding } from './findings';
import type { JsonMarks } from './json-marks';
import { decodeText as decodeCharset, isUnreadable } from './mail/charset';
import { applyEdits } from './mail/edits';
import { cardMark, otherName } from './marks';
import {
  addressFields,
  contactFields,
  nameFields,
  userIdFields,
  type ParticipantRole,
} from './people/fields';
import { PeopleCollector } from './people/collect';
import { nobody, type KnownPeople } from './people/known';
import { keptOfParticipant } from './people/participants';
import { PeopleSearch } from './people/search';
import { patternsOf, type NamedPattern } from './patterns';
import type { AgentForm, Policy } from './policy';
import { noteRedaction, type Redactions } from './redactions';
import { isFreeMap, isId, isSearched } from './searched-fields';
import { appendInSteps, drain, each, lettersAtATime } from './steps';
import { decodeText, isUtf16, type TextPiece } from './text-files';

/** What a sanitiser knows besides the policy. */
export interface SanitiserOptions {
  /** How agents are named, where it is not as the policy says. */
  form?: AgentForm;
  /** Digits of the person's own identifiers. */
  own?: ReadonlySet<string>;
  /** Name of the file that it masks, for the log. */
  file?: string;
  /** Everybody who is known from what is masked. */
  people?: KnownPeople;
}

/** Where a value stands in its document. */
interface Position {
  /** Name of the field, or of the list that it is in. */
  field: string;
  /** Names of all fields that lead to it. */
  path: string;
  /** Whether the company chose the names of the fields here. */
  isFree: boolean;
  /** How many objects and lists lead to it, it included. */
  level: number;
}

/**
 * A name that somebody chose for a field, as a word of a program. Any other name of a map may be content
 * itself, and is not told in the log.
 */
const plainName = /^(?!.*\d{5})[A-Za-z_$][\w$-]{0,63}$/;
const nameInLog = (name: string): string => (plainName.test(name) ? name : '?');

/** Characters of texts that are masked before others may go on; a value costs as much as some of them. */
const charactersAtATime = 1 << 13;
const valueCost = 64;
const cardReason = 'cardNumber';
/** They are in most conversations: to name each file would say nothing, at great length. */
const everywhere: ReadonlySet<string> = new Set([
  ...['agent', 'agentName', 'otherPerson', 'otherPersonName'],
]);
/** Such a name of a field holds no card number, and nobody's address or name but for a single one. */
const oneWord = /^[A-Za-z]+$/;

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Whether words are those of a text. Of long ones that is not asked: to search them costs no more. */
const isSaid = (words: string, text: unknown): boolean =>
  typeof text === 'string' &&
  words.length + text.length < lettersAtATime &&
  letters(words) === letters(text);

/** Fields in which records of other systems hold the two parts of a name. */
const namesInFields = (
  'firstName lastName,first_name last_name,firstname lastname,FirstName LastName,' +
  'givenName familyName,given_name family_name,givenName surname,Vorname Nachname,vorname nachname'
)
  .split(',')
  .map((pair) => pair.split(' ') as [string, string]);

const nothing = new Uint8Array(0);

/** A smaller number is nobody's phone number. */
const leastPhone = 1_000_000;

/** What is said, of words in a list: texts, or objects with a text each (TranscriptWord). */
export const wordsOf = (words: unknown): string[] =>
  (Array.isArray(words) ? (words as unknown[]) : []).flatMap((one) => {
    const word = typeof one === 'object' && one !== null ? (one as Fields)['word'] : one;
    return typeof word === 'string' ? [word] : [];
  });

/** Sets a field of any name: an assignment to `__proto__` sets none. */
function setField(fields: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') fields[name] = value;
  else
    Object.defineProperty(fields, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

/** A name that no field has yet. */
function free(name: string, taken: Fields): string {
  let key = name;
  for (let i = 2; Object.hasOwn(taken, key); i += 1) key = `${name} ${i}`;
  return key;
}

/** Masks texts and documents by a policy, and notes what it has masked. */
export class Sanitiser {
  /** Shared with what `in` returns. */
  private readonly log: { redactions: Redactions; known: KnownPeople; people: PeopleSearch };
  /** Name of the file that what is masked now is written to. */
  file: string;
  private readonly patterns: readonly NamedPattern[];
  private readonly agents: AgentNames;
  /** Characters that were masked since others could go on. */
  private walked = 0;
  private readonly context: TextContext;

  /** @param pseudonymOf a name for the id of a user, the same for the same one within a package */
  constructor(
    private readonly policy: Policy,
    pseudonymOf: (userId: string) => string,
    { form = policy.agents, own = new Set(), file = '', people = nobody }: SanitiserOptions = {},
  ) {
    this.file = file;
    this.context = { own };
    this.agents = new AgentNames(form, pseudonymOf);
    this.log = { redactions: {}, known: people, people: this.search(people) };
    this.patterns = patternsOf(policy);
  }

  /** Looks for everybody who is known from here on, in the place of whom was known before. */
  know(people: KnownPeople): void {
    this.log.known = people;
    this.log.people = this.search(people);
  }

  /** Looks for everybody in a document of the source, too, from here on; in steps. */
  *meetInSteps(document: unknown): Generator<void, void> {
    const collector = new PeopleCollector(this.log.known);
    yield* collector.document(document);
    this.know(collector.known);
  }

  get redactions(): Redactions {
    return this.log.redactions;
  }

  set redactions(redactions: Redactions) {
    this.log.redactions = redactions;
  }

  /**
   * What is masked in a text, or in a text with markup or separated values: card numbers, what the
   * policy's patterns find in the text as it stands, and people who are known. Nothing is noted.
   * @param field name of the field that holds it
   * @returns findings in order; none overlaps another
   */
  find(value: string, field?: string): Finding[] {
    return drain(this.findInSteps(value, field));
  }

  /** The same in steps, between which whoever searches a long text lets others go on. */
  *findInSteps(value: string, field?: string): Generator<void, Finding[]> {
    const found: Finding[] = [];
    if (this.policy.cardNumbers === 'mask') {
      const cards = yield* searchCards(value, { ...this.context, field });
      yield* each(cards, (card) =>
        card.forEach((part, i) =>
          found.push({ ...part, mark: i === 0 ? cardMark : '', reason: cardReason }),
        ),
      );
    }
    for (const { reason, pattern, mark } of this.patterns) {
      const matches = yield* pattern.findInSteps(value);
      yield* each(matches, (match) => found.push({ ...match, mark, reason }));
    }
    yield* appendInSteps(found, yield* this.log.people.find(value));
    return yield* merged(found);
  }

  /**
   * A text without what is masked in it. Markup stays as it is.
   * @param field where it stands, for the log
   * @see find
   */
  text(value: string, field = ''): string {
    return drain(this.textInSteps(value, field));
  }

  /** The same in steps, between which whoever masks a long text lets others go on. */
  *textInSteps(value: string, field = ''): Generator<void, string> {
    return yield* this.maskText(value, { path: field });
  }

  /**
   * The bytes of a text file, masked, in steps. What is not masked keeps its bytes.
   * @param json for a file of JSON, which stays JSON
   */
  *bytesInSteps(bytes: Uint8Array, json: JsonMarks | null = null): Generator<void, Uint8Array> {
    if (isUtf16(bytes)) {
      const masked = yield* this.wholeInSteps(Buffer.from(bytes), 'utf-16', json);
      return masked.equals(bytes) ? bytes : masked;
    }
    const piece = { before: nothing, body: bytes, after: nothing };
    return (yield* this.pieceInSteps(piece, json)).bytes;
  }

  /**
   * The next piece of a text file, masked, in steps.
   * @param json the same for all pieces of a file of JSON
   * @returns what stands in the place of the piece, and how many bytes behind it that covers, too
   */
  *pieceInSteps(
    { before, body, after }: TextPiece,
    json: JsonMarks | null = null,
  ): Generator<void, { bytes: Uint8Array; covered: number }> {
    const [near, { text, encode }, behind] = [
      decodeText(before),
      decodeText(body),
      decodeText(after),
    ];
    const from = near.text.length;
    const all = yield* this.findInSteps(near.text + text + behind.text);
    const found: Finding[] = [];
    let over = 0;
    yield* each(all, (one) => {
      const [start, end] = [Math.max(one.start - from, 0), one.end - from];
      if (end <= 0 || start >= text.length) return;
      over = Math.max(0, end - text.length);
      found.push({ ...one, start, end: Math.min(end, text.length) });
    });
    yield* this.noteFindings(found, '');
    const findings = json === null ? found : yield* json.quoted(text, found);
    return {
      bytes: findings.length === 0 ? body : encode(yield* withMarks(text, findings)),
      covered: behind.encode(behind.text.slice(0, over)).length,
    };
  }

  /**
   * The bytes of a whole text file in a charset that is named, masked, in steps. What is not masked keeps
   * its bytes.
   * @param charset in lower case
   * @throws UnreadableError when nobody can read the charset
   */
  *wholeInSteps(
    bytes: Buffer,
    charset: string,
    json: JsonMarks | null = null,
  ): Generator<void, Buffer> {
    if (isUnreadable(charset)) throw new UnreadableError('notReadable');
    const { text, toBytes } = yield* decodeCharset(bytes, charset);
    const found = yield* this.findInSteps(text);
    yield* this.noteFindings(found, '');
    const findings = json === null ? found : yield* json.quoted(text, found);
    const edits = yield* each(findings, ({ start, end, mark }) => ({ start, end, text: mark }));
    return yield* applyEdits(bytes, yield* toBytes(edits));
  }

  /** The same sanitiser for another file, whose redactions are noted with those of this one. */
  in(file: string): Sanitiser {
    const other = Object.create(this) as Sanitiser;
    other.file = file;
    return other;
  }

  /**
   * A document of the source with its texts and numbers masked and its agents called as the policy says.
   * @param path where the document stands in its file, for the log
   * @throws UnreadableError when it cannot be processed
   */
  document<T>(value: T, path = ''): T {
    return drain(this.documentInSteps(value, path));
  }

  /** The same in steps, between which whoever masks a large document lets others go on. */
  *documentInSteps<T>(value: T, path = ''): Generator<void, T> {
    const before = structuredClone(this.redactions);
    const walk = this.walk(value, { field: '', path, isFree: false, level: 1 });
    try {
      for (;;) {
        const step = reading(() => walk.next());
        if (step.done) return step.value as T;
        yield;
      }
    } catch (error) {
      // What is not written was not masked.
      this.redactions = before;
      throw error;
    }
  }

  /**
   * A conversation in which of staff and of other people only what tells nobody is kept.
   * @param roleOf what a participant is
   */
  participants<T extends SourceConversation | ConversationDetails>(
    conversation: T,
    roleOf: (participant: Fields) => ParticipantRole,
  ): T {
    const { participants } = conversation as { participants?: Fields[] };
    if (!participants) return conversation;
    const masked = participants.map((participant) => {
      const role = roleOf(participant);
      if (role === 'other' && this.policy.otherPeople === 'mask') {
        this.note('otherPerson', 'participants[]');
        const name = (): string => otherName;
        return keptOfParticipant(participant, role, { name, address: this.kept(otherName) });
      }
      if (role !== 'staff' || this.agents.areNamed) return participant;
      const { userId } = participant;
      const pseudonym = typeof userId === 'string' ? this.agents.id(userId) : null;
      const name = (given: string): string => this.agents.display(given, pseudonym);
      return keptOfParticipant(participant, role, { name, address: this.kept(name('')) });
    });
    return { ...conversation, participants: masked };
  }

  /** An address as it may stay; what stands for whom it is of, or for whoever it may be. */
  private kept(otherwise: string): (value: string) => string {
    const { people } = this.log;
    return (value) => {
      if (people.isOwn(value) || people.isCompanys(value)) return value;
      return people.whole(value)?.mark ?? otherwise;
    };
  }

  private search(people: KnownPeople): PeopleSearch {
    return new PeopleSearch(people, {
      call: (trace) => {
        if (trace.role === 'staff') {
          const mark = this.agents.call(trace);
          return mark === null ? null : { mark, reason: 'agent' };
        }
        const isKept = this.policy.otherPeople === 'keep';
        return isKept ? null : { mark: otherName, reason: 'otherPerson' };
      },
      singleNames: this.policy.singleNames,
    });
  }

  /**
   * Notes that something was masked, or that nobody could look into it.
   * @param reason a code of `Redactions`
   * @param field where it stands, for the log
   */
  note(reason: string, field: string, count = 1): void {
    const file = everywhere.has(reason)
      ? this.file.replace(/(?<=conversations\/)[^/]+/, '*')
      : this.file;
    noteRedaction(this.redactions, reason, { file, field }, count);
  }

  private *noteFindings(findings: readonly Finding[], field: string): Generator<void, void> {
    for (const [reason, count] of yield* countsOf(findings)) this.note(reason, field, count);
  }

  private *maskText(
    value: string,
    { field, path }: Pick<Position, 'path'> & Partial<Pick<Position, 'field'>>,
  ): Generator<void, string> {
    const findings = yield* this.findInSteps(value, field);
    yield* this.noteFindings(findings, path);
    return yield* withMarks(value, findings);
  }

  private *walk(value: unknown, position: Position): Generator<void, unknown> {
    this.walked += typeof value === 'string' ? value.length + valueCost : valueCost;
    if (this.walked > charactersAtATime) {
      this.walked = 0;
      yield;
    }
    if (typeof value === 'string') return yield* this.maskString(value, position);
    if (typeof value === 'number') return this.maskNumber(value, position);
    if (typeof value !== 'object' || value === null) return value;
    if (position.level > mostLevels) throw new UnreadableError('tooDeep');
    if (Array.isArray(value)) {
      const inner = { ...position, path: `${position.path}[]`, level: position.level + 1 };
      const result: unknown[] = [];
      for (const one of value) result.push(yield* this.walk(one, inner));
      return result;
    }
    return yield* this.walkFields(value as Fields, position);
  }

  private *maskString(value: string, position: Position): Generator<void, string> {
    const { field, path, isFree } = position;
    const known = isFree ? null : this.personIn(value, field);
    if (known !== null) {
      this.note(known.reason, path);
      return known.mark;
    }
    if (isFree || isSearched(field, value)) return yield* this.maskText(value, position);
    const people = yield* this.log.people.find(value);
    yield* this.noteFindings(people, path);
    return yield* withMarks(value, people);
  }

  /** Who stands in a field that holds an id, a name or an address of somebody; null for everybody else. */
  private personIn(value: string, field: string): { mark: string; reason: string } | null {
    if (userIdFields.has(field) && value !== '' && !this.agents.areNamed)
      return { mark: this.agents.id(value), reason: 'agent' };
    const isTelling = addressFields.has(field) || nameFields.has(field) || isId(field);
    return isTelling ? this.log.people.whole(value) : null;
  }

  private *walkFields(value: Fields, position: Position): Generator<void, Fields> {
    const { field, path } = position;
    const level = position.level + 1;
    if (this.isOtherContact(value, position)) {
      this.note('otherPerson', path);
      return { name: otherName };
    }
    const withoutAgent = position.isFree ? null : this.agents.mask(value, field);
    if (withoutAgent !== null) this.note('agent', path);
    const own = withoutAgent ?? value;
    const inFields = this.nameInFields(own, path);
    const result: Fields = {};
    const isFree = position.isFree || isFreeMap(field);
    for (const name of Object.keys(own)) {
      const mayTell = isFree || !oneWord.test(name);
      const key = free(mayTell ? yield* this.maskKey(name, path) : name, result);
      const shown = nameInLog(key);
      const at = { field: name, path: path === '' ? shown : `${path}.${shown}`, isFree, level };
      // What stands for a user is none of which another could stand.
      const isDone = Object.hasOwn(inFields, name) || (withoutAgent !== null && name === 'userId');
      setField(
        result,
        key,
        isDone ? (inFields[name] ?? own[name]) : yield* this.walk(own[name], at),
      );
    }
    // What was said word by word says it again.
    const isChanged = ['text', 'decoratedText'].some(
      (one) => typeof own[one] === 'string' && own[one] !== result[one],
    );
    if ('words' in own && (isChanged || (yield* this.isToldBy(own, path)))) {
      delete result['words'];
      delete result['alternatives'];
    }
    return result;
  }

  /** Whether words that stand apart hold together what is masked. What one word holds is masked in it. */
  private *isToldBy({ words, text }: Fields, path: string): Generator<void, boolean> {
    const joined = wordsOf(words).join(' ');
    // Mostly they are those of the text, in which nothing was found.
    if (isSaid(joined, text)) return false;
    const found = yield* this.findInSteps(joined);
    const isSplit = found.some(({ start, end }) => joined.slice(start, end).includes(' '));
    if (isSplit) yield* this.noteFindings(found, `${path}.words[]`);
    return isSplit;
  }

  /** What stands for the two fields of a record that together name somebody. */
  private nameInFields(record: Fields, path: string): Record<string, string> {
    for (const [first, last] of namesInFields) {
      const [one, other] = [record[first], record[last]];
      if (typeof one !== 'string' || typeof other !== 'string') continue;
      const called = this.log.people.named(one, other);
      if (called === null) continue;
      this.note(called.reason, path);
      return { [first]: called.mark, [last]: called.mark };
    }
    return {};
  }

  private isOtherContact({ id }: Fields, { field, isFree }: Position): boolean {
    if (isFree || !contactFields.has(field) || typeof id !== 'string') return false;
    const { people } = this.log;
    return this.policy.otherPeople === 'mask' && people.knowsContact && !people.isOwn(id);
  }

  /** The name of a field without a card number and without people. */
  private *maskKey(name: string, path: string): Generator<void, string> {
    const isPattern = ({ reason }: Finding): boolean => reason.startsWith('pattern:');
    const found = (yield* this.findInSteps(name)).filter((one) => !isPattern(one));
    yield* this.noteFindings(found, path);
    return yield* withMarks(name, found);
  }

  private maskNumber(value: number, { field, path, isFree }: Position): unknown {
    // The company's own maps hold phone numbers as numbers, too; elsewhere numbers count and measure.
    const mayTell = isFree && Math.abs(value) >= leastPhone;
    const [person] = mayTell ? drain(this.log.people.find(String(value))) : [];
    if (person !== undefined) {
      this.note(person.reason, path);
      return person.mark;
    }
    if (this.policy.cardNumbers !== 'mask' || (!isFree && !isSearched(field, String(value))))
      return value;
    if (!isCardValue(value, { ...this.context, field })) return value;
    this.note(cardReason, path);
    return cardMark;
  }
}
