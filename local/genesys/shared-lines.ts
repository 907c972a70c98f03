import type { Generated } from './generate';
import type { OrgContact, OrgConversation } from './organisation';
import { Maker, type Talk } from './spellings';

/** Two lines that two contacts have on file, by which either of them calls. */
export interface SharedLines {
  /** Somebody else who has both lines on file. */
  partner: OrgContact;
  /** A second record of the subject, with a mailbox of its own. */
  second: OrgContact;
  lines: { home: string; office: string };
  /** Ids of conversations. */
  conversations: Record<
    /** By the second record: one linked to it, one by its mailbox. */
    | 'bySecond'
    /** Calls by the line at home that are linked to nobody: of the subject, and of the partner. */
    | 'ownByHome'
    | 'othersByHome'
    /** The same by the line at the office. */
    | 'ownByOffice'
    | 'othersByOffice'
    /** The partner's by the line at home, linked to them. */
    | 'linkedToPartner'
    /** Of both, each linked to their contact. */
    | 'conference'
    /** Of the subject and of somebody of whom there is no contact. */
    | 'conferenceWithStranger',
    string[]
  >;
}

/** Adds lines that the subject shares with somebody else, a second record of the subject, and conferences. */
export function withSharedLines(
  generated: Generated,
  options: { seed: number; now: Date },
): Generated & { shared: SharedLines } {
  const { organisation, subject } = generated;
  const maker = new Maker(generated, { ...options, seed: options.seed + 7000 });
  const { tail } = maker;
  const lines = { home: `+493087${tail}`, office: `+493088${tail}` };
  const phones = Object.values(lines).map((e164) => ({ kind: 'otherPhone' as const, e164 }));
  const partner = maker.person({ lastName: 'Partner', phones: [...phones] });
  const mailbox = `second.${tail}@mail.example`;
  const second = maker.person({
    firstName: subject.firstName,
    lastName: subject.lastName,
    emails: [{ kind: 'personalEmail', address: mailbox }],
  });
  subject.phones.push(...phones);
  organisation.contacts.push(partner, second);
  let day = 20;
  const add = (ownerId: string, talk: Omit<Talk, 'start'>): string => {
    const made: OrgConversation = maker.talk(ownerId, { ...talk, start: maker.daysAgo(day) });
    day += 15;
    organisation.conversations.push(made);
    return made.id;
  };
  const call = (of: OrgContact, address: string, change: Partial<OrgConversation> = {}): string =>
    add(of.id, { channel: 'voice', address, ...change });
  const cell = subject.phones[0]?.e164 ?? lines.home;
  const further = (ownerId: string, linked: boolean, address: string) => ({
    further: [{ ownerId, linked, address }],
  });
  const conversations: SharedLines['conversations'] = {
    bySecond: [
      add(second.id, { channel: 'email', address: mailbox, linked: true }),
      add(second.id, { channel: 'email', address: mailbox }),
    ],
    ownByHome: [call(subject, lines.home), call(subject, lines.home)],
    othersByHome: [call(partner, lines.home), call(partner, lines.home)],
    ownByOffice: [call(subject, lines.office)],
    othersByOffice: [call(partner, lines.office)],
    linkedToPartner: [call(partner, lines.home, { linked: true })],
    conference: [
      call(subject, cell, { linked: true, ...further(partner.id, true, `+493089${tail}`) }),
    ],
    conferenceWithStranger: [call(subject, cell, further(maker.uuid(), false, `+493090${tail}`))],
  };
  organisation.conversations.sort((a, b) => (a.start < b.start ? -1 : 1));
  return { organisation, subject, shared: { partner, second, lines, conversations } };
}
