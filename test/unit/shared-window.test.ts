import fc from 'fast-check';
import { noWindow, paused } from '../../src/core/rate-window';
import { grantShared, shareOf, withAsking, type SharedWindow } from '../../src/core/shared-window';

const length = 60_000;
const limit = { uses: 300, milliseconds: length };
const nobody: SharedWindow = { ...noWindow, users: new Map() };
const begin = 1_000_000_000;

/** A limit with its window, as the users take turns. */
class Shared {
  window = nobody;
  now = begin;

  constructor(private readonly uses = limit.uses) {}

  ask(user: string, most = 20, atMost = Infinity): number {
    const demand = { user, most, atMost };
    const grant = grantShared(this.window, { ...limit, uses: this.uses }, demand, this.now);
    this.window = grant.window;
    if (grant.kind === 'refused' && grant.availableAt <= this.now)
      throw new Error('It never waits.');
    const count = grant.kind === 'granted' ? grant.count : 0;
    const isGrant = grant.kind === 'refused' || (count > 0 && count <= this.uses);
    if (!isGrant) throw new Error(`${count} is no number of uses.`);
    return count;
  }

  /** Everything that a user is granted now. */
  drain(user: string, atMost = Infinity): number {
    let taken = 0;
    for (let count = -1; count !== 0; taken += count) {
      count = this.ask(user, 20, atMost);
      if (taken > this.uses) throw new Error('More is granted than there is.');
    }
    return taken;
  }
}

describe('a limit that is shared', () => {
  it('is all of one user where there is no other, in portions', () => {
    const shared = new Shared();
    expect(shared.ask('one', 60)).toBe(60);
    expect(shared.drain('one')).toBe(240);
    expect(new Shared().ask('one', 200)).toBe(200);
  });

  it('is taken by half a share at a time where there are others', () => {
    const shared = new Shared();
    shared.ask('other', 1);
    expect(shared.ask('one', 200)).toBe(75);
    expect(shared.ask('one', 20)).toBe(20);
  });

  it('is for those who asked together in the window before, also where they were granted nothing', () => {
    const shared = new Shared();
    shared.window = withAsking(shared.window, limit, ['one', 'other'], shared.now);
    shared.now += length;
    expect(shared.drain('one')).toBe(150);
  });

  it('keeps nothing for somebody who has not asked for a window', () => {
    const shared = new Shared();
    for (const user of ['one', 'gone']) shared.ask(user, 1);
    shared.now += length;
    shared.ask('one', 1);
    shared.now += length;
    expect(shared.drain('one')).toBe(300);
  });

  it.each([
    [0, 300],
    [1, 300],
    [7, 42],
    [300, 1],
    [1000, 1],
  ])('is divided among %d users: %d uses for each', (users, share) => {
    const asked = { granted: 0, hasAsked: true, waitsSince: null };
    const window = {
      ...nobody,
      users: new Map(Array.from({ length: users }, (_, i) => [String(i), asked])),
    };
    expect(shareOf(window, limit)).toBe(share);
  });

  it('keeps the shares of those who asked in the window before, for half a window', () => {
    const shared = new Shared();
    for (const user of ['large', 'small', 'gone']) shared.ask(user, 1);
    shared.now += length;
    expect(shared.drain('large')).toBe(100);
    shared.now += length / 2 - 1;
    expect(shared.drain('large')).toBe(0);
    expect(shared.drain('small')).toBe(100);
    shared.now += 1;
    expect(shared.drain('large')).toBe(100);
  });

  it('knows nobody any more after a window in which nobody asked', () => {
    const shared = new Shared();
    shared.ask('one');
    shared.ask('other');
    shared.now += 2 * length;
    expect(shared.drain('one')).toBe(300);
  });

  it('says when it is worth asking again: at half the window, or at its end', () => {
    const shared = new Shared();
    shared.ask('one', 1);
    shared.ask('other', 1);
    shared.now += length;
    const start = shared.now;
    shared.drain('one');
    const demand = { user: 'one', most: 1, atMost: Infinity };
    const availableAt = (): number => {
      const grant = grantShared(shared.window, limit, demand, shared.now);
      return grant.kind === 'refused' ? grant.availableAt : 0;
    };
    expect(availableAt()).toBe(start + length / 2);
    shared.drain('other');
    expect(availableAt()).toBe(start + length);
    shared.window = { ...paused(shared.window, start + 5 * length), users: shared.window.users };
    expect(availableAt()).toBe(start + 5 * length);
  });

  it('has nothing before the end of the window for a user that has had its part', () => {
    const shared = new Shared();
    for (const user of ['one', 'other']) shared.ask(user, 1);
    shared.now += length;
    shared.drain('one', 10);
    const demand = { user: 'one', most: 1, atMost: 10 };
    expect(grantShared(shared.window, limit, demand, shared.now)).toMatchObject({
      kind: 'refused',
      availableAt: shared.now + length,
    });
  });

  it('is there again at the moment at which a pause ends', () => {
    const shared = new Shared();
    shared.ask('one', 1);
    shared.window = { ...paused(shared.window, shared.now), users: shared.window.users };
    expect(withAsking(shared.window, limit, ['other'], shared.now).users.has('other')).toBe(true);
    expect(shared.ask('one', 1)).toBe(1);
  });

  it('is paused for ten minutes at most', () => {
    const shared = new Shared();
    shared.ask('one', 1);
    const until = shared.now + 600_000;
    shared.window = { ...paused(shared.window, until), users: shared.window.users };
    expect(shared.ask('one', 1)).toBe(0);
  });

  it('has something for each of those who ask together, whoever is the first of them', () => {
    const shared = new Shared();
    const users = Array.from({ length: 10 }, (_, i) => `user-${i}`);
    shared.window = withAsking(shared.window, limit, users, shared.now);
    expect(users.map((user) => shared.drain(user))).toEqual(users.map(() => 30));
    const held = { ...paused(shared.window, shared.now + 1), users: shared.window.users };
    expect(withAsking(held, limit, ['another'], shared.now)).toBe(held);
  });

  it('gives one user no more than its part, and the rest to the next', () => {
    const shared = new Shared();
    expect(shared.drain('large', 200)).toBe(200);
    expect(shared.drain('late', 200)).toBe(100);
  });

  it('begins a new window where a clock that was ahead has written the last one', () => {
    const shared = new Shared();
    shared.now += 3_600_000;
    shared.drain('one');
    shared.now = begin;
    expect(shared.drain('one')).toBe(300);
    // Of a clock that is ahead by a window or less, the window is honoured.
    for (const ahead of [5000, length]) {
      shared.now = begin - ahead;
      expect(shared.drain('one')).toBe(0);
    }
  });

  it('forgets a pause that a clock that was ahead has written, also when its time comes', () => {
    const shared = new Shared();
    shared.ask('one', 1);
    const until = begin + 3_600_000;
    shared.window = { ...paused(shared.window, until), users: shared.window.users };
    expect(shared.ask('one', 1)).toBe(1);
    shared.now = until - 1000;
    expect(shared.ask('one', 1)).toBe(1);
  });

  it('does not forget what was granted with such a pause', () => {
    const shared = new Shared();
    shared.drain('one');
    shared.window = { ...paused(shared.window, begin + 3_600_000), users: shared.window.users };
    expect(shared.ask('one', 1)).toBe(0);
  });

  it('tells hundreds of users apart, and counts the others as one', () => {
    const shared = new Shared(1000);
    // What the app calls for nobody is apart from all.
    shared.ask('', 1);
    for (let i = 0; i < 999; i += 1) shared.ask(String(i), 1);
    expect(shared.window.users.size).toBe(401);
    expect(shared.window.users.get('')?.granted).toBe(1);
  });
});

describe('whoever uses a shared limit', () => {
  const asks = fc.array(
    fc.record({
      user: fc.integer({ min: 0, max: 8 }).map(String),
      most: fc.integer({ min: 1, max: 25 }),
      after: fc.nat(9000),
    }),
    { maxLength: 120 },
  );

  it('is never granted more than it asks for, than its part, or than the limit has', () => {
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 40 }), (given, uses) => {
        const shared = new Shared(uses);
        const atMost = Math.ceil(uses / 2);
        for (const { user, most, after } of given) {
          shared.now += after;
          const count = shared.ask(user, most, atMost);
          expect(count).toBeLessThanOrEqual(most);
          const { window } = shared;
          const sum = [...window.users.values()].reduce((all, { granted }) => all + granted, 0);
          expect(sum).toBe(window.granted);
          expect(window.granted).toBeLessThanOrEqual(uses);
          expect(window.users.get(user)?.granted).toBeLessThanOrEqual(atMost);
        }
      }),
    );
  });

  /** Orders in which users ask in each of several windows; the first user takes all that it gets. */
  const crowds = fc.integer({ min: 2, max: 16 }).chain((users) =>
    fc.record({
      uses: fc.integer({ min: 1, max: 20 }),
      orders: fc.array(
        fc.shuffledSubarray(
          Array.from({ length: users }, (_, i) => `u${i}`),
          { minLength: users, maxLength: users },
        ),
        { minLength: 2, maxLength: 6 },
      ),
    }),
  );

  it('has its share in every window but the first, whatever the order and whatever others take', () => {
    fc.assert(
      fc.property(crowds, ({ uses, orders }) => {
        const shared = new Shared(uses);
        for (const [round, order] of orders.entries()) {
          for (const user of order) {
            const taken = shared.drain(user);
            if (round > 0 && order.length <= uses)
              expect(taken).toBeGreaterThanOrEqual(Math.floor(uses / order.length));
          }
          shared.now += length;
        }
      }),
    );
  });

  it('waits no longer than it takes to serve everybody once, also where users are more than uses', () => {
    fc.assert(
      fc.property(crowds, ({ uses, orders }) => {
        const shared = new Shared(uses);
        const users = orders[0]?.length ?? 0;
        const waited = new Map<string, number>();
        for (const order of [...orders, ...orders, ...orders]) {
          for (const user of order) {
            const isServed = shared.drain(user) > 0;
            waited.set(user, isServed ? 0 : (waited.get(user) ?? 0) + 1);
          }
          expect(Math.max(...waited.values())).toBeLessThanOrEqual(Math.ceil(users / uses) + 1);
          shared.now += length;
        }
      }),
    );
  });

  it('keeps its share, which gets smaller, when somebody comes during the window', () => {
    const shared = new Shared();
    for (const user of ['one', 'two', 'three']) shared.ask(user, 1);
    shared.now += length;
    expect([shared.drain('one'), shared.drain('two')]).toEqual([100, 100]);
    expect(shared.drain('late')).toBe(25);
    expect(shared.drain('three')).toBe(75);
  });

  it('may use all that nobody else takes, once half the window is over', () => {
    fc.assert(
      fc.property(asks, (given) => {
        const shared = new Shared(100);
        for (const { user, most, after } of given) {
          shared.now += after;
          shared.ask(user, most);
        }
        const { start, granted } = shared.window;
        fc.pre(shared.now < start + length);
        shared.now = Math.max(shared.now, start + length / 2);
        expect(shared.drain('1')).toBe(100 - granted);
      }),
    );
  });
});
