import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignedWebhooks } from '../../src/adapters/messaging/webhooks';
import { Secret } from '../../src/adapters/keys/secret';
import { loopbackFetch } from '../helpers/loopback-fetch';

describe('a webhook', () => {
  let server: Server;
  let url: string;
  let status: number;
  const paths: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      paths.push(request.url ?? '');
      const location = { Location: `${url}/elsewhere` };
      request.resume().on('end', () => response.writeHead(status, location).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  );
  beforeEach(() => {
    paths.length = 0;
  });

  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  const webhooks = new SignedWebhooks(new Secret(secret), loopbackFetch);

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'retry'],
    [302, 'retry'],
    [307, 'retry'],
    [400, 'retry'],
    [404, 'retry'],
    [410, 'gone'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('that is answered with %d is %s, and sent nowhere else', async (given, expected) => {
    status = given;
    expect(await webhooks.send(`${url}/hook`, 'msg_1', '{}')).toBe(expected);
    expect(paths).toEqual(['/hook']);
  });

  it('that nobody answers is to be sent again', async () => {
    expect(await webhooks.send('http://127.0.0.1:9/hook', 'msg_1', '{}')).toBe('retry');
  });
});
