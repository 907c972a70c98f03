import { cellsOf, figuresOf, lastMonths } from '../../src/web/officer/statistics-figures';

const month = (name: string, change: object = {}) => ({
  ...{ month: name, received: 4, answeredInTime: 3, answeredLate: 1, withoutOfficer: 2 },
  ...{ opened: 2, byOutcome: { dataGiven: 3, refused: 1 }, daysToAnswer: { '0': 1, '3': 2 } },
  ...change,
});

describe('the figures of the statistics page', () => {
  it('add up over the months, with outcomes by how often they came', () => {
    const figures = figuresOf([
      month('2026-10'),
      month('2026-11', { daysToAnswer: { '10': 1, '31-60': 1 }, byOutcome: { refused: 9 } }),
    ]);
    expect(figures).toMatchObject({
      ...{ received: 8, answered: 8, inTime: 6, withoutOfficer: 4, opened: 4, given: 3 },
      byOutcome: [
        ['refused', 10],
        ['dataGiven', 3],
      ],
    });
    expect(figures.days.map(({ key }) => key)).toEqual(['0', '3', '10', '31-60']);
    expect([figures.median, figures.ninth]).toEqual([
      { from: 3, to: 3 },
      { from: 31, to: 60 },
    ]);
  });

  it('reach to the end of the days that are counted together, which the longest have none of', () => {
    const late = figuresOf([month('2026-11', { daysToAnswer: { '0': 1, '61-90': 2, '91+': 2 } })]);
    expect([late.median, late.ninth]).toEqual([
      { from: 61, to: 90 },
      { from: 91, to: null },
    ]);
  });

  it('take a package that was opened and then recalled for one that was given', () => {
    const figures = figuresOf([
      month('2026-11', { opened: 2, byOutcome: { dataGiven: 1, recalled: 2, refused: 1 } }),
    ]);
    expect(figures).toMatchObject({ given: 3, opened: 2 });
  });

  it('have no median without an answer', () => {
    expect(figuresOf([])).toMatchObject({ median: null, ninth: null, answered: 0 });
  });

  it('are of the last months, in which nothing came, too', () => {
    const shown = lastMonths([month('2025-11'), month('2026-01')], '2026-02', 3);
    expect(shown.map((one) => [one.month, one.received])).toEqual([
      ['2025-12', 0],
      ['2026-01', 4],
      ['2026-02', 0],
    ]);
    expect(lastMonths([month('2025-11')], '2026-02', 0).map((one) => one.month)).toEqual([
      ...['2025-11', '2025-12', '2026-01', '2026-02'],
    ]);
    expect(lastMonths([], '2026-02', 0).map((one) => one.month)).toEqual(['2026-02']);
  });

  it('are a row of a table for each month', () => {
    expect(cellsOf(month('2026-11'))).toEqual(['2026-11', '4', '3', '1', '2', '2']);
  });
});
