import fc from 'fast-check';
import type { SourceConversation, SourceParticipant } from '../../src/core/genesys/conversation';
import type { Contact, HeldSince } from '../../src/core/subject/contact';
import type { ContactSource } from '../../src/ports';

/**
 * Generated people, their contacts and their conversations, with the truth beside: who took part in each
 * conversation, and by which line. It shares nothing with `src/core/subject`: what is one line is written
 * down here, by hand.
 */

type LineType = 'phone' | 'email' | 'whatsapp';

/** A line, a mailbox or an id at a network, in the spellings that are one. */
export interface Line {
  name: string;
  type: LineType;
  /** As contacts have it on file, and requests name it. */
  onFile: string[];
  /** As conversations carry it. */
  carried: string[];
}

const phone = (name: string, ...numbers: string[]): Line => ({
  name,
  type: 'phone',
  onFile: numbers,
  carried: numbers.flatMap((number) => [`tel:${number}`, number]),
});
export const lines: readonly Line[] = [
  phone('mobile', '+491511234561'),
  phone('office', '+493012345670'),
  phone('Mexican', '+5215512345678', '+525512345678'),
  phone('Brazilian', '+551181234567', '+5511981234567'),
  {
    name: 'Gmail',
    type: 'email',
    onFile: ['firstlast@gmail.com', 'first.last@googlemail.com'],
    carried: ['first.last@gmail.com', 'firstlast@googlemail.com'],
  },
  {
    name: 'family mailbox',
    type: 'email',
    onFile: ['family@xn--mnchen-3ya.example'],
    carried: ['family@münchen.example', 'family@xn--mnchen-3ya.example'],
  },
  {
    name: 'WhatsApp',
    type: 'whatsapp',
    onFile: ['+5215598765432', '+525598765432'],
    carried: ['5215598765432', '+525598765432', '525598765432'],
  },
];

/** Whose line a value on file is. */
export const lineOf = (type: string, value: string): Line => {
  const line = lines.find((one) => one.type === type && one.onFile.includes(value));
  if (line === undefined) throw new Error('There is no such line.');
  return line;
};

/** What a record of a contact holds of a line. */
export interface Held {
  line: Line;
  value: string;
  /** Year since which the source says that the contact has it; null where it does not say. */
  since: number | null;
  extension: string | null;
}

export interface Recorded {
  id: string;
  /** Year in which the record began; null where the source does not say. */
  created: number | null;
  held: Held[];
}

export interface Person extends Recorded {
  /** Whose contact it is, in truth. */
  owner: number;
  /** In a division that the app does not see: conversations carry its id, and no search finds it. */
  isHidden: boolean;
  merged: (Recorded & { isDeleted: boolean }) | null;
}

/** Somebody outside the company in a conversation. */
export interface Outsider {
  person: number;
  /** Id that the source has linked to it; null without one. */
  contactId: string | null;
  line: Line | null;
}

export interface Talk {
  id: string;
  year: number;
  outsiders: Outsider[];
  /** As the source reports it. */
  conversation: SourceConversation;
}

export interface People {
  contacts: Person[];
  talks: Talk[];
  /** What the request names: lines and how it spells them. */
  asked: { type: LineType; value: string }[];
}

/** Nobody of whom there is a contact. */
const stranger = 9;

/** Choices that shrink to the first of everything. */
export class Chooser {
  constructor(private readonly value: fc.GeneratorValue) {}

  upTo(max: number): number {
    return this.value(fc.nat, { max });
  }

  of<T>(values: readonly T[]): T {
    return values[this.upTo(values.length - 1)] as T;
  }

  /** Whether something happens that happens so many times in a hundred. */
  isNow(percent: number): boolean {
    return this.upTo(99) >= 100 - percent;
  }

  some<T>(values: readonly T[], percent: number): T[] {
    return values.filter(() => this.isNow(percent));
  }
}

const guid = (kind: number, number: number): string =>
  `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const timeIn = (year: number): string => new Date(Date.UTC(year, 5, 1)).toISOString();

/** A record with some of the lines that there are. */
function recordOf(choose: Chooser, id: string, among: readonly Line[]): Recorded {
  return {
    id,
    created: choose.of([2016, 2019, 2022, null]),
    held: choose.some(among, 45).map((line) => ({
      line,
      value: choose.of(line.onFile),
      since: choose.isNow(30) ? choose.of([2017, 2020, 2023]) : null,
      extension: line.type === 'phone' && choose.isNow(8) ? '12' : null,
    })),
  };
}

function contactOf(choose: Chooser, number: number, among: readonly Line[]): Person {
  const isMerged = choose.isNow(40);
  return {
    ...recordOf(choose, guid(1, number), among),
    owner: choose.upTo(2),
    isHidden: choose.isNow(12),
    merged: isMerged
      ? { ...recordOf(choose, guid(2, number), among), isDeleted: choose.isNow(20) }
      : null,
  };
}

const has = (record: Recorded | null, line: Line): boolean =>
  record?.held.some((held) => held.line === line) ?? false;

/** The year in which a line came to those who have it now; null when it did not, or nobody can tell. */
function newSince(contacts: readonly Person[], line: Line): number | null {
  if (line.type === 'email') return null;
  const years = contacts
    .flatMap((one) => [one, one.merged])
    .flatMap((record) =>
      (record?.held ?? [])
        .filter((held) => held.line === line)
        .map(({ since }) => since ?? record?.created ?? null),
    );
  return years.length === 0 || years.includes(null)
    ? null
    : Math.min(...years.map((year) => year ?? 0));
}

/**
 * Who may have used a line in a year, in a conversation that the source has linked to nobody: as far as
 * what the source shows lets anybody know. Where one contact has a line, nobody can tell that it was
 * somebody else's all the same.
 */
export function usersOf(
  { contacts, asked }: Pick<People, 'contacts' | 'asked'>,
  line: Line,
  year: number,
): number[] {
  const everybody = [0, 1, 2, stranger];
  const visible = contacts.filter(({ isHidden }) => !isHidden);
  const named = asked.map(({ type, value }) => lineOf(type, value));
  const isCandidate = (one: Person): boolean => named.some((each) => has(one, each));
  const holders = visible.filter((one) => has(one, line));
  const byMerge = visible.filter(
    (one) => one.merged !== null && !one.merged.isDeleted && has(one.merged, line),
  );
  // What only a merged contact had is known of the contacts that the request leads to.
  const others = byMerge.filter((one) => isCandidate(one) && !holders.includes(one));
  const all = [...holders, ...others];
  if (all.length === 0 && byMerge.length > 0) return byMerge.slice(0, 1).map(({ owner }) => owner);
  const since = newSince(contacts, line);
  const hasExtension = all.some(({ held, merged }) =>
    [...held, ...(merged === null || merged.isDeleted ? [] : merged.held)].some(
      (one) => one.line === line && one.extension !== null,
    ),
  );
  const isOpen = all.length !== 1 || hasExtension || (since !== null && year < since);
  return isOpen ? everybody : all.map(({ owner }) => owner);
}

function outsiderOf(
  choose: Chooser,
  people: Pick<People, 'contacts' | 'asked'>,
  line: Line,
  year: number,
): Outsider {
  const { contacts } = people;
  if (contacts.length > 0 && choose.isNow(45)) {
    const contact = choose.of(contacts);
    const isOld = contact.merged !== null && choose.isNow(40);
    return {
      person: contact.owner,
      contactId: isOld ? (contact.merged?.id ?? '') : contact.id,
      // Also by somebody else's line, or by one that is withheld.
      line: choose.isNow(80) ? line : null,
    };
  }
  return { person: choose.of(usersOf(people, line, year)), contactId: null, line };
}

/** One participant of a conversation as the source reports it. */
function participantOf(choose: Chooser, { contactId, line }: Outsider): SourceParticipant {
  const purpose = choose.of(['customer', 'external']);
  const linked = contactId === null ? {} : { externalContactId: contactId };
  if (line === null) return { purpose, ...linked, sessions: [{ mediaType: 'voice' }] };
  const address = choose.of(line.carried);
  const written = { phone: 'voice', email: 'email', whatsapp: 'message' } as const;
  const field = line.type === 'phone' ? choose.of(['ani', 'dnis', 'remote']) : 'addressFrom';
  const network = line.type === 'whatsapp' ? { messageType: 'whatsapp' } : {};
  const session = { mediaType: written[line.type], ...network, [field]: address };
  return { purpose, ...linked, sessions: [session] };
}

function talkOf(
  choose: Chooser,
  people: Pick<People, 'contacts' | 'asked'>,
  among: readonly Line[],
  number: number,
): Talk {
  const year = 2015 + choose.upTo(10);
  const count = choose.isNow(30) ? 2 + choose.upTo(1) : 1;
  const outsiders = Array.from({ length: count }, () =>
    outsiderOf(choose, people, choose.of(choose.isNow(90) ? among : lines), year),
  );
  const id = guid(3, number);
  const agent: SourceParticipant = { purpose: 'agent', sessions: [{ ani: 'tel:+491511234561' }] };
  const participants = [...outsiders.map((one) => participantOf(choose, one)), agent];
  return {
    id,
    year,
    outsiders,
    conversation: { conversationId: id, conversationStart: timeIn(year), participants },
  };
}

/** Any people: shared lines, merged, hidden and missing contacts, recycled numbers, conferences. */
export function peopleOf(choose: Chooser): People {
  // The fewer lines there are, the more of them are shared.
  const some = choose.some(lines, 60);
  const among = some.length > 0 ? some : lines;
  const contacts = Array.from({ length: choose.upTo(4) }, (_, i) => contactOf(choose, i, among));
  // Mostly by what is on file, or nobody would be found.
  const known = contacts.flatMap(({ held }) => held.map(({ line }) => line));
  const named = Array.from({ length: 1 + choose.upTo(1) }, () =>
    known.length > 0 && choose.isNow(85) ? choose.of(known) : choose.of(lines),
  );
  const asked = named.map((line) => ({ type: line.type, value: choose.of(line.onFile) }));
  const talks = Array.from({ length: choose.upTo(8) }, (_, i) =>
    talkOf(choose, { contacts, asked }, among, i),
  );
  return { contacts, talks, asked };
}

/** A record as the app reads it. */
function read(record: Recorded, mergeSet: string[], id = record.id): Contact {
  const of = (type: LineType): Held[] => record.held.filter(({ line }) => line.type === type);
  const heldSince = record.held.flatMap(({ line, value, since }): HeldSince[] =>
    since === null ? [] : [{ type: line.type, value, at: timeIn(since) }],
  );
  return {
    id,
    firstName: 'A',
    lastName: 'B',
    mergeSet,
    phones: of('phone').map(({ value, extension }) => ({
      number: value,
      receivesSms: true,
      ...(extension === null ? {} : { extension }),
    })),
    emails: of('email').map(({ value }) => value),
    handles: of('whatsapp').map(({ value }) => ({ type: 'whatsapp' as const, value })),
    former: [],
    createdAt: record.created === null ? null : timeIn(record.created),
    ...(heldSince.length > 0 ? { heldSince } : {}),
  };
}

/** The contacts as a source finds them: by exact values and by words, and none that is hidden. */
export function contactSourceOf({ contacts }: People): ContactSource {
  const visible = contacts.filter(({ isHidden }) => !isHidden);
  const whole = (one: Person): Contact =>
    read(one, [one.id, ...(one.merged === null ? [] : [one.merged.id])]);
  return {
    lookUpContact: ({ type, value }) => {
      const found = visible.find(({ held }) =>
        held.some((one) => one.line.type === type && one.value === value),
      );
      return Promise.resolve(found === undefined ? null : whole(found));
    },
    searchContacts: (word) => {
      const isHit = ({ value }: Held): boolean => value === word || value === `+${word}`;
      const found = visible.filter(({ held }) => held.some(isHit));
      return Promise.resolve({ contacts: found.map(whole), isPartial: false });
    },
    contactOnFile: (id) => {
      const found = contacts.find((one) => one.id === id);
      return Promise.resolve(found === undefined ? null : whole(found));
    },
    mergedContact: (id) => {
      const found = contacts.find(({ merged }) => merged?.id === id)?.merged;
      const isThere = found !== undefined && found !== null && !found.isDeleted;
      return Promise.resolve(isThere ? read(found, [id]) : null);
    },
  };
}
