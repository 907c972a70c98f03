import { randomFaults, type Fault, type FaultKind } from '../../local/genesys/faults';
import type { ItemCounts } from '../../src/core/package/items';
import { AppWorld } from '../helpers/app-world';
import { calmPlan, refusedAtMost } from '../helpers/chaos-plan';
import { ChaosRun } from '../helpers/chaos-run';
import { openPackage, type OpenedPackage } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { RequestDriver, RequestFailure } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const generated = organisationOf(6, 31);
/** `FAULT_PLANS` random plans are tried, from seed `FAULT_SEED` on. */
const plans = Number(process.env['FAULT_PLANS'] ?? 1);
const firstSeed = Number(process.env['FAULT_SEED'] ?? 1);

const fault = (match: string, kind: FaultKind, times = 1, after = 0): Fault => ({
  match,
  fault: kind,
  times,
  after,
  milliseconds: 1500,
});

const api = '/api/v2/';
const detailJob = '^GET .*/details/jobs/[^/]+$';
const results = '^GET .*/details/jobs/.*/results$';
const audits = '^GET .*/audits/query/[^/]+$';
const media = '^GET /media/';
const files = '^GET /(transcripts|attachments)/';

const cases: [name: string, faults: Fault[]][] = [
  [
    'a storm of 429, tokens that expire in the middle, errors 500 to 504, slow answers and connections that end without one',
    [
      fault(api, 'rateLimited', 5, 20),
      ...[5, 40, 41, 80].map((after) => fault(api, 'tokenExpired', 1, after)),
      fault(api, 'internalError', 2, 5),
      fault(api, 'badGateway', 2, 40),
      fault(api, 'unavailable', 4, 60),
      fault(api, 'gatewayTimeout', 2, 90),
      fault(api, 'slow', 3, 10),
      fault(api, 'dropped', 3, 30),
    ],
  ],
  [
    'search jobs that fail or lose their results, cursors that are too old, rows that come twice, and queries of the audit trail that fail',
    [
      fault(detailJob, 'jobFailed', 2),
      fault(detailJob, 'jobExpired', 2, 10),
      fault(results, 'cursorExpired', 1),
      fault(results, 'duplicated', 8, 2),
      fault(audits, 'jobFailed', 2),
      fault('^GET .*/audits/.*/results$', 'duplicated', 3),
    ],
  ],
  [
    'files that end in the middle, addresses that expire while they are read, and answers that end in the middle',
    [
      fault(media, 'truncated', 3),
      fault(media, 'urlExpired', 1, 1),
      fault(files, 'truncated', 1),
      fault(api, 'truncated', 3, 10),
      fault(api, 'cutJson', 2, 30),
      fault('^POST ', 'truncated', 2, 3),
      fault('/oauth/token$', 'cutJson', 1),
      fault(api, 'tokenExpired', 1, 50),
    ],
  ],
  [
    'addresses that expire before they are read, and error pages instead of media,',
    [fault(media, 'urlExpired', 2), fault(files, 'urlExpired', 1), fault(media, 'corrupt', 2)],
  ],
];

describe('faults of the source', () => {
  let world: AppWorld;
  let expected: string[];
  let tickets = 0;

  /**
   * A request from the ticket to the opened package.
   * @param mayBeRefused whether a file may be given up, so that an officer has to try again
   */
  async function fulfil(mayBeRefused = false): Promise<OpenedPackage & { counts: ItemCounts }> {
    tickets += 1;
    const driver = new RequestDriver(world, `T-${tickets}`);
    await driver.open();
    try {
      await driver.export();
    } catch (error) {
      const isRefused = error instanceof RequestFailure && error.code === 'packageIncomplete';
      if (!mayBeRefused || !isRefused) throw error;
      await driver.activity('moveRequest', { to: 'failed', reason: error.code });
      const present = () => driver.present();
      await new ChaosRun(calmPlan, generated.subject.id, present, () => driver.requestId).act(
        'retry',
      );
      await driver.export();
    }
    await driver.deliver();
    const { app } = await driver.present();
    const opened = await openPackage(app, driver.requestId);
    const counts = await app.items.counts(driver.requestId);
    await world.stopProcesses();
    return { ...opened, counts };
  }

  beforeAll(async () => {
    world = await AppWorld.start({
      generated,
      // Short windows make the calls that the faults hit.
      settings: { CONVERSATIONS_PER_PAGE: '5', SEARCH_WINDOW_DAYS: '31' },
      // Each page waits once for its recordings.
      simulator: { transcodeDuration: 800 },
      hasPlainStorage: true,
    });
    startMovingTime();
    expected = (await fulfil()).manifest;
  }, 120_000);
  afterAll(async () => {
    stopMovingTime();
    await world.stop();
  });
  beforeEach(() => world.simulator.state.transcodes.clear());

  it.each(cases)(
    '%s change nothing in the package',
    async (_name, faults) => {
      world.simulator.setFaults(faults);
      const { manifest } = await fulfil();
      expect(manifest).toEqual(expected);
      expect(world.simulator.faults.isSpent).toBe(true);
    },
    120_000,
  );

  it.each(Array.from({ length: plans }, (_, i) => firstSeed + i))(
    'by plan %d: all that is expected is accounted for, and nothing is of another person',
    async (seed) => {
      const faults = randomFaults(seed, 8);
      world.simulator.setFaults(faults);
      const { manifest, texts, counts } = await fulfil(refusedAtMost(faults) > 0);
      expect(manifest).toEqual(expected);
      for (const { pending, failed } of Object.values(counts))
        expect([pending, failed]).toEqual([0, 0]);
      const { organisation, subject } = generated;
      for (const { id, ownerId } of organisation.conversations)
        if (ownerId !== subject.id) expect(texts).not.toContain(id);
    },
    240_000,
  );

  describe('of permissions that are missing after the probes', () => {
    afterEach(async () => {
      world.simulator.settings.missingPermissions = [];
      await world.stopProcesses();
    });

    it.each([
      ['searches', ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']],
      ['the retention setting', ['analytics:dataRetention:view']],
      ['conversations', ['conversation:communication:view']],
      ['recordings', ['recording:recording:view', 'recording:recordingSegment:view']],
    ])(
      'fail the request for %s, and are never taken for "there is none"',
      async (what, missing) => {
        const driver = new RequestDriver(world, what, {
          beforeAttempt: ({ name }) => {
            if (name === 'beginExportAttempt')
              world.simulator.settings.missingPermissions = missing;
          },
        });
        await driver.open();
        await expect(driver.export()).rejects.toEqual(
          new RequestFailure('sourcePermissionMissing'),
        );
      },
    );
  });
});
