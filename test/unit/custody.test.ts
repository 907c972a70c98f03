import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  chainProblems,
  checkpointOf,
  emptyChain,
  linesOf,
  nextEntry,
} from '../../src/core/custody/chain';
import {
  custodyEvents,
  type CustodyEntry,
  type OfficerAction,
} from '../../src/core/custody/record';
import { requestStates } from '../../src/core/request/states';
import { anyCharacter } from '../helpers/characters';

/** Canonical JSON by the means of the language, for texts, whole numbers, booleans and null. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, one]) => one !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const text = fc.string({ unit: 'grapheme' });
/** Names of fields, as entries have them. */
const name = fc.stringMatching(/^[a-z][A-Za-z]{0,15}$/);
const state = fc.constantFrom(...requestStates);
const fact = fc.record(
  {
    event: fc.constantFrom(...custodyEvents),
    from: state,
    to: state,
    reasonCode: fc.option(text),
    detail: fc.dictionary(name, fc.oneof(text, fc.integer(), fc.boolean())),
  },
  { requiredKeys: ['event'] },
);
const action = (unit: fc.Arbitrary<string>) =>
  fc.option(fc.record({ actor: text, displayName: unit, justification: unit }));
const salt = '00112233445566778899aabbccddeeff';
const at = '2026-11-23T12:00:00.000Z';

describe('the hashes of a custody record', () => {
  it('are those of the fields sorted by their names, for everything that entries hold', () => {
    fc.assert(
      fc.property(fact, action(text), (given, by) => {
        const { entry, annotation } = nextEntry(emptyChain, { fact: given, at, action: by, salt });
        const { hash, ...content } = entry;
        expect(canonicalize(content)).toBe(sortedJson(content));
        expect(hash).toBe(sha256(sortedJson(content)));
        expect(entry.commitment).toBe(annotation && sha256(sortedJson(annotation)));
      }),
    );
  });

  it('are the same after the record was stored and read', () => {
    fc.assert(
      fc.property(fact, action(text), (given, by) => {
        const { entry, annotation } = nextEntry(emptyChain, { fact: given, at, action: by, salt });
        const stored = JSON.parse(JSON.stringify(entry)) as CustodyEntry;
        const annotations = new Map(annotation ? [[1, annotation]] : []);
        expect(chainProblems([stored], annotations)).toEqual([]);
      }),
    );
  });
});

describe('a checkpoint of a custody record', () => {
  it('says of which request it is, how many entries there were, the last hash and when', () => {
    const { entry } = nextEntry(emptyChain, {
      fact: { event: 'searched' },
      at: '2026-11-23T12:00:00.000Z',
      action: null,
      salt: '00',
    });
    const read = { requestId: 'r-1', head: entry.hash, at: '2026-11-24T12:00:00.000Z' };
    expect(checkpointOf({ ...read, entries: [entry] })).toEqual({ ...read, sequence: 1 });
  });
});

describe('an entry of a custody record', () => {
  it('takes any text of an officer, also one that is no Unicode', () => {
    const anyText = fc
      .string({ unit: anyCharacter })
      .map((one) => `${one}\uD800 \uDC00\uD83D\uDE00`);
    fc.assert(
      fc.property(action(anyText), (by: OfficerAction | null) => {
        const fact = { event: 'decided' } as const;
        const { entry, annotation } = nextEntry(emptyChain, { fact, at, action: by, salt });
        const annotations = new Map(annotation ? [[1, annotation]] : []);
        expect(chainProblems([entry], annotations)).toEqual([]);
        const [line] = linesOf([entry], annotations);
        if (by) expect(line?.annotation?.justification.endsWith('\uFFFD \uFFFD😀')).toBe(true);
      }),
    );
  });
});
