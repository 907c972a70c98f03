import fc from 'fast-check';
import { nextDue, type Period } from '../../src/core/jobs/schedule';
import { idPrefixes, inTurn, inTurnByPrefix, type Stop, type Turn } from '../../src/core/jobs/turn';

const hourly: Period = { kind: 'hourly', minute: 7 };
const daily: Period = { kind: 'daily', hour: 3, minute: 30 };

describe('when a job is due next', () => {
  it.each([
    [hourly, '2026-11-29T02:06:59.999Z', '2026-11-29T02:07:00.000Z'],
    [hourly, '2026-11-29T02:07:00.000Z', '2026-11-29T03:07:00.000Z'],
    [hourly, '2026-12-31T23:30:00.000Z', '2027-01-01T00:07:00.000Z'],
    [daily, '2026-11-29T03:29:59.000Z', '2026-11-29T03:30:00.000Z'],
    [daily, '2026-11-29T03:30:00.000Z', '2026-11-30T03:30:00.000Z'],
    [daily, '2028-02-28T12:00:00.000Z', '2028-02-29T03:30:00.000Z'],
    [{ kind: 'always' }, '2026-11-29T02:06:59.999Z', '2026-11-29T02:06:59.999Z'],
  ] satisfies [Period, string, string][])('%j after %s is %s', (period, after, next) => {
    expect(nextDue(period, new Date(after)).toISOString()).toBe(next);
  });

  it('is later, within a period, and at the same place of it', () => {
    const times = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(times, fc.boolean(), (after, isHourly) => {
        const next = nextDue(isHourly ? hourly : daily, after);
        const wait = next.getTime() - after.getTime();
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(isHourly ? 3_600_000 : 86_400_000);
        expect(next.toISOString()).toMatch(isHourly ? /:07:00\.000Z$/ : /T03:30:00\.000Z$/);
      }),
    );
  });
});

describe('turns', () => {
  it('get through items that are read by the beginnings of their ids, without all of them at once', async () => {
    const ids = fc.uniqueArray(fc.uuid(), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 5 }), async (all, perTurn) => {
        const done: string[] = [];
        let turns = 0;
        let after: Stop = null;
        do {
          turns += 1;
          const before = done.length;
          const read: string[] = [];
          const turn: Turn = { after, isOver: () => done.length - before >= perTurn };
          after = await inTurnByPrefix(
            turn,
            (prefix) => {
              read.push(prefix);
              return Promise.resolve(all.filter((id) => id.startsWith(prefix)));
            },
            (id) => id,
            (id) => Promise.resolve(void done.push(id)),
          );
          expect(read).toEqual(idPrefixes.filter((one) => read.includes(one)));
        } while (after !== null);
        expect(done).toEqual([...all].sort());
        // One more than it takes may be needed to see that nothing is left.
        expect(turns).toBeLessThanOrEqual(Math.ceil(all.length / perTurn) + 1);
      }),
    );
  });

  it('get through all items once, in any number of turns', async () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 5 }), async (all, perTurn) => {
        const done: string[] = [];
        let after: Stop = null;
        do {
          const before = done.length;
          const turn: Turn = { after, isOver: () => done.length - before >= perTurn };
          after = await inTurn(
            turn,
            all,
            (id) => id,
            (id) => Promise.resolve(void done.push(id)),
          );
        } while (after !== null);
        expect(done).toEqual([...all].sort((one, other) => (one < other ? -1 : 1)));
      }),
    );
  });

  it('get on by one item at least, however short they are', async () => {
    const done: string[] = [];
    const work = (id: string) => Promise.resolve(void done.push(id));
    const turn = { after: 'a', isOver: () => true };
    expect(await inTurn(turn, ['c', 'a', 'b'], (id) => id, work)).toBe('b');
    expect(done).toEqual(['b']);
  });
});
