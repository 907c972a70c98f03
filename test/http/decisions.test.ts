import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { linesOf } from '../../src/core/custody/chain';
import type { DoubtfulConversation } from '../../src/core/subject/doubtful';
import type { Contact } from '../../src/core/subject/contact';
import type { Verdict } from '../../src/core/subject/decision';
import type { Identifier } from '../../src/core/subject/identifiers';
import { identifierKey } from '../../src/core/subject/spellings';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { doubtfulConversation, TestRequest, type Arrangement } from '../helpers/http-requests';

const justification = 'Spoke with Zoe Secret.';
/** In the form of an id, and the id of nothing. */
const unknownId = '00000000-0000-4000-8000-000000000000';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const get = async <T = Record<string, unknown>>(path: string): Promise<Answer<T>> =>
  read<T>(await app.fetch(path, { headers: await app.bearer('Requests.Read') }));
const post = async (path: string, body: object): Promise<Answer> =>
  read(await app.post(path, { justification, ...body }, await app.bearer('Requests.Decide')));
const decide = ({ path }: TestRequest, body: object): Promise<Answer> =>
  post(`${path}/decision`, body);
const answerOf = ({ status, code }: Answer): string => `${status} ${code ?? ''}`.trim();

const phone = (value: string): Identifier => ({ type: 'phone', value });
const matchesOf = (candidates: Contact[], shared: string[] = []) => ({
  candidates,
  shared,
  isPartial: false,
  isNearMatch: false,
});

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
          ...{ isShared: true, hasExtension: false, candidates: [1, 2], answer: null },
        },
        {
          ...{ number: 2, type: 'phone', masked: masked(mine), isGiven: false },
          ...{ isShared: false, hasExtension: false, candidates: [1], answer: null },
        },
        {
          ...{ number: 3, type: 'phone', masked: masked(theirs), isGiven: false },
          ...{ isShared: false, hasExtension: false, candidates: [2], answer: null },
        },
      ],
      noContact: null,
      doubtful: null,
      decision: null,
      methods: ['oidc', 'officer'],
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
          const keys = [...identifiers, ...contacts.flatMap((one) => one.numbers.map(phone))];
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

/** A request with doubtful conversations: of other contacts x and y, and tied by its mailbox alone. */
async function withDoubtful(arrangement: Arrangement = {}) {
  const request = await TestRequest.in(app, 'needsDecision', arrangement);
  const key = identifierKey({ type: 'email', value: request.person.email });
  const [x, y] = [randomUUID(), randomUUID()];
  const at = (minute: number): string => `2026-01-02T03:0${minute}:00.000Z`;
  const conversations = [
    doubtfulConversation({ startedAt: at(1), tiedBy: [key], otherContacts: [x] }),
    doubtfulConversation({ startedAt: at(2), tiedBy: [], otherContacts: [x, y] }),
    doubtfulConversation({
      ...{ startedAt: at(3), tiedBy: [key], otherContacts: [], doubt: 'sharedIdentifier' },
      ...{ channels: ['email'], direction: null, queues: [] },
    }),
  ] satisfies DoubtfulConversation[];
  await request.storeDoubtful(conversations);
  return { request, x, y, ids: conversations.map((one) => one.conversationId) };
}

describe('doubtful conversations', () => {
  interface Listed {
    conversations: { conversationId: string; verdict: Verdict | null }[];
    total: number;
    next: string | null;
  }
  const list = ({ path }: TestRequest, query = ''): Promise<Answer<Listed>> =>
    get<Listed>(`${path}/decision/conversations${query}`);

  it('are counted and listed in order of time, without their content', async () => {
    const { request, x, y, ids } = await withDoubtful();
    expect((await get(`${request.path}/decision`)).body['doubtful']).toEqual({
      ...{ total: 3, undecided: 3, included: 0, withheld: 0 },
      byIdentifier: [{ identifier: 1, total: 1, undecided: 1 }],
      byContact: [
        { contactId: x, total: 2, undecided: 2, answer: null },
        { contactId: y, total: 1, undecided: 1, answer: null },
      ],
    });
    const { body } = await list(request);
    expect(body).toEqual({
      conversations: [
        {
          conversationId: ids[0],
          startedAt: '2026-01-02T03:01:00.000Z',
          channels: ['voice'],
          direction: 'inbound',
          queues: ['Sales'],
          doubt: 'otherContact',
          tiedBy: [1],
          otherContacts: [x],
          ...{ verdict: null, own: null },
        },
        expect.objectContaining({ conversationId: ids[1], tiedBy: [], otherContacts: [x, y] }),
        expect.objectContaining({
          conversationId: ids[2],
          doubt: 'sharedIdentifier',
          direction: null,
        }),
      ],
      total: 3,
      next: null,
    });
    expect(JSON.stringify(body)).not.toContain(request.person.email);
  });

  it('are none before the searches have ended', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    expect((await list(request)).body).toEqual({ conversations: [], total: 0, next: null });
    expect((await get(`${request.path}/decision`)).body['doubtful']).toBeNull();
  });

  it('are filtered by verdict, identifier and contact', async () => {
    const { request, x, y, ids } = await withDoubtful();
    await decide(request, {
      conversations: [{ conversationId: ids[0], verdict: 'include' }],
      contacts: [{ contactId: y, verdict: 'withhold' }],
    });
    for (const [query, expected] of [
      ['', ids],
      ['?verdict=undecided', [ids[2]]],
      ['?verdict=include', [ids[0]]],
      ['?verdict=withhold', [ids[1]]],
      // Those that an answer on the identifier covers: no other contact is part of them.
      ['?identifier=1', [ids[2]]],
      [`?contact=${x}`, [ids[0], ids[1]]],
      [`?contact=${x}&verdict=withhold`, [ids[1]]],
    ] as const) {
      const { body } = await list(request, query);
      expect([query, body.conversations.map((one) => one.conversationId)]).toEqual([
        query,
        expected,
      ]);
      expect(body.total).toBe(expected.length);
    }
  });

  it('are told apart by what is decided on them by themselves, and by what on their contacts', async () => {
    const { request, x, y, ids } = await withDoubtful();
    await decide(request, { conversations: [{ conversationId: ids[0], verdict: 'include' }] });
    await decide(request, { contacts: [{ contactId: x, verdict: 'withhold' }] });
    const { body } = await list(request);
    expect(body.conversations).toMatchObject([
      { verdict: 'withhold', own: 'include' },
      { verdict: 'withhold', own: null },
      { verdict: null, own: null },
    ]);
    const evidence = await get(`${request.path}/decision`);
    expect(evidence.body['doubtful']).toMatchObject({
      byContact: [
        { contactId: x, answer: 'withhold' },
        { contactId: y, answer: null },
      ],
    });
  });

  it('come in pages, none of them twice and none left out, while they are decided', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const time = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString();
    const all = Array.from({ length: 450 }, (_, i) => doubtfulConversation({ startedAt: time(i) }));
    await request.storeDoubtful(all);
    const seen: string[] = [];
    for (let query: string | null = ''; query !== null;) {
      const { body }: Answer<Listed> = await list(request, `?verdict=undecided&limit=200${query}`);
      seen.push(...body.conversations.map((one) => one.conversationId));
      const answers = body.conversations.map(({ conversationId }) => ({
        conversationId,
        verdict: 'include',
      }));
      expect((await decide(request, { conversations: answers })).status).toBe(200);
      query = body.next === null ? null : `&cursor=${body.next}`;
      expect(body.next ?? '').not.toContain(request.person.email);
    }
    expect(seen).toEqual(all.map((one) => one.conversationId));
    expect((await list(request)).body.conversations).toHaveLength(50);
  }, 60_000);

  it.each([
    ['?verdict=maybe', '/verdict'],
    ['?identifier=one', '/identifier'],
    ['?identifier=0', '/identifier'],
    ['?contact=zoe', '/contact'],
    ['?limit=0', '/limit'],
    ['?limit=201', '/limit'],
    ['?limit=', '/limit'],
    ['?cursor=zoe', '/cursor'],
    ['?shoeSize=40', ''],
  ])('are not listed by a query that is not valid: %s', async (query, pointer) => {
    const { request } = await withDoubtful();
    const answer = await list(request, query);
    expect(answer).toMatchObject({
      status: 400,
      code: 'invalidQuery',
      body: { errors: [{ pointer }] },
    });
    expect(JSON.stringify(answer.body)).not.toContain('zoe');
  });

  it('are not listed by what is not in question', async () => {
    const { request } = await withDoubtful();
    expect(answerOf((await list(request, '?identifier=9')) as never)).toBe(
      '400 identifierNotInQuestion',
    );
    expect(answerOf((await list(request, `?contact=${unknownId}`)) as never)).toBe(
      '400 contactNotInQuestion',
    );
  });
});

describe('answers', () => {
  it('are about what is in question', async () => {
    const { request, x, ids } = await withDoubtful();
    const { contact } = request.person;
    const before = await request.entries();
    const include = { verdict: 'include' };
    for (const [body, expected] of [
      [{ contactIds: [unknownId] }, '400 contactNotACandidate'],
      [{ contactIds: [contact.id, unknownId] }, '400 contactNotACandidate'],
      [{ identifiers: [{ identifier: 3, ...include }] }, '400 identifierNotInQuestion'],
      [
        { conversations: [{ conversationId: unknownId, ...include }] },
        '400 conversationNotInQuestion',
      ],
      [
        {
          conversations: [ids[0], unknownId].map((conversationId) => ({
            conversationId,
            ...include,
          })),
        },
        '400 conversationNotInQuestion',
      ],
      [{ contacts: [{ contactId: contact.id, ...include }] }, '400 contactNotInQuestion'],
      [
        { contacts: [{ contactId: x, ...include }], identifiers: [{ identifier: 9, ...include }] },
        '400 identifierNotInQuestion',
      ],
    ] as const)
      expect(answerOf(await decide(request, body))).toBe(expected);
    expect(await request.entries()).toEqual(before);
    expect((await request.details()).decision).toBeNull();
  });

  it('about conversations need those to be known', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const answers = { conversations: [{ conversationId: unknownId, verdict: 'include' }] };
    expect(answerOf(await decide(request, answers))).toBe('400 conversationNotInQuestion');
  });

  it.each([
    ['nothing', {}, ''],
    ['empty lists', { identifiers: [], conversations: [] }, ''],
    ['no contact', { contactIds: [] }, '/contactIds'],
    ['a contact twice', { contactIds: [unknownId, unknownId] }, '/contactIds'],
    [
      'two verdicts on one identifier',
      {
        identifiers: [
          { identifier: 1, verdict: 'include' },
          { identifier: 1, verdict: 'withhold' },
        ],
      },
      '/identifiers',
    ],
    [
      'no verdict',
      { identifiers: [{ identifier: 1, verdict: 'maybe' }] },
      '/identifiers/0/verdict',
    ],
    ['a method of no decision', { method: 'totp' }, '/method'],
    [
      'a number of none',
      { identifiers: [{ identifier: 0, verdict: 'include' }] },
      '/identifiers/0/identifier',
    ],
  ])('are refused that say %s', async (_, body, pointer) => {
    const request = await TestRequest.in(app, 'needsDecision');
    expect(await decide(request, body)).toMatchObject({
      code: 'invalidBody',
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) as object },
    });
  });

  it('of several calls are one decision, and each has its entry in the custody record', async () => {
    const { request, x, y, ids } = await withDoubtful();
    const { contact, email, phone: number } = request.person;
    const count = (await request.entries()).length;
    await decide(request, { contactIds: [contact.id], method: 'oidc' });
    await decide(request, { identifiers: [{ identifier: 1, verdict: 'include' }] });
    await decide(request, {
      conversations: ids.map((conversationId) => ({ conversationId, verdict: 'include' })),
      contacts: [{ contactId: x, verdict: 'withhold' }],
    });
    await decide(request, {
      contacts: [{ contactId: y, verdict: 'include' }],
      undecided: 'withhold',
      method: null,
    });
    expect((await request.details()).decision).toEqual({
      contactIds: [contact.id],
      identifiers: { [`email:${email}`]: { verdict: 'include', version: 2 } },
      contacts: {
        [x]: { verdict: 'withhold', version: 3 },
        [y]: { verdict: 'include', version: 4 },
      },
      conversations: Object.fromEntries(ids.map((id) => [id, { verdict: 'include', version: 3 }])),
      method: null,
      codeTo: null,
      inviteTo: null,
      undecided: 'withhold',
      at: app.clock.now().toISOString(),
    });
    // The search is made again for what changes who the person is, and for nothing else.
    expect(await request.record()).toMatchObject({ decisionVersion: 4, subjectVersion: 2 });
    const entries = (await request.entries()).slice(count);
    expect(entries.map(({ event, detail }) => [event, detail])).toEqual([
      ['decided', { candidates: '1', method: 'oidc' }],
      ['decided', { identifiers: 1, identifiersIncluded: 1 }],
      ['decided', { contacts: 1, contactsIncluded: 0, conversations: 3, conversationsIncluded: 3 }],
      ['decided', { contacts: 1, contactsIncluded: 1, method: 'onFile', undecided: 'withhold' }],
    ]);
    const text = JSON.stringify(await request.entries());
    for (const secret of [email, number, contact.id, x, y, ...ids, justification])
      expect(text).not.toContain(secret);
  });

  it('that are the last ones already change nothing, and count again after others', async () => {
    const { request, ids } = await withDoubtful();
    const of = (verdict: Verdict) => ({
      conversations: [{ conversationId: ids[2], verdict }],
    });
    const wide = { identifiers: [{ identifier: 1, verdict: 'include' }] };
    await decide(request, wide);
    const before = [await request.record(), (await request.entries()).length];
    // As of a call that is sent twice.
    const again = await decide(request, wide);
    expect([again.status, again.body['requestId']]).toEqual([200, request.id]);
    expect([await request.record(), (await request.entries()).length]).toEqual(before);
    await decide(request, of('withhold'));
    await decide(request, wide);
    expect((await request.record()).decisionVersion).toBe(3);
    const { body } = await get(`${request.path}/decision`);
    expect(body['doubtful']).toMatchObject({ included: 1, withheld: 0 });
  });

  it('of two officers at once are both kept', async () => {
    const { request, ids } = await withDoubtful();
    const answers = await Promise.all(
      ids.map((conversationId, i) =>
        decide(request, {
          conversations: [{ conversationId, verdict: i === 0 ? 'include' : 'withhold' }],
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await request.record()).decisionVersion).toBe(3);
    const { body } = await get(`${request.path}/decision`);
    expect(body['doubtful']).toMatchObject({ undecided: 0, included: 1, withheld: 2 });
    const { entries, annotations } = await app.parts.ledger.custody(request.id);
    const decided = linesOf(entries, annotations).filter(({ event }) => event === 'decided');
    expect(decided.map(({ annotation }) => annotation?.justification)).toEqual(
      ids.map(() => justification),
    );
  });

  it('are a thousand in one call, and five thousand in all', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const all = Array.from({ length: 5001 }, () => doubtfulConversation({ otherContacts: [] }));
    await request.storeDoubtful(all);
    const answers = (from: number, to: number) => ({
      conversations: all
        .slice(from, to)
        .map(({ conversationId }) => ({ conversationId, verdict: 'withhold' })),
    });
    const tooMany = await decide(request, answers(0, 1001));
    expect(tooMany.body).toMatchObject({ errors: [{ pointer: '/conversations' }] });
    for (let from = 0; from < 5000; from += 1000)
      expect(answerOf(await decide(request, answers(from, from + 1000)))).toBe('200');
    expect(answerOf(await decide(request, answers(5000, 5001)))).toBe('409 tooManyAnswers');
    // What is answered already may still be changed.
    expect(answerOf(await decide(request, answers(4000, 5000)))).toBe('200');
    expect(answerOf(await decide(request, { undecided: 'withhold' }))).toBe('200');
  }, 60_000);

  it('may be made until the package is written', async () => {
    const answers = { undecided: 'withhold' };
    for (const [state, expected] of [
      ['packaging', '409 tooLate'],
      ['available', '409 tooLate'],
      ['cancelled', '409 wrongState'],
      ['exporting', '200'],
    ] as const)
      expect(`${state} ${answerOf(await decide(await TestRequest.in(app, state), answers))}`).toBe(
        `${state} ${expected}`,
      );
    const request = await TestRequest.in(app, 'packaging');
    const { conversationId } = await request.storeDoubtful();
    const late = { conversations: [{ conversationId, verdict: 'include' }] };
    expect(answerOf(await decide(request, late))).toBe('409 tooLate');
  });
});

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
