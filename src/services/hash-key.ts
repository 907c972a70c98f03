import type { KeyStore, RequestRecord } from '../ports';

/** Keyed hashes by the hash key that a request began with, so that its pseudonyms stay the same. */
export const hashKeyOf = <K extends Pick<KeyStore, 'unwrap' | 'keyedHash'>>(
  keys: K,
  { hashKeyId }: Pick<RequestRecord, 'hashKeyId'>,
): Pick<KeyStore, 'unwrap' | 'keyedHash'> => ({
  unwrap: (wrappedSecret) => keys.unwrap(wrappedSecret),
  keyedHash: (purpose, text) => keys.keyedHash(purpose, text, hashKeyId),
});
