import { Resolver } from 'node:dns/promises';
import type { MailDomainAnswer, MailDomainProbe } from '../../ports/mail-domain-probe';

/** What is asked of DNS. */
export type Lookups = Pick<
  Resolver,
  'resolveTxt' | 'resolveCname' | 'resolveMx' | 'resolve4' | 'resolve6'
>;

/** Milliseconds that a DNS server may take. */
const timeout = 2000;

/** Codes that say that there is no such record. Any other error says nothing about it. */
const absent = ['ENOTFOUND', 'ENODATA'];

/** Whether one of several records exists: `unknown` where one that could not be looked up may be it. */
type Found = boolean | 'unknown';

async function lookUp<T>(records: Promise<T[]>): Promise<T[] | 'unknown'> {
  try {
    return await records;
  } catch (error) {
    return absent.includes((error as { code?: string }).code ?? '') ? [] : 'unknown';
  }
}

/** Names under which Communication Services publish the keys of a domain, each an alias (CNAME) of one of theirs. */
export const communicationSelectors = [
  'selector1-azurecomm-prod-net',
  'selector2-azurecomm-prod-net',
] as const;

/**
 * Looks up the records of a domain by the DNS servers of the machine, all at once. It says that records are there, not that
 * they are right: what SPF includes, what DKIM signs and what DMARC asks for shows when an email is received.
 */
export class DnsMailDomain implements MailDomainProbe {
  /** @param selectors of the keys of DKIM; none where they are not known, which leaves DKIM out */
  constructor(
    private readonly selectors: readonly string[],
    private readonly dns: Lookups = new Resolver({ timeout, tries: 1 }),
  ) {}

  async records(domain: string): Promise<MailDomainAnswer> {
    const [spf, isSigned, isReceiving] = await Promise.all([
      this.spfRecords(domain),
      this.hasKeys(domain),
      this.receives(domain),
    ]);
    if (spf === 0) return 'spfMissing';
    if (spf !== 'unknown' && spf > 1) return 'spfTwice';
    if (isSigned === false) return 'dkimMissing';
    if (isReceiving === false) return 'mxMissing';
    return [spf, isSigned, isReceiving].includes('unknown') ? 'noAnswer' : 'good';
  }

  private async spfRecords(domain: string): Promise<number | 'unknown'> {
    const texts = await lookUp(this.dns.resolveTxt(domain));
    if (texts === 'unknown') return texts;
    return texts.filter((parts) => /^v=spf1(?: |$)/i.test(parts.join(''))).length;
  }

  private async hasKeys(domain: string): Promise<Found> {
    const found = await Promise.all(
      this.selectors.map((selector) =>
        lookUp(this.dns.resolveCname(`${selector}._domainkey.${domain}`)),
      ),
    );
    if (found.some((names) => names !== 'unknown' && names.length === 0)) return false;
    return found.includes('unknown') ? 'unknown' : true;
  }

  /** A domain without MX records takes emails at its own address; one with the record `.` takes none. */
  private async receives(domain: string): Promise<Found> {
    const servers = await lookUp(this.dns.resolveMx(domain));
    if (servers === 'unknown') return servers;
    if (servers.length > 0) return servers.some(({ exchange }) => exchange !== '');
    const addresses = await Promise.all([
      lookUp(this.dns.resolve4(domain)),
      lookUp(this.dns.resolve6(domain)),
    ]);
    if (addresses.some((found) => found !== 'unknown' && found.length > 0)) return true;
    return addresses.includes('unknown') ? 'unknown' : false;
  }
}
