import type { ActivityInput } from '../orchestrators/activity-types';
import { runActivity, openRequest, type Environment } from '../services/environment';
import { mailboxOf, mailOfficer, mailPerson } from '../services/messaging';

/**
 * Mails the link to the portal. The link's token follows from the request, so a repeat is the same.
 * Who has no mailbox on file is seen to by an officer.
 */
export const createInvite =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'invite'>) =>
    runActivity(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      const details = await env.ledger.details(request.record);
      await env.codesAndSessions.putInvitation(requestId, request.keys.invitationToken);
      if (mailboxOf(details) !== '')
        await mailPerson(env, request, details, { kind: 'invitation' });
      return null;
    });

/** Reminds, once, who was invited and has not proven who they are. */
export const createRemindPerson =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'remindPerson'>) =>
    runActivity(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      if (request.record.verifiedAt !== null) return null;
      const details = await env.ledger.details(request.record);
      if (mailboxOf(details) !== '') await mailPerson(env, request, details, { kind: 'reminder' });
      return null;
    });

/** Mails that the package is there, with the same link; or tells the officer, who hands it over. */
export const createAnnounce =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'announce'>) =>
    runActivity(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      const details = await env.ledger.details(request.record);
      if (mailboxOf(details) === '') await mailOfficer(env, request.record, 'handOver');
      else {
        const { availableUntil } = request.record;
        await mailPerson(env, request, details, { kind: 'available' }, availableUntil);
      }
      return null;
    });

/** Mails the company's own privacy address that a request waits for a decision, or has failed. */
export const createRemindOfficer =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'remindOfficer'>) =>
    runActivity(env, requestId, async (env) => {
      const record = await env.ledger.get(requestId);
      if (record?.state === 'needsDecision') await mailOfficer(env, record, 'decision');
      if (record?.state === 'failed') await mailOfficer(env, record, 'failed');
      return null;
    });
