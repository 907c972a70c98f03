import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser, wordsOf } from '../../src/core/redaction/sanitiser';
import { lettersAtATime } from '../../src/core/redaction/steps';

const card = '4111 1111 1111 1111';
const mark = '[card number removed]';
const patterns = [{ name: 'code', pattern: 'secret word' }];
const sanitiser = (): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, patterns }, (id) => id, { file: 'f' });
const masked = (value: object): object => sanitiser().document(value);
const spoken = (text: string): { word: string }[] => text.split(' ').map((word) => ({ word }));

describe('the words of a list', () => {
  it.each<[unknown, string[]]>([
    [undefined, []],
    [null, []],
    ['word', []],
    [{ word: 'a' }, []],
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      [{ word: 'a' }, 'b', { word: 'c', startTimeMs: 1 }],
      ['a', 'b', 'c'],
    ],
    [[null, undefined, 7, true, {}, { word: 7 }, { word: null }, { text: 'a' }, ['a'], 'z'], ['z']],
  ])('of %j are %j', (list, words) => {
    expect(wordsOf(list)).toEqual(words);
  });
});

describe('what was said word by word', () => {
  const alternatives = [{ text: 'other' }];

  it('goes with its alternatives when a text of it was masked, as it stands or decorated', () => {
    const words = spoken('one two');
    expect(masked({ text: card, decoratedText: 'x', words, alternatives })).toEqual({
      ...{ text: mark, decoratedText: 'x' },
    });
    expect(masked({ text: 'one two', decoratedText: card, words, alternatives })).toEqual({
      ...{ text: 'one two', decoratedText: mark },
    });
    expect(masked({ text: { note: card }, words, alternatives })).toEqual({
      ...{ text: { note: mark }, words, alternatives },
    });
    expect(masked({ note: card, words, alternatives })).toEqual({
      ...{ note: mark, words, alternatives },
    });
  });

  it('goes when the words tell together what the text does not, and is counted', () => {
    const one = sanitiser();
    const phrase = { text: 'mine', words: spoken(`it is ${card} yes`), alternatives };
    expect(one.document<object>({ phrases: [phrase] })).toEqual({ phrases: [{ text: 'mine' }] });
    expect(one.redactions).toEqual({ cardNumber: { 'f#phrases[].words[]': 1 } });
    for (const text of [null, 7, {}])
      expect(masked({ text, words: spoken(card) })).toEqual({ text });
    expect(masked({ words: card.split(' ') })).toEqual({});
  });

  it('stays where each thing that is masked is within a word, which is masked there', () => {
    const one = sanitiser();
    const whole = card.replaceAll(' ', '');
    expect(one.document<object>({ words: [{ word: 'is' }, { word: whole }] })).toEqual({
      words: [{ word: 'is' }, { word: mark }],
    });
    expect(one.redactions).toEqual({ cardNumber: { 'f#words[].word': 1 } });
    expect(masked({ words: [{ word: whole }, ...spoken(`and secret word`)] })).toEqual({});
  });

  it('stays where the text says the same letters, in which nothing was found', () => {
    const words = spoken('My secret word is ÉTÉ 7');
    for (const text of [
      'my secret, word: is été 7',
      'MYSECRET-WORD is ÉTÉ7',
      'My secret; word… is été 7!',
    ])
      expect(masked({ text, words })).toEqual({ text, words });
    for (const text of ['my secret, word is été', 'my secret, word is été 8', 'secret, word', ''])
      expect(masked({ text, words })).toEqual({ text });
  });

  it('is compared with the text up to the letters that are read at a time', () => {
    // Two letters more in the text: a comma in each place of a space.
    const words = (length: number): string => `secret word ${'x'.repeat(length - 12)}`;
    for (const [most, stays] of [
      [lettersAtATime - 2, true],
      [lettersAtATime, false],
    ] as const) {
      const said = words(most / 2);
      const text = said.replaceAll(' ', ',');
      const value = { text, words: spoken(said) };
      expect(said.length + text.length).toBe(most);
      expect(masked(value)).toEqual(stays ? value : { text });
    }
  });
});
