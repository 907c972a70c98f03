import { isHandle, type Identifier, type IdentifierType, type SocialHandle } from './identifiers';
import { identifierKey, nearIdentifier } from './spellings';

/** A contact of the source, with what is needed to find its conversations and reach the person. */
export interface Contact {
  /** Empty for a person without a contact record (`hasRecord`): no id to ask, link or write anything by. */
  id: string;
  firstName: string | null;
  lastName: string | null;
  /** Ids that conversations may carry: the contact's own and those of contacts merged into it. */
  mergeSet: string[];
  /** Phone numbers on file (E.164), those that receive text messages first. */
  phones: ContactPhone[];
  /** Email addresses on file, lower case. */
  emails: string[];
  handles: SocialHandle[];
  /**
   * Further identifiers, of contacts merged into this one: searched by, never written to.
   */
  former: Identifier[];
  /** When the source first had a record of the contact (ISO 8601); null when it does not say. */
  createdAt: string | null;
  /** When the contact first had an identifier, where the source says so, merged contacts included. */
  heldSince?: HeldSince[];
  /**
   * Further identifiers that others have, too, and no officer has decided on: searched by, never written
   * to, and what they alone tie to the person is doubtful.
   */
  undecided?: Identifier[];
  /**
   * Those among the identifiers above that others have, too, and that an officer has said are the
   * person's: an answer on a single conversation still counts against what they alone tie to the person.
   */
  confirmed?: Identifier[];
  /** What the source holds of the contact and nothing was searched by, with the reason. */
  notSearched?: UnsearchedIdentifier[];
}

export interface ContactPhone {
  number: string;
  receivesSms: boolean;
  /** Extension behind the number, which is then a switchboard's. */
  extension?: string;
}

export type HeldSince = Identifier & { at: string };

/** Why nothing was searched by an identifier that the source holds. */
export const unsearchedReasons = [
  'shared',
  'extension',
  'notReadable',
  'notSearchable',
  'notConfirmed',
] as const;
export type UnsearchedReason = (typeof unsearchedReasons)[number];

export interface UnsearchedIdentifier {
  /** Type of the identifier; one that the app does not know is named as the source names it. */
  type: string;
  /** As the source holds it where it could not be read. */
  value: string;
  extension?: string;
  reason: UnsearchedReason;
}

/** All identifiers by which the conversations of one person are found. */
export interface SubjectIdentifiers {
  contactIds: string[];
  phones: string[];
  emails: string[];
  handles: SocialHandle[];
  /** Whole names: nobody is found by them, and they are not masked. */
  names?: string[];
  /** When the contact's record begins; an earlier match by address alone may be another person's. */
  since: string | null;
  /**
   * The same of single identifiers, by `identifierKey`, where it differs; null for one that cannot be
   * another person's.
   */
  heldSince?: ReadonlyMap<string, string | null>;
  /** `identifierKey` of those that others have, too: what they alone tie is an officer's to decide. */
  doubtful?: ReadonlySet<string>;
  /**
   * `identifierKey` of those that the verification has proven; absent where it has proven all that is
   * known of the person.
   */
  proven?: ReadonlySet<string>;
}

/** Whether mailboxes are given to new owners, as phone numbers are. */
export type MailboxOwners = 'permanent' | 'changing';

/** Whether the source has a contact record of the person. */
export const hasRecord = ({ id }: Pick<Contact, 'id'>): boolean => id !== '';

const extensionOf = ({ extension }: { extension?: string }) =>
  extension === undefined ? {} : { extension };

const namesOf = ({ firstName, lastName }: Pick<Contact, 'firstName' | 'lastName'>): string[] => {
  const whole = [firstName, lastName].join(' ').trim();
  return whole === '' ? [] : [whole];
};

/** The identifiers that a contact's conversations may carry. */
export function subjectIdentifiersOf(
  contact: Contact,
  mailboxOwners: MailboxOwners = 'permanent',
): SubjectIdentifiers {
  const undecided = contact.undecided ?? [];
  const further = [...contact.former, ...undecided];
  const former = (type: IdentifierType): string[] =>
    further.filter((one) => one.type === type).map(({ value }) => value);
  const emails = [...new Set([...contact.emails, ...former('email')])];
  const heldSince = new Map<string, string | null>(
    (contact.heldSince ?? []).map((held) => [identifierKey(held), held.at]),
  );
  if (mailboxOwners === 'permanent')
    emails.forEach((value) => heldSince.set(identifierKey({ type: 'email', value }), null));
  return {
    contactIds: hasRecord(contact) ? [...new Set([contact.id, ...contact.mergeSet])] : [],
    phones: [...new Set([...contact.phones.map((phone) => phone.number), ...former('phone')])],
    emails,
    handles: [...contact.handles, ...further.filter(isHandle)],
    names: namesOf(contact),
    since: contact.createdAt,
    heldSince,
    doubtful: new Set([...undecided, ...(contact.confirmed ?? [])].map(identifierKey)),
  };
}

/** All identifiers of a contact but its ids. */
export const identifiersOf = (contact: Contact): Identifier[] => [
  ...contact.phones.map((phone) => ({
    type: 'phone' as const,
    value: phone.number,
    ...extensionOf(phone),
  })),
  ...contact.emails.map((value) => ({ type: 'email' as const, value })),
  ...contact.handles,
  ...contact.former,
  ...(contact.undecided ?? []),
];

const isExact = ({ extension }: Identifier): boolean => extension === undefined;

/** Whether a contact has this identifier, in whatever spelling. One with an extension is never exact. */
export const hasIdentifier = (contact: Contact, identifier: Identifier): boolean =>
  isExact(identifier) &&
  identifiersOf(contact).some(
    (own) => isExact(own) && identifierKey(own) === identifierKey(identifier),
  );

/**
 * Whether a contact has an identifier that differs from this one in what a provider or a switchboard
 * may ignore only: the tag of an email address, the extension of a phone number.
 */
export function nearlyHasIdentifier(contact: Contact, identifier: Identifier): boolean {
  return identifiersOf(contact).some((own) => nearKey(own) === nearKey(identifier));
}

/** The same for all identifiers that are nearly one. */
const nearKey = (identifier: Identifier): string =>
  identifierKey(nearIdentifier(identifier) ?? identifier);

/** The earliest time of each identifier. */
function earliest(held: readonly HeldSince[]): HeldSince[] {
  const byKey = new Map<string, HeldSince>();
  for (const one of held) {
    const key = identifierKey(one);
    const known = byKey.get(key);
    if (known === undefined || Date.parse(one.at) < Date.parse(known.at)) byKey.set(key, one);
  }
  return [...byKey.values()];
}

/** When a contact first had each of its identifiers, as far as the source says. */
function heldBy(contact: Contact): HeldSince[] {
  const stated = contact.heldSince ?? [];
  const keys = new Set(stated.map(identifierKey));
  const { createdAt } = contact;
  const others = identifiersOf(contact).filter((one) => !keys.has(identifierKey(one)));
  return [
    ...stated,
    ...(createdAt === null ? [] : others.map((one) => ({ ...one, at: createdAt }))),
  ];
}

/**
 * The earliest time at which a contact had an identifier, or nearly the same one where it has no exact
 * one; null when it has neither, and when the source does not say.
 */
export function heldSinceOf(contact: Contact, identifier: Identifier): string | null {
  const isSame = (one: Identifier): boolean => identifierKey(one) === identifierKey(identifier);
  const isNear = (one: Identifier): boolean => nearKey(one) === nearKey(identifier);
  const isHeld = hasIdentifier(contact, identifier) ? isSame : isNear;
  const times = heldBy(contact)
    .filter(isHeld)
    .map(({ at }) => at)
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  return times[0] ?? null;
}

/** A contact with the identifiers of another one that was merged into it, and since when it had them. */
export function withMerged(contact: Contact, merged: Contact): Contact {
  const known = new Set(identifiersOf(contact).filter(isExact).map(identifierKey));
  // That a number is a switchboard's is not known of it where it stands without an extension.
  const isNew = (identifier: Identifier): boolean =>
    !isExact(identifier) || !known.has(identifierKey(identifier));
  const notSearched = [...(contact.notSearched ?? []), ...(merged.notSearched ?? [])];
  return {
    ...contact,
    former: [...contact.former, ...identifiersOf(merged).filter(isNew)],
    heldSince: earliest([...heldBy(contact), ...heldBy(merged)]),
    ...(notSearched.length > 0 ? { notSearched } : {}),
  };
}

/** What becomes of an identifier of a contact. */
export type IdentifierStanding =
  /** Nobody else has it. */
  | 'own'
  /** Others have it, too, and an officer has said that it is the person's. */
  | 'confirmed'
  /** Others have it, too, and no officer has said whose it is. */
  | 'undecided'
  /** Others have it, too, and an officer has said that it is not the person's. */
  | 'excluded'
  /** Nobody else has it, and an officer has said that it is not the person's all the same. */
  | 'denied';

/**
 * A contact with what is decided on its identifiers: those that are left out stay named as not searched
 * by, and those that nobody has decided on are searched by and not written to.
 */
export function withoutShared(
  contact: Contact,
  standingOf: (identifier: Identifier) => IdentifierStanding,
): Contact {
  const isOwn = (identifier: Identifier): boolean =>
    ['own', 'confirmed'].includes(standingOf(identifier));
  const all = identifiersOf(contact);
  const excluded = all
    .filter((identifier) => ['excluded', 'denied'].includes(standingOf(identifier)))
    .map((identifier): UnsearchedIdentifier => {
      const sharedReason = isExact(identifier) ? 'shared' : 'extension';
      const isDenied = standingOf(identifier) === 'denied';
      return { ...identifier, reason: isDenied ? 'notConfirmed' : sharedReason };
    });
  const undecided = all.filter((identifier) => standingOf(identifier) === 'undecided');
  const confirmed = all.filter((identifier) => standingOf(identifier) === 'confirmed');
  const notSearched = [...(contact.notSearched ?? []), ...excluded];
  return {
    ...contact,
    phones: contact.phones.filter((phone) =>
      isOwn({ type: 'phone', value: phone.number, ...extensionOf(phone) }),
    ),
    emails: contact.emails.filter((value) => isOwn({ type: 'email', value })),
    handles: contact.handles.filter(isOwn),
    former: contact.former.filter(isOwn),
    ...(undecided.length > 0 ? { undecided } : {}),
    ...(confirmed.length > 0 ? { confirmed } : {}),
    ...(notSearched.length > 0 ? { notSearched } : {}),
  };
}
