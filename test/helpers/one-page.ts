import { createExportPage } from '../../src/activities/export-page';
import { pageBlob } from '../../src/core/package/blob-names';
import { newItem, type Item } from '../../src/core/package/items';
import type { ExportSettings, Source } from '../../src/ports';
import { conversationIn, fakeSource, requestEnvironment } from './exports';

/** What became of an item. */
export const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, reason].filter(Boolean).join(' ');

export type Conversation = ReturnType<typeof conversationIn>['conversation'];

/** A page of one conversation, over a source that has nothing but what a test says. */
export async function pageOf(
  channel: string,
  answers: Partial<Source>,
  change: Partial<Conversation> = {},
  settings: Partial<ExportSettings> = {},
) {
  const calls: string[] = [];
  const none: Partial<Source> = {
    conversation: () => Promise.resolve(null),
    listRecordings: () => Promise.resolve([]),
    transcriptUrls: () => Promise.resolve([]),
    listEmails: () => Promise.resolve([]),
    summary: () => Promise.resolve(null),
    sentiment: () => Promise.resolve(null),
    ...answers,
  };
  const { source } = fakeSource(none);
  const counted = new Proxy(source, {
    get(target, name: string): unknown {
      calls.push(name);
      return Reflect.get(target, name);
    },
  });
  const { env, record, itemsOf } = requestEnvironment(counted, { summaries: false, ...settings });
  const page = [conversationIn(channel, change)];
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), page);
  await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
  const input = { requestId: 'request', page: 1, isLast: false };
  return {
    env,
    record,
    calls,
    run: (attempt = 1, pass = 1) => createExportPage(env)({ ...input, attempt, pass }),
    items: () => itemsOf(1).map(outline),
    all: () => itemsOf(1),
  };
}

/** Items of a conversation besides itself, after its first pass. */
export async function itemsOf(...given: Parameters<typeof pageOf>): Promise<string[]> {
  const page = await pageOf(...given);
  expect(await page.run()).toMatchObject({ kind: 'done' });
  const [conversation, ...others] = page
    .items()
    .sort((a, b) => Number(b.startsWith('conversation')) - Number(a.startsWith('conversation')));
  expect(conversation).toBe('conversation exported');
  return others;
}
