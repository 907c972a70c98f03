import type { Exchange } from './dispatcher';

/** Steps of an export whose calls do not grow with the number of conversations. */
export const fixedSteps = ['permissions', 'contact', 'searches', 'audits'] as const;
export type FixedStep = (typeof fixedSteps)[number];

/** The id and the mailbox of nobody, by which the app finds out what it may do. */
const nobody = /00000000-0000-0000-0000-000000000000|permission-probe\.invalid/;

const steps: [FixedStep, RegExp][] = [
  ['contact', /^\/api\/v2\/(externalcontacts|gdpr|outbound)\//],
  ['searches', /^\/api\/v2\/analytics\//],
  ['audits', /^\/api\/v2\/audits\//],
];

/** The step that a call belongs to; null for those of single conversations and their recordings. */
export function stepOf({ path, query, requestBody }: Exchange): FixedStep | null {
  if (nobody.test(JSON.stringify([path, query, requestBody]))) return 'permissions';
  return steps.find(([, paths]) => paths.test(path))?.[0] ?? null;
}

/** Counts the calls that a request costs whatever its size, and those of its conversations. */
export class CallTally {
  readonly bySteps: Record<FixedStep, number> = {
    permissions: 0,
    contact: 0,
    searches: 0,
    audits: 0,
  };
  readonly byOperation: Record<string, number> = {};
  /** Calls of single conversations and their recordings. */
  readonly ofConversations: Record<string, number> = {};

  note(exchange: Exchange): void {
    const step = stepOf(exchange);
    const operation = `${exchange.method} ${exchange.operation ?? exchange.path}`;
    if (step === null) {
      countOne(this.ofConversations, operation);
      return;
    }
    this.bySteps[step] += 1;
    countOne(this.byOperation, `${step}: ${operation}`);
  }

  get total(): number {
    return fixedSteps.reduce((sum, step) => sum + this.bySteps[step], 0);
  }
}

function countOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
