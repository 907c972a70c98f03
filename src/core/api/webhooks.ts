import type { EndNotice } from '../messages/end-notices';
import type { RequestState } from '../request/states';
import { isLoopback } from '../loopback';

/** A change of state, or a notice for the person, that is sent to the ticketing system. */
export interface WebhookEvent {
  /** Number of the event within its request, from 1. */
  sequence: number;
  at: string;
  to: RequestState;
  reasonCode: string | null;
  /**
   * The notice of the end `to`, or that the package was handed over; absent of a change of state.
   */
  notice?: EndNotice | 'handedOver';
  state: 'pending' | 'delivered' | 'failed';
  /** How often it was sent. */
  attempts: number;
  /** When it is sent next, after an attempt that the receiver did not accept; absent otherwise. */
  nextTryAt?: string;
}

/** Where webhooks go, and the ticket that they name there. */
export interface WebhookTarget {
  url: string;
  ticketId: string;
}

/**
 * Seconds before each retry, as the Standard Webhooks specification proposes: from five seconds to a
 * day, about three days in all.
 */
const delays = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Seconds to wait after a number of attempts; null after the last one. */
export const webhookDelay = (attempts: number): number | null => delays[attempts - 1] ?? null;

/** The type of an event, by which the receiver tells what it is about. */
export function webhookType({ to, notice }: Pick<WebhookEvent, 'to' | 'notice'>): string {
  if (notice === undefined) return `request.${to}`;
  return notice === 'handedOver' ? 'request.handedOver' : 'request.endNotice';
}

/** Body of a webhook: type, timestamp and data, as Standard Webhooks specifies. */
export const webhookBody = (requestId: string, event: WebhookEvent, ticketId: string): string => {
  const { at, to, reasonCode, sequence, notice } = event;
  return JSON.stringify({
    type: webhookType(event),
    timestamp: at,
    data: {
      requestId,
      ticketId,
      state: to,
      reasonCode,
      sequence,
      ...(typeof notice === 'object' && { notice: { by: notice.by, tell: notice.tell } }),
    },
  });
};

/** Whether webhooks may be sent to an address: https (or http on loopback) on an allowed host. */
export function isAllowedCallback(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(url));
  return isSafe && username === '' && password === '' && hosts.includes(host);
}
