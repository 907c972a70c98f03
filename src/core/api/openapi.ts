import { z } from 'zod';
import * as responses from './responses';
import * as bodies from './bodies';
import type { OfficerRole } from '../authentication/officer';
import { requestBody } from './request-body';

/** One call of the API. */
export interface ApiOperation {
  id: string;
  method: 'get' | 'post';
  path: string;
  summary: string;
  /** Who may call: the ticketing system by its function key, officers by a role, or anybody. */
  access: 'key' | 'anonymous' | OfficerRole;
  body?: z.ZodType;
  /** A body that can be sent as it is. */
  example?: object;
  responses: Record<number, z.ZodType>;
  /** Codes of refusals that are this call's own, by status. */
  problems: Record<number, string[]>;
}

const request = '/api/requests/{requestId}';
const justification = 'Ticket 4711, checked by two of us.';
const done = (answer: z.ZodType): ApiOperation['responses'] => ({ 200: answer });

/** Every call that systems and officers make. The portal's own calls are no interface. */
export const apiOperations: readonly ApiOperation[] = [
  {
    id: 'createRequest',
    method: 'post',
    path: '/api/requests',
    summary:
      'Takes a request of a person. The same ticket with the same body is the same request (200).',
    access: 'key',
    body: requestBody,
    example: {
      ticketId: 'REQ-4711',
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
    summary: 'How a request stands, for the ticketing system.',
    access: 'key',
    responses: done(responses.statusResponse),
    problems: { 404: ['requestNotFound'] },
  },
  {
    id: 'listRequests',
    method: 'get',
    path: '/api/requests',
    summary: 'All requests, newest first.',
    access: 'Requests.Read',
    responses: done(responses.requestsResponse),
    problems: {},
  },
  officer('decisionEvidence', 'get', 'decision', 'Requests.Read', {
    summary: 'How a request stands, and what a decision can go by. No names, no content.',
    responses: done(responses.evidenceResponse),
  }),
  officer('requestCustody', 'get', 'custody', 'Requests.Read', {
    summary: 'The custody record: everything that was done, chained and signed.',
    responses: done(responses.custodyResponse),
  }),
  officer('webhookEvents', 'get', 'webhooks', 'Requests.Read', {
    summary: 'What the ticketing system was told of.',
    responses: done(responses.webhooksResponse),
  }),
  officer('retryWebhooks', 'post', 'webhooks', 'Requests.Decide', {
    summary: 'Tells the ticketing system again what it had not taken.',
    body: bodies.emptyBody,
    example: {},
    responses: done(responses.webhooksResponse),
  }),
  officer('decide', 'post', 'decision', 'Requests.Decide', {
    summary: 'Says who is meant, and what may be searched by.',
    body: bodies.decisionBody,
    example: { candidate: 1, sharedIdentifiers: 'exclude', justification },
    responses: done(responses.statusResponse),
    problems: {
      400: ['invalidBody', 'contactNotACandidate'],
      409: ['wrongState', 'tooLate', 'loginNotConfigured', 'subjectAlreadyInvited'],
    },
  }),
  officer('checkIdentity', 'post', 'identity', 'Requests.Decide', {
    summary: 'An officer has seen who it is, in place of a code.',
    body: bodies.identityBody,
    example: { how: 'inPerson', justification },
    responses: done(responses.statusResponse),
  }),
  officer('cancelRequest', 'post', 'cancel', 'Requests.Decide', {
    summary: 'Ends a request; everything that was collected is deleted.',
    body: bodies.reasonBody,
    example: { justification },
    responses: done(responses.statusResponse),
  }),
  officer('extendRequest', 'post', 'extend', 'Requests.Decide', {
    summary:
      'Extends the legal period by two months, once, and tells the person (Art. 12(3) GDPR).',
    body: bodies.extendBody,
    example: { reason: 'complexity', justification },
    responses: done(responses.extendResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState', 'alreadyExtended', 'tooLate'] },
  }),
  officer('refuseRequest', 'post', 'refuse', 'Requests.Decide', {
    summary: 'Refuses a request, and tells the person why and where to complain (Art. 12(4) GDPR).',
    body: bodies.refuseBody,
    example: { reason: 'excessive', justification },
    responses: done(responses.statusResponse),
  }),
  officer('retryRequest', 'post', 'retry', 'Requests.Decide', {
    summary: 'Takes a failed request up again; collects what is missing.',
    body: bodies.retryBody,
    example: { justification, acceptFailures: false },
    responses: done(responses.statusResponse),
    problems: { 400: ['invalidBody'], 409: ['notFailed', 'wrongState'] },
  }),
  officer('recallRequest', 'post', 'recall', 'Requests.Recall', {
    summary: 'Destroys the key of a released package, the package and every session.',
    body: bodies.reasonBody,
    example: { justification },
    responses: done(responses.recallResponse),
  }),
  officer('officerCode', 'post', 'code', 'Requests.Deliver', {
    summary: 'A code that an officer gives out in person, good for an hour.',
    body: bodies.reasonBody,
    example: { justification },
    responses: done(responses.codeResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState'], 429: ['tooManyCodes'] },
  }),
  officer('deliverRequest', 'post', 'deliver', 'Requests.Deliver', {
    summary: 'Link and passphrase, to hand a package over.',
    body: bodies.reasonBody,
    example: { justification },
    responses: done(responses.deliverResponse),
    problems: { 400: ['invalidBody'], 409: ['wrongState', 'notAvailable'] },
  }),
  factor('enrolAuthenticator', '', 'A new authenticator app of a contact; counts once confirmed.', {
    body: bodies.enrolBody,
    example: { contactId: '00000000-0000-4000-8000-000000000000' },
    responses: done(responses.enrolResponse),
  }),
  factor(
    'confirmAuthenticator',
    '/confirm',
    'Takes the first code of the app; gives recovery codes.',
    {
      body: bodies.confirmBody,
      example: { contactId: '00000000-0000-4000-8000-000000000000', code: '123456' },
      responses: done(responses.confirmResponse),
      problems: { 400: ['invalidBody'], 403: ['codeWrong', 'roleRequired'] },
    },
  ),
  factor('removeAuthenticator', '/remove', 'Forgets the app of a contact.', {
    body: bodies.enrolBody,
    example: { contactId: '00000000-0000-4000-8000-000000000000' },
    responses: done(bodies.emptyBody),
  }),
  {
    id: 'health',
    method: 'get',
    path: '/health',
    summary: 'Whether the app runs.',
    access: 'anonymous',
    responses: done(responses.healthResponse),
    problems: {},
  },
];

type Rest = Pick<ApiOperation, 'responses'> &
  Partial<Pick<ApiOperation, 'body' | 'example' | 'problems'>>;

function officer(
  id: string,
  method: 'get' | 'post',
  path: string,
  access: OfficerRole,
  { summary, ...rest }: Rest & { summary: string },
): ApiOperation {
  const own =
    rest.problems ?? (method === 'get' ? {} : { 400: ['invalidBody'], 409: ['wrongState'] });
  const problems = { ...own, 404: ['requestNotFound'] };
  return { id, method, path: `${request}/${path}`, summary, access, ...rest, problems };
}

function factor(id: string, path: string, summary: string, rest: Rest): ApiOperation {
  const problems = rest.problems ?? { 400: ['invalidBody'] };
  const access = 'Authenticators.Enrol';
  return {
    id,
    method: 'post',
    path: `/api/authenticators${path}`,
    summary,
    access,
    ...rest,
    problems,
  };
}

/** JSON Schema (2020-12) as OpenAPI 3.1 embeds it: what is sent, or what is answered. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const name = named.get(schema);
  return name === undefined ? inlineSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
}

/** Answers that several calls give, or that are worth a name. */
const named: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [responses.statusResponse, 'Status'],
  [responses.extendResponse, 'Extended'],
  [responses.recallResponse, 'Recalled'],
  [responses.evidenceResponse, 'Evidence'],
  [responses.custodyResponse, 'Custody'],
  [responses.webhooksResponse, 'Webhooks'],
  [responses.problemResponse, 'Problem'],
]);

function inlineSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const json = (schema: z.ZodType, io: 'input' | 'output', example?: object): object => ({
  'application/json': { schema: schemaOf(schema, io), ...(example ? { example } : {}) },
});

const reasons: Record<number, string> = {
  200: 'Done.',
  202: 'Taken.',
  400: 'The body is not valid.',
  401: 'Nobody is signed in.',
  403: 'The role is missing.',
  404: 'There is none.',
  409: 'Not in this state.',
  413: 'The body is too long.',
  415: 'The body is of another type.',
  429: 'Too often.',
  503: 'Later.',
};

/** What every call with an access of its kind may be refused with. */
function problemsOf({ access, problems }: ApiOperation): Record<number, string[]> {
  const later = { 503: ['busy', 'storageUnavailable', 'messageNotAccepted'] };
  if (access === 'anonymous') return problems;
  // The host itself refuses a wrong key, without a body.
  if (access === 'key') return { ...problems, ...later };
  return { 401: ['signInRequired'], 403: ['roleRequired'], ...problems, ...later };
}

function operationOf(operation: ApiOperation): object {
  const { id, summary, access, body, example } = operation;
  const parameters = operation.path.includes('{requestId}')
    ? [
        {
          name: 'requestId',
          in: 'path',
          required: true,
          schema: { type: 'string', format: 'uuid' },
        },
      ]
    : [];
  const good = Object.entries(operation.responses).map(([status, schema]) => [
    status,
    { description: reasons[Number(status)], content: json(schema, 'output') },
  ]);
  const bad = Object.entries(problemsOf(operation)).map(([status, codes]) => [
    status,
    {
      description: `${reasons[Number(status)] ?? ''} Codes: ${codes.join(', ')}.`,
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    },
  ]);
  const keyless = access === 'key' ? [['401', { description: 'The function key is wrong.' }]] : [];
  return {
    operationId: id,
    summary,
    ...(access === 'anonymous' || access === 'key'
      ? {}
      : { description: `Asks for the app role ${access}.` }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: json(body, 'input', example) } } : {}),
    responses: Object.fromEntries([...good, ...keyless, ...bad]) as object,
    security:
      access === 'anonymous' ? [] : [access === 'key' ? { functionKey: [] } : { officer: [] }],
  };
}

/**
 * The API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1), from the schemas that
 * bodies are checked by.
 * @param origin where the app is
 */
export function openApiDocument(origin: string, version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of apiOperations)
    (paths[operation.path] ??= {})[operation.method] = operationOf(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Data portability for Genesys Cloud',
      version,
      description:
        'For the ticketing system (function key), for privacy officers (access token of the directory, with app roles), and for the portal of the company that enrols authenticator apps.',
    },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: Object.fromEntries(
        [...named].map(([schema, name]) => [name, inlineSchema(schema, 'output')]),
      ) as object,
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        officer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}
