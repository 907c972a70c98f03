import { decisionBody, identityBody } from '../../core/api/bodies';
import type { RequestRecord } from '../../core/request/record';
import {
  changesSubject,
  withAnswers,
  type Decision,
  type DecisionChange,
} from '../../core/subject/decision';
import type { Clock, KeyStore, Ledger } from '../../ports';
import type { DoubtfulServices } from '../../services/doubtful';
import { HttpProblem, parsedBody } from '../shared/http';
import {
  changeOf,
  factOf,
  requireCandidates,
  requireContactPoints,
  requireFewAnswers,
  requireInQuestion,
  type GivenAnswers,
} from './answers';
import { doubtfulOf } from './evidence';
import {
  bodyLimit,
  rejectConflict,
  requireOpen,
  wrongState,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

/** Longest body of a decision, in bytes: answers on a thousand conversations fit. */
export const decisionBodyLimit = 256 * 1024;

export interface DecisionServices extends DoubtfulServices {
  clock: Clock;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'changeDetails' | 'note'>;
  /** The company's login for its customers; null without one. */
  login: object | null;
}

/**
 * Adds answers to the decision: who is meant, which identifiers are theirs, and which of the doubtful
 * conversations. Answers that are the last ones already change nothing.
 */
export const decideContact =
  (services: DecisionServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { clock, ledger, login } = services;
    const { request, record } = call;
    const { justification, basedOn, ...given } = await parsedBody(
      request,
      decisionBody,
      decisionBodyLimit,
    );
    if (given.method === 'oidc' && login === null)
      throw new HttpProblem(409, 'loginNotConfigured', 'No customer login is configured.');
    requireUndelivered(record);
    requireMethodFor(record, given);
    const doubtful = isAboutConversations(given) ? await doubtfulOf(services, record) : null;
    requireInQuestion(given, doubtful);
    const act = requests.actionOf(call, justification);
    const at = clock.now().toISOString();
    const { record: decided } = await ledger
      .changeDetails(record.requestId, (stored) => {
        requireUndelivered(stored.record);
        const { decision: before } = stored.details;
        const candidates = requireCandidates(stored, given.contactIds);
        const change = changeOf(stored.details, given, doubtful);
        if (isRepetition(before, change, stored.record)) return { details: stored.details };
        requireUnchanged(stored.record, basedOn);
        const version = stored.record.decisionVersion + 1;
        const decision = withAnswers(before, change, version, at);
        requireContactPoints(stored, change, decision);
        requireFewAnswers(decision);
        return {
          details: { ...stored.details, decision },
          fact: { event: 'decided', detail: factOf(candidates, given) },
          change: {
            decisionVersion: version,
            ...(changesSubject(before, decision) ? { subjectVersion: version } : {}),
          },
          act,
        };
      })
      .catch(rejectConflict);
    return requests.changed(call, { decisionVersion: decided.decisionVersion });
  };

/** @throws HttpProblem 409 when another decision was made since the one that an officer has seen */
function requireUnchanged({ decisionVersion }: RequestRecord, basedOn = decisionVersion): void {
  if (basedOn !== decisionVersion)
    throw new HttpProblem(
      409,
      'decisionChanged',
      'Another decision was made meanwhile. Read the evidence again.',
    );
}

/** @throws HttpProblem 409 when somebody acts for the person and another than an officer is to verify that */
function requireMethodFor(
  { requester }: Pick<RequestRecord, 'requester'>,
  { method }: GivenAnswers,
): void {
  if (requester !== undefined && method !== undefined && method !== 'officer')
    throw new HttpProblem(
      409,
      'methodNotPossible',
      'Somebody acts for the person: an officer checks who they are.',
    );
}

const isAboutConversations = ({
  conversations = [],
  contacts = [],
  keepsOwn = false,
}: GivenAnswers): boolean => keepsOwn || conversations.length + contacts.length > 0;

/**
 * Whether answers are the last ones that were given, as of a call that is sent twice. The same answers
 * after others are new ones, because the latest counts.
 */
const isRepetition = (
  before: Decision | null,
  change: DecisionChange,
  { decisionVersion }: RequestRecord,
): boolean =>
  before !== null &&
  JSON.stringify(withAnswers(before, change, decisionVersion, before.at)) ===
    JSON.stringify(before);

/** @throws HttpProblem 409 when the package is written or released, or the request has ended */
function requireUndelivered(record: RequestRecord): void {
  const { releasedAt, state } = record;
  if (releasedAt !== null || state === 'packaging')
    throw new HttpProblem(409, 'tooLate', 'The package exists already. Recall the request.');
  requireOpen(record);
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
