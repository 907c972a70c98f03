import fc from 'fast-check';
import { Arrivals } from '../../src/web/officer/arrivals';

describe('the answers of a server', () => {
  it('are news unless a later one came before them, in whichever order they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4]), (order) => {
        const arrivals = new Arrivals();
        const asked = [0, 1, 2, 3, 4].map(() => arrivals.ask());
        const shown = order.filter((number) => asked[number]?.());
        expect(shown).toEqual(
          order.filter((n, i) => order.slice(0, i).every((before) => before < n)),
        );
      }),
    );
  });
});
