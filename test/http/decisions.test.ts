import { randomUUID } from 'node:crypto';
import { linesOf } from '../../src/core/custody/chain';
import type { Verdict } from '../../src/core/subject/verdicts';
import type { DoubtfulConversation } from '../../src/core/subject/doubtful';
import { identifierKey } from '../../src/core/subject/spellings';
import type * as Doubtful from '../../src/services/doubtful';
import { answerOf, decisionCalls, unknownId } from '../helpers/decision-calls';
import { HttpApp, type Answer } from '../helpers/http-app';
import { doubtfulConversation, TestRequest, type Arrangement } from '../helpers/http-requests';
import { justification } from '../helpers/officer-actions';
import { outside } from '../helpers/outside-jest';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const { get, decide } = decisionCalls(() => app);

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

  it('are not said to be asked for wrongly where they cannot be read', async () => {
    const { request } = await withDoubtful();
    const { DoubtfulConversations } = outside.app<typeof Doubtful>('services/doubtful');
    const slice = jest.spyOn(DoubtfulConversations.prototype, 'slice');
    // Some libraries name an error by what a server has answered.
    slice.mockRejectedValueOnce(Object.assign(new TypeError('zoe'), { name: 'zoe' }));
    const lines = app.functions.logs.length;
    const answer = await list(request, '?cursor=1');
    slice.mockRestore();
    expect(answer).toMatchObject({ status: 500, code: 'internalError' });
    expect(JSON.stringify(answer.body)).not.toContain('zoe');
    expect(app.functions.logs.slice(lines)).toEqual([
      expect.stringMatching(/^error \w+ failed: TypeError \(correlation id [0-9a-f-]{36}\)$/),
    ]);
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

  it('that are based on an earlier decision than the last one are refused, and change nothing', async () => {
    const { request, ids } = await withDoubtful();
    const of = (verdict: Verdict, basedOn?: number) => ({
      conversations: [{ conversationId: ids[2], verdict }],
      ...(basedOn === undefined ? {} : { basedOn }),
    });
    const seen = (await get(`${request.path}/decision`)).body['decisionVersion'];
    expect(seen).toBe(0);
    expect((await decide(request, of('include', 0))).body['decisionVersion']).toBe(1);
    const before = [await request.record(), (await request.entries()).length];
    // Another officer still sees what was there before.
    expect(answerOf(await decide(request, of('withhold', 0)))).toBe('409 decisionChanged');
    expect(answerOf(await decide(request, { ...of('withhold'), basedOn: 7 }))).toBe(
      '409 decisionChanged',
    );
    // A call that is sent twice has been taken.
    const again = await decide(request, of('include', 0));
    expect([again.status, again.body['decisionVersion']]).toEqual([200, 1]);
    expect([await request.record(), (await request.entries()).length]).toEqual(before);
    expect((await get(`${request.path}/decision`)).body['decisionVersion']).toBe(1);
    expect((await decide(request, of('withhold', 1))).body['decisionVersion']).toBe(2);
    expect(answerOf(await decide(request, { basedOn: 2 }))).toBe('400 invalidBody');
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
