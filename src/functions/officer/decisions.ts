import { decisionBody, identityBody } from '../../core/api/bodies';
import type { RequestRecord } from '../../core/request/record';
import type { Decision } from '../../core/subject/resolve-contact';
import type { Clock, Ledger, StoredRequest } from '../../ports';
import { HttpProblem, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  requireOpen,
  wrongState,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export interface DecisionServices {
  clock: Clock;
  ledger: Pick<Ledger, 'changeDetails' | 'note'>;
  /** The company's login for its customers; null without one. */
  login: object | null;
}

/** Decides which contact is meant and which conversations belong to the person. */
export const decideContact =
  ({ clock, ledger, login }: DecisionServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { request, record } = call;
    const { justification, ...choice } = await parsedBody(request, decisionBody, bodyLimit);
    if (choice.method === 'oidc' && login === null)
      throw new HttpProblem(409, 'loginNotConfigured', 'No customer login is configured.');
    const decision: Decision = { ...choice, at: clock.now().toISOString() };
    const { sharedIdentifiers, doubtfulConversations, method } = choice;
    const act = requests.actionOf(call, justification);
    await ledger
      .changeDetails(record.requestId, (stored) => {
        requireNoPackage(stored.record);
        requireOpen(stored.record);
        // The number among the candidates, not an id: the custody record outlives the request's key,
        // and a contact's id, or a hash of it, would connect the records of all requests of one person.
        const detail = {
          candidate: requireCandidate(stored, choice.contactId),
          sharedIdentifiers,
          doubtfulConversations,
          method: method ?? 'onFile',
        };
        return {
          details: { ...stored.details, decision },
          fact: { event: 'decided', detail },
          change: { decisionVersion: stored.record.decisionVersion + 1 },
          act,
        };
      })
      .catch(rejectConflict);
    return requests.changed(call);
  };

/** @throws HttpProblem 409 when the package is written or released */
function requireNoPackage({ releasedAt, state }: RequestRecord): void {
  if (releasedAt !== null || state === 'packaging')
    throw new HttpProblem(409, 'tooLate', 'The package exists already. Recall the request.');
}

/**
 * @returns the number of the contact among the candidates, from 1
 * @throws HttpProblem 400 if the contact is not a candidate, 409 if another contact was invited
 */
function requireCandidate({ record, details }: StoredRequest, contactId: string): number {
  const candidates = details.contactMatches?.candidates ?? [];
  const index = candidates.findIndex(({ id }) => id === contactId);
  if (index === -1)
    throw new HttpProblem(
      400,
      'contactNotACandidate',
      'This contact is not a candidate of the request.',
    );
  const isInvited = details.contact !== null && record.state !== 'needsDecision';
  if (isInvited && contactId !== details.contact?.id)
    throw new HttpProblem(
      409,
      'subjectAlreadyInvited',
      'Another contact has been invited. Cancel this request and submit a new one.',
    );
  return index + 1;
}

/** Records that an officer has checked the identity, in place of a code; also of representatives. */
export const confirmIdentity =
  ({ clock, ledger }: DecisionServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { request, record } = call;
    const { justification, ...detail } = await parsedBody(request, identityBody, bodyLimit);
    await ledger.note(
      record.requestId,
      { event: 'identityChecked', detail },
      ({ state }) => {
        if (state !== 'awaitingVerification')
          throw wrongState('This request is not awaiting verification.');
        return { verifiedAt: clock.now().toISOString(), verifiedBy: 'officer' };
      },
      requests.actionOf(call, justification),
    );
    return requests.changed(call);
  };
