import fc from 'fast-check';
import { networkOfAddress } from '../../src/functions/shared/address';

describe('the network by which calls are counted', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['0000:0000:0000:0000:0000:ffff:c000:0207', '192.0.2.7'],
    ['', ''],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOfAddress(address)).toBe(network);
  });

  it('is one for all addresses of a /64, and another for the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xfffe }), fc.ipV6(), (subnet, any) => {
        const of = (prefix: number) =>
          networkOfAddress(`2001:db8:7:${prefix.toString(16)}:${any.length}:1:2:3`);
        expect(of(subnet)).toBe(networkOfAddress(`2001:db8:7:${subnet.toString(16)}::1`));
        expect(of(subnet)).not.toBe(of(subnet + 1));
      }),
    );
  });

  it('is that of the IPv4 address for every way of writing it as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        for (const prefix of ['::ffff:', '0:0:0:0:0:ffff:', '0::FFFF:'])
          for (const written of [ipv4, hex]) expect(networkOfAddress(prefix + written)).toBe(ipv4);
      }),
    );
  });
});
