import { isStopped } from '../core/states';
import { atTime, secondsBetween } from '../core/time';
import type { Environment } from './environment';
import { codeNumberOf, textCode } from './messaging';

/** Seconds after which a code that waits would be too old when it comes. */
const goodFor = 9 * 60;

/** Sends codes whose message was not taken, while they are good. */
export async function sendPendingCodes(env: Environment): Promise<void> {
  for (const { requestId, key, at } of await env.outbox.pending()) {
    const number = codeNumberOf(key);
    const record = number === null ? null : await env.ledger.get(requestId);
    if (number === null || !record?.wrappedSecret || isStopped(record.state)) continue;
    if (secondsBetween(atTime(at), env.clock.now()) > goodFor) {
      await env.outbox.settle(requestId, key, 'superseded');
      continue;
    }
    const keys = await env.keys.unwrap(record.wrappedSecret);
    const details = await env.ledger.details(record);
    await textCode(env, { record, keys }, details, number).catch(() => undefined);
  }
}
