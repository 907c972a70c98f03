import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { genesysSource } from '../../src/adapters/genesys/source';
import { Secret } from '../../src/adapters/keys/secret';
import { SourceError } from '../../src/core/errors';
import type { Source } from '../../src/ports';

// Pauses between attempts take no time here.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

/** Writes an answer with this body to the connection, and ends it. */
type Transfer = (socket: Socket, body: Buffer) => void;

/** Writes a head of these lines and a body, and ends the connection in order. */
const send =
  (
    headers: (body: Buffer) => string[],
    change: (body: Buffer) => Buffer = (body) => body,
    status = 200,
  ) =>
  (socket: Socket, body: Buffer): void => {
    const lines = [
      `HTTP/1.1 ${status} Status`,
      'Content-Type: application/json',
      'Connection: close',
    ];
    socket.write([...lines, ...headers(body), '', ''].join('\r\n'));
    socket.end(change(body));
  };

const half = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));
const lengthOf = (body: Buffer): string => `Content-Length: ${body.length}`;
const chunk = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);

const whole: Transfer = send((body) => [lengthOf(body)]);
const broken: Record<string, Transfer> = {
  'half of the length announced, then the end': send((body) => [lengthOf(body)], half),
  'half of the length announced, then a reset': (socket, body) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${lengthOf(body)}\r\n\r\n`);
    socket.write(half(body), () => setTimeout(() => socket.resetAndDestroy(), 50));
  },
  'a length longer than the whole body': send((body) => [`Content-Length: ${body.length + 100}`]),
  'chunks without the last one': send(
    () => ['Transfer-Encoding: chunked'],
    (body) => chunk(half(body)),
  ),
  'half, of no length announced': send(() => [], half),
  'half of the JSON as a whole transfer': send((body) => [lengthOf(half(body))], half),
  'half of a gzip body': send(
    (body) => ['Content-Encoding: gzip', lengthOf(gzipSync(body))],
    (body) => half(gzipSync(body)),
  ),
  'half of a gzip body as a whole transfer': send(
    (body) => ['Content-Encoding: gzip', lengthOf(half(gzipSync(body)))],
    (body) => half(gzipSync(body)),
  ),
  'half of a Brotli body as a whole transfer': send(
    (body) => ['Content-Encoding: br', lengthOf(half(brotliCompressSync(body)))],
    (body) => half(brotliCompressSync(body)),
  ),
  'nothing, of no length announced': send(
    () => [],
    () => Buffer.alloc(0),
  ),
  'an error page': send(
    () => [],
    () => Buffer.from('<html><body>Bad gateway</body></html>'),
  ),
  'a JSON text that is no object': send(
    () => [],
    () => Buffer.from('"later"'),
  ),
};
const kinds = Object.keys(broken);

const conversationId = '0f8fad5b-d9cb-469f-a165-70867728950e';
// Long enough that a compressed body of which half is missing still gives something.
const participants = Array.from({ length: 200 }, (_, i) => ({
  id: createHash('md5').update(`${i}`).digest('hex'),
}));
const contents: Record<string, object> = {
  '/oauth/token': {
    access_token: 'token-of-a-login',
    token_type: 'bearer',
    expires_in: 3600,
    participants,
  },
  [`/api/v2/conversations/${conversationId}`]: { id: conversationId, participants },
  '/api/v2/analytics/conversations/details/jobs': { jobId: 'job-of-a-search', participants },
  '/api/v2/recording/jobs': { id: 'job-of-an-export', state: 'PENDING' },
};

/** Answers that come before the whole ones, by path; `forever` repeats the last one. */
interface Plan {
  path: string;
  transfers: Transfer[];
  forever?: boolean;
}

describe('an answer that does not come whole', () => {
  let server: Server;
  let source: Source;
  let plan: Plan;
  let calls: string[];

  beforeEach(async () => {
    calls = [];
    server = createServer((request, response) => {
      const path = request.url ?? '';
      request.resume().on('end', () => {
        calls.push(path);
        const nth = calls.filter((call) => call === path).length - 1;
        const { transfers, forever = false } = plan;
        const unwhole = transfers[forever ? Math.min(nth, transfers.length - 1) : nth];
        const transfer = path === plan.path && unwhole ? unwhole : whole;
        const { socket } = response;
        if (socket) transfer(socket, Buffer.from(JSON.stringify(contents[path] ?? null)));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const client = new GenesysClient({
      environment: 'mypurecloud.de',
      gatewayUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clientId: 'client',
      clientSecret: new Secret('secret'),
      budget: { take: () => Promise.resolve(), pause: () => Promise.resolve() },
    });
    source = genesysSource(client, 'integration');
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const [token = '', conversation = '', search = '', jobs = ''] = Object.keys(contents);
  const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
  const countOf = (path: string): number => calls.filter((call) => call === path).length;

  it.each(kinds.filter((kind) => kind !== 'nothing, of no length announced'))(
    'is asked for again by GET, POST and login: %s',
    async (kind) => {
      const transfers = [broken[kind] ?? whole];
      plan = { path: token, transfers };
      expect(await source.conversation(conversationId)).toEqual(contents[conversation]);
      expect(countOf(token)).toBe(2);

      calls = [];
      plan = { path: conversation, transfers };
      expect(await source.conversation(conversationId)).toEqual(contents[conversation]);
      expect(countOf(conversation)).toBe(2);

      plan = { path: search, transfers };
      expect(await source.submitSearch(window, { type: 'or', predicates: [] })).toBe(
        'job-of-a-search',
      );
      expect(countOf(search)).toBe(2);
    },
  );

  it.each(kinds)('is an outage when it stays so: %s', async (kind) => {
    for (const path of [token, search, conversation]) {
      plan = { path, transfers: [broken[kind] ?? whole], forever: true };
      const read =
        path === search
          ? source.submitSearch(window, { type: 'or', predicates: [] })
          : source.conversation(conversationId);
      const error: unknown = await read.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SourceError);
      expect((error as SourceError).outcome).toEqual({
        kind: 'again',
        afterSeconds: 30,
        reason: 'sourceUnavailable',
      });
    }
  });

  const limit = Buffer.from(JSON.stringify({ code: 'recording.jobs.limit.reached', status: 400 }));
  const noLength = (): string[] => [];

  it('is asked for again when it is a refusal whose reason is cut', async () => {
    const cut = send(noLength, () => half(limit), 400);
    const refused = send(noLength, () => limit, 400);
    plan = { path: jobs, transfers: [cut, refused] };
    expect(await source.startBulkExport(window, [conversationId])).toBeNull();
    expect(countOf(jobs)).toBe(2);
  });

  it('says enough when it is a refusal whose reason nobody reads', async () => {
    plan = { path: conversation, transfers: [send(noLength, () => half(limit), 404)] };
    expect(await source.conversation(conversationId)).toBeNull();
    expect(countOf(conversation)).toBe(1);
  });

  it('is no outage when the SDK does not even make the call', async () => {
    plan = { path: conversation, transfers: [] };
    const error: unknown = await source.conversation('').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ outcome: { kind: 'failed', code: 'sourceAnswerUnexpected' } });
    expect(calls).toEqual([token]);
  });
});
