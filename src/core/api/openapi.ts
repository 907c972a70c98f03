import { z } from 'zod';
import * as evidence from './evidence-responses';
import { intakeEvent } from './intake';
import { apiOperations, type ApiOperation } from './operations';
import * as responses from './responses';

/** An OpenAPI 3.1 document, as far as it is read in this app. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  webhooks: Record<string, { post: OperationObject }>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

export interface OperationObject {
  operationId: string;
  summary: string;
  description?: string;
  parameters?: object[];
  requestBody?: { required: true; content: MediaTypes };
  responses: Record<string, ResponseObject>;
  security: object[];
}

interface ResponseObject {
  description: string;
  content?: MediaTypes;
}

type MediaTypes = Record<string, { schema: object; example?: object }>;

/** Schemas with a name of their own in the document. */
const named: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [responses.statusResponse, 'Status'],
  [responses.extendResponse, 'Extended'],
  [responses.recallResponse, 'Recalled'],
  [evidence.evidenceResponse, 'Evidence'],
  [evidence.decideResponse, 'Decided'],
  [evidence.conversationsResponse, 'DoubtfulConversations'],
  [evidence.revealResponse, 'Revealed'],
  [responses.custodyResponse, 'Custody'],
  [responses.webhooksResponse, 'Webhooks'],
  [responses.reportResponse, 'Report'],
  [responses.handOverResponse, 'HandOver'],
  [responses.messagesResponse, 'Messages'],
  [responses.statisticsResponse, 'Statistics'],
  [responses.readinessResponse, 'Readiness'],
  [responses.problemResponse, 'Problem'],
]);

/** JSON Schema (2020-12) as OpenAPI 3.1 embeds it, of what is sent (`input`) or returned (`output`). */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const name = named.get(schema);
  return name === undefined ? inlineSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
}

function inlineSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const descriptions: Record<number, string> = {
  200: 'OK.',
  202: 'Accepted.',
  400: 'The body or the query is not valid.',
  401: 'Officer sign-in required.',
  403: 'The app role is missing.',
  404: 'Not found.',
  409: 'The state of the request does not allow this.',
  413: 'The body is too large.',
  415: 'The media type is not supported.',
  429: 'Too many requests.',
  503: 'Temporarily unavailable; retry later.',
};

/** The problem codes of a call by status, with those that every call of its access has. */
function problemsOf({ access, problems }: ApiOperation): Record<number, string[]> {
  const unavailable = { 503: ['conflictingUpdate', 'storageUnavailable', 'messageNotAccepted'] };
  if (access === 'anonymous') return problems;
  // The host itself refuses a wrong function key, without a body.
  if (access === 'key') return { ...problems, ...unavailable };
  return { 401: ['signInRequired'], 403: ['roleRequired'], ...problems, ...unavailable };
}

function responsesOf(operation: ApiOperation): Record<string, ResponseObject> {
  const found: Record<string, ResponseObject> = {};
  for (const [status, schema] of Object.entries(operation.responses))
    found[status] = {
      description: descriptions[Number(status)] ?? '',
      content: {
        'application/json': { schema: schemaOf(schema, 'output') },
        ...(operation.otherType && { [operation.otherType]: { schema: { type: 'string' } } }),
      },
    };
  if (operation.access === 'key') found['401'] = { description: 'The function key is wrong.' };
  for (const [status, codes] of Object.entries(problemsOf(operation)))
    found[status] = {
      description: `${descriptions[Number(status)] ?? ''} Codes: ${codes.join(', ')}.`,
      content: {
        ...found[status]?.content,
        'application/problem+json': { schema: schemaOf(responses.problemResponse, 'output') },
      },
    };
  return found;
}

function securityOf(access: ApiOperation['access']): object[] {
  if (access === 'anonymous') return [];
  return [access === 'key' ? { functionKey: [] } : { officer: [] }];
}

const inPath = (name: string, schema: object): object => ({
  name,
  in: 'path',
  required: true,
  schema,
});
const pathParameters: Readonly<Record<string, object>> = {
  requestId: inPath('requestId', { type: 'string', format: 'uuid' }),
  messageId: inPath('messageId', { type: 'string' }),
};

/** Parameters in the path and in the query. */
function parametersOf({ path, query }: ApiOperation): object[] {
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    // As the call reads it: a number, where the query itself is text.
    schema: inlineSchema(schema as z.ZodType, 'output'),
  }));
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return [...names.flatMap((name) => pathParameters[name] ?? []), ...inQuery];
}

function operationOf(operation: ApiOperation): OperationObject {
  const { id, summary, access, orRole, body, example } = operation;
  const parameters = parametersOf(operation);
  const isRoleRequired = access !== 'anonymous' && access !== 'key';
  const schema = body && schemaOf(body, 'input');
  return {
    operationId: id,
    summary,
    ...(isRoleRequired
      ? {
          description: `Requires the app role ${[access, ...(orRole ? [orRole] : [])].join(' or ')}.`,
        }
      : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(schema
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema, ...(example ? { example } : {}) } },
          },
        }
      : {}),
    responses: responsesOf(operation),
    security: securityOf(access),
  };
}

/** What the ticketing system is sent where the intake page is offered (`INTAKE`). */
const intakeReceived: { post: OperationObject } = {
  post: {
    operationId: 'intakeReceived',
    summary:
      'Somebody has asked for their data on the intake page. Open a ticket, add its id to `data.request` as `ticketId`, and submit that by createRequest.',
    description:
      'Signed as Standard Webhooks specify. The id is the same whenever the event is sent again.',
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: inlineSchema(intakeEvent, 'output'),
          example: {
            type: 'intake.received',
            timestamp: '2026-11-23T08:00:00.000Z',
            data: {
              reference: '7K4MX-92QDA',
              request: {
                receivedAt: '2026-11-23T08:00:00.000Z',
                rights: ['access', 'portability'],
                name: 'Maria Schneider',
                identifiers: [{ type: 'email', value: 'person@mail.example' }],
                locale: 'de',
                timeZone: 'Europe/Berlin',
              },
            },
          },
        },
      },
    },
    responses: { 204: { description: 'Accepted. Any other answer: it is sent again.' } },
    security: [],
  },
};

/**
 * The API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1), from the schemas by which
 * bodies are checked.
 * @param origin of the app
 */
export function openApiDocument(origin: string, version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of apiOperations)
    (paths[operation.path] ??= {})[operation.method] = operationOf(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Data portability for Genesys Cloud',
      version,
      description:
        "For the ticketing system (function key), for privacy officers (access token of the directory, with app roles), and for the company's customer portal, which enrols authenticator apps.",
    },
    servers: [{ url: origin }],
    paths,
    webhooks: { intakeReceived },
    components: {
      schemas: Object.fromEntries(
        [...named].map(([schema, name]) => [name, inlineSchema(schema, 'output')]),
      ),
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        officer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}
