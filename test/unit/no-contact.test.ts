import fc from 'fast-check';
import { isLoginOf } from '../../src/core/authentication/login';
import { stepUpMethods, type StepUpMethod } from '../../src/core/authentication/step-up';
import { batchesByIdentifier, mostPredicates } from '../../src/core/genesys/filter-batches';
import { subjectFilter } from '../../src/core/genesys/subject-filter';
import { identifiersOf, subjectIdentifiersOf, type Contact } from '../../src/core/subject/contact';
import { withAnswers, type DecisionChange } from '../../src/core/subject/decision';
import type { Identifier } from '../../src/core/subject/identifiers';
import { judgeConversation } from '../../src/core/subject/matching';
import {
  contactPointProblem,
  noEvidence,
  personWithoutRecord,
  provenBy,
  resolveRequest,
  sumOf,
  withConversation,
  type NoContactEvidence,
} from '../../src/core/subject/no-contact';
import type { ContactMatches } from '../../src/core/subject/resolve-contact';
import { identifierKey } from '../../src/core/subject/spellings';
import { methodsOf } from '../../src/services/step-up';

const number: Identifier = { type: 'phone', value: '+4915112345678' };
const switchboard: Identifier = { type: 'phone', value: '+4930222', extension: '7' };
const unused: Identifier = { type: 'phone', value: '+4930999' };
const mailbox: Identifier = { type: 'email', value: 'zoe@mail.example' };
const chat: Identifier = { type: 'whatsapp', value: '+4915112345678' };
const given = [number, switchboard, unused, mailbox, chat];
const keys = {
  number: 'phone:+4915112345678',
  switchboard: 'phone:+4930222',
  unused: 'phone:+4930999',
  mailbox: 'email:zoe@mail.example',
  chat: 'whatsapp:+4915112345678',
};
const at = '2026-11-25T12:00:00.000Z';
const nobody: ContactMatches = { candidates: [], shared: [], isPartial: false, isNearMatch: false };

const held = (conversations: number, key: string) => ({ ...noEvidence(key), conversations });
const evidence: NoContactEvidence = {
  identifiers: [
    held(3, keys.number),
    held(9, keys.switchboard),
    held(0, keys.unused),
    held(2, keys.mailbox),
    held(1, keys.chat),
  ],
  subjects: 0,
};

const requestWith = (change: DecisionChange) => ({
  identifiers: given,
  name: null,
  noContact: evidence,
  decision: withAnswers(null, change, 1, at),
});
const including = (...included: (keyof typeof keys)[]): DecisionChange => ({
  identifiers: included.map((one) => ({ key: keys[one], verdict: 'include' })),
});
const resolved = (change: DecisionChange, invited: Contact | null = null) =>
  resolveRequest(nobody, requestWith(change), invited);

describe('a contact that was invited', () => {
  const sms = (value: string) => ({ number: value, receivesSms: true });
  const onFile: Contact = {
    ...personWithoutRecord([]),
    id: 'c1',
    phones: [sms('+4930222'), sms('+4915112345678')],
    emails: ['family@mail.example', 'zoe@mail.example'],
  };
  const shared = ['+4930222', 'family@mail.example'];
  const matches: ContactMatches = { ...nobody, candidates: [onFile], shared };
  const decide = (change: DecisionChange, invited: Contact | null) =>
    resolveRequest(
      matches,
      { ...requestWith({ contactIds: ['c1'], ...change }), noContact: null },
      invited,
    ).contact;
  const all: DecisionChange = {
    identifiers: ['phone:+4930222', 'email:family@mail.example'].map((key) => ({
      key,
      verdict: 'include',
    })),
  };

  it('is written to, and gets codes, where they were invited, whatever is named as theirs later', () => {
    const before = decide({}, null);
    expect(before).toMatchObject({
      phones: [sms('+4915112345678')],
      emails: ['zoe@mail.example'],
    });
    expect(decide(all, before)).toMatchObject({
      phones: [sms('+4915112345678'), sms('+4930222')],
      emails: ['zoe@mail.example', 'family@mail.example'],
    });
    expect(decide(all, null)).toMatchObject({ phones: onFile.phones, emails: onFile.emails });
  });
});

describe('a request of which no contact is found', () => {
  const request = { identifiers: given, name: null, decision: null };

  it.each<[string, NoContactEvidence | null | undefined, string]>([
    ['before anything is counted', undefined, 'nobodyFound'],
    ['before anything is counted, by a stored null', null, 'nobodyFound'],
    [
      'with nothing under any identifier',
      { identifiers: [held(0, 'a')], subjects: 0 },
      'noDataFound',
    ],
    [
      'where no data subject can be asked for',
      { identifiers: [held(0, 'a')], subjects: null },
      'noDataFound',
    ],
    [
      'with one conversation',
      { identifiers: [held(0, 'a'), held(1, 'b')], subjects: null },
      'noContact',
    ],
    ['with a data subject alone', { identifiers: [held(0, 'a')], subjects: 1 }, 'noContact'],
  ])('%s comes to its outcome', (_name, noContact, outcome) => {
    const whole = noContact === undefined ? request : { ...request, noContact };
    expect(resolveRequest(nobody, whole, null)).toEqual({ outcome, contact: null });
  });

  it('is about whom an officer names, and never about a contact with an empty id', () => {
    const { outcome, contact } = resolved({
      ...including('number', 'mailbox', 'chat'),
      codeTo: keys.number,
      inviteTo: keys.mailbox,
    });
    expect(outcome).toBe('found');
    expect(contact).toMatchObject({
      phones: [{ number: number.value, receivesSms: true }],
      emails: [mailbox.value],
      former: [chat],
      notSearched: [
        { ...switchboard, reason: 'notConfirmed' },
        { ...unused, reason: 'notConfirmed' },
      ],
    });
    if (contact === null) throw new Error('nobody');
    const identifiers = subjectIdentifiersOf(contact);
    expect(identifiers.contactIds).toEqual([]);
    expect(JSON.stringify(subjectFilter(identifiers))).not.toMatch(/""|ontactId/);
  });

  it('is about all that the request gives, with nothing left over, where an officer names all', () => {
    const { contact } = resolved(including('number', 'switchboard', 'unused', 'mailbox', 'chat'));
    expect(contact).toStrictEqual({ ...personWithoutRecord(given) });
    expect(contact).toMatchObject({ id: '', mergeSet: [], phones: [], emails: [], handles: [] });
  });

  it('is not sent codes or an invitation before it is counted what is held', () => {
    const request = { ...requestWith(including('number', 'mailbox')), noContact: null };
    const problemOf = (change: DecisionChange) =>
      contactPointProblem({ ...request, decision: withAnswers(request.decision, change, 2, at) });
    expect(problemOf({ codeTo: keys.number })).toBe('codeToNotPossible');
    expect(problemOf({ inviteTo: keys.mailbox })).toBe('inviteToNotPossible');
    expect(problemOf({})).toBeNull();
  });

  it('is not sent codes to a number that was not counted', () => {
    const noContact = { ...evidence, identifiers: [held(2, keys.mailbox)] };
    const change = { ...including('number', 'mailbox'), codeTo: keys.number };
    expect(contactPointProblem({ ...requestWith(change), noContact })).toBe('codeToNotPossible');
  });

  it.each<[string, DecisionChange, string | null]>([
    ['nowhere', including('number'), null],
    [
      'to what conversations carry and to a mailbox',
      { ...including('number', 'mailbox'), codeTo: keys.number, inviteTo: keys.mailbox },
      null,
    ],
    [
      'to a number that nobody has used',
      { ...including('unused'), codeTo: keys.unused },
      'codeToNotPossible',
    ],
    [
      'to a switchboard',
      { ...including('switchboard'), codeTo: keys.switchboard },
      'codeToNotPossible',
    ],
    ['to an account of WhatsApp', { ...including('chat'), codeTo: keys.chat }, 'codeToNotPossible'],
    [
      'to a mailbox as codes',
      { ...including('mailbox'), codeTo: keys.mailbox },
      'codeToNotPossible',
    ],
    [
      'to a number that is not named',
      { ...including('mailbox'), codeTo: keys.number },
      'codeToNotPossible',
    ],
    [
      'to a number as an invitation',
      { ...including('number'), inviteTo: keys.number },
      'inviteToNotPossible',
    ],
    [
      'to a mailbox that is not named',
      { ...including('number'), inviteTo: keys.mailbox },
      'inviteToNotPossible',
    ],
  ])('can send what it has %s: as it may', (_name, change, problem) => {
    expect(contactPointProblem(requestWith(change))).toBe(problem);
  });

  it('writes nowhere and sends codes nowhere but where an officer allowed it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.values(keys)),
          fc.constantFrom('include', 'withhold'),
        ),
        fc.option(fc.constantFrom(...Object.values(keys))),
        fc.option(fc.constantFrom(...Object.values(keys))),
        (answers, codeTo, inviteTo) => {
          const identifiers = Object.entries(answers).map(([key, verdict]) => ({
            key,
            verdict: verdict,
          }));
          const { contact } = resolved({ identifiers, codeTo, inviteTo });
          const isNamed = (key: string): boolean => answers[key] === 'include';
          const numbers = isNamed(keys.number) && codeTo === keys.number ? [number.value] : [];
          const mailboxes =
            isNamed(keys.mailbox) && inviteTo === keys.mailbox ? [mailbox.value] : [];
          expect(contact?.phones.map((phone) => phone.number) ?? []).toEqual(numbers);
          expect(contact?.emails ?? []).toEqual(mailboxes);
          // Each identifier is either searched by or listed as not searched.
          const searched = contact === null ? [] : identifiersOf(contact).map(({ value }) => value);
          expect(searched.sort()).toEqual(
            given
              .filter((_one, i) => isNamed(Object.values(keys)[i] ?? ''))
              .map(({ value }) => value)
              .sort(),
          );
        },
      ),
    );
  });

  it('keeps where invitation and codes went, once they went there', () => {
    const first = resolved({
      ...including('number', 'mailbox'),
      codeTo: keys.number,
      inviteTo: keys.mailbox,
    }).contact;
    const second = resolved({ ...including('number', 'mailbox', 'chat') }, first).contact;
    expect(second).toMatchObject({ phones: first?.phones, emails: first?.emails, former: [chat] });
    const third = resolved(including('mailbox'), first).contact;
    expect(third).toMatchObject({ phones: [], emails: [mailbox.value], former: [] });
  });

  it('keeps the number and the mailbox apart from what is written alike, and from others', () => {
    const alike: Identifier = { type: 'twitter', value: mailbox.value };
    const other: Identifier = { type: 'email', value: 'other@mail.example' };
    const identifiers = [alike, chat, other, unused, number, mailbox];
    const include = (some: readonly Identifier[]): DecisionChange => ({
      identifiers: some.map((one) => ({ key: identifierKey(one), verdict: 'include' })),
    });
    const resolvedBy = (change: DecisionChange, invited: Contact | null) =>
      resolveRequest(nobody, { ...requestWith(change), identifiers }, invited).contact;
    const places = { codeTo: keys.number, inviteTo: keys.mailbox };
    const first = resolvedBy({ ...include([number, mailbox]), ...places }, null);
    const everything = resolvedBy(include(identifiers), first);
    expect(everything).toMatchObject({
      phones: [{ number: number.value }],
      emails: [mailbox.value],
      former: [alike, chat, other, unused],
    });
    const invitedOnly = resolvedBy({ ...include([mailbox]), inviteTo: keys.mailbox }, null);
    expect(resolvedBy(include(identifiers), invitedOnly)).toMatchObject({
      phones: [],
      emails: [mailbox.value],
    });
  });
});

describe('what a verification has proven of a person without a contact record', () => {
  const { contact } = resolved({
    ...including('number', 'mailbox'),
    codeTo: keys.number,
    inviteTo: keys.mailbox,
  });
  if (contact === null) throw new Error('nobody');

  it.each<[StepUpMethod | null, string[] | null]>([
    ['sms', [keys.number]],
    [null, []],
    ['oidc', null],
    ['officer', null],
    ['totp', null],
  ])('by %s', (method, proven) => {
    const keysProven = provenBy(contact, method);
    expect(keysProven && [...keysProven]).toEqual(proven);
  });

  it('by a login that names one of them is that one, and all where there is one', () => {
    expect(provenBy(contact, 'oidc', keys.mailbox)).toEqual(new Set([keys.mailbox]));
    const single = { ...contact, phones: [], former: [] };
    expect(provenBy(single, 'oidc', keys.mailbox)).toBeNull();
    expect(provenBy({ ...contact, id: 'c1' }, 'oidc', keys.mailbox)).toBeNull();
  });

  it('by a code is the number, whatever an earlier login has named', () => {
    expect(provenBy(contact, 'sms', keys.mailbox)).toEqual(new Set([keys.number]));
  });

  it.each(stepUpMethods)('is all that is known of a contact on file, by %s', (method) => {
    expect(provenBy({ ...contact, id: 'c1' }, method)).toBeNull();
  });

  const conversation = (addresses: string[], externalContactId?: string) => ({
    conversationId: 'v1',
    conversationStart: '2024-01-01T00:00:00.000Z',
    participants: addresses.map((address, i) => ({
      participantId: `p${i}`,
      purpose: 'customer',
      ...(externalContactId === undefined ? {} : { externalContactId }),
      sessions: [{ sessionId: `s${i}`, mediaType: 'voice', ani: address }],
    })),
  });
  const proven = { ...subjectIdentifiersOf(contact), proven: new Set([keys.number]) };

  it.each<[string, ReturnType<typeof conversation>, string]>([
    ['the number', conversation([`tel:${number.value}`]), 'subject'],
    ['the mailbox alone', conversation([mailbox.value]), 'notVerified'],
    ['both', conversation([mailbox.value, number.value]), 'subject'],
    ['the number and a contact', conversation([number.value], 'c9'), 'otherContact'],
    ['the mailbox and a contact', conversation([mailbox.value], 'c9'), 'notVerified'],
    ['a contact alone', conversation(['+4930777'], 'c9'), 'none'],
    ['a contact of an empty id', conversation([number.value], ''), 'otherContact'],
    ['nothing of theirs', conversation(['+4930777']), 'none'],
  ])('decides on a conversation that carries %s', (_name, found, judgement) => {
    expect(judgeConversation(found, proven)).toBe(judgement);
  });

  it('is by login what the login itself verifies, of all that is named', () => {
    const named = resolved(including('number', 'mailbox')).contact;
    if (named === null) throw new Error('nobody');
    const claims = { email: mailbox.value, email_verified: true };
    expect(isLoginOf(named, claims, 'email')).toBe(true);
    expect(isLoginOf(named, { ...claims, email: 'else@mail.example' }, 'email')).toBe(false);
    // Of a contact on file, what is not its own today counts for nothing.
    expect(isLoginOf({ ...named, id: 'c1' }, claims, 'email')).toBe(false);
    const shared = { ...personWithoutRecord([]), id: 'c1', undecided: [mailbox] };
    expect(isLoginOf(shared, claims, 'email')).toBe(false);
  });
});

describe('the methods of a person without a contact record', () => {
  const services = (
    offered: StepUpMethod[],
    loginClaim: 'email' | 'phone_number',
    login: object | null,
  ) =>
    ({
      authenticators: {
        authenticatorIdOf: () => {
          throw new Error('An authenticator app was looked for.');
        },
        isEnrolled: () => Promise.resolve(true),
      },
      login,
      settings: { authentication: { stepUp: { offered, isSmsSufficient: true }, loginClaim } },
    }) as unknown as Parameters<typeof methodsOf>[0];
  const login = {};

  it.each<[string, DecisionChange, Parameters<typeof services>, StepUpMethod[]]>([
    ['no choice', including('number'), [['sms', 'totp', 'oidc'], 'email', login], []],
    [
      'a code',
      { ...including('number'), codeTo: keys.number, method: 'sms' },
      [['sms', 'totp'], 'email', login],
      ['sms'],
    ],
    [
      'a code to no number',
      { ...including('number'), method: 'sms' },
      [['sms'], 'email', login],
      [],
    ],
    [
      'a code that policy does not offer',
      { ...including('number'), codeTo: keys.number, method: 'sms' },
      [['totp'], 'email', login],
      [],
    ],
    ['the login', { ...including('mailbox'), method: 'oidc' }, [['sms'], 'email', login], ['oidc']],
    [
      'the login by a claim that nobody has named',
      { ...including('mailbox'), method: 'oidc' },
      [['oidc'], 'phone_number', login],
      [],
    ],
    [
      'the login where there is none',
      { ...including('mailbox'), method: 'oidc' },
      [['oidc'], 'email', null],
      [],
    ],
    [
      'a check in person',
      { ...including('number'), codeTo: keys.number, method: 'officer' },
      [['sms'], 'email', login],
      [],
    ],
  ])('with %s', async (_name, change, given, expected) => {
    const { decision } = requestWith(change);
    const { contact } = resolved(change);
    const found = await methodsOf(
      services(...given),
      { organisation: 'main' },
      { contact, decision },
    );
    expect(found).toEqual(expected);
  });
});

describe('the evidence under an identifier', () => {
  const times = fc.date({
    min: new Date('2015-01-01'),
    max: new Date('2030-01-01'),
    noInvalidDate: true,
  });

  it('is the same in whatever searches and order conversations are counted', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.option(times))), (searches) => {
        const counted = searches
          .map((found) =>
            found
              .map((time) => time?.toISOString() ?? null)
              .reduce(withConversation, noEvidence('k')),
          )
          .reduce(sumOf, noEvidence('k'));
        const all = searches.flat();
        const known = all.flatMap((time) => time?.toISOString() ?? []).sort();
        expect(counted).toEqual({
          key: 'k',
          conversations: all.length,
          from: known[0] ?? null,
          to: known.at(-1) ?? null,
        });
      }),
    );
  });

  it('leaves out a time that is none', () => {
    const once = withConversation(noEvidence('k'), 'yesterday');
    expect(once).toEqual({ key: 'k', conversations: 1, from: null, to: null });
  });

  it('is searched for by all spellings, those of one identifier in one filter', () => {
    const many = Array.from({ length: 20 }, (_, i): Identifier => ({
      type: 'phone',
      value: `+52155123456${String(i).padStart(2, '0')}`,
    }));
    const batches = batchesByIdentifier(many);
    expect(batches.flatMap(({ identifiers }) => identifiers)).toEqual(many);
    expect(batches.length).toBeGreaterThan(1);
    for (const { identifiers, filter } of batches) {
      expect(filter.predicates.length).toBeLessThanOrEqual(mostPredicates);
      const whole = subjectFilter(subjectIdentifiersOf(personWithoutRecord(identifiers)));
      const values = (one: typeof whole) =>
        one.predicates.map((predicate) => JSON.stringify(predicate)).sort();
      expect(values(filter)).toEqual(values(whole));
    }
  });
});
