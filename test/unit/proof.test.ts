import { hasProofEnded, proofEndsBefore } from '../../src/core/request/proof';

const now = new Date('2029-12-01T03:30:00.000Z');

describe('the end of the proof', () => {
  it.each([
    ['2029-12-01T03:30:00.000Z', 3, '2026-12-01T03:30:00.000Z'],
    ['2028-02-29T03:30:00.000Z', 1, '2027-03-01T03:30:00.000Z'],
    ['2030-01-01T00:00:00.000Z', 10, '2020-01-01T00:00:00.000Z'],
  ])('at %s is %d years after what happened before %s', (at, years, before) => {
    expect(proofEndsBefore(new Date(at), years).toISOString()).toBe(before);
  });

  it.each([
    ['that was added to within the years is not over', '2026-12-08T03:30:00.001Z', false],
    ['that was completed some days later is over', '2026-12-08T03:30:00.000Z', true],
    ['that is older is over', '2026-11-01T00:00:00.000Z', true],
  ])('of a record that is gone and %s', (_name, lastAddedAt, ended) => {
    expect(hasProofEnded(new Date(lastAddedAt), now, 3)).toBe(ended);
  });

  it('is over where there is no head any more', () => {
    expect(hasProofEnded(null, now, 3)).toBe(true);
  });
});
