import { AppWorld } from '../helpers/app-world';
import { openPackage } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import {
  startAt,
  startMovingTime,
  steadyTime,
  stepClock,
  stopMovingTime,
} from '../helpers/moving-time';
import { organisationOf } from '../helpers/organisation';
import { RequestDriver } from '../helpers/request-driver';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const minute = 60_000;
const hour = 60 * minute;

let world: AppWorld;
beforeAll(async () => {
  world = await AppWorld.start({
    generated: organisationOf(3),
    simulator: { transcodeDuration: 100 },
    // The clock that is wrong is the app's own.
    sourceClock: steadyTime,
    hasPlainStorage: true,
  });
});
beforeEach(() => {
  startMovingTime();
  startAt(Date.now());
});
afterEach(async () => {
  await world.stopProcesses();
  stopMovingTime();
});
afterAll(() => world.stop());

describe.each([
  ['an hour fast', hour],
  ['an hour slow', -hour],
])('a machine whose clock is %s', (name, error) => {
  it('searches up to the present of the source, and makes links that live minutes', async () => {
    stepClock(error);
    const driver = new RequestDriver(world, name);
    await driver.fulfil();
    const { app } = await driver.present();
    const { names } = await openPackage(app, driver.requestId, () => false);
    expect(names).toContain('data/conversations/0003/conversation.json');
    const record = await app.ledger.get(driver.requestId);
    const now = steadyTime().getTime();
    expect(Math.abs(Date.parse(record?.searched?.to ?? '') - now)).toBeLessThan(2 * minute);
    const link = await app.packages.link(driver.requestId, 10);
    const life = Date.parse(link?.expiresAt ?? '') - now;
    expect(life).toBeGreaterThan(8 * minute);
    expect(life).toBeLessThan(11 * minute);
  });
});
