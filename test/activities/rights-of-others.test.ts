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
import { sanitiserFor } from '../../src/export/sanitiser';
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
    if (kind === 'notes') expect(view.notes).toEqual([]);
    if (kind === 'websiteVisits') expect(view.visits).toEqual([]);
    const others = items.filter(({ status }) => status !== 'withheld');
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['exported']));
    expect(items).toHaveLength((await write()).items.length);
  });

  it('are all there where nothing is withheld', async () => {
    const { items } = await write();
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set(['exported']));
    expect([...Object.keys(files), 'callRecordings', 'attachments'].sort()).toEqual(
      [...partKinds].sort(),
    );
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

describe('a conversation', () => {
  const run = async (parts: Partial<WithheldParts> | null): Promise<string[]> => {
    const { source } = fakeSource({
      conversation: () => Promise.resolve(null),
      listRecordings: () =>
        Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
      requestRecording: () => Promise.resolve({ kind: 'preparing' }),
      transcriptUrls: () => Promise.resolve([]),
    });
    const { env, itemsOf } = requestEnvironment(source, { summaries: false, sentiment: false });
    const details = await env.ledger.details({} as never);
    details.decision = parts === null ? null : withheldBy(parts);
    const key = Buffer.alloc(32);
    await env.scratch.write('request', pageBlob(1), key, [conversationIn('voice')]);
    await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
    const input = { requestId: 'request', page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await createExportPage(env)(input)).toMatchObject({ kind: 'done' });
    return itemsOf(1)
      .filter(({ kind }) => kind === 'audio')
      .map(outline);
  };

  it('is exported without its audio where an officer withholds recordings of calls', async () => {
    expect(await run(null)).toEqual(['audio pending']);
    expect(await run({ kinds: ['notes'] })).toEqual(['audio pending']);
    expect(await run({ kinds: ['callRecordings'] })).toEqual(['audio withheld transcriptInstead']);
  });
});
