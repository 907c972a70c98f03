import { decisionBody, identityBody } from '../../core/api/bodies';
import type { z } from 'zod';
import type { RequestDetails, RequestRecord } from '../../core/request/record';
import {
  withAnswers,
  type Decision,
  type DecisionChange,
  type Verdict,
} from '../../core/subject/decision';
import { contactPointProblem, resolveRequest } from '../../core/subject/no-contact';
import { identifiersInQuestion } from '../../core/subject/resolve-contact';
import { identifierKey } from '../../core/subject/spellings';
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
    const { justification, ...given } = await parsedBody(request, decisionBody, bodyLimit);
    if (given.method === 'oidc' && login === null)
      throw new HttpProblem(409, 'loginNotConfigured', 'No customer login is configured.');
    const act = requests.actionOf(call, justification);
    const at = clock.now().toISOString();
    await ledger
      .changeDetails(record.requestId, (stored) => {
        requireNoPackage(stored.record);
        requireOpen(stored.record);
        const candidates = requireCandidates(stored, given.contactIds);
        const change = changeOf(stored.details, given);
        const version = stored.record.decisionVersion + 1;
        const decision = withAnswers(stored.details.decision, change, version, at);
        requireContactPoints(stored, change, decision);
        return {
          details: { ...stored.details, decision },
          fact: { event: 'decided', detail: factOf(candidates, given) },
          change: { decisionVersion: version },
          act,
        };
      })
      .catch(rejectConflict);
    return requests.changed(call);
  };

type GivenDecision = Omit<z.infer<typeof decisionBody>, 'justification'>;

/**
 * The answers with the identifiers themselves in place of their numbers.
 * @throws HttpProblem 400 when an identifier is not in question
 */
function changeOf(details: RequestDetails, given: GivenDecision): DecisionChange {
  const { identifiers, codeTo, inviteTo, ...others } = given;
  const inQuestion = identifiersInQuestion(
    details.identifiers,
    details.contactMatches?.candidates ?? [],
  );
  const keyOf = (number: number): string => {
    const identifier = inQuestion[number - 1];
    if (identifier === undefined)
      throw new HttpProblem(400, 'identifierNotInQuestion', 'There is no such identifier.');
    return identifierKey(identifier);
  };
  const keyOrNull = (number: number | null): string | null =>
    number === null ? null : keyOf(number);
  return {
    ...others,
    ...(identifiers === undefined
      ? {}
      : {
          identifiers: identifiers.map(({ identifier, verdict }) => ({
            key: keyOf(identifier),
            verdict,
          })),
        }),
    ...(codeTo === undefined ? {} : { codeTo: keyOrNull(codeTo) }),
    ...(inviteTo === undefined ? {} : { inviteTo: keyOrNull(inviteTo) }),
  };
}

/**
 * What the custody record says. Candidates by their numbers, not by ids: the record outlives the
 * request's key, and a contact's id, or a hash of it, would connect the records of all requests of one
 * person.
 */
function factOf(candidates: number[], given: GivenDecision): Record<string, string | number> {
  const count = (answers: readonly { verdict: Verdict }[] = []): number => answers.length;
  const included = (answers: readonly { verdict: Verdict }[] = []): number =>
    answers.filter(({ verdict }) => verdict === 'include').length;
  const { identifiers, contacts, conversations, method, undecided } = given;
  return {
    ...(candidates.length > 0 ? { candidates: candidates.join(', ') } : {}),
    ...(identifiers
      ? { identifiers: count(identifiers), ofThemTheirs: included(identifiers) }
      : {}),
    ...(contacts ? { contacts: count(contacts), contactsIncluded: included(contacts) } : {}),
    ...(conversations
      ? { conversations: count(conversations), conversationsIncluded: included(conversations) }
      : {}),
    ...(method === undefined ? {} : { method: method ?? 'onFile' }),
    ...(undecided === undefined ? {} : { undecided }),
  };
}

/** @throws HttpProblem 409 when the package is written or released */
function requireNoPackage({ releasedAt, state }: RequestRecord): void {
  if (releasedAt !== null || state === 'packaging')
    throw new HttpProblem(409, 'tooLate', 'The package exists already. Recall the request.');
}

/**
 * @returns the numbers of the contacts among the candidates, from 1
 * @throws HttpProblem 400 if a contact is not a candidate, 409 if another contact was invited
 */
function requireCandidates(
  { record, details }: StoredRequest,
  contactIds: readonly string[] = [],
): number[] {
  const candidates = details.contactMatches?.candidates ?? [];
  const numbers = contactIds.map((contactId) => {
    const index = candidates.findIndex(({ id }) => id === contactId);
    if (index === -1)
      throw new HttpProblem(
        400,
        'contactNotACandidate',
        'This contact is not a candidate of the request.',
      );
    return index + 1;
  });
  const isInvited = details.contact !== null && record.verificationRequestedAt !== null;
  if (isInvited && numbers.length > 0 && contactIds[0] !== details.contact?.id)
    throw new HttpProblem(
      409,
      'subjectAlreadyInvited',
      'Another contact has been invited. Cancel this request and submit a new one.',
    );
  return numbers;
}

/**
 * @throws HttpProblem 409 when codes or the invitation cannot go where the decision sends them, or when
 *   somebody was invited already
 */
function requireContactPoints(
  { record, details }: StoredRequest,
  { codeTo, inviteTo }: DecisionChange,
  decision: Decision,
): void {
  const isGiven = [codeTo, inviteTo].some((one) => one !== undefined && one !== null);
  const problem = isGiven ? contactPointProblem({ ...details, decision }) : null;
  if (problem === 'codeToNotPossible')
    throw new HttpProblem(
      409,
      'codeToNotPossible',
      'Codes go to a number that is named as the person’s and that conversations carry.',
    );
  if (problem === 'inviteToNotPossible')
    throw new HttpProblem(
      409,
      'inviteToNotPossible',
      'The invitation goes to a mailbox that is named as the person’s.',
    );
  const before = details.decision;
  const isChanged =
    decision.codeTo !== (before?.codeTo ?? null) ||
    decision.inviteTo !== (before?.inviteTo ?? null);
  const { contact, contactMatches } = details;
  if (contact === null || contactMatches === null || record.verificationRequestedAt === null)
    return;
  const isNobody =
    resolveRequest(contactMatches, { ...details, decision }, contact).contact === null;
  // What is proven since the invitation is proven of where that and the codes went, and of somebody.
  if (isChanged || isNobody)
    throw new HttpProblem(
      409,
      'subjectAlreadyInvited',
      'The person has been invited. Cancel this request and submit a new one.',
    );
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
