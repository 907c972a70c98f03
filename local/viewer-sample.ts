import { crc32, deflateSync } from 'node:zlib';
import type { Statement } from '../src/core/package/availability-statements';
import type { ViewerSources } from '../src/core/package/viewer-index';
import { viewerPerson } from '../src/core/package/viewer-person';
import type { ViewerTexts } from '../src/core/package/viewer-texts';
import { cardMark, otherName } from '../src/core/redaction/marks';
import { randomOf } from './random';
import type { ShownConversation } from './viewer-package';

/** Conversations for the viewer as a contact centre has them, made from a seed: for pictures and measurements. */

const queues = ['Orders', 'Returns', 'Billing'] as const;
const agents = ['agent-00000001', 'agent-00000002', 'agent-00000003'] as const;
const said: readonly [string, string][] = [
  ['Agent', 'Good morning, how can I help you?'],
  ['Customer', 'My order should have come on Monday.'],
  ['Agent', 'Of course, one moment please, I will look that up.'],
  ['Customer', 'Thank you, that helps me a lot.'],
  ['Agent', 'I have found it. Your order left our warehouse yesterday.'],
  ['Customer', 'Could you please send it to my new address?'],
  ['Customer', `My card is ${cardMark}`],
  ['Agent', 'Is there anything else I can do for you?'],
];
/** Milliseconds at which each phrase begins. */
const times = [0, 5200, 11_000, 17_000, 23_000, 28_000, 36_000, 39_000];

type Random = () => number;

const oneOf = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;

const seconds = 46;
const samplesPerSecond = 8000;

/** A sound of nothing (WAVE, 8 bit, one channel). */
function silentSound(): Buffer {
  const samples = Buffer.alloc(seconds * samplesPerSecond, 0x80);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samplesPerSecond, 24);
  head.writeUInt32LE(samplesPerSecond, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
const sound = silentSound();

/** A part of a PNG file (W3C, PNG, section 5.3). */
function pngPart(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture of one colour. */
function plainPicture(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([
    Buffer.from([0]),
    Buffer.alloc(width * 3, Buffer.from([219, 202, 186])),
  ]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[pngPart('IHDR', head), pngPart('IDAT', pixels), pngPart('IEND', Buffer.alloc(0))],
  ]);
}
const picture = plainPicture(320, 200);

function call(random: Random, index: number): ShownConversation {
  const isTold = random() < 0.55;
  const recordingId = `recording-${index}`;
  const cues = said.map(([who, text], i) => {
    const from = times[i] ?? 0;
    return { from, to: from + 2000 + text.length * 40, who, text };
  });
  const silent = [{ from: 37_000, to: 38_600 }];
  const texts: Partial<ViewerTexts> = {
    ...(isTold ? { transcripts: [{ recordingId, cues, silent }] } : {}),
    summary:
      random() < 0.3
        ? 'You asked about a late order. It had left the warehouse the day before, and the delivery address was changed.'
        : '',
  };
  return {
    row: {
      start: '',
      channel: random() < 0.06 ? 'callback' : 'voice',
      direction: random() < 0.9 ? 'inbound' : 'outbound',
      durationSeconds: 30 + Math.floor(random() * 400),
    },
    texts,
    files: [{ kind: 'audio', file: 'audio-1.wav', sourceId: recordingId, content: sound }],
    missing: isTold ? [] : [{ kind: 'transcript', status: 'absent', reason: 'noTranscript' }],
  };
}

function email(random: Random, index: number, start: string): ShownConversation {
  const subject = `Order ${95_000 + index}`;
  const at = (minutes: number): string =>
    new Date(Date.parse(start) + minutes * 60_000).toISOString();
  const [you, shop] = ['Maria Schneider <maria.schneider1@mail.example>', 'service@shop.example'];
  const question =
    'Hello,\n\nWhere is my parcel? I ordered it on 2 June and the tracking page has not changed since Friday.\n\nKind regards\nMaria Schneider';
  const answer = `Dear Ms Schneider,\n\nYour parcel will come on Monday. We are sorry for the delay.\n\n${oneOf(random, agents)}, Customer Service`;
  const html = `<p>Dear Ms Schneider,</p><p>Your <b>parcel</b> will come on Monday.</p>`;
  const receipt = { file: null, name: 'receipt.pdf', type: 'application/pdf', size: 84_000 };
  return {
    row: { start, channel: 'email', emails: 2 },
    texts: {
      emails: [
        {
          from: you,
          to: shop,
          cc: '',
          subject,
          at: at(0),
          text: question,
          html: '',
          file: 'email-1.eml',
          attachments: [receipt],
        },
        {
          from: shop,
          to: you,
          cc: otherName,
          subject: `Re: ${subject}`,
          at: at(421),
          text: answer,
          html,
          file: 'email-2.eml',
          attachments: [],
        },
      ],
    },
    files: [
      { kind: 'email', file: 'email-1.eml' },
      { kind: 'email', file: 'email-2.eml' },
    ],
  };
}

function thread(random: Random, start: string, channel: 'message' | 'chat'): ShownConversation {
  const at = (minutes: number): string =>
    new Date(Date.parse(start) + minutes * 60_000).toISOString();
  const name = oneOf(random, agents);
  const file = {
    file: 'attachment-1.png',
    name: 'box.png',
    type: 'image/png',
    size: picture.length,
  };
  return {
    row: { start, channel, messages: 5 },
    texts: {
      messages: [
        {
          from: 'agent',
          name,
          at: at(0),
          text: 'Good morning! Your parcel is on its way. How can we help?',
          files: [],
        },
        {
          from: 'you',
          name: '',
          at: at(6),
          text: 'It came today, but the box is open.',
          files: [],
        },
        { from: 'you', name: '', at: at(7), text: '', files: channel === 'message' ? [file] : [] },
        {
          from: 'agent',
          name,
          at: at(15),
          text: `I’m sorry to see that. Is anything missing?\n${name}, Customer Service`,
          files: [],
        },
        {
          from: 'you',
          name: '',
          at: at(36),
          text: 'No, everything is there. Thank you!',
          files: [],
        },
      ],
      surveys:
        random() < 0.4
          ? [
              {
                name: 'After the contact',
                at: at(60),
                score: '8',
                answers: [{ question: 'Would you recommend us?', answer: '8. Quick help.' }],
              },
            ]
          : [],
    },
    files:
      channel === 'message'
        ? [{ kind: 'attachment', file: 'attachment-1.png', content: picture }]
        : [],
  };
}

/**
 * Conversations over some years, the oldest first.
 * @param count how many
 * @param until when the last one begins
 */
export function sampleConversations(count: number, until: Date, years = 5): ShownConversation[] {
  const random = randomOf(81);
  const span = years * 365 * 86_400_000;
  const starts = Array.from({ length: count }, () =>
    new Date(until.getTime() - random() * span).toISOString(),
  ).sort();
  return starts.map((start, index) => {
    const kind = random();
    const made =
      kind < 0.74
        ? call(random, index)
        : kind < 0.9
          ? email(random, index, start)
          : thread(random, start, kind < 0.98 ? 'message' : 'chat');
    const row = { ...made.row, start, queue: oneOf(random, queues), agent: oneOf(random, agents) };
    return { ...made, row };
  });
}

/** Statements of the report about such conversations. */
export function sampleStatements(conversations: readonly ShownConversation[]): Statement[] {
  const calls = conversations.filter(({ files }) => files?.some(({ kind }) => kind === 'audio'));
  const untold = conversations.filter(({ missing }) => (missing?.length ?? 0) > 0).length;
  const all = (kind: 'conversation' | 'audio' | 'email', count: number): Statement => ({
    ...{ about: 'kind', kind, exported: count, of: count, missing: [] },
  });
  return [
    all('conversation', conversations.length),
    all('audio', calls.length),
    {
      ...{ about: 'kind', kind: 'transcript', exported: calls.length - untold },
      of: calls.length - untold,
      missing: untold === 0 ? [] : [{ reason: 'noTranscript', count: untold }],
    },
    all('email', conversations.filter(({ row }) => row.channel === 'email').length),
    { about: 'leftOut', what: ['evaluations'] },
    { about: 'ground', ground: 'rightsOfOthers', what: ['texts', 'evaluations'] },
    {
      ...{ about: 'searchableFrom', searchableFrom: '2021-11-26T00:00:00.000Z' },
      ...{ from: '2019-11-26T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' },
    },
    { about: 'divisions', visible: [] },
    { about: 'complaint', contact: 'privacy@shop.example', authority: null },
  ];
}

/** What else there is of such a person. */
export function samplePerson(conversations: readonly ShownConversation[]): Partial<ViewerSources> {
  const change = (eventDate: string, property: string) => ({
    ...{ eventDate, action: 'Update', entityType: 'Contact', user: { name: agents[1] } },
    propertyChanges: [{ property, oldValues: ['before'], newValues: ['after'] }],
  });
  return {
    controller: 'Example Mail Order',
    statements: sampleStatements(conversations),
    person: viewerPerson({
      contacts: [
        {
          ...{ firstName: 'Maria', lastName: 'Schneider', createDate: '2018-12-17T00:00:00Z' },
          ...{ personalEmail: 'maria.schneider1@mail.example' },
          cellPhone: { e164: '+491715550166' },
          customFields: { preferredContactTime: 'Mornings' },
        },
      ],
      notes: [
        {
          createDate: '2026-11-05T13:11:00.000Z',
          noteText: 'Called back.',
          createdBy: { name: agents[2] },
        },
        {
          createDate: '2025-11-28T09:02:00.000Z',
          noteText: 'Parcel resent, free of charge.',
          createdBy: { name: agents[0] },
        },
      ],
      visits: [
        {
          ...{ createdDate: '2026-11-15T09:00:00.000Z', durationInSeconds: 90 },
          lastPage: { url: 'https://shop.example/orders', title: 'Your orders' },
          ipAddress: '198.51.100.7',
        },
      ],
      campaigns: [{ data: { Name: 'Schneider', Phone: '+491715550166' } }],
      audits: [
        change('2026-11-14T05:38:00.000Z', 'address'),
        change('2026-03-02T09:15:00.000Z', 'cellPhone'),
      ],
    }),
    files: [
      'data/profile.json',
      'data/contact.json',
      'data/conversations.csv',
      'availability-report.html',
    ],
  };
}
