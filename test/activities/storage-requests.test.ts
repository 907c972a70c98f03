import { requestOf, tallyOf, type StorageRequest } from '../../local/cost/storage-requests';
import { Table } from '../../src/adapters/storage/table';
import { AppWorld } from '../helpers/app-world';
import type { AppProcess } from '../helpers/app-process';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { RequestDriver, type Step, type StepName } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const conversations = 50;
const callsPerMinute = 300;

/** Steps whose requests grow with the conversations. */
const growing: readonly StepName[] = ['planPages', 'exportPage', 'writePackageMetadata'];

describe('the requests of storage from the ticket to the package', () => {
  let world: AppWorld;
  const requests: (StorageRequest & { step: Step })[] = [];
  /** Calls of steps, by their names. */
  const calls: Partial<Record<StepName, number>> = {};
  let driver: RequestDriver;
  beforeAll(async () => {
    // A minute is a minute: what is done every so many seconds is counted, too.
    world = await AppWorld.start({
      generated: organisationOf(conversations, 21),
      settings: { GENESYS_CALLS_PER_MINUTE: String(callsPerMinute), SEARCH_WINDOW_DAYS: '365' },
      simulator: { callsPerMinute, transcodeDuration: 5000 },
    });
    startMovingTime();
    const beforeAttempt = (step: Step, { blobs, tables }: AppProcess): void => {
      calls[step.name] = (calls[step.name] ?? 0) + 1;
      for (const proxy of [blobs, tables])
        proxy.onCall = (call) => {
          const [method = '', target = ''] = call.split(' ');
          requests.push({ step, ...requestOf(method, target) });
        };
    };
    driver = new RequestDriver(world, 'T-1', { beforeAttempt });
    await driver.fulfil();
  }, 300_000);
  afterAll(async () => {
    stopMovingTime();
    await world.stop();
  });

  const of = (...names: StepName[]) => requests.filter(({ step }) => names.includes(step.name));

  it('are two at most for each conversation', () => {
    const { total, byKind } = tallyOf(of(...growing));
    expect({ byKind, isFew: total <= 2 * conversations }).toEqual({ byKind, isFew: true });
  });

  it('are 170 at most whatever the size', () => {
    const { total, byKind } = tallyOf(requests.filter(({ step }) => !growing.includes(step.name)));
    expect({ byKind, isFew: total <= 170 }).toEqual({ byKind, isFew: true });
  });

  it('read a request once in each run of an activity, and write it without another reading', () => {
    const reads = (one: StorageRequest): boolean =>
      `${one.operation} ${one.object}` === 'table get requests request';
    // Pages look whether they are to go on before they count; people use the portal.
    const others = requests.filter(({ step }) => !['exportPage', 'verify'].includes(step.name));
    const runs = Object.entries(calls).filter(([name]) => !['exportPage', 'verify'].includes(name));
    expect(others.filter(reads).length).toBeLessThanOrEqual(
      runs.reduce((sum, [, count]) => sum + count, 0),
    );
  });

  it('never ask how large a blob is before it is read', () => {
    const heads = requests.filter(({ operation }) => operation === 'blob head');
    // The package alone: its version before it is committed, and its size before it is read back.
    expect(heads.filter(({ object }) => object !== 'packages')).toEqual([]);
    expect(heads.length).toBeLessThanOrEqual(3);
  });

  it('are a few for each pass over a page', () => {
    expect(of('exportPage').length).toBeLessThanOrEqual(12 * (calls.exportPage ?? 0));
  });

  it('say for which request calls of the source are taken', async () => {
    const table = new Table(world.storage.connectionString, 'rateLimits');
    const [row] = await table.list('genesysCalls');
    const users = JSON.parse(String(row?.['users'])) as [id: string][];
    expect(users.map(([id]) => id)).toEqual([driver.requestId.slice(0, 8)]);
  });
});
