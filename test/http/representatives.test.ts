import type * as Invite from '../../src/activities/invite';
import type * as ResolveContact from '../../src/activities/resolve-contact';
import { parseRequestBody } from '../../src/core/api/request-body';
import type * as Submission from '../../src/services/submission';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { newPerson, TestRequest, ticketOf } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { createInvite } = outside.app<typeof Invite>('activities/invite');
const { createResolveContact } = outside.app<typeof ResolveContact>('activities/resolve-contact');
const { submitRequest } = outside.app<typeof Submission>('services/submission');

const justification = 'Seen by two officers.';
const lawyer = 'Counsel@Law.example';
const mailbox = 'Counsel@law.example';
const checked = { mandate: 'lawyer', checkMethod: 'byPost', mailboxCheck: 'byCallback' };

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterAll(() => app.stop());

const check = async ({ path }: TestRequest, change: object = {}): Promise<Answer> =>
  read(
    await app.post(
      `${path}/mandate`,
      { ...checked, justification, ...change },
      await app.bearer('Requests.Decide'),
    ),
  );
type State = Parameters<typeof TestRequest.in>[1];
const requested = (state: State = 'needsDecision', capacity = 'representative') =>
  TestRequest.in(app, state, {
    details: { requester: { email: mailbox, name: 'Ms Counsel' } },
    record: { requester: { capacity: capacity as 'representative', mandate: null } },
  });
const resolve = async (request: TestRequest): Promise<unknown> => {
  // The candidates are stored with the request: nothing is looked up.
  const services = { ...app.parts, organisations: new Map([['main', { source: {} }]]) };
  return createResolveContact(services as never)({ requestId: request.id });
};

describe('a request that somebody makes for the person', () => {
  it('is kept with who asks in its personal part alone', async () => {
    const requester = { capacity: 'representative', email: lawyer, name: 'Ms Counsel' };
    const { status, body } = await read<{ requestId: string }>(
      await app.submit(ticketOf(newPerson(), { requester })),
    );
    expect([status, body]).toMatchObject([
      202,
      { requester: { capacity: 'representative', mandate: null } },
    ]);
    const record = await app.parts.ledger.get(body.requestId);
    if (record === null) throw new Error('There is no such request.');
    expect((await app.parts.ledger.details(record)).requester).toMatchObject({
      name: 'Ms Counsel',
      email: expect.stringMatching(/counsel@law\.example/i) as string,
    });
    const { entries } = await app.parts.ledger.custody(body.requestId);
    expect(entries).toMatchObject([{ detail: { requester: 'representative' } }]);
    const open = JSON.stringify([record, entries, body, app.hub.started, app.functions.logs]);
    for (const secret of ['law.example', 'Counsel']) expect(open).not.toContain(secret);
  });

  it.each([
    [{ capacity: 'friend', email: lawyer }, '/requester/capacity'],
    [{ capacity: 'guardian', email: 'nobody' }, '/requester/email'],
    [{ capacity: 'guardian' }, '/requester/email'],
    [{ capacity: 'guardian', email: lawyer, phone: '1' }, '/requester/phone'],
    // By the policy of the settings.
    [{ capacity: 'estate', email: lawyer }, '/requester/capacity'],
  ])('is refused when it says %j', async (requester, pointer) => {
    const { code, body } = await read<{ errors: { pointer: string }[] }>(
      await app.submit(ticketOf(newPerson(), { requester })),
    );
    expect([code, body.errors.map((one) => one.pointer)]).toEqual(['invalidBody', [pointer]]);
  });

  it('waits for an officer, and nobody is written to before the mandate is checked', async () => {
    const request = await requested();
    expect(await resolve(request)).toMatchObject({ value: { outcome: 'mandateUnchecked' } });
    const before = app.mailbox.emails.length;
    await createInvite(app.parts)({ requestId: request.id });
    expect(app.mailbox.emails).toHaveLength(before);
    const count = (await request.entries()).length;
    const { status, body } = await check(request);
    expect([status, body['requester']]).toEqual([
      200,
      { capacity: 'representative', mandate: 'lawyer' },
    ]);
    expect((await request.entries()).slice(count)).toMatchObject([
      { event: 'mandateChecked', detail: { capacity: 'representative', ...checked } },
    ]);
    expect(request.calls()).toEqual(['raise requestChanged']);
    expect(await request.record()).toMatchObject({ decisionVersion: 1, subjectVersion: 0 });
    expect((await request.details()).decision?.method).toBe('officer');
    expect(await resolve(request)).toMatchObject({ value: { outcome: 'found' } });
    await createInvite(app.parts)({ requestId: request.id });
    expect(app.mailbox.emails.slice(before).map(({ to }) => to)).toEqual([mailbox]);
  });

  it.each([
    ['needsDecision', 'estate', {}, '409 mandateNotPossible'],
    ['needsDecision', 'estate', { mandate: 'heir' }, '200 undefined'],
    ['needsDecision', 'guardian', { mandate: 'powerOfAttorney' }, '409 mandateNotPossible'],
    ['needsDecision', 'guardian', { mandate: 'parentalResponsibility' }, '200 undefined'],
    ['needsDecision', 'representative', { mailboxCheck: 'none' }, '400 invalidBody'],
    ['awaitingVerification', 'representative', {}, '409 wrongState'],
    ['available', 'representative', {}, '409 wrongState'],
  ] as const)('in %s, of %s with %j is answered %s', async (state, capacity, change, expected) => {
    const request = await requested(state, capacity);
    const { status, code } = await check(request, change);
    expect(`${status} ${String(code)}`).toBe(expected);
  });

  it('is none where the person asks themselves', async () => {
    expect((await check(await TestRequest.in(app, 'needsDecision'))).code).toBe('noRepresentative');
  });
});

describe('a represented person', () => {
  /** A request whose mandate was checked, of a person with a number on file that receives codes. */
  const invited = (): Promise<TestRequest> =>
    TestRequest.in(app, 'awaitingVerification', {
      details: { requester: { email: mailbox, name: null } },
      record: { requester: { capacity: 'guardian', mandate: 'guardianship' } },
    });

  it('is sent no code, whatever is on file, and nobody else proves to be them with it', async () => {
    const request = await invited();
    const somebody = app.browser();
    expect(await request.open(somebody)).toMatchObject({
      step: 'noAuthenticationMethod',
      methods: [],
    });
    const before = app.mailbox.texts.length;
    for (const path of ['code', 'login'])
      await expect(somebody.call('POST', path)).rejects.toMatchObject({ code: 'methodNotOffered' });
    expect(app.mailbox.texts).toHaveLength(before);
  });

  it('is represented by whom an officer has given a code, and sets up no app', async () => {
    const request = await invited();
    const headers = await app.bearer('Requests.Deliver');
    const { body } = await read(await app.post(`${request.path}/code`, { justification }, headers));
    const somebody = await request.opened();
    const view = await somebody.verify(String(body['code']), 'officer');
    expect(view).toMatchObject({ step: 'progress', canEnrol: false });
  });

  const decide = async (request: TestRequest, given: object): Promise<string> => {
    const headers = await app.bearer('Requests.Decide');
    const { status, code } = await read(
      await app.post(`${request.path}/decision`, { ...given, justification }, headers),
    );
    return `${status} ${String(code)}`;
  };

  it.each([null, 'sms', 'oidc'] as const)(
    'is not verified by %s, before and after the mandate was checked',
    async (method) => {
      const request = await requested();
      expect(await decide(request, { method })).toBe('409 methodNotPossible');
      await check(request);
      const before = (await request.entries()).length;
      expect(await decide(request, { method })).toBe('409 methodNotPossible');
      expect((await request.details()).decision?.method).toBe('officer');
      expect(await request.events(before)).toEqual([]);
    },
  );

  it('may have it decided that officers check who asks', async () => {
    expect(await decide(await requested(), { method: 'officer' })).toBe('200 undefined');
  });
});

describe('a policy on estates', () => {
  it.each([
    ['refuse', 'invalid'],
    ['representative', 'stored'],
  ] as const)('that says %s makes their requests %s', async (estates, kind) => {
    const requester = { capacity: 'estate', email: lawyer };
    const submission = parseRequestBody(ticketOf(newPerson(), { requester }), null);
    const settings = { ...app.parts.settings, estates };
    expect((await submitRequest({ ...app.parts, settings }, submission)).kind).toBe(kind);
  });
});
