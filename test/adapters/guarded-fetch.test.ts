import * as dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  guardedFetch,
  HostNotAllowedError,
  isPublicAddress,
} from '../../src/adapters/network/guarded-fetch';

jest.mock('node:dns', () => ({ ...jest.requireActual<object>('node:dns'), lookup: jest.fn() }));

/** What names resolve to, one answer after the other; the last one stays. */
function resolveTo(...answers: string[][]): void {
  let asked = 0;
  const lookup = dns.lookup as unknown as jest.Mock;
  lookup.mockImplementation(
    (_host: string, _options: object, done: (...given: unknown[]) => void) => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
  );
}

describe('an address of a network', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:0:127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2001::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '52.95.110.1', '172.15.0.1', '172.32.0.1', '2600:1f18::1', '::ffff:1.1.1.1'])(
    'is public: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('a fetch of an address that somebody else has given', () => {
  let server: Server;
  let port: number;
  let asked: string[];
  let location: string | null;
  beforeEach(async () => {
    asked = [];
    location = null;
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (location === null || request.url === '/end') response.end('content');
      else response.writeHead(302, { Location: location }).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    ({ port } = server.address() as AddressInfo);
    resolveTo(['127.0.0.1']);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const remote = guardedFetch({
    isAllowed: (host) => host.startsWith('media.example'),
    allowsLoopback: false,
  });
  const local = guardedFetch({ isAllowed: () => false, allowsLoopback: true });
  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing was refused',
      (error: unknown) =>
        error instanceof HostNotAllowedError ? `refused ${error.host}` : 'another error',
    );

  it.each([
    ['http://media.example/', 'media.example'],
    ['ftp://media.example/', 'media.example'],
    ['file:///etc/passwd', ''],
    ['data:text/plain,hello', ''],
    ['not an address', ''],
    ['https://other.example/', 'other.example'],
    ['https://media.example.evil.example/', 'nothing'],
    ['https://user@media.example/', 'media.example'],
    ['https://user:secret@media.example/', 'media.example'],
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['https://[::1]/', '[::1]'],
    ['https://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['http://localhost/', 'localhost'],
    ['http://media.example@127.0.0.1/', '127.0.0.1'],
  ])('is refused: %s', async (address, host) => {
    const exact = guardedFetch({
      isAllowed: (one) => one === 'media.example',
      allowsLoopback: false,
    });
    const refused = await refusal(exact(address));
    if (host !== 'nothing') expect(refused).toBe(`refused ${host}`);
    else expect(refused).toBe('refused media.example.evil.example');
    expect(dns.lookup).not.toHaveBeenCalledWith('media.example');
  });

  it('is refused where an allowed host is an address of a private network', async () => {
    const anywhere = guardedFetch({ isAllowed: () => true, allowsLoopback: false });
    for (const host of ['10.0.0.1', '[fd00::1]', '[::ffff:10.0.0.1]'])
      expect(await refusal(anywhere(`https://${host}/`))).toMatch(/^refused /);
  });

  it.each([[['127.0.0.1']], [['10.0.0.7']], [['::1']], [['1.1.1.1', '169.254.169.254']]])(
    'is refused where an allowed name leads to %j',
    async (addresses) => {
      resolveTo(addresses);
      expect(await refusal(remote(`https://media.example:${port}/`))).toBe('refused media.example');
      expect(asked).toEqual([]);
    },
  );

  it('is refused where a name has changed since it was looked up before', async () => {
    // The first connection goes to a public address at which nobody answers here.
    resolveTo(['192.0.2.1'], ['127.0.0.1']);
    const open = guardedFetch({
      isAllowed: () => true,
      allowsLoopback: false,
      allowsPrivate: true,
    });
    const signal = AbortSignal.timeout(50);
    expect(await refusal(open(`https://media.example:${port}/`, { signal }))).toBe('another error');
    expect(await refusal(remote(`https://media.example:${port}/`))).toBe('refused media.example');
    expect(asked).toEqual([]);
  });

  it('reaches this machine where a simulator stands there, and no other by its name', async () => {
    expect(await (await local(`http://127.0.0.1:${port}/a`)).text()).toBe('content');
    expect(await (await local(`http://localhost:${port}/b`)).text()).toBe('content');
    expect(asked).toEqual(['/a', '/b']);
    resolveTo(['93.184.216.34']);
    expect(await refusal(local(`http://localhost:${port}/c`))).toBe('refused localhost');
  });

  it('follows a redirect to what is allowed', async () => {
    location = '/end';
    expect(await (await local(`http://127.0.0.1:${port}/start`)).text()).toBe('content');
    expect(asked).toEqual(['/start', '/end']);
  });

  it.each(['http://169.254.169.254/', 'https://other.example/', 'http://10.0.0.1/', 'file:///x'])(
    'follows no redirect to %s',
    async (target) => {
      location = target;
      expect(await refusal(local(`http://127.0.0.1:${port}/start`))).toMatch(/^refused /);
      expect(asked).toEqual(['/start']);
    },
  );

  it('follows three redirects, and no more', async () => {
    location = '/again';
    expect(await refusal(local(`http://127.0.0.1:${port}/start`))).toBe('refused 127.0.0.1');
    expect(asked).toHaveLength(4);
  });

  it('returns a redirect to a caller who wants it', async () => {
    location = 'http://169.254.169.254/';
    const { status } = await local(`http://127.0.0.1:${port}/start`, { redirect: 'manual' });
    expect(status).toBe(302);
  });
});
