import { UnreadableError } from '../../src/core/errors';
import { inPieces, maskedFile } from '../../src/export/masking';
import { nobody } from '../../src/core/redaction/people/known';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { countRedactions } from '../../src/core/redaction/redactions';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const card = '4111 1111 1111 1111';
const removed = '[card number removed]';
/** Of a text file of so many bytes, a piece has pieces before and behind it. */
const threePieces = 2.2 * 1024 * 1024;
/** Of one with one piece behind its first. */
const twoPieces = 1.1 * 1024 * 1024;

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function masked(
  bytes: Buffer,
  name: string,
  size = 1 << 16,
  contentType = '',
  people = nobody,
): Promise<[Buffer, Sanitiser]> {
  const sanitiser = new Sanitiser(defaultPolicy, (id) => id, { file: 'b', people });
  const parts: Buffer[] = [];
  for await (const part of maskedFile(sanitiser, chunksOf(bytes, size), { name, contentType }))
    parts.push(part);
  return [Buffer.concat(parts), sanitiser];
}

describe('a file', () => {
  it('that holds text is masked, wherever its pieces end', async () => {
    const line = `Grüße, my card is ${card} – thanks\n`;
    const count = Math.ceil(threePieces / line.length);
    const [bytes, sanitiser] = await masked(Buffer.from(line.repeat(count)), 'chat.txt', 100_003);
    expect(bytes.equals(Buffer.from(line.replace(card, removed).repeat(count)))).toBe(true);
    expect(countRedactions(sanitiser.redactions)).toEqual({ cardNumber: count });
    expect(sanitiser.redactions).toEqual({ cardNumber: { 'b#': count } });
  });

  it.each([
    ['a.txt', 'Ada Brandt, ada.brandt@shop.example; ', 'Agent, agent@masked.invalid; '],
    [
      'a.json',
      '"Ada\\u0020Brandt","4111\\u00a01111\\u00a01111\\u00a01111",',
      `"Agent","${removed}",`,
    ],
  ])('has nobody left in it, wherever its pieces end: %s', async (name, one, expected) => {
    const value = { role: 'staff', kind: 'name', value: 'Ada Brandt' } as const;
    const mailbox = { role: 'staff', kind: 'address', value: 'ada.brandt@shop.example' } as const;
    const count = Math.ceil(threePieces / one.length);
    const text = Buffer.from(one.repeat(count));
    const [bytes] = await masked(text, name, 100_003, '', { ...nobody, traces: [value, mailbox] });
    expect(bytes.toString().replaceAll(expected, '')).toBe('');
  });

  it('keeps numbers that it calls otherwise, also where a piece ends within their name', async () => {
    const line = 'order number 4111111111111111. ';
    const text = Buffer.from(line.repeat(Math.ceil(twoPieces / line.length)));
    const [bytes] = await masked(text, 'a.txt');
    expect(bytes.equals(text)).toBe(true);
  });

  it('without a letter is masked as a whole', async () => {
    const [bytes] = await masked(Buffer.from(`1\n${card}\n2\n`), '1.csv', 5);
    expect(bytes.toString()).toBe(`1\n${removed}\n2\n`);
  });

  it('of UTF-16 is masked as a whole', async () => {
    const text = `\ufeff${'words '.repeat(800_000)}${card}`;
    const [bytes] = await masked(Buffer.from(text, 'utf16le'), 'a.txt');
    expect(bytes.toString('utf16le').endsWith(`words ${removed}`)).toBe(true);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['utf-16le', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16BE', (text) => Buffer.from(text, 'utf16le').swap16()],
  ])('in a charset that its type names is read by it: %s', async (charset, encode) => {
    const contentType = `text/plain; charset="${charset}"`;
    const [bytes] = await masked(encode(`Grüße ${card} ende`), 'a.txt', 7, contentType);
    expect(bytes.equals(encode(`Grüße ${removed} ende`))).toBe(true);
  });

  it('in Shift_JIS keeps every byte that is not masked, and no number in wide digits', async () => {
    const words = Buffer.from([0x83, 0x4a, 0x81, 0x5b, 0x83, 0x68, 0x20]);
    // Digits of full width are 0x82 0x4f to 0x82 0x58.
    const digits = Buffer.from(
      [...card.replaceAll(' ', '')].flatMap((digit) => [0x82, 0x4f + Number(digit)]),
    );
    const type = 'text/plain; charset=shift_jis';
    const [bytes] = await masked(Buffer.concat([words, digits, words]), 'a.txt', 5, type);
    expect(bytes.equals(Buffer.concat([words, Buffer.from(removed), words]))).toBe(true);
  });

  it('in a charset that nobody can read is refused', async () => {
    await expect(
      masked(Buffer.from(card), 'a.txt', 5, 'text/plain; charset=ibm037'),
    ).rejects.toThrow(UnreadableError);
  });

  it('of anything else passes as it comes', async () => {
    const [bytes] = await masked(Buffer.from(card), 'photo.jpg');
    expect(bytes.toString()).toBe(card);
  });

  it('that is empty stays empty', async () => {
    expect((await masked(Buffer.alloc(0), 'a.txt'))[0]).toHaveLength(0);
  });
});

describe('work in pieces', () => {
  it('lets others go on when it takes long', async () => {
    let others = 0;
    let steps = 0;
    setImmediate(() => (others = steps));
    function* work(): Generator<void, string> {
      // Until another has had its turn, however fast the machine is.
      for (; others === 0; steps += 1) yield;
      return 'done';
    }
    expect(await inPieces(work())).toBe('done');
    expect(others).toBeGreaterThan(0);
  });
});
