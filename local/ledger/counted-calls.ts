import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a call reaches what it is about. */
export type CallKind =
  /** One row, one blob, or a transaction in one partition. */
  | 'point'
  /** Rows of one partition. */
  | 'partition'
  /** Blobs of one prefix. */
  | 'prefix'
  /** Anything else: its cost grows with what is stored. */
  | 'scan';

/** A call of storage. */
export interface CountedCall {
  /** Table or container. */
  place: string;
  kind: CallKind;
  /** Rows or blobs in the answer. */
  entities: number;
  /** Bytes of the answer. */
  bytes: number;
}

/** What kind of call this is, of Table or Blob Storage as the emulator has them (`/account/...`). */
export function kindOf(target: string): Pick<CountedCall, 'place' | 'kind'> {
  const { pathname, searchParams } = new URL(target, 'http://storage.invalid');
  const path = decodeURIComponent(pathname).split('/').slice(2).join('/');
  const table = /^(\w+)\((.*)\)$/.exec(path);
  if (table) {
    const [, place = '', key = ''] = table;
    if (key !== '') return { place, kind: 'point' };
    const filter = searchParams.get('$filter') ?? '';
    return { place, kind: isOnePartition(filter) ? 'partition' : 'scan' };
  }
  const place = path.split('/')[0] ?? '';
  if (searchParams.get('comp') !== 'list') return { place, kind: 'point' };
  return { place, kind: searchParams.get('prefix') ? 'prefix' : 'scan' };
}

/** Whether every row that a filter lets through is in one partition. */
export const isOnePartition = (filter: string): boolean =>
  /^\(?PartitionKey eq '(?:[^']|'')*'(?: and (?!.* or )|$)/.test(filter);

/** Rows, or blobs, in an answer. */
function entitiesIn(status: number, type: string, body: Buffer): number {
  if (status >= 300 || body.length === 0) return 0;
  const text = body.toString('utf8');
  if (type.includes('xml')) return text.split('<Blob>').length - 1;
  if (!type.includes('json')) return 0;
  const { value } = JSON.parse(text) as { value?: unknown };
  return Array.isArray(value) ? value.length : 1;
}

/** A call with its answer. */
export interface AnsweredCall {
  method: string;
  /** Path and query, with the account first. */
  target: string;
  sent: Buffer;
  status: number;
  /** Type of the answer's content; empty when it has none. */
  type: string;
  answer: Buffer;
}

/** What of a call is counted. */
export const countedCall = ({ target, status, type, answer }: AnsweredCall): CountedCall => ({
  ...kindOf(target),
  entities: entitiesIn(status, type, answer),
  bytes: answer.length,
});

/** Stands between the app and storage, and keeps nothing of the calls that it tells of. */
export class CallWatch {
  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly onCall: (call: AnsweredCall) => void,
  ) {}

  /**
   * @param target port of storage
   * @param onCall is told of every call
   */
  static async start(target: number, onCall: (call: AnsweredCall) => void): Promise<CallWatch> {
    const server = createServer();
    const watch = new CallWatch(server, target, onCall);
    server.on('request', (request, response) => {
      watch.pass(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return watch;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      const { method, url: path, headers } = request;
      const port = this.target;
      const onward = httpRequest({ host: '127.0.0.1', port, method, path, headers }, done);
      onward.on('error', fail).end(body);
    });
    const content = await bytesOf(answer);
    const { statusCode = 500, headers, rawHeaders } = answer;
    const { method = '', url: target = '/' } = request;
    const type = headers['content-type'] ?? '';
    this.onCall({ method, target, sent: body, status: statusCode, type, answer: content });
    response.writeHead(statusCode, rawHeaders).end(content);
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
