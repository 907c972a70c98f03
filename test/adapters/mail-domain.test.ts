import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import {
  communicationSelectors,
  DnsMailDomain,
  type Lookups,
} from '../../src/adapters/messaging/mail-domain';
import type { MailDomainAnswer } from '../../src/ports/mail-domain-probe';

const domain = 'shop-company.eu';
const spf = ['v=spf1 include:spf.mail', '.example -all'];

type Answer<T> = T[] | string;
interface Zone {
  texts: Answer<string[]>;
  /** Of every key of DKIM, or by its whole name. */
  keys: Answer<string> | Record<string, Answer<string>>;
  servers: Answer<{ exchange: string; priority: number }>;
  addresses: Answer<string>;
  addresses6: Answer<string>;
}

const good: Zone = {
  texts: [['other=1'], spf],
  keys: ['key.azurecomm.example'],
  servers: [{ exchange: 'mx.example', priority: 10 }],
  addresses: 'ENODATA',
  addresses6: 'ENODATA',
};

/** The records, or an error with a code of DNS. */
const give = <T>(answer: Answer<T>): Promise<T[]> =>
  typeof answer === 'string'
    ? Promise.reject(Object.assign(new Error('DNS'), { code: answer }))
    : Promise.resolve(answer);

function dnsOf(zone: Zone): Lookups {
  const { texts, keys, servers, addresses, addresses6 } = zone;
  const lookups = {
    resolveTxt: () => give(texts),
    resolveCname: (name: string) =>
      give(typeof keys === 'string' || Array.isArray(keys) ? keys : (keys[name] ?? 'ENOTFOUND')),
    resolveMx: () => give(servers),
    resolve4: () => give(addresses),
    resolve6: () => give(addresses6),
  };
  return lookups as unknown as Lookups;
}

const keyOf = (index: 0 | 1): string => `${communicationSelectors[index]}._domainkey.${domain}`;

describe('the records of the domain of a sender', () => {
  it.each<[string, Partial<Zone>, MailDomainAnswer]>([
    ['all there', {}, 'good'],
    ['no texts', { texts: 'ENODATA' }, 'spfMissing'],
    [
      'no such domain',
      { texts: 'ENOTFOUND', keys: 'ENOTFOUND', servers: 'ENOTFOUND' },
      'spfMissing',
    ],
    ['texts, none of SPF', { texts: [['v=spf10 -all'], ['spf1']] }, 'spfMissing'],
    ['two of SPF', { texts: [spf, ['V=SPF1']] }, 'spfTwice'],
    ['no key', { keys: 'ENOTFOUND' }, 'dkimMissing'],
    ['one key of two', { keys: { [keyOf(0)]: ['key.azurecomm.example'] } }, 'dkimMissing'],
    ['both keys', { keys: { [keyOf(0)]: ['a.example'], [keyOf(1)]: ['b.example'] } }, 'good'],
    ['a record that refuses emails', { servers: [{ exchange: '', priority: 0 }] }, 'mxMissing'],
    ['no server and no address', { servers: 'ENODATA' }, 'mxMissing'],
    ['no server, an address', { servers: 'ENODATA', addresses: ['192.0.2.1'] }, 'good'],
    ['no server, an address of IPv6', { servers: 'ENODATA', addresses6: ['2001:db8::1'] }, 'good'],
    ['texts that nobody tells', { texts: 'ETIMEOUT' }, 'noAnswer'],
    [
      'a key that nobody tells',
      { keys: { [keyOf(0)]: ['a'], [keyOf(1)]: 'ESERVFAIL' } },
      'noAnswer',
    ],
    ['servers that nobody tells', { servers: 'EREFUSED' }, 'noAnswer'],
    ['addresses that nobody tells', { servers: 'ENODATA', addresses: 'ETIMEOUT' }, 'noAnswer'],
    ['no DNS, and no key', { texts: 'ECONNREFUSED', keys: 'ENOTFOUND' }, 'dkimMissing'],
  ])('with %s', async (_name, change, expected) => {
    const probe = new DnsMailDomain(communicationSelectors, dnsOf({ ...good, ...change }));
    expect(await probe.records(domain)).toBe(expected);
  });

  it('are looked up without keys where nobody knows how these are named', async () => {
    const probe = new DnsMailDomain([], dnsOf({ ...good, keys: 'ENOTFOUND' }));
    expect(await probe.records(domain)).toBe('good');
  });

  it('are unknown where the machine has no DNS server that answers', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((done) => silent.bind(0, '127.0.0.1', done));
    try {
      const resolver = new Resolver({ timeout: 50, tries: 1 });
      resolver.setServers([`127.0.0.1:${silent.address().port}`]);
      expect(await new DnsMailDomain([], resolver).records(domain)).toBe('noAnswer');
    } finally {
      silent.close();
    }
  });
});
