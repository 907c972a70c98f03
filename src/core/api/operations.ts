import type { z } from 'zod';
import type { OfficerRole } from '../authentication/officer-roles';
import * as bodies from './bodies';
import * as evidence from './evidence-responses';
import { mandateBody } from './mandate-body';
import { requestBody } from './request-body';
import * as responses from './responses';

/** One call of the API. */
export interface ApiOperation {
  id: string;
  method: 'get' | 'post';
  path: string;
  summary: string;
  /** Who may call: the ticketing system by its function key, an app role, or everybody. */
  access: 'key' | 'anonymous' | OfficerRole;
  /** An app role that is enough as well. */
  orRole?: OfficerRole;
  body?: z.ZodType;
  /** What may follow the path after `?`. */
  query?: z.ZodObject;
  /** A body that the call accepts. */
  example?: object;
  responses: Record<number, z.ZodType>;
  /** Another media type than JSON that the call answers with where it is asked to. */
  otherType?: string;
  /** Problem codes of this call, by status, beside those that every call of its access has. */
  problems: Record<number, string[]>;
}

type Contract = Pick<ApiOperation, 'summary' | 'responses'> &
  Partial<Pick<ApiOperation, 'body' | 'query' | 'example' | 'otherType' | 'problems'>>;

const request = '/api/requests/{requestId}';
const ok = (body: z.ZodType): ApiOperation['responses'] => ({ 200: body });

/** A call that reads something of one request. */
const read = (id: string, path: string, contract: Contract): ApiOperation => ({
  id,
  method: 'get',
  path: `${request}/${path}`,
  access: 'Requests.Read',
  ...contract,
  problems: { ...contract.problems, 404: ['requestNotFound'] },
});

/** A call that changes one request. */
const change =
  (access: OfficerRole) =>
  (id: string, path: string, contract: Contract): ApiOperation => ({
    id,
    method: 'post',
    path: `${request}/${path}`,
    access,
    ...contract,
    problems: {
      ...(contract.problems ?? { 400: ['invalidBody'], 409: ['wrongState'] }),
      404: ['requestNotFound', ...(contract.problems?.[404] ?? [])],
    },
  });
const decide = change('Requests.Decide');
const recall = change('Requests.Recall');
const deliver = change('Requests.Deliver');

const enrol = (id: string, path: string, contract: Contract): ApiOperation => ({
  id,
  method: 'post',
  path: `/api/authenticators${path}`,
  access: 'Authenticators.Enrol',
  problems: { 400: ['invalidBody'] },
  ...contract,
});

const contactId = '00000000-0000-4000-8000-000000000000';
const justification = 'Ticket 4711, checked by two officers.';

const requestOperations: readonly ApiOperation[] = [
  {
    id: 'createRequest',
    method: 'post',
    path: '/api/requests',
    summary:
      'Submits a data subject request. The same ticket with the same body is the same request (200).',
    access: 'key',
    body: requestBody,
    example: {
      ticketId: 'REQ-4711',
      sourceSystem: 'Service desk',
      receivedAt: '2026-11-23T09:00:00+01:00',
      rights: ['access', 'portability'],
      identifiers: [{ type: 'email', value: 'person@mail.example' }],
      locale: 'de',
      timeZone: 'Europe/Berlin',
    },
    responses: { 202: responses.statusResponse, 200: responses.statusResponse },
    problems: {
      400: ['invalidBody', 'malformedJson'],
      409: ['ticketConflict'],
      413: ['bodyTooLarge'],
      415: ['unsupportedMediaType'],
    },
  },
  {
    id: 'requestStatus',
    method: 'get',
    path: request,
    summary: 'Returns the status of a request to the ticketing system.',
    access: 'key',
    responses: ok(responses.statusResponse),
    problems: { 404: ['requestNotFound'] },
  },
  {
    id: 'listRequests',
    method: 'get',
    path: '/api/requests',
    summary:
      'Lists requests in pages, with how many there are of each kind: those that are open by their legal deadline, the earliest first and answered ones last; those that are done by their end, the newest first.',
    access: 'Requests.Read',
    query: bodies.requestsQuery,
    responses: ok(responses.requestsResponse),
    problems: { 400: ['invalidQuery'] },
  },
  {
    id: 'countRequests',
    method: 'get',
    path: '/api/request-counts',
    summary: 'Returns how many requests there are of each kind, and reads none of them.',
    access: 'Requests.Read',
    responses: ok(responses.requestCountsResponse),
    problems: {},
  },
  {
    id: 'searchRequests',
    method: 'post',
    path: '/api/requests/search',
    summary: 'Finds the requests of a ticket by its exact id, one for each organisation.',
    access: 'Requests.Read',
    body: bodies.searchBody,
    example: { ticketId: 'REQ-4711' },
    responses: ok(responses.searchResponse),
    problems: { 400: ['invalidBody'] },
  },
  {
    id: 'statistics',
    method: 'get',
    path: '/api/statistics',
    summary:
      'Returns by month of receipt how many requests there were, and what became of them: counters without personal data, which outlive the requests.',
    access: 'Requests.Read',
    responses: ok(responses.statisticsResponse),
    problems: {},
  },
];

const officerOperations: readonly ApiOperation[] = [
  read('requestSummary', 'summary', {
    summary:
      'Returns a request as lists show it, the states that it has come to, and its whole status.',
    responses: ok(responses.summaryResponse),
  }),
  read('decisionEvidence', 'decision', {
    summary:
      'Returns the status of a request and the evidence for a decision: comparisons, counts and masked values. Identifiers and candidates are numbered from 1.',
    responses: ok(evidence.evidenceResponse),
  }),
  read('doubtfulConversations', 'decision/conversations', {
    summary:
      "Lists the conversations that may be another person's, in order of time, without their content.",
    query: bodies.conversationsQuery,
    responses: ok(evidence.conversationsResponse),
    problems: { 400: ['invalidQuery', 'identifierNotInQuestion', 'contactNotInQuestion'] },
  }),
  read('requestCustody', 'custody', {
    summary:
      'Returns the custody record: a signed chain of everything that was done; or, to be read, as a table (`format=csv`).',
    query: bodies.custodyQuery,
    responses: ok(responses.custodyResponse),
    otherType: 'text/csv',
    problems: { 400: ['invalidQuery'] },
  }),
  read('webhookEvents', 'webhooks', {
    summary: 'Lists the webhooks of a request and their delivery.',
    responses: ok(responses.webhooksResponse),
  }),
  read('previewLetter', 'letter', {
    summary: 'Shows the letter that the person would receive of an extension or an end.',
    query: bodies.letterQuery,
    responses: ok(responses.letterResponse),
    problems: { 400: ['invalidQuery'], 409: ['wrongState'] },
  }),
  read('requestReport', 'report', {
    summary:
      'Returns what the availability report says by now, and what has failed, by kind and reason: before the package is written as a preview. No content.',
    query: bodies.reportQuery,
    responses: ok(responses.reportResponse),
    problems: { 400: ['invalidQuery'] },
  }),
  read('handOver', 'hand-over', {
    summary:
      'Returns how far the hand-over of a package is: who said who the person is, who has approved, and what the officer who asks may do.',
    responses: ok(responses.handOverResponse),
  }),
  read('requestMessages', 'messages', {
    summary:
      'Lists the emails, text messages and webhooks that were sent for a request, oldest first, without their texts.',
    responses: ok(responses.messagesResponse),
  }),
  decide('readMessage', 'messages/{messageId}/text', {
    summary:
      'Returns what a message said. The custody record says that an officer has read it, and why. Codes have no text.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.messageTextResponse),
    problems: { 400: ['invalidBody'], 404: ['messageNotFound'], 409: ['messageHasNoText'] },
  }),
  decide('sendAgain', 'messages/{messageId}/send-again', {
    summary:
      'Sends an invitation, a reminder, a notice or a failed webhook once more, where the request is not past it. Codes are not sent again.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.sentAgainResponse),
    problems: {
      400: ['invalidBody'],
      404: ['messageNotFound'],
      409: ['messageHasCode', 'messagePending', 'messagePast', 'noMailbox'],
      429: ['tooManyMessages'],
    },
  }),
  decide('retryWebhooks', 'webhooks', {
    summary: 'Sends failed webhooks again.',
    body: bodies.emptyBody,
    example: {},
    responses: ok(responses.webhooksResponse),
  }),
  decide('decide', 'decision', {
    summary:
      'Decides who is meant, which identifiers are theirs, and which doubtful conversations. Each call adds to the answers before.',
    body: bodies.decisionBody,
    example: {
      contactIds: [contactId],
      identifiers: [
        { identifier: 1, verdict: 'include' },
        { identifier: 2, verdict: 'withhold' },
      ],
      contacts: [{ contactId, verdict: 'withhold' }],
      conversations: [{ conversationId: contactId, verdict: 'include' }],
      method: 'officer',
      codeTo: null,
      inviteTo: null,
      undecided: 'wait',
      basedOn: 0,
      justification,
    },
    responses: ok(evidence.decideResponse),
    problems: {
      400: [
        'invalidBody',
        'contactNotACandidate',
        'identifierNotInQuestion',
        'conversationNotInQuestion',
        'contactNotInQuestion',
      ],
      409: [
        'wrongState',
        'tooLate',
        'loginNotConfigured',
        'methodNotPossible',
        'subjectAlreadyInvited',
        'codeToNotPossible',
        'inviteToNotPossible',
        'tooManyAnswers',
        'decisionChanged',
      ],
    },
  }),
  decide('revealIdentifiers', 'decision/reveal', {
    summary:
      'Returns the names and identifiers in question in clear. The custody record says that an officer has seen them, and why.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(evidence.revealResponse),
  }),
  decide('checkIdentity', 'identity', {
    summary: 'Confirms that an officer has checked the identity, in place of a code.',
    body: bodies.identityBody,
    example: { checkMethod: 'inPerson', justification },
    responses: ok(responses.statusResponse),
  }),
  decide('checkMandate', 'mandate', {
    summary:
      'Records that an officer has checked the mandate and the mailbox of somebody who asks for the person.',
    body: mandateBody,
    example: {
      mandate: 'powerOfAttorney',
      checkMethod: 'byPost',
      mailboxCheck: 'onMandate',
      justification,
    },
    responses: ok(responses.statusResponse),
    problems: {
      400: ['invalidBody'],
      409: ['wrongState', 'noRepresentative', 'mandateNotPossible'],
    },
  }),
  decide('cancelRequest', 'cancel', {
    summary:
      'Cancels a request, tells the person why and where to complain, and deletes everything that was collected.',
    body: bodies.cancelBody,
    example: { reasonCode: 'withdrawn', justification },
    responses: ok(responses.statusResponse),
  }),
  decide('extendRequest', 'extend', {
    summary:
      'Extends the legal period once, by two months or, under the CCPA, by 45 days, and notifies the person.',
    body: bodies.extendBody,
    example: { reasonCode: 'complexity', justification },
    responses: ok(responses.extendResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState', 'alreadyExtended', 'tooLate'] },
  }),
  decide('refuseRequest', 'refuse', {
    summary:
      'Refuses a request and notifies the person of the reason and of the right to complain (Art. 12(4) GDPR).',
    body: bodies.refuseBody,
    example: { reasonCode: 'excessive', justification },
    responses: ok(responses.statusResponse),
  }),
  decide('retryRequest', 'retry', {
    summary: 'Retries a failed request. Only what is missing is exported again.',
    body: bodies.retryBody,
    example: { justification, acceptFailures: false },
    responses: ok(responses.statusResponse),
    problems: { 400: ['invalidBody'], 409: ['notFailed', 'wrongState'] },
  }),
  recall('recallRequest', 'recall', {
    summary: 'Destroys the key of a released package, the package and all sessions.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.recallResponse),
  }),
  deliver('officerCode', 'code', {
    summary: 'Issues a code that an officer gives to the person. It is valid for one hour.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.codeResponse),
    problems: {
      400: ['invalidBody'],
      403: ['otherOfficerRequired', 'roleRequired'],
      409: ['wrongState'],
      429: ['tooManyCodes'],
    },
  }),
  deliver('approveHandOver', 'approve', {
    summary:
      'Approves that another officer hands the package over, or that a code of theirs opens it in the portal. Not by whoever confirmed who the person is.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.statusResponse),
    problems: {
      400: ['invalidBody'],
      403: ['otherOfficerRequired', 'roleRequired'],
      409: ['notAvailable'],
    },
  }),
  deliver('releaseAgain', 'release', {
    summary:
      'Makes a package that still exists available for its whole time again, within the legal period, and notifies the person.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.statusResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState', 'notAvailable', 'tooLate'] },
  }),
  deliver('deliverRequest', 'deliver', {
    summary: 'Returns link and passphrase of a package, for assisted delivery.',
    body: bodies.justificationBody,
    example: { justification },
    responses: ok(responses.deliverResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState', 'notAvailable', 'approvalRequired'] },
  }),
];

const authenticatorOperations: readonly ApiOperation[] = [
  enrol('enrolAuthenticator', '', {
    summary: 'Enrols an authenticator app for a contact. It must be confirmed by its first code.',
    body: bodies.enrolBody,
    example: { contactId },
    responses: ok(responses.enrolResponse),
  }),
  enrol('confirmAuthenticator', '/confirm', {
    summary: 'Confirms an authenticator app by its first code and returns recovery codes.',
    body: bodies.confirmBody,
    example: { contactId, code: '123456' },
    responses: ok(responses.confirmResponse),
    problems: { 400: ['invalidBody'], 403: ['codeWrong', 'roleRequired'] },
  }),
  enrol('removeAuthenticator', '/remove', {
    summary: 'Removes the authenticator app of a contact.',
    body: bodies.enrolBody,
    example: { contactId },
    responses: ok(bodies.emptyBody),
  }),
];

/** Every call of systems and officers. The calls of the portal's pages are not part of the API. */
export const apiOperations: readonly ApiOperation[] = [
  ...requestOperations,
  ...officerOperations,
  ...authenticatorOperations,
  {
    id: 'health',
    method: 'get',
    path: '/health',
    summary: 'Returns 200 while the app is running.',
    access: 'anonymous',
    responses: ok(responses.healthResponse),
    problems: {},
  },
  {
    id: 'ready',
    method: 'get',
    path: '/health/ready',
    summary:
      'Returns 200 when everything that the app needs answers, 503 with the same form when something does not.',
    access: 'Requests.Read',
    orRole: 'Readiness.Read',
    responses: { 200: responses.readinessResponse, 503: responses.readinessResponse },
    problems: {},
  },
];
