import { MessageRefusedError } from '../core/errors';
import { legalClockOf } from '../core/legal-clock';
import type { PersonMessage } from '../core/messages';
import type { ActivityInput } from '../orchestrators/contract';
import type { RequestRecord } from '../ports';
import { guarded, type Environment } from './environment';
import { mailboxOf, mailOfficer, mailPerson } from './messaging';

/**
 * Tells a person of a refusal or an extension, with its reason (Art. 12(3) and (4) GDPR). Who has no
 * mailbox on file, or one that takes no mail, is written to by the officer, who is told so.
 * @returns whether the person was told by mail
 * @throws MessageNotTakenError when it may be tried again
 */
export async function sendLetter(
  env: Environment,
  record: RequestRecord,
  kind: 'extended' | 'refused',
): Promise<boolean> {
  if (record.wrappedSecret === null) return false;
  const details = await env.ledger.details(record);
  const letter = details.letters[kind];
  if (letter === null) return false;
  const { code: reason, explanation } = letter;
  const message: PersonMessage = { kind, reason, explanation };
  if (mailboxOf(details) !== '') {
    const keys = await env.keys.unwrap(record.wrappedSecret);
    const { dueAt } = legalClockOf(record, env.settings.legalClock, env.clock.now());
    try {
      await mailPerson(env, { record, keys }, details, message, dueAt);
      return true;
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) throw error;
    }
  }
  await mailOfficer(env, record, 'letter');
  return false;
}

/** Tells the person why their request is refused, before everything of it is deleted. */
export const createTellRefusal =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'tellRefusal'>) =>
    guarded(env, requestId, async (env) => {
      const record = await env.ledger.get(requestId);
      if (record?.state === 'refused') await sendLetter(env, record, 'refused');
      return null;
    });
