import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  outcomeOf,
} from '../helpers/genesys-server';

// Pauses between attempts take no time here.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const conversation = { id: '0f8fad5b-d9cb-469f-a165-70867728950e', participants: [] };
const path = `/api/v2/conversations/${conversation.id}`;

/** Refusals that come before the conversation itself. */
type Refusal = { status: number; headers?: Record<string, string> };

const jobs = '/api/v2/analytics/conversations/details/jobs';
const window = { from: '2025-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };

describe('a search', () => {
  let server: GenesysServer;
  let status: number;
  let isAway: boolean;
  beforeEach(async () => {
    isAway = false;
    server = await GenesysServer.start((response, call) => {
      if (call.path === loginPath) answer(response, loginAnswer);
      else if (call.path === jobs || isAway) answer(response, { code: 'refused' }, { status });
      else answer(response, { dataAvailabilityDate: '2026-01-01T00:00:00Z' });
    });
  });
  afterEach(() => server.stop());
  const submit = () => server.source.submitSearch(window, { type: 'or', predicates: [] });

  it.each([
    [400, 1],
    [413, 1],
    [408, 3],
    [504, 3],
  ])('is refused with %d, after %d calls', async (given, calls) => {
    status = given;
    expect(await submit()).toBeNull();
    expect(server.count(jobs)).toBe(calls);
  });

  it.each([408, 504])('is not refused with %d where nothing else is answered', async (given) => {
    status = given;
    isAway = true;
    expect(await outcomeOf(submit())).toMatchObject({ kind: 'retryLater' });
  });

  it.each([500, 502, 503])('is not refused with %d', async (given) => {
    status = given;
    expect(await outcomeOf(submit())).toMatchObject({ kind: 'retryLater' });
    expect(server.count(jobs)).toBe(3);
  });
});

describe('a refusal', () => {
  let server: GenesysServer;
  let refusals: { api: Refusal[]; login: Refusal[] };
  beforeEach(async () => {
    refusals = { api: [], login: [] };
    server = await GenesysServer.start((response, call) => {
      const isLogin = call.path === loginPath;
      const refusal = refusals[isLogin ? 'login' : 'api'][call.earlier];
      if (refusal) answer(response, { code: 'refused', status: refusal.status }, refusal);
      else answer(response, isLogin ? loginAnswer : conversation);
    });
  });
  afterEach(() => server.stop());
  const read = () => server.source.conversation(conversation.id);
  const times = (count: number, refusal: Refusal): Refusal[] =>
    Array.from({ length: count }, () => refusal);

  it('of a token is answered by another login, twice', async () => {
    refusals.api = times(2, { status: 401 });
    expect(await read()).toEqual(conversation);
    expect(server.count(loginPath)).toBe(3);
  });

  it('of every token is an outage while the logins succeed', async () => {
    refusals.api = times(3, { status: 401 });
    expect(await outcomeOf(read())).toEqual({
      kind: 'retryLater',
      afterSeconds: 30,
      reason: 'sourceUnavailable',
    });
    expect(server.count(path)).toBe(3);
    expect(await read()).toEqual(conversation);
  });

  it.each([400, 401])('of a login with %d is one of the credentials', async (status) => {
    refusals.login = [{ status }];
    expect(await outcomeOf(read())).toEqual({ kind: 'failed', code: 'sourceCredentialsRefused' });
    expect(server.count(loginPath)).toBe(1);
    expect(server.count(path)).toBe(0);
  });

  it('of a login after a token was refused is one of the credentials', async () => {
    refusals.api = [{ status: 401 }];
    await read();
    refusals = { api: times(4, { status: 401 }), login: times(4, { status: 400 }) };
    expect(await outcomeOf(read())).toEqual({ kind: 'failed', code: 'sourceCredentialsRefused' });
  });

  const date = 'Fri, 06 Nov 2026 08:49:37 GMT';
  const inTwoMinutes = 'Fri, 06 Nov 2026 08:51:37 GMT';
  it.each([
    ['seconds', { 'Retry-After': '120' }, 120],
    ['an HTTP-date', { 'Retry-After': inTwoMinutes, Date: date }, 120],
    ['the reset of the limit', { 'inin-ratelimit-reset': '20' }, 20],
    [
      'what cannot be read beside the reset',
      { 'Retry-After': 'x', 'inin-ratelimit-reset': '9' },
      9,
    ],
    ['nothing', {}, 60],
  ])(
    'with 429 makes every worker wait for as long as it asks, by %s',
    async (_, headers, asked) => {
      refusals.api = [{ status: 429, headers }];
      expect(await outcomeOf(read())).toEqual({
        kind: 'retryLater',
        afterSeconds: asked,
        reason: 'sourceRateLimited',
      });
      expect(server.pauses).toEqual([asked * 1000]);
    },
  );

  it('with 503 that says for how long is not asked about before', async () => {
    refusals.api = [{ status: 503, headers: { 'Retry-After': inTwoMinutes, Date: date } }];
    expect(await outcomeOf(read())).toEqual({
      kind: 'retryLater',
      afterSeconds: 120,
      reason: 'sourceUnavailable',
    });
    expect(server.count(path)).toBe(1);
  });

  it('of a login that comes too often is a limit', async () => {
    refusals.login = [{ status: 429, headers: { 'Retry-After': '45' } }];
    expect(await outcomeOf(read())).toEqual({
      kind: 'retryLater',
      afterSeconds: 45,
      reason: 'sourceRateLimited',
    });
    expect(server.count(loginPath)).toBe(1);
  });
});
