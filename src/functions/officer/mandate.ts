import { mandateBody } from '../../core/api/mandate-body';
import { withAnswers } from '../../core/subject/decision';
import { mandatesOf } from '../../core/subject/requester';
import type { Clock, Ledger } from '../../ports';
import { HttpProblem, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  wrongState,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export interface MandateServices {
  clock: Clock;
  ledger: Pick<Ledger, 'changeDetails'>;
}

/**
 * Records that an officer has checked who asks for the person and by which mandate, and that the mailbox
 * is theirs. From then on messages go there. An officer checks the identity: what is on file proves the
 * person's, not that of who acts for them.
 */
export const checkMandate =
  ({ clock, ledger }: MandateServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { justification, ...given } = await parsedBody(call.request, mandateBody, bodyLimit);
    const act = requests.actionOf(call, justification);
    await ledger
      .changeDetails(call.record.requestId, ({ record, details }) => {
        const { requester, state } = record;
        if (requester === undefined)
          throw new HttpProblem(409, 'noRepresentative', 'Nobody acts for the person.');
        if (state !== 'received' && state !== 'needsDecision') throw wrongState();
        const { capacity } = requester;
        if (!mandatesOf[capacity].includes(given.mandate))
          throw new HttpProblem(409, 'mandateNotPossible', 'No such mandate allows this.');
        const version = record.decisionVersion + 1;
        const at = clock.now().toISOString();
        const answers = { method: 'officer' } as const;
        return {
          details: { ...details, decision: withAnswers(details.decision, answers, version, at) },
          fact: { event: 'mandateChecked', detail: { capacity, ...given } },
          change: {
            decisionVersion: version,
            requester: { capacity, mandate: given.mandate },
          },
          act,
        };
      })
      .catch(rejectConflict);
    return requests.changed(call);
  };
