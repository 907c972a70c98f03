import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Access keys of the host. `master` opens everything; `durable` the durable management API. */
export interface HostKeys {
  master: string;
  function: string;
  durable: string;
}

/** Reads the keys from the state directory, making them at the first start. */
export function loadKeys(directory: string): HostKeys {
  const path = join(directory, 'keys.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as HostKeys;
  const make = (): string => randomBytes(40).toString('base64url');
  const keys = { master: make(), function: make(), durable: make() };
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

/** Whether a request's key is one of those that open the resource. */
export function isAuthorized(given: string | undefined, ...accepted: string[]): boolean {
  if (given === undefined) return false;
  const bytes = Buffer.from(given);
  return accepted.some((key) => {
    const expected = Buffer.from(key);
    return expected.length === bytes.length && timingSafeEqual(expected, bytes);
  });
}
