import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import {
  firstHash,
  type OfficerAction,
  type CustodyEntry,
  type CustodyFact,
  type CustodyLine,
  type CustodyAnnotation,
} from './record';
import { checkpointProblems, textsOf, type CustodyBreak, type CustodyCheckpoint } from './heads';

/** SHA-256 (hex) of an object as canonical JSON (RFC 8785). */
const sha256 = (content: object): string =>
  bytesToHex(sha256Of(utf8ToBytes(canonicalize(content) ?? '')));

const hashOf = ({ hash: _hash, ...content }: CustodyEntry): string => sha256(content);

const commitmentOf = (annotation: CustodyAnnotation): string => sha256(annotation);

/** Canonical JSON has no lone surrogates, which people may send all the same. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

/** The last entry of a chain, to which the next one is bound. */
export interface ChainHead {
  sequence: number;
  hash: string;
}

/** What is appended to a chain. */
export interface NewEntry {
  fact: CustodyFact;
  /** When (ISO 8601). */
  at: string;
  /** The officer's action; null for the app itself. */
  action: OfficerAction | null;
  /** 16 random bytes in hex, so that the commitment cannot be guessed. */
  salt: string;
}

/** Makes the next entry of a chain, and the annotation with its personal data. */
export function nextEntry(
  head: ChainHead,
  { fact, at, action, salt }: NewEntry,
): { entry: CustodyEntry; annotation: CustodyAnnotation | null } {
  const annotation = action && {
    salt,
    displayName: wellFormed(action.displayName),
    justification: wellFormed(action.justification),
  };
  const content = {
    ...fact,
    sequence: head.sequence + 1,
    at,
    actor: action?.actor ?? null,
    commitment: annotation && commitmentOf(annotation),
    previous: head.hash,
  };
  return { entry: { ...content, hash: sha256(content) }, annotation };
}

export const emptyChain: ChainHead = { sequence: 0, hash: firstHash };

/**
 * Checks a chain from its first entry on: the entries are in sequence, each is bound to the one before
 * and matches its hash, and every annotation matches its commitment.
 * @param annotations by the sequence of their entry; deleted ones are missing
 * @returns what is wrong; empty if the chain holds
 */
export function chainBreaks(
  entries: readonly CustodyEntry[],
  annotations: ReadonlyMap<number, CustodyAnnotation>,
): CustodyBreak[] {
  const breaks: CustodyBreak[] = [];
  let head = emptyChain;
  for (const entry of entries) {
    const { sequence } = entry;
    const add = (text: string): number => breaks.push({ text, entry: sequence });
    if (sequence !== head.sequence + 1)
      add(`Entry ${sequence} does not follow entry ${head.sequence}.`);
    if (entry.previous !== head.hash) add(`Entry ${sequence} is not bound to the one before.`);
    if (entry.hash !== hashOf(entry)) add(`Entry ${sequence} was changed.`);
    const annotation = annotations.get(sequence);
    if (annotation && entry.commitment !== commitmentOf(annotation))
      add(`Who did what entry ${sequence} says, or why, was changed.`);
    head = { sequence, hash: entry.hash };
  }
  for (const sequence of annotations.keys()) {
    if (!entries.some((entry) => entry.sequence === sequence))
      breaks.push({ text: `Entry ${sequence} was removed.`, entry: sequence });
  }
  return breaks;
}

/** What `chainBreaks` finds, in sentences. */
export const chainProblems = (...given: Parameters<typeof chainBreaks>): string[] =>
  textsOf(chainBreaks(...given));

/** A custody record as `GET …/custody` returns it. */
export interface CustodyDocument {
  requestId: string;
  entries: CustodyEntry[];
  annotations: (CustodyAnnotation & { sequence: number })[];
  /** Hash of the last entry. */
  head: string;
  /** When the record was read (ISO 8601). */
  at: string;
  /**
   * Signature of the record as it was read, as of a checkpoint (detached JWS, RFC 7515 appendix F). Null
   * where the app found the record changed, and did not sign it.
   */
  signature: string | null;
  /** Signed ends of the record at earlier times. */
  checkpoints: CustodyCheckpoint[];
  /** What the app found wrong, in sentences. */
  problems: string[];
}

/** What the signature of a custody document is over, and that of each of its checkpoints. */
export const checkpointOf = ({
  requestId,
  entries,
  head,
  at,
}: Pick<CustodyDocument, 'requestId' | 'entries' | 'head' | 'at'>): Omit<
  CustodyCheckpoint,
  'signature'
> => ({ requestId, sequence: entries.length, head, at });

/** What is wrong with a custody document, apart from its signature. */
export function documentProblems(document: CustodyDocument): string[] {
  const annotations = new Map(
    document.annotations.map(({ sequence, ...annotation }) => [sequence, annotation]),
  );
  const last = document.entries.at(-1)?.hash ?? firstHash;
  return [
    ...chainProblems(document.entries, annotations),
    ...(last === document.head ? [] : ['The record does not end with the entry that was signed.']),
    ...checkpointProblems(document.requestId, document.entries, document.checkpoints),
    ...document.problems,
  ];
}

/** Entries with their annotations. */
export const linesOf = (
  entries: readonly CustodyEntry[],
  annotations: ReadonlyMap<number, CustodyAnnotation>,
): CustodyLine[] =>
  entries.map((entry) => {
    const annotation = annotations.get(entry.sequence);
    return {
      ...entry,
      annotation: annotation
        ? { displayName: annotation.displayName, justification: annotation.justification }
        : null,
    };
  });
