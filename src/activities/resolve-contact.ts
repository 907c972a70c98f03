import type { Contact } from '../core/identity';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { guarded, openRequest, type Environment } from './environment';

/** The number that codes go to: one on file that takes text messages. */
export const factorOf = (contact: Contact): string | null =>
  contact.phones.find((phone) => phone.takesText)?.number ?? null;

/**
 * Finds whom the request means by exact lookups of every identifier given. Anything but one contact
 * with a mailbox and a number on file is for a person to decide.
 */
export const createResolveContact =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'resolveContact'>) =>
    guarded(env, requestId, async (): Promise<ActivityOutput<'resolveContact'>> => {
      const { record } = await openRequest(env, requestId);
      const details = await env.ledger.details(record);
      const found = new Map<string, Contact>();
      for (const identifier of details.identifiers) {
        const contact = await env.source.lookUpContact(identifier);
        if (contact) found.set(contact.id, contact);
      }
      const [contact, ...others] = found.values();
      if (!contact) return { outcome: 'nothingHeld' };
      if (others.length > 0) return { outcome: 'ambiguousContact' };
      await env.ledger.setDetails(record, { ...details, contact });
      const isReachable = contact.emails.length > 0 && factorOf(contact) !== null;
      return { outcome: isReachable ? 'found' : 'noFactor' };
    });
