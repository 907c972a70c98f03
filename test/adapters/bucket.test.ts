import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { S3RecordingBucket } from '../../src/adapters/bucket/s3';
import type { RecordingBucket } from '../../src/ports';
import { outcomeOf } from '../helpers/genesys-server';

/** Writes an answer to the connection, and ends it. */
type Transfer = (socket: Socket, request: IncomingMessage) => void;

const send =
  (fields: string[], body: Buffer | string, status = 200): Transfer =>
  (socket) => {
    const head = [`HTTP/1.1 ${status} Status`, 'Connection: close', 'ETag: "1"', ...fields];
    socket.write([...head, '', ''].join('\r\n'));
    socket.end(body);
  };
const lengthOf = (body: Buffer | string): string => `Content-Length: ${body.length}`;
const half = <T extends Buffer | string>(body: T): T =>
  body.slice(0, Math.floor(body.length / 2)) as T;
const cutChunk = (body: string): string => `${body.length.toString(16)}\r\n${half(body)}`;

const listing = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>recordings</Name><Prefix/>
<KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>
<Contents><Key>one.wav</Key><Size>1</Size></Contents>
<Contents><Key>two.wav</Key><Size>1</Size></Contents></ListBucketResult>`;
const refusal = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
const text = Array.from({ length: 20_000 }, (_, i) => `${i};`).join('');
const content = Buffer.from(text);
const again = { kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' };
const refused = { kind: 'failed', code: 'bucketRefused' };

describe('the bucket of the bulk export', () => {
  let server: Server;
  let endpoint: string;
  let bucket: RecordingBucket;
  let transfer: Transfer;
  const before = { ...process.env };
  beforeEach(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
    server = createServer((request, { socket }) => {
      if (socket) transfer(socket, request);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    bucket = new S3RecordingBucket({
      bucket: 'recordings',
      region: 'eu-central-1',
      endpoint,
      role: null,
    });
  });
  afterEach(async () => {
    process.env = { ...before };
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const read = async (): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of bucket.read('one.wav')) parts.push(part);
    return Buffer.concat(parts);
  };

  it('is listed', async () => {
    transfer = send([lengthOf(listing)], listing);
    expect((await bucket.list('')).map(({ key }) => key)).toEqual(['one.wav', 'two.wav']);
  });

  it.each<[string, Transfer]>([
    ['is half of the length announced', send([lengthOf(listing)], half(listing))],
    ['is half of a chunk', send(['Transfer-Encoding: chunked'], cutChunk(listing))],
    ['is half, of no length announced', send([], half(listing))],
    ['is half as a whole transfer', send([lengthOf(half(listing))], half(listing))],
    ['is nothing', send(['Content-Length: 0'], '')],
    ['is a page of something else', send([], '<html><body>Hello</body></html>')],
    ['is no XML', send([], '{"keys":[]}')],
    ['has fewer keys than it says', send([], listing.replace('>2<', '>3<'))],
  ])('is not listed where the answer %s', async (_, sent) => {
    transfer = sent;
    expect(await outcomeOf(bucket.list(''))).toEqual(again);
  });

  /** What a request asks for, and the header of an answer that has it. */
  const askedIn = ({ headers: { range } }: IncomingMessage) => {
    const from = Number(/\d+/.exec(range ?? '0')?.[0]);
    const part = `Content-Range: bytes ${from}-${content.length - 1}/${content.length}`;
    return { range, rest: content.subarray(from), part };
  };

  it('goes on reading where chunks stop', async () => {
    const asked: (string | undefined)[] = [];
    transfer = (socket, request) => {
      const { range, rest, part } = askedIn(request);
      asked.push(range);
      if (range === undefined)
        send(['Transfer-Encoding: chunked'], cutChunk(text))(socket, request);
      else send([lengthOf(rest), part], rest, 206)(socket, request);
    };
    expect((await read()).equals(content)).toBe(true);
    expect(asked).toEqual([undefined, `bytes=${half(content).length}-`]);
  });

  it('is not taken for whole where only the connection ends', async () => {
    transfer = (socket, request) =>
      request.headers.range === undefined
        ? send([], half(content))(socket, request)
        : send([], refusal, 416)(socket, request);
    expect(await outcomeOf(read())).toEqual(again);
  });

  it('is not taken for whole where every further transfer breaks', async () => {
    const asked: (string | undefined)[] = [];
    transfer = (socket, request) => {
      const { range, rest, part } = askedIn(request);
      asked.push(range);
      const few = rest.subarray(0, 1000);
      if (range === undefined) send([lengthOf(content)], few)(socket, request);
      else send([lengthOf(rest), part], few, 206)(socket, request);
    };
    expect(await outcomeOf(read())).toEqual(again);
    expect(asked).toStrictEqual([
      undefined,
      ...[1, 2, 3, 4].map((before) => `bytes=${before * 1000}-`),
    ]);
  });

  it.each([401, 403, 301])('says that it refuses, with %d', async (status) => {
    transfer = send([lengthOf(refusal)], refusal, status);
    expect(await outcomeOf(bucket.list(''))).toEqual(refused);
    expect(await outcomeOf(read())).toEqual(refused);
  });

  const errorOf = (code: string): string =>
    `<Error><Code>${code}</Code><Message>no</Message></Error>`;

  const ruleOf = (status: string, action: string): string =>
    `<LifecycleConfiguration><Rule><ID>a</ID><Filter/><Status>${status}</Status>${action}</Rule></LifecycleConfiguration>`;
  const expiry = '<Expiration><Days>14</Days></Expiration>';

  it.each<[string, string, number, boolean | null]>([
    ['a rule that lets objects expire', ruleOf('Enabled', expiry), 200, true],
    ['a rule that is switched off', ruleOf('Disabled', expiry), 200, false],
    ['a rule for something else', ruleOf('Enabled', ''), 200, false],
    ['no rule', errorOf('NoSuchLifecycleConfiguration'), 404, false],
    ['rules that may not be read', errorOf('AccessDenied'), 403, null],
  ])('says whether its objects expire: %s', async (_name, body, status, expected) => {
    transfer = send([lengthOf(body)], body, status);
    expect(await bucket.hasExpiry()).toBe(expected);
  });

  it.each<[string, string[], string | null]>([
    ['its version', ['x-amz-version-id: v1'], 'v1'],
    ['that it has none', [], null],
  ])('says of an object %s', async (_name, fields, versionId) => {
    const at = 'Last-Modified: Tue, 03 Feb 2026 10:00:00 GMT';
    transfer = send(['Content-Length: 5', at, ...fields], '');
    const stamp = `"1" ${Date.parse('2026-02-03T10:00:00Z') / 1000}`;
    expect(await bucket.current('one.wav')).toEqual({ key: 'one.wav', stamp, versionId });
  });

  it('says that an object is not there any more, and not so where it may not be read', async () => {
    transfer = send(['Content-Length: 0'], '', 404);
    expect(await bucket.current('one.wav')).toBeNull();
    transfer = send(['Content-Length: 0'], '', 403);
    expect(await outcomeOf(bucket.current('one.wav'))).toEqual(refused);
    transfer = send(['Content-Length: 0'], '', 500);
    expect(await outcomeOf(bucket.current('one.wav'))).toEqual(again);
  });

  it('deletes the version that is named, and says when it may not', async () => {
    const paths: string[] = [];
    transfer = (socket, request) => {
      paths.push(`${request.method} ${(request.url ?? '').replace(/[&?]x-id=\w+/, '')}`);
      send(['Content-Length: 0'], '', 204)(socket, request);
    };
    await bucket.delete({ key: 'one.wav', stamp: '', versionId: 'v1' });
    await bucket.delete({ key: 'one.wav', stamp: '', versionId: null });
    expect(paths).toEqual([
      'DELETE /recordings/one.wav?versionId=v1',
      'DELETE /recordings/one.wav',
    ]);
    transfer = send([lengthOf(refusal)], refusal, 403);
    const version = { key: 'one.wav', stamp: '', versionId: null };
    expect(await outcomeOf(bucket.delete(version))).toEqual(refused);
  });

  it.each([
    ['NoSuchBucket', 404],
    ['InvalidBucketName', 400],
  ])('says that it is not there, with %s', async (code, status) => {
    const body = errorOf(code);
    transfer = send([lengthOf(body)], body, status);
    const notFound = { kind: 'failed', code: 'bucketNotFound' };
    expect(await outcomeOf(bucket.list(''))).toEqual(notFound);
    expect(await outcomeOf(read())).toEqual(notFound);
  });

  it('is read again where an object that was listed is not there yet', async () => {
    const body = errorOf('NoSuchKey');
    transfer = send([lengthOf(body)], body, 404);
    expect(await outcomeOf(read())).toEqual(again);
  });

  it('says that the role is refused', async () => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>`;
    transfer = send([lengthOf(body)], body, 403);
    const role = {
      arn: 'arn:aws:iam::123456789012:role/recordings-reader',
      token: () => Promise.resolve('token-of-the-identity'),
      stsEndpoint: endpoint,
    };
    const options = { bucket: 'recordings', region: 'eu-central-1', endpoint, role };
    expect(await outcomeOf(new S3RecordingBucket(options).list(''))).toEqual(refused);
  });
});
