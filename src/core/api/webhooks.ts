import type { RequestState } from '../request/states';

/** A change of state that the ticketing system is told of. */
export interface WebhookEvent {
  /** Number of the event within its request, from 1. */
  sequence: number;
  at: string;
  to: RequestState;
  reason: string | null;
  state: 'pending' | 'delivered' | 'failed';
  /** How often it was tried. */
  attempts: number;
}

/** Where events go, and what they are called there. */
export interface WebhookTarget {
  url: string;
  ticketId: string;
}

/**
 * Seconds before each further try, as the Standard Webhooks specification proposes: five seconds up
 * to a day, about three days in all.
 */
const delays = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Seconds to wait after so many tries; null when it is given up. */
export const webhookDelay = (attempts: number): number | null => delays[attempts - 1] ?? null;

/** Body of a webhook: type, time and data, as Standard Webhooks asks. */
export const webhookBody = (
  requestId: string,
  { at, to, reason, sequence }: WebhookEvent,
  ticketId: string,
): string =>
  JSON.stringify({
    type: `request.${to}`,
    timestamp: at,
    data: { requestId, ticketId, state: to, reason, sequence },
  });

/** Whether an address is one that events may go to: https, and a host of the list; loopback for tests. */
export function isAllowedCallback(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host, username, password } = new URL(url);
  const isLoopback = hostname === '127.0.0.1' || hostname === 'localhost';
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback);
  return isSafe && username === '' && password === '' && hosts.includes(host);
}
