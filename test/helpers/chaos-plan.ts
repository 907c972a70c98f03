import { randomFaults, type Fault } from '../../local/genesys/faults';
import { randomOf } from '../../local/random';

/** What an officer does to a request while all else happens. */
export const interventions = ['none', 'extend', 'decide', 'retry', 'cancel', 'recall'] as const;
export type Intervention = (typeof interventions)[number];

/** What befalls one request. Attempts of its steps and calls of storage are counted from 1. */
export interface ChaosPlan {
  seed: number;
  /** Kills of the process, at a write of an attempt. */
  kills: { attempt: number; write: number; when: 'before' | 'after' }[];
  /** Steps of the clock before an attempt, in minutes; negative ones set it back. */
  clockSteps: { attempt: number; minutes: number }[];
  /** Calls of storage that are answered with 503 ServerBusy. */
  busy: { from: number; calls: number }[];
  /** Calls that read a blob and whose answer ends in the middle. */
  cuts: number[];
  /** Milliseconds that every call of storage takes. */
  storageDelay: number;
  faults: Fault[];
  intervention: Intervention;
  /** Attempt before which the officer acts. */
  interventionAt: number;
}

/** Attempts and calls of storage of an undisturbed request, more or less. */
const attempts = 40;
const storageCalls = 350;
const blobReads = 60;

/** The plan that follows from a seed. */
export function chaosPlan(seed: number): ChaosPlan {
  const random = randomOf(seed * 104_729);
  const below = (limit: number): number => Math.floor(random() * limit);
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: below(most + 1) }, make);
  const media = { match: '^GET /(media|transcripts|attachments)/', fault: 'truncated' } as const;
  return {
    seed,
    kills: some(3, () => ({
      attempt: 1 + below(attempts),
      write: 1 + below(6),
      when: random() < 0.5 ? 'before' : 'after',
    })),
    clockSteps: some(3, () => ({ attempt: 1 + below(attempts), minutes: below(241) - 120 })),
    busy: some(3, () => ({ from: 1 + below(storageCalls), calls: 1 + below(15) })),
    cuts: some(2, () => 1 + below(blobReads)),
    storageDelay: random() < 0.3 ? 200 : 0,
    faults: [
      ...randomFaults(seed, below(6)),
      ...some(2, () => ({ ...media, after: below(20), times: 1, milliseconds: 0 })),
    ],
    intervention: interventions[below(interventions.length)] ?? 'none',
    interventionAt: 1 + below(attempts),
  };
}

/** A plan in which nothing happens. */
export const calmPlan: ChaosPlan = {
  ...{ seed: 0, kills: [], clockSteps: [], busy: [], cuts: [], storageDelay: 0, faults: [] },
  ...{ intervention: 'none', interventionAt: 1 },
};

/** Addresses of a file that expire before they are read, after which it counts as refused: an officer is told. */
const addressesTried = 3;

/** How many files may be refused at most under these faults. */
export function refusedAtMost(faults: readonly Fault[]): number {
  const expired = faults.filter(({ fault }) => fault === 'urlExpired');
  return Math.floor(expired.reduce((sum, { times }) => sum + times, 0) / addressesTried);
}
