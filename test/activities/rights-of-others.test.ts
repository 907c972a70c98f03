import { createExportPage } from '../../src/activities/export-page';
import { createExportPerson, writePerson } from '../../src/activities/export-person';
import { pageBlob, personBlob } from '../../src/core/package/blob-names';
import { newItem, type Item } from '../../src/core/package/items';
import type { PersonRecords } from '../../src/core/package/person-records';
import { withAnswers, type Decision } from '../../src/core/subject/decision';
import {
  partKinds,
  type PartKind,
  type WithheldParts,
} from '../../src/core/subject/withheld-parts';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { sanitiserFor } from '../../src/export/sanitiser';
import type { ExportSettings } from '../../src/ports';
import {
  conversationIn,
  exportEnvironment,
  fakeSource,
  MemoryWriter,
  requestEnvironment,
} from '../helpers/exports';

const at = '2026-11-25T12:00:00.000Z';
const withheldBy = (parts: Partial<WithheldParts>): Decision =>
  withAnswers(null, { rightsOfOthers: { kinds: [], conversations: [], ...parts } }, 1, at);
const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, reason].filter(Boolean).join(' ');

const listing = (...ids: string[]) => ({
  found: ids.map((id) => ({ id, noteText: `secret ${id}`, createdDate: at })),
  problems: [],
  expected: ids.length,
  isWhole: true,
});
const collected: PersonRecords = {
  contacts: { ...listing('c1'), merged: 0 },
  notes: listing('n1', 'n2'),
  journeySessions: listing('v1'),
  campaignContacts: listing('d1'),
  audits: [
    {
      window: { from: '2026-01-01', to: '2026-02-01' },
      ...{ entityType: 'Contact', entityId: 'c1', state: 'done', queryId: 'q', attempts: 1 },
      ...{ problem: null, results: [{ id: 'a1', eventDate: at, action: 'secret a1' }] },
    },
  ],
};

describe('records of the person that are withheld for the rights of others', () => {
  const files: Partial<Record<PartKind, [file: string, item: string, count: number]>> = {
    notes: ['data/notes.json', 'note', 2],
    websiteVisits: ['data/website-visits.json', 'journeySession', 1],
    campaigns: ['data/campaigns.json', 'campaignContact', 1],
    auditTrail: ['data/audit-trail.json', 'auditQuery', 1],
  };
  const write = async (...kinds: PartKind[]) => {
    const env = exportEnvironment(fakeSource({}).source);
    const masks = { records: sanitiserFor(env, 'request'), audits: sanitiserFor(env, 'request') };
    const writer = new MemoryWriter();
    return { writer, ...(await writePerson(writer, collected, masks, kinds)) };
  };

  it.each(Object.entries(files))('are not in the package, and are named: %s', async (...given) => {
    const [kind, [file, item, count]] = given as [PartKind, [string, string, number]];
    const { writer, items, view } = await write(kind);
    expect(JSON.parse(writer.text(file))).toEqual([]);
    const withheld = items.filter(({ status }) => status === 'withheld').map(outline);
    expect(withheld).toEqual(Array<string>(count).fill(`${item} withheld rightsOfOthers`));
    const list = {
      notes: 'notes',
      websiteVisits: 'visits',
      campaigns: 'campaigns',
      auditTrail: 'changes',
    } as const;
    expect(view[list[kind as keyof typeof list]]).toEqual([]);
    const others = items.filter(({ status }) => status !== 'withheld');
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['exported']));
    expect(items).toHaveLength((await write()).items.length);
  });

  it('are all there where nothing is withheld', async () => {
    const { items } = await write();
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['exported']));
    const ofConversations = Object.keys(parts);
    expect([...Object.keys(files), ...ofConversations].sort()).toEqual([...partKinds].sort());
  });

  it('are those that an officer has decided on', async () => {
    const { env, itemsOf } = requestEnvironment(fakeSource({}).source);
    const details = await env.ledger.details({} as never);
    details.decision = withheldBy({ kinds: ['notes'] });
    await env.scratch.write('request', personBlob, Buffer.alloc(32), collected);
    expect(await createExportPerson(env)({ requestId: 'request' })).toMatchObject({ kind: 'done' });
    expect(itemsOf(0).map(outline)).toEqual(
      expect.arrayContaining(['note withheld rightsOfOthers', 'contact exported']),
    );
  });
});

/** Parts of a conversation, by what becomes of its items where an officer withholds the part. */
const parts: Partial<Record<PartKind, string[]>> = {
  callRecordings: ['audio withheld rightsOfOthers'],
  screenRecordings: ['screen withheld rightsOfOthers'],
  otherRecordings: ['otherRecording withheld rightsOfOthers'],
  transcripts: [
    'transcript withheld rightsOfOthers',
    'summary withheld rightsOfOthers',
    'sentiment withheld rightsOfOthers',
  ],
  emails: ['email withheld rightsOfOthers', 'emailRecording withheld rightsOfOthers'],
  messages: [
    'message withheld rightsOfOthers',
    'chat withheld rightsOfOthers',
    'messageRecording withheld rightsOfOthers',
  ],
  attachments: ['attachment withheld attachmentWithheld'],
};

/** What stands in the package of them where they are not withheld. */
const secrets: Partial<Record<PartKind, string[]>> = {
  transcripts: ['secret phrase', 'secret summary', '0.4321'],
  emails: ['secret mail'],
  messages: ['secret message', 'secret file'],
  attachments: ['secret file'],
};

/** A file that is no text. */
const image = '\u0089PNG\r\n\u001a\n\0\0\0\rsecret file';

describe('a conversation', () => {
  const media = ['audio', 'screen', 'other', 'email', 'chat', 'messaging'] as const;
  const channels = { ...conversationIn('voice'), number: 1 };
  const participant = {
    participantId: 'p1',
    purpose: 'customer',
    sessions: ['voice', 'email', 'chat', 'message'].map((mediaType, i) => ({
      sessionId: `s${i}`,
      mediaType,
    })),
  };
  const entry = {
    ...channels,
    conversation: { ...channels.conversation, participants: [participant] },
  } as typeof channels;
  const { source } = fakeSource({
    conversation: () =>
      Promise.resolve({
        participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }],
      } as never),
    listRecordings: () =>
      Promise.resolve(
        media.map((one) => ({ recordingId: `r-${one}`, media: one, file: 'available' as const })),
      ),
    requestRecording: () => Promise.resolve({ kind: 'preparing' }),
    transcriptUrls: () => Promise.resolve([{ recordingId: 'r-audio', url: 'transcript' }]),
    async *download(url: string) {
      const phrases = [{ text: 'secret phrase', startTimeMs: 0, duration: { milliseconds: 9 } }];
      const transcript = { transcripts: [{ phrases }] };
      yield await Promise.resolve(
        Buffer.from(url === 'transcript' ? JSON.stringify(transcript) : image),
      );
    },
    summary: () => Promise.resolve({ summary: { text: 'secret summary' } } as never),
    sentiment: () => Promise.resolve({ sentimentScore: 0.4321 } as never),
    listEmails: () => Promise.resolve(['e1']),
    email: () => Promise.resolve({ id: 'e1', subject: 'secret mail', textBody: 'x' } as never),
    messages: () =>
      Promise.resolve([
        {
          id: 'm1',
          textBody: 'secret message',
          normalizedMessage: {
            content: [
              {
                attachment: {
                  id: 'a1',
                  url: 'https://files.example/a',
                  filename: 'a.png',
                  mime: 'image/png',
                },
              },
            ],
          },
        },
      ] as never),
  });
  const run = async (
    withheld: Partial<WithheldParts> | null,
    settings: Partial<ExportSettings> = {},
  ) => {
    const { env: all, itemsOf } = requestEnvironment(source, settings);
    const writer = new MemoryWriter();
    const finish = () => Promise.resolve({ entries: [], blocks: [], size: writer.entries.size });
    const packageWriter = { startPart: () => Object.assign(writer, { finish }) };
    const env = { ...all, packageWriter } as unknown as typeof all;
    const details = await env.ledger.details({} as never);
    details.decision = withheld === null ? null : withheldBy(withheld);
    const key = Buffer.alloc(32);
    await env.scratch.write('request', pageBlob(1), key, [entry]);
    await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
    const input = { requestId: 'request', page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await createExportPage(env)(input)).toMatchObject({ kind: 'done' });
    const items = itemsOf(1).map(outline);
    return {
      items,
      written: writer.all,
      withheld: items.filter((one) => one.includes(' withheld ')),
    };
  };

  it('is there as a whole where nothing is withheld, or something else is', async () => {
    const all = await run(null);
    expect(all.withheld).toEqual([]);
    // What is there to be withheld is there.
    const kinds = Object.values(parts).flatMap((items) => items.map((one) => one.split(' ')[0]));
    expect(all.items.map((one) => one.split(' ')[0])).toEqual(expect.arrayContaining(kinds));
    expect(await run({ kinds: ['notes'] })).toEqual(all);
  });

  it.each(Object.entries(parts))('is without %s where an officer withholds them', async (...of) => {
    const [kind, expected] = of as [PartKind, string[]];
    const { withheld, written } = await run({ kinds: [kind] });
    expect(withheld.sort()).toEqual([...expected].sort());
    const hidden = secrets[kind] ?? [];
    expect((await run(null)).written).toEqual(expect.stringContaining(hidden[0] ?? ''));
    for (const secret of hidden) expect(written).not.toContain(secret);
  });

  it('says of no recording that its transcript is there when that is withheld, too', async () => {
    const transcriptOnly = { policy: { ...defaultPolicy, callAudio: 'transcriptOnly' as const } };
    const both = await run({ kinds: ['transcripts'] }, transcriptOnly);
    expect(both.withheld).toContain('audio withheld rightsOfOthers');
    expect((await run(null, transcriptOnly)).withheld).toEqual([
      'audio withheld transcriptInstead',
    ]);
  });
});
