import fc from 'fast-check';
import { mailMasking, maskedBy, ownAddress } from '../../helpers/mail-masking';
import { mails, planted } from '../../helpers/mails';

describe('any mail', () => {
  it('keeps every byte when nothing in it has to be masked', () =>
    fc.assert(
      fc.property(mails('clean'), (raw) => {
        const { content, edits, redactions } = maskedBy(raw);
        expect(edits).toEqual([]);
        expect(content.equals(raw)).toBe(true);
        expect(redactions).toEqual({});
      }),
      { numRuns: 100 },
    ));

  it('differs in the places of what was masked alone, and is itself again with them put back', () =>
    fc.assert(
      fc.property(mails('planted'), (raw) => {
        const { content, edits } = maskedBy(raw);
        let shift = 0;
        let restored = content;
        let before = 0;
        for (const { start, end, content: put } of edits) {
          expect(start).toBeGreaterThanOrEqual(before);
          // A few lines around what is masked, at most, unless a line is long.
          expect(end - start).toBeLessThan(6_000);
          const at = start + shift;
          expect(content.subarray(at, at + put.length).equals(put)).toBe(true);
          shift += put.length - (end - start);
          before = end;
        }
        for (const { start, end, content: put } of edits)
          restored = Buffer.concat([
            restored.subarray(0, start),
            raw.subarray(start, end),
            restored.subarray(start + put.length),
          ]);
        expect(restored.equals(raw)).toBe(true);
      }),
      { numRuns: 100 },
    ));

  it('is masked once and for all: masking it again changes nothing', () =>
    fc.assert(
      fc.property(mails('planted'), (raw) => {
        const { content } = maskedBy(raw);
        expect(maskedBy(content).edits).toEqual([]);
      }),
      { numRuns: 100 },
    ));

  it('shows nothing of what is masked as it stands, and the address of the person as often as before', () =>
    fc.assert(
      fc.property(mails('planted'), (raw) => {
        const text = maskedBy(raw).content.toString('latin1');
        expect(text).not.toContain(planted.address);
        for (const card of planted.cards) expect(text).not.toContain(card);
        const count = (of: string): number => of.split(ownAddress).length;
        expect(count(text)).toBeGreaterThanOrEqual(count(raw.toString('latin1')));
      }),
      { numRuns: 100 },
    ));

  it('keeps other people when the policy keeps them', () =>
    fc.assert(
      fc.property(mails('planted'), (raw) => {
        const masking = mailMasking({ otherPeople: 'keep', cardNumbers: 'keep' });
        expect(maskedBy(raw, masking).content.equals(raw)).toBe(true);
      }),
      { numRuns: 50 },
    ));
});

describe('any bytes', () => {
  const line = fc.constantFrom(
    'From: a@b.example',
    'Subject: =?utf-8?B?////?=',
    'Subject: =?iso-2022-jp?B?GyRCRnw0MTExMTExMTExMTExMTEx?=',
    'Content-Type: multipart/mixed; boundary="b"',
    'Content-Type: multipart/digest; boundary=""',
    'To: "a <b@c.example>, (((, <',
    "Content-Disposition: attachment; filename*1*=%34; filename*0*=utf-8''%3411",
    '',
    '--b',
    '--b--',
    '--c',
    'Content-Type: text/plain; charset=none',
    'Content-Type: text/html; charset=utf-16',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    'Content-Type: message/rfc822',
    'NDExMSAxMTExIDExMTEgMTExMQ==NDEx=MSA=',
    '=34=31=31=31 1111 1111 1111=',
    '<a href="&#52;111 <b title=\'',
    'My card: 4111 1111 1111 1111',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((some): Buffer => Buffer.from(some)),
    fc
      .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\r'))
      .map(([some, newline]) => Buffer.from(some.join(newline))),
  );

  it('are masked without an error, and show no card', () =>
    fc.assert(
      fc.property(bytes, (raw) => {
        const { content, edits } = maskedBy(raw);
        edits.reduce((before, { start, end }) => {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThanOrEqual(start);
          return end;
        }, 0);
        expect(content.toString('latin1')).not.toContain('4111 1111 1111 1111');
      }),
      { numRuns: 200 },
    ));
});
