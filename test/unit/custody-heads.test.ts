import { emptyChain, nextEntry, type ChainHead } from '../../src/core/custody/chain';
import {
  checkpointBreaks,
  checkpointText,
  dayText,
  headBreaks,
  headText,
  type CustodyEvidence,
  type CustodyHead,
} from '../../src/core/custody/heads';
import type { CustodyEntry } from '../../src/core/custody/record';
import { policyHash } from '../../src/core/redaction/policy-hash';
import { defaultPolicy, policySchema, type Policy } from '../../src/core/redaction/policy';

const at = '2026-11-23T12:00:00.000Z';
const macOf = ({ sequence, hash }: { sequence: number; hash: string }): string =>
  `mac of ${headText('r1', { sequence, hash })}`;
const isAuthentic = (head: CustodyHead): boolean => head.mac === macOf(head);
const headOf = ({ sequence, hash }: CustodyEntry): CustodyHead => ({
  ...{ sequence, hash, mac: macOf({ sequence, hash }) },
});

/** A record of so many entries. */
function entriesOf(count: number): CustodyEntry[] {
  let head: ChainHead = emptyChain;
  return Array.from({ length: count }, () => {
    const fact = { event: 'searched' } as const;
    const { entry } = nextEntry(head, { fact, at, action: null, salt: '' });
    head = { sequence: entry.sequence, hash: entry.hash };
    return entry;
  });
}
const entries = entriesOf(3);
const heads = entries.map(headOf);
const [one, two, three] = heads as [CustodyHead, CustodyHead, CustodyHead];
const evidence = (change: Partial<CustodyEvidence> = {}): CustodyEvidence => ({
  ...{ entries, heads, end: three, witnessed: heads },
  ...change,
});
const forged: CustodyHead = { sequence: 2, hash: 'f'.repeat(64), mac: 'none' };
const other: CustodyHead = { ...forged, mac: macOf(forged) };

/** The entry that a sentence is about; null for none, such as the one that there is none before. */
const entryIn = (problem: string): number | null =>
  Number(/^Entry (\d+)/.exec(problem)?.[1] ?? 0) || null;

describe('the heads of a custody record', () => {
  const notAuthentic = 'The end of the record is not authentic.';
  const otherEnd = 'The record does not end with the entry that its request names.';

  it.each<[string, Partial<CustodyEvidence>, string[]]>([
    ['as they were written', {}, []],
    ['without a witness yet', { witnessed: [] }, []],
    ['of which the witness lacks the last', { witnessed: [one, two] }, []],
    ['that only the witness has', { heads: [] }, []],
    ['with a line of the witness that is not authentic', { witnessed: [...heads, forged] }, []],
    ['without an end', { end: null }, [notAuthentic, otherEnd]],
    ['with an end that is not authentic', { end: { ...three, mac: 'none' } }, [notAuthentic]],
    ['with an older end', { end: two }, [otherEnd]],
    ['with an end of another hash', { end: { ...other, sequence: 3 } }, [notAuthentic, otherEnd]],
    [
      'of which the last was cut',
      { entries: entries.slice(0, 2), end: two, heads: [one, two] },
      ['Entry 3 was written, and is missing.'],
    ],
    [
      'of all of which were cut',
      { entries: [], heads: [], end: null },
      [
        notAuthentic,
        otherEnd,
        'Entry 1 was written, and is missing.',
        'Entry 2 was written, and is missing.',
        'Entry 3 was written, and is missing.',
      ],
    ],
    [
      'of which the witness has another',
      { witnessed: [one, other, three] },
      ['Entry 2 is not the one that was written.'],
    ],
    [
      'of which one is nowhere',
      { heads: [one, three], witnessed: [one, three] },
      ['Entry 2 was not written by the app.'],
    ],
    [
      'of which one is not authentic',
      { heads: [one, { ...two, mac: 'x' }, three], witnessed: [] },
      ['Entry 2 was not written by the app.'],
    ],
  ])('%s have these problems', (_name, change, problems) => {
    const breaks = headBreaks(evidence(change), isAuthentic);
    expect(breaks.map(({ text }) => text)).toEqual(problems);
    expect(breaks.map(({ entry }) => entry)).toEqual(problems.map(entryIn));
  });

  it('are of one request, one length and one hash', () => {
    const texts = [
      headText('r1', one),
      headText('r2', one),
      headText('r1', two),
      headText('r1', { ...one, sequence: 2 }),
    ];
    expect(new Set(texts).size).toBe(4);
    expect(texts[0]).toBe(`r1\n1\n${one.hash}\n`);
  });
});

describe('checkpoints of a custody record', () => {
  const checkpoint = (change: object = {}) => ({
    ...{ requestId: 'r1', sequence: 2, head: two.hash, at },
    ...change,
  });

  it.each<[string, object, string[]]>([
    ['of it', {}, []],
    ['of its beginning', { sequence: 0, head: emptyChain.hash }, []],
    [
      'of another beginning',
      { sequence: 0, head: one.hash },
      [`Entry 0 is not the one of the checkpoint of ${at}.`],
    ],
    [
      'of another entry',
      { head: one.hash },
      [`Entry 2 is not the one of the checkpoint of ${at}.`],
    ],
    ['of more', { sequence: 4 }, [`The record had 4 entries on ${at}, and has lost some.`]],
    ['of another request', { requestId: 'r2' }, ['A checkpoint is of another request.']],
  ])('%s have these problems', (_name, change, problems) => {
    const breaks = checkpointBreaks('r1', entries, [checkpoint(change)]);
    expect(breaks.map(({ text }) => text)).toEqual(problems);
    expect(breaks.map(({ entry }) => entry)).toEqual(problems.map(entryIn));
  });

  it('are signed with everything that they say', () => {
    expect(checkpointText(checkpoint())).toBe(`custody checkpoint\nr1\n2\n${two.hash}\n${at}\n`);
    const requests = [
      { requestId: 'r1', sequence: 2, head: 'a' },
      { requestId: 'r2', sequence: 3, head: 'b' },
    ];
    expect(dayText({ at, requests })).toBe(`custody day\n${at}\nr1 2 a\nr2 3 b\n`);
  });
});

it('the hash of a redaction policy is the same for any order of its fields, and another for another policy', () => {
  const reversed = Object.fromEntries(Object.entries(defaultPolicy).reverse());
  expect(policyHash(policySchema.parse(reversed))).toBe(policyHash(defaultPolicy));
  const others: Policy[] = [
    { ...defaultPolicy, callAudio: 'transcriptOnly' },
    { ...defaultPolicy, otherPeople: 'keep' },
    { ...defaultPolicy, patterns: [{ name: 'a', pattern: 'b' }] },
  ];
  const hashes = [defaultPolicy, ...others].map(policyHash);
  expect(new Set(hashes).size).toBe(4);
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
});
