import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { conversationsQuery, justificationBody } from '../../core/api/bodies';
import type {
  conversationsResponse,
  evidenceResponse,
  revealResponse,
} from '../../core/api/evidence-responses';
import { nullIfDeleted } from '../../core/errors';
import { isDecisionNeeded } from '../../core/request/request-list';
import { chosenMethods, type ChosenMethod } from '../../core/subject/decision';
import type { DoubtfulFilter } from '../../core/subject/doubtful';
import {
  candidateViews,
  conversationView,
  decisionView,
  doubtfulView,
  IdentifierNumbers,
  identifierViews,
  noContactView,
  revealed,
} from '../../core/subject/evidence';
import { maskedWords } from '../../core/subject/names';
import { identifierKey } from '../../core/subject/spellings';
import type { KeyStore, Ledger, RequestDetails, RequestRecord } from '../../ports';
import { DoubtfulConversations, type DoubtfulServices } from '../../services/doubtful';
import { statusView, type StatusServices } from '../../services/status-view';
import { HttpProblem, invalidQuery, jsonResponse, parsedBody, parsedQuery } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  requireOpen,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export type EvidenceServices = StatusServices &
  DoubtfulServices & {
    keys: Pick<KeyStore, 'unwrap'>;
    ledger: Pick<Ledger, 'details' | 'note'>;
    /** The company's login for its customers; null without one. */
    login: object | null;
  };

/** The status of a request, and the evidence for a decision: nothing of it is in clear. */
export const readEvidence =
  (services: EvidenceServices): OfficerHandler =>
  async ({ record }) => {
    const status = await statusView(services, record);
    // Of a request that has ended only the status is left.
    const details = await services.ledger.details(record).catch(nullIfDeleted);
    const doubtful = details && (await doubtfulOf(services, record));
    const body: z.input<typeof evidenceResponse> = {
      requestId: record.requestId,
      isNeeded: isDecisionNeeded(record),
      reasonCode: record.reason,
      ...evidenceOf(details, doubtful),
      methods: details === null ? [] : methodsFor(record, details, services),
      decisionVersion: record.decisionVersion,
      status,
    };
    return jsonResponse(200, body);
  };

function evidenceOf(
  details: RequestDetails | null,
  doubtful: DoubtfulConversations | null,
): Pick<
  z.input<typeof evidenceResponse>,
  'maskedName' | 'candidates' | 'identifiers' | 'noContact' | 'doubtful' | 'decision'
> {
  if (details === null)
    return {
      ...{ maskedName: null, candidates: [], identifiers: [] },
      ...{ noContact: null, doubtful: null, decision: null },
    };
  const numbers = new IdentifierNumbers(details);
  return {
    maskedName: maskedWords(details.name),
    candidates: candidateViews(details, numbers),
    identifiers: identifierViews(details, numbers),
    noContact: noContactView(details.noContact ?? null, numbers),
    doubtful:
      doubtful && doubtfulView(doubtful.summary(details.decision), numbers, details.decision),
    decision: decisionView(details.decision, numbers),
  };
}

/** The methods that a decision may name: of somebody who is acted for an officer checks who they are. */
function methodsFor(
  { requester }: Pick<RequestRecord, 'requester'>,
  { noContact = null }: Pick<RequestDetails, 'noContact'>,
  { login }: Pick<EvidenceServices, 'login'>,
): ChosenMethod[] {
  if (requester !== undefined) return ['officer'];
  const isPossible: Record<ChosenMethod, boolean> = {
    oidc: login !== null,
    // With a contact on file codes go where that says.
    sms: noContact !== null,
    officer: true,
  };
  return chosenMethods.filter((method) => isPossible[method]);
}

/** The doubtful conversations of a request; null before they are known, and once they are deleted. */
export async function doubtfulOf(
  services: DoubtfulServices & { keys: Pick<KeyStore, 'unwrap'> },
  record: RequestRecord,
): Promise<DoubtfulConversations | null> {
  if (record.wrappedSecret === null) return null;
  const keys = await services.keys.unwrap(record.wrappedSecret);
  return DoubtfulConversations.of(services, { record, keys });
}

const nothing: z.input<typeof conversationsResponse> = { conversations: [], total: 0, next: null };

/** The conversations that may be another person's, without their content, some at a time. */
export const listConversations =
  (services: EvidenceServices): OfficerHandler =>
  async ({ request, record }) => {
    const { cursor = null, limit, ...filter } = parsedQuery(request, conversationsQuery);
    const details = await services.ledger.details(record).catch(nullIfDeleted);
    const doubtful = details && (await doubtfulOf(services, record));
    if (details === null || doubtful === null) return jsonResponse(200, nothing);
    const numbers = new IdentifierNumbers(details);
    const { conversations, total, next } = await doubtful
      .slice(details.decision, filterOf(filter, numbers, doubtful), { cursor, limit })
      .catch(refuseCursor);
    const body: z.input<typeof conversationsResponse> = {
      conversations: conversations.map((one) => conversationView(one, numbers, details.decision)),
      total,
      next,
    };
    return jsonResponse(200, body);
  };

/** @throws HttpProblem 400 when the identifier or the contact is not in question */
function filterOf(
  {
    verdict,
    identifier: number,
    contact,
  }: Omit<z.output<typeof conversationsQuery>, 'cursor' | 'limit'>,
  numbers: IdentifierNumbers,
  doubtful: DoubtfulConversations,
): DoubtfulFilter {
  const identifier = number === undefined ? undefined : numbers.at(number);
  if (identifier === null) throw identifierNotInQuestion();
  if (contact !== undefined && !doubtful.hasContact(contact)) throw contactNotInQuestion();
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(identifier === undefined ? {} : { identifier: identifierKey(identifier) }),
    ...(contact === undefined ? {} : { contact }),
  };
}

export const identifierNotInQuestion = (): HttpProblem =>
  new HttpProblem(400, 'identifierNotInQuestion', 'There is no such identifier.');

export const contactNotInQuestion = (): HttpProblem =>
  new HttpProblem(
    400,
    'contactNotInQuestion',
    'No conversation that an officer decides on carries this contact.',
  );

function refuseCursor(error: unknown): never {
  if (error instanceof RangeError)
    throw invalidQuery([{ pointer: '/cursor', detail: 'is not what a call has answered' }]);
  throw error;
}

/**
 * Returns names and identifiers in clear. That an officer sees them, and why, is in the custody record
 * before they do.
 */
export const revealIdentifiers =
  ({ ledger }: Pick<EvidenceServices, 'ledger'>, requests: OfficerRequests): OfficerHandler =>
  async (call): Promise<HttpResponseInit> => {
    const { request, record } = call;
    const { justification } = await parsedBody(request, justificationBody, bodyLimit);
    requireOpen(record);
    const details = await ledger.details(record).catch(rejectConflict);
    const body: z.input<typeof revealResponse> = revealed(details, new IdentifierNumbers(details));
    const detail = {
      candidates: body.candidates.length,
      identifiers: body.identifiers.length,
    };
    await ledger.note(
      record.requestId,
      { event: 'identifiersRevealed', detail },
      (stored) => {
        requireOpen(stored);
        return {};
      },
      requests.actionOf(call, justification),
    );
    return jsonResponse(200, body);
  };
