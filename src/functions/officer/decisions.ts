import { decisionBody, identityBody } from '../../core/api/bodies';
import type { RequestDetails, RequestRecord } from '../../core/request/record';
import type { Decision } from '../../core/subject/resolve-contact';
import type { Clock, Ledger } from '../../ports';
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
  ledger: Pick<Ledger, 'details' | 'setDetails' | 'note'>;
  /** The company's login for its customers; null without one. */
  login: object | null;
}

/** Decides which contact is meant and which conversations belong to the person. */
export const decideContact =
  ({ clock, ledger, login }: DecisionServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { request, record } = call;
    const { justification, ...choice } = await parsedBody(request, decisionBody, bodyLimit);
    if (record.releasedAt !== null || record.state === 'packaging')
      throw new HttpProblem(409, 'tooLate', 'The package exists already. Recall the request.');
    requireOpen(record);
    const details = await ledger.details(record).catch(rejectConflict);
    const candidate = requireCandidate(record, details, choice.contactId);
    if (choice.method === 'oidc' && login === null)
      throw new HttpProblem(409, 'loginNotConfigured', 'No customer login is configured.');
    const decision: Decision = { ...choice, at: clock.now().toISOString() };
    await ledger.setDetails(record, { ...details, decision });
    const { sharedIdentifiers, doubtfulConversations, method } = choice;
    // The number among the candidates, not an id: the custody record outlives the request's key, and a
    // contact's id, or a hash of it, would connect the records of all requests of one person.
    const detail = {
      candidate,
      sharedIdentifiers,
      doubtfulConversations,
      method: method ?? 'onFile',
    };
    await ledger.note(
      record.requestId,
      { event: 'decided', detail },
      { decisionVersion: record.decisionVersion + 1 },
      requests.actionOf(call, justification),
    );
    return requests.changed(call);
  };

/**
 * @returns the number of the contact among the candidates, from 1
 * @throws HttpProblem 400 if the contact is not a candidate, 409 if another contact was invited
 */
function requireCandidate(
  record: RequestRecord,
  details: RequestDetails,
  contactId: string,
): number {
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
    if (record.state !== 'awaitingVerification')
      throw wrongState('This request is not awaiting verification.');
    await ledger.note(
      record.requestId,
      { event: 'identityChecked', detail },
      { verifiedAt: clock.now().toISOString(), verifiedBy: 'officer' },
      requests.actionOf(call, justification),
    );
    return requests.changed(call);
  };
