/**
 * What the DNS records of a domain say about emails from it: `good`, the first thing that is wrong, or `noAnswer` where the
 * records could not be looked up.
 */
export type MailDomainAnswer =
  | 'good'
  /** No server is named that may send for the domain (SPF, RFC 7208). */
  | 'spfMissing'
  /** It has several SPF records, which is an error for receivers (RFC 7208, section 4.5). */
  | 'spfTwice'
  /** No key is found that signatures of emails are checked with (DKIM, RFC 6376). */
  | 'dkimMissing'
  /** It takes no emails: answers and failure notices have nowhere to go (RFC 5321, section 5.1; RFC 7505). */
  | 'mxMissing'
  | 'noAnswer';

/** Looks up the DNS records of a sender's domain. */
export interface MailDomainProbe {
  /** Never throws. */
  records(domain: string): Promise<MailDomainAnswer>;
}
