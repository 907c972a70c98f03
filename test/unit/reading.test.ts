import fc from 'fast-check';
import { UnreadableError } from '../../src/core/errors';
import { nameRows, type ConversationRow } from '../../src/core/package/conversation-row';
import { defaultPolicy } from '../../src/core/redaction/policy';
import {
  assertShallow,
  attempt,
  cutToStore,
  isShallow,
  mostLevels,
  parseJson,
  reading,
} from '../../src/core/genesys/reading';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { readTranscript } from '../../src/core/genesys/shapes';
import { cuesOf, webVtt } from '../../src/core/package/webvtt';

/** Arrays and objects in one another, with a text at the bottom. */
function nested(levels: number, bottom: unknown = 'bottom'): unknown {
  let value = bottom;
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { inner: value };
  return value;
}

const problemOf = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof UnreadableError ? error.reason : error;
  }
};

describe('a document of many levels', () => {
  it.each([
    [1, true],
    [mostLevels, true],
    [mostLevels + 1, false],
    [20_000, false],
    [1_000_000, false],
  ])('with %d of them: is processed %s', (levels, expected) => {
    expect(isShallow(nested(levels))).toBe(expected);
    expect(problemOf(() => assertShallow(nested(levels)))).toBe(expected ? null : 'tooDeep');
    const sanitiser = new Sanitiser(defaultPolicy, (id) => id);
    expect(problemOf(() => sanitiser.document(nested(levels)))).toBe(expected ? null : 'tooDeep');
    const json = Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(problemOf(() => parseJson(json))).toBe(expected ? null : 'tooDeep');
  });

  it('can be stored when it is cut, and is known to be too deep then; another stays the same', () => {
    const cut = cutToStore(nested(20_000));
    expect(JSON.stringify(cut).length).toBeLessThan(10_000);
    expect(isShallow(cut)).toBe(false);
    const shallow = nested(mostLevels);
    expect(cutToStore(shallow)).toBe(shallow);
  });
});

describe('content of another form than was expected', () => {
  it.each([
    ['is no JSON', (): unknown => JSON.parse('Rosalinde')],
    ['lacks something', () => (null as unknown as { x: string }).x],
    ['has a length that cannot be', (): unknown => new Array<unknown>(-1)],
    ['is no address', () => decodeURIComponent('%')],
  ])('%s: is told as that and nothing else', (_name, convert) => {
    expect(problemOf(() => reading(convert))).toBe('notReadable');
    expect(attempt(convert)).toEqual({ problem: 'notReadable' });
  });

  it('is not what a key store that is away throws', () => {
    const away = new Error('away');
    const fail = (): never => {
      throw away;
    };
    expect(() => reading(fail)).toThrow(away);
    expect(() => attempt(fail)).toThrow(away);
    expect(attempt(() => 7)).toEqual({ value: 7 });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no UTF-8', Buffer.from('22ff22', 'hex')],
    ['text', Buffer.from('Hello')],
    ['half of it', Buffer.from('{"a":')],
  ])('is no JSON: %s', (_name, bytes) => {
    expect(problemOf(() => parseJson(bytes))).toBe('notReadable');
  });

  it('is read as JSON, whatever it says, with or without a byte order mark', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', '\uFEFF'), (value, mark) => {
        const text = JSON.stringify(value);
        expect(parseJson(Buffer.from(`${mark}${text}`))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('a transcript', () => {
  const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const withPhrase = (phrase: unknown) => ({ transcripts: [{ phrases: [phrase] }] });

  it.each([
    null,
    7,
    'words',
    [],
    {},
    { message: 'Not found' },
    { transcripts: 'words' },
    { transcripts: [null] },
    { transcripts: [{ phrases: 'words' }] },
    { startTime: 'noon', transcripts: [] },
    withPhrase(null),
    withPhrase({ text: 7 }),
    withPhrase({ text: 'words', startTimeMs: 'noon' }),
    withPhrase({ text: 'words', duration: 'long' }),
    withPhrase({ text: 'words', participantPurpose: 7 }),
    { transcripts: [{ phrases: [], analytics: 'words' }] },
  ])('is not read from %j', (value) => {
    expect(problemOf(() => readTranscript(bytes(value)))).toBe('notReadable');
  });

  it('is read with all that stands in it, also where nothing is said of a field', () => {
    const empty = { text: null, startTimeMs: null, duration: null, participantPurpose: null };
    const phrase = { text: 'Hello', startTimeMs: null, duration: { milliseconds: null } };
    const value = {
      startTime: null,
      transcripts: [
        { phrases: [empty, phrase], analytics: null, language: 'en' },
        { phrases: null },
      ],
      other: [{ x: 1 }],
    };
    const transcript = readTranscript(bytes(value));
    expect(transcript).toEqual(value);
    expect(cuesOf(transcript)).toEqual([{ from: 0, to: 1, who: '', text: 'Hello' }]);
    expect(webVtt(transcript)).toContain('00:00:00.000 --> 00:00:00.001\n<v >Hello');
  });
});

describe('rows', () => {
  it('are named however many there are', () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => ({
      row: { number: i, queue: '', agent: '', wrapUp: 'Done' } as ConversationRow,
      ids: { queue: ['q1'], agent: ['a1'], wrapUp: [] },
      names: i === 0 ? { q1: 'Orders' } : {},
    }));
    expect(nameRows(rows).at(-1)).toMatchObject({ queue: 'Orders', agent: 'a1', wrapUp: 'Done' });
  });
});
