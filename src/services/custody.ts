import { timingSafeEqual } from 'node:crypto';
import { allAtOnce } from '../core/at-once';
import { chainBreaks } from '../core/custody/chain';
import {
  checkpointBreaks,
  checkpointText,
  dayText,
  headBreaks,
  headPurpose,
  headText,
  textsOf,
  type CustodyCheckpoint,
  type CustodyHead,
} from '../core/custody/heads';
import { inTurnByPrefix, wholeTurn, type Stop } from '../core/jobs/turn';
import { hasProofEnded } from '../core/request/proof';
import { msPerDay } from '../core/time/time';
import type {
  Clock,
  CustodyDay,
  CustodyEnd,
  CustodyRecord,
  CustodyWitness,
  KeyStore,
  Ledger,
  Settings,
  WitnessSummary,
} from '../ports';
import { knownRequests, type KnownRequests, type RequestIdServices } from './known-requests';

/** What the check of a custody record uses. */
export interface CustodyCheckServices {
  keys: Pick<KeyStore, 'keyedHashes'>;
  ledger: Pick<Ledger, 'custody' | 'custodyEnd' | 'completeWitness'>;
  witness: Pick<CustodyWitness, 'heads' | 'checkpoints'>;
}

export interface CustodyCheck {
  record: CustodyRecord;
  checkpoints: CustodyCheckpoint[];
  /** What is wrong, in sentences; empty if the record is the one that was written. */
  problems: string[];
  /** The entries where it breaks, in their order; empty also where it does not break at an entry. */
  brokenAt: number[];
}

/** How often a record is read again that others write to at the same time. */
const readTries = 5;

/**
 * Checks a custody record: its chain, its end against the request, and all of it against the heads that
 * the witness holds and the checkpoints that were signed. Heads that a process has left out when it
 * ended are added to the witness if the record is authentic.
 */
export async function checkCustody(
  services: CustodyCheckServices,
  requestId: string,
): Promise<CustodyCheck> {
  const { keys, ledger, witness } = services;
  // What is witnessed was written before, so it is read first.
  const witnessed = await witness.heads(requestId);
  const checkpoints = await witness.checkpoints(requestId);
  const { record, end } = await consistentRecord(ledger, requestId);
  const { entries, annotations, heads } = record;
  const breaks = [
    ...chainBreaks(entries, annotations),
    ...headBreaks({ entries, heads, end: end?.head ?? null, witnessed }, (head) =>
      isAuthentic(keys, requestId, head),
    ),
    ...checkpointBreaks(requestId, entries, checkpoints),
  ];
  if (breaks.length === 0 && witnessed.length < entries.length)
    await ledger.completeWitness(requestId);
  const broken = new Set(breaks.flatMap(({ entry }) => entry ?? []));
  return {
    record,
    checkpoints,
    problems: textsOf(breaks),
    brokenAt: [...broken].sort((a, b) => a - b),
  };
}

/** A record and the end that its request names, of the same moment. */
async function consistentRecord(
  ledger: CustodyCheckServices['ledger'],
  requestId: string,
): Promise<{ record: CustodyRecord; end: CustodyEnd | null }> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await ledger.custodyEnd(requestId);
    const record = await ledger.custody(requestId);
    const end = await ledger.custodyEnd(requestId);
    if (before?.head?.mac === end?.head?.mac || attempt === readTries) return { record, end };
  }
}

function isAuthentic(
  keys: Pick<KeyStore, 'keyedHashes'>,
  requestId: string,
  head: CustodyHead,
): boolean {
  const given = Buffer.from(head.mac, 'hex');
  return keys
    .keyedHashes(headPurpose, headText(requestId, head))
    .map((mac) => Buffer.from(mac, 'hex'))
    .some((mac) => mac.length === given.length && timingSafeEqual(mac, given));
}

/** What the nightly check of all custody records uses. */
export interface CustodyReviewServices extends CustodyCheckServices {
  clock: Clock;
  keys: Pick<KeyStore, 'keyedHashes' | 'sign'>;
  ledger: CustodyCheckServices['ledger'] &
    RequestIdServices['ledger'] &
    Pick<Ledger, 'noteCheckpoint'>;
  settings: Pick<Settings, 'branding' | 'proof'>;
  witness: CustodyWitness;
}

export interface CustodyReview {
  /** Ids of requests whose record was changed or removed. */
  broken: string[];
  /** Ids of requests whose record could not be checked; the next run tries them again. */
  failed: string[];
  /** The request that the turn ended with; null when all records were reviewed. */
  stop: Stop;
}

/** Days within which each record is checked, also one that nothing was added to. */
const reviewDays = 28;

/** A request that there is, or of which there is a witness. */
interface ReviewedRequest {
  requestId: string;
  /** Null where the request is gone. */
  end: CustodyEnd | null;
  /** Null where it has no witness. */
  witnessed: WitnessSummary | null;
}

/**
 * Checks the records that something was added to since their last checkpoint, those that are not as long
 * as the witness says, a share of the others, and whether a request is gone. Signs a checkpoint of each
 * record that has changed and is authentic, and the list of them. Each request is read by itself.
 */
export async function reviewCustody(
  services: CustodyReviewServices,
  turn = wholeTurn,
): Promise<CustodyReview> {
  const review: CustodyReview = { broken: [], failed: [], stop: null };
  const known = await knownRequests(services);
  const day = Math.floor(services.clock.now().getTime() / msPerDay) % reviewDays;
  const signed: CustodyDay['requests'] = [];
  review.stop = await inTurnByPrefix(
    turn,
    async (prefix) => requestsOf(services, await known(prefix)),
    ({ requestId }) => requestId,
    async ({ requestId, end, witnessed }) => {
      if (end === null) {
        if (!hasEnded(services, witnessed)) review.broken.push(requestId);
        return;
      }
      const isChanged = end.head?.sequence !== end.checkpoint;
      const isWitnessed = end.head?.sequence === witnessed?.heads;
      if (!isChanged && isWitnessed && shareOf(requestId) !== day) return;
      try {
        const checked = await reviewRecord(services, end, isChanged);
        if (checked === 'broken') review.broken.push(requestId);
        else if (checked !== null) signed.push(checked);
      } catch {
        review.failed.push(requestId);
      }
    },
  );
  if (signed.length > 0) await signDay(services, signed);
  return review;
}

/** What is stored of requests, read after their witnesses: what is witnessed was written before. */
async function requestsOf(
  { ledger }: Pick<CustodyReviewServices, 'ledger'>,
  { ids, witnesses }: KnownRequests,
): Promise<ReviewedRequest[]> {
  const found = await allAtOnce(ids, async (requestId) => ({
    requestId,
    end: await ledger.custodyEnd(requestId),
    witnessed: witnesses.get(requestId) ?? null,
  }));
  // An open request without a witness that is gone was never made.
  return found.filter(({ end, witnessed }) => end !== null || witnessed !== null);
}

/** Whether the record of a request that is gone was deleted at the end of its retention. */
const hasEnded = (
  { clock, settings }: Pick<CustodyReviewServices, 'clock' | 'settings'>,
  witnessed: WitnessSummary | null,
): boolean =>
  hasProofEnded(witnessed?.lastAddedAt ?? null, clock.now(), settings.proof.retentionYears);

/** The day of a period on which a record is checked at the latest. Ids are random. */
const shareOf = (requestId: string): number => parseInt(requestId.slice(0, 6), 16) % reviewDays;

/** @returns the new checkpoint; null where none is needed */
async function reviewRecord(
  services: CustodyReviewServices,
  { requestId }: CustodyEnd,
  isChanged: boolean,
): Promise<CustodyDay['requests'][number] | 'broken' | null> {
  const { ledger, witness, clock } = services;
  const { record, problems } = await checkCustody(services, requestId);
  if (problems.length > 0) return 'broken';
  const last = record.entries.at(-1);
  if (!isChanged || !last) return null;
  const { sequence, hash: head } = last;
  const content = { requestId, sequence, head, at: clock.now().toISOString() };
  const signature = await sign(services, checkpointText(content));
  await witness.putCheckpoint({ ...content, signature });
  await ledger.noteCheckpoint(requestId, sequence);
  return { requestId, sequence, head };
}

async function signDay(
  services: CustodyReviewServices,
  requests: CustodyDay['requests'],
): Promise<void> {
  const content = { at: services.clock.now().toISOString(), requests };
  await services.witness.putDay({
    ...content,
    signature: await sign(services, dayText(content)),
  });
}

const sign = (
  { keys, settings }: Pick<CustodyReviewServices, 'keys' | 'settings'>,
  text: string,
): Promise<string> => {
  const { origin } = new URL(settings.branding.portalOrigin);
  return keys.sign(Buffer.from(text), `${origin}/.well-known/jwks.json`);
};
