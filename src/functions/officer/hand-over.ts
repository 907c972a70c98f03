import type { Officer } from '../../core/authentication/officer-roles';
import {
  approvalsOf,
  confirmationsOf,
  hasApproved,
  isApproved,
  mayApprove,
} from '../../core/custody/hand-over';
import type { CustodyAnnotation, CustodyEntry } from '../../core/custody/record';
import type { Ledger, RequestRecord, Settings } from '../../ports';
import { jsonResponse } from '../shared/http';
import { isAvailable } from './delivery';
import type { OfficerHandler, OfficerRequests } from './officer-requests';

export interface HandOverServices {
  ledger: Pick<Ledger, 'custody'>;
  settings: Pick<Settings, 'delivery'>;
}

/** Who did something when and why; without name and reason once these were deleted. */
interface Act {
  at: string;
  by: string | null;
  justification: string | null;
  /** Whether it was the officer who asks. */
  isYou: boolean;
}

type Annotations = ReadonlyMap<number, CustodyAnnotation>;

const actOf =
  (annotations: Annotations, own: readonly string[]) =>
  ({ at, actor, sequence }: CustodyEntry): Act => {
    const annotation = annotations.get(sequence);
    return {
      at,
      by: annotation?.displayName ?? null,
      justification: annotation?.justification ?? null,
      isYou: actor !== null && own.includes(actor),
    };
  };

/** How an officer has found out who the person is; null where the entry does not say. */
function methodOf({ detail = {} }: CustodyEntry): string | null {
  const method = detail['checkMethod'] ?? detail['method'];
  return typeof method === 'string' ? method : null;
}

/** Something that the officer who asks may do, or what keeps them from it, as the call would say it. */
const possible = <P extends string>(problem: P | null) => ({
  isPossible: problem === null,
  problem,
});

const mayDeliver = ({ roles }: Officer): boolean => roles.includes('Requests.Deliver');

function approvalProblem(
  record: RequestRecord,
  entries: readonly CustodyEntry[],
  own: readonly string[],
): 'notAvailable' | 'otherOfficerRequired' | 'alreadyApproved' | null {
  if (!isAvailable(record)) return 'notAvailable';
  if (!mayApprove(entries, own)) return 'otherOfficerRequired';
  return hasApproved(entries, own) ? 'alreadyApproved' : null;
}

/**
 * How far the hand-over of a package is, and what the officer who asks may do for it: who said who the person
 * is, who has approved, who has handed it over. The calls themselves decide; this says what they would.
 */
export const readHandOver =
  ({ ledger, settings }: HandOverServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { record, officer } = call;
    const { handOver: policy } = settings.delivery;
    const { entries, annotations } = await ledger.custody(record.requestId);
    const own = requests.actorsOf(call);
    const act = actOf(annotations, own);
    const last = confirmationsOf(entries).at(-1);
    const needsApproval = policy === 'twoOfficers' && !isApproved(entries, own);
    const withRole = <P extends string>(problem: P | null): P | 'roleRequired' | null =>
      mayDeliver(officer) ? problem : 'roleRequired';
    const unapproved = needsApproval ? 'approvalRequired' : null;
    return jsonResponse(200, {
      policy,
      isAvailable: isAvailable(record),
      availableUntil: record.availableUntil,
      packageBytes: record.packageBytes,
      confirmation: last ? { ...act(last), event: last.event, method: methodOf(last) } : null,
      approvals: approvalsOf(entries).map(act),
      handedOver: entries.filter(({ event }) => event === 'handedOver').map(act),
      approval: possible(withRole(approvalProblem(record, entries, own))),
      delivery: possible(withRole(isAvailable(record) ? unapproved : 'notAvailable')),
    });
  };
