import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf } from '../../src/cli/answers';
import { UsageError } from '../../src/cli/api';
import { Options } from '../../src/cli/options';
import { conversationsText, evidenceText, revealedText } from '../../src/cli/print-decision';
import { decisionBody } from '../../src/core/api/bodies';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'answers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function optionsOf(...args: string[]): Options {
  const options = Options.of(args);
  if (options instanceof Error) throw options;
  return options;
}
const answers = (...args: string[]) => answersOf(optionsOf('decide', id(9), ...args));
function fileWith(content: string): string {
  const file = join(folder, 'conversations');
  writeFileSync(file, content);
  return file;
}

describe('the answers of a command line', () => {
  it.each<[string[], object]>([
    [['--contact', id(1)], { contactIds: [id(1)] }],
    [['--contact', id(1), '--contact', id(2)], { contactIds: [id(1), id(2)] }],
    [
      ['--identifier', '1=include', '--identifier', '2=withhold'],
      {
        identifiers: [
          { identifier: 1, verdict: 'include' },
          { identifier: 2, verdict: 'withhold' },
        ],
      },
    ],
    [
      ['--of-contact', `${id(3)}=withhold`],
      { contacts: [{ contactId: id(3), verdict: 'withhold' }] },
    ],
    [
      ['--withhold-kind', 'notes', '--withhold-conversation', id(4)],
      { rightsOfOthers: { kinds: ['notes'], conversations: [id(4)] } },
    ],
    [['--withhold-nothing'], { rightsOfOthers: { kinds: [], conversations: [] } }],
    [
      ['--conversation', `${id(4)}=include`],
      { conversations: [{ conversationId: id(4), verdict: 'include' }] },
    ],
    [
      ['--method', 'sms', '--code-to', '2', '--invite-to', '1'],
      { method: 'sms', codeTo: 2, inviteTo: 1 },
    ],
    [
      ['--method', 'onFile', '--code-to', 'onFile', '--invite-to', 'onFile'],
      { method: null, codeTo: null, inviteTo: null },
    ],
    [
      ['--identifier', '1=include', '--keep-own'],
      { identifiers: [{ identifier: 1, verdict: 'include' }], keepsOwn: true },
    ],
    [['--without-undecided'], { undecided: 'withhold' }],
    [['--wait-for-undecided'], { undecided: 'wait' }],
  ])('are %j', (args, expected) => {
    const calls = answers(...args);
    expect(calls).toEqual([expected]);
    for (const call of calls)
      expect(decisionBody.safeParse({ ...call, justification: 'x' }).success).toBe(true);
  });

  it.each<string[]>([
    [],
    ['--keep-own'],
    ['--contact', '1'],
    ['--contact', id(1), '--contact', id(1)],
    ['--identifier', '1'],
    ['--identifier', '1=maybe'],
    ['--identifier', '0=include'],
    ['--identifier=-1=include'],
    ['--identifier', '1.5=include'],
    ['--identifier', '=include'],
    ['--identifier', '1=include', '--identifier', '1=withhold'],
    ['--of-contact', `${id(1)}=yes`],
    ['--of-contact', 'x=include'],
    ['--conversation', `${id(1)}:include`],
    ['--conversation', `${id(1)}=include`, '--conversation', `${id(1)}=include`],
    ['--method', 'totp'],
    ['--code-to', 'two'],
    ['--invite-to', '0'],
    ['--without-undecided', '--wait-for-undecided'],
    ['--conversations-from', '/nowhere'],
  ])('are refused before anything is sent: %j', (...args) => {
    expect(() => answers(...args)).toThrow(UsageError);
  });

  it('come from a file, one conversation a line', () => {
    const content = `${id(1)} include\r\n\n  ${id(2)},withhold\n${id(3)}\tinclude`;
    expect(answers('--conversations-from', fileWith(content))).toEqual([
      {
        conversations: [
          { conversationId: id(1), verdict: 'include' },
          { conversationId: id(2), verdict: 'withhold' },
          { conversationId: id(3), verdict: 'include' },
        ],
      },
    ]);
  });

  it.each([
    [`${id(1)} include\n${id(2)} maybe`, 'Line 2'],
    [`${id(1)}`, 'Line 1'],
    [`zoe@mail.example include`, '--conversations-from'],
    [`${id(1)} include\n${id(1)} withhold`, 'twice'],
  ])('are refused of a file that says %j, without repeating it', (content, expected) => {
    const file = fileWith(content);
    expect(() => answers('--conversations-from', file)).toThrow(expected);
    expect(() => answers('--conversations-from', file)).not.toThrow('zoe');
  });

  it('are in as many calls as they take: wider ones first, going on without the undecided last', () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `${id(i)} include`).join('\n');
    const calls = answers(
      ...['--conversations-from', fileWith(lines), '--without-undecided'],
      ...['--of-contact', `${id(1)}=withhold`],
    );
    expect(calls.map(({ conversations = [] }) => conversations.length)).toEqual([1000, 1000, 500]);
    expect(calls.map(({ contacts = [] }) => contacts.length)).toEqual([1, 0, 0]);
    expect(calls.map(({ undecided }) => undecided)).toEqual([undefined, undefined, 'withhold']);
    for (const call of calls)
      expect(decisionBody.safeParse({ ...call, justification: 'x' }).success).toBe(true);
  });
});

describe('a decision on the screen', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const evidence = {
    requestId: id(9),
    isNeeded: true,
    reasonCode: 'ambiguousContact',
    maskedName: null,
    candidates: [
      {
        ...{ number: 1, contactId: id(1), createdAt: at, mergedContacts: 2 },
        ...{ name: 'similar', maskedName: 'Z••• M•••', phones: 1, mailboxes: 0 },
        ...{ codeGoesTo: '•••• 66', isChosen: true },
        matches: [{ identifier: 1, verdict: 'same', since: at }],
      },
    ],
    identifiers: [
      {
        ...{ number: 1, type: 'email', masked: 'z•••@m•••.example', isGiven: true },
        ...{ isShared: true, hasExtension: true, candidates: [1], nearly: [], answer: 'withhold' },
      },
    ],
    noContact: {
      identifiers: [{ identifier: 1, conversations: 3, from: at, to: at }],
      subjects: 2,
    },
    doubtful: {
      ...{ total: 4, undecided: 1, included: 1, withheld: 2 },
      byIdentifier: [{ identifier: 1, total: 3, undecided: 1 }],
      byContact: [{ contactId: id(5), total: 1, undecided: 0 }],
    },
    decision: {
      ...{ contactIds: [id(1)], method: 'sms', codeTo: 2, inviteTo: 1 },
      ...{ undecided: 'withhold', at },
    },
    status: { state: 'needsDecision' },
  } as never as Parameters<typeof evidenceText>[0];

  it('is what it is made by', () => {
    expect(evidenceText(evidence).split('\n')).toEqual([
      `request   ${id(9)}`,
      'state     needsDecision: ambiguousContact',
      'identifiers',
      '  1  email      z•••@m•••.example       given  shared  with an extension  candidate 1  withhold',
      'candidates',
      `  1  ${id(1)}  since 2026-01-02  2 merged  CHOSEN`,
      '     name  similar  Z••• M•••',
      '     identifier 1  same  since 2026-01-02',
      '     1 number, 0 mailboxes  codes go to •••• 66',
      'nobody on file; conversations by identifier',
      '  1  3  2026-01-02 to 2026-01-02',
      '  data subjects that the source names: 2',
      "conversations that may be another person's: 4; 1 undecided, 1 included, 2 withheld",
      '  identifier 1: 3, 1 undecided',
      `  contact ${id(5)}: 1, 0 undecided`,
      `decided   ${at}  method sms  codes to 2  invitation to 1  goes on without the undecided`,
      `  ${id(1)}`,
    ]);
  });

  it('counts numbers and mailboxes in the singular and the plural', () => {
    const [candidate] = evidence.candidates;
    const counted = (phones: number, mailboxes: number): string =>
      evidenceText({
        ...evidence,
        candidates: candidate ? [{ ...candidate, phones, mailboxes }] : [],
      });
    expect(counted(0, 1)).toContain('0 numbers, 1 mailbox  ');
    expect(counted(2, 2)).toContain('2 numbers, 2 mailboxes  ');
  });

  it('says how the person proves who they are, and where codes go only when one is sent', () => {
    const decided = (
      change: Partial<NonNullable<(typeof evidence)['decision']>>,
      noContact = evidence.noContact,
    ): string => {
      const decision = evidence.decision && { ...evidence.decision, undecided: 'wait' as const };
      const shown = { ...evidence, noContact, decision: decision && { ...decision, ...change } };
      return evidenceText(shown).split('\n').at(-2) ?? '';
    };
    const nobodys = { codeTo: null, inviteTo: null };
    expect(decided({ method: 'officer' })).toBe(`decided   ${at}  method officer  invitation to 1`);
    expect(decided({ method: 'oidc' })).toBe(`decided   ${at}  method oidc  invitation to 1`);
    expect(decided({ method: 'sms' })).toContain('method sms  codes to 2  invitation to 1');
    expect(decided({ method: null, ...nobodys }, null)).toBe(`decided   ${at}  method onFile`);
    // Of somebody without a contact record nothing is on file.
    expect(decided({ method: null, ...nobodys })).toBe(`decided   ${at}  no method`);
  });

  it('says what is not there', () => {
    const bare = { ...evidence, candidates: [], identifiers: [], noContact: null };
    const lines = evidenceText({ ...bare, doubtful: null, decision: null }).split('\n');
    expect(lines.slice(2)).toEqual(['identifiers', 'candidates', 'nothing is decided']);
    expect(conversationsText([])).toBe('There are no such conversations.');
  });

  it('lists conversations one a line', () => {
    const one = {
      ...{ conversationId: id(1), startedAt: at, channels: ['voice', 'email'], queues: ['Sales'] },
      ...{ direction: null, doubt: 'otherContact' as const, tiedBy: [1, 2] },
      ...{ otherContacts: [id(5)], verdict: null, own: null },
    };
    expect(
      conversationsText([one, { ...one, tiedBy: [], otherContacts: [], verdict: 'include' }]),
    ).toBe(
      'conversation  started  channels  direction  queues  doubt  identifiers  other contacts  verdict\n' +
        `${id(1)}  ${at}  voice+email  -  Sales  otherContact  1, 2  ${id(5)}  undecided\n` +
        `${id(1)}  ${at}  voice+email  -  Sales  otherContact  -  -  include`,
    );
  });

  it('shows in clear what was asked for', () => {
    const identifiers = [
      { number: 1, type: 'phone' as const, value: '+4930123456', extension: '7' },
    ];
    const candidate = {
      number: 1,
      contactId: id(1),
      firstName: 'Zoe',
      lastName: null,
      identifiers,
    };
    expect(revealedText({ name: null, candidates: [candidate], identifiers }).split('\n')).toEqual([
      'identifiers',
      '  1  phone      +4930123456  extension 7',
      `candidate 1  ${id(1)}  Zoe`,
      '  1  phone      +4930123456  extension 7',
    ]);
  });
});
