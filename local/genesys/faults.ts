import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { randomOf } from '../random';

export const faultKinds = [
  /** 429 with Retry-After. */
  'rateLimited',
  'internalError',
  'badGateway',
  'unavailable',
  'gatewayTimeout',
  /** The answer takes `milliseconds` longer. */
  'slow',
  /** The connection ends without an answer. */
  'dropped',
  /** The bearer token is not valid any more. */
  'tokenExpired',
  /** The job or query that the call asks about has failed, or its results are gone. */
  'jobFailed',
  'jobExpired',
  /** A page of results is refused because its cursor is too old. */
  'cursorExpired',
  /** A page of results has a row twice. */
  'duplicated',
  /** The transfer of a file or an answer ends in the middle. */
  'truncated',
  /** The JSON of an answer ends in the middle, and the transfer with it, as if that were all. */
  'cutJson',
  /** A file's address is not valid any more. */
  'urlExpired',
  /** An error page comes instead of a file, with status 200. */
  'corrupt',
] as const;
export type FaultKind = (typeof faultKinds)[number];

const fault = z.strictObject({
  /** Which calls: a regular expression over `METHOD /path`. */
  match: z.string().refine(isRegularExpression, 'is not a regular expression'),
  fault: z.enum(faultKinds),
  /** Calls that are let through before, and calls that are hit then. */
  after: z.int().nonnegative().default(0),
  times: z.int().positive().default(1),
  milliseconds: z.int().nonnegative().max(120_000).default(1000),
});
const faultPlan = z.strictObject({ faults: z.array(fault) });

export type Fault = z.infer<typeof fault>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a plan of faults from a JSON file.
 * @throws Error that names every problem of the file at once
 */
export function readFaults(path: string): Fault[] {
  const result = faultPlan.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (result.success) return result.data.faults;
  throw new Error(`${path} is not a plan of faults:\n${z.prettifyError(result.error)}`);
}

const anyCall = '/api/v2/';

/** Calls that each kind of fault can hit, for plans made by seed. */
const targets: Record<FaultKind, string> = {
  rateLimited: anyCall,
  internalError: anyCall,
  badGateway: anyCall,
  unavailable: anyCall,
  gatewayTimeout: anyCall,
  slow: anyCall,
  dropped: anyCall,
  tokenExpired: anyCall,
  jobFailed: '^GET .*(/details/jobs|/audits/query)/[^/]+$',
  jobExpired: '^GET .*/details/jobs/[^/]+$',
  cursorExpired: '^GET .*/results$',
  duplicated: '^GET .*/results$',
  truncated: '/(api/v2|media|transcripts|attachments)/',
  cutJson: anyCall,
  urlExpired: '^GET /(media|transcripts|attachments)/',
  corrupt: '^GET /media/',
};

/**
 * A plan that follows from a seed: a few faults of any kind, at any time. Those that befall any call are
 * spread over more calls than those of a few paths: the longer a source fails without a break, the longer
 * a request waits before it asks again.
 */
export function randomFaults(seed: number, count: number): Fault[] {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, () => {
    const kind = faultKinds[below(faultKinds.length)] ?? 'slow';
    return {
      match: targets[kind],
      fault: kind,
      after: below(targets[kind] === anyCall ? 200 : 30),
      // A token that is refused at every try makes its call wait for half a minute.
      times: kind === 'tokenExpired' ? 1 : 1 + below(3),
      milliseconds: below(1500),
    };
  });
}

/** Counts calls and chooses those that a fault hits. */
export class FaultInjector {
  private readonly open: { fault: Fault; pattern: RegExp; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.open = faults.map((one) => ({ fault: one, pattern: new RegExp(one.match), seen: 0 }));
  }

  /** The fault that hits a call, given as `METHOD /path`; null for none. */
  take(call: string): Fault | null {
    for (const entry of this.open) {
      if (!entry.pattern.test(call)) continue;
      entry.seen += 1;
      const { after, times } = entry.fault;
      if (entry.seen > after && entry.seen <= after + times) return entry.fault;
    }
    return null;
  }

  /** Whether every planned fault has hit a call. */
  get isSpent(): boolean {
    return this.open.every(({ fault: { after, times }, seen }) => seen >= after + times);
  }
}
