import { asciiDomain, unicodeDomain } from './domains';
import type { RuleSource } from './number-plans';

/**
 * A provider that documents that several addresses are one mailbox. RFC 5321 (section 2.3.11) leaves
 * the local part to the provider: what none documents, such as dots elsewhere, makes another mailbox.
 */
export interface MailboxRule {
  provider: string;
  /** Domains of one mailbox, the provider's own name first. */
  domains: readonly string[];
  dots: 'ignored' | 'significant';
  /** What follows a plus sign. */
  tag: 'ignored' | 'significant';
  sources: RuleSource[];
}

export const mailboxRules: readonly MailboxRule[] = [
  {
    provider: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    dots: 'ignored',
    tag: 'ignored',
    sources: [
      {
        title: "Gmail Help, Dots don't matter in Gmail addresses",
        url: 'https://support.google.com/mail/answer/7436150',
      },
      {
        title: 'Google on the change from googlemail.com to gmail.com, by google-info-blog',
        url: 'http://google-info-blog.blogspot.com',
      },
      {
        title: 'Gmail blog on + and dots, as translated at diary.ru',
        url: 'https://shano.diary.ru/amp/p200270095.htm',
      },
    ],
  },
  ...['fastmail.com', 'fastmail.fm'].map((domain): MailboxRule => ({
    provider: 'Fastmail',
    domains: [domain],
    dots: 'significant',
    tag: 'ignored',
    sources: [
      {
        title: 'Fastmail Help, Plus addressing and subdomain addressing',
        url: 'https://www.fastmail.help/hc/en-us/articles/360060591053',
      },
    ],
  })),
];

const split = (email: string): [string, string] => {
  const at = email.lastIndexOf('@');
  return [email.slice(0, at), email.slice(at + 1)];
};

const ruleOf = (domain: string): MailboxRule | undefined =>
  mailboxRules.find(({ domains }) => domains.includes(domain));

/** The local part of a mailbox, without what its provider ignores. */
function localOf(local: string, { dots, tag }: MailboxRule): string {
  const plus = local.indexOf('+');
  const name = tag === 'ignored' && plus > 0 ? local.slice(0, plus) : local;
  return dots === 'ignored' ? name.replaceAll('.', '') || name : name;
}

/** The address by which a mailbox is compared: two addresses of one mailbox have the same. */
export function canonicalMailbox(email: string): string {
  const [local, given] = split(email);
  const domain = asciiDomain(given);
  const rule = ruleOf(domain);
  if (rule === undefined) return `${local}@${domain}`;
  return `${localOf(local, rule)}@${rule.domains[0] ?? domain}`;
}

/** A name with one dot at each place where it may be, as people write `first.last`. */
const withOneDot = (name: string): string[] =>
  Array.from(
    { length: Math.max(0, name.length - 1) },
    (_, i) => `${name.slice(0, i + 1)}.${name.slice(i + 1)}`,
  );

/**
 * Spellings of a mailbox by which it is looked for, the one it is compared by first. Of those that
 * are without limit, the one given and those with one dot at most: a mailbox written with more is
 * found by that spelling alone, and matched by any.
 */
export function mailboxForms(email: string): string[] {
  const canonical = canonicalMailbox(email);
  const [name, domain] = split(canonical);
  const [local] = split(email);
  const rule = ruleOf(domain);
  const names = [name, local, ...(rule?.dots === 'ignored' ? withOneDot(name) : [])];
  const domains = rule?.domains ?? [domain, unicodeDomain(domain)];
  return [...new Set(names.flatMap((one) => domains.map((each) => `${one}@${each}`)))];
}

/** Those of the spellings that a keyword search is worth: the one given, and those without dots. */
export function mailboxKeywords(email: string): string[] {
  const canonical = canonicalMailbox(email);
  const [name, domain] = split(canonical);
  const domains = ruleOf(domain)?.domains ?? [domain, unicodeDomain(domain)];
  return [...new Set([email, ...domains.map((each) => `${name}@${each}`)])];
}
