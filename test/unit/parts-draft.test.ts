import { mergedParts, type Parts } from '../../src/web/officer/parts-draft';

const parts = (kinds: Parts['kinds'], ...ids: string[]): Parts => ({
  kinds,
  conversations: ids.join('\n'),
});

describe('parts that are withheld for the rights of others', () => {
  const before = parts(['notes', 'emails'], 'a', 'b');

  it('are those of another officer, with what a form has added to them or taken away', () => {
    const now = parts(['notes', 'emails', 'transcripts'], 'a', 'b', 'c');
    const form = parts(['notes', 'campaigns'], 'b', 'd');
    expect(mergedParts(form, before, now)).toEqual(
      parts(['notes', 'transcripts', 'campaigns'], 'b', 'c', 'd'),
    );
  });

  it('stay taken away where the other officer has taken them away', () => {
    expect(mergedParts(before, before, parts(['emails'], 'b'))).toEqual(parts(['emails'], 'b'));
    expect(mergedParts(parts([]), before, parts([]))).toEqual(parts([]));
  });

  it('are what the form has where nobody else has changed them', () => {
    const form = parts(['campaigns'], 'd');
    expect(mergedParts(form, before, before)).toEqual(form);
  });
});
