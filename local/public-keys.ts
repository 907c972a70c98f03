import type { JSONWebKeySet } from 'jose';
import { readFileSync } from 'node:fs';

/**
 * Public keys of signatures: from a file, or from the address at which an issuer publishes them.
 * @param issuer host or origin
 * @returns null when neither is given
 * @throws Error when the issuer publishes none
 */
export async function readKeys(
  jwks: string | undefined,
  issuer: string | undefined,
): Promise<JSONWebKeySet | null> {
  if (jwks !== undefined) return JSON.parse(readFileSync(jwks, 'utf8')) as JSONWebKeySet;
  if (issuer === undefined) return null;
  const origin = issuer.includes('://') ? issuer : `https://${issuer}`;
  const response = await fetch(new URL('/.well-known/jwks.json', origin));
  if (!response.ok) throw new Error(`${origin} has no keys: it answered ${response.status}.`);
  return (await response.json()) as JSONWebKeySet;
}
