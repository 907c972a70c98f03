import { createExportPage } from '../../src/activities/export-page';
import { pageBlob, partManifestBlob, partName } from '../../src/core/package/blob-names';
import { newItem } from '../../src/core/package/items';
import { readContents } from '../../src/export/package-contents';
import type { PartManifest } from '../../src/ports';
import { conversationIn, fakeSource, requestEnvironment } from '../helpers/exports';

const recorded = { recordingId: 'r1', media: 'chat' as const, file: 'available' as const };
const document = {
  transcript: [
    {
      bodyType: 'STANDARD',
      body: 'My card is 4111 1111 1111 1111',
      participantPurpose: 'customer',
    },
  ],
};

/** Exports a conversation whose recorded text is ready in the pass with this number. */
async function exported(readyInPass: number, media: 'chat' | 'message') {
  let asked = 0;
  const thread = [{ id: 'm1', direction: 'inbound', normalizedMessage: { text: 'Hello' } }];
  const { source } = fakeSource({
    conversation: () =>
      Promise.resolve({
        participants:
          media === 'message' ? [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] : [],
      }),
    listRecordings: () => Promise.resolve([recorded]),
    messages: () => Promise.resolve(thread),
    summary: () => Promise.resolve(null),
    requestRecording: () => {
      asked += 1;
      return Promise.resolve(
        asked < readyInPass ? { kind: 'preparing' } : { kind: 'document', document },
      );
    },
  });
  const { env, blobs } = requestEnvironment(source);
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), [conversationIn(media)]);
  await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
  for (let pass = 1; pass <= readyInPass; pass += 1)
    await createExportPage(env)({ requestId: 'request', page: 1, attempt: 1, pass, isLast: false });
  const manifestOf = (pass: number) =>
    JSON.parse(blobs.get(partManifestBlob(partName(1, 1, pass)).name) ?? '{}') as PartManifest;
  const record = { requestId: 'request', pages: 1 };
  const contents = await readContents(env, {
    record,
    keys: { dataKey: Buffer.alloc(32) },
  });
  return { manifestOf, contents };
}

describe('a recorded chat', () => {
  it('is shown with its conversation when both are written in one pass', async () => {
    const { manifestOf, contents } = await exported(1, 'chat');
    expect(manifestOf(1).rows[0]?.glance.words).toBe('My card is [card number removed]');
    expect(manifestOf(1).recorded).toEqual([]);
    expect([...contents.pages]).toEqual([[1, ['viewer/pages/p000001-0001-00001.js']]]);
  });

  it('is shown from a page of its own when it is ready later, and its first words in the list', async () => {
    const { manifestOf, contents } = await exported(2, 'chat');
    const page = 'viewer/pages/p000001-0001-00002.js';
    const words = 'My card is [card number removed]';
    expect(manifestOf(1).rows[0]?.glance.words).toBe('');
    expect(manifestOf(2).recorded).toEqual([{ number: 1, page, words }]);
    expect(manifestOf(2).entries.map(({ name }) => name)).toContain(page);
    expect(contents.pages.get(1)).toEqual(['viewer/pages/p000001-0001-00001.js', page]);
    expect(contents.glances.get(1)?.words).toBe(words);
  });

  it('is no second time in the viewer where the thread itself is', async () => {
    const { manifestOf, contents } = await exported(2, 'message');
    expect(manifestOf(2).recorded).toEqual([]);
    expect(contents.pages.get(1)).toHaveLength(1);
    expect(contents.glances.get(1)?.words).toBe('Hello');
  });
});
