import type { Contact } from '../../src/core/subject/contact';
import type { Verdict } from '../../src/core/subject/verdicts';
import type { Identifier } from '../../src/core/subject/identifiers';
import { identifierKey } from '../../src/core/subject/spellings';
import { answerOf, decisionCalls } from '../helpers/decision-calls';
import { matchesOf, phone } from '../helpers/evidence-source';
import { HttpApp } from '../helpers/http-app';
import { TestRequest, type Arrangement } from '../helpers/http-requests';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const { get, decide } = decisionCalls(() => app);

describe('a person without a contact record', () => {
  const at = '2026-01-01T00:00:00.000Z';

  /** A request that gives a mailbox, a number that conversations carry, and one that none carries. */
  async function unknown() {
    const request = await TestRequest.in(app, 'needsDecision', {
      record: { reason: 'noContact' },
    });
    const given: Identifier[] = [
      { type: 'email', value: request.person.email },
      phone(request.person.phone),
      phone('+4930999888'),
      { ...phone('+4930777666'), extension: '5' },
    ];
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: {
        ...details,
        identifiers: given,
        contactMatches: matchesOf([]),
        noContact: {
          identifiers: given.map((one, i) => ({
            key: identifierKey(one),
            conversations: [0, 3, 0, 2][i] ?? 0,
            from: i === 1 ? at : null,
            to: i === 1 ? at : null,
          })),
          subjects: 0,
        },
      },
    }));
    return request;
  }

  it('is shown by counts and dates alone, and reached by what the officer names', async () => {
    const request = await unknown();
    const { body } = await get(`${request.path}/decision`);
    expect(body).toMatchObject({
      reasonCode: 'noContact',
      candidates: [],
      noContact: {
        identifiers: [
          { identifier: 1, conversations: 0, from: null, to: null },
          { identifier: 2, conversations: 3, from: at, to: at },
          { identifier: 3, conversations: 0 },
          { identifier: 4, conversations: 2 },
        ],
        subjects: 0,
      },
      methods: ['sms', 'oidc', 'officer'],
    });
    const answers = {
      ...include(1, 2),
      ...{ method: 'sms', codeTo: 2, inviteTo: 1 },
    };
    expect(answerOf(await decide(request, answers))).toBe('200');
    expect((await get(`${request.path}/decision`)).body['decision']).toMatchObject({
      method: 'sms',
      codeTo: 2,
      inviteTo: 1,
    });
    expect((await request.entries()).at(-1)?.detail).toEqual({
      ...{ identifiers: 2, identifiersIncluded: 2 },
      ...{ method: 'sms', codeTo: 2, inviteTo: 1 },
    });
    await decide(request, { codeTo: null, inviteTo: null });
    expect((await request.details()).decision).toMatchObject({ codeTo: null, inviteTo: null });
  });

  const include = (...numbers: number[]) => ({
    identifiers: numbers.map((identifier) => ({ identifier, verdict: 'include' })),
  });

  it.each([
    ['a code to a mailbox', { ...include(1), codeTo: 1 }, '409 codeToNotPossible'],
    [
      'a code to a number that no conversation carries',
      { ...include(3), codeTo: 3 },
      '409 codeToNotPossible',
    ],
    ['a code to a switchboard', { ...include(4), codeTo: 4 }, '409 codeToNotPossible'],
    [
      'a code to a number that is not named as theirs',
      { ...include(1), codeTo: 2 },
      '409 codeToNotPossible',
    ],
    ['an invitation to a number', { ...include(2), inviteTo: 2 }, '409 inviteToNotPossible'],
    [
      'an invitation to a mailbox that is not named as theirs',
      { ...include(2), inviteTo: 1 },
      '409 inviteToNotPossible',
    ],
    ['a code to nothing in question', { codeTo: 9 }, '400 identifierNotInQuestion'],
  ])('does not get %s', async (_, answers, expected) => {
    expect(answerOf(await decide(await unknown(), answers))).toBe(expected);
  });

  it('is not one of whom a contact was found: codes go to what is on file', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    for (const [answers, expected] of [
      [{ ...include(2), codeTo: 2 }, '409 codeToNotPossible'],
      [{ ...include(1), inviteTo: 1 }, '409 inviteToNotPossible'],
    ] as const)
      expect(answerOf(await decide(request, answers))).toBe(expected);
  });

  it('cannot be reached otherwise once they are invited', async () => {
    const request = await unknown();
    await decide(request, { ...include(1, 2), method: 'sms', codeTo: 2, inviteTo: 1 });
    const invited = { ...request.person.contact, id: '' };
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: { ...details, contact: invited },
      change: { verificationRequestedAt: at },
    }));
    expect(answerOf(await decide(request, { codeTo: null }))).toBe('409 subjectAlreadyInvited');
    expect(answerOf(await decide(request, { undecided: 'withhold' }))).toBe('200');
    for (const identifier of [1, 2])
      expect(
        answerOf(await decide(request, { identifiers: [{ identifier, verdict: 'withhold' }] })),
      ).toBe('409 subjectAlreadyInvited');
    expect(answerOf(await decide(request, include(3)))).toBe('200');
  });
});

describe('where the invitation and codes have gone', () => {
  /** Somebody with a mailbox and a number of their own, and a mailbox and a number that others have. */
  async function invited(arrangement: Arrangement = {}) {
    const request = await TestRequest.in(app, 'awaitingVerification', arrangement);
    const contact = { ...request.person.contact, ...arrangement.contact };
    const [mailbox, number] = [`shared.${request.person.email}`, '+4930111222'];
    const candidate: Contact = {
      ...contact,
      phones: [...contact.phones, { number, receivesSms: true }],
      emails: [...contact.emails, mailbox],
    };
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: { ...details, contactMatches: matchesOf([candidate], [mailbox, number]) },
    }));
    const { identifiers } = (await get(`${request.path}/decision`)).body as {
      identifiers: { number: number; type: string; isShared: boolean }[];
    };
    const answer = (type: string, isShared: boolean, verdict: Verdict) => ({
      contactIds: [contact.id],
      identifiers: identifiers
        .filter((one) => one.type === type && one.isShared === isShared)
        .map((one) => ({ identifier: one.number, verdict })),
    });
    return { request, answer };
  }

  it.each(['phone', 'email'])('stays the person’s: a %s', async (type) => {
    const { request, answer } = await invited();
    const count = (await request.entries()).length;
    expect(answerOf(await decide(request, answer(type, false, 'withhold')))).toBe(
      '409 subjectAlreadyInvited',
    );
    expect((await request.details()).decision).toBeNull();
    expect((await request.entries()).length).toBe(count);
    // What others have too was not written to: an officer may still say whose it is.
    for (const verdict of ['include', 'withhold'] as const)
      expect(answerOf(await decide(request, answer(type, true, verdict)))).toBe('200');
    expect(answerOf(await decide(request, answer(type, false, 'include')))).toBe('200');
  });

  it('stays the person’s in an earlier spelling of the number, too', async () => {
    const { request, answer } = await invited({
      contact: { phones: [{ number: '+5215512345678', receivesSms: true }] },
    });
    expect(answerOf(await decide(request, answer('phone', true, 'include')))).toBe('200');
  });

  it.each(['phone', 'email'])('is open before the person is invited: a %s', async (type) => {
    const { request, answer } = await invited({ record: { verificationRequestedAt: null } });
    expect(answerOf(await decide(request, answer(type, false, 'withhold')))).toBe('200');
  });
});
