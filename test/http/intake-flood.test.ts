import { randomInt, solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { HttpApp } from '../helpers/http-app';
import {
  encoded,
  entered,
  intakeCalls,
  newAddress,
  solved,
  soon,
  startIntakeApp,
} from '../helpers/intake-calls';

const day = 86_400_000;
const chosen = jest.fn(soon);

let app: HttpApp;
beforeAll(async () => {
  // Nothing is sent to the ticketing system here.
  app = await startIntakeApp('127.0.0.1:9', chosen);
}, 60_000);
beforeEach(() => {
  // Limits of the day before are over.
  app.clock.advance(day);
});
afterEach(async () => {
  for (const { reference } of await app.parts.intakes.list())
    await app.parts.intakes.delete(reference);
});
afterAll(() => app.stop());
const { call, puzzle, solve } = intakeCalls(() => app);

describe('a program that floods the page', () => {
  it('does the work of thousands of keys for each request', async () => {
    chosen.mockClear();
    let right = 0;
    chosen.mockImplementationOnce((...range) => (right = randomInt(...range)));
    const challenge = await puzzle();
    expect(chosen.mock.calls).toEqual([[4000, 2000]]);
    expect(challenge.parameters.cost).toBe(1000);
    const solution = await solveChallenge({ challenge, deriveKey, counterStart: 2000 });
    expect(solution?.counter).toBe(right);
    const body = { ...entered(), solution: encoded({ challenge, solution }) };
    expect((await call('', body)).status).toBe(202);
  });

  it('cannot send one solution twice, nor two at once', async () => {
    const solution = await solve();
    const both = await Promise.all([
      call('', { ...entered(), solution }),
      call('', { ...entered(), solution }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 403]);
    const again = await call('', { ...entered({ name: 'Somebody else' }), solution });
    expect([again.status, again.code]).toEqual([403, 'puzzleExpired']);
    // The same puzzle, written differently, is the same puzzle.
    const payload = JSON.parse(Buffer.from(solution, 'base64').toString()) as {
      solution: object;
    };
    const rewritten = encoded({ ...payload, solution: { ...payload.solution, time: 12.5 } });
    expect((await call('', { ...entered(), solution: rewritten })).code).toBe('puzzleExpired');
    expect(await app.parts.intakes.list()).toHaveLength(1);
    app.clock.advance(29 * 60_000);
    expect((await call('', { ...entered(), solution })).code).toBe('puzzleExpired');
  });

  it('cannot keep solutions: a puzzle is valid for half an hour', async () => {
    const [first, second] = [await solve(), await solve()];
    app.clock.advance(30 * 60_000 - 1);
    expect((await call('', { ...entered(), solution: first })).status).toBe(202);
    app.clock.advance(1);
    const late = await call('', { ...entered(), solution: second });
    expect([late.status, late.code]).toEqual([403, 'puzzleExpired']);
  });

  it('cannot make the puzzle easier, extend it, or bring one of its own', async () => {
    const challenge = await puzzle();
    const { parameters, signature = '' } = challenge;
    const forged: [string, unknown][] = [
      ['nothing', ''],
      ['no JSON', 'abc'],
      ['no solution', encoded({ challenge })],
      ['a guess', encoded({ challenge, solution: { counter: 1, derivedKey: '00'.repeat(32) } })],
    ];
    const changes: [string, object][] = [
      ['one round', { cost: 1 }],
      ['a short prefix', { keyPrefix: '0' }],
      ['a longer life', { data: { until: '2999-01-01T00:00:00.000Z' } }],
      ['no signature of the key', { keySignature: undefined }],
    ];
    for (const [name, change] of changes) {
      const changed = { parameters: { ...parameters, ...change }, signature } as Challenge;
      forged.push([
        name,
        encoded({ challenge: changed, solution: { counter: 1, derivedKey: '00' } }),
      ]);
    }
    const other = (await solved(challenge)).replace(/=+$/, '');
    const unsigned = JSON.parse(Buffer.from(other, 'base64').toString()) as {
      challenge: object;
      solution: object;
    };
    forged.push(
      ['no signature', encoded({ ...unsigned, challenge: { parameters } })],
      [
        'another signature',
        encoded({ ...unsigned, challenge: { parameters, signature: 'ab'.repeat(32) } }),
      ],
    );
    for (const [name, solution] of forged.slice(1)) {
      const { status, code } = await call('', { ...entered(), solution });
      expect([name, status, code]).toEqual([name, 403, 'puzzleWrong']);
    }
    expect((await call('', { ...entered(), solution: '' })).code).toBe('invalidBody');
    expect(await app.parts.intakes.list()).toEqual([]);
    // None of them has used up the puzzle.
    expect((await call('', { ...entered(), solution: other })).status).toBe(202);
  });

  it('gets so many through from one address, and so many in all, until the next day', async () => {
    const address = newAddress();
    const [first = '', ...others] = await Promise.all(Array.from({ length: 9 }, solve));
    const send = async (solution: string, from: string): Promise<string> => {
      const { status, code } = await call('', { ...entered(), solution }, { address: from });
      return code ?? String(status);
    };
    expect(await send(first, address)).toBe('202');
    expect(await send(others[0] ?? '', address)).toBe('202');
    expect(await send(others[1] ?? '', address)).toBe('tooManyIntakes');
    for (const i of [2, 3, 4]) expect(await send(others[i] ?? '', newAddress())).toBe('202');
    expect(await send(others[5] ?? '', newAddress())).toBe('intakeFull');
    expect(await app.parts.intakes.list()).toHaveLength(5);
    app.clock.advance(day);
    expect(await send(await solve(), address)).toBe('202');
  });

  it('is stopped by the minute before it gets many puzzles', async () => {
    const address = newAddress();
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 62; i += 1) codes.push((await call('/puzzle', {}, { address })).code);
    expect(codes.slice(0, 60).every((code) => code === undefined)).toBe(true);
    expect(codes.slice(60)).toEqual(['tooManyRequests', 'tooManyRequests']);
  });
});
