import fc from 'fast-check';
import {
  cardMark,
  markReader,
  otherAddress,
  otherName,
  patternMark,
  pseudonymOf,
  pseudonymsIn,
} from '../../src/core/redaction/marks';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

describe('the marks in a masked text', () => {
  const read = markReader(['iban', 'a.c (old)']);
  const text = (words: string) => ({ kind: 'text', text: words });

  it.each([
    ['', []],
    ['Nothing here.', [text('Nothing here.')]],
    [
      `My card is ${cardMark}.`,
      [text('My card is '), { kind: 'removed', what: 'cardNumber' }, text('.')],
    ],
    [
      `${otherName} <${otherAddress}>`,
      [
        { kind: 'removed', what: 'otherPerson' },
        text(' <'),
        { kind: 'removed', what: 'otherPerson' },
        text('>'),
      ],
    ],
    [patternMark('a.c (old)'), [{ kind: 'removed', what: 'pattern', name: 'a.c (old)' }]],
    ['[abc (old) removed]', [text('[abc (old) removed]')]],
    [
      'agent-00c0ffee, Service',
      [{ kind: 'staff', pseudonym: 'agent-00c0ffee' }, text(', Service')],
    ],
    ['agent-00c0ffee@masked.invalid', [{ kind: 'staff', pseudonym: 'agent-00c0ffee' }]],
    ['agent-00c0ffee0', [text('agent-00c0ffee0')]],
  ])('are told from the words of %j', (given, pieces) => {
    expect(read(given)).toEqual(pieces);
  });

  it('leave every other letter of a text where it is', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(cardMark))), (parts) => {
        const given = parts.join('');
        const back = read(given)
          .map((piece) => (piece.kind === 'text' ? piece.text : cardMark))
          .join('');
        return (
          back === given ||
          /agent-|removed\]|another/.test(parts.filter((one) => one !== cardMark).join(''))
        );
      }),
    );
  });

  it('are those that masking writes', () => {
    const sanitiser = new Sanitiser(defaultPolicy, pseudonymOf);
    expect(read(sanitiser.text('My card is 4111 1111 1111 1111'))).toContainEqual({
      ...{ kind: 'removed', what: 'cardNumber' },
    });
    expect(pseudonymsIn(`by ${pseudonymOf('00c0ffee1234')}.`)).toEqual(['agent-00c0ffee']);
  });
});
