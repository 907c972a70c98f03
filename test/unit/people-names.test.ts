import {
  formsOfName,
  longestName,
  NameIndex,
  wordsOf,
  writtenForms,
} from '../../src/core/redaction/people/names';
import { OtherNames } from '../../src/core/redaction/mail/find-people';
import { PeopleSearch } from '../../src/core/redaction/people/search';

/** What is found of names in a text: who, and what of the text. */
function foundIn(text: string, ...names: string[]): string[] {
  const index = new NameIndex<string>();
  for (const name of names) index.add(wordsOf(name), name);
  return index.find(text).map(({ start, end, value }) => `${value}: ${text.slice(start, end)}`);
}

describe('words of a name', () => {
  it.each([
    ['Ada Brandt', ['ada', 'brandt']],
    ['  Ada\tBrandt. ', ['ada', 'brandt']],
    ['ÁDA Ö', ['áda', 'ö']],
    ["Sean O'Neil", ['sean', "o'neil"]],
    ['Sean O’Neil', ['sean', "o'neil"]],
    ['D’Arc’y', ["d'arc'y"]],
    ['Anna-Lena-Marie', ['anna-lena-marie']],
    ['Anna--Lena', ['anna', 'lena']],
    ["'Ada' -Brandt-", ['ada', 'brandt']],
    ['Ada 2nd', ['ada', '2nd']],
    ['नमिता', ['नमिता']],
    ['Dvora\u0301k', ['dvorák']],
    ['Anna-A\u0301da x\u0302y\u0302', ['anna-áda', 'x\u0302ŷ']],
    ['123', ['123']],
    ['...', []],
    ['', []],
  ])('of %j are %j', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });

  it.each([
    ['Großmann', 'GROSSMANN'],
    ['Großmann', 'GROẞMANN'],
    ['Ανδρέας', 'ΑΝΔΡΈΑΣ'],
    ['ΣΑΣ', 'σασ'],
    ['İpek', 'i\u0307pek'],
    ['Ｄｖｏ', 'ｄＶＯ'],
  ])('of %s and %s are the same', (one, other) => {
    expect(wordsOf(one)).toEqual(wordsOf(other));
  });
});

describe('forms of a name', () => {
  it.each([
    ['Ada Brandt', ['ada brandt']],
    ['Brandt, Ada', ['brandt ada', 'ada brandt']],
    ['Brandt, Ada, Dr', ['brandt ada dr', 'ada dr brandt']],
    ['Brandt,', ['brandt', 'brandt']],
    [', Ada', ['ada']],
    ['B,A', ['b a', 'a b']],
    ['ada@shop.example', []],
    ['Ada Brandt @ Shop', []],
    ['?!', []],
    ['?,!', []],
    ['', []],
  ])('%j is written as %j', (name, forms) => {
    expect(formsOfName(name).map((words) => words.join(' '))).toEqual(forms);
  });

  it('are none of a name that is too long', () => {
    const name = `Ada ${'b'.repeat(longestName - 4)}`;
    expect(formsOfName(name)).toEqual([wordsOf(name)]);
    expect(formsOfName(`${name}b`)).toEqual([]);
  });

  it.each([
    ['Ada', ['ada']],
    ['Ada Brandt', ['ada brandt', 'brandt ada']],
    ['Brandt, Ada', ['brandt ada', 'ada brandt']],
    ['Na Nana', ['na nana', 'nana na']],
    ['Ada Eva Brandt', ['ada eva brandt', 'ada brandt', 'brandt ada']],
    [
      'Brandt, Ada Eva',
      ['brandt ada eva', 'brandt eva', 'eva brandt', 'ada eva brandt', 'ada brandt', 'brandt ada'],
    ],
    ['ada@shop.example', []],
    ['', []],
  ])('%j is written by people as %j, each once', (name, forms) => {
    expect(writtenForms(name).map((words) => words.join(' '))).toEqual(forms);
    for (const words of writtenForms(name)) for (const word of words) expect(word).not.toBe('');
  });
});

describe('a name in a text', () => {
  it.each([
    ['alone', 'Ada Brandt', 'Ada Brandt'],
    ['at the end', 'by Ada Brandt', 'Ada Brandt'],
    ['at the start', 'Ada Brandt called', 'Ada Brandt'],
    ['in capitals', 'by ADA BRANDT.', 'ADA BRANDT'],
    ['in small letters', 'by ada brandt.', 'ada brandt'],
    ['with a hyphen', 'by ada-brandt.', 'ada-brandt'],
    ['in an address', 'https://shop.example/ada-brandt/', 'ada-brandt'],
    ['over two lines', 'Ada\r\n  Brandt', 'Ada\r\n  Brandt'],
    ['in quotes', '"Ada" "Brandt"', 'Ada" "Brandt'],
    ['in angle brackets', '> Ada\n> Brandt', 'Ada\n> Brandt'],
    ['with six characters between', 'Ada ,,,, Brandt', 'Ada ,,,, Brandt'],
    ['twice the first word', 'Ada Ada Brandt', 'Ada Brandt'],
    ['with its last word in brackets', 'by Ada (Brandt), at', 'Ada (Brandt)'],
    ['with its last word in square brackets', 'by Ada [Brandt], at', 'Ada [Brandt]'],
    ['in brackets', 'by (Ada Brandt), at', 'Ada Brandt'],
    ['in square brackets', 'by [Ada Brandt], at', 'Ada Brandt'],
    ['with brackets that end within', 'by Ada () Brandt), at', 'Ada () Brandt'],
    ['with square brackets that end within', 'by Ada [] Brandt], at', 'Ada [] Brandt'],
    ['with a bracket that another ends', 'by Ada (Brandt], at', 'Ada (Brandt'],
    ['with a square bracket that another ends', 'by Ada [Brandt), at', 'Ada [Brandt'],
    ['with a bracket that nothing ends', 'by Ada (Brandt, at)', 'Ada (Brandt'],
  ])('is found %s', (_how, text, written) => {
    expect(foundIn(text, 'Ada Brandt')).toEqual([`Ada Brandt: ${written}`]);
  });

  it.each([
    ...[' ', '\t', '\n', '\u00a0', '.', ',', ';', '_', '"', "'", '“', '”', '>', '(', ')', '[', ']'],
    ...['\u00ad', '\u200b', '\u200f', '\u2010', '\u2015', '\u2060', '\ufeff'],
  ])('may have %j between its words', (gap) => {
    const text = `Ada${gap} Brandt`;
    expect(foundIn(text, 'Ada Brandt')).toEqual([`Ada Brandt: ${text}`]);
  });

  it.each([
    ['with a word between', 'Ada von Brandt'],
    ['with too much between', 'Ada ,,,,, Brandt'],
    ['with something else before what may stand between', 'Ada! Brandt'],
    ['with something else behind what may stand between', 'Ada !Brandt'],
    ['with its first word as the start of another', 'Adas Brandt'],
    ['with its first word as the end of another', 'Mada Brandt'],
    ['with its last word as the start of another', 'Ada Brandts'],
    ['with its last word before a hyphen', 'Ada Brandt-Miller'],
    ['with its first word behind a hyphen', 'Eva-Ada Brandt'],
    ['in the other order', 'Brandt Ada'],
    ['without its last word', 'by Ada'],
    ['without its first word', 'by Brandt'],
    ['with no word at all', '...'],
    ['in nothing', ''],
  ])('is not found %s', (_how, text) => {
    expect(foundIn(text, 'Ada Brandt')).toEqual([]);
  });

  it.each([
    ['Großmann', 'Ada GROSSMANN'],
    ['Großmann', 'Ada GROẞMANN'],
    ['GROSSMANN', 'Ada Großmann'],
    ["O'Neil", 'Ada O’NEIL'],
    ['O’Neil', "Ada O'Neil"],
    ['Dvořák', 'Ada DVOR\u030cA\u0301K'],
    ['Anna-Lena', 'Ada ANNA-LENA'],
  ])('with the word %s is found as %s', (word, written) => {
    expect(foundIn(`by ${written}.`, `Ada ${word}`)).toEqual([`Ada ${word}: ${written}`]);
  });

  it.each([
    ['that is shorter than its small letters', 'İpek İnan', 'İpek İnan'],
    ['with Σ before a point', 'Ανδρέας Α', 'ΑΝΔΡΈΑΣ.Α'],
  ])('is found in a text %s', (_how, name, text) => {
    expect(foundIn(text, name)).toEqual([`${name}: ${text}`]);
  });

  it('is found wherever it stands, in order', () => {
    const text = 'Eva Miller and Ada Brandt; Ada Brandt, ada-brandt; Eva Miller';
    const index = new NameIndex<number>();
    index.add(['ada', 'brandt'], 1);
    index.add(['eva', 'miller'], 2);
    expect(index.find(text)).toEqual([
      { start: 0, end: 10, value: 2 },
      { start: 15, end: 25, value: 1 },
      { start: 27, end: 37, value: 1 },
      { start: 39, end: 49, value: 1 },
      { start: 51, end: 61, value: 2 },
    ]);
  });

  it('is found where it overlaps no name before it', () => {
    expect(foundIn('Ada Brandt Miller', 'Ada Brandt', 'Brandt Miller', 'Miller')).toEqual([
      'Ada Brandt: Ada Brandt',
      'Miller: Miller',
    ]);
  });

  it.each([
    ['Ada', 'Ada: Ada'],
    ['Ada!', 'Ada: Ada'],
    ['Ada Eva!', 'Ada Eva: Ada Eva'],
    ['Ada Eva Brandt!', 'Ada Eva Brandt: Ada Eva Brandt'],
    ['Ada-Eva!', 'Ada Eva: Ada-Eva'],
    ['Ada-Eva Miller!', 'Ada-Eva Miller: Ada-Eva Miller'],
    ['Ada-Eva-Brandt!', 'Ada Eva Brandt: Ada-Eva-Brandt'],
    ['Ada Eva-Brandt!', 'Ada Eva Brandt: Ada Eva-Brandt'],
  ])('is the longest of those that begin there: %s', (text, found) => {
    const names = ['Ada Eva', 'Ada', 'Ada Eva Brandt', 'Ada-Eva Miller'];
    expect(foundIn(text, ...names)).toEqual([found]);
    expect(foundIn(text, ...names.reverse())).toEqual([found]);
  });

  it('has one word at least and eight at most', () => {
    const eight = 'a b c d e f g h';
    expect(foundIn(eight, eight)).toEqual([`${eight}: ${eight}`]);
    expect(foundIn('a-b-c-d-e-f-g-h', eight)).toEqual([`${eight}: a-b-c-d-e-f-g-h`]);
    expect(foundIn(`${eight} i`, `${eight} i`)).toEqual([]);
    expect(foundIn('a-b-c-d-e-f-g-h-i', `${eight} i`)).toEqual([]);
    expect(foundIn('Ada ... Brandt', '...')).toEqual([]);
  });

  it.each([
    ['Anna-Lena Brandt', 'Anna-Lena Brandt'],
    ['Anna-Lena Brandt', 'Anna Lena Brandt'],
    ['Anna-Lena Brandt', 'Anna\u2010Lena Brandt'],
    ['Anna-Lena Brandt', 'ANNA\u2011LENA BRANDT'],
    ['Anna-Lena Brandt', 'Anna-Lena-Brandt'],
    ['Anna Lena Brandt', 'Anna-Lena Brandt'],
    ['Anna Lena Brandt', 'Anna Lena-Brandt'],
    ['Anna Brandt-Miller', 'anna-brandt-miller'],
    ['Anna Brandt-Miller', 'Anna Brandt Miller'],
    ['Anna-Lena', 'Anna Lena'],
  ])('is the same with and without hyphens: %s is found as %j', (name, written) => {
    expect(foundIn(`by ${written}.`, name)).toEqual([`${name}: ${written}`]);
  });

  it('is of whom it was said last, and of the person where that is said', () => {
    const index = new NameIndex<string | null>();
    index.add(['ada', 'brandt'], 'one');
    index.add(['ada', 'brandt'], 'another');
    index.add(['eva', 'miller'], 'somebody');
    index.add(['eva', 'miller'], null);
    expect(index.find('Ada Brandt, ada-brandt').map(({ value }) => value)).toEqual([
      'another',
      'another',
    ]);
    expect(index.find('Eva Miller, eva-miller').map(({ value }) => value)).toEqual([null, null]);
  });

  it('is found among a thousand', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `Ada${i} Brandt`);
    expect(foundIn('by Ada999 Brandt and ADA0 BRANDT, not Ada1000 Brandt', ...names)).toEqual([
      'Ada999 Brandt: Ada999 Brandt',
      'Ada0 Brandt: ADA0 BRANDT',
    ]);
  });

  it('is found nowhere where no name is known', () => {
    expect(foundIn('Ada Brandt')).toEqual([]);
  });
});

describe('a name in two fields of a record', () => {
  const apart = ['Ada Brandt: Ada', 'Ada Brandt: Brandt'];

  it.each([
    ...['firstName', 'lastName', 'givenName', 'familyName', 'foreName', 'middleName', 'surname'],
    ...['Vorname', 'Nachname', 'LASTNAME', 'SURNAME', 'last_name', 'first_name', 'given_name'],
    ...['family_name', 'fore_name', 'middle_name', 'vor_name', 'Nach_Name'],
  ])('is found around %s, which stays', (label) => {
    for (const text of [`{"x":"Ada","${label}":"Brandt"}`, `Ada ${label} Brandt`])
      expect(foundIn(text, 'Ada Brandt')).toEqual(apart);
  });

  it.each([
    ...['name', 'nickname', 'firstNames', 'myFirstName', 'last-name', 'last name', 'lastname2'],
    ...[
      'last__name',
      'surname_name',
      'vorher_name',
      'lastly_name',
      'last_names',
      'last',
      'sur_name',
    ],
  ])('is not found around %s', (label) => {
    expect(foundIn(`{"x":"Ada","${label}":"Brandt"}`, 'Ada Brandt')).toEqual([]);
  });

  it.each([
    'Ada&lastName=Brandt',
    'Ada?lastName=Brandt',
    "'Ada','lastName':'Brandt'",
    'Ada; lastName=Brandt',
    'Ada|lastName|Brandt',
    'Ada_lastName_Brandt',
    'Ada-, lastName -Brandt',
    '<first>Ada</first><lastName>Brandt</lastName>'.replace('</first>', '</'),
    'Ada\\",\\"lastName\\":\\"Brandt',
    'Ada\n\tlastName\r\nBrandt',
    `Ada${' '.repeat(16)}lastName${' '.repeat(16)}Brandt`,
  ])('is found in %j', (text) => {
    expect(foundIn(text, 'Ada Brandt')).toEqual(apart);
  });

  it.each([
    `Ada${' '.repeat(17)}lastName Brandt`,
    `Ada lastName${' '.repeat(17)}Brandt`,
    'Ada! lastName Brandt',
    'Ada !lastName Brandt',
    'Ada lastName! Brandt',
    'Ada lastName !Brandt',
    'Ada lastName: -',
    'Ada lastName',
    'Ada last_name',
    'Ada last_name lastName Brandt',
  ])('is not found in %j', (text) => {
    expect(foundIn(text, 'Ada Brandt')).toEqual([]);
  });

  it('is found in three, and in one of two words', () => {
    expect(foundIn('firstName=Ada&middle_name=Eva&lastName=Brandt', 'Ada Eva Brandt')).toEqual([
      'Ada Eva Brandt: Ada',
      'Ada Eva Brandt: Eva',
      'Ada Eva Brandt: Brandt',
    ]);
    expect(foundIn('firstName=Ada Eva&lastName=Brandt', 'Ada Eva Brandt')).toEqual([
      'Ada Eva Brandt: Ada',
      'Ada Eva Brandt: Eva',
      'Ada Eva Brandt: Brandt',
    ]);
  });

  it('is followed by what stands behind it', () => {
    const text = 'Ada lastName Brandt, Eva Miller and Brandt Miller';
    expect(foundIn(text, 'Ada Brandt', 'Eva Miller', 'Brandt Eva')).toEqual([
      ...apart,
      'Eva Miller: Eva Miller',
    ]);
  });

  it('leaves brackets as they are', () => {
    expect(foundIn('(Ada) lastName (Brandt)', 'Ada Brandt')).toEqual([]);
    expect(foundIn('[Ada, lastName, Brandt]', 'Ada Brandt')).toEqual(apart);
  });

  it('may be called like the field', () => {
    expect(foundIn('Ada Surname', 'Ada Surname')).toEqual(['Ada Surname: Ada Surname']);
    expect(foundIn('Ada surname Surname', 'Ada Surname')).toEqual([
      'Ada Surname: Ada',
      'Ada Surname: Surname',
    ]);
  });
});

describe('single names of a list', () => {
  it.each([
    ['O’Neil', "O'Neil"],
    ["O'Neil", 'O’NEIL'],
    ['Weiß', 'WEISS'],
    ['BRANDT', 'Brandt'],
    ['Anna-Lena', 'ANNA-LENA'],
  ])('%s finds %s', (listed, written) => {
    const people = new PeopleSearch(
      {
        traces: [{ role: 'staff', kind: 'name', value: `Eva ${written}` }],
        own: { ids: [], names: [], addresses: [] },
        lines: [],
      },
      { call: () => ({ mark: 'agent', reason: 'agent' }), singleNames: [listed] },
    );
    const found = people.find(`by ${written}.`).next();
    expect(found).toEqual({
      done: true,
      value: [expect.objectContaining({ start: 3, end: 3 + written.length })],
    });
  });
});

describe('names of a mail', () => {
  it.each([
    ['Anna-Lena Brandt', 'Anna Lena Brandt'],
    ['Anna Lena Brandt', 'Anna-Lena Brandt'],
    ['Ada Großmann', 'ADA GROSSMANN'],
  ])('%s is the person as %s, too, which stays', (own, written) => {
    const names = new OtherNames();
    names.addOwn(own);
    names.addOther(written);
    names.addOther('Eva Miller');
    expect(names.settle().next().done).toBe(true);
    expect(names.isOwn(written)).toBe(true);
    expect(names.find(`${own}, ${written}, Eva Miller.`)).toEqual([
      expect.objectContaining({ start: own.length + written.length + 4 }),
    ]);
  });
});
