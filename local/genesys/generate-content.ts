import type {
  OrgAudit,
  OrgContact,
  OrgConversation,
  OrgDialerContact,
  OrgRecording,
} from './organisation';

type Uuid = () => string;
type Random = () => number;

/** Every text says what it is and whose, so that a test finds what is not where it belongs. */
const mark = (kind: string, id: string, ownerId: string): string =>
  `[${kind} ${id} owner ${ownerId}]`;

/** A recording that is not audio; it says nothing, so it has no transcript. */
const recordingOf = (id: string, media: OrgRecording['media'], seconds: number): OrgRecording => ({
  id,
  media,
  fileState: 'AVAILABLE',
  isSensitive: false,
  channels: 1,
  seconds: Math.min(600, Math.max(1, Math.floor(seconds))),
  transcript: null,
});

/** Fills a conversation with what was said in its channel, and what was recorded of it. */
export function withContent(
  conversation: OrgConversation,
  uuid: Uuid,
  random: Random,
): OrgConversation {
  const { ownerId, seconds, channel } = conversation;
  const text = (kind: string, id: string, line: string): string =>
    `${line} ${mark(kind, id, ownerId)}`;
  const attachment = (name: string, contentType: string, isWanted: boolean) => {
    const id = uuid();
    return isWanted ? [{ id, name, contentType, text: mark('attachment', id, ownerId) }] : [];
  };
  switch (channel) {
    case 'voice':
    case 'callback': {
      const screen = recordingOf(uuid(), 'screen', seconds);
      const surveyId = uuid();
      const hasScreen = random() < 0.08;
      const hasSurvey = random() < 0.2;
      return {
        ...conversation,
        recordings: [...conversation.recordings, ...(hasScreen ? [screen] : [])],
        ...(hasSurvey
          ? { survey: { id: surveyId, score: 8, answer: text('survey', surveyId, 'Quick help.') } }
          : {}),
        ...(conversation.recordings.some(({ transcript }) => transcript !== null)
          ? { sentiment: (parseInt(conversation.id.slice(0, 4), 16) % 201) - 100 }
          : {}),
        ...(random() < 0.3
          ? { summary: text('summary', conversation.id, 'The customer asked about an order.') }
          : {}),
      };
    }
    case 'email': {
      const recording = recordingOf(uuid(), 'email', seconds);
      const subject = conversation.subject ?? 'Order';
      const emails = (['customer', 'agent'] as const).map((from, i) => {
        const id = uuid();
        const line = from === 'customer' ? 'Where is my parcel?' : 'It will come on Monday.';
        return {
          id,
          from,
          subject: i === 0 ? subject : `Re: ${subject}`,
          text: text('email', id, line),
          at: i * 30,
          attachments: attachment('order.pdf', 'application/pdf', i === 0 && random() < 0.5),
        };
      });
      return { ...conversation, emails, recordings: random() < 0.5 ? [recording] : [] };
    }
    case 'message': {
      const recording = recordingOf(uuid(), 'messaging', seconds);
      const messages = Array.from({ length: 2 + Math.floor(random() * 5) }, (_, i) => {
        const id = uuid();
        const [photo] = attachment('photo.png', 'image/png', random() < 0.2);
        return {
          id,
          from: i % 2 === 0 ? ('customer' as const) : ('agent' as const),
          text: text('message', id, i % 2 === 0 ? 'Is it there yet?' : 'One moment please.'),
          at: i * 5,
          ...(photo ? { attachment: photo } : {}),
        };
      });
      return { ...conversation, messages, recordings: random() < 0.5 ? [recording] : [] };
    }
    case 'chat':
      // Web chats survive as recordings only.
      return { ...conversation, recordings: [recordingOf(uuid(), 'chat', seconds)] };
  }
}

/** A conversation in which the agent says who they are, as agents do. */
export function withAgentNamed(conversation: OrgConversation, name: string): OrgConversation {
  const signed = <T extends { from: 'customer' | 'agent'; text: string }>(one: T): T =>
    one.from === 'agent' ? { ...one, text: `${one.text} Regards, ${name}` } : one;
  const spoken = (recording: OrgRecording): OrgRecording => ({
    ...recording,
    transcript:
      recording.transcript?.map((phrase, i) =>
        i === 0 ? { ...phrase, text: `${phrase.text} This is ${name}.` } : phrase,
      ) ?? null,
  });
  return {
    ...conversation,
    recordings: conversation.recordings.map(spoken),
    emails: conversation.emails.map(signed),
    messages: conversation.messages.map(signed),
    ...(conversation.summary === undefined
      ? {}
      : { summary: `${conversation.summary} ${name} answered.` }),
  };
}

/** Notes, web sessions, rows of campaigns and the audit trail of a contact. */
export function contactHistory(
  contact: OrgContact,
  users: { id: string; name: string }[],
  now: Date,
  uuid: Uuid,
  random: Random,
): { audits: OrgAudit[]; dialerContacts: OrgDialerContact[] } {
  const daysAgo = (days: number): string =>
    new Date(Math.floor((now.getTime() - days * 86_400_000) / 1000) * 1000).toISOString();
  const user = users[Math.floor(random() * users.length)];
  const userId = user?.id ?? '';
  const notes = [400, 20].map((days) => {
    const id = uuid();
    return {
      id,
      text: `Called back. ${mark('note', id, contact.id)} ${user?.name ?? ''}`,
      created: daysAgo(days),
      userId,
    };
  });
  contact.notes.push(...notes);
  const sessionId = uuid();
  contact.journeySessions.push({
    id: sessionId,
    start: daysAgo(10),
    seconds: 90,
    ipAddress: '198.51.100.7',
    lastPage: `https://shop.example/orders?session=${sessionId}&owner=${contact.id}`,
  });
  const change = (days: number, entityType: OrgAudit['entityType'], entityId: string): OrgAudit => {
    const id = uuid();
    return {
      id,
      at: daysAgo(days),
      action: 'Update',
      entityType,
      entityId,
      userId,
      property: entityType === 'Contact' ? 'address' : 'noteText',
      oldValue: 'before',
      newValue: mark('audit', id, contact.id),
    };
  };
  const [, recent] = notes;
  const audits = [
    change(200, 'Contact', contact.id),
    change(15, 'Contact', contact.id),
    // Older than the source keeps audits.
    change(500, 'Contact', contact.id),
    ...(recent ? [change(18, 'Note', recent.id)] : []),
  ];
  const [phone] = contact.phones;
  const dialerId = uuid();
  const contactListId = uuid();
  const dialerContacts: OrgDialerContact[] = phone
    ? [
        {
          id: dialerId,
          contactListId,
          ownerId: contact.id,
          phone: phone.e164,
          data: {
            Name: contact.lastName,
            Phone: phone.e164,
            Note: mark('dialer', dialerId, contact.id),
          },
        },
      ]
    : [];
  return { audits, dialerContacts };
}
