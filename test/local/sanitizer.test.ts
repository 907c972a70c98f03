import { sanitize } from '../../local/host/sanitizer';

describe('the sanitizer of error messages', () => {
  it.each([
    ['nothing to hide', 'nothing to hide'],
    ['url?sv=1&sig=abc" more', 'url?sv=1[Hidden Credential]" more'],
    ['x AccountKey=abc<y', 'x [Hidden Credential]<y'],
    ['pwd=one" and PWD=two', '[Hidden Credential]" and [Hidden Credential]'],
    ['GET /x?code=abc', 'GET /x[Hidden Credential]'],
  ])('turns %s into %s', (message, expected) => {
    expect(sanitize(message)).toBe(expected);
  });
});
