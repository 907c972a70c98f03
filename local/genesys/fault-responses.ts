import type { FaultKind } from './faults';
import { ApiError } from './operation';

const refusals: Partial<Record<FaultKind, [status: number, code: string, message: string]>> = {
  rateLimited: [429, 'too.many.requests', 'Rate limit exceeded the maximum.'],
  internalError: [500, 'internal.server.error', 'The server encountered an unexpected condition.'],
  badGateway: [502, 'bad.gateway', 'Bad gateway.'],
  unavailable: [503, 'service.unavailable', 'Service is unavailable.'],
  gatewayTimeout: [504, 'request.timeout', 'The request timed out.'],
  cursorExpired: [400, 'invalid.value', 'The cursor has expired.'],
};

/** @throws ApiError when the fault is a refusal */
export function refuseByFault(fault: FaultKind | null): void {
  const refusal = fault === null ? undefined : refusals[fault];
  if (!refusal) return;
  const [status, code, message] = refusal;
  throw new ApiError(status, code, message, {}, status === 429 ? { 'Retry-After': '1' } : {});
}

/** Repeats the first row of a page, as pages do while data is live. */
export function duplicateRow(body: unknown): void {
  const { conversations, entities } = body as { conversations?: unknown[]; entities?: unknown[] };
  const rows = conversations ?? entities;
  if (rows && rows.length > 0) rows.push(rows[0]);
}
