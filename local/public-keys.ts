import type { JSONWebKeySet } from 'jose';
import { readFileSync } from 'node:fs';

/** The keys could not be read, so that nothing was checked with them. */
export class KeysNotReadError extends Error {}

/**
 * Public keys of signatures: from a file, or from the address at which an issuer publishes them.
 * @param issuer host or origin
 * @returns null when neither is given
 * @throws KeysNotReadError, with the file or the address, when there are none
 */
export async function readKeys(
  jwks: string | undefined,
  issuer: string | undefined,
): Promise<JSONWebKeySet | null> {
  if (jwks !== undefined) return keysIn(jwks);
  if (issuer === undefined) return null;
  const origin = issuer.includes('://') ? issuer : `https://${issuer}`;
  return keysAt(`${origin.replace(/\/$/, '')}/.well-known/jwks.json`);
}

function keysIn(file: string): JSONWebKeySet {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
  } catch {
    throw new KeysNotReadError(`There are no keys in ${file}.`);
  }
}

async function keysAt(address: string): Promise<JSONWebKeySet> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new KeysNotReadError(`The keys cannot be read: ${address} cannot be reached.`);
  }
  if (!response.ok)
    throw new KeysNotReadError(`There are no keys at ${address}: it answered ${response.status}.`);
  try {
    return (await response.json()) as JSONWebKeySet;
  } catch {
    throw new KeysNotReadError(`What ${address} answers is no list of keys.`);
  }
}
