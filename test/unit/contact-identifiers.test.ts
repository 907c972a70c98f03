import { contactOf, lookupTypeOf } from '../../src/adapters/genesys/contact';
import { InvalidBodyError, parseRequestBody } from '../../src/core/api/request-body';
import { isLoginOf } from '../../src/core/authentication/login';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { batchesOf, mostPredicates } from '../../src/core/genesys/filter-batches';
import { subjectFilter } from '../../src/core/genesys/subject-filter';
import {
  hasIdentifier,
  nearlyHasIdentifier,
  subjectIdentifiersOf,
  withMerged,
  withoutShared,
  type Contact,
} from '../../src/core/subject/contact';
import type { Identifier } from '../../src/core/subject/identifiers';
import { isOwnParticipant, judgeConversation } from '../../src/core/subject/matching';
import { smsNumberOf } from '../../src/core/subject/reachability';
import { mailboxOf } from '../../src/services/messaging';

const contact = (change: Partial<Contact> = {}): Contact => ({
  id: 'c1',
  firstName: 'Ana',
  lastName: 'B',
  mergeSet: ['c1'],
  phones: [],
  emails: [],
  handles: [],
  former: [],
  createdAt: null,
  ...change,
});
const phone = (value: string, extension?: string): Identifier => ({
  type: 'phone',
  value,
  ...(extension === undefined ? {} : { extension }),
});
const email = (value: string): Identifier => ({ type: 'email', value });
const held = (number: string, extension?: string) => ({
  number,
  receivesSms: true,
  ...(extension === undefined ? {} : { extension }),
});

describe('a contact', () => {
  const ana = contact({
    phones: [held('+5215512345678'), held('+49301234567', '99')],
    emails: ['first.last@gmail.com', 'ana+shop@mail.example'],
    handles: [{ type: 'whatsapp', value: '+551187654321' }],
  });

  it.each<[string, Identifier, boolean, boolean]>([
    ['its number as it is dialled today', phone('+525512345678'), true, true],
    ['its number as it is held', phone('+5215512345678'), true, true],
    ['another number', phone('+525512345679'), false, false],
    [
      'its WhatsApp id with the ninth digit',
      { type: 'whatsapp', value: '+5511987654321' },
      true,
      true,
    ],
    ['its mailbox without dots', email('firstlast@gmail.com'), true, true],
    ['its mailbox at googlemail.com', email('firstlast@googlemail.com'), true, true],
    ['its mailbox without the tag', email('ana@mail.example'), false, true],
    ['its mailbox with another tag', email('ana+post@mail.example'), false, true],
    ['a switchboard of which it has an extension', phone('+49301234567'), false, true],
    ['the same extension', phone('+49301234567', '99'), false, true],
    ['its own number with an extension', phone('+525512345678', '7'), false, true],
  ])('has %s, or nearly has it', (_name, identifier, isExact, isNear) => {
    expect(hasIdentifier(ana, identifier)).toBe(isExact);
    expect(nearlyHasIdentifier(ana, identifier)).toBe(isNear);
  });

  it('without its shared identifiers names each of them, with the reason', () => {
    const shared = ['+5215512345678', '+49301234567', 'ana+shop@mail.example', '+551187654321'];
    const reduced = withoutShared(
      { ...ana, notSearched: [{ type: 'Cookie', value: 'k', reason: 'notSearchable' }] },
      ({ value }) => (shared.includes(value) ? 'excluded' : 'own'),
    );
    expect(reduced).toMatchObject({ phones: [], handles: [], emails: ['first.last@gmail.com'] });
    expect(reduced.notSearched).toEqual([
      { type: 'Cookie', value: 'k', reason: 'notSearchable' },
      { type: 'phone', value: '+5215512345678', reason: 'shared' },
      { type: 'phone', value: '+49301234567', extension: '99', reason: 'extension' },
      { type: 'email', value: 'ana+shop@mail.example', reason: 'shared' },
      { type: 'whatsapp', value: '+551187654321', reason: 'shared' },
    ]);
    expect(withoutShared(ana, () => 'own')).toEqual(ana);
  });

  it('is sent codes to a mobile number as it is dialled today, never behind a switchboard', () => {
    expect(smsNumberOf(contact({ phones: [held('+22508091011')] }))).toBe('+2250708091011');
    expect(smsNumberOf(contact({ phones: [held('+49301234567', '9')] }))).toBeNull();
    const both = [held('+49301234567', '9'), held('+4915112345678')];
    expect(smsNumberOf(contact({ phones: both }))).toBe('+4915112345678');
  });

  it('is written to at the address on file, whatever spelling the request has', () => {
    const details = {
      contact: contact({ emails: ['other@mail.example', 'first.last@gmail.com'] }),
      identifiers: [email('firstlast@googlemail.com')],
    };
    expect(mailboxOf(details as unknown as Parameters<typeof mailboxOf>[0], undefined)).toBe(
      'first.last@gmail.com',
    );
  });

  it.each([
    ['email', 'firstlast@googlemail.com', true],
    ['email', 'other@gmail.com', false],
    ['phone_number', '+52 55 1234 5678', true],
    ['phone_number', '+49 30 1234567', false],
  ] as const)('signs in by the claim %s %s: %s', (claim, value, expected) => {
    const claims = { [claim]: value, [`${claim}_verified`]: true };
    expect(isLoginOf(ana, claims, claim)).toBe(expected);
  });
});

describe('the time since when a contact has an identifier', () => {
  const canonical = contact({
    createdAt: '2022-01-01T00:00:00Z',
    phones: [held('+4915111111111'), held('+4915122222222')],
    emails: ['ana@mail.example'],
    heldSince: [{ ...phone('+4915122222222'), at: '2024-01-01T00:00:00Z' }],
  });
  const merged = contact({
    id: 'c0',
    createdAt: '2020-01-01T00:00:00Z',
    phones: [held('+5215512345678'), held('+4915122222222')],
    heldSince: [{ ...phone('+4915122222222'), at: '2021-01-01T00:00:00Z' }],
  });
  const whole = withMerged(canonical, merged);
  const at = (start: string, session: object, contactId?: string): SourceConversation => ({
    conversationId: 'x',
    conversationStart: start,
    participants: [
      {
        purpose: 'customer',
        ...(contactId === undefined ? {} : { externalContactId: contactId }),
        sessions: [{ sessionId: 's', mediaType: 'voice', ...session }],
      },
    ],
  });

  it.each([
    [
      'the canonical record’s number, after the record began',
      '2022-01-02',
      '+4915111111111',
      'subject',
    ],
    ['the canonical record’s number, before', '2021-12-31', '+4915111111111', 'beforeContact'],
    [
      'a merged record’s number, before the canonical one',
      '2020-06-01',
      '+5215512345678',
      'subject',
    ],
    ['a merged record’s number as it is dialled today', '2020-06-01', '+525512345678', 'subject'],
    ['a merged record’s number, before that', '2019-12-31', '+5215512345678', 'beforeContact'],
    ['a number of both, since the earlier had it', '2021-06-01', '+4915122222222', 'subject'],
    [
      'a number of both, before the earlier had it',
      '2020-06-01',
      '+4915122222222',
      'beforeContact',
    ],
  ])('decides on %s', (_name, date, number, expected) => {
    const found = at(`${date}T12:00:00.000Z`, { ani: `tel:${number}` });
    expect(judgeConversation(found, subjectIdentifiersOf(whole))).toBe(expected);
    const linked = at(`${date}T12:00:00.000Z`, { ani: `tel:${number}` }, 'c1');
    expect(judgeConversation(linked, subjectIdentifiersOf(whole))).toBe('subject');
  });

  it('is no doubt for a mailbox, unless mailboxes are given to new owners', () => {
    const found = at('2012-01-01T00:00:00.000Z', { addressFrom: 'ana@mail.example' });
    expect(judgeConversation(found, subjectIdentifiersOf(whole))).toBe('subject');
    expect(judgeConversation(found, subjectIdentifiersOf(whole, 'changing'))).toBe('beforeContact');
  });

  it('is that of the earliest address of a conversation', () => {
    const found = at('2020-06-01T00:00:00.000Z', {
      ani: 'tel:+4915111111111',
      dnis: '+5215512345678',
    });
    expect(judgeConversation(found, subjectIdentifiersOf(whole))).toBe('subject');
  });

  it('of a merged contact without a date is that of the canonical record', () => {
    const { heldSince } = subjectIdentifiersOf(
      withMerged(canonical, contact({ createdAt: null, phones: [held('+4915133333333')] })),
    );
    expect(heldSince?.has('phone:+4915133333333')).toBe(false);
  });

  it('compares times, not texts', () => {
    const early = contact({
      createdAt: '2022-01-01T02:00:00+02:00',
      phones: [held('+4915111111111')],
    });
    const found = at('2022-01-01T00:00:00.001Z', { ani: '+4915111111111' });
    expect(judgeConversation(found, subjectIdentifiersOf(early))).toBe('subject');
  });
});

describe('an address in a conversation', () => {
  const subject = subjectIdentifiersOf(
    contact({
      phones: [held('+525512345678'), held('+9999999')],
      emails: ['ana@xn--mnchen-3ya.example', 'first.last@gmail.com'],
      handles: [{ type: 'whatsapp', value: '+5215512345678' }],
    }),
  );

  it.each([
    ['its number as it was dialled', { mediaType: 'voice', ani: 'tel:+5215512345678' }, true],
    ['a number that no plan knows', { mediaType: 'voice', dnis: 'tel:+9999999' }, true],
    ['an extension of the company', { mediaType: 'voice', dnis: '9999999' }, false],
    [
      'a number of a text message without +',
      { mediaType: 'message', addressFrom: '525512345678' },
      true,
    ],
    [
      'a mailbox with its domain in other letters',
      { mediaType: 'email', addressFrom: 'Ana@München.example' },
      true,
    ],
    ['a mailbox of Gmail', { mediaType: 'email', addressTo: 'firstlast@googlemail.com' }, true],
    ['another mailbox', { mediaType: 'email', addressFrom: 'ana@muenchen.example' }, false],
    [
      'WhatsApp with +',
      { mediaType: 'message', messageType: 'whatsapp', addressFrom: '+525512345678' },
      true,
    ],
    [
      'WhatsApp without +',
      { mediaType: 'message', messageType: 'whatsapp', addressFrom: '5215512345678' },
      true,
    ],
    ['a caller who hides the number', { mediaType: 'voice', ani: 'anonymous' }, false],
  ])('that is %s is the person’s: %j', (_name, session, expected) => {
    const participant = { participantId: 'p', purpose: 'customer', sessions: [session] };
    expect(isOwnParticipant(participant, subject)).toBe(expected);
  });
});

describe('the filter of a person', () => {
  const valuesOf = (change: Partial<Contact>, dimension: string): string[] =>
    subjectFilter(subjectIdentifiersOf(contact(change)))
      .predicates.filter((one) => one.dimension === dimension)
      .map(({ value }) => value);

  it('asks for every spelling of a number, with and without tel:', () => {
    expect(valuesOf({ phones: [held('+22508091011')] }, 'ani')).toEqual([
      'tel:+2250708091011',
      '+2250708091011',
      'tel:+22508091011',
      '+22508091011',
    ]);
  });

  it('asks for every spelling of a mailbox, and of a WhatsApp id with and without +', () => {
    expect(
      valuesOf(
        {
          emails: ['ana@xn--mnchen-3ya.example'],
          handles: [{ type: 'whatsapp', value: '+525512345678' }],
        },
        'addressFrom',
      ),
    ).toEqual([
      'ana@xn--mnchen-3ya.example',
      'ana@münchen.example',
      '+525512345678',
      '525512345678',
      '+5215512345678',
      '5215512345678',
    ]);
  });

  it('asks once for a number that is held in two spellings', () => {
    const values = valuesOf({ phones: [held('+525512345678'), held('+5215512345678')] }, 'ani');
    expect(values).toHaveLength(4);
  });

  it('is searched by in parts that are no longer than a query may be, and leaves nothing out', () => {
    const phones = Array.from({ length: 40 }, (_, i) => held(`+52551234${1000 + i}`));
    const identifiers = subjectIdentifiersOf(contact({ phones }));
    const parts = batchesOf(subjectFilter(identifiers));
    expect(parts.length).toBeGreaterThan(1);
    for (const { type, predicates } of parts) {
      expect(type).toBe('or');
      expect(predicates.length).toBeLessThanOrEqual(mostPredicates);
    }
    expect(parts.flatMap(({ predicates }) => predicates)).toEqual(
      subjectFilter(identifiers).predicates,
    );
    expect(batchesOf(subjectFilter(subjectIdentifiersOf(contact())))).toHaveLength(1);
  });
});

describe('a request', () => {
  const identifiersOf = (...identifiers: object[]): Identifier[] =>
    parseRequestBody(
      { ticketId: 'T', receivedAt: '2026-11-25T12:00:00Z', rights: ['access'], identifiers },
      'DE',
    ).identifiers;

  it.each([
    ['phone', '+52 1 55 1234 5678', { type: 'phone', value: '+5215512345678' }],
    ['phone', '+49 30 1234567 ext. 99', { type: 'phone', value: '+49301234567', extension: '99' }],
    ['whatsapp', '5215512345678', { type: 'whatsapp', value: '+5215512345678' }],
    ['email', 'ana@münchen.example', { type: 'email', value: 'ana@xn--mnchen-3ya.example' }],
  ])('by %s %s is accepted', (type, value, expected) => {
    expect(identifiersOf({ type, value })).toEqual([expected]);
  });

  it.each([
    ['phone', '+49151'],
    ['phone', 'call me'],
    ['email', 'nobody'],
    ['whatsapp', 'two words'],
  ])('by %s %s is refused', (type, value) => {
    expect(() => identifiersOf({ type, value })).toThrow(InvalidBodyError);
  });
});

describe('a contact of the source', () => {
  const created = '2020-01-01T00:00:00.000Z';

  it('keeps every identifier, in whatever form it is stored', () => {
    const read = contactOf({
      id: 'c1',
      cellPhone: { e164: '+5215512345678' },
      workPhone: { e164: '+49301234567', extension: 99 },
      homePhone: { display: '+22508091011' },
      otherPhone: { display: '0151 1234567', userInput: '0151 1234567' },
      personalEmail: 'Ana@München.example',
      workEmail: 'no mailbox',
      whatsAppId: { phoneNumber: { display: '5215512345678' } },
      identifiers: [
        { type: 'Phone', value: '+525512345678', dateCreated: created },
        { type: 'Phone', value: '+49301234567', dateCreated: created },
        { type: 'Phone', value: 'unknown' },
        { type: 'Email', value: 'second@mail.example', dateCreated: '2021-01-01T00:00:00.000Z' },
        { type: 'Email', value: 'second@mail.example', dateCreated: created },
        { type: 'SocialWhatsapp', value: '+5215512345678' },
        { type: 'SocialWhatsappBsuid', value: 'DE.1349' },
        { type: 'SocialLine', value: 'two words' },
        { type: 'Cookie', value: 'cookie-1' },
        { type: 'ExternalId', value: 'customer-1' },
      ],
    });
    expect(read.phones).toEqual([
      { number: '+5215512345678', receivesSms: true },
      { number: '+49301234567', receivesSms: false, extension: '99' },
      { number: '+22508091011', receivesSms: false },
    ]);
    expect(read.emails).toEqual(['ana@xn--mnchen-3ya.example', 'second@mail.example']);
    expect(read.handles).toEqual([
      { type: 'whatsapp', value: '+5215512345678' },
      { type: 'whatsapp', value: 'DE.1349' },
    ]);
    expect(read.notSearched).toEqual([
      { type: 'phone', value: '0151 1234567', reason: 'notReadable' },
      { type: 'phone', value: 'unknown', reason: 'notReadable' },
      { type: 'line', value: 'two words', reason: 'notReadable' },
      { type: 'email', value: 'no mailbox', reason: 'notReadable' },
      { type: 'Cookie', value: 'cookie-1', reason: 'notSearchable' },
      { type: 'ExternalId', value: 'customer-1', reason: 'notSearchable' },
    ]);
    expect(read.heldSince).toEqual([
      { type: 'phone', value: '+525512345678', at: created },
      { type: 'phone', value: '+49301234567', at: created },
      { type: 'email', value: 'second@mail.example', at: created },
    ]);
  });

  it.each<[Identifier, string]>([
    [{ type: 'email', value: 'a@b.example' }, 'Email'],
    [{ type: 'phone', value: '+491511234567' }, 'Phone'],
    [{ type: 'whatsapp', value: '+491511234567' }, 'SocialWhatsapp'],
    [{ type: 'whatsapp', value: '491511234567' }, 'SocialWhatsapp'],
    [{ type: 'whatsapp', value: 'DE.1349' }, 'SocialWhatsappBsuid'],
    [{ type: 'apple', value: 'urn:1' }, 'AppleOpaqueId'],
  ])('is looked up by %j as %s', (identifier, type) => {
    expect(lookupTypeOf(identifier)).toBe(type);
  });
});
