import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  canonical,
  firstHash,
  type OfficerAction,
  type CustodyEntry,
  type CustodyFact,
  type CustodyLine,
  type CustodyAnnotation,
} from './record';

const sha256 = (text: string): string => bytesToHex(sha256Of(utf8ToBytes(text)));

const hashOf = ({ hash: _hash, ...content }: CustodyEntry): string => sha256(canonical(content));

const commitmentOf = (annotation: CustodyAnnotation): string => sha256(canonical(annotation));

/** The last link of a chain, to which the next entry is bound. */
export interface ChainHead {
  sequence: number;
  hash: string;
}

/** What is appended to a chain. */
export interface NewEntry {
  fact: CustodyFact;
  /** When (ISO 8601). */
  at: string;
  /** The officer's part; null for what the app does by itself. */
  action: OfficerAction | null;
  /** 16 random bytes in hex, which keep the commitment from being guessed. */
  salt: string;
}

/** Appends an entry to a chain. Its personal part becomes an annotation that can be deleted later. */
export function nextEntry(
  head: ChainHead,
  { fact, at, action, salt }: NewEntry,
): { entry: CustodyEntry; annotation: CustodyAnnotation | null } {
  const annotation = action && {
    salt,
    displayName: action.displayName,
    justification: action.justification,
  };
  const content = {
    ...fact,
    sequence: head.sequence + 1,
    at,
    actor: action?.actor ?? null,
    commitment: annotation && commitmentOf(annotation),
    previous: head.hash,
    hash: '',
  };
  return { entry: { ...content, hash: hashOf(content) }, annotation };
}

export const emptyChain: ChainHead = { sequence: 0, hash: firstHash };

/**
 * Checks a chain from its first entry on: every entry is the next one, bound to the one before, and
 * what it holds is what was hashed; every side that is still there is the one that was committed to.
 * @param sides by the sequence of their entry; forgotten ones are missing
 * @returns what is wrong, in sentences; nothing when the chain holds
 */
export function chainProblems(
  entries: readonly CustodyEntry[],
  annotations: ReadonlyMap<number, CustodyAnnotation>,
): string[] {
  const problems: string[] = [];
  let head = emptyChain;
  for (const entry of entries) {
    const name = `Entry ${entry.sequence}`;
    if (entry.sequence !== head.sequence + 1)
      problems.push(`${name} does not follow entry ${head.sequence}.`);
    if (entry.previous !== head.hash) problems.push(`${name} is not bound to the one before.`);
    if (entry.hash !== hashOf(entry)) problems.push(`${name} was changed.`);
    const annotation = annotations.get(entry.sequence);
    if (annotation && entry.commitment !== commitmentOf(annotation))
      problems.push(`Who did what entry ${entry.sequence} says, or why, was changed.`);
    head = { sequence: entry.sequence, hash: entry.hash };
  }
  for (const sequence of annotations.keys()) {
    if (!entries.some((entry) => entry.sequence === sequence))
      problems.push(`Entry ${sequence} was removed.`);
  }
  return problems;
}

/** A custody record as `GET …/custody` hands it out. */
export interface CustodyDocument {
  requestId: string;
  entries: CustodyEntry[];
  annotations: (CustodyAnnotation & { sequence: number })[];
  /** Hash of the last entry, and its signature (detached JWS, RFC 7515 appendix F). */
  head: string;
  signature: string;
}

/** What is wrong with a record that was handed out, but for its signature. */
export function documentProblems(document: CustodyDocument): string[] {
  const annotations = new Map(
    document.annotations.map(({ sequence, ...annotation }) => [sequence, annotation]),
  );
  const last = document.entries.at(-1)?.hash ?? firstHash;
  return [
    ...chainProblems(document.entries, annotations),
    ...(last === document.head ? [] : ['The record does not end with the entry that was signed.']),
  ];
}

/** Entries with what is personal of them. */
export const linesOf = (
  entries: readonly CustodyEntry[],
  annotations: ReadonlyMap<number, CustodyAnnotation>,
): CustodyLine[] =>
  entries.map((entry) => {
    const annotation = annotations.get(entry.sequence);
    return {
      ...entry,
      act: annotation
        ? { displayName: annotation.displayName, justification: annotation.justification }
        : null,
    };
  });
