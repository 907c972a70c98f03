import { domainDiagnostic } from '../../src/cli/checks-messages';
import type { MailDomainAnswer } from '../../src/ports/mail-domain-probe';

describe('the check of the domain of emails', () => {
  it.each<[MailDomainAnswer, string, RegExp]>([
    ['good', 'ok', /has its DNS records/],
    ['noAnswer', 'notChecked', /No DNS server/],
    ['spfMissing', 'warning', /no SPF record/],
    ['spfTwice', 'warning', /several SPF records/],
    ['dkimMissing', 'warning', /DKIM/],
    ['mxMissing', 'warning', /takes no emails/],
  ])('says of %s: %s', (answer, outcome, message) => {
    const said = domainDiagnostic(answer);
    expect(said).toMatchObject({
      check: 'mail.domain',
      outcome,
      message: expect.stringMatching(message) as string,
    });
    expect(said.fix !== undefined).toBe(outcome === 'warning');
  });
});
