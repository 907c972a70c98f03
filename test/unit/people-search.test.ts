import { withMarks } from '../../src/core/redaction/findings';
import { otherName } from '../../src/core/redaction/marks';
import type { KnownPeople, OwnTraces, Trace } from '../../src/core/redaction/people/known';
import { isUuid, mailboxesOf, PeopleSearch } from '../../src/core/redaction/people/search';
import { readingsOf } from '../../src/core/redaction/readings';
import { drain } from '../../src/core/redaction/steps';

const adaId = '5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b11';

type Told = Omit<Trace, 'role'>;
interface Known {
  staff?: Told[];
  others?: Told[];
  own?: Partial<OwnTraces>;
  lines?: string[];
  singleNames?: string[];
}

const id = (value: string): Told => ({ kind: 'id', value });
const name = (value: string): Told => ({ kind: 'name', value });
const address = (value: string): Told => ({ kind: 'address', value });

/** Staff is called `Agent`, or by the id that a trace has of its user; and whose id is `told` may be told. */
function searchOf({ staff = [], others = [], own = {}, lines = [], singleNames = [] }: Known) {
  const known: KnownPeople = {
    traces: [
      ...staff.map((trace): Trace => ({ role: 'staff', ...trace })),
      ...others.map((trace): Trace => ({ role: 'other', ...trace })),
    ],
    own: { ids: [], names: [], addresses: [], ...own },
    lines,
  };
  return new PeopleSearch(known, {
    call: ({ role, userId = 'Agent' }) => {
      if (userId === 'told') return null;
      return role === 'staff'
        ? { mark: userId, reason: 'agent' }
        : { mark: otherName, reason: 'otherPerson' };
    },
    singleNames,
  });
}

const maskedBy = (search: PeopleSearch, text: string): string =>
  drain(withMarks(text, drain(search.find(text))));

const everybody = () =>
  searchOf({
    staff: [
      ...[id(adaId), id('desk-77'), id('desk-77-9'), id('lee-77-8'), id('lee-77'), id('login')],
      ...[id('null'), id('desk7'), id('desk_7'), id('operator'), id('9871234')],
      ...[name('Ada Maria Brandt'), name('Lee')],
      ...[address('ada@shop.example'), address('sip:lee%40shop.example@localhost')],
    ],
    others: [
      name('Person, Third'),
      ...[address('tel:+494077712345'), address('sip:+494077754321@line'), address('123-4567')],
      ...[
        address('(040) 555.66 77'),
        address('+0301234567'),
        address('12-3456'),
        address('456-7890'),
      ],
      ...[address('third_77'), address('lobby'), address('room 7771234'), address('8881234 top')],
      ...[address('Third@Elsewhere.example'), address(String.raw`x7\^$.*+?()[]{}|/y8`)],
    ],
    own: {
      ids: ['contact-of-zoe', '4567890'],
      names: ['Zoe Weber'],
      addresses: ['+493055501012', 'ada.brandt@home.example', 'zoe_handle'],
    },
  });

describe('in a text', () => {
  it.each([
    // Ids as the source has them.
    [adaId, 'Agent'],
    [adaId.toUpperCase(), 'Agent'],
    [`/users/${adaId}?x`, '/users/Agent?x'],
    [`is ${adaId}, and ${adaId}.`, 'is Agent, and Agent.'],
    ['5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b12', '5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b12'],
    [`${adaId.replace('5d', '6d')} by desk-77`, `${adaId.replace('5d', '6d')} by Agent`],
    // Ids of other systems.
    ['by 9871234, with 987 1234', 'by Agent, with 987 1234'],
    ['at DESK-77!', 'at Agent!'],
    ['at desk-77-9, lee-77-8, desk-77 and lee-77', 'at Agent, Agent, Agent and Agent'],
    ['xdesk-77 desk-778 _desk-77 desk-77_', 'xdesk-77 desk-778 _desk-77 desk-77_'],
    ['at desk_7, not at desk7', 'at Agent, not at desk7'],
    ['the operator has null and a login', 'the operator has null and a login'],
    // Names.
    ['Ada Maria Brandt, Ada Brandt, Brandt, Ada', 'Agent, Agent, Agent'],
    ['Ada and Brandt, and Lee', 'Ada and Brandt, and Lee'],
    ['Person, Third and Third Person', `${otherName} and ${otherName}`],
    // Mailboxes.
    ['write to ada@shop.example, or lee@shop.example.', 'write to agent@X, or agent@X.'],
    ['?a=ada@shop.example&b', '?a=agent@X&b'],
    ['key|ada@shop.example', 'key|agent@X'],
    ['x=lada@shop.example', 'x=lada@shop.example'],
    ['to THIRD@elsewhere.example', 'to another.person@X'],
    // Numbers.
    ['call +49 40 777 12345', `call ${otherName}`],
    ['call 040 77754321', `call ${otherName}`],
    ['call 1234567 or 456 7890', `call ${otherName} or ${otherName}`],
    ['call 040 5556677 or 030-1234567', `call ${otherName} or ${otherName}`],
    ['call 123456 or 12-3456', 'call 123456 or 12-3456'],
    // Accounts and places.
    ['it is Third_77 in the lobby', `it is ${otherName} in the lobby`],
    ['in room 7771234, call 7771234', `in ${otherName}, call 7771234`],
    ['8881234 top, call 8881234', `${otherName}, call 8881234`],
    [String.raw`so x7\^$.*+?()[]{}|/y8 it is`, `so ${otherName} it is`],
    ['nobody', 'nobody'],
    ['', ''],
  ])('whoever is known is masked: %s', (text, expected) => {
    const written = maskedBy(everybody(), text).replaceAll('@masked.invalid', '@X');
    expect(written).toBe(expected);
  });

  it.each([
    'Zoe Weber, weber zoe',
    '030 55501012, +49 30 555 010 12',
    'contact-of-zoe, zoe_handle',
    'ada.brandt@home.example',
    '?to=Ada.Brandt+news@home.example&b',
    String.raw`"\u0061da.brandt@home.example"`,
  ])('the person stays, whoever is named within: %s', (text) => {
    expect(maskedBy(everybody(), text)).toBe(text);
  });

  it('an account is found in either of its spellings with accents', () => {
    for (const form of ['NFC', 'NFD'] as const)
      for (const trace of [id('zoë_77'.normalize(form)), address('zoë_77'.normalize(form))]) {
        const search = searchOf({ staff: [trace] });
        for (const written of ['NFC', 'NFD'] as const) {
          expect(maskedBy(search, `of ZOË_77 it is`.normalize(written))).toBe('of Agent it is');
          expect(search.whole('Zoë_77'.normalize(written))).not.toBeNull();
        }
      }
  });

  it('everybody is called by why they are masked, and a name in a text by its own reason', () => {
    const reasons = (text: string): string[] =>
      drain(everybody().find(text)).map(({ reason }) => reason);
    expect(reasons('Ada Brandt, desk-77, ada@shop.example')).toEqual([
      'agentName',
      'agent',
      'agent',
    ]);
    expect(reasons('Third Person, third_77, 040 77712345')).toEqual([
      'otherPersonName',
      'otherPerson',
      'otherPerson',
    ]);
  });

  it('a name across markup is masked once, and nothing of it is left', () => {
    const text = '<p>Ada <b>Brandt</b> here</p>';
    expect(drain(everybody().find(text))).toEqual([
      { start: 3, end: 7, mark: 'Agent', reason: 'agentName' },
      { start: 10, end: 16, mark: '', reason: 'agentName' },
    ]);
    const filler = 'x '.repeat(9_000);
    expect(maskedBy(everybody(), `${filler}${text}`)).toBe(`${filler}<p>Agent<b></b> here</p>`);
  });

  it('a word of a name is masked alone where the policy names it, but not for the person', () => {
    const names = { own: { names: ['Zoe Weber'] }, singleNames: ['BRANDT', 'Weber', 'Miller'] };
    const alone = searchOf({ ...names, staff: [name('Ada Brandt')] });
    expect(maskedBy(alone, 'Mrs Brandt or Ada, Weber and Miller')).toBe(
      'Mrs Agent or Ada, Weber and Miller',
    );
    expect(drain(alone.find('Brandt'))).toMatchObject([{ reason: 'agentName' }]);
    const same = searchOf({ ...names, staff: [name('Ada Weber')] });
    expect(maskedBy(same, 'Mrs Weber and Zoe Weber')).toBe('Mrs Agent and Zoe Weber');
  });

  it('an id without words beside it is found where no other is known', () => {
    expect(maskedBy(searchOf({ staff: [id(adaId)] }), `null ${adaId}`)).toBe('null Agent');
    expect(maskedBy(searchOf({ staff: [id('null')] }), 'null')).toBe('null');
  });

  it('the mark of somebody in an address makes an address', () => {
    const marks = ['Ada  (Team)', 'Agent-7', 'Zoë'].map((userId) => {
      const search = searchOf({ staff: [{ ...address('ada@shop.example'), userId }] });
      return [maskedBy(search, 'ada@shop.example'), search.whole('ada@shop.example')?.mark];
    });
    expect(marks).toEqual([
      ['ada.team.@masked.invalid', 'ada.team.@masked.invalid'],
      ['agent-7@masked.invalid', 'agent-7@masked.invalid'],
      ['zo.@masked.invalid', 'zo.@masked.invalid'],
    ]);
  });
});

describe('in a long text', () => {
  /** Characters that are searched at a time, and seen around them. */
  const [size, around] = [16_384, 512];
  const dots = (length: number): string => '.'.repeat(length);
  const placesIn = (text: string): number[][] =>
    drain(everybody().find(text)).map(({ start, end }) => [start, end]);

  it.each([0, 100, size - 100, size - 10, size - 5, size - 1, size, size + 20, 3 * size + 600])(
    'somebody is found once, at letter %i',
    (at) => {
      const text = `${dots(at)}Ada Brandt${dots(2 * size)}`;
      expect(placesIn(text)).toEqual([[at, at + 10]]);
      const own = `${dots(at)}ada.brandt@home.example,${dots(size)}`;
      expect(placesIn(own)).toEqual([]);
    },
  );

  it('a word that is cut where the sight ends is taken for no other word', () => {
    const end = size + around;
    expect(placesIn(`${dots(end - 10)}Ada Brandtner${dots(size)}`)).toEqual([]);
    const start = size - around;
    expect(placesIn(`${dots(start - 1)}Hada Brandt${dots(size)}`)).toEqual([]);
  });

  it.each([
    [size, 0],
    [size + 1, 2],
    [2 * size, 2],
    [2 * size + 1, 3],
  ])(
    'of %i letters, there is a pause behind each window, and none in one alone',
    (length, pauses) => {
      const text = dots(length);
      const ofReading = [...readingsOf(text)].filter((reading) => reading === null).length;
      expect([...everybody().find(text)]).toHaveLength(pauses + ofReading);
    },
  );

  it('nothing is searched where nobody is masked', () => {
    const own = { ids: ['c1'], names: ['Zoe Weber'], addresses: ['zoe@home.example'] };
    for (const known of [
      {},
      { own },
      { own, staff: [{ ...name('Ada Brandt'), userId: 'told' }, name(' '), id(''), address('\t')] },
    ]) {
      const search = searchOf(known);
      expect(search.find(`${dots(3 * size)} Zoe Weber, Ada Brandt`).next()).toEqual({
        done: true,
        value: [],
      });
      for (const value of ['Zoe Weber', 'Ada Brandt', '', ' ', 'c1'])
        expect(search.whole(value)).toBeNull();
    }
  });
});

describe('a whole value', () => {
  const agent = { mark: 'Agent', reason: 'agent' };
  const agentAddress = { mark: 'agent@masked.invalid', reason: 'agent' };
  const other = { mark: otherName, reason: 'otherPerson' };
  const otherAddress = { mark: 'another.person@masked.invalid', reason: 'otherPerson' };

  it.each([
    [adaId.toUpperCase(), agent],
    [' desk7 ', agent],
    ['NULL', agent],
    ['operator', agent],
    ['ada maria brandt', agent],
    [' Lee\n', agent],
    ['Ada Brandt', null],
    ['ada@shop.example', agentAddress],
    ['mailto:ADA@shop.example', agentAddress],
    ['lee@shop.example', agentAddress],
    ['sip:lee%40shop.example@elsewhere', agentAddress],
    ['lee%40shop.example@localhost', agentAddress],
    ['third@elsewhere.example', otherAddress],
    ['+49 40 77712345', other],
    ['tel:+494077712345', other],
    ['+494077754321@line', other],
    ['12-3456', other],
    ['sip:LOBBY', other],
    ['Third_77', other],
    ['person, third', other],
    ['Zoe Weber', null],
    ['+493055501012', null],
    ['zoe_handle', null],
    ['nobody', null],
    ['', null],
  ])('says who it is: %j', (value, expected) => {
    const search = everybody();
    expect(search.whole(value)).toEqual(expected);
    expect(search.whole(value)).toEqual(expected);
  });

  it('with accents is the same in either spelling', () => {
    const search = searchOf({ staff: [name('Zoë'.normalize('NFD')), id('ë'.normalize('NFC'))] });
    expect(search.whole('ZOË'.normalize('NFC'))).toEqual(agent);
    expect(search.whole('ë'.normalize('NFD'))).toEqual(agent);
  });

  it.each([
    ['Third', 'Person', null],
    ['Ada Maria', 'Brandt', { mark: 'Agent', reason: 'agentName' }],
    ['Person,', 'Third', { mark: otherName, reason: 'otherPersonName' }],
    ['Zoe', 'Weber', null],
    ['No', 'Body', null],
  ])('in two fields, %s and %s, is named as in a text', (first, last, expected) => {
    expect(everybody().named(first, last)).toEqual(expected);
  });

  it('and a name keep a reason that is of neither', () => {
    const search = new PeopleSearch(
      {
        traces: [{ role: 'staff', kind: 'name', value: 'Ada Brandt' }],
        own: { ids: [], names: [], addresses: [] },
        lines: [],
      },
      { call: () => ({ mark: 'X', reason: 'special' }), singleNames: [] },
    );
    expect(search.named('Ada', 'Brandt')).toEqual({ mark: 'X', reason: 'special' });
    expect(drain(search.find('Ada Brandt'))).toMatchObject([{ reason: 'special' }]);
  });

  it.each([
    ['Ada', 'GROSSMANN'],
    ['ADA', 'GRO\u1e9eMANN'],
  ])('in two fields is a name with ß, too: %s and %s', (first, last) => {
    const search = searchOf({ staff: [name('Ada Großmann')] });
    expect(search.named(first, last)).toEqual({ mark: 'Agent', reason: 'agentName' });
    expect(search.whole(`${first} ${last}`)).toEqual({ mark: 'Agent', reason: 'agent' });
  });

  it('of several people is of staff before others, and of the person before all', () => {
    const shared = [name('Sam Same'), id('same-7'), address('same@shop.example')];
    const values = ['Sam Same', 'same-7', 'same@shop.example'];
    const marksIn = (known: Known): (string | undefined)[] =>
      values.map((value) => searchOf(known).whole(value)?.mark);
    expect(marksIn({ staff: shared, others: shared })).toEqual([
      'Agent',
      'Agent',
      'agent@masked.invalid',
    ]);
    const own = { names: ['Sam Same'], ids: ['same-7'], addresses: ['same@shop.example'] };
    expect(maskedBy(searchOf({ staff: shared, own }), 'Same, Sam')).toBe('Same, Sam');
    expect(marksIn({ staff: shared, others: shared, own })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['contact-of-zoe', true],
    ['zoe weber', true],
    ['tel:+493055501012', true],
    ['ada.brandt@home.example', true],
    ['Ada.Brandt+shop@home.example', true],
    ['zoe_handle', true],
    ['ada@shop.example', false],
    ['Ada Maria Brandt', false],
    ['info@shop.example', false],
    ['nobody', false],
  ])('may be of the person: %s', (value, isOwn) => {
    expect(everybody().isOwn(value)).toBe(isOwn);
  });

  it.each([
    ['+49 800 1234567', true],
    ['tel:+498001234567', true],
    ['orders', true],
    ['info@shop.example', true],
    ['ada@shop.example', false],
    ['hotline@shop.example', false],
    ['+498007654321', false],
    ['+493055501012', false],
    ['+498009999999', false],
    ['zoe@home.example', false],
  ])('may be of the company, and nobody’s: %s', (value, isCompanys) => {
    const search = searchOf({
      others: [address('+498007654321')],
      own: { addresses: ['+493055501012', 'zoe@home.example'] },
      lines: [
        ...['tel:+498001234567', '+498007654321', '+493055501012', 'sip:Orders'],
        ...['hotline@shop.example'],
      ],
    });
    expect(search.isCompanys(value)).toBe(isCompanys);
  });

  it('tells by which contacts the person is known, where there are any', () => {
    expect(searchOf({ own: { ids: ['c1'] } }).knowsContact).toBe(true);
    expect(searchOf({ own: { names: ['Zoe Weber'] } }).knowsContact).toBe(false);
  });
});

describe('mailboxes', () => {
  it('are the person’s by their addresses, and by no number', () => {
    const own = { ids: [], names: [], addresses: ['zoe@home.example', '+493055501012'] };
    const mailboxes = mailboxesOf(own);
    expect(mailboxes.ownerOf('zoe@home.example')).toBe('subject');
    expect(mailboxes.ownerOf('news+493055501012@list.example')).toBe('other');
    expect(mailboxes.ownerOf('ada@shop.example')).toBe('other');
  });
});

describe('an id of the source', () => {
  it.each([
    [adaId, true],
    [adaId.toUpperCase(), true],
    [`x${adaId}`, false],
    [`${adaId}0`, false],
    [adaId.slice(1), false],
    [adaId.replace('-8e8c', ''), false],
    [adaId.replace('8e8c', '8e8'), false],
    [adaId.replaceAll('-', ''), false],
    [adaId.replace('f', 'g'), false],
    ['desk-77', false],
    ['', false],
  ])('is one, or none: %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});
