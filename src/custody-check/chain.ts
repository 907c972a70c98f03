import { createHash, randomBytes } from 'node:crypto';
import {
  canonical,
  firstHash,
  type Act,
  type CustodyEntry,
  type CustodyFact,
  type CustodyLine,
  type CustodySide,
} from '../core/custody';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const hashOf = ({ hash: _hash, ...content }: CustodyEntry): string => sha256(canonical(content));

const commitmentOf = (side: CustodySide): string => sha256(canonical(side));

/** The last link of a chain, to which the next entry is bound. */
export interface ChainHead {
  sequence: number;
  hash: string;
}

/** Binds what happened to the chain; what is personal of it becomes a side row of its own. */
export function nextEntry(
  head: ChainHead,
  fact: CustodyFact,
  at: string,
  act: Act | null,
): { entry: CustodyEntry; side: CustodySide | null } {
  const side = act && { salt: randomBytes(16).toString('hex'), by: act.by, why: act.why };
  const content = {
    ...fact,
    sequence: head.sequence + 1,
    at,
    actor: act?.actor ?? null,
    commitment: side && commitmentOf(side),
    previous: head.hash,
    hash: '',
  };
  return { entry: { ...content, hash: hashOf(content) }, side };
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
  sides: ReadonlyMap<number, CustodySide>,
): string[] {
  const problems: string[] = [];
  let head = emptyChain;
  for (const entry of entries) {
    const name = `Entry ${entry.sequence}`;
    if (entry.sequence !== head.sequence + 1)
      problems.push(`${name} does not follow entry ${head.sequence}.`);
    if (entry.previous !== head.hash) problems.push(`${name} is not bound to the one before.`);
    if (entry.hash !== hashOf(entry)) problems.push(`${name} was changed.`);
    const side = sides.get(entry.sequence);
    if (side && entry.commitment !== commitmentOf(side))
      problems.push(`Who did what entry ${entry.sequence} says, or why, was changed.`);
    head = { sequence: entry.sequence, hash: entry.hash };
  }
  for (const sequence of sides.keys()) {
    if (!entries.some((entry) => entry.sequence === sequence))
      problems.push(`Entry ${sequence} was removed.`);
  }
  return problems;
}

/** A custody record as `GET …/custody` hands it out. */
export interface CustodyDocument {
  requestId: string;
  entries: CustodyEntry[];
  sides: (CustodySide & { sequence: number })[];
  /** Hash of the last entry, and its signature (detached JWS, RFC 7515 appendix F). */
  head: string;
  signature: string;
}

/** What is wrong with a record that was handed out, but for its signature. */
export function documentProblems(document: CustodyDocument): string[] {
  const sides = new Map(document.sides.map(({ sequence, ...side }) => [sequence, side]));
  const last = document.entries.at(-1)?.hash ?? firstHash;
  return [
    ...chainProblems(document.entries, sides),
    ...(last === document.head ? [] : ['The record does not end with the entry that was signed.']),
  ];
}

/** Entries with what is personal of them. */
export const linesOf = (
  entries: readonly CustodyEntry[],
  sides: ReadonlyMap<number, CustodySide>,
): CustodyLine[] =>
  entries.map((entry) => {
    const side = sides.get(entry.sequence);
    return { ...entry, act: side ? { by: side.by, why: side.why } : null };
  });
