import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Policy } from './policy';

/** SHA-256 (hex) of a redaction policy with its defaults, as canonical JSON (RFC 8785). */
export const policyHash = (policy: Policy): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalize(policy) ?? '')));
