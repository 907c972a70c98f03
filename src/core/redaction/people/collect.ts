import { mostLevels } from '../../genesys/reading';
import type { Fields } from '../fields';
import { addressesIn } from '../mail/find-people';
import { namesCompany, type MailPeople } from '../mail/people';
import { otherName } from '../marks';
import { AddressReader, addressStarts } from './addresses';
import {
  addressFields,
  communicationFields,
  contactFields,
  isStaffPurpose,
  userFields,
  userIdFields,
  type ParticipantRole,
} from './fields';
import { isFreeMap } from '../searched-fields';
import type { KnownPeople, PersonRole, Trace } from './known';
import { folded } from './names';
import { isUuid, mailboxesOf } from './search';

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const textsIn = (value: unknown): string[] =>
  listOf(value).filter((one): one is string => typeof one === 'string' && one.trim() !== '');
const fieldsIn = (value: unknown): Fields[] => listOf(value).filter(isFields);
/** Every text of an address, or of an address with names beside it (Address). */
const textsOf = (value: unknown): string[] => [
  ...textsIn(value),
  ...fieldsIn(value).flatMap((one) => Object.values(one).flatMap(textsIn)),
];

/** What says what somebody is, and not who. */
const generic = /^(agent|user|customer|external|internal|acd|system|bot|unknown|anonymous|none)$/i;
/** Texts of mails, in which addresses of others stand. */
const mailTexts: ReadonlySet<string> = new Set(['subject', 'textBody', 'htmlBody']);

/** Characters that are looked at before others may go on; a value costs as much as some of them. */
const charactersAtATime = 1 << 15;
const valueCost = 64;
const longestAddress = 320;

/** Names of participants and of whom they speak with. */
const ownNames = ['name', 'participantName', 'aniName', 'callbackUserName'];
/** Addresses of the side on which a participant is, whatever the direction. */
const ownSide = ['address', 'addressSelf', 'callbackNumbers', 'videoAddressSelf'];
/** Addresses of somebody of the company. */
const staffSide = ['address', 'self', 'addressSelf', 'videoAddressSelf', 'screenShareAddressSelf'];
/** Addresses of which the direction tells whose they are. */
const callers = ['ani', 'addressFrom', 'fromAddress'];
const called = ['dnis', 'sessionDnis', 'addressTo', 'toAddress'];
/** Names and addresses of whom somebody of the company speaks with. */
const outside = [
  ...[...callers, ...called, 'addressOther', 'remote', 'callbackNumbers'],
  ...['remoteNameDisplayable', 'callbackUserName'],
];

/** A participant, or one of its communications: what stands on its own side, and on the other. */
function sidesOf(value: Fields, direction: unknown): { self: unknown[]; other: unknown[] } {
  const at = (names: readonly string[]): unknown[] => names.map((name) => value[name]);
  const [near, far] = direction === 'outbound' ? [called, callers] : [callers, called];
  const isKnown = direction === 'inbound' || direction === 'outbound';
  return {
    self: [...at(ownSide), ...at(near), value['self']],
    other: [...(isKnown ? at(far) : []), value['addressOther'], value['other']],
  };
}

/** Takes note of everybody in the documents of a conversation. */
export class PeopleCollector {
  private readonly reader = new AddressReader();
  private readonly traces = new Map<string, Trace>();
  /** Numbers of the company, by what they are compared by. */
  private readonly lines: Map<string, string>;
  private readonly own: KnownPeople['own'];
  private readonly ownKeys: Set<string>;
  /** Names that are the person's for sure. */
  private readonly certain: ReadonlySet<string>;
  private mailboxes: MailPeople;

  /** @param known who is known already, the person among them */
  constructor(known: KnownPeople) {
    const { ids, names, addresses } = known.own;
    this.own = { ids: [...ids], names: [...names], addresses: [...addresses] };
    this.lines = new Map(known.lines.map((line) => [this.reader.keyOf(line), line]));
    this.ownKeys = new Set([
      ...addresses.map((one) => this.reader.keyOf(one)),
      ...names.map(nameKey),
    ]);
    this.certain = new Set(names.map(nameKey));
    this.mailboxes = mailboxesOf(this.own);
    for (const trace of known.traces) this.note(trace);
  }

  get known(): KnownPeople {
    return { traces: [...this.traces.values()], own: this.own, lines: [...this.lines.values()] };
  }

  /**
   * Everybody in the participants of a conversation.
   * @param conversation as analytics reports it, or the conversations API
   */
  *conversation(
    conversation: unknown,
    roleOf: (participant: Fields) => ParticipantRole,
  ): Generator<void, void> {
    const { participants } = Object(conversation) as Fields;
    const all = fieldsIn(participants).map((value) => ({
      value,
      role: roleOf(value),
    }));
    // What is the person's, and what is the company's, is known before anything is said of others.
    for (const { value, role } of all) if (role === 'own') this.ownParticipant(value);
    for (const { value, role } of all) if (role === 'other') this.otherParticipant(value);
    for (const { value, role } of all) if (role === 'staff') this.staffParticipant(value);
    for (const { value } of all) this.destinations(value);
    for (const { value, role } of all) if (role === 'staff') this.spokenWith(value);
    yield* this.document(conversation);
  }

  /** Users, contacts and mailboxes in any document of the source. It yields now and then. */
  *document(value: unknown): Generator<void, void> {
    let walked = 0;
    const stack: { value: unknown; field: string; level: number }[] = [
      { value, field: '', level: 1 },
    ];
    for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
      const { field, level } = one;
      if (level > mostLevels) continue;
      if (Array.isArray(one.value))
        for (const inner of one.value) stack.push({ value: inner, field, level: level + 1 });
      else if (typeof one.value === 'string') {
        yield* this.text(one.value, field);
        walked += one.value.length;
      } else if (isFields(one.value) && !isFreeMap(field)) {
        this.object(one.value, field);
        for (const [name, inner] of Object.entries(one.value))
          stack.push({ value: inner, field: name, level: level + 1 });
      }
      walked += valueCost;
      if (walked > charactersAtATime) {
        walked = 0;
        yield;
      }
    }
  }

  private ownParticipant(participant: Fields): void {
    const { externalContactId } = participant;
    if (typeof externalContactId === 'string') this.own.ids.push(externalContactId);
    for (const one of partsOf(participant)) {
      const { self, other } = sidesOf(one, one['direction'] ?? directionOf(participant));
      for (const name of ownNames) for (const text of textsIn(one[name])) this.ownText(text);
      for (const text of self.flatMap(textsOf)) this.ownText(text);
      // What a participant itself says of the address that was dialled is said in sessions, too.
      for (const value of other) for (const text of textsIn(value)) this.line(text);
    }
  }

  private ownText(text: string): void {
    const isName = !this.reader.isAddress(text);
    if (isName && generic.test(text.trim())) return;
    const key = isName ? nameKey(text) : this.reader.keyOf(text);
    if (this.ownKeys.has(key)) return;
    this.ownKeys.add(key);
    this.traces.delete(key);
    (isName ? this.own.names : this.own.addresses).push(text);
    if (text.includes('@')) this.mailboxes = mailboxesOf(this.own);
  }

  /** Names of staff: that the person's own fields hold them, too, does not make them the person's. */
  private unclaim(names: readonly unknown[]): void {
    const keys = new Set(names.flatMap(textsIn).map(nameKey));
    const isClaimed = (name: string): boolean =>
      keys.has(nameKey(name)) && !this.certain.has(nameKey(name));
    this.own.names.filter(isClaimed).forEach((name) => this.ownKeys.delete(nameKey(name)));
    this.own.names = this.own.names.filter((name) => !isClaimed(name));
  }

  private line(text: string): void {
    const { phone } = this.reader.read(text);
    if (phone !== null && !this.isOwnAddress(text)) this.lines.set(this.reader.keyOf(text), text);
  }

  private otherParticipant(participant: Fields): void {
    const { externalContactId } = participant;
    if (typeof externalContactId === 'string') this.id('other', externalContactId);
    for (const one of partsOf(participant)) {
      const direction = one['direction'] ?? directionOf(participant);
      const { self } = sidesOf(one, direction);
      this.names(
        'other',
        ownNames.map((name) => one[name]),
      );
      // Without a direction, what was called may be the company's.
      if (typeof direction === 'string') this.noLines(self);
      this.names('other', [...self, one['remote']].flatMap(textsOf));
    }
  }

  private staffParticipant(participant: Fields): void {
    const userId = textsIn(participant['userId'])[0];
    const names = [participant['name'], participant['participantName']];
    this.unclaim(names);
    this.names('staff', names, userId);
    for (const one of partsOf(participant))
      for (const name of staffSide) {
        this.noLines([one[name]]);
        this.names('staff', textsOf(one[name]), userId);
      }
  }

  /** Addresses that are somebody's, though the person has called them. */
  private noLines(values: readonly unknown[]): void {
    for (const text of values.flatMap(textsOf)) this.lines.delete(this.reader.keyOf(text));
  }

  /** Where the source was to connect somebody with: numbers are outside, mailboxes are users'. */
  private destinations(participant: Fields): void {
    for (const { destinationAddresses } of partsOf(participant))
      for (const text of textsIn(destinationAddresses)) {
        const isKnown = this.traces.has(this.reader.keyOf(text));
        if (!isKnown) this.address(text.includes('@') ? 'staff' : 'other', text);
      }
  }

  /** Everybody else whom somebody of the company has spoken with. */
  private spokenWith(participant: Fields): void {
    for (const one of partsOf(participant)) {
      for (const name of outside) this.names('other', [one[name]]);
      this.names('other', textsOf(one['other']));
    }
  }

  private object(value: Fields, field: string): void {
    if (userFields.has(field)) this.user(value);
    if (contactFields.has(field)) this.contact(value);
    this.changed(value);
    if (typeof value['email'] === 'string') this.mailbox(value['email'], value['name']);
    const purpose = value['purpose'] ?? value['participantPurpose'];
    const isParticipant = field === 'participants' || communicationFields.has(field);
    if (isStaffPurpose(purpose) && !isParticipant) {
      const userId = textsIn(value['userId'])[0];
      for (const name of ['name', 'participantName', 'displayName', 'nickname', 'from'])
        for (const text of textsIn(value[name]))
          if (!this.reader.isAddress(text)) this.names('staff', [text], userId);
    }
  }

  /** A change of who is or was responsible for something (PropertyChange). */
  private changed({ property, oldValues, newValues }: Fields): void {
    if (typeof property !== 'string') return;
    const field = property.slice(
      Math.max(property.lastIndexOf('.'), property.lastIndexOf('/')) + 1,
    );
    const isUser = userFields.has(field) || userIdFields.has(field);
    for (const value of isUser ? [oldValues, newValues].flatMap(textsIn) : [])
      if (isUuid(value)) this.id('staff', value);
      else this.names('staff', [value]);
  }

  private user(value: Fields): void {
    const userId = textsIn(value['id'])[0];
    if (userId !== undefined) this.id('staff', userId);
    const { firstName, lastName } = value;
    const whole = [firstName, lastName].flatMap(textsIn).join(' ');
    const names = [value['name'], value['displayName'], value['preferredName'], whole];
    this.names('staff', names, userId);
    const chat = fieldsIn(value['chat']).map(({ jabberId }) => jabberId);
    const further = [value['addresses'], value['primaryContactInfo']]
      .flatMap(fieldsIn)
      .flatMap(({ address, display }) => [address, display]);
    for (const text of [value['email'], value['username'], ...chat, ...further].flatMap(textsIn))
      this.address('staff', text, userId);
  }

  private contact(value: Fields): void {
    const id = textsIn(value['id'])[0];
    if (id === undefined || this.own.ids.includes(id)) return;
    this.id('other', id);
    const whole = [value['firstName'], value['lastName']].flatMap(textsIn).join(' ');
    this.names('other', [value['name'], whole]);
    for (const [name, inner] of Object.entries(value)) {
      if (/email$/i.test(name)) this.names('other', textsOf(inner));
      if (/phone$/i.test(name))
        for (const { e164, display } of fieldsIn(inner)) this.names('other', [e164 ?? display]);
    }
  }

  /** A mailbox with the name beside it (EmailAddress), of whomever. */
  private mailbox(written: string, name: unknown): void {
    const { mailbox } = this.reader.read(written);
    const owner = this.mailboxes.ownerOf(mailbox ?? written);
    const { role, userId } = this.traces.get(this.reader.keyOf(written)) ?? { role: 'other' };
    this.address(role, written, userId);
    for (const text of textsIn(name))
      if (owner === 'subject') this.ownText(text);
      else if (owner === 'other' || !namesCompany(text, written)) this.names(role, [text], userId);
  }

  private *text(value: string, field: string): Generator<void, void> {
    if (userIdFields.has(field)) this.id('staff', value);
    const userId = field === 'userUri' ? /\/users\/([\w-]{8,})/.exec(value)?.[1] : undefined;
    if (userId !== undefined) this.id('staff', userId);
    if (!mailTexts.has(field) && !addressFields.has(field)) return;
    for (let at = 0; at < value.length; at += charactersAtATime) {
      if (at > 0) yield;
      // An address that lies on the border of two pieces is whole in one of them.
      const piece = value.slice(Math.max(0, at - longestAddress), at + charactersAtATime);
      for (const { address } of addressesIn(piece)) this.mailboxIn(address);
    }
  }

  /** A mailbox in a text, where something else may stand right before it. */
  private mailboxIn(written: string): void {
    const starts = addressStarts(written);
    const all = starts.map((start) => written.slice(start));
    const isKnown = (address: string): boolean =>
      this.traces.has(this.reader.keyOf(address)) || this.mailboxes.ownerOf(address) !== 'other';
    if (!all.some(isKnown)) this.mailbox(written.slice(Math.max(...starts)), undefined);
  }

  private id(role: PersonRole, value: string): void {
    if (value.trim() === '' || this.own.ids.includes(value)) return;
    this.note({ role, kind: 'id', value, ...(role === 'staff' ? { userId: value } : {}) });
  }

  private names(role: PersonRole, values: readonly unknown[], userId?: string): void {
    for (const value of values.flatMap(textsIn)) {
      if (this.reader.isAddress(value)) this.address(role, value, userId);
      else if (
        !generic.test(value.trim()) &&
        value !== otherName &&
        !this.ownKeys.has(nameKey(value))
      )
        this.note({ role, kind: 'name', value, ...(userId === undefined ? {} : { userId }) });
    }
  }

  private isOwnAddress(text: string): boolean {
    const { mailbox } = this.reader.read(text);
    if (mailbox !== null && this.mailboxes.ownerOf(mailbox) === 'subject') return true;
    return this.ownKeys.has(this.reader.keyOf(text));
  }

  private address(role: PersonRole, value: string, userId?: string): void {
    const { mailbox } = this.reader.read(value);
    if (!this.reader.isAddress(value) || this.isOwnAddress(value)) return;
    if (mailbox !== null && this.mailboxes.ownerOf(mailbox) === 'company') return;
    if (this.lines.has(this.reader.keyOf(value))) return;
    this.note({ role, kind: 'address', value, ...(userId === undefined ? {} : { userId }) });
  }

  private keyOf({ kind, value }: Trace): string {
    if (kind === 'name') return nameKey(value);
    return kind === 'address' ? this.reader.keyOf(value) : `id:${value.toLowerCase()}`;
  }

  /** Staff goes before others, and who is known by an id before who is not. */
  private note(trace: Trace): void {
    const key = this.keyOf(trace);
    const known = this.traces.get(key);
    const isBetter =
      known === undefined ||
      (known.role === 'other' && trace.role === 'staff') ||
      (known.role === trace.role && known.userId === undefined && trace.userId !== undefined);
    if (isBetter) this.traces.set(key, trace);
  }
}

const nameKey = (name: string): string => `name:${folded(name.trim())}`;

/** A participant, and what it has communicated by. */
const partsOf = (participant: Fields): Fields[] => [
  participant,
  ...[...communicationFields].flatMap((name) => fieldsIn(participant[name])),
];

/** The direction of a participant's first communication, which its own fields have, too. */
const directionOf = (participant: Fields): unknown =>
  partsOf(participant).find(({ direction }) => typeof direction === 'string')?.['direction'];
