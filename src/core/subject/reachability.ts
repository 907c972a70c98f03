import { isSufficient, type StepUpMethod, type StepUpPolicy } from '../authentication/step-up';
import type { Contact } from './contact';
import type { Decision } from './decision';
import { currentNumber } from './number-plans';

/**
 * The number on file that one-time codes are sent to, as it is dialled today; null without one that
 * receives text messages. A number with an extension is a switchboard's.
 */
export function smsNumberOf(contact: Contact): string | null {
  const phone = contact.phones.find(
    ({ receivesSms, extension }) => receivesSms && extension === undefined,
  );
  return phone === undefined ? null : currentNumber(phone.number);
}

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
