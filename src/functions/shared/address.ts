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

const hextets = (text: string): string[] => text.split(':').filter((one) => one !== '');

/**
 * The network of the caller, by which calls are counted: of IPv6 the first 64 bits, because everybody
 * has all addresses of such a network at hand (RFC 6177); any other address as it is.
 */
export function networkOf(request: HttpRequest): string {
  const address = addressOf(request);
  const [, ipv4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  if (!isIPv6(address)) return address;
  const [before = '', after = ''] = address.split('::');
  const [head, tail] = [hextets(before), hextets(after)];
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const prefix = [...head, ...zeros, ...tail].slice(0, 4);
  return `${prefix.map((one) => parseInt(one, 16).toString(16)).join(':')}::/64`;
}
