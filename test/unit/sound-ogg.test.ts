import { noPosition, OggReader, pageBytes, type OggPage } from '../../src/core/sound/ogg';
import { oggPage, oneByOne, refusal, type PageOptions } from '../helpers/sound-files';

const filled = (length: number, byte = 7): Buffer => Buffer.alloc(length, byte);

/** The pages that come of some pieces, and how many bytes are left. */
function read(...pieces: readonly Uint8Array[]): { pages: OggPage[]; left: number } {
  const reader = new OggReader();
  const pages: OggPage[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let page = reader.next(); page !== null; page = reader.next()) pages.push(page);
  }
  return { pages, left: reader.length };
}
function pageOf(packets: readonly Uint8Array[], options: PageOptions = {}): OggPage {
  const [page] = read(oggPage(packets, options)).pages;
  if (page === undefined) throw new Error('no page');
  return page;
}
/** Lengths of the parts of a page, and whether they begin and end there. */
const partsOf = ({ parts }: OggPage): [length: number, begins: boolean, ends: boolean][] =>
  parts.map(({ bytes, begins, ends }) => [bytes.length, begins, ends]);

describe('a page of Ogg', () => {
  it('says what RFC 3533 lets it say', () => {
    const given = oggPage([filled(3)], { position: 0x0102_0304_0506_0708n, serial: 0xfedc_ba98 });
    const { pages, left } = read(given);
    expect(left).toBe(0);
    expect(pages).toEqual([
      {
        bytes: given,
        isFirst: false,
        isLast: false,
        position: 0x0102_0304_0506_0708n,
        serial: 0xfedc_ba98,
        parts: [{ bytes: filled(3), begins: true, ends: true }],
        isChanged: false,
      },
    ]);
  });

  it.each([
    [0, false, false, true],
    [1, false, false, false],
    [2, true, false, true],
    [4, false, true, true],
    [7, true, true, false],
  ])('has flags: %d', (flags, isFirst, isLast, begins) => {
    const page = pageOf([filled(1)], { flags });
    expect([page.isFirst, page.isLast, page.parts[0]?.begins]).toEqual([isFirst, isLast, begins]);
  });

  it('has a position below zero where no packet ends', () => {
    expect(noPosition).toBe(-1n);
    expect(pageOf([filled(255)], { position: -1n, table: [255] }).position).toBe(noPosition);
  });

  it.each<[string, number[], number, [number, boolean, boolean][]]>([
    ['no packet', [], 0, []],
    ['an empty packet', [0], 0, [[0, true, true]]],
    [
      'several packets',
      [3, 0, 254],
      0,
      [
        [3, true, true],
        [0, true, true],
        [254, true, true],
      ],
    ],
    ['a packet of several segments', [255, 255, 9], 0, [[519, true, true]]],
    ['a packet of a full segment', [255, 0], 0, [[255, true, true]]],
    [
      'a packet that goes on',
      [5, 255, 255],
      0,
      [
        [5, true, true],
        [510, true, false],
      ],
    ],
    [
      'a packet that ends, and another',
      [255, 4, 6],
      1,
      [
        [259, false, true],
        [6, true, true],
      ],
    ],
    ['a packet that came and goes on', [255], 1, [[255, false, false]]],
  ])('has the packets of its table: %s', (_name, table, flags, wanted) => {
    const body = filled(table.reduce((sum, one) => sum + one, 0));
    body.forEach((_, i) => (body[i] = i % 253));
    const page = pageOf([body], { table, flags });
    expect(partsOf(page)).toEqual(wanted);
    expect(Buffer.concat(page.parts.map(({ bytes }) => bytes)).equals(body)).toBe(true);
  });
});

describe('a file of Ogg', () => {
  const pages = (): Buffer[] => [
    oggPage([], { flags: 2 }),
    oggPage([filled(300)], { number: 0x0102_0304 }),
    oggPage([filled(2), filled(0)], { flags: 4 }),
  ];

  it('is read whichever way it comes in pieces', () => {
    const file = Buffer.concat(pages());
    const whole = read(file);
    expect(whole.left).toBe(0);
    expect(whole.pages.map(({ bytes }) => Buffer.from(bytes))).toEqual(pages());
    expect(read(...oneByOne(file))).toEqual(whole);
  });

  it('waits for the rest of a page', () => {
    const page = oggPage([filled(300)]);
    for (const length of [0, 1, 3, 4, 26, 27, 28, 29, 328])
      expect(read(page.subarray(0, length))).toEqual({ pages: [], left: length });
    expect(read(page).left).toBe(0);
  });

  it.each([
    ['other letters', Buffer.from('OggX'.padEnd(40))],
    ['other letters, as soon as one of them comes', Buffer.from('Og_')],
    ['a letter alone', Buffer.from('o')],
    ['another version', oggPage([filled(2)], { version: 1 })],
  ])('is refused where a page would begin: %s', (_name, bytes) => {
    expect(refusal(() => read(oggPage([filled(2)]), bytes))).toBe('malformed');
  });

  it('is refused where any byte of a page is another', () => {
    const page = oggPage([filled(2)], { serial: 0x0102_0304, number: 0x0506_0708 });
    // Of another table the page would be longer.
    for (let at = 0; at < page.length; at += 1) {
      if (at === 26 || at === 27) continue;
      const other = Buffer.from(page);
      other[at] = (other[at] ?? 0) ^ 0x10;
      expect(refusal(() => read(other))).toBe('malformed');
    }
  });
});

describe('the bytes of a page', () => {
  it('are those that came where nothing is changed', () => {
    const page = pageOf([filled(300), filled(1)]);
    expect(pageBytes(page)).toBe(page.bytes);
  });

  const changed = (page: OggPage, parts: OggPage['parts']): Buffer =>
    Buffer.from(pageBytes({ ...page, parts, isChanged: true }));
  const part = (length: number, begins = true, ends = true): OggPage['parts'][number] => ({
    ...{ bytes: filled(length, 9), begins, ends },
  });

  it.each<[string, OggPage['parts'], number[], boolean]>([
    ['none', [], [], false],
    ['one', [part(3)], [3], false],
    ['an empty one', [part(0)], [0], false],
    ['one of a full segment', [part(255)], [255, 0], false],
    ['one of several segments, and a short one', [part(600), part(1)], [255, 255, 90, 1], false],
    ['one that goes on', [part(4), part(510, true, false)], [4, 255, 255], false],
    ['one that began before', [part(256, false), part(2)], [255, 1, 2], true],
    ['one that began before and goes on', [part(255, false, false)], [255], true],
  ])('are written anew with other packets: %s', (_name, parts, table, isContinued) => {
    for (const flags of [0, 1, 2, 4, 7]) {
      const options = { position: 77n, serial: 5, number: 6 };
      const page = pageOf([filled(20)], { ...options, flags });
      const wanted = oggPage(
        parts.map(({ bytes }) => bytes),
        { ...options, flags: (flags & 6) | (isContinued ? 1 : 0), table },
      );
      expect(changed(page, parts).equals(wanted)).toBe(true);
    }
  });
});
