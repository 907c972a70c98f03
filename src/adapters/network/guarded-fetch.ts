import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { lazy } from '../../core/lazy';
import { isLoopback } from '../../core/loopback';

/** Where a guarded fetch may go. */
export interface NetworkGuard {
  /** Whether addresses at a host, such as `media.example` or `media.example:8443`, may be called. */
  isAllowed(host: string): boolean;
  /** Whether plain http to this machine may be called: with a simulator only. */
  allowsLoopback: boolean;
  /** Whether a host may stand in a private network. */
  allowsPrivate?: boolean;
}

/** An address that may not be called. Its host is all that is told of it: the rest may be a secret. */
export class HostNotAllowedError extends Error {
  constructor(readonly host: string) {
    super('hostNotAllowed');
  }
}

/**
 * Networks that nobody on the internet is in: this host, private, shared, link-local, documentation,
 * benchmarks, multicast and reserved ones (RFC 6890 and the IANA special-purpose address registries).
 */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(network, prefix, 'ipv4');

/** Public addresses of IPv6, and those in it that contain one of another network. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const embedding = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  embedding.addSubnet(network, prefix, 'ipv6');

/** The IPv4 address in an IPv6 address that maps one (RFC 4291 section 2.5.5.2); null in others. */
function mappedAddress(address: string): string | null {
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return null;
  const words = [parseInt(high, 16), parseInt(low, 16)];
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

/**
 * Whether an IP address is one of the public internet.
 * @param address IPv4 or IPv6, without brackets and zone
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  const mapped = mappedAddress(address);
  if (mapped !== null) return isPublicAddress(mapped);
  return globalUnicast.check(address, 'ipv6') && !embedding.check(address, 'ipv6');
}

/** Resolves a name for one connection, and refuses it when any of its addresses may not be called. */
const guardedLookup =
  (isAllowed: (address: string) => boolean): LookupFunction =>
  (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses;
      if (error !== null || first === undefined) done(error, '');
      else if (!addresses.every(({ address }) => isAllowed(address)))
        done(new HostNotAllowedError(host), '');
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });

const mostRedirects = 3;
const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** Fetches an address, as far as the guard allows it. */
export type GuardedFetch = (url: string, init?: GuardedInit) => Promise<Response>;
export type GuardedInit = Omit<RequestInit, 'dispatcher' | 'redirect'> & {
  /** `follow` checks the next address as the first; `manual` returns the redirect. */
  redirect?: 'follow' | 'manual';
};

/**
 * A fetch for addresses that others have given: https alone, to hosts that are allowed, without
 * credentials, and never into this machine or a private network. The addresses of a name are checked
 * where the connection is made, so that a name cannot change between the check and the call; redirects
 * are checked as the first address is (OWASP, Server-Side Request Forgery Prevention Cheat Sheet).
 * The returned function throws HostNotAllowedError when an address may not be called.
 */
export function guardedFetch(guard: NetworkGuard): GuardedFetch {
  const mayConnect = (address: string): boolean =>
    guard.allowsPrivate === true || isPublicAddress(address);
  const agentFor = (isAllowed: (address: string) => boolean): (() => Agent) =>
    lazy(() => new Agent({ connect: { lookup: guardedLookup(isAllowed) } }));
  const remote = agentFor(mayConnect);
  const local = agentFor((one) => !isPublicAddress(one));

  function dispatcherFor(url: URL): Agent {
    const { protocol, host, hostname, username, password } = url;
    const bare = hostname.replace(/^\[|\]$/g, '');
    const refused = new HostNotAllowedError(hostname);
    if (username !== '' || password !== '') throw refused;
    if (guard.allowsLoopback && isLoopback(url.href)) return local();
    if (protocol !== 'https:' || !guard.isAllowed(host)) throw refused;
    // Names are checked once they are resolved; a literal is not resolved.
    if (isIP(bare) !== 0 && !mayConnect(bare)) throw refused;
    return remote();
  }

  return async (address, { redirect = 'follow', ...init } = {}) => {
    let url = parsed(address);
    for (let redirects = 0; ; redirects += 1) {
      const dispatcher = dispatcherFor(url);
      const response = await fetch(url, { ...init, redirect: 'manual', dispatcher }).catch(rootOf);
      const location = response.headers.get('location');
      if (redirect === 'manual' || !isRedirect(response.status) || location === null)
        return response;
      await response.body?.cancel();
      if (redirects === mostRedirects) throw new HostNotAllowedError(url.hostname);
      url = parsed(location, url);
    }
  };
}

function parsed(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url === null) throw new HostNotAllowedError('');
  return url;
}

/** undici hides what a connection failed of. */
function rootOf(error: unknown): never {
  const { cause } = Object(error) as { cause?: unknown };
  throw cause instanceof HostNotAllowedError ? cause : error;
}
