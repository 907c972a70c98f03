import { parseRequestBody } from '../../src/core/api/request-body';
import { StorageUnavailableError } from '../../src/core/errors';
import { submitRequest } from '../../src/services/submission';
import { AppWorld } from '../helpers/app-world';
import { outcomeOf, type Outcome } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import type * as PromptRetries from '../helpers/prompt-retries';
import { RequestDriver, type DriverOptions } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';
import { writeOf } from '../helpers/storage-writes';
import { requestIdsIn } from '../helpers/test-account';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

jest.mock('../../node_modules/@typespec/ts-http-runtime/dist/commonjs/util/delay.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.runtime(),
);
jest.mock('../../node_modules/@azure/storage-common/dist/commonjs/utils/utils.common.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.blobs(),
);

let world: AppWorld;
let expected: Outcome;
let tickets = 0;
const driven = (options: DriverOptions = {}): RequestDriver =>
  new RequestDriver(world, `T-${(tickets += 1)}`, options);
const outcome = async ({ requestId }: RequestDriver): Promise<Outcome> =>
  outcomeOf((await world.start({ isPlain: true })).app, requestId);
const mails = (): number => world.inbox.messages.filter(({ kind }) => kind === 'email').length;

beforeAll(async () => {
  world = await AppWorld.start({
    generated: organisationOf(4, 21),
    settings: { CONVERSATIONS_PER_PAGE: '2', SEARCH_WINDOW_DAYS: '92' },
    // Each page waits once for its recordings.
    simulator: { transcodeDuration: 800 },
  });
  startMovingTime();
  const driver = driven({ isPlain: true });
  await driver.fulfil();
  expected = await outcome(driver);
}, 120_000);
afterAll(async () => {
  stopMovingTime();
  await world.stop();
});
afterEach(() => {
  world.mail.onData = null;
  world.mail.trap = null;
  world.mail.isDown = false;
});

describe('mail', () => {
  /** Ids of the mails that callers have begun to send. */
  function watchIds(): string[] {
    const ids: string[] = [];
    world.mail.onData = (text) => {
      const [, id] = /^Message-ID: (\S+)/im.exec(text) ?? [];
      if (id !== undefined) ids.push(id);
    };
    return ids;
  }

  it('that a process was sending when it was killed comes again with the same message id, and nothing else', async () => {
    const ids = watchIds();
    const before = mails();
    let killed = 0;
    const beforeAttempt: DriverOptions['beforeAttempt'] = ({ name }, process) => {
      if (name !== 'invite' || killed > 0) return;
      world.mail.trap = {
        text: 'Message-ID',
        act: () => {
          killed += 1;
          process.kill();
          return Promise.resolve();
        },
      };
    };
    const driver = driven({ beforeAttempt });
    await driver.fulfil();
    expect(killed).toBe(1);
    // Invitation, reminder and announcement, of which the first came twice.
    expect(ids).toHaveLength(4);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(mails()).toBeGreaterThanOrEqual(before + 3);
    expect(mails()).toBeLessThanOrEqual(before + 4);
    expect(await outcome(driver)).toEqual(expected);
  });

  it('that breaks off in DATA is sent again, with the same message id, and arrives once', async () => {
    const ids = watchIds();
    const before = mails();
    world.mail.trap = {
      text: 'Message-ID',
      act: () => {
        world.mail.isDown = true;
        return Promise.resolve();
      },
    };
    const driver = driven({ beforeAttempt: ({ name }) => back(name) });
    let attempts = 0;
    const back = (name: string): void => {
      if (name === 'invite') attempts += 1;
      if (attempts > 1) world.mail.isDown = false;
    };
    await driver.open();
    expect(driver.waits).toEqual(['messageNotAccepted']);
    expect(ids[1]).toBe(ids[0]);
    // The invitation and the reminder.
    expect(mails()).toBe(before + 2);
  });

  it('comes when its server is back, and the status says what is waited for until then', async () => {
    const before = mails();
    const reasons: unknown[] = [];
    world.mail.isDown = true;
    let attempts = 0;
    const driver = driven({
      attempt: async (step, work) => {
        const process = await driver.present();
        if (step.name !== 'invite') return process.run(work);
        attempts += 1;
        world.mail.isDown = attempts < 3;
        const result = await process.run(work);
        reasons.push((await driver.status()).waiting?.reasonCode ?? null);
        return result;
      },
    });
    await driver.open();
    expect(reasons).toEqual(['messageNotAccepted', 'messageNotAccepted', null]);
    expect(mails()).toBe(before + 2);
  });
});

describe('storage', () => {
  it('that is away refuses a request and keeps nothing of it; the request that it then takes waits while it is away during each of three steps, and goes on', async () => {
    const open = new Set<string>(['exportPage', 'commitPackage', 'release']);
    let downs = 0;
    const driver = driven({
      beforeAttempt: ({ name }, { blobs, tables }) => {
        for (const proxy of [blobs, tables]) proxy.isDown = false;
        if (!open.has(name)) return;
        const trap = {
          matches: (call: string, body: Buffer) => writeOf(call, body) !== null,
          when: 'before' as const,
          act: () => {
            open.delete(name);
            downs += 1;
            for (const proxy of [blobs, tables]) {
              proxy.trap = null;
              proxy.isDown = true;
            }
            return Promise.resolve();
          },
        };
        for (const proxy of [blobs, tables]) proxy.trap = trap;
      },
    });
    const { app, tables } = await driver.present();
    const before = await requestIdsIn(world.storage);
    tables.isDown = true;
    const submission = parseRequestBody(driver.body, app.defaultPhoneRegion);
    await expect(submitRequest(app, submission)).rejects.toBeInstanceOf(StorageUnavailableError);
    tables.isDown = false;
    expect(await requestIdsIn(world.storage)).toEqual(before);
    await driver.fulfil();
    expect(downs).toBe(3);
    expect(await outcome(driver)).toEqual(expected);
  }, 120_000);
});
