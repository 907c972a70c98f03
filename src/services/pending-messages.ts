import { isFinal, isClosed } from '../core/request/states';
import { atTime, secondsBetween } from '../core/time/time';
import type { PendingMessage, RequestRecord } from '../ports';
import type { Environment } from './environment';
import { sendStatutoryNotice } from './statutory-notices';
import { codeNumberOf, textCode } from './messaging';

/** Seconds after which a code that waits would be too old when it comes. */
const goodFor = 9 * 60;

/**
 * Sends what was meant to be sent by a call of somebody, and was not taken then: codes while they are
 * good, and letters about an extension. Messages of orchestrations are repeated by those.
 */
export async function sendPendingMessages(env: Environment): Promise<void> {
  for (const message of await env.outbox.pending()) {
    const number = codeNumberOf(message.key);
    if (number === null && message.key !== 'extended') continue;
    const record = await env.ledger.get(message.requestId);
    if (!record?.wrappedSecret || isClosed(record.state) || isFinal(record.state)) continue;
    if (number === null) {
      if (record.extendedAt !== null)
        await sendStatutoryNotice(env, record, 'extended').catch(() => undefined);
    } else await sendCode(env, record, message, number);
  }
}

async function sendCode(
  env: Environment,
  record: RequestRecord,
  { requestId, key, at }: PendingMessage,
  number: number,
): Promise<void> {
  if (secondsBetween(atTime(at), env.clock.now()) > goodFor)
    return env.outbox.settle(requestId, key, 'superseded');
  const keys = await env.keys.unwrap(record.wrappedSecret ?? '');
  const details = await env.ledger.details(record);
  await textCode(env, { record, keys }, details, number).catch(() => undefined);
}
