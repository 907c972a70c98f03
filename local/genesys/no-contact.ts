import type { Generated } from './generate';
import { Maker, type Talk } from './spellings';
import type { OrgContact } from './organisation';

/** Somebody who has called and written, and of whom there is no contact that the app can see. */
export interface UnknownPerson {
  /** Whose the conversations are. */
  ownerId: string;
  /** How they name themselves in a request. */
  asked: Record<'phone' | 'email' | 'whatsapp', string>;
  /** Ids of their conversations by the identifier that ties them. */
  conversations: Record<'phone' | 'email' | 'whatsapp', string[]>;
}

export interface UnknownPeople {
  /** No contact at all. */
  stranger: UnknownPerson;
  /** A contact in a division that the client may not see: their conversations carry its id. */
  hidden: UnknownPerson & { contact: OrgContact; divisionId: string };
}

/**
 * Adds people whom no search for contacts finds: one who called, mailed and wrote by WhatsApp and whom
 * nobody has linked to a contact, and one whose contact is in a division of its own. An organisation of
 * the simulator hides that division only when `inaccessibleDivisions` names it.
 */
export function withUnknownPeople(
  generated: Generated,
  options: { seed: number; now: Date },
): Generated & { unknown: UnknownPeople } {
  const { organisation, subject } = generated;
  const maker = new Maker(generated, { ...options, seed: options.seed + 5000 });
  const stranger = addPerson(generated, maker, { ownerId: maker.uuid(), linked: false, tail: '1' });
  const divisionId = maker.uuid();
  const contact = maker.person({ id: maker.uuid(), divisionId, lastName: 'Hidden' });
  const person = addPerson(generated, maker, { ownerId: contact.id, linked: true, tail: '2' });
  contact.phones = [{ kind: 'cellPhone', e164: person.asked.phone }];
  contact.emails = [{ kind: 'personalEmail', address: person.asked.email }];
  organisation.contacts.push(contact);
  organisation.conversations.sort((a, b) => (a.start < b.start ? -1 : 1));
  return {
    organisation,
    subject,
    unknown: { stranger, hidden: { ...person, contact, divisionId } },
  };
}

/** Adds calls, a callback, mails and WhatsApp chats of one person. */
function addPerson(
  { organisation }: Generated,
  maker: Maker,
  { ownerId, linked, tail }: { ownerId: string; linked: boolean; tail: string },
): UnknownPerson {
  const phone = `+491729${maker.tail}${tail}`;
  const whatsapp = `+491738${maker.tail}${tail}`;
  const email = `nobody.${maker.tail}.${tail}@mail.example`;
  const asked = { phone, email, whatsapp };
  const talks: [keyof typeof asked, Omit<Talk, 'start'>][] = [
    ['phone', { channel: 'voice', address: phone }],
    ['phone', { channel: 'callback', address: phone }],
    ['phone', { channel: 'message', address: phone }],
    ['email', { channel: 'email', address: email }],
    ['email', { channel: 'email', address: email, direction: 'outbound' }],
    // The network's id has no +.
    ['whatsapp', { channel: 'message', network: 'whatsapp', address: whatsapp.slice(1) }],
  ];
  const conversations: UnknownPerson['conversations'] = { phone: [], email: [], whatsapp: [] };
  talks.forEach(([tie, talk], i) => {
    const start = maker.daysAgo(30 + i * 40);
    const made = maker.talk(ownerId, { ...talk, start, linked });
    organisation.conversations.push(made);
    conversations[tie].push(made.id);
  });
  return { ownerId, asked, conversations };
}
