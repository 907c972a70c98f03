import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cuesOf, type SourceTranscript } from '../../src/core/package/webvtt';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import {
  normaliseEmail,
  normalisePhone,
  type Identifier,
} from '../../src/core/subject/identifiers';
import { identifierKey } from '../../src/core/subject/spellings';
import { casesPath, casesSkipped, hasCases } from '../helpers/outside-inputs';

const bytesOf = (...names: string[]): Buffer => readFileSync(join(casesPath, ...names));
const read = <T>(...names: string[]): T => JSON.parse(bytesOf(...names).toString()) as T;
const sanitiser = (): Sanitiser => new Sanitiser(defaultPolicy, (id) => id);

/** What an identifier is compared by, in any spelling. */
function keyOf(type: string, written: string): string {
  const bare = /^\d/.test(written) ? `+${written}` : written;
  const value = type === 'email' ? normaliseEmail(written) : normalisePhone(bare, null);
  const identifier: Identifier = { type: type === 'email' ? 'email' : 'phone', value: value ?? '' };
  return identifierKey(identifier);
}

/** Places in a ZIP file at which entries of its central directory begin. */
function entriesOf(zip: Buffer): number[] {
  const places: number[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4))
    places.push(at);
  return places;
}

describe(`inputs that once went wrong${casesSkipped}`, () => {
  const test = hasCases ? it : it.skip;

  test('card numbers are found beside other groups of digits and between other spaces', () => {
    for (const text of read<string[]>('card-number-before-expiry', 'texts.json')) {
      const masked = sanitiser().text(text);
      expect(masked).toContain('[card number removed]');
      expect(masked).not.toMatch(/4111|5555/);
    }
  });

  test('numbers of phones, orders and cases are no card numbers', () => {
    const document = read('luhn-is-not-a-card', 'document.json');
    const one = sanitiser();
    expect(one.document(document)).toEqual(document);
    expect(one.redactions).toEqual({});
  });

  test('a phrase before its transcript is a cue that ends behind its start', () => {
    const cues = cuesOf(read<SourceTranscript>('vtt-before-start', 'transcript.json'));
    expect(cues).toHaveLength(1);
    for (const { from, to } of cues) expect(to).toBeGreaterThan(from);
  });

  test('spellings of one line or mailbox are one identifier', () => {
    const requests = read<Record<string, string>>('number-and-mailbox-variants', 'requests.json');
    const same = Object.entries(requests).flatMap(([request, outcome]) => {
      const [, type = '', asked = '', held = ''] =
        /^(\w+) (\S+) \(contact: (\S+)\)$/.exec(request) ?? [];
      return outcome === 'nothingHeld' ? [[keyOf(type, asked), keyOf(type, held)]] : [];
    });
    expect(same).toHaveLength(7);
    for (const [asked, held] of same) expect(asked).toBe(held);
  });

  test('a number that a plan does not know any more is one still', () => {
    interface Organisation {
      contacts: { phones: { e164: string }[]; handles?: { value: string }[] }[];
    }
    const { contacts } = read<Organisation>('number-no-longer-possible', 'org.json');
    const numbers = contacts.flatMap(({ phones, handles = [] }) => [
      ...phones.map(({ e164 }) => e164),
      ...handles.map(({ value }) => `+${value}`),
    ]);
    expect(numbers).not.toEqual([]);
    for (const number of numbers) expect(normalisePhone(number, null)).not.toBeNull();
  });

  test('a directory of an archive names its sizes in 32 bits, where they suffice', () => {
    const sizesIn = (zip: Buffer): number[] =>
      entriesOf(zip).map((at) => zip.readUInt32LE(at + 20));
    const tooLarge = 0xffff_ffff;
    expect(sizesIn(bytesOf('unar-zip64-directory', 'with.zip'))).toContain(tooLarge);
    expect(sizesIn(bytesOf('unar-zip64-directory', 'without.zip'))).not.toContain(tooLarge);
  });
});
