import type { OrgContact } from './genesys/organisation';
import type { HistoryEvent } from './host/durable/history';
import type { InboxMessage } from './inbox/inbox';
import { codeFrom, linkFrom, Subject } from './portal-client';
import type { Stack } from './stack/stack';
import { until } from './until';

/** What a benchmark does as ticketing system, and as whoever reads the mails of the inbox. */
export interface BenchRequest {
  requestId: string;
  /** Messages that have come so far. */
  messages: () => Promise<InboxMessage[]>;
}

/** Posts a request about the person with this mailbox. */
export async function postRequest(
  stack: Stack,
  email: string,
  ticketId = 'BENCH-1',
): Promise<BenchRequest> {
  const response = await fetch(`${stack.hostUrl}/api/requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'x-functions-key': stack.keys.function },
    body: JSON.stringify({
      ticketId,
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

/** Where a person is written to. */
export interface Reached {
  email: string;
  phone: string;
}

/** The first mailbox and the first number of a person; empty where they have none. */
export const reachedBy = ({ emails, phones }: OrgContact): Reached => ({
  email: emails[0]?.address ?? '',
  phone: phones[0]?.e164 ?? '',
});

/** Opens the link of the newest mail to a person, and enters the code that is sent then. */
export async function stepUp(
  stack: Stack,
  messages: BenchRequest['messages'],
  { email, phone }: Reached,
): Promise<Subject> {
  const person = new Subject(stack.hostUrl);
  await person.open(await until('the mail', async () => linkFrom(await messages(), email)));
  const seen = (await messages()).length;
  await person.call('POST', 'code');
  const code = async (): Promise<string | null> => codeFrom((await messages()).slice(seen), phone);
  await person.verify(await until('the code', code));
  return person;
}

/** Posts a request about a person, who then proves who they are: its export begins. */
export async function provenRequest(stack: Stack, person: Reached): Promise<BenchRequest> {
  const request = await postRequest(stack, person.email);
  await stepUp(stack, request.messages, person);
  return request;
}

/** State of a request, asked of the task hub rather than of the app, whose calls of storage are counted. */
export async function stateOf(stack: Stack, requestId: string): Promise<string> {
  const { state, step } = await statusOf(stack, requestId);
  return state ?? (step === 'waitForExpiry' ? 'available' : 'open');
}

/** What the orchestration of a request is doing; empty at its beginning. */
export const stepOf = async (stack: Stack, requestId: string): Promise<string> =>
  (await statusOf(stack, requestId)).step ?? '';

/** @throws Error when the request has failed */
async function statusOf(
  stack: Stack,
  requestId: string,
): Promise<{ state: string | null; step: string | null }> {
  const { customStatus, output } = await askHub<{
    customStatus: { step?: string } | null;
    output: { state?: string } | null;
  }>(stack, `request-${requestId}`);
  if (output?.state === 'failed') throw new Error('The request has failed.');
  return { state: output?.state ?? null, step: customStatus?.step ?? null };
}

/** An orchestration with its history. */
export interface DurableInstance {
  instanceId: string;
  historyEvents: HistoryEvent[];
}

/** Every orchestration of the task hub. */
export const durableInstances = (stack: Stack): Promise<DurableInstance[]> =>
  listHub(stack, '?showHistory=true');

/** How far an orchestration is. */
export interface DurableSummary {
  instanceId: string;
  customStatus: { step?: string } | null;
  output: { state?: string } | null;
}

/** The same without histories. */
export const durableSummaries = (stack: Stack): Promise<DurableSummary[]> => listHub(stack, '');

const askHub = async <T>(stack: Stack, path: string): Promise<T> =>
  (await (await callHub(stack, path, '')).json()) as T;

/** All pages of a list: the host names the next one in a header. */
async function listHub<T>(stack: Stack, path: string): Promise<T[]> {
  const all: T[] = [];
  let token = '';
  do {
    const answer = await callHub(stack, path, token);
    all.push(...((await answer.json()) as T[]));
    token = answer.headers.get(continuation) ?? '';
  } while (token !== '');
  return all;
}

const continuation = 'x-ms-continuation-token';
function callHub({ operations }: Stack, path: string, token: string): Promise<Response> {
  const { url, keys } = operations;
  return fetch(`${url}/runtime/webhooks/durabletask/instances/${path}`, {
    headers: { 'x-functions-key': keys.durable, [continuation]: token },
  });
}

/** Number of the app's process. */
export async function processOf({ operations: { url, keys } }: Stack): Promise<number> {
  const worker = await fetch(`${url}/admin/local/worker`, {
    headers: { 'x-functions-key': keys.master },
  });
  return ((await worker.json()) as { pid: number }).pid;
}
