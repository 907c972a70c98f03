import { isSufficient, type StepUpMethod, type StepUpPolicy } from '../authentication/step-up';
import type { Contact } from './contact';
import type { Decision } from './resolve-contact';

/** The number on file that one-time codes are sent to; null without one that receives text messages. */
export const smsNumberOf = (contact: Contact): string | null =>
  contact.phones.find((phone) => phone.receivesSms)?.number ?? null;

/**
 * Whether the person can be invited and can verify their identity: by an email address on file and
 * sufficient methods, or in person where an officer has decided so.
 * @param methods that the person can use
 */
export const isReachable = (
  contact: Contact,
  methods: readonly StepUpMethod[],
  policy: StepUpPolicy,
  decision: Decision | null,
): boolean =>
  decision?.method === 'officer' || (contact.emails.length > 0 && isSufficient(methods, policy));
