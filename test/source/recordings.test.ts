import type { Generated } from '../../local/genesys/generate';
import type { OrgRecording } from '../../local/genesys/organisation';
import type { BulkJob } from '../../local/genesys/state';
import type { StatusView } from '../../src/services/status-view';
import type { AppProcess } from '../helpers/app-process';
import { AppWorld, type WorldOptions } from '../helpers/app-world';
import { openPackage, type OpenedPackage } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { foundOf, organisationOf } from '../helpers/organisation';
import { RequestDriver, RequestFailure } from '../helpers/request-driver';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const organisation = (): Generated => organisationOf(8, 41);

/** The subject's audio recordings that can be found, one of each conversation. */
const audioOf = (generated: Generated): OrgRecording[] =>
  foundOf(generated)
    .flatMap(({ recordings }) => recordings.slice(0, 1))
    .filter(({ media }) => media === 'audio');

/** Makes requests of one person, one after the other, with what the source holds changed between them. */
class Requests {
  private tickets = 0;

  constructor(readonly world: AppWorld) {}

  /** A request up to the state wanted. */
  async until(state: 'available' | 'failed'): Promise<StatusView> {
    return (await this.run(state, () => Promise.resolve(null))).status;
  }

  async package(): Promise<{ status: StatusView; downloaded: OpenedPackage }> {
    const { status, read } = await this.run('available', ({ app }, requestId) =>
      openPackage(app, requestId, () => true),
    );
    return { status, downloaded: read };
  }

  private async run<T>(
    state: 'available' | 'failed',
    read: (process: AppProcess, requestId: string) => Promise<T>,
  ): Promise<{ status: StatusView; read: T }> {
    const { world } = this;
    this.tickets += 1;
    world.simulator.state.transcodes.clear();
    const driver = new RequestDriver(world, `T-${this.tickets}`, { arePagesAtOnce: true });
    await driver.open();
    try {
      await driver.export();
      await driver.deliver();
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      await driver.activity('moveRequest', { to: 'failed', reason: error.code });
    }
    const process = await driver.present();
    const status = await driver.status();
    if (status.state !== state) throw new Error(`The request became ${status.state}.`);
    const result = await read(process, driver.requestId);
    await world.stopProcesses();
    return { status, read: result };
  }

  /** Calls that were made since this was asked for. */
  watch(): () => { method: string; operation: string; status: number }[] {
    const from = this.world.exchanges.length;
    return () =>
      this.world.exchanges
        .slice(from)
        .map(({ method, operation, status }) => ({ method, operation: operation ?? '', status }));
  }
}

let world: AppWorld;
let requests: Requests;

/** Keeps what a test changes of the source from the next one, whichever that is. */
function keepApart({ organisation: { conversations } }: Generated): void {
  const kept = conversations.flatMap(({ recordings }) =>
    recordings.map((recording) => ({ recording, before: { ...recording } })),
  );
  beforeEach(() => {
    for (const { recording, before } of kept) Object.assign(recording, before);
    const { settings, state } = world.simulator;
    settings.hidden = [];
    settings.missingPermissions = [];
    state.restorations.clear();
    world.simulator.setFaults([]);
  });
}

const start = async (options: WorldOptions): Promise<void> => {
  world = await AppWorld.start({
    ...options,
    settings: { CONVERSATIONS_PER_PAGE: '5', SEARCH_WINDOW_DAYS: '92', ...options.settings },
    simulator: { transcodeDuration: 100, ...options.simulator },
    hasPlainStorage: true,
  });
  requests = new Requests(world);
  startMovingTime();
};
const stop = async (): Promise<void> => {
  stopMovingTime();
  await world.stop();
};
const wavFiles = ({ names }: OpenedPackage): string[] =>
  names.filter((name) => /\/audio-\d+\.wav$/.test(name));
const allExported = ({ progress }: StatusView): void => {
  expect(progress.audio['expected']).toBeGreaterThan(3);
  expect(progress.audio['exported']).toBe(progress.audio['expected']);
};

describe('recordings whose media is not at hand', () => {
  const generated = organisation();
  beforeAll(() => start({ generated }));
  afterAll(stop);
  keepApart(generated);
  const [first, second, third] = audioOf(generated);

  it('are listed with the reason: archived ones, and those that retention has deleted', async () => {
    if (!first || !second || !third) throw new Error('too few recordings');
    first.fileState = 'DELETED';
    second.fileState = 'ARCHIVED';
    third.fileState = 'ARCHIVED';
    const { progress, availability } = await requests.until('available');
    expect([progress.audio['archived'], progress.audio['expired']]).toEqual([2, 1]);
    const text = availability?.join(' ') ?? '';
    expect(text).toContain('2 recordings archived in the source and not restored');
    expect(text).toContain('1 recording deleted in the source by its retention rules');
  });

  it('are not exported where the source would hand over what it leaves of them', async () => {
    for (const recording of audioOf(generated)) recording.isSensitive = true;
    world.simulator.settings.missingPermissions = ['recording:recording:viewSensitiveData'];
    const { reasonCode, missingPermissions, progress } = await requests.until('failed');
    expect(reasonCode).toBe('sourcePermissionMissing');
    expect(missingPermissions).toEqual(['recording:recording:viewSensitiveData']);
    expect(progress.audio['exported']).toBe(0);
  });
});

describe('recordings in batches', () => {
  const generated = organisation();
  beforeAll(() =>
    start({
      generated,
      settings: {
        RECORDING_EXPORTER: 'batch',
        RESTORE_ARCHIVED: 'true',
        CONVERSATIONS_PER_PAGE: '20',
      },
    }),
  );
  afterAll(stop);
  keepApart(generated);

  it('take a call or two for a page of them', async () => {
    const calls = requests.watch();
    const status = await requests.until('available');
    allExported(status);
    const isForAudio = ({ operation }: { operation: string }): boolean =>
      operation.includes('/batchrequests');
    expect(calls().filter(isForAudio).length).toBeLessThan(status.progress.audio['expected'] ?? 0);
  });

  it('are asked for anew when a batch is gone or a transfer breaks, and come once', async () => {
    const fault = (match: string, kind: 'jobExpired' | 'truncated' | 'urlExpired') => ({
      match,
      fault: kind,
      after: 0,
      times: 1,
      milliseconds: 0,
    });
    world.simulator.setFaults([
      fault('^GET .*/batchrequests/', 'jobExpired'),
      fault('^GET /media/', 'truncated'),
      fault('^GET /media/.*wav', 'urlExpired'),
    ]);
    const { status, downloaded } = await requests.package();
    expect(world.simulator.faults.isSpent).toBe(true);
    expect(new Set(downloaded.names).size).toBe(downloaded.names.length);
    expect(wavFiles(downloaded)).toHaveLength(status.progress.audio['expected'] ?? -1);
    allExported(status);
  });

  it('are restored one by one, waited for and exported where they are archived', async () => {
    for (const recording of audioOf(generated).slice(0, 2)) recording.fileState = 'ARCHIVED';
    allExported(await requests.until('available'));
    expect(world.simulator.state.restorations.size).toBe(2);
  });

  it('stop the release when a batch does not hand over what was asked for', async () => {
    world.simulator.settings.hidden = audioOf(generated).map(({ id }) => id);
    expect((await requests.until('failed')).reasonCode).toBe('packageIncomplete');
  });
});

describe('recordings by the bulk export', () => {
  const generated = organisation();
  const jobs = (calls: { method: string; operation: string; status: number }[]) =>
    calls.filter(
      ({ method, operation }) => method === 'POST' && operation === '/api/v2/recording/jobs',
    );
  beforeAll(() => start({ generated, bulk: true, settings: { CONVERSATIONS_PER_PAGE: '2' } }));
  afterAll(stop);
  keepApart(generated);

  const neverReady = (id: string): BulkJob => ({
    ...{ id, submitted: Infinity, executed: null },
    ...{ action: 'EXPORT', recordings: [] },
  });
  /** After the check of permissions, another application has both jobs until the app is refused one. */
  function takeBothJobs(): void {
    const { simulator } = world;
    const { bulkJobs } = simulator.state;
    const ids = ['first', 'second'];
    const before = simulator.onExchange;
    simulator.onExchange = (exchange) => {
      before?.(exchange);
      const { method, operation, status } = exchange;
      if (!operation?.startsWith('/api/v2/recording/jobs')) return;
      if (method === 'DELETE' && status === 204)
        for (const id of ids) bulkJobs.set(id, neverReady(id));
      if (method === 'POST' && status === 400) {
        simulator.onExchange = before;
        for (const id of ids) bulkJobs.delete(id);
      }
    };
  }

  it('stop the release when the job says that it has failed with some', async () => {
    const [, last] = audioOf(generated).reverse();
    world.simulator.settings.hidden = [last?.id ?? ''];
    const { reasonCode, progress } = await requests.until('failed');
    expect([reasonCode, progress.audio['failed']]).toEqual(['packageIncomplete', 1]);
  });

  it('wait while the organisation has two jobs, try a failed one again, and come once', async () => {
    // As if nothing had been exported before: another organisation's folder.
    world.simulator.state.organisation.id = '00000000-0000-4000-a000-00000000000b';
    world.simulator.setFaults([
      {
        match: '^GET .*/recording/jobs/[^/]+$',
        fault: 'jobFailed',
        after: 1,
        times: 1,
        milliseconds: 0,
      },
    ]);
    const calls = requests.watch();
    takeBothJobs();
    const { status, downloaded } = await requests.package();
    allExported(status);
    expect(wavFiles(downloaded)).toHaveLength(status.progress.audio['expected'] ?? -1);
    expect(jobs(calls()).some((job) => job.status === 400)).toBe(true);
    expect(world.simulator.faults.isSpent).toBe(true);
    // No job of the export is deleted: that would cancel it. The check of permissions deletes one that
    // there is not, and its own, which is never executed.
    const deleted = calls().filter(({ method }) => method === 'DELETE');
    expect(deleted.map((call) => call.status)).toEqual([404, 204]);
  });

  it('are exported anew for a later request, because those of an earlier one are deleted', async () => {
    const calls = requests.watch();
    allExported(await requests.until('available'));
    const executed = calls().filter(
      ({ method, operation }) =>
        method === 'PUT' && operation.startsWith('/api/v2/recording/jobs/'),
    );
    // The check of permissions executes a job that there is not.
    expect(executed.filter(({ status }) => status === 404)).toHaveLength(1);
    expect(executed.filter(({ status }) => status < 300).length).toBeGreaterThan(0);
  });
});
