import { normaliseEmail, withoutTag } from '../../subject/identifiers';
import { identifierKey } from '../../subject/spellings';
import { maskedDomain } from '../marks';
import type { Policy } from '../policy';
import { remembered } from '../remembered';

/** Mailboxes whose owners are kept in mind. */
const mostRemembered = 10_000;

/** Whose a mailbox is, as far as it decides what is masked of it. */
export type MailboxOwner = 'subject' | 'company' | 'other' | 'kept';

/** Tells whose mailboxes are. */
export interface MailPeople {
  ownerOf(address: string): MailboxOwner;
}

/** Mailboxes of a company and of no person: RFC 2142, and what is usual beside. */
const roles = new Set([
  ...['info', 'marketing', 'sales', 'support', 'abuse', 'noc', 'security', 'postmaster'],
  ...['hostmaster', 'webmaster', 'mailer-daemon', 'service', 'customerservice', 'customercare'],
  ...['contact', 'hello', 'help', 'helpdesk', 'noreply', 'no-reply', 'donotreply', 'do-not-reply'],
  ...['kundenservice', 'kontakt'],
]);

const keyOf = (address: string): string | null => {
  const value = normaliseEmail(address);
  return value === null ? null : identifierKey({ type: 'email', value });
};

/** An address as it is compared without its tag, which is the owner's own matter. */
const bareKeyOf = (address: string): string | null => {
  const value = normaliseEmail(address);
  return value === null ? null : keyOf(withoutTag(value));
};

/** Quotes that do not make another address (RFC 5321 section 4.1.2), escaped where they stand in JSON. */
const needlessQuotes = /^\\*"([^"\\]*)\\*"(?=@)/;

/**
 * Tells the person's mailboxes from those of others, staff included; `kept`, where a policy masks no others.
 * @param own the person's addresses, in any spelling
 */
export function mailPeople(
  policy: Pick<Policy, 'otherPeople'>,
  own: readonly string[],
): MailPeople {
  const keys = new Set(own.flatMap((one) => [keyOf(one), bareKeyOf(one)]));
  keys.delete(null);
  // Addresses to which mails are returned hold the one that they were sent to: `bounce+me=home.example@list`.
  const written = own.map((one) => one.toLowerCase().replace('@', '='));
  const find = (given: string): MailboxOwner => {
    const address = given.replace(needlessQuotes, '$1');
    const key = keyOf(address);
    if (keys.has(key) || keys.has(bareKeyOf(address))) return 'subject';
    const lower = address.toLowerCase();
    if (written.some((one) => lower.includes(one))) return 'subject';
    if (lower.endsWith(maskedDomain)) return 'company';
    // Staff among them is known otherwise, or not at all.
    if (policy.otherPeople === 'keep') return 'kept';
    return roles.has(lower.split('@')[0] ?? '') ? 'company' : 'other';
  };
  return {
    ownerOf: remembered(find, mostRemembered),
  };
}

/** Words that a name of a company's mailbox may have, besides those of its address. */
const roleWords =
  /^(the|team|und|and|der|die|das|de|of|customer|center|centre|inbox|reply|gmbh|ag|ltd|inc|llc|sa|bv)$/i;

/** Whether a name only says again what its company's address says: it is nobody's. */
export function namesCompany(name: string, address: string): boolean {
  const letters = address.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return words.every((word) => letters.includes(word) || roleWords.test(word) || roles.has(word));
}
