import {
  decodeText,
  isUtf16,
  kindOfFile,
  lastCut,
  wideCharsetOf,
} from '../../src/core/redaction/text-files';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a file', () => {
  it.each([
    ...['bat', 'cjs', 'js', 'cmd', 'css', 'csv', 'htm', 'html', 'ics', 'ini', 'json', 'log', 'md'],
    ...['mjs', 'ndjson', 'php', 'ps1', 'py', 'rtf', 'sh', 'sql', 'srt', 'svg', 'tsv', 'txt', 'vbs'],
    ...['vcf', 'vtt', 'xht', 'xhtml', 'xml', 'xsl', 'xslt', 'yaml', 'yml'],
  ])('whose name ends with .%s is a text', (ending) => {
    for (const name of [`a.b.${ending}`, `A.${ending.toUpperCase()}`, `.${ending}`]) {
      expect(kindOfFile(name)).toBe('text');
      expect(kindOfFile(name, 'application/octet-stream')).toBe('text');
    }
    for (const name of [ending, `a${ending}`, `a.${ending}x`, `a.${ending}.pdf`, `a.q${ending}`])
      expect([name, kindOfFile(name)]).toEqual([name, 'opaque']);
  });

  it.each([
    ...[
      'text/plain',
      'TEXT/HTML; charset=utf-8',
      'text/x-anything',
      'application/json',
      'image/svg+xml',
    ],
    ...[
      'application/xml',
      'application/ld+json',
      'application/vnd.api-v1.x+json; a=b',
      'application/csv',
    ],
    ...['application/javascript', 'application/rtf', 'application/sql', 'application/xhtml+xml'],
    ...[
      'application/x-ndjson',
      'application/x-sh',
      'application/x-yaml',
      'application/yaml',
      'image/xml',
    ],
  ])('of type %s is a text', (type) => {
    expect(kindOfFile('x', type)).toBe('text');
  });

  it.each([
    ...[
      '',
      'image/jpeg',
      'application/pdf',
      'application/jsonlike',
      'application/xmlx',
      'x/text/plain',
    ],
    ...['context/plain', 'textual', 'audio/json', 'application/yamls', 'application/vnd.api json'],
    ...['application/x-shell', 'application/octet-stream', 'application/zip; x=application/json'],
    ...['application/a/b+json', 'xml', 'application/ld +json', 'application/+json'],
  ])('of type "%s" is none', (type) => {
    expect(kindOfFile('x', type)).toBe('opaque');
  });

  it.each([
    ['x.eml', ''],
    ['X.EML', 'text/plain'],
    ['x', 'message/rfc822'],
    ['x.txt', 'MESSAGE/partial; id=1'],
  ])('%s of type "%s" is a mail', (name, type) => {
    expect(kindOfFile(name, type)).toBe('mail');
  });

  it.each([
    ['x.eml.txt', ''],
    ['x.txt', 'text/plain; message/rfc822'],
  ])('%s of type "%s" is no mail, but a text', (name, type) => {
    expect(kindOfFile(name, type)).toBe('text');
  });

  it('whose name is like that of a mail is none', () => {
    expect(kindOfFile('eml')).toBe('opaque');
    expect(kindOfFile('x.emlx')).toBe('opaque');
  });
});

describe('the charset of a text', () => {
  it.each([
    ...['utf-7', 'utf7', 'UTF-16', 'utf-16le', 'utf16', 'utf-32', 'UCS-2', 'ucs2', 'gb', 'gbk'],
    ...['gb2312', 'gb18030', 'gb-2312', 'big5', 'big5-hkscs', 'euc-jp', 'euc-kr', 'x-euc-jp'],
    ...['shift_jis', 'shift-jis', 'sjis', 'jis', 'ms_kanji', 'cp932', 'cp949', 'iso-2022-jp'],
    ...['ks_c_5601-1987', 'hz-gb-2312', 'ebcdic-us', 'x-ebcdic', 'ibm037', 'x-ibm-1047'],
  ])('%s has letters of several bytes: it is read as a whole', (charset) => {
    expect(wideCharsetOf(`text/plain; charset=${charset}`)).toBe(charset.toLowerCase());
    expect(wideCharsetOf(`text/plain; CharSet=" ${charset} "`)).toBe(charset.toLowerCase());
  });

  it.each([
    ...['utf-8', 'utf8', 'us-ascii', 'iso-8859-1', 'windows-1252', 'cp1252', 'koi8-r', 'x-gbk'],
    ...['ucs-4', 'gx', 'x-utf-16', '', 'macintosh'],
  ])('"%s" has those of ASCII as they are: it is read in pieces', (charset) => {
    expect(wideCharsetOf(`text/plain; charset=${charset}`)).toBeNull();
  });

  it('is not known where none is told: the text is read in pieces', () => {
    expect(wideCharsetOf('text/plain')).toBeNull();
    expect(wideCharsetOf('')).toBeNull();
    expect(wideCharsetOf('utf-16')).toBeNull();
  });
});

describe('a file of UTF-16', () => {
  it.each([
    ['the mark of either order', [0xff, 0xfe], true],
    ['the mark of the other order', [0xfe, 0xff, 0x00], true],
    ['a mark of one byte', [0xff], false],
    ['one byte of both marks', [0xff, 0xff], false],
    ['the other byte of both marks', [0xfe, 0xfe], false],
    ['another byte before', [0x00, 0xff, 0xfe], false],
    ['half a mark, and another byte', [0xff, 0x00], false],
    ['half the other mark, and another byte', [0xfe, 0x00], false],
    ['another byte, and half a mark', [0x00, 0xfe], false],
    ['another byte, and half the other mark', [0x00, 0xff], false],
    ['nothing', [], false],
  ])('begins with %s', (_what, bytes, expected) => {
    expect(isUtf16(Uint8Array.from(bytes))).toBe(expected);
  });
});

describe('the bytes of a piece of a text', () => {
  it('are read as UTF-8 where they are that, with the mark that they may begin with', () => {
    const { text, encode } = decodeText(bytesOf('\ufeffä 😀'));
    expect(text).toBe('\ufeffä 😀');
    expect(encode(text)).toEqual(bytesOf('\ufeffä 😀'));
    expect(encode('ö')).toEqual(bytesOf('ö'));
  });

  it('are read each by itself where they are not, and stay the same', () => {
    const bytes = Uint8Array.from(Array.from({ length: 256 }, (_, i) => i));
    const { text, encode } = decodeText(bytes);
    expect([...text].map((letter) => letter.charCodeAt(0))).toEqual([...bytes]);
    expect([...encode(text)]).toEqual([...bytes]);
    expect([...encode('ä4')]).toEqual([0xe4, 0x34]);
  });
});

describe('a text is cut', () => {
  it.each([
    ['between two letters', 'ab', 1],
    ['between the first and the last letters of ASCII', '12Az', 3],
    ['between the last and the first letters of ASCII', '12Za 3', 3],
    ['at its last such place', 'ab cd 12', 4],
    ['before no letter alone', '1 a 2 b', 0],
    ['beside no sign that stands before the letters in ASCII', '@A`a@', 0],
    ['beside no sign that stands behind the letters in ASCII', '[Z{z[', 0],
    ['within no letter of several bytes', 'ééé', 0],
    ['nowhere where it is empty', '', 0],
    ['nowhere where it is one letter', 'a', 0],
  ])('%s', (_where, text, expected) => {
    expect(lastCut(bytesOf(text))).toBe(expected);
  });

  it('before a place that is given, and before its end', () => {
    const bytes = bytesOf('abcdef');
    expect([6, 5, 3, 2, 1, 0, 100].map((before) => lastCut(bytes, before))).toEqual([
      5, 4, 2, 1, 0, 0, 5,
    ]);
  });
});
