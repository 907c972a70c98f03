import { createHash } from 'node:crypto';
import type { Generated } from './generate';
import type { OrgContact, OrgConversation, Organisation } from './organisation';

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
const spellingsOf = (tail: string): Spelling[] => [
  ...spellingsByPlan(tail),
  ...renumberings(tail),
  ...mailboxSpellings(tail),
];

function spellingsByPlan(tail: string): Spelling[] {
  const [seven, eight] = [`4${tail}`, `45${tail}`];
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
  ];
}

function renumberings(tail: string): Spelling[] {
  const [six, seven] = [tail, `4${tail}`];
  return [
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
  ];
}

function mailboxSpellings(tail: string): Spelling[] {
  return [
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

/** Makes what is added: ids, times, contacts and conversations. */
export class Maker {
  readonly tail: string;
  private counter = 0;

  constructor(
    private readonly generated: Generated,
    private readonly options: { seed: number; now: Date },
  ) {
    this.tail = String(200_000 + ((options.seed * 7919) % 700_000));
  }

  uuid(): string {
    this.counter += 1;
    const text = `spellings/${this.options.seed}/${this.counter}`;
    const hex = createHash('sha256').update(text).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-b${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  daysAgo(days: number): string {
    const time = this.options.now.getTime() - days * 86_400_000;
    return new Date(Math.floor(time / 1000) * 1000).toISOString();
  }

  person(change: Partial<OrgContact>): OrgContact {
    return {
      ...this.generated.subject,
      id: this.uuid(),
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
      created: this.daysAgo(2500),
      ...change,
    };
  }

  /** A conversation that nobody has linked to a contact. */
  talk(ownerId: string, change: Talk): OrgConversation {
    const { queues, users } = this.generated.organisation;
    const id = this.uuid();
    const text = `Hello. [message ${id} owner ${ownerId}]`;
    const said = { id: this.uuid(), from: 'customer', text, at: 0 } as const;
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
      communicationId: this.uuid(),
      recordings: [],
      emails: change.channel === 'email' ? [{ ...said, subject: 'Order', attachments: [] }] : [],
      messages: change.channel === 'message' ? [said] : [],
      isPurged: false,
      isVoicemail: false,
      ...change,
    };
  }
}

export type Talk = Pick<OrgConversation, 'channel' | 'address' | 'start'> &
  Partial<OrgConversation>;

/**
 * Adds people to an organisation whose identifiers are spelled in different ways, one whose contact was
 * merged, and such spellings to the subject. Whose a conversation is, its `ownerId` says.
 */
export function withOtherSpellings(
  generated: Generated,
  options: { seed: number; now: Date },
): Generated & { spelled: SpelledPerson[] } {
  const { organisation, subject } = generated;
  const maker = new Maker(generated, options);
  const spelled = spellingsOf(maker.tail).map((one, row) =>
    addSpelled(organisation, maker, one, 20 + row * 90),
  );
  addUnsearched(organisation, maker);
  spelled.push(addMerged(organisation, maker));
  spellSubject(subject, organisation.conversations, maker);
  organisation.conversations.sort((a, b) => (a.start < b.start ? -1 : 1));
  return { organisation, subject, spelled };
}

/** Adds a person with their conversations, the latest of which was so many days ago. */
function addSpelled(
  { contacts, conversations }: Organisation,
  maker: Maker,
  { about, asked, ...one }: Spelling,
  day: number,
): SpelledPerson {
  const contact = maker.person({
    phones: (one.phones ?? []).map((e164) => ({ kind: 'cellPhone', e164 })),
    emails: (one.emails ?? []).map((address) => ({ kind: 'personalEmail', address })),
    handles: (one.whatsApp ?? []).map((value) => ({ network: 'whatsapp', value })),
  });
  const talks: Omit<Talk, 'start'>[] = [
    ...(one.calls ?? []).map((address) => ({ channel: 'voice' as const, address })),
    ...(one.mails ?? []).map((address) => ({ channel: 'email' as const, address })),
    ...(one.whatsAppChats ?? []).map((address) => ({
      channel: 'message' as const,
      network: 'whatsapp' as const,
      address,
    })),
  ];
  contacts.push(contact);
  conversations.push(
    ...talks.map((talk, i) =>
      maker.talk(contact.id, { ...talk, start: maker.daysAgo(day + i * 3) }),
    ),
  );
  return { about, contact, asked };
}

/** Adds somebody with identifiers that nothing is searched by, or that an officer decides on. */
function addUnsearched({ contacts }: Organisation, maker: Maker): void {
  const { tail } = maker;
  contacts.push(
    maker.person({
      lastName: 'Schneider',
      phones: [{ kind: 'workPhone', e164: `+4940${tail}`, extension: 12 }],
      typedPhones: [{ kind: 'homePhone', display: `0170 ${tail}` }],
      otherIdentifiers: [
        { type: 'Cookie', value: maker.uuid() },
        { type: 'ExternalId', value: `customer-${tail}` },
      ],
    }),
  );
}

/** Adds somebody whose contact was merged, with calls by either number before and after they had it. */
function addMerged({ contacts, conversations }: Organisation, maker: Maker): SpelledPerson {
  const { tail } = maker;
  const [mergedPhone, ownPhone] = [`+4917011${tail}`, `+4917022${tail}`];
  const mergedId = maker.uuid();
  const contact = maker.person({
    created: maker.daysAgo(800),
    phones: [{ kind: 'cellPhone', e164: ownPhone, since: maker.daysAgo(700) }],
    mergedFrom: [mergedId],
    mergedRecords: [
      {
        id: mergedId,
        created: maker.daysAgo(1700),
        phones: [{ kind: 'cellPhone', e164: mergedPhone }],
        emails: [],
      },
    ],
  });
  const stranger = maker.person({ lastName: 'Before' });
  const call = (ownerId: string, address: string, days: number): OrgConversation =>
    maker.talk(ownerId, { channel: 'voice', address, start: maker.daysAgo(days) });
  contacts.push(contact, stranger);
  conversations.push(
    call(contact.id, mergedPhone, 1600),
    call(contact.id, ownPhone, 650),
    // Before the contact had the numbers, they were somebody else's.
    call(stranger.id, ownPhone, 750),
    call(stranger.id, mergedPhone, 1750),
  );
  return {
    about: 'a merged contact, with a time for each number',
    contact,
    asked: { type: 'phone', value: ownPhone },
  };
}

/** Gives the subject further identifiers, and some of their conversations those in another spelling. */
function spellSubject(subject: OrgContact, conversations: OrgConversation[], maker: Maker): void {
  const { tail } = maker;
  const since = subject.created;
  const mergedId = maker.uuid();
  const [mexican, ivorian] = [`+5215546${tail}`, `+22509${tail}`];
  for (const held of [...subject.phones, ...subject.emails, ...subject.handles])
    held.since ??= since;
  subject.phones.push({ kind: 'otherPhone', e164: mexican, since });
  subject.emails.push({ kind: 'otherEmail', address: `maria${tail}@bücher.example`, since });
  subject.handles.push({ network: 'whatsapp', value: mexican.slice(1), since });
  subject.mergedFrom.push(mergedId);
  const phones = [{ kind: 'cellPhone' as const, e164: ivorian }];
  subject.mergedRecords.push({ id: mergedId, created: since, phones, emails: [], handles: [] });
  subject.created = maker.daysAgo(1000);
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
