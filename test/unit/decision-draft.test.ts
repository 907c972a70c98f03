import {
  answersOf,
  changesSince,
  draftOf,
  draftWith,
  isOfChosen,
  possibleMethods,
  withAnswer,
  type DraftChanges,
} from '../../src/web/officer/decision-draft';

type Evidence = Parameters<typeof draftOf>[0];
type Decision = NonNullable<Evidence['decision']>;

const evidenceOf = (
  decision: Partial<Decision> | null,
  chosen: string[] = [],
  requester: object | null = null,
): Evidence =>
  ({
    status: { requester },
    methods: requester === null ? ['oidc', 'officer'] : ['officer'],
    noContact: null,
    candidates: ['a', 'b'].map((contactId, i) => ({
      ...{ contactId, number: i + 1, matches: [] },
      isChosen: chosen.includes(contactId),
    })),
    identifiers: [
      { number: 1, answer: 'include', candidates: [1, 2], nearly: [] },
      { number: 2, answer: null, candidates: [1, 2], nearly: [] },
    ],
    decision: decision && {
      ...{ contactIds: [], method: null, codeTo: null, inviteTo: null },
      ...decision,
    },
  }) as unknown as Evidence;

const changed = (evidence: Evidence, changes: DraftChanges) =>
  answersOf(draftWith(evidence, changes), evidence);

describe('a decision that is not saved yet', () => {
  it('begins with the contact that is clear without an officer, also after other answers', () => {
    expect(draftOf(evidenceOf(null, ['a'])).contactIds).toEqual(['a']);
    expect(draftOf(evidenceOf({ method: 'oidc' }, ['a'])).contactIds).toEqual(['a']);
    expect(draftOf(evidenceOf({ contactIds: ['b', 'a'] }, ['a', 'b'])).contactIds).toEqual([
      ...['b', 'a'],
    ]);
    // Nobody has to say it again.
    expect(changed(evidenceOf({ method: 'oidc' }, ['a']), { method: 'officer' })).toEqual({
      method: 'officer',
    });
  });

  it('keeps what was chosen when something else is saved, and says only what differs', () => {
    const changes = withAnswer({ contactIds: ['b'] }, 2, 'withhold');
    const before = evidenceOf(null);
    const later = evidenceOf({ method: 'oidc' }, ['a']);
    const chosen = { contactIds: ['b'], identifiers: [{ identifier: 2, verdict: 'withhold' }] };
    // Of the first decision the record says the proof, too, which is left as it is.
    expect(changed(before, changes)).toEqual({ ...chosen, method: null });
    expect(changed(later, changes)).toEqual(chosen);
    expect(draftWith(later, changes)).toMatchObject({
      method: 'oidc',
      identifiers: { 1: 'include', 2: 'withhold' },
    });
    expect(changed(later, withAnswer(changes, 2, null))).toEqual({ contactIds: ['b'] });
    expect(changed(later, {})).toEqual({});
  });

  it('leaves the proof to what is on file, unless somebody acts for the person: then to an officer', () => {
    const someone = { capacity: 'representative' };
    for (const decision of [null, {}]) {
      expect(draftOf(evidenceOf(decision)).method).toBe('onFile');
      const evidence = evidenceOf(decision, [], someone);
      expect(draftOf(evidence).method).toBe('officer');
      expect(possibleMethods(evidence)).toEqual(['officer']);
      // Nobody has to choose it; with the first contact that is chosen it is said.
      expect(changed(evidence, {})).toEqual({});
      expect(changed(evidence, { contactIds: ['a'] })).toEqual({
        ...{ contactIds: ['a'] },
        ...(decision === null ? { method: 'officer' } : {}),
      });
    }
    expect(possibleMethods(evidenceOf(null))).toEqual(['onFile', 'oidc', 'officer']);
  });

  it('keeps what was chosen while it was saved', () => {
    const sent: DraftChanges = { method: 'oidc', codeTo: 1, identifiers: { 1: 'withhold' } };
    expect(changesSince(sent, sent)).toEqual({ identifiers: {} });
    const now: DraftChanges = {
      ...{ ...sent, method: 'officer', inviteTo: 2 },
      identifiers: { 1: 'withhold', 2: 'include' },
    };
    expect(changesSince(now, sent)).toEqual({
      ...{ method: 'officer', inviteTo: 2, identifiers: { 2: 'include' } },
    });
    expect(changesSince({ identifiers: { 1: 'include' } }, sent)).toEqual({
      identifiers: { 1: 'include' },
    });
  });

  it('sends codes and the invitation only where its proof needs them', () => {
    const evidence = evidenceOf(null);
    expect(changed(evidence, { method: 'sms', codeTo: 2, inviteTo: 1 })).toEqual({
      ...{ method: 'sms', codeTo: 2, inviteTo: 1 },
    });
    expect(changed(evidence, { method: 'oidc', codeTo: 2, inviteTo: 1 })).toEqual({
      ...{ method: 'oidc', inviteTo: 1 },
    });
    expect(changed(evidence, { method: 'officer', codeTo: 2, inviteTo: 1 })).toEqual({
      method: 'officer',
    });
    // What is saved stays: of somebody who was invited it cannot change.
    const saved = evidenceOf({ method: 'sms', codeTo: 2, inviteTo: 1 });
    expect(changed(saved, { method: 'officer' })).toEqual({ method: 'officer' });
  });

  it('says nothing of an identifier that no contact has that is chosen', () => {
    const evidence = evidenceOf(null);
    const [, second] = evidence.identifiers;
    if (second) second.candidates = [2];
    const answered = withAnswer({}, 2, 'include');
    // As long as nobody is chosen it may be asked of any of them.
    expect(changed(evidence, answered)).toEqual({
      identifiers: [{ identifier: 2, verdict: 'include' }],
    });
    expect(changed(evidence, { ...answered, contactIds: ['a'] })).not.toHaveProperty('identifiers');
    expect(changed(evidence, { ...answered, contactIds: ['a', 'b'] })).toHaveProperty(
      'identifiers',
    );
  });

  it.each([
    ['it', [1, 2], [], true],
    ['one like it', [1, 2], [1], false],
    ['neither it nor one like it', [2], [], false],
  ])('searches by an identifier where a chosen contact has %s', (_, candidates, nearly, is) => {
    const evidence = evidenceOf(null);
    const [identifier] = evidence.identifiers;
    if (!identifier) throw new Error('Nothing is in question.');
    // The other contact has it, and is not chosen.
    const one = { ...identifier, candidates, nearly };
    expect(isOfChosen(one, { contactIds: ['a'] }, evidence)).toBe(is);
  });
});
