import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommunicationProbe } from '../../src/adapters/messaging/mail-probe';

describe('the probe of Communication Services', () => {
  let server: Server;
  let calls: string[];
  beforeEach(async () => {
    calls = [];
    server = createServer(({ method = '', url = '', headers }, response) => {
      calls.push(`${method} ${url} ${headers.authorization ?? 'of nobody'}`);
      // The services refuse who does not sign the call, and may send it elsewhere.
      const elsewhere = { Location: 'http://127.0.0.1:9/' };
      response.writeHead(url === '/moved' ? 302 : 401, elsewhere).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answerOf = (services: string) => new CommunicationProbe(services).transport();

  it.each<[string, (url: string) => string, string]>([
    ['an endpoint', (url) => url, '/'],
    ['an endpoint that answers by sending on', (url) => `${url}/moved`, '/moved'],
    ['a connection string', (url) => `endpoint=${url}/;accesskey=c2VjcmV0`, '/'],
    ['one with its parts the other way round', (url) => `accesskey=c2VjcmV0;Endpoint=${url}`, '/'],
  ])('reaches %s, and tells it no key', async (_, servicesAt, path) => {
    expect(await answerOf(servicesAt(origin()))).toBe('accepted');
    expect(calls).toEqual([`GET ${path} of nobody`]);
  });

  it.each([
    ['nobody answers', (url: string) => url],
    ['nobody answers', (url: string) => `endpoint=${url}/;accesskey=c2VjcmV0`],
    ['there is no address', () => 'accesskey=c2VjcmV0'],
  ])('says so where %s (%#)', async (_, servicesAt) => {
    const services = servicesAt(origin());
    await new Promise((done) => server.close(done));
    expect(await answerOf(services)).toBe('noAnswer');
  });
});
