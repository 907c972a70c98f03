import { firstHash, type CustodyEntry } from './record';

/** Something that is wrong with a custody record. */
export interface CustodyBreak {
  /** What is wrong, in a sentence. */
  text: string;
  /** The entry where the record breaks; null where that is no entry. */
  entry: number | null;
}

/** The sentences of what is wrong. */
export const textsOf = (breaks: readonly CustodyBreak[]): string[] =>
  breaks.map(({ text }) => text);

/**
 * The end of a custody record at some time: how many entries it has, the hash of the last one, and a
 * keyed hash of both. Storage does not hold the key, so that who can write to storage cannot make a head
 * of a record that they have changed.
 */
export interface CustodyHead {
  sequence: number;
  hash: string;
  /** Keyed hash of `headText`. */
  mac: string;
}

/** Purpose of the keyed hashes of heads. */
export const headPurpose = 'custodyHead';

/** What a head's keyed hash is of. */
export const headText = (
  requestId: string,
  { sequence, hash }: Pick<CustodyHead, 'sequence' | 'hash'>,
): string => `${requestId}\n${sequence}\n${hash}\n`;

/** What is known of a custody record, from the places that hold it. */
export interface CustodyEvidence {
  entries: readonly CustodyEntry[];
  /** The heads that were stored with the entries. */
  heads: readonly CustodyHead[];
  /** The head in the row of the request; null where there is none. */
  end: CustodyHead | null;
  /** Heads that were written to the witness when their entries were. */
  witnessed: readonly CustodyHead[];
}

/**
 * Compares a custody record with its heads. Entries that the witness lacks are no problem: a process
 * that ends between the two writes leaves them, and they are authentic by the head of the request.
 * @param isAuthentic whether the keyed hash of a head is one of the app's
 * @returns what is wrong; empty if the record is the one that was written
 */
export function headBreaks(
  { entries, heads, end, witnessed }: CustodyEvidence,
  isAuthentic: (head: CustodyHead) => boolean,
): CustodyBreak[] {
  const breaks: CustodyBreak[] = [];
  const add = (text: string, entry: number | null = null): number => breaks.push({ text, entry });
  if (end === null || !isAuthentic(end)) add('The end of the record is not authentic.');
  const last = entries.at(-1);
  if (end?.sequence !== (last?.sequence ?? 0) || end.hash !== (last?.hash ?? firstHash))
    add('The record does not end with the entry that its request names.');
  const hashes = new Map(entries.map(({ sequence, hash }) => [sequence, hash]));
  // Whoever can append to the witness can add other lines, which say nothing about the record.
  const authentic = witnessed.filter(isAuthentic);
  const known = new Set([...authentic, ...heads.filter(isAuthentic)].map(({ hash }) => hash));
  for (const { sequence, hash } of entries) {
    if (!known.has(hash)) add(`Entry ${sequence} was not written by the app.`, sequence);
  }
  for (const { sequence, hash: written } of authentic) {
    const hash = hashes.get(sequence);
    if (hash === undefined) add(`Entry ${sequence} was written, and is missing.`, sequence);
    else if (hash !== written) add(`Entry ${sequence} is not the one that was written.`, sequence);
  }
  return breaks;
}

/** A head that was signed by the app's signing key. */
export interface CustodyCheckpoint {
  requestId: string;
  /** Number of entries. */
  sequence: number;
  /** Hash of the last entry. */
  head: string;
  /** When it was signed (ISO 8601). */
  at: string;
  /** Detached JWS (RFC 7515 appendix F) over `checkpointText`. */
  signature: string;
}

/** What the signature of a checkpoint is over. */
export const checkpointText = ({
  requestId,
  sequence,
  head,
  at,
}: Omit<CustodyCheckpoint, 'signature'>): string =>
  `custody checkpoint\n${requestId}\n${sequence}\n${head}\n${at}\n`;

/**
 * Compares a custody record with checkpoints of it, apart from their signatures.
 * @returns what is wrong
 */
export function checkpointBreaks(
  requestId: string,
  entries: readonly CustodyEntry[],
  checkpoints: readonly Omit<CustodyCheckpoint, 'signature'>[],
): CustodyBreak[] {
  const hashes = new Map(entries.map(({ sequence, hash }) => [sequence, hash]));
  return checkpoints.flatMap((checkpoint) => {
    const { sequence, head, at } = checkpoint;
    if (checkpoint.requestId !== requestId)
      return [{ text: 'A checkpoint is of another request.', entry: null }];
    const hash = sequence === 0 ? firstHash : hashes.get(sequence);
    if (hash === head) return [];
    return [
      hash === undefined
        ? { text: `The record had ${sequence} entries on ${at}, and has lost some.`, entry: null }
        : {
            text: `Entry ${sequence} is not the one of the checkpoint of ${at}.`,
            entry: sequence === 0 ? null : sequence,
          },
    ];
  });
}

/** What `checkpointBreaks` finds, in sentences. */
export const checkpointProblems = (...given: Parameters<typeof checkpointBreaks>): string[] =>
  textsOf(checkpointBreaks(...given));

/** The requests whose records have changed since the checkpoints before, as the app has signed it. */
export interface CustodyDay {
  at: string;
  requests: { requestId: string; sequence: number; head: string }[];
  /** Detached JWS over `dayText`. */
  signature: string;
}

/** What the signature of a day's list is over. */
export const dayText = ({ at, requests }: Omit<CustodyDay, 'signature'>): string =>
  [
    'custody day',
    at,
    ...requests.map(({ requestId, sequence, head }) => `${requestId} ${sequence} ${head}`),
    '',
  ].join('\n');
