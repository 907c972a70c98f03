import { UnreadableError } from '../../src/core/errors';
import { JsonMarks } from '../../src/core/redaction/json-marks';
import { withMarks } from '../../src/core/redaction/findings';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { drain } from '../../src/core/redaction/steps';

const card = '4111 1111 1111 1111';
const mark = '[card number removed]';
const patterns = [{ name: 'word', pattern: 'geh[eé]im+' }];
const sanitiser = (): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, patterns }, (id) => id, { file: 'f' });
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

interface Masked {
  written: string;
  covered: number;
  count: number;
}
/** What becomes of a piece of a file between two others. */
function pieceOf([before, body, after]: Buffer[], encoding: 'utf8' | 'latin1' = 'utf8'): Masked {
  const one = sanitiser();
  const none = Buffer.alloc(0);
  const piece = { before: before ?? none, body: body ?? none, after: after ?? none };
  const { bytes, covered } = drain(one.pieceInSteps(piece));
  const count = Object.values(one.redactions).flatMap((places) => places['f#'] ?? []);
  return {
    written: Buffer.from(bytes).toString(encoding),
    covered,
    count: count.reduce((sum, each) => sum + each, 0),
  };
}

describe('a piece of a text file', () => {
  it.each<[string, string[], string, number, number]>([
    ['within it', ['a ', `b ${card} c`, ' d'], `b ${mark} c`, 0, 1],
    ['that is the whole of it', ['a ', card, ' d'], mark, 0, 1],
    ['that begins before it', ['a 4111 1111 ', '1111 1111 c', 'd'], `${mark} c`, 0, 1],
    ['that goes on behind it', ['a', 'b 4111 1111', ' 1111 1111 d'], `b ${mark}`, 10, 1],
    ['that is longer on both sides', ['4111 ', '1111 1111', ' 1111 d'], mark, 5, 1],
    ['before it', [`a ${card} `, 'b', ' d'], 'b', 0, 0],
    ['right before it', [card, '.b', ' d'], '.b', 0, 0],
    ['behind it', ['a', 'b', ` d ${card}`], 'b', 0, 0],
    ['right behind it', ['a', 'b.', card], 'b.', 0, 0],
    [
      'on each side, and two in it',
      [card, `,${card}, geheim!`, card],
      `,${mark}, [word removed]!`,
      0,
      2,
    ],
    ['in it, and one that goes on', ['', `${card} geh`, 'eim, ok'], `${mark} [word removed]`, 3, 2],
    ['of letters of two bytes behind it', ['é', 'é geh', 'éimm é'], 'é [word removed]', 5, 1],
    ['before letters of two bytes', ['é 4111 1111 ', '1111 1111 é', 'é'], `${mark} é`, 0, 1],
  ])('loses something %s', (_what, pieces, written, covered, count) => {
    expect(pieceOf(pieces.map(utf8))).toEqual({ written, covered, count });
  });

  it('in which a byte is a letter keeps its bytes, and counts one for each behind it', () => {
    expect(pieceOf(['ä ', 'ü geh', 'éim ö'].map(latin1), 'latin1')).toEqual({
      ...{ written: 'ü [word removed]', covered: 3, count: 1 },
    });
  });

  it('in which nothing is masked is handed on as it is, without a copy', () => {
    const body = utf8('nothing é');
    const none = Buffer.alloc(0);
    const { bytes } = drain(sanitiser().pieceInSteps({ before: none, body, after: none }));
    expect(bytes).toBe(body);
  });

  it('of a file of JSON stays JSON, from piece to piece', () => {
    const json = new JsonMarks();
    const one = sanitiser();
    const none = Buffer.alloc(0);
    const pieces = ['{"a":4111111111111111,"b', ' 4111111111111111","c":1}'].map((piece) =>
      Buffer.from(
        drain(one.pieceInSteps({ before: none, body: utf8(piece), after: none }, json)).bytes,
      ).toString(),
    );
    expect(pieces.join('')).toBe(`{"a":"${mark}","b ${mark}","c":1}`);
  });
});

describe('a text file', () => {
  const masked = (bytes: Uint8Array, json?: JsonMarks): Buffer =>
    Buffer.from(drain(sanitiser().bytesInSteps(bytes, json)));
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

  it.each<[string, Buffer, Buffer]>([
    ['UTF-8', utf8(`é ${card} é`), utf8(`é ${mark} é`)],
    ['UTF-8 with a mark', utf8(`\uFEFFé ${card}`), utf8(`\uFEFFé ${mark}`)],
    ['UTF-8 with a byte of zeros', utf8(`a\0 ${card}`), utf8(`a\0 ${mark}`)],
    ['a charset of one byte', latin1(`é ${card} é`), latin1(`é ${mark} é`)],
    ['UTF-16', utf16(`é ${card} é`), utf16(`é ${mark} é`)],
    ['UTF-16, big end first', utf16(`é ${card}`).swap16(), utf16(`é ${mark}`).swap16()],
  ])('in %s is masked, and keeps its other bytes', (_what, bytes, expected) => {
    expect(masked(bytes)).toEqual(expected);
  });

  it.each([utf8('é nothing'), latin1('é nothing'), utf16('é nothing')])(
    'without anything that is masked is the same: %s',
    (bytes) => {
      expect(drain(sanitiser().bytesInSteps(bytes))).toBe(bytes);
    },
  );

  it('of JSON has a string in the place of a number', () => {
    const written = `{"a":4111111111111111,"b":"${card}"}`;
    const expected = `{"a":"${mark}","b":"${mark}"}`;
    expect(masked(utf8(written), new JsonMarks())).toEqual(utf8(expected));
    expect(masked(utf16(written), new JsonMarks())).toEqual(utf16(expected));
  });

  it('in a charset that is named is masked, and counted', () => {
    const one = sanitiser();
    const bytes = Buffer.concat([
      Buffer.from([0x83, 0x41]),
      utf8(` ${card} `),
      Buffer.from([0x83, 0x41]),
    ]);
    const written = drain(one.wholeInSteps(bytes, 'shift_jis'));
    expect(written).toEqual(
      Buffer.concat([Buffer.from([0x83, 0x41]), utf8(` ${mark} `), Buffer.from([0x83, 0x41])]),
    );
    expect(one.redactions).toEqual({ cardNumber: { 'f#': 1 } });
  });

  it('in a charset that nobody can read is refused', () => {
    expect(() => drain(sanitiser().wholeInSteps(utf8(card), 'cp037'))).toThrow(
      new UnreadableError('notReadable'),
    );
  });
});

describe('what is found in JSON', () => {
  /** The text with each of the words masked, by `a`, `b` and so on. */
  const masked = (text: string, words: readonly string[]): string => {
    let end = 0;
    const findings = words.map((word, i) => {
      const start = text.indexOf(word, end);
      end = start + word.length;
      return { start, end, mark: 'abc'[i] ?? '', reason: 'pattern' };
    });
    return drain(withMarks(text, drain(new JsonMarks().quoted(text, findings))));
  };

  it.each<[string, string[], string]>([
    ['[11122233, 5]', ['222'], '["a", 5]'],
    ['[11122233, 5]', ['111', '222'], '["a", 5]'],
    ['[-1.11222E+33, 5]', ['11', '22', '33'], '["a", 5]'],
    ['[11122, 33, 5]', ['111', '22, 33'], '["a", "b", 5]'],
    ['[11122, 3344, 5]', ['111', '22, 33', '44'], '["a", "b", 5]'],
    ['[1234, 5678 , 5]', ['234, 56'], '["a", "" , 5]'],
    ['[1234,"5678 y"]', ['1234,"5678'], '["a"," y"]'],
    ['[1117,"7 y"]', ['111', '7,"7'], '["a","b y"]'],
    ['{"k":1234,"b":"5678"}', ['1234,"b":"5678'], '{"k":"a","":""}'],
    ['[{"k":1234}, 5678.5]', ['1234}, 5678'], '[{"k":"a"}, ""]'],
    ['["1234",5678.5,"x"]', ['1234",5678'], '["a","","x"]'],
    ['["1234", "56", 78]', ['234", "56", 7'], '["1a", "", ""]'],
    [String.raw`["1\"2",3]`, [String.raw`1\"2",3`], '["a",""]'],
    ['["x",5678,"y"]', ['",56'], '["x","a","y"]'],
    ['[1,null,"x"]', ['1,null,"x'], '["a","",""]'],
    ['[ 12 ,"34" ]', [' 12 ,"34" '], '[ "a" ,"" ]'],
  ])('is masked in each of its numbers and texts, and stays JSON: %s', (text, words, expected) => {
    expect(masked(text, words)).toBe(expected);
    expect(() => JSON.parse(expected) as unknown).not.toThrow();
  });

  it.each<[string, string[], string]>([
    ['{to: Jörg Müller, x: 1}', ['Jörg Müller'], '{to: "a", x: 1}'],
    ['{to: jörg@x.example}', ['jörg@x.example'], '{to: "a"}'],
    ['[Müller, Jörg]', ['Müller, Jörg'], '["a", ""]'],
    ['[11122 Jörg, 5]', ['111', '22 Jörg'], '["a", 5]'],
  ])('leaves nothing of it where it is no JSON: %s', (text, words, expected) => {
    expect(masked(text, words)).toBe(expected);
  });
});
