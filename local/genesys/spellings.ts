import { createHash } from 'node:crypto';
import type { Generated } from './generate';
import type { OrgContact, OrgConversation } from './organisation';

/** Somebody whose record, request and conversations spell one line or mailbox in different ways. */
export interface SpelledPerson {
  /** What differs. */
  about: string;
  contact: OrgContact;
  /** How the person names themselves in a request. */
  asked: { type: 'phone' | 'email' | 'whatsapp'; value: string };
}

interface Spelling {
  about: string;
  asked: SpelledPerson['asked'];
  phones?: string[];
  emails?: string[];
  whatsApp?: string[];
  /** Addresses of conversations that nobody has linked: all of them are the person's. */
  calls?: string[];
  mails?: string[];
  whatsAppChats?: string[];
}

/**
 * Pairs that the numbering plans and providers publish, written down here by hand: the app's own
 * rules are checked against them.
 */
function spellingsOf(tail: string): Spelling[] {
  const [six, seven, eight] = [tail, `4${tail}`, `45${tail}`];
  return [
    {
      about: 'Mexico, with and without 1',
      asked: { type: 'phone', value: `+52 55 ${eight}` },
      phones: [`+52155${eight}`],
      whatsApp: [`52155${eight}`],
      calls: [`+52155${eight}`, `+5255${eight}`],
      whatsAppChats: [`52155${eight}`, `+5255${eight}`],
    },
    {
      about: 'Brazil, with and without the ninth digit',
      asked: { type: 'whatsapp', value: `+55 11 98${seven}` },
      phones: [`+55118${seven}`],
      whatsApp: [`55118${seven}`],
      calls: [`+551198${seven}`],
      whatsAppChats: [`55118${seven}`, `551198${seven}`],
    },
    {
      about: 'Argentina, with 9, with 15, with neither',
      asked: { type: 'phone', value: `+54 11 ${eight}` },
      phones: [`+54911${eight}`],
      calls: [`+54911${eight}`, `+5411${eight}`, `+541115${eight}`],
    },
    {
      about: 'Ivory Coast, before and after 2021',
      asked: { type: 'phone', value: `+225 07 08${six}` },
      phones: [`+22508${six}`],
      calls: [`+22508${six}`, `+2250708${six}`],
    },
    {
      about: 'Benin, before and after 2024',
      asked: { type: 'phone', value: `+229 97${six}` },
      phones: [`+2290197${six}`],
      calls: [`+22997${six}`, `+2290197${six}`],
    },
    {
      about: 'Gabon, before and after 2019',
      asked: { type: 'phone', value: `+241 66${six}` },
      phones: [`+24106${six}`],
      calls: [`+24106${six}`, `+24166${six}`],
    },
    {
      about: 'Colombia, before and after 2021',
      asked: { type: 'phone', value: `+57 601 ${seven}` },
      phones: [`+571${seven}`],
      calls: [`+571${seven}`, `+57601${seven}`],
    },
    {
      about: 'a domain with other letters',
      asked: { type: 'email', value: `ines${tail}@münchen.example` },
      emails: [`ines${tail}@xn--mnchen-3ya.example`],
      mails: [`ines${tail}@münchen.example`, `ines${tail}@xn--mnchen-3ya.example`],
    },
    {
      about: 'a domain with other letters, held as people write it',
      asked: { type: 'email', value: `jose${tail}@xn--espaa-rta.example` },
      emails: [`jose${tail}@españa.example`],
      mails: [`jose${tail}@xn--espaa-rta.example`],
    },
    {
      about: 'Gmail, with and without dots',
      asked: { type: 'email', value: `firstlast${tail}@gmail.com` },
      emails: [`first.last${tail}@gmail.com`],
      mails: [`firstlast${tail}@googlemail.com`, `first.last${tail}@gmail.com`],
    },
    {
      about: 'Google Mail and Gmail',
      asked: { type: 'email', value: `someone${tail}@gmail.com` },
      emails: [`someone${tail}@googlemail.com`],
      mails: [`someone${tail}@gmail.com`],
    },
  ];
}

/**
 * Adds people to an organisation whose identifiers are spelled in different ways, one whose contact was
 * merged, and such spellings to the subject. Whose a conversation is, its `ownerId` says.
 */
export function withOtherSpellings(
  { organisation, subject }: Generated,
  { seed, now }: { seed: number; now: Date },
): Generated & { spelled: SpelledPerson[] } {
  let counter = 0;
  const uuid = (): string => {
    counter += 1;
    const hex = createHash('sha256').update(`spellings/${seed}/${counter}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-b${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const daysAgo = (days: number): string =>
    new Date(Math.floor((now.getTime() - days * 86_400_000) / 1000) * 1000).toISOString();
  const tail = String(200_000 + ((seed * 7919) % 700_000));
  const { queues, users } = organisation;
  const talk = (
    ownerId: string,
    change: Pick<OrgConversation, 'channel' | 'address' | 'start'> & Partial<OrgConversation>,
  ): OrgConversation => {
    const id = uuid();
    const text = `Hello. [message ${id} owner ${ownerId}]`;
    return {
      id,
      ownerId,
      linked: false,
      direction: 'inbound',
      seconds: 60,
      queueId: queues[0]?.id ?? '',
      userId: users[0]?.id ?? '',
      wrapUpCode: 'Resolved',
      attributes: {},
      communicationId: uuid(),
      recordings: [],
      emails:
        change.channel === 'email'
          ? [{ id: uuid(), from: 'customer', subject: 'Order', text, at: 0, attachments: [] }]
          : [],
      messages: change.channel === 'message' ? [{ id: uuid(), from: 'customer', text, at: 0 }] : [],
      isPurged: false,
      isVoicemail: false,
      ...change,
    };
  };
  const personOf = (change: Partial<OrgContact>): OrgContact => ({
    ...subject,
    id: uuid(),
    firstName: 'Alex',
    lastName: 'Abroad',
    phones: [],
    typedPhones: [],
    emails: [],
    otherIdentifiers: [],
    handles: [],
    mergedFrom: [],
    mergedRecords: [],
    customFields: {},
    notes: [],
    journeySessions: [],
    created: daysAgo(2500),
    ...change,
  });
  const spelled = spellingsOf(tail).map((one, row): SpelledPerson => {
    const contact = personOf({
      phones: (one.phones ?? []).map((e164) => ({ kind: 'cellPhone', e164 })),
      emails: (one.emails ?? []).map((address) => ({ kind: 'personalEmail', address })),
      handles: (one.whatsApp ?? []).map((value) => ({ network: 'whatsapp', value })),
    });
    const start = (i: number): string => daysAgo(20 + row * 90 + i * 3);
    organisation.contacts.push(contact);
    organisation.conversations.push(
      ...(one.calls ?? []).map((address, i) =>
        talk(contact.id, { channel: 'voice', address, start: start(i) }),
      ),
      ...(one.mails ?? []).map((address, i) =>
        talk(contact.id, { channel: 'email', address, start: start(i) }),
      ),
      ...(one.whatsAppChats ?? []).map((address, i) =>
        talk(contact.id, { channel: 'message', network: 'whatsapp', address, start: start(i + 5) }),
      ),
    );
    return { about: one.about, contact, asked: one.asked };
  });
  // Identifiers by which nobody is searched for, or which an officer decides on.
  organisation.contacts.push(
    personOf({
      lastName: 'Schneider',
      phones: [{ kind: 'workPhone', e164: `+4940${tail}`, extension: 12 }],
      typedPhones: [{ kind: 'homePhone', display: `0170 ${tail}` }],
      otherIdentifiers: [
        { type: 'Cookie', value: uuid() },
        { type: 'ExternalId', value: `customer-${tail}` },
      ],
    }),
  );
  const stranger = organisation.contacts.find(({ id }) => id !== subject.id) ?? subject;
  const [mergedPhone, ownPhone] = [`+4917011${tail}`, `+4917022${tail}`];
  const mergedId = uuid();
  const merged = personOf({
    created: daysAgo(800),
    phones: [{ kind: 'cellPhone', e164: ownPhone, since: daysAgo(700) }],
    mergedFrom: [mergedId],
    mergedRecords: [
      {
        id: mergedId,
        created: daysAgo(1700),
        phones: [{ kind: 'cellPhone', e164: mergedPhone }],
        emails: [],
        handles: [],
      },
    ],
  });
  organisation.contacts.push(merged);
  organisation.conversations.push(
    talk(merged.id, { channel: 'voice', address: mergedPhone, start: daysAgo(1600) }),
    talk(merged.id, { channel: 'voice', address: ownPhone, start: daysAgo(650) }),
    // Before the contact had the number, it was somebody else's.
    talk(stranger.id, { channel: 'voice', address: ownPhone, start: daysAgo(750) }),
    talk(stranger.id, { channel: 'voice', address: mergedPhone, start: daysAgo(1750) }),
  );
  spelled.push({
    about: 'a merged contact, with a time for each number',
    contact: merged,
    asked: { type: 'phone', value: ownPhone },
  });
  spellSubject(subject, organisation.conversations, { tail, daysAgo, uuid });
  organisation.conversations.sort((a, b) => (a.start < b.start ? -1 : 1));
  return { organisation, subject, spelled };
}

/** Gives the subject further identifiers, and some of their conversations those in another spelling. */
function spellSubject(
  subject: OrgContact,
  conversations: OrgConversation[],
  made: { tail: string; daysAgo: (days: number) => string; uuid: () => string },
): void {
  const { tail, daysAgo, uuid } = made;
  const since = subject.created;
  const mergedId = uuid();
  const [mexican, ivorian] = [`+5215546${tail}`, `+22509${tail}`];
  for (const held of [...subject.phones, ...subject.emails, ...subject.handles])
    held.since ??= since;
  subject.phones.push({ kind: 'otherPhone', e164: mexican, since });
  subject.emails.push({ kind: 'otherEmail', address: `maria${tail}@bücher.example`, since });
  subject.handles.push({ network: 'whatsapp', value: mexican.slice(1), since });
  subject.mergedFrom.push(mergedId);
  const phones = [{ kind: 'cellPhone' as const, e164: ivorian }];
  subject.mergedRecords.push({ id: mergedId, created: since, phones, emails: [], handles: [] });
  subject.created = daysAgo(1000);
  const spellings = {
    voice: [mexican, `+525546${tail}`, ivorian, `+2250709${tail}`],
    email: [`maria${tail}@bücher.example`, `maria${tail}@xn--bcher-kva.example`],
    message: [mexican.slice(1), `+525546${tail}`],
  };
  const own = conversations.filter(({ ownerId }) => ownerId === subject.id);
  for (const channel of ['voice', 'email', 'message'] as const) {
    const all = own.filter((one) => one.channel === channel);
    all.forEach((conversation, i) => {
      if (i % 3 !== 0) return;
      const forms = spellings[channel];
      conversation.address = forms[(i / 3) % forms.length] ?? conversation.address;
      conversation.linked = i % 2 === 0;
      if (channel === 'message') conversation.network = 'whatsapp';
    });
  }
}
