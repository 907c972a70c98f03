import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  outcomeOf,
} from '../helpers/genesys-server';

const id = '00000000-0000-4000-8000-000000000001';

let server: GenesysServer;
let given: (query: URLSearchParams) => { status?: number; body: unknown };
beforeAll(async () => {
  server = await GenesysServer.start((response, { path, query }) => {
    const { status = 200, body } = path === loginPath ? { body: loginAnswer } : given(query);
    answer(response, body, { status });
  });
});
beforeEach(() => server.forget());
afterAll(() => server.stop());

describe('the website visits of a contact', () => {
  const next = (after: string): string =>
    `/api/v2/externalcontacts/contacts/${id}/journey/sessions?pageSize=200&after=${encodeURIComponent(after)}`;

  it('are those of all pages, each read once, in their order', async () => {
    const pages: Record<string, object> = {
      '': { entities: [{ id: 'v1' }, { id: 'v2' }], nextUri: next('a+/=&b') },
      'a+/=&b': { entities: [], nextUri: `https://api.example${next('c')}` },
      c: { entities: [{ id: 'v3' }], nextUri: null },
    };
    given = (query) => ({ body: pages[query.get('after') ?? ''] });
    expect(await server.source.journeySessions(id)).toStrictEqual(
      ['v1', 'v2', 'v3'].map((one) => ({ id: one })),
    );
    const asked = server.calls.filter(({ path }) => path !== loginPath);
    expect(asked.map(({ query }) => query.get('after'))).toStrictEqual([null, 'a+/=&b', 'c']);
    expect(new Set(asked.map(({ query }) => query.get('includeMerged')))).toEqual(
      new Set(['true']),
    );
  });

  it('are not read for ever where a page names itself', async () => {
    given = () => ({ body: { entities: [{ id: 'v1' }], nextUri: next('a') } });
    expect(await outcomeOf(server.source.journeySessions(id))).toEqual({
      kind: 'failed',
      code: 'sourceAnswerUnexpected',
    });
  });
});

describe('a query of the audit trail', () => {
  it.each([
    ['fulfilled', 200, { state: 'Succeeded' }],
    ['running', 200, { state: 'Queued' }],
    ['running', 200, { state: 'Running' }],
    ['failed', 200, { state: 'Failed' }],
    ['gone', 200, { state: 'Cancelled' }],
    ['gone', 404, {}],
  ])('is %s where the source answers %d %j', async (state, status, body) => {
    given = () => ({ status, body });
    expect(await server.source.auditQueryState(id)).toBe(state);
  });
});
