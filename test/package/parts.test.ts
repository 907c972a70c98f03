import { ZipPackageWriter } from '../../src/adapters/package/package-writer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createActivities } from '../../src/activities';
import { compose, type AppContext } from '../../src/composition/compose';
import { loadConfig } from '../../src/config/config';
import {
  partManifestBlob,
  pageBlob,
  partManifestsOf,
  partName,
} from '../../src/core/package/blob-names';
import { groupCount } from '../../src/core/genesys/search-groups';
import type { ActivityResult } from '../../src/core/results';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

/** What was done; fails on anything else. */
function valueOf<T>(result: ActivityResult<T>): T {
  if (result.kind !== 'done') throw new Error(`It ended as ${JSON.stringify(result)}.`);
  return result.value;
}

/**
 * A request whose activities are run by hand, after its host ended when the searches began: the
 * first page twice at the same time, the second with an upload that breaks off, the others as they are.
 */
describe('a part of a package', () => {
  let scenario: Scenario;
  let env: AppContext;
  let requestId: string;
  let pages: number;
  const doubled: { waiting: number }[][] = [];
  /** Calls of the source about conversations of each page, from the fall of the second on. */
  let afterFall: number;
  let asked: string[];
  let conversations: [string[], string[]];
  let blocks: string[];

  const manifestOf = (folder: string): string[] =>
    readFileSync(join(folder, 'manifest-sha256.txt'), 'utf8').trim().split('\n').sort();
  const fragmentsOf = async (page: number): Promise<string[]> =>
    (await env.scratch.list(requestId, partManifestsOf(page))).map(({ name }) => name);

  beforeAll(async () => {
    scenario = await Scenario.start({
      hosting: 'processes',
      faultPoint: 'beforeStart:searchGroup',
      isComparable: true,
      conversations: 12,
      settings: { CONVERSATIONS_PER_PAGE: '4' },
      simulator: { transcodeDuration: 0 },
    });
    requestId = await scenario.request({ ticketId: 'BY-HAND' });
    await scenario.stepUp(1);
    await eventually('the fall', () => Promise.resolve(!scenario.stack.isHostRunning));
    env = compose(loadConfig(scenario.stack.appSettings));
    await collectByHand();
    asked = scenario.exchanges.slice(afterFall).map(({ path }) => path);
    const { wrappedSecret } = (await env.ledger.get(requestId)) ?? {};
    const { dataKey } = await env.keys.unwrap(wrappedSecret ?? '');
    const conversationsOf = async (page: number): Promise<string[]> => {
      const found = await env.scratch.read(requestId, pageBlob(page), dataKey);
      return (found ?? []).map(({ conversation }) => conversation.conversationId);
    };
    conversations = [await conversationsOf(1), await conversationsOf(2)];
    const first = await env.scratch.read(requestId, partManifestBlob(partName(1, 1, 1)), dataKey);
    blocks = first?.blockIds ?? [];
  }, 120_000);
  afterAll(() => scenario.stop());

  async function collectByHand(): Promise<void> {
    const activities = createActivities(env);
    const groups = groupCount((await env.searches.list(requestId)).length);
    for (let group = 1; group <= groups; group += 1) {
      while (valueOf(await activities.advanceSearches({ requestId, group })).waiting > 0) {
        // The source takes its time.
      }
    }
    ({ pages } = valueOf(await activities.planPages({ requestId })));
    for (let page = 1; page <= pages; page += 1) await exportByHand(page);
  }

  async function exportByHand(page: number): Promise<void> {
    const activities = createActivities(env);
    for (let pass = 1; ; pass += 1) {
      const input = { requestId, page, attempt: 1, pass, isLast: false };
      if (page === 2 && pass === 1) await fallAtUpload(page);
      const attempts = page === 1 ? [input, input] : [input];
      const results = await Promise.all(attempts.map((one) => activities.exportPage(one)));
      if (page === 1) doubled.push(results.map(valueOf));
      if (results.every((result) => valueOf(result).waiting === 0)) return;
    }
  }

  /** The worker is lost when the last block of the part is on its way. */
  async function fallAtUpload(page: number): Promise<void> {
    const packages: AppContext['packages'] = Object.create(env.packages) as AppContext['packages'];
    packages.stageBlock = () => Promise.reject(new Error('The worker is gone.'));
    const falling = createActivities({
      ...env,
      packageWriter: new ZipPackageWriter(packages),
    });
    const input = { requestId, page, attempt: 1, pass: 1, isLast: false };
    await expect(falling.exportPage(input)).rejects.toThrow('The worker is gone.');
    expect(await fragmentsOf(page)).toEqual([]);
    afterFall = scenario.exchanges.length;
  }

  it('that is written twice at the same time is in the package once', async () => {
    for (const [one, other] of doubled) expect(one).toEqual(other);
    const names = await fragmentsOf(1);
    expect(new Set(names).size).toBe(names.length);
    // The blocks of one attempt, by the random number that each has of its own.
    const attempts = blocks.map((id) => Buffer.from(id, 'base64').toString().split('.')[1]);
    expect(new Set(attempts).size).toBe(1);
  });

  it('that is lost is written anew, and no other', () => {
    const [others, lost] = conversations;
    for (const id of lost) expect(asked.some((path) => path.includes(id))).toBe(true);
    for (const id of others) expect(asked.filter((path) => path.includes(id))).toEqual([]);
  });

  it('leaves the content as it is without any of that, when the host comes back', async () => {
    const before = (await fragmentsOf(1)).concat(await fragmentsOf(2));
    await scenario.stack.startHost();
    await scenario.untilState(requestId, 'available');
    // What was done by hand was found done.
    expect((await fragmentsOf(1)).concat(await fragmentsOf(2))).toEqual(before);
    await scenario.stepUp(2);
    const manifest = manifestOf((await scenario.fetchPackage()).folder);
    const plain = await scenario.request({ ticketId: 'PLAIN' });
    await scenario.stepUp(3);
    await scenario.untilState(plain, 'available');
    await scenario.stepUp(4);
    expect(manifest).toEqual(manifestOf((await scenario.fetchPackage()).folder));
  });
});
