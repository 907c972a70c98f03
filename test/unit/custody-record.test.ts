import {
  chainBreaks,
  chainProblems,
  documentProblems,
  emptyChain,
  linesOf,
  nextEntry,
  type ChainHead,
  type CustodyDocument,
} from '../../src/core/custody/chain';
import {
  custodyEvents,
  historyOf,
  receiptOf,
  type CustodyAnnotation,
  type CustodyEntry,
  type CustodyFact,
  type OfficerAction,
} from '../../src/core/custody/record';
import { requestStates } from '../../src/core/request/states';

const at = '2026-11-23T12:00:00.000Z';
const salt = '00112233445566778899aabbccddeeff';
const officer: OfficerAction = { actor: 'o1', displayName: 'Ada Brandt', justification: 'Clear.' };

/** A record of three entries, of which an officer has made the second. */
function record(): { entries: CustodyEntry[]; annotations: Map<number, CustodyAnnotation> } {
  const facts: [CustodyFact, OfficerAction | null][] = [
    [{ event: 'stateChanged', from: 'received', to: 'needsDecision', reasonCode: null }, null],
    [{ event: 'decided', detail: { contacts: 2 } }, officer],
    [{ event: 'searched' }, null],
  ];
  const entries: CustodyEntry[] = [];
  const annotations = new Map<number, CustodyAnnotation>();
  let head: ChainHead = emptyChain;
  for (const [fact, action] of facts) {
    const { entry, annotation } = nextEntry(head, { fact, at, action, salt });
    entries.push(entry);
    if (annotation) annotations.set(entry.sequence, annotation);
    head = { sequence: entry.sequence, hash: entry.hash };
  }
  return { entries, annotations };
}
const entryOf = (entries: CustodyEntry[], i: number) => entries[i] as CustodyEntry;
/** The entries with one of them changed. */
const changed = (entries: CustodyEntry[], i: number, change: Partial<CustodyEntry>) =>
  entries.map((entry, at) => (at === i ? { ...entry, ...change } : entry));

describe('the receipt of a request', () => {
  const received = { state: 'received', law: 'gdpr', rights: ['access', 'portability'] } as const;

  it('is written with the law and the rights, and in which capacity somebody asks for another', () => {
    const fact = { event: 'stateChanged', to: 'received' };
    const detail = { law: 'gdpr', rights: 'access portability' };
    const rights = [...received.rights];
    expect(receiptOf({ ...received, rights })).toStrictEqual({ ...fact, detail });
    const requester = { capacity: 'guardian', mandate: null } as const;
    expect(receiptOf({ ...received, rights, requester })).toStrictEqual({
      ...fact,
      detail: { ...detail, requester: 'guardian' },
    });
  });

  it.each(['law', 'rights'] as const)(
    'of before requests had a %s is written without',
    (missing) => {
      const { [missing]: _missing, ...left } = { ...received, rights: [...received.rights] };
      expect(receiptOf(left)).toStrictEqual({ event: 'stateChanged', to: 'received' });
    },
  );
});

describe('the chain of a custody record', () => {
  let entries: CustodyEntry[];
  let annotations: Map<number, CustodyAnnotation>;
  beforeAll(() => {
    ({ entries, annotations } = record());
  });

  it('binds each entry to the one before, from zeros on', () => {
    expect(emptyChain).toEqual({ sequence: 0, hash: '0'.repeat(64) });
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(entries.map(({ previous }) => previous)).toEqual([
      emptyChain.hash,
      entryOf(entries, 0).hash,
      entryOf(entries, 1).hash,
    ]);
    expect(new Set(entries.map(({ hash }) => hash)).size).toBe(3);
    expect(chainProblems(entries, annotations)).toEqual([]);
    expect(chainProblems([], new Map())).toEqual([]);
  });

  it('names the officer by an opaque id, and the app by none', () => {
    expect(entries.map(({ actor }) => actor)).toEqual([null, 'o1', null]);
    expect(entries.map(({ commitment }) => commitment === null)).toEqual([true, false, true]);
    expect([...annotations]).toEqual([
      [2, { salt, displayName: 'Ada Brandt', justification: 'Clear.' }],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/Ada|Clear/);
  });

  it('still holds after an annotation was deleted', () => {
    expect(chainProblems(entries, new Map())).toEqual([]);
  });

  it.each<[string, (all: CustodyEntry[]) => CustodyEntry[], string[]]>([
    ['was changed', (all) => changed(all, 0, { at: '2026-11-24' }), ['Entry 1 was changed.']],
    [
      'was changed with its hash',
      (all) => changed(all, 0, { hash: 'f'.repeat(64) }),
      ['Entry 1 was changed.', 'Entry 2 is not bound to the one before.'],
    ],
    [
      'was removed from the middle',
      (all) => [entryOf(all, 0), entryOf(all, 2)],
      [
        'Entry 3 does not follow entry 1.',
        'Entry 3 is not bound to the one before.',
        'Entry 2 was removed.',
      ],
    ],
    [
      'was removed from the beginning',
      (all) => all.slice(1),
      ['Entry 2 does not follow entry 0.', 'Entry 2 is not bound to the one before.'],
    ],
    [
      'has another number',
      (all) => changed(all, 2, { sequence: 4 }),
      ['Entry 4 does not follow entry 2.', 'Entry 4 was changed.'],
    ],
    [
      'was bound to another one',
      (all) => changed(all, 2, { previous: emptyChain.hash }),
      ['Entry 3 is not bound to the one before.', 'Entry 3 was changed.'],
    ],
    ['has lost its end', (all) => all.slice(0, 1), ['Entry 2 was removed.']],
  ])('that %s is told so', (_name, change, problems) => {
    const breaks = chainBreaks(change(entries), annotations);
    expect(breaks.map(({ text }) => text)).toEqual(problems);
    // Each names the entry itself before any other.
    const named = problems.map((problem) => Number(/[Ee]ntry (\d+)/.exec(problem)?.[1]));
    expect(breaks.map(({ entry }) => entry)).toEqual(named);
  });

  it.each([{ displayName: 'Eve' }, { justification: 'Other.' }, { salt: '00' }])(
    'tells an annotation that was changed: %j',
    (change) => {
      const annotation = annotations.get(2) as CustodyAnnotation;
      expect(chainProblems(entries, new Map([[2, { ...annotation, ...change }]]))).toEqual([
        'Who did what entry 2 says, or why, was changed.',
      ]);
      // An annotation at an entry that never had one.
      expect(chainProblems(entries, new Map([[1, annotation]]))).toEqual([
        'Who did what entry 1 says, or why, was changed.',
      ]);
    },
  );

  it('replaces halves of characters in what an officer has written', () => {
    const action = { actor: 'o1', displayName: 'A\uD83D', justification: '\uDE00😀' };
    const { annotation } = nextEntry(emptyChain, { fact: { event: 'decided' }, at, action, salt });
    expect(annotation).toEqual({ salt, displayName: 'A\uFFFD', justification: '\uFFFD😀' });
  });
});

describe('a custody document', () => {
  let entries: CustodyEntry[];
  let annotations: Map<number, CustodyAnnotation>;
  let document: CustodyDocument;
  beforeAll(() => {
    ({ entries, annotations } = record());
    document = {
      requestId: 'r1',
      entries,
      annotations: [...annotations].map(([sequence, annotation]) => ({ ...annotation, sequence })),
      head: entryOf(entries, 2).hash,
      at,
      signature: 'x',
      checkpoints: [],
      problems: [],
    };
  });
  const checkpoint = (sequence: number, head: string) => ({
    ...{ requestId: 'r1', sequence, head, at, signature: 'x' },
  });
  const atEnd = 'The record does not end with the entry that was signed.';

  it.each<[string, () => Partial<CustodyDocument>, string[]]>([
    ['as it was signed', () => ({}), []],
    ['without annotations', () => ({ annotations: [] }), []],
    ['without its last entry', () => ({ entries: entries.slice(0, 2) }), [atEnd]],
    ['with another entry signed', () => ({ head: entryOf(entries, 1).hash }), [atEnd]],
    ['without entries', () => ({ entries: [], annotations: [], head: emptyChain.hash }), []],
    ['without entries but a head', () => ({ entries: [], annotations: [] }), [atEnd]],
    [
      'with a changed annotation',
      () => ({ annotations: [{ sequence: 2, salt, displayName: 'Eve', justification: 'Clear.' }] }),
      ['Who did what entry 2 says, or why, was changed.'],
    ],
    [
      'with an annotation of an entry that is gone',
      () => ({ entries: entries.slice(0, 1), head: entryOf(entries, 0).hash }),
      ['Entry 2 was removed.'],
    ],
    [
      'with a checkpoint of its present length',
      () => ({ checkpoints: [checkpoint(3, entryOf(entries, 2).hash)] }),
      [],
    ],
    [
      'with a checkpoint of more entries',
      () => ({ checkpoints: [checkpoint(4, 'f'.repeat(64))] }),
      [`The record had 4 entries on ${at}, and has lost some.`],
    ],
    [
      'with a checkpoint of another entry',
      () => ({ checkpoints: [checkpoint(2, 'f'.repeat(64))] }),
      [`Entry 2 is not the one of the checkpoint of ${at}.`],
    ],
    [
      'with a checkpoint of another request',
      () => ({ checkpoints: [{ ...checkpoint(2, entryOf(entries, 1).hash), requestId: 'r2' }] }),
      ['A checkpoint is of another request.'],
    ],
    [
      'that the app found changed',
      () => ({ problems: ['Entry 9 is gone.'] }),
      ['Entry 9 is gone.'],
    ],
  ])('%s has these problems', (_name, change, problems) => {
    expect(documentProblems({ ...document, ...change() })).toEqual(problems);
  });

  it('shows who did what, without the salt', () => {
    const annotation = { displayName: 'Ada Brandt', justification: 'Clear.' };
    expect(linesOf(entries, annotations)).toEqual([
      { ...entryOf(entries, 0), annotation: null },
      { ...entryOf(entries, 1), annotation },
      { ...entryOf(entries, 2), annotation: null },
    ]);
  });
});

describe('the history for the person', () => {
  const entry = (change: CustodyFact): CustodyEntry => ({
    ...{ sequence: 1, at, actor: 'o1', commitment: null, previous: '', hash: '' },
    ...change,
  });

  it('has the states that concern them, and no others', () => {
    const changes = requestStates.map((to) => entry({ event: 'stateChanged', to }));
    expect(historyOf(changes)).toEqual(
      ['received', 'awaitingVerification', 'exporting', 'available', 'delivered'].map((state) => ({
        at,
        event: `state.${state}`,
      })),
    );
    expect(historyOf([entry({ event: 'stateChanged' })])).toEqual([]);
  });

  it('has the events in which they took part, and no others', () => {
    const others = custodyEvents.filter((event) => event !== 'stateChanged');
    const shown = historyOf(others.map((event) => entry({ event })));
    expect(shown).toEqual(
      [
        ...['codeSent', 'stepUpAccepted', 'stepUpRefused', 'authenticatorEnrolled'],
        ...['identityChecked', 'passphraseShown', 'linkMinted', 'handOverApproved', 'handedOver'],
      ].map((event) => ({ at, event })),
    );
  });

  it('is told from these events', () => {
    expect(custodyEvents).toEqual([
      ...['stateChanged', 'searched', 'doubtfulSettled', 'matched', 'conversationsCounted'],
      ...['decided', 'identifiersRevealed', 'failuresAccepted', 'packageVerified'],
      'extended',
      ...['deadlineMissed', 'endNoticed', 'messageSent', 'messageRefused'],
      ...['messageRead', 'messageSentAgain', 'noticeByTicket'],
      'codeSent',
      'stepUpAccepted',
      ...['stepUpRefused', 'stepUpLockedOut', 'authenticatorEnrolled', 'identityChecked'],
      ...[
        'mandateChecked',
        'passphraseShown',
        'linkMinted',
        'downloadReported',
        'downloadsLogged',
        'handOverApproved',
        'handedOver',
        'roleRefused',
        'releasedAgain',
      ],
      ...['webhookDelivered', 'webhookFailed', 'bucketObjectsDeleted'],
      ...['keyDestroyed', 'deleted'],
    ]);
  });
});
