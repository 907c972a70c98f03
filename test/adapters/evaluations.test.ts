import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  type ReceivedCall,
} from '../helpers/genesys-server';

describe('evaluations and secure attributes of a conversation', () => {
  let server: GenesysServer;
  let respond: (call: ReceivedCall) => [body: object, options?: { status: number }];
  beforeAll(async () => {
    server = await GenesysServer.start((response, call) => {
      if (call.path === loginPath) answer(response, loginAnswer);
      else answer(response, ...respond(call));
    });
  });
  afterAll(() => server.stop());

  it('are read on every page, with their answers, also of people who have left', async () => {
    const queries: Record<string, string>[] = [];
    respond = ({ query }) => {
      queries.push(Object.fromEntries(query));
      const page = Number(query.get('pageNumber'));
      return [{ entities: [{ id: `e${page}` }], ...(page < 3 ? { nextUri: '/next' } : {}) }];
    };
    expect(await server.source.evaluations('c1')).toEqual([
      { id: 'e1' },
      { id: 'e2' },
      { id: 'e3' },
    ]);
    expect(queries[0]).toEqual({
      ...{ conversationId: 'c1', pageNumber: '1', pageSize: '100' },
      ...{ expandAnswerTotalScores: 'true', includeDeletedUsers: 'true' },
    });
  });

  it('are none of a conversation that the source has deleted', async () => {
    respond = () => [{}, { status: 404 }];
    expect(await server.source.evaluations('c1')).toEqual([]);
    expect(await server.source.secureAttributes('c1')).toBeNull();
  });

  it('are the attributes alone', async () => {
    respond = () => [{ attributes: { contract: 'A-1' }, version: 4 }];
    expect(await server.source.secureAttributes('c1')).toEqual({ contract: 'A-1' });
    respond = () => [{ version: 4 }];
    expect(await server.source.secureAttributes('c1')).toBeNull();
  });
});
