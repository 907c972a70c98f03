import { hasApproved, isApproved, mayApprove } from '../../src/core/custody/hand-over';
import type { CustodyEntry } from '../../src/core/custody/record';

/** An entry by `event actor method`, or `available`. */
const entryOf = (text: string): CustodyEntry => {
  const [event = '', actor = null, method] = text.split(' ');
  const fact =
    event === 'available'
      ? { event: 'stateChanged', to: 'available' }
      : { event, ...(method === undefined ? {} : { detail: { method } }) };
  const chain = { sequence: 1, at: '', commitment: null, previous: '', hash: '' };
  return { ...chain, ...fact, actor } as CustodyEntry;
};
const entries = (...texts: string[]): CustodyEntry[] => texts.map(entryOf);

describe('the approval of a hand-over', () => {
  it.each<[string, string[], string[], boolean]>([
    ['nobody has confirmed anything', [], ['b'], true],
    ['another has checked the identity', ['identityChecked a'], ['b'], true],
    ['they have checked the identity', ['identityChecked a'], ['a'], false],
    ['they have under an earlier key', ['identityChecked old'], ['new', 'old'], false],
    ['they have checked a mandate', ['mandateChecked a'], ['a'], false],
    ['they have issued a code', ['codeSent a officer'], ['a'], false],
    ['a code went out by text message', ['codeSent'], ['a'], true],
    ['they have chosen the officer', ['decided a officer'], ['a'], false],
    ['they have chosen the login', ['decided a oidc'], ['a'], true],
  ])('may be given or not where %s', (_name, record, own, expected) => {
    expect(mayApprove(entries(...record), own)).toBe(expected);
  });

  it.each<[string, string[], string[], boolean]>([
    ['nobody approved', ['available', 'identityChecked a'], ['a'], false],
    ['another approved', ['identityChecked a', 'available', 'handOverApproved b'], ['a'], true],
    ['they approved themselves', ['available', 'handOverApproved a'], ['a'], false],
    ['they did under an earlier key', ['available', 'handOverApproved old'], ['new', 'old'], false],
    [
      'one who issued a code later',
      ['available', 'handOverApproved b', 'codeSent b officer'],
      ['a'],
      false,
    ],
    ['one and another', ['available', 'handOverApproved a', 'handOverApproved b'], ['a'], true],
    ['an earlier package', ['available', 'handOverApproved b', 'available'], ['a'], false],
    ['the person opens it', ['codeSent a officer', 'available', 'handOverApproved b'], [], true],
    [
      'the person opens it, by one',
      ['available', 'handOverApproved a', 'codeSent a officer'],
      [],
      false,
    ],
  ])('counts or not: %s', (_name, record, own, expected) => {
    expect(isApproved(entries(...record), own)).toBe(expected);
  });

  it('is known of an officer under an earlier key', () => {
    const record = entries('available', 'handOverApproved old');
    expect(hasApproved(record, ['new', 'old'])).toBe(true);
    expect(hasApproved(record, ['new'])).toBe(false);
  });
});
