import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { durableSummaries } from '../../local/bench-request';
import type { Stack } from '../../local/stack/stack';

describe('the orchestrations that a benchmark looks at', () => {
  it('are those of all pages that the host gives', async () => {
    const pages = [['request-1', 'request-2'], ['request-3'], []];
    const server = createServer((request, response) => {
      const at = Number(request.headers['x-ms-continuation-token'] ?? '0');
      const isLast = at === pages.length - 1;
      response.writeHead(200, isLast ? {} : { 'x-ms-continuation-token': String(at + 1) });
      response.end(JSON.stringify(pages[at]?.map((instanceId) => ({ instanceId }))));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stack = { operations: { url, keys: { durable: 'key' } } } as unknown as Stack;
    const found = await durableSummaries(stack);
    server.closeAllConnections();
    server.close();
    expect(found.map(({ instanceId }) => instanceId)).toEqual(pages.flat());
  });
});
