import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { linesOf } from '../../src/core/custody/chain';
import type { Contact } from '../../src/core/subject/contact';
import type { Identifier } from '../../src/core/subject/identifiers';
import { identifierKey } from '../../src/core/subject/spellings';
import { answerOf, decisionCalls, unknownId } from '../helpers/decision-calls';
import { matchesOf, phone } from '../helpers/evidence-source';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { doubtfulConversation, TestRequest, type Arrangement } from '../helpers/http-requests';
import { justification } from '../helpers/officer-actions';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const { get, post, decide } = decisionCalls(() => app);

/** A request with two candidates that both have the mailbox that it gives. */
async function ambiguous(arrangement: Arrangement = {}) {
  const request = await TestRequest.in(app, 'needsDecision', arrangement);
  const { contact, email } = request.person;
  const number = `+49301${String(Date.now() % 1_000_000).padStart(6, '0')}`;
  const other: Contact = {
    ...contact,
    id: randomUUID(),
    firstName: 'Anna',
    lastName: `Andersen-${number}`,
    mergeSet: ['a', 'b', 'c'],
    phones: [{ number, receivesSms: false }],
    createdAt: '2021-01-01T00:00:00.000Z',
  };
  await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
    details: {
      ...details,
      name: 'Zoe Other',
      contactMatches: matchesOf([contact, other], [email]),
    },
  }));
  return { request, contact, other, email };
}

describe('the evidence for a decision', () => {
  it('compares the candidates with the request, and masks every value', async () => {
    const { request, contact, other, email } = await ambiguous();
    const { body } = await get(`${request.path}/decision`);
    const masked = (text: string): string => `•••• ${text.slice(-2)}`;
    const [mine, theirs] = [request.person.phone, other.phones[0]?.number ?? ''];
    expect(body).toEqual({
      requestId: request.id,
      isNeeded: true,
      reasonCode: 'ambiguousContact',
      maskedName: 'Z••• O•••',
      candidates: [
        {
          number: 1,
          contactId: contact.id,
          createdAt: '2020-01-01T00:00:00.000Z',
          mergedContacts: 0,
          name: 'similar',
          maskedName: `Z••• S••• ${/\d/.exec(contact.lastName ?? '')?.[0] ?? ''}•••`,
          matches: [{ identifier: 1, verdict: 'same', since: '2020-01-01T00:00:00.000Z' }],
          phones: 1,
          ...{ mailboxes: 1, mailboxNumbers: [1] },
          codeGoesTo: masked(mine),
          isChosen: false,
        },
        {
          number: 2,
          contactId: other.id,
          createdAt: '2021-01-01T00:00:00.000Z',
          mergedContacts: 3,
          name: 'differs',
          maskedName: 'A••• A••• 4•••',
          matches: [{ identifier: 1, verdict: 'same', since: '2021-01-01T00:00:00.000Z' }],
          phones: 1,
          ...{ mailboxes: 1, mailboxNumbers: [1] },
          codeGoesTo: null,
          isChosen: false,
        },
      ],
      identifiers: [
        {
          ...{ number: 1, type: 'email', masked: 'z•••@m•••.example', isGiven: true },
          ...{ isShared: true, hasExtension: false, candidates: [1, 2], nearly: [], answer: null },
        },
        {
          ...{ number: 2, type: 'phone', masked: masked(mine), isGiven: false },
          ...{ isShared: false, hasExtension: false, candidates: [1], nearly: [], answer: null },
        },
        {
          ...{ number: 3, type: 'phone', masked: masked(theirs), isGiven: false },
          ...{ isShared: false, hasExtension: false, candidates: [2], nearly: [], answer: null },
        },
      ],
      noContact: null,
      doubtful: null,
      decision: null,
      methods: ['oidc', 'officer'],
      decisionVersion: 0,
      status: (
        await read(await app.fetch(request.path, { headers: { 'x-functions-key': functionKey } }))
      ).body,
    });
    for (const secret of [email, mine, theirs, contact.lastName, other.lastName])
      expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('says what is decided, by numbers, and nothing of a request whose data is deleted', async () => {
    const { request, other } = await ambiguous();
    const answers = {
      contactIds: [other.id],
      identifiers: [{ identifier: 1, verdict: 'withhold' }],
      method: 'officer',
      rightsOfOthers: { kinds: ['notes'], conversations: [unknownId] },
    };
    expect((await decide(request, answers)).status).toBe(200);
    const { body } = await get(`${request.path}/decision`);
    expect(body).toMatchObject({
      isNeeded: false,
      candidates: [{ isChosen: false }, { isChosen: true }],
      identifiers: [{ answer: 'withhold' }, { answer: null }, { answer: null }],
      decision: {
        contactIds: [other.id],
        method: 'officer',
        codeTo: null,
        inviteTo: null,
        undecided: 'wait',
        rightsOfOthers: { kinds: ['notes'], conversations: [unknownId] },
        at: app.clock.now().toISOString(),
      },
    });
    await request.storeDoubtful();
    await post(`${request.path}/cancel`, { reasonCode: 'withdrawn' });
    await request.cleanUp();
    expect((await get(`${request.path}/decision`)).body).toMatchObject({
      isNeeded: false,
      reasonCode: 'withdrawn',
      candidates: [],
      identifiers: [],
      noContact: null,
      doubtful: null,
      decision: null,
    });
    expect((await get(`${request.path}/decision/conversations`)).body).toEqual({
      conversations: [],
      total: 0,
      next: null,
    });
  });

  it('contains nothing in clear, of whatever contacts', async () => {
    const word = fc
      .array(fc.constantFrom(...'bdfghjklmnpqrstvwxz'), { minLength: 7, maxLength: 10 })
      .map((letters) => letters.join(''));
    const number = fc.integer({ min: 10_000_000, max: 99_999_999 }).map((n) => `+49151${n}`);
    const mailbox = fc.tuple(word, word).map(([name, domain]) => `${name}@${domain}.example`);
    const contact = fc.record({
      firstName: word,
      lastName: word,
      numbers: fc.array(number, { maxLength: 2 }),
      emails: fc.array(mailbox, { maxLength: 2 }),
    });
    const { request } = await ambiguous();
    await fc.assert(
      fc.asyncProperty(
        fc.array(contact, { minLength: 1, maxLength: 3 }),
        mailbox,
        word,
        async (contacts, given, name) => {
          const candidates = contacts.map(({ numbers, ...one }): Contact => ({
            ...request.person.contact,
            ...one,
            id: randomUUID(),
            phones: numbers.map((each) => ({ number: each, receivesSms: true })),
          }));
          const identifiers: Identifier[] = [{ type: 'email', value: given }];
          const { details } = await app.parts.ledger.changeDetails(request.id, (stored) => ({
            details: {
              ...stored.details,
              identifiers,
              name,
              contactMatches: matchesOf(candidates, [given]),
            },
          }));
          const keys = [
            ...identifiers,
            ...contacts.flatMap((one) => one.numbers.map((value) => phone(value))),
          ];
          await request.storeDoubtful([
            doubtfulConversation({ tiedBy: keys.map(identifierKey), otherContacts: [] }),
          ]);
          const texts = await Promise.all(
            ['decision', 'decision/conversations'].map(async (path) =>
              JSON.stringify((await get(`${request.path}/${path}`)).body),
            ),
          );
          const secrets = [
            ...[details.name ?? '', ...given.split('@')],
            ...contacts.flatMap((one) => [
              ...[one.firstName, one.lastName, ...one.numbers],
              ...one.emails.flatMap((email) => email.replace('.example', '').split('@')),
            ]),
          ];
          for (const secret of secrets)
            for (const text of texts) expect(text).not.toContain(secret);
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe('names and identifiers in clear', () => {
  const reveal = ({ path }: TestRequest): Promise<Answer> => post(`${path}/decision/reveal`, {});

  it('are shown to an officer whose name and reason are in the custody record by then', async () => {
    const { request, contact, other, email } = await ambiguous();
    const count = (await request.entries()).length;
    const { status, body } = await reveal(request);
    expect(status).toBe(200);
    const [mine, theirs] = [request.person.phone, other.phones[0]?.number ?? ''];
    const mailbox = { number: 1, type: 'email', value: email };
    const numbers = [mine, theirs].map((value, i) => ({ number: i + 2, type: 'phone', value }));
    expect(body).toEqual({
      name: 'Zoe Other',
      candidates: [contact, other].map(({ id, firstName, lastName }, i) => ({
        number: i + 1,
        contactId: id,
        firstName,
        lastName,
        identifiers: [numbers[i], mailbox],
      })),
      identifiers: [mailbox, ...numbers],
    });
    const { entries, annotations } = await app.parts.ledger.custody(request.id);
    expect(linesOf(entries, annotations).slice(count)).toMatchObject([
      {
        event: 'identifiersRevealed',
        detail: { candidates: 2, identifiers: 3 },
        actor: app.parts.keys.keyedHash('officer', 'officer-1').slice(0, 32),
        annotation: { displayName: 'Ms Privacy', justification },
      },
    ]);
    const text = JSON.stringify(entries);
    for (const secret of [email, mine, theirs, contact.id]) expect(text).not.toContain(secret);
    expect(app.functions.logs.join('\n')).not.toContain(email);
  });

  it('are not shown when that cannot be recorded', async () => {
    const { request, email } = await ambiguous();
    const update = jest
      .spyOn(Object.getPrototypeOf(app.parts.ledger) as { note: () => Promise<void> }, 'note')
      .mockRejectedValue(new Error('Storage is away.'));
    const answer = await reveal(request);
    update.mockRestore();
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain(email);
  });

  it('are not shown of a request that has ended, or whose data is deleted', async () => {
    const ended = await TestRequest.in(app, 'cancelled');
    expect(answerOf(await reveal(ended))).toBe('409 wrongState');
    const deleted = await TestRequest.in(app, 'needsDecision');
    const count = (await deleted.entries()).length;
    await app.parts.ledger.deleteDetails(deleted.id);
    expect(answerOf(await reveal(deleted))).toBe('409 wrongState');
    expect((await deleted.entries()).length).toBe(count);
  });

  it('need a reason', async () => {
    const { path } = await TestRequest.in(app, 'needsDecision');
    for (const given of [undefined, '', ' '])
      expect((await post(`${path}/decision/reveal`, { justification: given })).code).toBe(
        'invalidBody',
      );
  });
});
