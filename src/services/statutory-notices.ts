import { MessageRefusedError } from '../core/errors';
import { legalClockOf } from '../core/request/legal-clock';
import type { PersonMessage } from '../core/messages/messages';
import type { ActivityInput } from '../orchestrators/activity-types';
import type { RequestRecord } from '../ports';
import { runActivity, type Environment } from './environment';
import { mailboxOf, mailOfficer, mailPerson } from './messaging';

/**
 * Tells a person of a refusal or an extension, with its reason (Art. 12(3) and (4) GDPR). Who has no
 * mailbox on file, or one that takes no mail, is written to by the officer, who is told so.
 * @returns whether the person was told by mail
 * @throws MessageNotAcceptedError when it may be tried again
 */
export async function sendStatutoryNotice(
  env: Environment,
  record: RequestRecord,
  kind: 'extended' | 'refused',
): Promise<boolean> {
  if (record.wrappedSecret === null) return false;
  const details = await env.ledger.details(record);
  const notice = details.statutoryNotices[kind];
  if (notice === null) return false;
  const { code: reason, explanation } = notice;
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
  await mailOfficer(env, record, 'statutoryNotice');
  return false;
}

/** Tells the person why their request is refused, before everything of it is deleted. */
export const createSendRefusalNotice =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'sendRefusalNotice'>) =>
    runActivity(env, requestId, async (env) => {
      const record = await env.ledger.get(requestId);
      if (record?.state === 'refused') await sendStatutoryNotice(env, record, 'refused');
      return null;
    });
