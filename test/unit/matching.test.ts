import type { SourceConversation, SourceParticipant } from '../../src/core/genesys/conversation';
import { subjectIdentifiersOf } from '../../src/core/subject/contact';
import { isOwnParticipant, judgeConversation, tiesOf } from '../../src/core/subject/matching';
import { identifierKey } from '../../src/core/subject/spellings';
import { contactWithAllIdentifiers } from '../helpers/contacts';

const subject = subjectIdentifiersOf(contactWithAllIdentifiers);
const ownNumber = 'tel:+491511234567';
const conversation = (person: object, session: object = {}): SourceConversation => ({
  conversationId: 'x',
  conversationStart: '2024-01-01T00:00:00.000Z',
  participants: [
    {
      purpose: 'customer',
      ...person,
      sessions: [{ sessionId: 's', mediaType: 'voice', ...session }],
    },
    { purpose: 'agent', sessions: [{ ani: ownNumber }] },
  ],
});
/** A conversation of people outside the company, each a contact id (or none) and an address (or none). */
const among = (...people: [contact: string | null, address: string | null][]) => ({
  ...conversation({}),
  participants: people.map(([id, ani]): SourceParticipant => ({
    purpose: 'external',
    ...(id === null ? {} : { externalContactId: id }),
    ...(ani === null ? {} : { sessions: [{ ani }] }),
  })),
});

describe('the judgement of a conversation', () => {
  it.each([
    ['its contact id', conversation({ externalContactId: 'c1' }), 'subject'],
    ['an id merged into it', conversation({ externalContactId: 'c0' }), 'subject'],
    [
      'its id at a network',
      conversation({}, { mediaType: 'message', messageType: 'facebook', addressFrom: '777' }),
      'subject',
    ],
    [
      'its id at a network whose name is in capitals',
      conversation({}, { mediaType: 'message', messageType: 'FACEBOOK', addressFrom: '777' }),
      'subject',
    ],
    [
      'the same id at another network',
      conversation({}, { mediaType: 'message', messageType: 'instagram', addressFrom: '777' }),
      'none',
    ],
    [
      'its phone number as an id at a network',
      conversation({}, { messageType: 'facebook', addressFrom: '+491511234567' }),
      'none',
    ],
    ['its id at a network as an address', conversation({}, { addressFrom: '777' }), 'none'],
    [
      'its WhatsApp number without +',
      conversation({}, { messageType: 'whatsapp', addressFrom: '491511234567' }),
      'subject',
    ],
    [
      'an id at a network that cannot be one, beside its own',
      conversation({}, { messageType: 'facebook', addressFrom: 'two words', addressTo: '777' }),
      'subject',
    ],
    ['a number from before a merge', conversation({}, { ani: 'tel:+4930555' }), 'subject'],
    ['its number with tel:', conversation({}, { ani: ownNumber }), 'subject'],
    ['its number with TEL:', conversation({}, { ani: 'TEL:+491511234567' }), 'subject'],
    ['its number alone', conversation({}, { ani: '+491511234567' }), 'subject'],
    [
      'its number as a sip address',
      conversation({}, { ani: 'sip:+491511234567@edge.example' }),
      'subject',
    ],
    [
      'its number as a SIP address',
      conversation({}, { ani: 'SIP:+491511234567@edge.example' }),
      'subject',
    ],
    [
      'its number before an @, without sip:',
      conversation({}, { ani: '+491511234567@edge.example' }),
      'none',
    ],
    ['a scheme within an address', conversation({}, { ani: 'amailto:@b.example' }), 'none'],
    [
      'its number with sips:',
      conversation({}, { ani: 'sips:+491511234567@edge.example' }),
      'subject',
    ],
    [
      'its number before @ and sip: in the domain',
      conversation({}, { ani: '+491511234567@sip:edge.example' }),
      'none',
    ],
    [
      'its number without + in a text message',
      conversation({}, { mediaType: 'message', addressFrom: '491511234567' }),
      'subject',
    ],
    ['its number without + in a call', conversation({}, { ani: '491511234567' }), 'none'],
    [
      'its number without + after other text',
      conversation({}, { mediaType: 'message', addressFrom: '0491511234567' }),
      'none',
    ],
    [
      'an account in a text message that begins with its number',
      conversation({}, { mediaType: 'message', addressFrom: '491511234567abc' }),
      'none',
    ],
    [
      'an account in a text message that ends with its number',
      conversation({}, { mediaType: 'message', addressFrom: 'abc491511234567' }),
      'none',
    ],
    ['its email address in capitals', conversation({}, { addressFrom: 'A@B.example' }), 'subject'],
    [
      'its email address with mailto:',
      conversation({}, { addressFrom: 'mailto:a@b.example' }),
      'subject',
    ],
    ['its email address as a sip address', conversation({}, { ani: 'sip:a@b.example' }), 'none'],
    ['the email address of another domain', conversation({}, { ani: 'a@c.example' }), 'none'],
    [
      'its number and another contact',
      conversation({ externalContactId: 'other' }, { ani: ownNumber }),
      'otherContact',
    ],
    ['another contact only', conversation({ externalContactId: 'other' }), 'none'],
    ['a number with one digit more', conversation({}, { ani: 'tel:+4915112345670' }), 'none'],
    ['an address of the person on the agent leg only', conversation({}), 'none'],
    ['its id and another contact', among(['c1', null], ['other', null]), 'otherContact'],
    ['its id twice', among(['c1', null], ['c0', null]), 'subject'],
    ['its id and an address of nobody', among(['c1', null], [null, 'tel:+4930999']), 'subject'],
    [
      'another contact, and its number at a participant without an id',
      among(['other', null], [null, ownNumber]),
      'otherContact',
    ],
    ['nobody', among(), 'none'],
  ])('is right for %s', (_name, found, expected) => {
    expect(judgeConversation(found, subject)).toBe(expected);
  });

  it.each(['ani', 'dnis', 'sessionDnis', 'remote', 'addressFrom', 'addressTo', 'callbackNumbers'])(
    'finds an address in the field %s',
    (field) => {
      const value = field === 'callbackNumbers' ? ['tel:+4930999', ownNumber] : ownNumber;
      expect(judgeConversation(conversation({}, { [field]: value }), subject)).toBe('subject');
      expect(judgeConversation(conversation({}, { other: value }), subject)).toBe('none');
    },
  );

  it.each([
    ['2023-12-31T23:59:59.999Z', {}, { ani: ownNumber }, 'beforeContact'],
    ['2024-01-01T00:00:00.000Z', {}, { ani: ownNumber }, 'subject'],
    ['2023-12-31T23:59:59.999Z', { externalContactId: 'c1' }, {}, 'subject'],
    [
      '2023-12-31T23:59:59.999Z',
      { externalContactId: 'other' },
      { ani: ownNumber },
      'otherContact',
    ],
    ['2023-12-31T23:59:59.999Z', {}, {}, 'none'],
  ])(
    'at %s tells a record that began with the year 2024: %j, %j: %s',
    (conversationStart, person, session, expected) => {
      const found = { ...conversation(person, session), conversationStart };
      const since = '2024-01-01T00:00:00.000Z';
      expect(judgeConversation(found, { ...subject, since })).toBe(expected);
    },
  );
});

describe('a conversation that a shared identifier ties to the person', () => {
  const number = identifierKey({ type: 'phone', value: '+491511234567' });
  const shared = { ...subject, doubtful: new Set([number]) };

  it.each<[string, SourceConversation, string]>([
    ['alone', conversation({}, { ani: ownNumber }), 'sharedIdentifier'],
    [
      'beside one of their own',
      conversation({}, { ani: ownNumber, addressFrom: 'a@b.example' }),
      'subject',
    ],
    [
      'beside their contact',
      conversation({ externalContactId: 'c1' }, { ani: ownNumber }),
      'subject',
    ],
    [
      'beside another contact',
      conversation({ externalContactId: 'other' }, { ani: ownNumber }),
      'otherContact',
    ],
    ['not at all', conversation({}, { ani: 'tel:+4930999' }), 'none'],
  ])('%s is judged', (_name, found, expected) => {
    expect(judgeConversation(found, shared)).toBe(expected);
  });

  it.each([
    ['2023-12-31T23:59:59.999Z', 'beforeContact'],
    ['2024-01-01T00:00:00.000Z', 'sharedIdentifier'],
  ])('at %s is judged by when they had it before by whose it is: %s', (start, expected) => {
    const found = { ...conversation({}, { ani: ownNumber }), conversationStart: start };
    const since = '2024-01-01T00:00:00.000Z';
    expect(judgeConversation(found, { ...shared, since })).toBe(expected);
  });

  it('is judged by one time for all addresses where nobody knows more', () => {
    const found = {
      ...conversation({}, { ani: ownNumber }),
      conversationStart: '2023-12-31T23:59:59.999Z',
    };
    const { heldSince: _, ...others } = shared;
    expect(judgeConversation(found, { ...others, since: '2024-01-01T00:00:00.000Z' })).toBe(
      'beforeContact',
    );
  });

  it('is the person’s by an address of theirs that they did not have yet, never', () => {
    const found = {
      ...conversation({}, { ani: ownNumber, addressFrom: 'a@b.example' }),
      conversationStart: '2023-12-31T23:59:59.999Z',
    };
    const heldSince = new Map([
      [identifierKey({ type: 'email', value: 'a@b.example' }), '2024-01-01T00:00:00.000Z'],
      [number, '2020-01-01T00:00:00.000Z'],
    ]);
    expect(judgeConversation(found, { ...shared, heldSince })).toBe('sharedIdentifier');
  });
});

describe('the judgement of a conversation by what the verification has proven', () => {
  const key = (value: string): string => identifierKey({ type: 'phone', value });
  const proven = new Set([key('+491511234567')]);

  it.each<[string, SourceConversation, string]>([
    ['the proven number', conversation({}, { ani: ownNumber }), 'subject'],
    ['a number that is not proven', conversation({}, { ani: 'tel:+4930555' }), 'notVerified'],
    [
      'both',
      conversation({}, { ani: 'tel:+4930555', addressFrom: 'tel:+491511234567' }),
      'subject',
    ],
    ['their contact id only', conversation({ externalContactId: 'c1' }), 'notVerified'],
    [
      'their contact id and the proven number',
      conversation({ externalContactId: 'c1' }, { ani: ownNumber }),
      'subject',
    ],
    ['nothing of theirs', conversation({}, { ani: 'tel:+4930999' }), 'none'],
    [
      'the proven number and another contact',
      conversation({ externalContactId: 'other' }, { ani: ownNumber }),
      'otherContact',
    ],
  ])('with %s', (_, found, expected) => {
    expect(judgeConversation(found, { ...subject, proven })).toBe(expected);
  });
});

describe('the ties of a conversation', () => {
  it('are its addresses that are the person’s, each once, and the contacts that are not', () => {
    const found = {
      ...among(['c1', null], ['other', ownNumber], ['other', null], [null, 'tel:+4930999']),
    };
    found.participants.push({
      purpose: 'customer',
      sessions: [{ addressFrom: 'A@B.example', ani: ownNumber }],
    });
    expect(tiesOf(found, subject)).toEqual({
      conversationId: 'x',
      ownIds: ['c1'],
      otherContacts: ['other'],
      tiedBy: [
        identifierKey({ type: 'phone', value: '+491511234567' }),
        identifierKey({ type: 'email', value: 'a@b.example' }),
      ],
    });
    expect(tiesOf(among(), subject)).toEqual({
      conversationId: 'x',
      ownIds: [],
      otherContacts: [],
      tiedBy: [],
    });
  });
});

describe('a participant', () => {
  it.each<[string, SourceParticipant, boolean]>([
    ['with its contact id', { externalContactId: 'c0' }, true],
    ['with its number', { sessions: [{ dnis: 'tel:+4930999' }, { ani: ownNumber }] }, true],
    ['with its id at a network', { sessions: [{ messageType: 'facebook', remote: '777' }] }, true],
    [
      'with its number and its id',
      { externalContactId: 'c1', sessions: [{ ani: ownNumber }] },
      true,
    ],
    [
      "with its number and another contact's id",
      { externalContactId: 'other', sessions: [{ ani: ownNumber }] },
      false,
    ],
    ['with its id and the number of nobody', { externalContactId: 'c1', sessions: [] }, true],
    ['with the number of somebody else', { sessions: [{ ani: 'tel:+4930999' }] }, false],
    ['without anything', {}, false],
  ])('%s is the person or not', (_name, participant, expected) => {
    expect(isOwnParticipant(participant, subject)).toBe(expected);
  });
});
