import type { ConversationDetails } from '../../src/core/genesys/conversation';
import { keepAttributes } from '../../src/core/redaction/attributes';
import { defaultPolicy, policyProblems, policySchema } from '../../src/core/redaction/policy';

describe('participant attributes', () => {
  const conversation = {
    participants: [
      { purpose: 'customer', attributes: { order: '1', card: '4111' } },
      { purpose: 'agent' },
    ],
  };
  it.each([
    [new Set<string>(), {}, ['order', 'card']],
    [new Set(['order']), { order: '1' }, ['card']],
    ['all' as const, { order: '1', card: '4111' }, []],
  ])('are withheld unless policy allows them: %#', (allowed, kept, withheld) => {
    const result = keepAttributes(conversation, allowed);
    expect(result.conversation.participants?.[0]?.['attributes']).toEqual(kept);
    expect([...result.withheld]).toEqual(withheld);
    expect(conversation.participants[0]?.attributes).toEqual({ order: '1', card: '4111' });
  });

  it('are left alone where there are none', () => {
    const without = { participants: [{ attributes: null }, { purpose: 'agent' }], id: 'x' };
    const result = keepAttributes(without as unknown as ConversationDetails, new Set<string>());
    expect(result.conversation).toEqual(without);
    expect(result.withheld).toEqual(new Set());
    const empty: ConversationDetails = { id: 'x' };
    expect(keepAttributes(empty, 'all').conversation).toBe(empty);
  });

  it('are withheld by their names once, from each participant', () => {
    const participants = [{ attributes: { a: '1', b: '2' } }, { attributes: { b: '3', c: '4' } }];
    const result = keepAttributes<ConversationDetails>({ participants, id: 'x' }, new Set(['b']));
    expect(result).toEqual({
      conversation: {
        participants: [{ attributes: { b: '2' } }, { attributes: { b: '3' } }],
        id: 'x',
      },
      withheld: new Set(['a', 'c']),
    });
  });
});

describe('the redaction policy', () => {
  const pattern = (change: object = {}) => ({ name: 'iban', pattern: 'DE\\d+', ...change });
  const accepts = (change: object): boolean =>
    policySchema.safeParse({ version: 1, ...change }).success;

  it('protects employees, other people and cards by default, and exports whole calls', () => {
    expect(defaultPolicy).toEqual({
      version: 1,
      callAudio: 'full',
      agents: 'pseudonym',
      agentsInAudits: 'pseudonym',
      singleNames: [],
      otherPeople: 'mask',
      cardNumbers: 'mask',
      attachments: 'keep',
      patterns: [],
      soundOfMaskedPassages: {
        cardNumbers: 'mute',
        patterns: 'mute',
        otherPeople: 'mute',
        staff: 'keep',
      },
    });
  });

  it.each([
    ['callAudio', ['full', 'transcriptOnly', 'customerChannel']],
    ['agents', ['name', 'firstName', 'role', 'pseudonym']],
    ['agentsInAudits', ['name', 'firstName', 'role', 'pseudonym']],
    ['otherPeople', ['mask', 'keep']],
    ['cardNumbers', ['mask', 'keep']],
    ['attachments', ['keep', 'withhold']],
  ])('has these values for %s, and no others: %j', (field, values) => {
    for (const value of values) expect(accepts({ [field]: value })).toBe(true);
    for (const value of ['', 'none', null, 7]) expect(accepts({ [field]: value })).toBe(false);
  });

  it.each(['cardNumbers', 'patterns', 'otherPeople', 'staff'])(
    'has three values for the sound of what is masked as %s',
    (field) => {
      const takes = (value: unknown): boolean =>
        accepts({ soundOfMaskedPassages: { [field]: value } });
      expect(['mute', 'keep', 'withhold'].map(takes)).toEqual([true, true, true]);
      expect(['', 'mask', 'silence', null, true].map(takes)).toEqual(Array(5).fill(false));
      expect(accepts({ soundOfMaskedPassages: { [`${field}s`]: 'mute' } })).toBe(false);
    },
  );

  it.each([
    ['a name of 40 characters', [pattern({ name: 'x'.repeat(40) })], true],
    ['a name of 41 characters', [pattern({ name: 'x'.repeat(41) })], false],
    ['a name with spaces, hyphens and digits', [pattern({ name: 'a-1 b_2' })], true],
    ['a name with a bracket', [pattern({ name: 'a]' })], false],
    ['a name that begins with a bracket', [pattern({ name: '[a' })], false],
    ['no name', [pattern({ name: '' })], false],
    ['an expression of 500 characters', [pattern({ pattern: 'x'.repeat(500) })], true],
    ['an expression of 501 characters', [pattern({ pattern: 'x'.repeat(501) })], false],
    ['an empty expression, which is found everywhere', [pattern({ pattern: '' })], false],
    ['an expression of wrong form', [pattern({ pattern: '(' })], false],
    ['an escape that changes nothing', [pattern({ pattern: '\\-' })], true],
    ['50 patterns', Array.from({ length: 50 }, () => pattern()), true],
    ['51 patterns', Array.from({ length: 51 }, () => pattern()), false],
    ['a field that is not known', [pattern({ flags: 'i' })], false],
  ])('with %s is accepted or not', (_name, patterns, expected) => {
    expect(accepts({ patterns })).toBe(expected);
  });

  it('says what is wrong with a pattern', () => {
    const patterns = [pattern({ name: ']', pattern: '(' })];
    const { error } = policySchema.safeParse({ version: 1, patterns });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'is letters, digits, spaces, hyphens; 40 at most',
      'is not a regular expression that RE2 knows: missing closing )',
    ]);
  });

  it.each([
    [['Al', "O'Neil", 'O’Neil', 'Jean-Luc', 'Zoe\u0308', 'a'.repeat(40)], true],
    [['A'], false],
    [['a'.repeat(41)], false],
    [['Anna Maria'], false],
    [['Anna1'], false],
    [['1Anna'], false],
    [[''], false],
    [Array.from({ length: 1000 }, () => 'Anna'), true],
    [Array.from({ length: 1001 }, () => 'Anna'), false],
  ])('takes words of names alone, a thousand at most: %#', (singleNames, isTaken) => {
    expect(policySchema.safeParse({ version: 1, singleNames }).success).toBe(isTaken);
  });

  it('says what is wrong with a word of names', () => {
    const { error } = policySchema.safeParse({ version: 1, singleNames: ['Anna Maria'] });
    expect(error?.issues.map(({ message }) => message)).toEqual(['is one word of a name']);
  });

  it.each<[string, unknown, unknown[]]>([
    ['nothing', undefined, ['its top']],
    ['no object', 'x', ['its top']],
    ['a field that is none', { version: 1, agents: 'nobody' }, ['agents']],
    [
      'two places',
      { version: 1, cardNumbers: 'hide', soundOfMaskedPassages: { staff: 'hide' } },
      ['cardNumbers', 'soundOfMaskedPassages.staff'],
    ],
    [
      'a pattern that is refused, by its name',
      { version: 1, patterns: [{ name: 'employee number', pattern: '(?=E)' }] },
      [expect.stringMatching(/^patterns\.0\.pattern \(employee number\) looks ahead/)],
    ],
    [
      'a pattern that is refused, whose name is refused as well',
      { version: 1, patterns: [{ name: 'maria@mail.example', pattern: '(?=E)' }] },
      ['patterns.0.name', expect.stringMatching(/^patterns\.0\.pattern looks ahead/)],
    ],
    [
      'a pattern that is too long, without a word of it',
      { version: 1, patterns: [{ name: 'long', pattern: 'a'.repeat(501) }] },
      ['patterns.0.pattern'],
    ],
  ])('tells where %s is wrong, and repeats nothing else', (_name, content, expected) => {
    const { error } = policySchema.safeParse(content);
    expect(error && policyProblems(content, error)).toEqual(expected);
  });
});
