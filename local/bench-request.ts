import type { InboxMessage } from './inbox/inbox';
import type { Stack } from './stack/stack';

/** What a benchmark does as ticketing system, and as whoever reads the mails of the inbox. */
export interface BenchRequest {
  requestId: string;
  /** Messages that have come so far. */
  messages: () => Promise<InboxMessage[]>;
}

/** Posts a request about the person with this mailbox. */
export async function postRequest(stack: Stack, email: string): Promise<BenchRequest> {
  const response = await fetch(`${stack.hostUrl}/api/requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'x-functions-key': stack.keys.function },
    body: JSON.stringify({
      ticketId: 'BENCH-1',
      receivedAt: new Date().toISOString(),
      rights: ['access'],
      identifiers: [{ type: 'email', value: email }],
    }),
  });
  const { requestId } = (await response.json()) as { requestId: string };
  const messages = async (): Promise<InboxMessage[]> =>
    (await (await fetch(`${stack.inboxUrl}/messages`)).json()) as InboxMessage[];
  return { requestId, messages };
}
