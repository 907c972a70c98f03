import { marginMs, samplesOf, SoundError, Stretches } from '../../src/core/sound/sound';

type Stretch = [from: number, to: number];
const stretches = (...all: Stretch[]): Stretches =>
  new Stretches(all.map(([from, to]) => ({ from, to })));
const within = (of: Stretches, from: number, to: number): Stretch[] =>
  of.within(from, to).map((one) => [one.from, one.to]);

describe('stretches of samples', () => {
  it.each<[string, Stretch[], Stretch[]]>([
    ['are none where none are given', [], []],
    [
      'come in their order, whichever way they are given',
      [
        [30, 40],
        [10, 20],
        [50, 60],
      ],
      [
        [10, 20],
        [30, 40],
        [50, 60],
      ],
    ],
    [
      'are one where they overlap',
      [
        [15, 30],
        [10, 20],
      ],
      [[10, 30]],
    ],
    [
      'are one where they touch',
      [
        [10, 20],
        [20, 30],
      ],
      [[10, 30]],
    ],
    [
      'are two where a sample lies between them',
      [
        [10, 20],
        [21, 30],
      ],
      [
        [10, 20],
        [21, 30],
      ],
    ],
    [
      'end with the longest of those that are one',
      [
        [10, 40],
        [15, 20],
        [39, 41],
      ],
      [[10, 41]],
    ],
  ])('%s', (_name, given, wanted) => {
    expect(within(stretches(...given), 0, 100)).toEqual(wanted);
  });

  it.each<[from: number, to: number, parts: Stretch[]]>([
    [0, 10, []],
    [0, 11, [[10, 11]]],
    [0, 20, [[10, 20]]],
    [12, 15, [[12, 15]]],
    [19, 30, [[19, 20]]],
    [20, 30, []],
    [20, 31, [[30, 31]]],
    [
      15,
      35,
      [
        [15, 20],
        [30, 35],
      ],
    ],
    [40, 50, []],
    [99, 100, []],
  ])('in %d to %d are the parts that lie there', (from, to, parts) => {
    expect(within(stretches([10, 20], [30, 40]), from, to)).toEqual(parts);
  });

  it('are found one piece of a recording after the other', () => {
    const all = stretches([10, 20], [30, 40], [70, 75]);
    const found = Array.from({ length: 10 }, (_, i) => within(all, i * 10, i * 10 + 10));
    expect(found).toEqual([[], [[10, 20]], [], [[30, 40]], [], [], [], [[70, 75]], [], []]);
  });

  it('are found again in pieces that overlap', () => {
    const all = stretches([10, 20]);
    expect(within(all, 0, 15)).toEqual([[10, 15]]);
    expect(within(all, 12, 25)).toEqual([[12, 20]]);
    expect(within(all, 12, 13)).toEqual([[12, 13]]);
  });

  it('leave what they are made of as it is', () => {
    const given = [
      { from: 10, to: 20 },
      { from: 15, to: 30 },
    ];
    stretches();
    new Stretches(given).within(0, 100);
    expect(given).toEqual([
      { from: 10, to: 20 },
      { from: 15, to: 30 },
    ]);
  });
});

describe('the samples of passages', () => {
  it('have a margin of 200 ms on both sides', () => {
    expect(marginMs).toBe(200);
    expect(samplesOf([{ from: 1000, to: 1500 }], 8000)).toEqual([{ from: 6400, to: 13_600 }]);
  });

  it('are those that a passage touches', () => {
    // 11.025 samples a millisecond: 8,831.025 and 19,856.025.
    expect(samplesOf([{ from: 1001, to: 1601 }], 11_025)).toEqual([{ from: 8831, to: 19_857 }]);
  });

  it('begin with the recording', () => {
    expect(
      samplesOf(
        [
          { from: 100, to: 300 },
          { from: -900, to: -500 },
          { from: 201, to: 202 },
        ],
        1000,
      ),
    ).toEqual([
      { from: 0, to: 500 },
      { from: 0, to: 0 },
      { from: 1, to: 402 },
    ]);
  });
});

describe('a recording that cannot be made silent', () => {
  it('is an error that says why', () => {
    const error = new SoundError('malformed');
    expect(error.problem).toBe('malformed');
    expect(error.message).toBe('malformed');
  });
});
