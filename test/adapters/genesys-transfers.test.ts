import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Source } from '../../src/ports';
import { GenesysServer, loginAnswer, loginPath, outcomeOf } from '../helpers/genesys-server';

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
  [loginPath]: { ...loginAnswer, participants },
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
  let server: GenesysServer;
  let source: Source;
  let plan: Plan;

  beforeEach(async () => {
    server = await GenesysServer.start(({ socket }, { path, earlier }) => {
      const { transfers, forever = false } = plan;
      const planned = transfers[forever ? Math.min(earlier, transfers.length - 1) : earlier];
      const transfer = path === plan.path && planned ? planned : whole;
      if (socket) transfer(socket, Buffer.from(JSON.stringify(contents[path] ?? null)));
    });
    source = server.source;
  });
  afterEach(() => server.stop());

  const [token = '', conversation = '', search = '', jobs = ''] = Object.keys(contents);
  const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };

  it.each(kinds.filter((kind) => kind !== 'nothing, of no length announced'))(
    'is asked for again by GET, POST and login: %s',
    async (kind) => {
      const transfers = [broken[kind] ?? whole];
      plan = { path: token, transfers };
      expect(await source.conversation(conversationId)).toEqual(contents[conversation]);
      expect(server.count(token)).toBe(2);

      server.forget();
      plan = { path: conversation, transfers };
      expect(await source.conversation(conversationId)).toEqual(contents[conversation]);
      expect(server.count(conversation)).toBe(2);

      plan = { path: search, transfers };
      expect(await source.submitSearch(window, { type: 'or', predicates: [] })).toBe(
        'job-of-a-search',
      );
      expect(server.count(search)).toBe(2);
    },
  );

  it.each(kinds)('is an outage when it stays so: %s', async (kind) => {
    for (const path of [token, search, conversation]) {
      plan = { path, transfers: [broken[kind] ?? whole], forever: true };
      const read =
        path === search
          ? source.submitSearch(window, { type: 'or', predicates: [] })
          : source.conversation(conversationId);
      expect(await outcomeOf(read)).toEqual({
        kind: 'retryLater',
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
    expect(await source.startBulkExport(window, [conversationId])).toEqual({ kind: 'busy' });
    expect(server.count(jobs)).toBe(2);
  });

  it('says enough when it is a refusal whose reason nobody reads', async () => {
    plan = { path: conversation, transfers: [send(noLength, () => half(limit), 404)] };
    expect(await source.conversation(conversationId)).toBeNull();
    expect(server.count(conversation)).toBe(1);
  });

  it('is no outage when the SDK does not even make the call', async () => {
    plan = { path: conversation, transfers: [] };
    expect(await outcomeOf(source.conversation(''))).toEqual({
      kind: 'failed',
      code: 'sourceAnswerUnexpected',
    });
    expect(server.calls.map(({ path }) => path)).toEqual([token]);
  });
});
