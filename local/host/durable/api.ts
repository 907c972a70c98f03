import { randomUUID } from 'node:crypto';
import type { DurableEngine } from './engine';
import { isFinished, type Instance } from './instance';
import { DurableRequestError } from './request-error';

export interface ApiRequest {
  method: string;
  /** Path below `durabletask/` or `runtime/webhooks/durabletask/`, without a leading slash. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: string;
}

export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

const pageSize = 100;

/**
 * The HTTP API of the Durable Task extension (HttpApiHandler.cs): what `df.getClient` calls on the
 * RPC address, and what operators call under `/runtime/webhooks/durabletask` with a key.
 */
export function handleDurableRequest(engine: DurableEngine, request: ApiRequest): ApiResponse {
  try {
    const parts = request.path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
    if (parts[0] === 'orchestrators') return start(engine, request, parts);
    if (parts[0] === 'instances') return instances(engine, request, parts.slice(1));
    return { status: 404, body: { Message: 'Not found.' } };
  } catch (error) {
    if (error instanceof DurableRequestError) {
      return { status: error.status, body: { Message: error.message } };
    }
    throw error;
  }
}

function start(engine: DurableEngine, request: ApiRequest, parts: string[]): ApiResponse {
  if (request.method !== 'POST') return { status: 404 };
  const instance = engine.startNew({
    name: parts[1] ?? '',
    instanceId: parts[2] ?? randomUUID().replaceAll('-', ''),
    version: request.query.get('version'),
    input: jsonText(request.body),
    parent: null,
  });
  return { status: 202, headers: { 'Retry-After': '10' }, body: { id: instance.instanceId } };
}

function instances(engine: DurableEngine, request: ApiRequest, parts: string[]): ApiResponse {
  const [instanceId, operation, eventName] = parts;
  if (instanceId === undefined) return listOrPurge(engine, request);
  const instance = engine.get(instanceId);
  if (!instance)
    return { status: 404, body: { Message: `No instance with ID '${instanceId}' found.` } };
  if (operation === undefined && request.method === 'DELETE') {
    return engine.purge(instanceId)
      ? { status: 200, body: { instancesDeleted: 1 } }
      : { status: 404, body: { Message: `The instance '${instanceId}' has not finished.` } };
  }
  if (operation === undefined) {
    const body = statusOf(instance, request.query);
    const isError = request.query.get('returnInternalServerErrorOnFailure') === 'true';
    if (isError && instance.status === 'Failed') return { status: 500, body };
    if (isFinished(instance.status)) return { status: 200, body };
    return {
      status: 202,
      headers: { 'Retry-After': '5', Location: `/instances/${instanceId}` },
      body,
    };
  }
  const taken = operate(engine, instance, { name: operation, eventName }, request);
  if (taken === null)
    return { status: 501, body: { Message: `The local host does not offer '${operation}'.` } };
  return { status: taken ? 202 : 410 };
}

function operate(
  engine: DurableEngine,
  instance: Instance,
  { name, eventName }: { name: string; eventName: string | undefined },
  request: ApiRequest,
): boolean | null {
  const reason = request.query.get('reason') ?? '';
  switch (name.toLowerCase()) {
    case 'raiseevent':
      return engine.raiseEvent(instance, eventName ?? '', jsonText(request.body) ?? 'null');
    case 'terminate':
      return engine.control(instance, 'Terminated', reason);
    case 'suspend':
      return engine.control(instance, 'Suspended', reason);
    case 'resume':
      return engine.control(instance, 'Running', reason);
    case 'rewind':
      engine.rewind(instance, reason);
      return true;
    default:
      return null;
  }
}

function listOrPurge(engine: DurableEngine, request: ApiRequest): ApiResponse {
  const { query } = request;
  const from = timeOf(query.get('createdTimeFrom'), -Infinity);
  const to = timeOf(query.get('createdTimeTo'), Infinity);
  const statuses = query.get('runtimeStatus')?.split(',').filter(Boolean) ?? [];
  const found = engine
    .list()
    .filter(({ createdTime }) => Date.parse(createdTime) >= from && Date.parse(createdTime) <= to)
    .filter((instance) => statuses.length === 0 || statuses.includes(instance.status))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  if (request.method === 'DELETE') {
    const deleted = found.filter((instance) => engine.purge(instance.instanceId)).length;
    return deleted > 0
      ? { status: 200, body: { instancesDeleted: deleted } }
      : { status: 404, body: { Message: 'No instance matches.' } };
  }
  const size = Number(query.get('top') ?? pageSize);
  const offset = Number(
    Buffer.from(request.headers['x-ms-continuation-token'] ?? '', 'base64').toString() || 0,
  );
  const next =
    offset + size < found.length ? Buffer.from(String(offset + size)).toString('base64') : null;
  return {
    status: 200,
    ...(next === null ? {} : { headers: { 'x-ms-continuation-token': next } }),
    body: found.slice(offset, offset + size).map((instance) => statusOf(instance, query)),
  };
}

/** @throws DurableRequestError 400 when a time is given that is none */
function timeOf(text: string | null, otherwise: number): number {
  const time = text === null ? otherwise : Date.parse(text);
  if (Number.isNaN(time)) throw new DurableRequestError(400, 'A time is not valid.');
  return time;
}

function statusOf(instance: Instance, query: URLSearchParams): Record<string, unknown> {
  const value = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const showInput = query.get('showInput') !== 'false';
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: showInput ? value(instance.input) : null,
    customStatus: instance.customStatus,
    output: value(instance.output),
    createdTime: instance.createdTime,
    lastUpdatedTime: instance.lastUpdatedTime,
    ...(query.get('showHistory') === 'true' ? { historyEvents: instance.history } : {}),
  };
}

function jsonText(body: string): string | null {
  if (body === '') return null;
  try {
    JSON.parse(body);
    return body;
  } catch {
    throw new DurableRequestError(400, 'The request body is not JSON.');
  }
}
