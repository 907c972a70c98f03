import type { HttpRequest } from '@azure/functions';
import { isIPv6 } from 'node:net';

/**
 * The address of the caller: the last one in `X-Forwarded-For`, which the platform adds. The caller
 * may have written those before it.
 */
export function addressOf(request: HttpRequest): string {
  const last = (request.headers.get('x-forwarded-for') ?? '').split(',').at(-1)?.trim() ?? '';
  // IPv4 with a port, or IPv6 in brackets with one.
  return last.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

/** IPv4 in the last 32 bits of an IPv6 address (RFC 4291 section 2.5.5.2), as URLs write it. */
const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The network of the caller, by which calls are counted: of IPv6 the first 64 bits, because everybody
 * has all addresses of such a network at hand (RFC 6177); any other address as it is. An IPv4 address
 * that is written as IPv6 counts as the IPv4 address, in whatever form it is written.
 */
export const networkOf = (request: HttpRequest): string => networkOfAddress(addressOf(request));

/** The same of an address. */
export function networkOfAddress(withZone: string): string {
  const address = withZone.replace(/%.*$/, '');
  if (!isIPv6(address)) return address;
  // The URL standard has one way of writing an IPv6 address (RFC 5952).
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = mapped.exec(written) ?? [];
  if (high !== undefined && low !== undefined) {
    const [upper, lower] = [parseInt(high, 16), parseInt(low, 16)];
    return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
  }
  const [before = '', after = ''] = written.split('::');
  const parts = (text: string): string[] => text.split(':').filter((one) => one !== '');
  const [head, tail] = [parts(before), parts(after)];
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
