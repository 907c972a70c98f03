import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailMasking, maskedBy } from '../../helpers/mail-masking';
import { casesPath, casesSkipped, hasCases } from '../../helpers/outside-inputs';

/** What has to be in a mail once it is masked, and what must not be. */
const cases: [string, string[], RegExp][] = [
  [
    'eml-attachment-charset/in.eml',
    [
      'Subject: Karte [card number removed]',
      'In-Reply-To: <1@x>',
      'charset=iso-8859-1; name="iso.txt"',
      // Nothing in this attachment is masked: its bytes stay.
      'RnL2c2NoZSwgR3L832UsIDUwIEU=',
    ],
    /4111|NAAxADEAMQ/,
  ],
  ['eml-date/bad-date.eml', ['Date: Wed, 15 Dec 2010    59:10 -0500\r\n'], /4111/],
  ['eml-date/no-date.eml', ['Subject: [card number removed]\r\n'], /4111|^date:/im],
  ['eml-forwarded-message/in.eml', ['Subject: Order', 'My card: [card number removed].'], /5555/],
  [
    'eml-lost-headers/in.eml',
    [
      'To: A Group:"[another person]" <another.person@masked.invalid>,another.person@masked.invalid;',
      'Sender: another.person@masked.invalid',
      'Cc: Undisclosed recipients:;',
      'In-Reply-To: <1@x.example>',
      'References: <1@x.example>',
      'Date: Tue, 6 Oct 2026 10:00:00 -0330',
    ],
    /4111|pete|silly|chris|joe/i,
  ],
  ['eml-wrong-boundary/body-lost.eml', ['this text is gone afterwards'], /4111/],
  ['eml-wrong-boundary/card-left.eml', ['card [card number removed]'], /5555/],
];

describe(`mails that once went wrong${casesSkipped}`, () => {
  (hasCases ? it : it.skip).each(cases)('%s is masked in place', (file, kept, gone) => {
    const raw = readFileSync(join(casesPath, file));
    const { content } = maskedBy(raw, mailMasking({}, ['nobody@home.example']));
    const written = content.toString('latin1');
    for (const text of kept) expect(written).toContain(text);
    expect(written).not.toMatch(gone);
  });
});
