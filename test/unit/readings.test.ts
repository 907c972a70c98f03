import { MappedText } from '../../src/core/redaction/mapped-text';
import { markupReadings, readingsOf, type Markup } from '../../src/core/redaction/readings';
import { lettersAtATime } from '../../src/core/redaction/steps';

/** What markup shows, and what it holds beside: stretches without what separates them. */
function read(written: string, language: Markup = 'html'): { shown: string; hidden: string[] } {
  const [shown, hidden] = [...markupReadings(written, language)].filter((one) => one !== null);
  return {
    shown: shown?.text ?? '',
    hidden: (hidden?.text ?? '').split('\n\0\n').filter((stretch) => stretch !== ''),
  };
}
const shownOf = (written: string, language?: Markup): string => read(written, language).shown;
const hiddenOf = (written: string, language?: Markup): string[] => read(written, language).hidden;

const readings = (text: string): string[] =>
  [...readingsOf(text)].filter((one) => one !== null).map((one) => one.text);
/** What the source has of a stretch of the last reading that has it. */
function sourceOf(text: string, stretch: string): string[] {
  const found = [...readingsOf(text)].findLast((one) => one?.text.includes(stretch));
  const start = found?.text.indexOf(stretch) ?? 0;
  const parts = found?.sourceOf({ start, end: start + stretch.length }) ?? [];
  return parts.map((part) => text.slice(part.start, part.end));
}

describe('what HTML shows', () => {
  it.each(
    (
      'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp ' +
      'small span strike strong sub sup time tt u var wbr o:p'
    ).split(' '),
  )('goes on in its line with <%s>', (name) => {
    expect(shownOf(`41<${name}>11</${name}>12`)).toBe('411112');
    expect(shownOf(`41<${name.toUpperCase()} id="x">11`)).toBe('4111');
    expect(shownOf(`41<${name}/>11`)).toBe('4111');
  });

  it.each(['p', 'td', 'div', 'br', 'li', 'x', 'wbrs', 'blockquotes'])(
    'begins a line with <%s>',
    (name) => {
      expect(shownOf(`41<${name}>11</${name}>12`)).toBe('41\n11\n12');
    },
  );

  it.each([
    ['the meaning of its codes', 'a&amp;b&eacute;&#52;&#x31;&lt;', 'a&bé41<'],
    ['a code without its end', '&#52 &amp b', '4 & b'],
    ['a code that is none as it stands', 'a &xyz; & b', 'a &xyz; & b'],
    ['a letter of two units', '&#128512;!', '😀!'],
    [
      'codes of spaces as spaces',
      '1&nbsp;2&#8201;3&emsp;4&#x202f;5&#12288;6&#8287;7',
      '1 2 3 4 5 6 7',
    ],
    [
      'spaces of each kind as spaces',
      '1\u00a02\u20033\u200a4\u202f5\u205f6\u30007',
      '1 2 3 4 5 6 7',
    ],
    ['a line break and a tab as they are', '1\n2\t3', '1\n2\t3'],
    ['no letters that are not seen', '1\u00ad2\u200b3\u200f4\u20605\ufeff6\u20647', '1234567'],
    ['no codes of letters that are not seen', '1&shy;2&#8203;3&zwj;4&#65279;5', '12345'],
    ['the meaning of a code at the end', '4&#49', '41'],
    ['the sign of a code at the end', '41 &', '41 &'],
    ['no comments', '41<!-- a --> 11<!-- b -->12', '41 1112'],
    ['no declarations and instructions', '41<!doctype html>11<?xml a?>12', '411112'],
    ['what a script does', 'a<script>if (1 < 2) x("<b>")</script>', 'a\nif (1 < 2) x("<b>")\n'],
    ['no values of attributes', '<b title="41" x=11>12</b>', '12'],
    ['no tag without an end', '41<b 11', '41'],
  ])('is %s', (_what, written, expected) => {
    expect(shownOf(written)).toBe(expected);
  });
});

describe('what HTML holds beside', () => {
  it.each([
    [
      'values of attributes, each by itself',
      '<a b="41" c=\'11\' d=12 e>x</a>.',
      ['41', '11', '12'],
    ],
    ['the meaning of codes in them', '<a b="4&nbsp;1&#49;&shy;&eacute;5">.', ['4 11é5']],
    ['codes in them without an end', '<a b="&#52 1">.', ['4 1']],
    ['codes at both ends', '<a b="&#52;1&#x31;" c="&amp;&lt;">.', ['411', '&<']],
    ['spaces of each kind as spaces', '<a b="4\u00a01\u200b2">.', ['4 12']],
    ['comments', '41<!-- 4111 -->11<!--x-->.', [' 4111 ', 'x']],
    ['declarations and instructions', '<!doctype 4111><?php 11?>.', ['doctype 4111', 'php 11?']],
    [
      'names of ten letters and more',
      '<abcdefghij klmnopqrstu="1"></abcdefghij>.',
      ['abcdefghij', 'klmnopqrstu', '1', 'abcdefghij'],
    ],
    ['no names of nine letters', '<abcdefghi klmnopqrs="1"></abcdefghi>.', ['1']],
    ['a tag without an end', 'a<b 4111', ['b 4111']],
    [
      'a tag without an end, with attributes',
      'a<b>c</b><i title="4111" x',
      ['4111', 'i title="4111" x'],
    ],
    ['what stands behind all of which is told', 'a<b c="1">', ['1', '>']],
    ['nothing', 'a <b>b</b> c', []],
    ['nothing, where an element ends where it begins', 'a <b/>c', []],
    ['nothing of no text', '', []],
  ])('is %s', (_what, written, expected) => {
    expect(hiddenOf(written)).toEqual(expected);
  });

  it('holds two values apart by more than stands within a number', () => {
    const [, hidden] = [...markupReadings('<a b="41" c="11">.', 'html')].filter(
      (one) => one !== null,
    );
    expect(hidden?.text).toBe('41\n\0\n11\n\0\n');
    const comments = [...markupReadings('<!--41--><!--11-->.', 'html')].filter(
      (one) => one !== null,
    );
    expect(comments[1]?.text).toBe('\n\0\n41\n\0\n\n\0\n11\n\0\n');
  });
});

describe('what XML shows', () => {
  it('begins a line with each element', () => {
    expect(shownOf('41<b>11</b>12', 'xml')).toBe('41\n11\n12');
  });

  it('is what CDATA holds, as it stands', () => {
    expect(read('4<![CDATA[1 < 1 &amp;]]>1', 'xml')).toEqual({
      shown: '41 < 1 &amp;1',
      hidden: [],
    });
  });

  it('has the codes of XML alone', () => {
    expect(shownOf('&amp;&#52;&#x31;&eacute;', 'xml')).toBe('&41&eacute;');
  });
});

describe('each reading', () => {
  it.each([
    ['letters as they stand', 'a 4111 b', '4111', ['4111']],
    ['codes as wholes', 'a 4&#49;1&nbsp;1 b', '411 1', ['4&#49;1&nbsp;1']],
    ['codes side by side', '&#52;&#49;&#50;3', '12', ['&#49;&#50;']],
    ['the last of codes side by side', '&#52;&#49;&#50;', '2', ['&#50;']],
    ['codes side by side in attributes', '<a b="&#52;&#49;&#50;3">', '12', ['&#49;&#50;']],
    ['stretches between tags', 'a 41<b>1</b>1 b', '4111', ['41', '1', '1']],
    ['stretches beside letters that are not seen', '<b>41\u200b11</b>', '4111', ['41', '11']],
    ['codes in attributes', '<a b="x&amp;4&#49;11&nbsp;1">', '4111 1', ['4&#49;11&nbsp;1']],
    ['codes without an end in attributes', '<a b="&#52 1" c="&amp">', '4 1', ['&#52 1']],
    ['the second of two attributes', '<a b="1" c="&#52;1">', '41', ['&#52;1']],
    ['comments', 'x<!--4111-->', '4111', ['4111']],
    ['codes of addresses', '/?c=41%31%2D1+1', '411-1 1', ['41%31%2D1+1']],
    ['escapes', String.raw`"\u0034\x31\n1"`, '41\n1', [String.raw`\u0034\x31\n1`]],
    ['codes in escapes', String.raw`"\u0034&#49;%31"`, '4&#49;1', [String.raw`\u0034&#49;%31`]],
    [
      'what is shown of escapes',
      String.raw`<b title=\"1\">4\u0031</b>`,
      '41',
      [String.raw`4\u0031`],
    ],
  ])('knows where the source has %s', (_what, text, stretch, expected) => {
    expect(sourceOf(text, stretch)).toEqual(expected);
  });

  it('is the text alone where it has no signs of another one', () => {
    for (const text of [
      '',
      'a 4111',
      'a < b > c & d',
      '<1',
      'a&1',
      '100 %',
      '%2',
      '%g1',
      'a + b',
      '+49 30',
      String.raw`a\z`,
      '\\',
    ])
      expect(readings(text)).toEqual([text]);
  });

  it.each([
    ['<b>4</b>.', ['4.', '']],
    ['a</b', ['a', '\n\0\n</b\n\0\n']],
    ['<!x>a', ['a', '\n\0\nx\n\0\n']],
    ['<A>a', ['a', '']],
    ['&#52;', ['4', '']],
    ['&amp;', ['&', '']],
    ['&AMP;', ['&', '']],
  ])('of "%s" is followed by those of its markup', (text, markup) => {
    expect(readings(text)).toEqual([text, ...markup]);
  });
});

describe('the reading of an address', () => {
  it.each([
    ['codes', 'a%34%31', 'a41'],
    ['codes in small letters', 'a%c3%a9%2d', 'aé-'],
    ['codes of letters of several bytes', '%C2%A0%E2%82%AC', '\u00a0€'],
    ['codes of no letter', '%FF1', '\ufffd1'],
    ['a plus between digits', '4+1', '4 1'],
    ['a plus between words, or a word and a code', 'a+b+%31+1', 'a b 1 1'],
    ['a plus at the start of a phone number', 'a=+49+30', 'a=+49 30'],
    ['a plus behind a letter that goes on with a digit', 'x+49 1+1', 'x+49 1 1'],
    ['a plus between a digit and a word, and none behind a sign', '1+a; +b', '1 a; +b'],
    ['a plus of a language that is not of ASCII', 'é+ü', 'é ü'],
    ['many codes', '%41'.repeat(200), 'A'.repeat(200)],
  ])('has the meaning of %s', (_what, text, expected) => {
    expect(readings(text)).toEqual([text, expected]);
  });
});

describe('the reading of escapes', () => {
  it.each([
    ['four digits', String.raw`\u0034\u00e9`, '4é'],
    ['capital digits', String.raw`\u00E9`, 'é'],
    ['two digits', String.raw`\x34\x7A`, '4z'],
    ['spaces', String.raw`1\n2\r3\t4`, '1\n2\r3\t4'],
    ['others that are not seen, as spaces', String.raw`1\b2\f3\v4`, '1 2 3 4'],
    ['quotes and slashes', String.raw`\"a\' \/`, `"a' /`],
    ['JSON in JSON', String.raw`\\\"4\\u0031\\\\n`, '"41\n'],
    ['no others', String.raw`\n\d\u12\x1\\`, '\n\\d\\u12\\x1\\\\'],
  ])('has the meaning of %s', (_what, text, expected) => {
    expect(readings(text)).toEqual([text, expected]);
  });

  it('is read for markup and codes, too', () => {
    expect(readings(String.raw`\u003cb>4\u00251`)).toEqual([
      String.raw`\u003cb>4\u00251`,
      '<b>4%1',
      '4%1',
      '',
    ]);
    expect(readings(String.raw`\u0025341`)).toEqual([String.raw`\u0025341`, '%341', '41']);
  });
});

describe('a long text', () => {
  const filler = (letters: number): string =>
    'lorem ipsum '.repeat(letters / 12 + 1).slice(0, letters);

  it.each(['<b>', '&#5', '%31', 'a+b', '\\n'])(
    'has its "%s" seen wherever work on it pauses',
    (sign) => {
      for (let at = lettersAtATime - 4; at <= lettersAtATime + 1; at += 1)
        expect(readings(`${filler(at)}${sign}${filler(99)}`).length).toBeGreaterThan(1);
    },
  );

  it('is the same however its tokens lie where work on it pauses', () => {
    const markup = '4<b title="1&amp;2&#x33;">1&nbsp;1</b><!-- 5 -->1\u200b2<abcdefghijk>';
    for (let at = lettersAtATime - markup.length - 1; at <= lettersAtATime + 1; at += 1) {
      const { shown, hidden } = read(`${filler(at)}${markup}${filler(at)}`);
      expect(shown).toBe(`${filler(at)}41 112\n${filler(at)}`);
      expect(hidden).toEqual(['1&23', ' 5 ', 'abcdefghijk']);
    }
  });

  it('is what it is where it is one stretch', () => {
    for (const length of [
      lettersAtATime - 1,
      lettersAtATime,
      lettersAtATime + 1,
      3 * lettersAtATime,
    ]) {
      expect(shownOf(filler(length))).toBe(filler(length));
      expect(hiddenOf(`<a b="${filler(length)}">.`)).toEqual([filler(length)]);
    }
  });

  it('is read with pauses', () => {
    const pausesOf = (work: Iterable<unknown>): number =>
      [...work].filter((one) => one === null).length;
    const long = filler(4 * lettersAtATime);
    expect(pausesOf(markupReadings(long, 'html'))).toBe(4);
    // A comment is told of in one piece when it ends.
    expect(pausesOf(markupReadings(`<!--${long}-->`, 'html'))).toBeGreaterThanOrEqual(8);
    expect(pausesOf(readingsOf(long))).toBe(3);
    // First it is searched for signs of markup and of escapes; then each sign has its meaning put in its place.
    expect(pausesOf(readingsOf(`${long}\\`))).toBe(8);
    expect(pausesOf(readingsOf('\\n1234567'.repeat(lettersAtATime / 2)))).toBe(11);
    expect(pausesOf(readingsOf('%311234567'.repeat(lettersAtATime / 2)))).toBe(8);
  });

  it('is a text with places', () => {
    const [shown] = [...markupReadings('a', 'html')].filter((one) => one !== null);
    expect(shown).toBeInstanceOf(MappedText);
  });
});
