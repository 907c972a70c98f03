import { createHash } from 'node:crypto';
import { randomOf } from '../random';
import { contactHistory, withAgentNamed, withContent } from './generate-content';
import type { OrgContact, OrgConversation, Organisation, OrgRecording } from './organisation';

export interface GenerateOptions {
  seed: number;
  /** Conversations of the subject that the source can find. */
  conversations: number;
  /** The organisation's present; its past ends a day before. */
  now: Date;
  /** Conversations of each other person; a tenth of the subject's by default. */
  conversationsOfOthers?: number;
  /** Mean length of a call in seconds. */
  meanSeconds?: number;
  /**
   * Years over which conversations are spread; by default the 5 that can be searched for the subject's,
   * and 7 for those of others.
   */
  years?: number;
}

/** The person whose data the demo asks for, and the organisation around them. */
export interface Generated {
  organisation: Organisation;
  subject: OrgContact;
}

const agentLines = [
  'Good morning, how can I help you?',
  'Of course, one moment please, I will look that up.',
  'I have found it. Your order left our warehouse yesterday.',
  'I have changed the address for you.',
  'Is there anything else I can do for you?',
];
const customerLines = [
  'Hello, I have a question about my order.',
  'It should have come on Monday.',
  'Could you please send it to my new address?',
  'Thank you, that helps me a lot.',
  'No, that is all. Goodbye.',
];
const agentNames = [
  'Ada Brandt',
  'Bela Costa',
  'Chris Duarte',
  'Dana Eriksen',
  'Emil Fischer',
  'Fiona Grant',
];
const queueNames = ['Orders', 'Billing', 'Returns', 'Technical support'];
const wrapUps = ['Resolved', 'Follow-up needed', 'Wrong queue', 'Information given'];

/**
 * Makes an organisation: one subject, a crowd of other people, and among them always some whose
 * name, number or mailbox is nearly the subject's.
 */
export function generateOrganisation(options: GenerateOptions): Generated {
  const random = randomOf(options.seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const between = (low: number, high: number): number =>
    Math.floor(low + random() * (high - low + 1));
  let counter = 0;
  const uuid = (): string => {
    counter += 1;
    const hex = createHash('sha256').update(`${options.seed}/${counter}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const person = (
    firstName: string,
    lastName: string,
    cell: string,
    email: string,
  ): OrgContact => ({
    id: uuid(),
    firstName,
    lastName,
    phones: [{ kind: 'cellPhone', e164: cell }],
    emails: [{ kind: 'personalEmail', address: email }],
    created: daysAgo(options.now, 2900).toISOString(),
    mergedFrom: [],
    mergedRecords: [],
    typedPhones: [],
    otherIdentifiers: [],
    divisionId: null,
    handles: [],
    customFields: {},
    notes: [],
    journeySessions: [],
  });

  const tail = String(between(100_000, 999_999));
  const cell = `+4915111${tail}`;
  const subject = person('Maria', 'Schneider', cell, `maria.schneider${options.seed}@mail.example`);
  subject.phones.push({ kind: 'homePhone', e164: `+493012${tail}` });
  const nearby = [
    person('Maria', 'Schneider', neighbourOf(cell), `maria.schneider${options.seed}@post.example`),
    person(
      'Marie',
      'Schneider',
      `${cell}0`.slice(0, 14),
      `marie.schneider${options.seed}@mail.example`,
    ),
    person(
      'Mario',
      'Schneider',
      `+4915211${tail}`,
      `maria.schneider${options.seed + 1}@mail.example`,
    ),
    person(
      'Maria',
      'Schneiderin',
      `+4315111${tail}`,
      `maria-schneider${options.seed}@mail.example`,
    ),
  ].map((near) => (near.phones[0]?.e164 === cell ? { ...near, phones: [] } : near));
  const crowd = Array.from({ length: 12 }, (_, i) =>
    person(
      pick(['Jan', 'Lea', 'Noah', 'Ines', 'Tom']),
      pick(['Weber', 'Rossi', 'Martin', 'Novak']),
      `+4916000${String(100_000 + i * 7919 + between(0, 999))}`,
      `person${i}.${options.seed}@mail.example`,
    ),
  );
  const users = agentNames.map((name) => ({ id: uuid(), name }));
  const queues = queueNames.map((name) => ({ id: uuid(), name }));
  const transcribed = new Set(queues.slice(0, 2).map((queue) => queue.id));

  const conversationOf = (owner: OrgContact, start: Date): OrgConversation => {
    const roll = random();
    const channel =
      roll < 0.78
        ? 'voice'
        : roll < 0.83
          ? 'callback'
          : roll < 0.91
            ? 'email'
            : roll < 0.97
              ? 'message'
              : 'chat';
    const hasAudio = channel === 'voice' || channel === 'callback';
    const queue = pick(queues);
    const seconds = hasAudio
      ? Math.min(600, 5 + Math.floor(-Math.log(1 - random()) * (options.meanSeconds ?? 90)))
      : between(60, 4000);
    const phones = owner.phones.map((phone) => phone.e164);
    const address = channel === 'email' ? (owner.emails[0]?.address ?? '') : (pick(phones) ?? '');
    const recordingCount = hasAudio ? (random() < 0.06 ? 2 : 1) : 0;
    const call: OrgConversation = {
      id: uuid(),
      ownerId: owner.id,
      linked: random() < 0.85,
      channel,
      direction: random() < 0.75 ? 'inbound' : 'outbound',
      start: start.toISOString(),
      seconds,
      queueId: queue.id,
      userId: pick(users).id,
      address,
      ...(channel === 'email' ? { subject: `Order ${between(10_000, 99_999)}` } : {}),
      wrapUpCode: pick(wrapUps),
      attributes: { language: 'en', orderNumber: String(between(10_000, 99_999)) },
      communicationId: uuid(),
      recordings: Array.from({ length: recordingCount }, (): OrgRecording => {
        const recordingId = uuid();
        const recorded = Math.max(1, Math.floor(seconds / recordingCount));
        return {
          id: recordingId,
          media: 'audio',
          fileState: 'AVAILABLE',
          isSensitive: false,
          channels: random() < 0.5 ? 1 : 2,
          seconds: recorded,
          transcript: transcribed.has(queue.id)
            ? transcriptOf(
                `recording ${recordingId} owner ${owner.id}`,
                { seconds, recorded },
                pick,
              )
            : null,
        };
      }),
      emails: [],
      messages: [],
      isPurged: false,
      isVoicemail: false,
    };
    const agent = users.find(({ id }) => id === call.userId);
    return withAgentNamed(withContent(call, uuid, random), agent?.name ?? '');
  };
  const spread = (
    owner: OrgContact,
    count: number,
    fromDay: number,
    toDay: number,
  ): OrgConversation[] =>
    Array.from({ length: count }, () => {
      const day = fromDay + random() * (toDay - fromDay);
      return conversationOf(owner, daysAgo(options.now, day));
    });

  const others = [...nearby.filter((near) => near.phones.length > 0), ...crowd];
  const conversations = [
    ...spread(subject, options.conversations, 1, (options.years ?? 5) * 365 - 5),
    // Older than the source can be searched: they exist, and nobody can find them.
    ...spread(subject, Math.ceil(options.conversations / 20), 5 * 365 + 10, 7 * 365 - 10),
    ...others.flatMap((other) =>
      spread(
        other,
        options.conversationsOfOthers ?? Math.ceil(options.conversations / 10),
        1,
        (options.years ?? 7) * 365 - 10,
      ),
    ),
  ].sort((a, b) => (a.start < b.start ? -1 : 1));
  const people = [subject, ...nearby, ...crowd];
  const history = people.map((who) => contactHistory(who, users, options.now, uuid, random));
  return {
    subject,
    organisation: {
      id: uuid(),
      name: 'Example Mail Order',
      serviceNumber: '+498001234567',
      serviceMailbox: 'service@shop.example',
      users,
      queues,
      contacts: people,
      conversations,
      audits: history.flatMap(({ audits }) => audits),
      dialerContacts: history.flatMap(({ dialerContacts }) => dialerContacts),
    },
  };
}

/** Merges another contact into the subject, who has two contact ids and one more number then. */
export function withMergedContact(generated: Generated): Generated {
  const { subject } = generated;
  const id = createHash('sha256').update(`merged into ${subject.id}`).digest('hex');
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`;
  subject.mergedFrom.push(uuid);
  const phones = [{ kind: 'cellPhone' as const, e164: '+4930999888' }];
  subject.mergedRecords.push({ id: uuid, phones, emails: [] });
  return generated;
}

/** Every transcript says which recording it belongs to and whose it is. */
function transcriptOf(
  mark: string,
  { seconds, recorded }: { seconds: number; recorded: number },
  pick: <T>(values: readonly T[]) => T,
): OrgRecording['transcript'] {
  const turns = Math.max(2, Math.min(24, Math.floor(seconds / 6)));
  const step = recorded / (turns + 1);
  return Array.from({ length: turns }, (_, i) => {
    const who = i % 2 === 0 ? ('agent' as const) : ('customer' as const);
    const line = pick(who === 'agent' ? agentLines : customerLines);
    const text = i === 0 ? `${line} [${mark}]` : line;
    return { who, text, at: Math.round(i * step * 10) / 10 };
  });
}

/** The same number with another last digit. */
function neighbourOf(number: string): string {
  const last = Number(number.at(-1));
  return `${number.slice(0, -1)}${(last + 1) % 10}`;
}

const daysAgo = (now: Date, days: number): Date =>
  new Date(Math.floor((now.getTime() - days * 86_400_000) / 1000) * 1000);
