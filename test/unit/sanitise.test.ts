import fc from 'fast-check';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { isOwnParticipant } from '../../src/core/subject/matching';
import { roleOf } from '../../src/core/redaction/people/fields';
import { defaultPolicy, policySchema, type Policy } from '../../src/core/redaction/policy';
import { isCheckDigitRight } from '../../src/core/redaction/cards';
import { countRedactions } from '../../src/core/redaction/redactions';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const sanitiser = (change: Partial<Policy> = {}): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, ...change }, (id) => `agent-${id.length}`);

/** A number as issuers have it, with a check digit that fits (ISO/IEC 7812-1 annex B). */
const card = fc
  .tuple(
    fc.oneof(
      fc.stringMatching(/^(?:4[0-9]|5[1-5]|6[0-9])[0-9]{13}$/),
      fc.stringMatching(/^3[47][0-9]{12}$/),
      fc.stringMatching(/^62[0-9]{16}$/),
    ),
    fc.constantFrom('', ' ', '-'),
  )
  .map(([digits, separator]) => {
    const last = [...'0123456789'].find((digit) => isCheckDigitRight(digits + digit)) ?? '';
    const groups = (digits + last).match(/.{1,4}/g) ?? [];
    return { digits: digits + last, written: groups.join(separator) };
  });

describe('card numbers', () => {
  it.each([
    ['4111 1111 1111 1111', '[card number removed]'],
    ['4111-1111-1111-1111.', '[card number removed].'],
    ['my card is 378282246310005, ok?', 'my card is [card number removed], ok?'],
    // The check digit does not fit, or it is something else.
    ['4111 1111 1111 1112', '4111 1111 1111 1112'],
    ['+4915111123456', '+4915111123456'],
    ['0000 0000 0000 0000', '0000 0000 0000 0000'],
    ['order 12345', 'order 12345'],
    // An id (UUID), alone and in an address.
    ['bdf82cee-e6f7-48b2-ac38-302160455453', 'bdf82cee-e6f7-48b2-ac38-302160455453'],
    [
      'https://shop.example/bdf82cee-e6f7-48b2-ac38-302160455453/4111111111111111',
      'https://shop.example/bdf82cee-e6f7-48b2-ac38-302160455453/[card number removed]',
    ],
  ])('%s becomes %s', (text, expected) => {
    expect(sanitiser().text(text)).toBe(expected);
  });

  it('are masked anywhere in a text, and kept where the policy keeps them', () => {
    fc.assert(
      fc.property(card, fc.constantFrom('', 'card: ', '('), ({ digits, written }, before) => {
        const text = `${before}${written} thanks`;
        expect(sanitiser().text(text).replaceAll(/\D/g, '')).not.toContain(digits);
        expect(sanitiser({ cardNumbers: 'keep' }).text(text)).toBe(text);
      }),
    );
  });

  it('are removed from all fields of a transcript, its single words included, and counted', () => {
    const one = sanitiser();
    const phrase = one.document({
      text: 'it is 4111 1111 1111 1111',
      decoratedText: 'It is 4111 1111 1111 1111.',
      words: [{ word: '4111' }, { word: '1111' }],
      alternatives: [{ text: '4111 1111' }],
    });
    expect(JSON.stringify(phrase)).not.toContain('1111');
    expect(countRedactions(one.redactions)).toEqual({ cardNumber: 2 });
  });
});

describe('patterns of the policy', () => {
  it('are replaced by their name', () => {
    const policy = policySchema.parse({
      version: 1,
      patterns: [{ name: 'iban', pattern: '\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}\\b' }],
    });
    const one = sanitiser(policy);
    expect(one.text('to DE89 3704 0044 0532 0130 00')).toContain('[iban removed]');
    expect(countRedactions(one.redactions)).toEqual({ 'pattern:iban': 1 });
  });

  it.each([
    { version: 2 },
    { version: 1, patterns: [{ name: 'x', pattern: '(' }] },
    { version: 1, agent: 'x' },
  ])('are refused in an invalid policy: %j', (value) => {
    expect(policySchema.safeParse(value).success).toBe(false);
  });
});

describe('agents', () => {
  const document = {
    participants: [
      { purpose: 'agent', userId: 'u1', name: 'Ada Brandt', queueName: 'Orders' },
      { purpose: 'customer', name: 'Maria' },
    ],
    createdBy: { id: 'u1', name: 'Ada Brandt', email: 'ada@shop.example' },
  };
  it.each([
    ['pseudonym', 'agent-2'],
    ['role', 'Agent'],
    ['firstName', 'Ada'],
  ] as const)('in the form %s are named %s in every place', (agents, name) => {
    const clean = sanitiser({ agents }).document(document);
    expect(clean.participants[0]).toMatchObject({ userId: 'agent-2', name, queueName: 'Orders' });
    expect(clean.participants[1]).toEqual(document.participants[1]);
    expect(clean.createdBy).toEqual({ id: 'agent-2', name });
    expect(JSON.stringify(clean)).not.toMatch(/Brandt|u1/);
  });

  it('keep their names where the policy says so', () => {
    expect(sanitiser({ agents: 'name' }).document(document)).toEqual(document);
  });
});

describe('other people outside the company', () => {
  const identity = {
    contactIds: ['c1'],
    phones: ['+491511234567'],
    emails: [],
    handles: [],
    since: null,
  };
  const conversation: SourceConversation = {
    conversationId: 'x',
    conversationStart: '2024-01-01T00:00:00.000Z',
    participants: [
      { purpose: 'customer', sessions: [{ ani: 'tel:+491511234567' }] },
      {
        purpose: 'external',
        participantName: 'Somebody Else',
        sessions: [{ ani: 'tel:+4930555', remote: 'Else', callbackNumbers: ['+4930555'] }],
      },
      { purpose: 'external', externalContactId: 'c2', sessions: [{ ani: 'tel:+491511234567' }] },
    ],
  };
  const role = (participant: SourceConversation['participants'][number]) =>
    roleOf(participant, () => isOwnParticipant(participant, identity));

  it('are masked, and the person is not', () => {
    const one = sanitiser();
    const clean = one.participants(conversation, role);
    expect(clean.participants[0]).toEqual(conversation.participants[0]);
    expect(JSON.stringify(clean.participants.slice(1))).not.toMatch(/Else|4930|49151/);
    expect(countRedactions(one.redactions)).toEqual({ otherPerson: 2 });
  });

  it('are kept where the policy keeps them', () => {
    const kept = sanitiser({ otherPeople: 'keep' }).participants(conversation, role);
    expect(kept).toEqual(conversation);
  });
});

describe('a document', () => {
  it('is processed, whatever its fields contain', () => {
    const names = [
      'purpose',
      'participantPurpose',
      'userId',
      'name',
      'user',
      'id',
      'text',
      'words',
    ];
    const odd = fc.dictionary(
      fc.constantFrom(...names, 'toString', 'valueOf', '__proto__'),
      fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('toString', 'id'), fc.jsonValue())),
    );
    fc.assert(
      fc.property(odd, (value) => {
        sanitiser().document(JSON.parse(JSON.stringify({ participants: [value], user: value })));
      }),
    );
  });

  it('keeps fields of any name', () => {
    const written = '{"__proto__":{"a":"4111 1111 1111 1111"},"constructor":1,"toString":null}';
    const masked = sanitiser().document<unknown>(JSON.parse(written));
    expect(JSON.stringify(masked)).toBe(
      written.replace('4111 1111 1111 1111', '[card number removed]'),
    );
  });

  it('keeps its shape, and changes only texts with something to mask', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d(?:[ -]?\d){12}|user|createdBy|agent|modifiedBy|fromUser|words/.test(text));
        expect(JSON.stringify(sanitiser().document(value))).toBe(text);
      }),
    );
  });
});
