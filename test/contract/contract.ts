import { Ajv, type ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import type { Exchange } from '../../local/genesys/dispatcher';
import { contractPath } from '../helpers/outside-inputs';

type Schema = Record<string, unknown>;
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'body' | 'header';
  required?: boolean;
  type?: string;
  enum?: string[];
  items?: { enum?: string[] };
  schema?: Schema;
}
interface ApiOperation {
  parameters?: Parameter[];
  responses: Record<string, { schema?: Schema }>;
}
interface Api {
  paths: Record<string, Record<string, ApiOperation>>;
  definitions: Record<string, Schema>;
}

/**
 * No definition of the document forbids other properties. Here they are forbidden, except for declared
 * maps and for objects that declare no properties.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const entries = Object.entries(schema as Schema).map(([key, value]) => [key, closed(value)]);
  const copy = Object.fromEntries(entries) as Schema;
  const declares = typeof copy['properties'] === 'object';
  if (declares && copy['additionalProperties'] === undefined) copy['additionalProperties'] = false;
  return copy;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const integer = { type: 'number', validate: Number.isInteger } as const;
const formats = {
  'date-time': dateTime,
  int32: integer,
  int64: integer,
  float: true,
  double: true,
} as const;

/** Checks requests and responses against the API document. */
export class Contract {
  private readonly api: Api;
  private readonly ajv = new Ajv({ strict: false, allErrors: true, formats });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor() {
    this.api = JSON.parse(readFileSync(contractPath, 'utf8')) as Api;
    this.ajv.addSchema({ $id: 'api', definitions: closed(this.api.definitions) });
  }

  /** Returns everything in an exchange that the document does not allow. */
  problems(exchange: Exchange): string[] {
    const name = `${exchange.method} ${exchange.operation ?? exchange.path}`;
    const operation = this.api.paths[exchange.operation ?? '']?.[exchange.method.toLowerCase()];
    if (!operation) return [`${name} is not an operation`];
    const found = [
      ...this.queryProblems(operation, exchange.query),
      ...this.bodyProblems(name, operation, exchange.requestBody, exchange.status),
      ...this.answerProblems(name, operation, exchange),
    ];
    return found.map((problem) => `${name}: ${problem}`);
  }

  private queryProblems(operation: ApiOperation, query: Record<string, string>): string[] {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const missing = declared.filter(({ name, required }) => required && !(name in query));
    return [
      ...missing.map(({ name }) => `query parameter ${name} is missing`),
      ...Object.entries(query).flatMap(([name, value]) => {
        const parameter = declared.find((candidate) => candidate.name === name);
        if (!parameter) return [`query parameter ${name} is not declared`];
        return fits(parameter, value)
          ? []
          : [`query parameter ${name} has a value that is not allowed`];
      }),
    ];
  }

  private bodyProblems(
    name: string,
    operation: ApiOperation,
    body: unknown,
    status: number,
  ): string[] {
    const parameter = operation.parameters?.find((candidate) => candidate.in === 'body');
    if (!parameter?.schema) return body === undefined ? [] : ['a body is not declared'];
    // A request that the simulator refuses may be invalid; one that it accepts may not.
    if (status >= 400 && status < 500 && status !== 404) return [];
    return this.schemaProblems(`${name} request`, parameter.schema, body);
  }

  private answerProblems(
    name: string,
    operation: ApiOperation,
    { status, responseBody }: Exchange,
  ): string[] {
    const response = operation.responses[String(status)];
    if (!response) return [`status ${status} is not declared`];
    if (!response.schema) return responseBody === undefined ? [] : [`status ${status} has no body`];
    // A 202 of the recordings calls has an empty body while the document gives it a schema.
    if (status === 202 && responseBody === undefined) return [];
    return this.schemaProblems(`${name} ${status}`, response.schema, responseBody);
  }

  private schemaProblems(key: string, schema: Schema, value: unknown): string[] {
    let validate = this.validators.get(key);
    if (!validate) {
      const text = JSON.stringify(closed(schema)).replaceAll(
        '"#/definitions/',
        '"api#/definitions/',
      );
      validate = this.ajv.compile(JSON.parse(text) as Schema);
      this.validators.set(key, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }
}

function fits(parameter: Parameter, value: string): boolean {
  switch (parameter.type) {
    case 'integer':
      return /^-?\d+$/.test(value);
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'array':
      return value.split(',').every((item) => parameter.items?.enum?.includes(item) ?? true);
    default:
      return parameter.enum?.includes(value) ?? true;
  }
}
