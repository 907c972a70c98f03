import type { Verdict } from '../../src/core/subject/verdicts';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { doubtfulConversation, TestRequest } from '../helpers/http-requests';

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const decide = async ({ path }: TestRequest, body: object): Promise<Answer> =>
  read(
    await app.post(
      `${path}/decision`,
      { justification: 'Agreed by phone.', ...body },
      await app.bearer('Requests.Decide'),
    ),
  );

/** A request with two doubtful conversations of one other contact, the first of them decided by itself. */
async function withOwnAnswer(verdict: Verdict) {
  const request = await TestRequest.in(app, 'needsDecision');
  const conversations = [1, 2].map((minute) =>
    doubtfulConversation({ startedAt: `2026-01-02T03:0${minute}:00.000Z` }),
  );
  const contacts = [{ contactId: conversations[0]?.otherContacts[0] ?? '', verdict: 'withhold' }];
  await request.storeDoubtful(
    conversations.map((one) => ({ ...one, otherContacts: [contacts[0]?.contactId ?? ''] })),
  );
  const [conversationId] = conversations.map((one) => one.conversationId);
  await decide(request, { conversations: [{ conversationId, verdict }] });
  return { request, contacts };
}

const verdictsOf = async ({ path }: TestRequest): Promise<(Verdict | null)[]> => {
  const headers = await app.bearer('Requests.Read');
  const { body } = await read<{ conversations: { verdict: Verdict | null }[] }>(
    await app.fetch(`${path}/decision/conversations`, { headers }),
  );
  return body.conversations.map((one) => one.verdict);
};

describe('an answer on a group of conversations', () => {
  it('keeps their own answers where the call says so, and the custody record names the group alone', async () => {
    const { request, contacts } = await withOwnAnswer('include');
    expect((await decide(request, { contacts, keepsOwn: true })).status).toBe(200);
    expect(await verdictsOf(request)).toEqual(['include', 'withhold']);
    const entries = await request.entries();
    expect(entries.at(-1)).toMatchObject({ event: 'decided' });
    expect(entries.at(-1)?.detail).toEqual({ contacts: 1, contactsIncluded: 0, own: 'kept' });
    // As of a call that is sent twice.
    await decide(request, { contacts, keepsOwn: true });
    expect(await request.entries()).toEqual(entries);
  });

  it('overrules them otherwise, and a later answer that keeps them brings none back', async () => {
    const { request, contacts } = await withOwnAnswer('include');
    await decide(request, { contacts });
    expect(await verdictsOf(request)).toEqual(['withhold', 'withhold']);
    await decide(request, { contacts, keepsOwn: true });
    expect(await verdictsOf(request)).toEqual(['withhold', 'withhold']);
  });

  it('is an answer on something: to keep own answers alone is none', async () => {
    const { request } = await withOwnAnswer('include');
    expect(await decide(request, { keepsOwn: true })).toMatchObject({
      status: 400,
      code: 'invalidBody',
    });
  });
});
