import fc from 'fast-check';
import {
  countOf,
  headingsOf,
  heightOf,
  numberOfHeading,
  numberOfRow,
  rowAt,
  topOfHeading,
  topOfRow,
  windowOf,
  type ListShape,
} from '../../src/core/viewer/list-window';
import { cueAt, isSilent, joinedStretches, lanesOf } from '../../src/core/viewer/lanes';
import {
  channelTotals,
  contactSpan,
  lastDayOf,
  periodsOf,
  quarterOf,
} from '../../src/core/viewer/periods';
import {
  addressOf,
  allRows,
  isEverything,
  isShown,
  mayHold,
  readPlace,
  type RowFilter,
} from '../../src/core/viewer/place';
import {
  around,
  findIn,
  folded,
  searchedFields,
  searchedTexts,
  stretchesIn,
  wantedOf,
} from '../../src/core/viewer/search';
import { tableCsv } from '../../src/core/viewer/table-csv';
import { noTexts } from '../../src/core/package/viewer-texts';
import type { ViewerRow } from '../../src/core/package/viewer-rows';

describe('the periods of the chart', () => {
  const month = (start: string, call = 1) => ({ start, counts: { call } });

  it.each([
    [[], [], 'month', []],
    [
      [month('2026-03-01'), month('2026-01-01')],
      [],
      'month',
      ['2026-01-01', '2026-02-01', '2026-03-01'],
    ],
    [
      [month('2026-03-01')],
      [month('2026-03-16'), month('2026-03-02')],
      'week',
      ['2026-03-02', '2026-03-09', '2026-03-16'],
    ],
    [[month('2027-02-01'), month('2016-12-01')], [], 'quarter', null],
    // Notes and visits are no contacts, and what has no date has no place.
    [
      [{ start: '2026-05-01', counts: { note: 2 } }, month('2026-03-01'), month('')],
      [],
      'month',
      ['2026-03-01'],
    ],
  ])('of %j and weeks %j are by %s', (months, weeks, unit, starts) => {
    const found = periodsOf({ months, weeks });
    expect(found.unit).toBe(unit);
    if (starts !== null) expect(found.periods.map(({ start }) => start)).toEqual(starts);
    else expect(found.periods.map(({ start }) => start.slice(5))[0]).toBe('10-01');
  });

  it('of quarters hold the counts of their months', () => {
    const months = [month('2027-03-01', 3), month('2027-01-01', 4), month('2016-12-01', 5)];
    const { periods } = periodsOf({ months, weeks: [] });
    expect([periods[0]?.counts.call, periods.at(-1)?.counts.call]).toEqual([5, 7]);
    expect(periods.at(-1)).toMatchObject({ start: '2027-01-01', end: '2027-03-31' });
  });

  it.each([
    ['2026-02-01', 'month', '2026-02-28'],
    ['2024-02-01', 'month', '2024-02-29'],
    ['2026-12-28', 'week', '2027-01-03'],
    ['2026-10-01', 'quarter', '2026-12-31'],
  ] as const)('that begin on %s as a %s end on %s', (start, unit, end) => {
    expect(lastDayOf(start, unit)).toBe(end);
  });

  it('know the quarter of each month', () => {
    const quarters = Array.from({ length: 12 }, (_, i) =>
      quarterOf(`2026-${String(i + 1).padStart(2, '0')}-15`),
    );
    expect(new Set(quarters).size).toBe(4);
    expect([quarters[2], quarters[3], quarters[11]]).toEqual([
      '2026-01-01',
      '2026-04-01',
      '2026-10-01',
    ]);
  });

  it('span the months with contacts, and none of notes alone', () => {
    const note = { start: '2025-01-01', counts: { note: 1 } };
    const months = [
      note,
      month('2024-12-01'),
      month('2024-03-01'),
      { ...note, start: '2020-01-01' },
    ];
    expect(contactSpan(months)).toEqual({ from: '2024-03-01', to: '2024-12-01' });
    expect(contactSpan([note, month('')])).toBeNull();
  });

  it('count contacts by channel', () => {
    const months = [
      { start: '', counts: { call: 1, note: 2 } },
      { start: '2026-01-01', counts: { call: 2, chat: 1 } },
    ];
    expect(channelTotals(months)).toEqual({ call: 3, email: 0, message: 0, chat: 1, other: 0 });
  });
});

describe('the list that draws what is in sight', () => {
  const shapes = fc
    .record({
      parts: fc.array(fc.nat(40), { maxLength: 30 }),
      row: fc.integer({ min: 10, max: 90 }),
      heading: fc.integer({ min: 5, max: 60 }),
    })
    .map(({ parts, row, heading }): ListShape => {
      const named = parts.map((rows, i) => ({ key: String(i), rows }));
      return {
        ...{ row, heading, headings: headingsOf(named) },
        length: parts.reduce((sum, rows) => sum + rows, 0),
      };
    });

  it('has every row and heading in a place of its own, without a gap', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const places = [
          ...Array.from(
            { length: shape.length },
            (_, i) => [topOfRow(shape, i), shape.row] as const,
          ),
          ...shape.headings.map((_, i) => [topOfHeading(shape, i), shape.heading] as const),
        ].sort(([a], [b]) => a - b);
        let end = 0;
        for (const [top, height] of places) {
          if (top !== end) return false;
          end += height;
        }
        return end === heightOf(shape);
      }),
    );
  });

  it('draws all that is in sight, with the headings between', () => {
    fc.assert(
      fc.property(shapes, fc.nat(4000), fc.integer({ min: 1, max: 900 }), (shape, top, height) => {
        const { first, last, headings } = windowOf(shape, { top, height });
        const isSeen = (from: number, size: number): boolean =>
          from < top + height && from + size > top;
        for (let i = 0; i < shape.length; i += 1)
          if (isSeen(topOfRow(shape, i), shape.row) && (i < first || i > last)) return false;
        return shape.headings.every(
          (_, i) => !isSeen(topOfHeading(shape, i), shape.heading) || headings.includes(i),
        );
      }),
    );
  });

  it('draws few of many, and knows which row is where', () => {
    const headings = headingsOf([
      { key: 'a', rows: 60_000 },
      { key: 'b', rows: 40_000 },
    ]);
    const shape = { length: 100_000, headings, row: 72, heading: 36 };
    const { first, last } = windowOf(shape, { top: topOfRow(shape, 70_000), height: 900 });
    expect([first, last]).toEqual([69_992, 70_020]);
    expect(rowAt(shape, topOfRow(shape, 60_000))).toBe(60_000);
    expect(windowOf({ ...shape, length: 0, headings: [] }, { top: 0, height: 900 }).last).toBe(-1);
  });

  it('has no heading for a part without rows', () => {
    expect(
      headingsOf([
        { key: 'a', rows: 0 },
        { key: 'b', rows: 2 },
        { key: 'c', rows: 1 },
      ]),
    ).toEqual([
      { index: 0, key: 'b' },
      { index: 2, key: 'c' },
    ]);
  });
});

describe('the items of a list of which few are drawn', () => {
  it('are numbered with the headings between them, each once', () => {
    const lengths = fc.array(fc.nat(5), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, (parts) => {
        const headings = headingsOf(parts.map((rows, i) => ({ key: `${i}`, rows })));
        const length = parts.reduce((total, rows) => total + rows, 0);
        const numbers = [
          ...Array.from({ length }, (_, index) => numberOfRow({ headings }, index)),
          ...headings.map((_, which) => numberOfHeading({ headings }, which)),
        ];
        const all = countOf({ length, headings });
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: all }, (_, i) => i + 1));
      }),
    );
    // A heading comes before its first row.
    const headings = [{ index: 0, key: 'a' }];
    expect([numberOfHeading({ headings }, 0), numberOfRow({ headings }, 0)]).toEqual([1, 2]);
  });
});

describe('the place in the viewer', () => {
  it.each([
    ['', { view: 'summary', id: '' }],
    ['/', { view: 'summary' }],
    ['/conversations/12', { view: 'conversations', id: '12' }],
    ['/conversations/note-1?kind=note', { id: 'note-1', filter: { ...allRows, kinds: ['note'] } }],
    [
      '/conversations?kind=call%2Cnothing%2Cchat',
      { filter: { ...allRows, kinds: ['call', 'chat'] } },
    ],
    ['/conversations?gap=transcript:noTranscript', { filter: { gap: 'transcript:noTranscript' } }],
    ['/conversations?gap=transcript:unknown', { filter: { gap: 'transcript:unknown' } }],
    ['/conversations?gap=transcript:<b>', { filter: allRows }],
    ['/conversations?gap=constructor:noTranscript', { filter: allRows }],
    ['/conversations?gap=transcript', { filter: allRows }],
    ['/conversations?gap=transcript:noTranscript:more', { filter: allRows }],
    ['/conversations?kind=nothing&from=yesterday', { filter: allRows }],
    ['/conversations?from=2026-13-01&to=2026-02-30', { filter: allRows }],
    ['/conversations?q=a%26b+c', { query: 'a&b c' }],
    ['/conversations/<b>', { id: '' }],
    ['/nowhere/1', { view: 'summary' }],
    ['/__proto__', { view: 'summary' }],
  ])('is read from %j', (address, place) => {
    expect(readPlace(address)).toMatchObject(place);
  });

  it('is what its address says', () => {
    const words = fc.string({ minLength: 1 }).filter((word) => !/\p{Surrogate}/u.test(word));
    fc.assert(
      fc.property(words, (query) => {
        const filter = {
          kinds: ['call', 'email'],
          from: '2026-01-01',
          to: '2026-01-31',
          gap: 'audio:notListed',
        } satisfies RowFilter;
        const place = { view: 'conversations', id: '7', filter, query } as const;
        expect(readPlace(addressOf(place))).toEqual(place);
      }),
    );
    expect(addressOf({ view: 'summary' })).toBe('/');
    expect(addressOf({ view: 'about', id: 'notes' })).toBe('/about/notes');
  });

  const row: ViewerRow = {
    ...{ id: '1', kind: 'call', at: '2026-11-30T23:30:00.000Z', gaps: ['transcript:noTranscript'] },
  };

  it.each([
    [{}, true],
    [{ kinds: ['call'] }, true],
    [{ kinds: ['email'] }, false],
    [{ kinds: ['email', 'call'] }, true],
    [{ gap: 'transcript:noTranscript' }, true],
    [{ gap: 'audio:notListed' }, false],
    // In Berlin it is December already.
    [{ from: '2026-12-01', to: '2026-12-31' }, true],
    [{ from: '2026-11-01', to: '2026-11-30' }, false],
    [{ from: '2026-12-01' }, true],
    [{ to: '2026-11-30' }, false],
  ] as const)('filters rows by %j', (filter, isThere) => {
    expect(isShown(row, { ...allRows, ...filter }, 'Europe/Berlin')).toBe(isThere);
  });

  it('shows what has no date only where no days are chosen', () => {
    const undated = { ...row, at: '' };
    expect(isShown(undated, allRows, 'UTC')).toBe(true);
    expect(isShown(undated, { ...allRows, to: '2026-12-31' }, 'UTC')).toBe(false);
    expect([isEverything(allRows), isEverything({ ...allRows, gap: 'x' })]).toEqual([true, false]);
  });

  it.each([
    [{ from: '', to: '' }, true],
    [{ from: '2026-02-01', to: '2026-02-28' }, true],
    [{ from: '2026-04-01', to: '2026-05-01' }, false],
    [{ from: '2025-01-01', to: '2025-12-31' }, false],
    [{ from: '2026-03-31', to: '2026-04-30' }, true],
  ])('loads no rows of other days: %j', (filter, isLoaded) => {
    expect(mayHold({ from: '2026-01-05', to: '2026-03-31' }, filter)).toBe(isLoaded);
  });

  it('loads rows of which the days are not known', () => {
    expect(mayHold({ from: '', to: '' }, { from: '2026-01-01', to: '' })).toBe(true);
    expect(mayHold({ from: '', to: '2026-01-01' }, { from: '', to: '2020-01-01' })).toBe(true);
  });
});

describe('the search in texts', () => {
  it.each([
    ['PARCEL', 'parcel'],
    ['Größe', 'große'],
    ['Ångström', 'angstrom'],
    ['Ça va', 'ca va'],
    ['ﬁ', 'ﬁ'],
    ['👍 Ok', '👍 ok'],
  ])('compares %j as %j', (text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it('keeps every letter in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => folded(text).length === text.length),
    );
  });

  it.each([
    [
      'Your parcel, my PARCEL',
      'parcel',
      [
        [5, 11],
        [16, 22],
      ],
    ],
    [
      'aaaa',
      'aa',
      [
        [0, 2],
        [2, 4],
      ],
    ],
    ['nothing', '', []],
    ['Müller', wantedOf(' muller '), [[0, 6]]],
  ])('finds in %j what is wanted: %j', (text, wanted, places) => {
    expect(stretchesIn(text, wanted).map(({ start, end }) => [start, end])).toEqual(places);
  });

  it('shows the words around what was found', () => {
    const text = `${'before '.repeat(20)}parcel${' behind'.repeat(20)}`;
    const [stretch] = stretchesIn(text, 'parcel');
    const shown = around(text, stretch ?? { start: 0, end: 0 });
    expect(shown).toMatch(/^… before .*parcel behind.* …$/);
    expect(shown.length).toBeLessThan(140);
    expect(around('a parcel', { start: 2, end: 8 })).toBe('a parcel');
  });

  it('counts all places and shows the first', () => {
    expect(findIn(['nothing', 'one parcel', 'parcel parcel'], 'parcel')).toEqual({
      ...{ count: 3, shown: 'one parcel' },
    });
    expect(findIn(['nothing'], 'parcel')).toBeNull();
  });

  it('looks into everything that is shown of a conversation', () => {
    const file = { file: 'f', name: 'name of a file', type: '', size: null };
    const texts = {
      ...noTexts(1),
      summary: 'a summary',
      transcripts: [
        {
          recordingId: 'id',
          cues: [{ from: 0, to: 1, who: 'Agent', text: 'a phrase' }],
          silent: [],
        },
      ],
      messages: [{ from: 'you' as const, name: '', at: '', text: 'a message', files: [file] }],
      emails: [
        {
          from: 'from',
          to: 'to',
          cc: 'copy',
          subject: 'a subject',
          at: '',
          text: '',
          html: '<p class="x">a body</p>',
          file: '',
          attachments: [file],
        },
      ],
      surveys: [
        {
          name: 'a survey',
          at: '',
          score: '',
          answers: [{ question: 'a question', answer: 'an answer' }],
        },
      ],
    };
    const all = searchedTexts(texts, () => 'words of a body').join('|');
    for (const words of [
      'a summary',
      'a phrase',
      'a message',
      'name of a file',
      'a subject',
      'a body',
      'a survey',
      'a question',
      'an answer',
      'copy',
    ])
      expect(all).toContain(words);
    // Neither ids nor markup.
    expect(all).not.toMatch(/class|\bid\b/);
    expect(
      searchedFields({ id: '1', kind: 'call', at: '', queue: 'Orders', agent: 'agent-1' }),
    ).toEqual(['Orders']);
  });
});

describe('the lanes of who speaks', () => {
  const cue = (who: string, from: number, to: number) => ({ who, from, to, text: 'words' });

  it('have the person first, and a short pause is none', () => {
    const cues = [
      cue('Agent', 0, 1000),
      cue('Customer', 1100, 2000),
      cue('Customer', 2200, 3000),
      cue('acd', 5000, 6000),
      cue('Customer', 4000, 5000),
    ];
    expect(lanesOf(cues)).toEqual([
      {
        speaker: 'you',
        stretches: [
          { from: 1100, to: 3000 },
          { from: 4000, to: 5000 },
        ],
      },
      { speaker: 'agent', stretches: [{ from: 0, to: 1000 }] },
      { speaker: 'other', stretches: [{ from: 5000, to: 6000 }] },
    ]);
    expect(lanesOf([])).toEqual([]);
  });

  it('keep a stretch within another', () => {
    expect(
      joinedStretches([
        { from: 0, to: 5000 },
        { from: 100, to: 200 },
      ]),
    ).toEqual([{ from: 0, to: 5000 }]);
  });

  it.each([
    [-1, -1],
    [0, 0],
    [999, 0],
    [1000, 1],
    [99_999, 2],
  ])('know at %i which phrase began last', (now, index) => {
    expect(cueAt([cue('Agent', 0, 1), cue('Agent', 1000, 2), cue('Agent', 2000, 3)], now)).toBe(
      index,
    );
    expect(cueAt([], now)).toBe(-1);
  });

  it.each([
    [{ from: 0, to: 10 }, true],
    [{ from: 0, to: 5 }, false],
    [{ from: 8, to: 12 }, false],
  ])('know whether something of %j is silent', (stretch, expected) => {
    expect(isSilent(stretch, [{ from: 5, to: 8 }])).toBe(expected);
  });
});

describe('a table that is saved', () => {
  const rows = [
    ['a "b", c', '=1+1'],
    ['x\ny', ''],
  ];

  it.each([
    ['en', '\ufeffWhat,Value\r\n"a ""b"", c",\'=1+1\r\n"x\ny",\r\n'],
    ['de', '\ufeffWhat;Value\r\n"a ""b"", c";\'=1+1\r\n"x\ny";\r\n'],
  ])('is RFC 4180 as spreadsheets in %s read it, and holds no formula', (locale, content) => {
    expect(tableCsv(['What', 'Value'], rows, locale)).toBe(content);
  });

  it('quotes what a reader of either separator would take for one', () => {
    expect(tableCsv(['a;b', 'c,d'], [], 'en')).toBe('\ufeff"a;b","c,d"\r\n');
  });
});
