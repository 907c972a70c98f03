import { availableEmail, invitationEmail, reminderEmail } from '../core/messages';
import type { ActivityInput } from '../orchestrators/contract';
import type { RequestDetails } from '../ports';
import { guarded, openRequest, type Environment } from './environment';

/** The mailbox on file that messages go to: the one that was named, if it is on file. */
function mailboxOf(details: RequestDetails): string {
  const onFile = details.contact?.emails ?? [];
  const named = details.identifiers.find(
    ({ type, value }) => type === 'email' && onFile.includes(value),
  );
  return named?.value ?? onFile[0] ?? '';
}

/**
 * A Message-ID that is the same when a message is sent again after a fall, so that mail systems can
 * tell the copy (RFC 5322 section 3.6.4).
 */
const messageId = (env: Environment, requestId: string, kind: string): string =>
  `<${env.keys.keyedHash('message', `${kind}\0${requestId}`).slice(0, 32)}@${new URL(env.settings.branding.portalOrigin).hostname}>`;

/** Mails the link to the portal. The link's token follows from the request, so a repeat is the same. */
export const createInvite =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'invite'>) =>
    guarded(env, requestId, async (env) => {
      const { record, keys } = await openRequest(env, requestId);
      await env.access.putInvitation(requestId, keys.invitationToken);
      const message = invitationEmail(env.settings.branding, keys.invitationToken);
      const to = mailboxOf(await env.ledger.details(record));
      await env.notifier.email({
        to,
        ...message,
        messageId: messageId(env, requestId, 'invitation'),
      });
      return null;
    });

/** Mails that the package is there, with the same link. */
export const createAnnounce =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'announce'>) =>
    guarded(env, requestId, async (env) => {
      const { record, keys } = await openRequest(env, requestId);
      const message = availableEmail(
        env.settings.branding,
        keys.invitationToken,
        record.availableUntil ?? '',
      );
      const to = mailboxOf(await env.ledger.details(record));
      await env.notifier.email({
        to,
        ...message,
        messageId: messageId(env, requestId, 'available'),
      });
      return null;
    });

/** Mails the company's own privacy address that a request waits for a decision. */
export const createRemindOfficer =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'remindOfficer'>) =>
    guarded(env, requestId, async (env) => {
      const { record } = await openRequest(env, requestId);
      const { branding } = env.settings;
      const sentOn = env.clock.now().toISOString().slice(0, 10);
      await env.notifier.email({
        to: branding.controllerContact,
        ...reminderEmail(branding, requestId, record.reason ?? ''),
        messageId: messageId(env, requestId, `reminder ${sentOn}`),
      });
      return null;
    });
