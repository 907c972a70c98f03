import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { download } from '../../src/adapters/genesys/download';
import { FileRefusedError } from '../../src/core/errors';
import { outcomeOf } from '../helpers/genesys-server';
import { loopbackFetch } from '../helpers/loopback-fetch';

// Pauses between attempts take no time here.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

/** What a server sends for a request, and how it goes on after that. */
interface Sent {
  status?: number;
  fields?: string[];
  body: Buffer;
}

const content = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${i};`).join(''));
const half = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));
const chunks = (body: Buffer, last = Buffer.from('0\r\n\r\n')): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n'), last]);
const chunked = 'Transfer-Encoding: chunked';
const gzip = 'Content-Encoding: gzip';
const lengthOf = (body: Buffer): string => `Content-Length: ${body.length}`;

/** The rest of the content, as a server sends it that honours ranges. */
const rest = (from: number): Sent => {
  const body = content.subarray(from);
  const range = `Content-Range: bytes ${from}-${content.length - 1}/${content.length}`;
  return { status: 206, fields: [lengthOf(body), range], body };
};
const beyond: Sent = {
  status: 416,
  fields: [`Content-Range: bytes */${content.length}`],
  body: Buffer.alloc(0),
};

describe('a download', () => {
  let server: Server;
  let url: string;
  /** Where requests begin to read; null for those of the whole. */
  let asked: (number | null)[];
  let codings: (string | string[] | undefined)[];
  let send: (from: number | null, earlier: number) => Sent;
  beforeEach(async () => {
    asked = [];
    codings = [];
    server = createServer((request, { socket }) => {
      const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
      const from = range === undefined ? null : Number(range);
      const { status = 200, fields = [], body } = send(from, asked.length);
      asked.push(from);
      codings.push(request.headers['accept-encoding']);
      const head = [`HTTP/1.1 ${status} Status`, 'Content-Type: audio/mpeg', 'Connection: close'];
      socket?.write([...head, ...fields, '', ''].join('\r\n'));
      socket?.end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const read = async (from: string, renew?: () => Promise<string | null>): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of download(loopbackFetch, from, 'media', renew)) parts.push(part);
    return Buffer.concat(parts);
  };
  const again = { kind: 'retryLater', afterSeconds: 10, reason: 'sourceUnavailable' };

  it('goes on where its chunks stop', async () => {
    send = (from) =>
      from === null
        ? { fields: [chunked], body: chunks(half(content), Buffer.alloc(0)) }
        : rest(from);
    expect((await read(url)).equals(content)).toBe(true);
    expect(asked).toEqual([null, half(content).length]);
  });

  it('is asked for as it is stored', async () => {
    send = () => ({ fields: [lengthOf(content)], body: content });
    await read(url);
    expect(codings).toEqual(['identity']);
  });

  it('is whole with its last chunk', async () => {
    send = () => ({ fields: [chunked], body: chunks(content) });
    expect((await read(url)).equals(content)).toBe(true);
    expect(asked).toEqual([null]);
  });

  it('asks for what follows where only the connection ends, and goes on', async () => {
    send = (from) => (from === null ? { body: half(content) } : rest(from));
    expect((await read(url)).equals(content)).toBe(true);
    expect(asked).toEqual([null, half(content).length]);
  });

  it('is whole where only the connection ends and nothing follows', async () => {
    send = (from) => (from === null ? { body: content } : beyond);
    expect((await read(url)).equals(content)).toBe(true);
    expect(asked).toEqual([null, content.length]);
  });

  it.each<[string, Sent]>([
    ['it does not tell what follows', { body: content }],
    ['the file is shorter by now', { ...beyond, fields: ['Content-Range: bytes */7'] }],
    ['no length is given of the whole', { ...beyond, fields: [] }],
    ['another part comes than was asked for', rest(7)],
    ['a part comes that does not say which', { status: 206, body: content }],
  ])('is not taken for whole where %s', async (_, sent) => {
    send = (from) => (from === null ? { body: half(content) } : sent);
    expect(await outcomeOf(read(url))).toEqual(again);
  });

  it('is not taken for whole where a shorter file stands there by now', async () => {
    const cut = half(content);
    send = (from) =>
      from === null
        ? { fields: [lengthOf(content)], body: cut }
        : { ...beyond, fields: [`Content-Range: bytes */${cut.length}`] };
    expect(await outcomeOf(read(url))).toEqual(again);
  });

  it('is whole without a byte', async () => {
    send = () => ({ fields: ['Content-Length: 0'], body: Buffer.alloc(0) });
    expect(await read(url)).toHaveLength(0);
    expect(asked).toEqual([null]);
  });

  describe('in a coding', () => {
    const coded = gzipSync(content);

    it.each<[string, Sent]>([
      ['its length', { fields: [gzip, lengthOf(coded)], body: coded }],
      ['its last chunk', { fields: [gzip, chunked], body: chunks(coded) }],
    ])('is whole with %s', async (_, sent) => {
      send = () => sent;
      expect((await read(url)).equals(content)).toBe(true);
      expect(asked).toEqual([null]);
    });

    it.each<[string, Sent]>([
      ['a length', { fields: [gzip, lengthOf(coded)], body: half(coded) }],
      ['chunks', { fields: [gzip, chunked], body: chunks(half(coded), Buffer.alloc(0)) }],
      ['neither', { fields: [gzip], body: half(coded) }],
    ])('is not taken for whole where it is cut, with %s', async (_, sent) => {
      send = () => sent;
      expect(await outcomeOf(read(url))).toEqual(again);
      // What has come cannot be counted in the bytes of the coding.
      expect(asked.every((from) => from === null)).toBe(true);
    });
  });

  it.each(['', 'no address', 'http://[', 'data:,content'])(
    'is read from another address where the first is none: %s',
    async (address) => {
      send = () => ({ fields: [lengthOf(content)], body: content });
      expect((await read(address, () => Promise.resolve(url))).equals(content)).toBe(true);
      await expect(read(address)).rejects.toThrow(FileRefusedError);
      expect(asked).toEqual([null]);
    },
  );

  describe.each([403, 404, 410])('that is refused with %d', (status) => {
    const refusal = { status, fields: ['Content-Length: 0'], body: Buffer.alloc(0) };

    it('is refused for good at once where there is no other address', async () => {
      send = () => refusal;
      await expect(read(url)).rejects.toThrow(FileRefusedError);
      await expect(read(url, () => Promise.resolve(null))).rejects.toThrow(FileRefusedError);
      expect(asked).toHaveLength(2);
    });

    it('is refused for good once two other addresses are refused as well', async () => {
      send = () => refusal;
      let renewed = 0;
      const renew = () => Promise.resolve((renewed += 1) > 0 ? url : null);
      await expect(read(url, renew)).rejects.toThrow(FileRefusedError);
      expect([renewed, asked.length]).toEqual([2, 3]);
    });

    it('is read from the third address, as where the first two have expired', async () => {
      send = (_from, earlier) =>
        earlier < 2 ? refusal : { fields: [lengthOf(content)], body: content };
      expect((await read(url, () => Promise.resolve(url))).equals(content)).toBe(true);
    });
  });

  it('that meets an outage is not refused', async () => {
    send = () => ({ status: 503, fields: ['Content-Length: 0'], body: Buffer.alloc(0) });
    expect(await outcomeOf(read(url))).toEqual(again);
  });
});
