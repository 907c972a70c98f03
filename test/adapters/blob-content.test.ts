import { BlobClient } from '@azure/storage-blob';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentOf } from '../../src/adapters/storage/container';
import { callStorage } from '../../src/adapters/storage/rest-error';
import { StorageUnavailableError } from '../../src/core/errors';

const content = Buffer.from('0123456789');
const headers = { etag: '"1"', 'last-modified': 'Mon, 02 Mar 2026 09:00:00 GMT' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Calls that the storage of a test has had, and what it answers. */
const calls: string[] = [];
let answer: Answer;
const server = createServer((request, response) => {
  const range = String(request.headers['x-ms-range'] ?? request.headers.range ?? 'all');
  calls.push(`${request.method} ${range}`);
  answer(request, response);
});

const whole: Answer = (_request, response) => {
  response.writeHead(200, { ...headers, 'content-length': content.length }).end(content);
};
/** Ends the connection in the middle of what it has announced. */
const broken: Answer = (_request, response) => {
  response.writeHead(200, { ...headers, 'content-length': content.length });
  response.write(content.subarray(0, 4), () => response.destroy());
};
const gone: Answer = (_request, response) => {
  response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
};

let blob: BlobClient;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  blob = new BlobClient(`http://127.0.0.1:${port}/account/scratch/blob`);
});
afterAll(() => new Promise<unknown>((done) => server.close(done)));

const read = (given: Answer): Promise<Buffer | null> => {
  calls.length = 0;
  answer = given;
  return callStorage(() => contentOf(blob));
};

describe('the content of a blob', () => {
  it('is read by one call', async () => {
    expect(await read(whole)).toEqual(content);
    expect(calls).toEqual(['GET all']);
  });

  it('is null without the blob', async () => {
    expect(await read(gone)).toBeNull();
  });

  it('is an error that callers know, and no part of it, when the connection ends early', async () => {
    await expect(read(broken)).rejects.toThrow(StorageUnavailableError);
  });
});
