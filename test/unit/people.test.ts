import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConversationDetails, SourceConversation } from '../../src/core/genesys/conversation';
import { countRedactions } from '../../src/core/redaction/redactions';
import { JsonMarks } from '../../src/core/redaction/json-marks';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { finish } from '../helpers/mail-masking';
import { conversationMasks, type Documents } from '../helpers/known-people';
import { casesPath, casesSkipped, hasCases } from '../helpers/outside-inputs';

const person = {
  contactIds: ['contact-of-zoe'],
  phones: ['+493055501012'],
  emails: ['zoe.weber@home.example'],
  names: ['Zoe Weber'],
};
const userId = '5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b11';
const superviserId = '77777777-1111-4222-8333-444444444444';
const agentMailbox = 'ada.brandt@shop.example';
const agentSip = 'sip:ada.brandt%40shop.example@localhost';
const thirdNumber = '+494077712345';
const thirdMailbox = 'third.person@elsewhere.example';
const line = 'tel:+498001234567';

/** A call of the person, to which an agent has added somebody else. */
const conversation: SourceConversation = {
  conversationId: '11111111-1111-4111-8111-111111111111',
  conversationStart: '2026-01-02T03:04:05.000Z',
  conversationEnd: '2026-01-02T03:14:05.000Z',
  originatingDirection: 'inbound',
  evaluations: [{ evaluationId: 'e1', evaluatorId: superviserId, userId, formName: 'Calls' }],
  participants: [
    {
      participantId: 'p1',
      purpose: 'customer',
      participantName: 'Zoe Weber',
      externalContactId: 'contact-of-zoe',
      attributes: { lastAgent: userId, brought: 'Third Person' },
      unknownOfPerson: 'kept',
      sessions: [
        {
          sessionId: 's1',
          mediaType: 'voice',
          direction: 'inbound',
          ani: 'tel:+493055501012',
          dnis: line,
          sessionDnis: line,
          selectedAgentId: userId,
          cc: [thirdMailbox],
          segments: [{ segmentType: 'interact', wrapUpNote: 'as agreed with Ada Brandt' }],
        },
      ],
    },
    {
      participantId: 'p2',
      purpose: 'acd',
      participantName: 'Orders',
      sessions: [
        {
          sessionId: 's2',
          mediaType: 'voice',
          direction: 'inbound',
          ani: 'tel:+493055501012',
          dnis: line,
          selectedAgentId: userId,
          proposedAgents: [{ agentRank: 1, proposedAgentId: superviserId }],
          destinationAddresses: [agentSip, thirdNumber],
        },
      ],
    },
    {
      participantId: 'p3',
      purpose: 'agent',
      participantName: 'Ada Brandt',
      userId,
      teamId: 'team-of-ada',
      unknownOfAgent: 'Ada likes tea',
      sessions: [
        {
          sessionId: 's3',
          mediaType: 'voice',
          direction: 'inbound',
          ani: 'tel:+493055501012',
          dnis: line,
          remote: 'Zoe Weber',
          addressSelf: agentSip,
          unknownOfSession: agentMailbox,
          metrics: [{ emitDate: '2026-01-02', name: 'tTalk', value: 5 }],
          segments: [{ segmentType: 'interact', queueId: 'q1', conference: true, secret: 'x' }],
        },
        {
          sessionId: 's4',
          mediaType: 'voice',
          direction: 'outbound',
          ani: line,
          dnis: `tel:${thirdNumber}`,
          remote: 'Third Person',
          remoteNameDisplayable: 'Third Person',
        },
      ],
    },
    {
      participantId: 'p4',
      purpose: 'external',
      participantName: 'Third Person',
      attributes: { hobby: 'chess' },
      sessions: [
        {
          sessionId: 's5',
          mediaType: 'voice',
          direction: 'outbound',
          ani: line,
          dnis: `tel:${thirdNumber}`,
          protocolCallId: 'call-of-third',
        },
      ],
    },
  ],
};

const address = (name: string, text: string) => ({
  name,
  nameRaw: name,
  addressNormalized: text,
  addressRaw: text,
  addressDisplayable: text,
});
const details = {
  id: conversation.conversationId,
  participants: [
    {
      id: 'p1',
      purpose: 'customer',
      name: 'Zoe',
      address: 'tel:+493055501012',
      externalContactId: 'contact-of-zoe',
      calls: [
        {
          id: 's1',
          self: address('Zoe Weber', 'tel:+493055501012'),
          other: address('Ada Brandt', agentSip),
        },
      ],
    },
    {
      id: 'p3',
      purpose: 'agent',
      name: 'Ada Brandt',
      userId,
      userUri: `/api/v2/users/${userId}`,
      address: agentSip,
      queueName: 'Orders',
      wrapup: { code: 'w', name: 'Resolved', notes: 'Told Third Person to call Ada Brandt' },
      evaluations: [{ evaluator: { id: superviserId, name: 'Sue Perviser' } }],
      calls: [
        {
          id: 's4',
          state: 'disconnected',
          self: address('Ada Brandt', agentSip),
          other: address('Third Person', `tel:${thirdNumber}`),
        },
      ],
    },
    {
      id: 'p4',
      purpose: 'external',
      name: 'Third Person',
      address: `tel:${thirdNumber}`,
      calls: [{ id: 's5', self: address('Third Person', `tel:${thirdNumber}`) }],
      callbacks: [
        { callbackNumbers: [thirdNumber], callbackUserName: 'Third Person', held: false },
      ],
    },
  ],
};
const email = {
  id: 'm1',
  from: { email: agentMailbox, name: 'Brandt, Ada' },
  to: [{ email: 'zoe.weber@home.example', name: 'Zoe W.' }],
  cc: [{ email: 'pat.cross@firm.example', name: 'Pat Cross' }],
  replyTo: { email: 'service@shop.example', name: 'Service' },
  textBody: 'Please write to hidden.one@firm.example, or to Pat Cross.',
};
const survey = { id: 'v1', agent: { id: userId, name: 'Ada Brandt' }, answers: {} };
const documents: Documents = { conversation, details, further: [email, survey] };
const nobodyElse =
  /5d1f0c62|77777777-1111|ada|brandt|third|77712345|elsewhere|pat\.cross|hidden\.one|pat cross|perviser|team-of|tea\b|chess/i;

describe('people of a conversation', () => {
  const masks = conversationMasks(documents, person);

  it.each([
    ['what analytics says', conversation],
    ['what the conversations API says', details],
    ['a mail', email],
    ['a survey', survey],
  ])('are told nowhere in %s', (_name, document) => {
    expect(JSON.stringify(masks.mask(document))).not.toMatch(nobodyElse);
  });

  it('are called the same wherever they stand', () => {
    const { participants, evaluations } = masks.mask(conversation);
    const [own, acd, agent, other] = participants;
    const pseudonym = agent?.userId ?? '';
    expect(pseudonym).toMatch(/^agent-[0-9a-f]{8}$/);
    expect(own?.sessions?.[0]?.['selectedAgentId']).toBe(pseudonym);
    expect(acd?.sessions?.[0]).toMatchObject({
      selectedAgentId: pseudonym,
      destinationAddresses: [`${pseudonym}@masked.invalid`, '[another person]'],
    });
    expect(agent).toMatchObject({ participantName: pseudonym });
    expect(other).toMatchObject({ participantName: '[another person]', attributes: {} });
    expect(evaluations).toMatchObject([{ userId: pseudonym, evaluationId: 'e1' }]);
  });

  it('leave everything of the person as it is, but for them', () => {
    const [own] = masks.mask(conversation).participants;
    const agent = masks.mask(conversation).participants[2]?.userId;
    expect(own).toEqual({
      ...conversation.participants[0],
      attributes: { lastAgent: agent, brought: '[another person]' },
      sessions: [
        {
          ...conversation.participants[0]?.sessions?.[0],
          selectedAgentId: agent,
          cc: ['another.person@masked.invalid'],
          segments: [{ segmentType: 'interact', wrapUpNote: `as agreed with ${String(agent)}` }],
        },
      ],
    });
    expect(masks.mask(email).to).toEqual(email.to);
    expect(masks.mask(email).replyTo).toEqual(email.replyTo);
  });

  it('keep what tells nobody, and the numbers of the person and of the company', () => {
    const agent = masks.mask(conversation).participants[2];
    expect(agent?.sessions?.[0]).toEqual({
      sessionId: 's3',
      mediaType: 'voice',
      direction: 'inbound',
      ani: 'tel:+493055501012',
      dnis: line,
      remote: 'Zoe Weber',
      addressSelf: `${agent?.userId ?? ''}@masked.invalid`,
      metrics: [{ emitDate: '2026-01-02', name: 'tTalk', value: 5 }],
      segments: [{ segmentType: 'interact', queueId: 'q1', conference: true }],
    });
    const [, ofAgent, ofOther] = masks.mask(details).participants ?? [];
    expect(ofAgent).toMatchObject({ queueName: 'Orders', wrapup: { code: 'w', name: 'Resolved' } });
    expect(ofOther).toEqual({
      id: 'p4',
      purpose: 'external',
      name: '[another person]',
      address: '[another person]',
      calls: [{ id: 's5', self: address('[another person]', '[another person]') }],
      callbacks: [
        {
          callbackNumbers: ['[another person]'],
          callbackUserName: '[another person]',
          held: false,
        },
      ],
    });
  });

  it.each([
    ['Ada Brandt said so', 'agent-X said so'],
    ['ada BRANDT said so', 'agent-X said so'],
    ['Brandt, Ada', 'agent-X'],
    ['Hello Ada, hello Mrs Brandt', 'Hello Ada, hello Mrs Brandt'],
    ['Ada Brandtner and Hada Brandt', 'Ada Brandtner and Hada Brandt'],
    ['Ada-Maria Brandt', 'Ada-Maria Brandt'],
    ['Ada-Brandt wrote', 'agent-X wrote'],
    ['Ada (Brandt) wrote', 'agent-X wrote'],
    ['Brandt [Ada], Ada – Brandt', 'agent-X, agent-X'],
    ['(Ada Brandt), Ada-Brandt-Street', '(agent-X), Ada-Brandt-Street'],
    ['ada.brandt [at] shop.example', 'agent-X@masked.invalid'],
    ['ada.brandt(AT)shop.example', 'agent-X@masked.invalid'],
    ['we meet (at) shop.example', 'we meet (at) shop.example'],
    ['zoe.weber [at] home.example, Zoe-Weber', 'zoe.weber [at] home.example, Zoe-Weber'],
    ['{"firstName":"Ada","lastName":"Brandt"}', '{"firstName":"agent-X","lastName":"agent-X"}'],
    [
      String.raw`{\"family_name\": \"Person\", \"given_name\": \"Third\"}`,
      String.raw`{\"family_name\": \"[another person]\", \"given_name\": \"[another person]\"}`,
    ],
    ['Vorname: Zoe, Nachname: Weber', 'Vorname: Zoe, Nachname: Weber'],
    ['First name is Ada. Last name unknown.', 'First name is Ada. Last name unknown.'],
    [`<p>Ada&nbsp;<b>Brandt</b></p>`, `<p>agent-X<b></b></p>`],
    ['call Third Person on +49 40 777 12345', 'call [another person] on [another person]'],
    ['or 040/77712345.', 'or [another person].'],
    ['or (040) 777-12345, 0049 40 77712345', 'or [another person], [another person]'],
    ['+49 (0)40 77712345', '[another person]'],
    ['order 9407771234501', 'order 9407771234501'],
    [`mailto:${agentMailbox.toUpperCase()}?x`, `mailto:agent-X@masked.invalid?x`],
    [`?mail=ada.brandt%40shop.example&x=1`, `?mail=agent-X@masked.invalid&x=1`],
    [`sip:ada.brandt@shop.example`, `sip:agent-X@masked.invalid`],
    [`/api/v2/users/${userId}?a`, `/api/v2/users/agent-X?a`],
    ['not.ada.brandt@shop.example', 'not.agent-X@shop.example'],
    ['?agent=Ada%20Brandt&x=1', '?agent=agent-X&x=1'],
    ['?agent=Ada+Brandt&x=1+1', '?agent=agent-X&x=1+1'],
    ['?tel=%2B49%2040%20777%2012345', '?tel=[another person]'],
    ['?tel=040+777+12345&b', '?tel=[another person]&b'],
    ['offer_for_Third_Person.pdf', 'offer_for_[another person].pdf'],
    ['Third;Person', '[another person]'],
    ['Ada\u200bBrandt, Ada\u00ad Brandt', 'agent-X, agent-X'],
    [String.raw`{"a":"hi\nAda Brandt"}`, String.raw`{"a":"hi\nagent-X"}`],
    [String.raw`{"a":"Ada\nBrandt\u0020"}`, String.raw`{"a":"agent-X\u0020"}`],
    [String.raw`{"a":"\u0041da\u00a0Brandt"}`, String.raw`{"a":"agent-X"}`],
    [
      String.raw`{"a":"{\"b\":\"\\nThird Person\"}"}`,
      String.raw`{"a":"{\"b\":\"\\n[another person]\"}"}`,
    ],
    [String.raw`{"a":"\n${agentMailbox}"}`, String.raw`{"a":"\nagent-X@masked.invalid"}`],
    [String.raw`{"a":"\t040 777 12345"}`, String.raw`{"a":"\t[another person]"}`],
    [String.raw`{"a":"?x=\nThird%20Person"}`, String.raw`{"a":"?x=\n[another person]"}`],
    [
      String.raw`{"a":"\u003cb\u003eThird\u003c/b\u003e Person"}`,
      String.raw`{"a":"\u003cb\u003e[another person]\u003c/b\u003e"}`,
    ],
  ])('are found in a text: %s', (text, expected) => {
    expect(masks.text(text).replaceAll(/agent-[0-9a-f]{8}/g, 'agent-X')).toBe(expected);
  });

  it.each([
    [
      { firstName: 'Third', lastName: 'Person' },
      { firstName: '[another person]', lastName: '[another person]' },
    ],
    [
      { a: [{ given_name: 'Third', family_name: 'Person', age: 7 }] },
      { a: [{ given_name: '[another person]', family_name: '[another person]', age: 7 }] },
    ],
    [
      { firstName: 'Zoe', lastName: 'Weber' },
      { firstName: 'Zoe', lastName: 'Weber' },
    ],
    [
      { firstName: 'Third', lastName: 'Weber' },
      { firstName: 'Third', lastName: 'Weber' },
    ],
  ])('are found in two fields of a record: %j', (record, expected) => {
    expect(masks.sanitiser.document({ context: record })).toEqual({ context: expected });
  });

  it('leave JSON what it is where their names stand in two texts of it', () => {
    const json = String.raw`{"a":"Ada","Brandt":1,"b":["Third", "Person"],"c":"\"Ada\" Brandt"}`;
    const bytes = finish(masks.sanitiser.bytesInSteps(Buffer.from(json), new JsonMarks()));
    const masked = Buffer.from(bytes)
      .toString()
      .replaceAll(/agent-[0-9a-f]{8}/g, 'agent-X');
    expect(JSON.parse(masked)).toEqual({
      a: 'agent-X',
      '': 1,
      b: ['[another person]', ''],
      c: '"agent-X',
    });
  });

  const words = (text: string): object[] => text.split(' ').map((word) => ({ word }));

  it.each([
    ['a text', { text: 'so Ada Brandt' }, { text: 'so agent-X' }],
    ['a decorated text alone', { decoratedText: 'Ada Brandt' }, { decoratedText: 'agent-X' }],
    ['no text', {}, {}],
    ['a text that says less', { text: 'so' }, { text: 'so' }],
  ])('are told by no words of a phrase with %s', (_, phrase, expected) => {
    const given = {
      ...phrase,
      words: words('so Ada Brandt 4111 1111 1111 1111'),
      alternatives: [],
    };
    const masked = JSON.stringify(masks.mask({ phrases: [given] }));
    expect(JSON.parse(masked.replaceAll(/agent-[0-9a-f]{8}/g, 'agent-X'))).toEqual({
      phrases: [expected],
    });
  });

  it('leave words of a phrase that tell nobody', () => {
    const phrases = [
      { text: 'hello, Zoe Weber!', words: words('hello Zoe Weber') },
      { text: 'hello', words: words('hello Ada') },
    ];
    expect(masks.mask({ phrases })).toEqual({ phrases });
  });

  it('are told by no name of a field, and by no number in maps of the company', () => {
    const data = {
      'Ada Brandt': 1,
      '+494077': 2,
      'third person': 3,
      phone: 494077712345,
      sum: 40777,
    };
    const own = { '+493055501012': 493055501012, 'Zoe Weber': 4, 'a b': 'x' };
    const masked = JSON.stringify(masks.mask({ customFields: { ...data, ...own } }));
    expect(JSON.parse(masked.replaceAll(/agent-[0-9a-f]{8}/g, 'agent-X'))).toEqual({
      customFields: {
        ...{
          'agent-X': 1,
          '+494077': 2,
          '[another person]': 3,
          phone: '[another person]',
          sum: 40777,
        },
        ...own,
      },
    });
    // Elsewhere a number counts or measures something.
    expect(masks.mask({ tTalk: 494077712345 })).toEqual({ tTalk: 494077712345 });
  });

  it('are told by no change that the audit trail holds, and by no address that they worked from', () => {
    const change = (property: string, from: string, to: string): object => ({
      property,
      oldValues: [from],
      newValues: [to],
    });
    const trail = [
      {
        id: 'a1',
        user: { id: userId, name: 'Ada Brandt' },
        remoteIp: ['192.0.2.7'],
        propertyChanges: [
          change('modifiedBy', superviserId, 'Sue Perviser'),
          change('contact.assigneeId', superviserId, userId),
          change('firstName', 'Zoe', 'Zoë'),
        ],
        message: `was ${superviserId}, Sue Perviser`,
      },
      { id: 'a2', level: 'SYSTEM', remoteIp: ['192.0.2.8'] },
    ];
    const mask = new Sanitiser(defaultPolicy, () => 'agent-X');
    finish(mask.meetInSteps(trail));
    expect(mask.document<unknown>(trail)).toEqual([
      {
        id: 'a1',
        user: { id: 'agent-X', name: 'agent-X' },
        remoteIp: [],
        propertyChanges: [
          change('modifiedBy', 'agent-X', 'Agent'),
          change('contact.assigneeId', 'agent-X', 'agent-X'),
          change('firstName', 'Zoe', 'Zoë'),
        ],
        message: 'was agent-X, Agent',
      },
      { id: 'a2', level: 'SYSTEM', remoteIp: ['192.0.2.8'] },
    ]);
  });

  it.each([
    'Zoe Weber, zoe weber, Weber, Zoe',
    '+49 30 5550 1012, 030 55501012, 0049 30 55501012, (030) 555 010 12',
    'zoe.weber@home.example, ZOE.WEBER+shop@Home.example',
    'sip:+493055501012@shop.example',
    'contact-of-zoe',
    'Zoe Weber Brandt',
    '?name=Zoe+Weber&tel=%2B49+30+5550+1012&mail=zoe.weber%40home.example',
    String.raw`{"a":"\nZoe Weber\tzoe.weber@home.example\n030 55501012"}`,
  ])('do not hide the person: %s', (text) => {
    const near = {
      participantId: 'p9',
      purpose: 'external',
      participantName: 'Weber Brandt',
      sessions: [
        { direction: 'inbound', ani: 'tel:+49305550', remote: 'weber@home.example' },
        { direction: 'inbound', ani: 'tel:+495501012' },
      ],
    };
    const participants = [...conversation.participants, near];
    const with9 = { ...documents, conversation: { ...conversation, participants } };
    expect(
      conversationMasks(with9, person)
        .text(text)
        .replace(/agent-\w+/, ''),
    ).toBe(
      text.replace(' Brandt', ' [another person]').replace('Zoe Weber [another person]', text),
    );
  });

  it('are counted apart by what was found of them', () => {
    const one = conversationMasks(documents, person);
    one.text(`Ada Brandt ${agentMailbox} Third Person ${thirdNumber} 4111 1111 1111 1111`);
    expect(countRedactions(one.sanitiser.redactions)).toEqual({
      ...{ agent: 1, agentName: 1, otherPerson: 1, otherPersonName: 1, cardNumber: 1 },
    });
    const found = one.sanitiser.find('Ada Brandt of Third Person, 4111 1111 1111 1111');
    expect(found.map(({ reason }) => reason)).toEqual([
      ...['agentName', 'otherPersonName', 'cardNumber'],
    ]);
  });

  it('are masked, though a field of the person has their name', () => {
    const [own, ...others] = conversation.participants;
    const claimed = { ...own, sessions: [{ callbackUserName: 'Ada Brandt' }] };
    const all = { ...conversation, participants: [claimed, ...others] };
    const { mask } = conversationMasks({ conversation: all }, person);
    expect(JSON.stringify(mask(all))).not.toMatch(/brandt/i);
    const sameName = conversationMasks({ conversation: all }, { ...person, names: ['Ada Brandt'] });
    expect(sameName.text('Ada Brandt')).toBe('Ada Brandt');
    expect(sameName.mask(all).participants[2]).toMatchObject({
      participantName: expect.stringMatching(/^agent-/) as unknown,
    });
  });

  it('are told by single names of a list only where they have them', () => {
    const { text } = conversationMasks(documents, person, { singleNames: ['brandt', 'Miller'] });
    expect(text('Mrs Brandt and Mr Miller')).toMatch(/^Mrs agent-\w+ and Mr Miller$/);
  });

  it('are kept where the policy keeps them, each apart', () => {
    const named = conversationMasks(documents, person, { agents: 'name' });
    expect(JSON.stringify(named.mask(conversation))).toContain('Ada likes tea');
    expect(JSON.stringify(named.mask(conversation))).not.toMatch(/chess|third|77712345/i);
    expect(named.text('Ada Brandt, or Brandt, Ada')).toBe('Ada Brandt, or Brandt, Ada');
    const others = conversationMasks(documents, person, { otherPeople: 'keep' });
    expect(others.mask(conversation).participants[3]).toEqual(conversation.participants[3]);
    expect(JSON.stringify(others.mask(details))).not.toMatch(/ada|brandt|5d1f0c62/i);
  });

  it.each([
    ['firstName', 'Ada', 'Hello, Ada here'],
    ['role', 'Agent', 'Hello, Agent here'],
  ] as const)('are called by their %s', (agents, name, text) => {
    const one = conversationMasks(documents, person, { agents });
    expect(one.mask(conversation).participants[2]).toMatchObject({ participantName: name });
    expect(one.text('Hello, Ada Brandt here')).toBe(text);
    expect(JSON.stringify(one.mask(details))).not.toMatch(/brandt|5d1f0c62/i);
  });
});

interface Case {
  conversation: SourceConversation;
  details?: ConversationDetails;
}

describe(`inputs that once went wrong${casesSkipped}`, () => {
  const read = (name: string): Case => {
    const at = (file: string): unknown => {
      const path = join(casesPath, name, `${file}.json`);
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
    };
    const details = at('details') as ConversationDetails | undefined;
    return {
      conversation: at('conversation') as SourceConversation,
      ...(details === undefined ? {} : { details }),
    };
  };
  const subject = { contactIds: ['c1'], phones: ['+4930555010'], emails: [] };
  (hasCases ? it : it.skip).each([
    ['other-person-in-details', 7],
    ['agent-ids-left', 3],
  ])('%s: nothing of staff and of another person is left, and the person is', (name, own) => {
    const documents = read(name);
    const { mask } = conversationMasks(documents, subject);
    const written = JSON.stringify([mask(documents.conversation), mask(documents.details ?? {})]);
    expect(written).not.toMatch(/third|777123|anna|shop\.example|8dd0819f/i);
    expect(written.match(/\+4930555010/g)).toHaveLength(own);
  });
});
