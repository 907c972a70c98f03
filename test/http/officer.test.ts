import { linesOf } from '../../src/core/custody/chain';
import { Table } from '../../src/adapters/storage/table';
import { emptyCounts } from '../../src/core/package/items';
import { requestStates, type RequestState } from '../../src/core/request/states';
import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { TestRequest, type Arrangement } from '../helpers/http-requests';

const justification = 'Spoke with Zoe Secret.';
/** In the form of an id, and the id of no contact. */
const unknownContact = '00000000-0000-4000-8000-000000000000';

interface Action {
  path: string;
  role: OfficerRole;
  body: (request: TestRequest) => Record<string, unknown>;
}

const simple = (): Record<string, unknown> => ({ justification });
const actions = {
  decide: {
    path: 'decision',
    role: 'Requests.Decide',
    body: ({ person }) => ({ contactIds: [person.contact.id], justification }),
  },
  identity: {
    path: 'identity',
    role: 'Requests.Decide',
    body: () => ({ checkMethod: 'byPost', isRepresentative: true, justification }),
  },
  cancel: {
    path: 'cancel',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'withdrawn', justification }),
  },
  refuse: {
    path: 'refuse',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'excessive', explanation: 'The tenth one.', justification }),
  },
  extend: {
    path: 'extend',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'complexity', justification }),
  },
  retry: { path: 'retry', role: 'Requests.Decide', body: simple },
  recall: { path: 'recall', role: 'Requests.Recall', body: simple },
  code: { path: 'code', role: 'Requests.Deliver', body: simple },
  approve: { path: 'approve', role: 'Requests.Deliver', body: simple },
  release: { path: 'release', role: 'Requests.Deliver', body: simple },
  deliver: { path: 'deliver', role: 'Requests.Deliver', body: simple },
} satisfies Record<string, Action>;
type ActionName = keyof typeof actions;

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({
    WEBHOOK_HOSTS: 'tickets.example',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  });
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());

async function act(
  request: TestRequest,
  name: ActionName,
  change: Record<string, unknown> = {},
): Promise<Answer> {
  const { path, role, body } = actions[name];
  const sent = { ...body(request), ...change };
  return read(await app.post(`${request.path}/${path}`, sent, await app.bearer(role)));
}

const get = async <T = Record<string, unknown>>(path: string): Promise<Answer<T>> =>
  read<T>(await app.fetch(path, { headers: await app.bearer('Requests.Read') }));

/** The status that the ticketing system reads. */
const statusOf = async ({ path }: TestRequest): Promise<Record<string, unknown>> =>
  (await read(await app.fetch(path, { headers: { 'x-functions-key': functionKey } }))).body;

describe('the state of a request', () => {
  const open: RequestState[] = [
    ...(['received', 'awaitingVerification', 'identifying', 'needsDecision'] as const),
    ...(['exporting', 'packaging', 'failed'] as const),
  ];
  const released: RequestState[] = ['available', 'delivered'];
  const ended: RequestState[] = [
    ...(['expired', 'cancelled', 'refused', 'unverified', 'noDataFound', 'recalled'] as const),
  ];
  /** What each action answers in each state; where none is named, `otherwise`. */
  const answers: Record<ActionName, [otherwise: string, Record<string, readonly RequestState[]>]> =
    {
      decide: [
        '409 wrongState',
        {
          '200': open.filter((state) => state !== 'packaging'),
          '409 tooLate': ['packaging', ...released, 'expired', 'recalled'],
        },
      ],
      identity: ['409 wrongState', { '200': ['awaitingVerification'] }],
      // What is done already is answered the same, and done once.
      cancel: ['409 wrongState', { '200': [...open, 'cancelled'] }],
      refuse: ['409 wrongState', { '200': open }],
      extend: ['409 wrongState', { '200': open }],
      retry: ['409 notFailed', { '200': ['failed'] }],
      recall: ['409 wrongState', { '200': [...released, 'recalled'] }],
      code: ['409 wrongState', { '200': [...open, ...released] }],
      approve: ['409 notAvailable', { '200': released }],
      release: ['409 notAvailable', { '200': released }],
      deliver: ['409 notAvailable', { '200': released }],
    };
  const expected = (name: ActionName, state: RequestState): string => {
    const [otherwise, named] = answers[name];
    return Object.keys(named).find((answer) => named[answer]?.includes(state)) ?? otherwise;
  };
  const answerOf = ({ status, code }: Answer): string =>
    code === undefined ? String(status) : `${status} ${code}`;

  it.each(requestStates)('decides what an officer may do: %s', async (state) => {
    const names = Object.keys(actions) as ActionName[];
    const isAllowed = (name: ActionName): boolean => expected(name, state) === '200';
    const untouched = await TestRequest.in(app, state);
    const before = await untouched.entries();
    for (const name of names) {
      const request = isAllowed(name) ? await TestRequest.in(app, state) : untouched;
      const answer = answerOf(await act(request, name));
      expect(`${name} ${answer}`).toBe(`${name} ${expected(name, state)}`);
    }
    expect(await untouched.entries()).toEqual(before);
    expect(untouched.calls()).toEqual([]);
  });

  it.each(ended)('allows nothing once everything was deleted: %s', async (state) => {
    const request = await TestRequest.in(app, state);
    await request.cleanUp();
    const before = await request.entries();
    for (const name of Object.keys(actions) as ActionName[]) {
      const { status } = await act(request, name);
      const isRepeated =
        `${name} ${state}` === 'cancel cancelled' || `${name} ${state}` === 'recall recalled';
      if (!isRepeated) expect(`${name} ${status}`).toBe(`${name} 409`);
    }
    const events = (await request.events(before.length)).filter((one) => one !== 'keyDestroyed');
    expect(events).toEqual([]);
  });
});

describe('an action of an officer', () => {
  interface Effect {
    name: ActionName;
    state: RequestState;
    change?: Record<string, unknown>;
    arrangement?: Arrangement;
    /** What becomes of the record. */
    record: Record<string, unknown>;
    /** What the custody record says. */
    facts: Record<string, unknown>[];
  }
  const now = '2026-11-23T12:00:00.000Z';
  const moved = (from: RequestState, to: RequestState, reasonCode: string | null): object => ({
    event: 'stateChanged',
    from,
    to,
    reasonCode,
  });
  const effects: Effect[] = [
    {
      name: 'decide',
      state: 'needsDecision',
      record: { state: 'needsDecision', decisionVersion: 1 },
      facts: [
        {
          event: 'decided',
          detail: { candidates: '1' },
        },
      ],
    },
    {
      name: 'decide',
      state: 'exporting',
      change: {
        identifiers: [
          { identifier: 1, verdict: 'include' },
          { identifier: 2, verdict: 'include' },
        ],
        method: 'officer',
        undecided: 'withhold',
      },
      record: { state: 'exporting', decisionVersion: 1 },
      facts: [
        {
          event: 'decided',
          detail: {
            candidates: '1',
            identifiers: 2,
            identifiersIncluded: 2,
            method: 'officer',
            undecided: 'withhold',
          },
        },
      ],
    },
    {
      name: 'identity',
      state: 'awaitingVerification',
      record: { state: 'awaitingVerification', verifiedAt: now, verifiedBy: 'officer' },
      facts: [
        { event: 'identityChecked', detail: { checkMethod: 'byPost', isRepresentative: true } },
      ],
    },
    {
      name: 'cancel',
      state: 'exporting',
      record: { state: 'cancelled', reason: 'withdrawn' },
      facts: [moved('exporting', 'cancelled', 'withdrawn')],
    },
    {
      name: 'refuse',
      state: 'awaitingVerification',
      record: { state: 'refused', reason: 'excessive' },
      facts: [moved('awaitingVerification', 'refused', 'excessive')],
    },
    {
      name: 'retry',
      state: 'failed',
      arrangement: {
        record: { acceptedFailures: 2, waiting: { reason: 'sourceUnavailable', at: now } },
      },
      record: { state: 'exporting', reason: null, waiting: null, acceptedFailures: 2 },
      facts: [moved('failed', 'exporting', null)],
    },
    {
      name: 'retry',
      state: 'failed',
      change: { acceptFailures: true },
      record: { state: 'exporting', reason: null, acceptedFailures: 3 },
      facts: [
        moved('failed', 'exporting', null),
        { event: 'failuresAccepted', detail: { failures: 3 } },
      ],
    },
    {
      name: 'retry',
      state: 'failed',
      arrangement: { record: { verifiedAt: null, verifiedBy: null } },
      record: { state: 'received', reason: null },
      facts: [moved('failed', 'received', null)],
    },
  ] as Effect[];

  const cases = effects.map((effect, i): [string, Effect] => [
    `${effect.name} of ${effect.state} (${i})`,
    effect,
  ]);

  const arranged = async ({ state, arrangement = {} }: Effect): Promise<TestRequest> => {
    const request = await TestRequest.in(app, state, arrangement);
    const counts = emptyCounts();
    counts.audio.failed = 3;
    await app.parts.items.putCounts(request.id, 1, counts);
    return request;
  };

  it.each(cases)(
    'is written with who did it and why, and its orchestration is notified: %s',
    async (_, effect) => {
      const request = await arranged(effect);
      const count = (await request.entries()).length;
      const { status, body } = await act(request, effect.name, effect.change);
      expect(status).toBe(200);
      expect(body).toEqual(await statusOf(request));
      const at = app.clock.now().toISOString();
      const expected = { ...effect.record };
      if (expected['verifiedAt'] === now) expected['verifiedAt'] = at;
      expect(await request.record()).toMatchObject(expected);
      const { entries, annotations } = await app.parts.ledger.custody(request.id);
      const lines = linesOf(entries, annotations).slice(count);
      const actor = app.parts.keys.keyedHash('officer', 'officer-1').slice(0, 32);
      expect(lines).toEqual(
        effect.facts.map((fact) => ({
          ...fact,
          sequence: expect.any(Number) as number,
          at,
          actor,
          commitment: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          previous: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          annotation: { displayName: 'Ms Privacy', justification },
        })),
      );
      expect(request.calls()).toEqual(['raise requestChanged']);
      expect(app.functions.logs.join('\n')).not.toContain(request.id);
    },
  );

  it.each(cases)('is kept if the task hub is away: %s', async (_, effect) => {
    const request = await arranged(effect);
    const count = (await request.entries()).length;
    app.hub.isDown = true;
    const { status, body } = await act(request, effect.name, effect.change);
    expect(status).toBe(200);
    expect(body).toEqual(await statusOf(request));
    expect((await request.entries()).slice(count)).toMatchObject(effect.facts);
    expect(request.calls()).toEqual([]);
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${request.id} has changed; its orchestration is notified later.`,
    );
  });

  it('starts an orchestration that an operator has ended, and the webhooks that wait', async () => {
    const request = await TestRequest.in(app, 'exporting');
    app.hub.end(`request-${request.id}`, 'Terminated');
    await app.parts.ledger.update(request.id, { pendingWebhooks: 1 });
    await act(request, 'cancel');
    expect(request.calls()).toEqual([
      'start fulfilRequest',
      'start deliverWebhooks',
      'raise requestChanged',
    ]);
  });

  it('needs a justification, which is not blank', async () => {
    const request = await TestRequest.in(app, 'available');
    for (const name of Object.keys(actions) as ActionName[])
      for (const given of [undefined, null, '', '  ', 'x'.repeat(2001), 1])
        expect(await act(request, name, { justification: given })).toMatchObject({
          status: 400,
          code: 'invalidBody',
          body: {
            errors: expect.arrayContaining([
              expect.objectContaining({ pointer: '/justification' }),
            ]) as object,
          },
        });
    expect(request.calls()).toEqual([]);
  });
});

describe('a decision', () => {
  it('names a candidate of the request', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const refused = await act(request, 'decide', { contactIds: [unknownContact] });
    expect(refused).toMatchObject({ status: 400, code: 'contactNotACandidate' });
    expect((await request.details()).decision).toBeNull();
    expect((await act(request, 'decide', { justification: undefined })).code).toBe('invalidBody');
    await act(request, 'decide');
    expect((await request.details()).decision).toEqual({
      contactIds: [request.person.contact.id],
      identifiers: {},
      contacts: {},
      conversations: {},
      method: null,
      codeTo: null,
      inviteTo: null,
      undecided: 'wait',
      at: app.clock.now().toISOString(),
    });
  });

  it('is by the number of the candidate in the custody record, and by no id', async () => {
    const first = { ...(await TestRequest.in(app, 'received')).person.contact };
    const request = await TestRequest.in(app, 'needsDecision');
    const { contact } = request.person;
    const contactMatches = {
      candidates: [first, contact],
      shared: [],
      isPartial: false,
      isNearMatch: false,
    };
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: { ...details, contactMatches },
    }));
    await act(request, 'decide');
    expect((await request.entries()).at(-1)).toMatchObject({
      event: 'decided',
      detail: { candidates: '2' },
    });
    expect(JSON.stringify(await request.entries())).not.toContain(contact.id);
  });

  it('cannot change whom another contact was invited for', async () => {
    const other = { ...(await TestRequest.in(app, 'received')).person.contact };
    const at = app.clock.now().toISOString();
    for (const [state, verificationRequestedAt, expected] of [
      ['awaitingVerification', at, '409 subjectAlreadyInvited'],
      ['exporting', at, '409 subjectAlreadyInvited'],
      ['needsDecision', at, '409 subjectAlreadyInvited'],
      ['needsDecision', null, '200 undefined'],
    ] as const) {
      const request = await TestRequest.in(app, state, { record: { verificationRequestedAt } });
      const { contact } = request.person;
      const contactMatches = {
        candidates: [contact, other],
        shared: [],
        isPartial: false,
        isNearMatch: false,
      };
      await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
        details: { ...details, contact, contactMatches },
      }));
      const { status, code } = await act(request, 'decide', { contactIds: [other.id] });
      expect(`${state}: ${status} ${String(code)}`).toBe(`${state}: ${expected}`);
    }
  });

  it('may let the login of the company verify the person, where there is one', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    expect((await act(request, 'decide', { method: 'oidc' })).status).toBe(200);
    expect((await request.details()).decision?.method).toBe('oidc');
  });
});

describe('a refusal', () => {
  it('keeps its reason for the person, and explains what no code says', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const without = await act(request, 'refuse', { reasonCode: 'asExplained', explanation: null });
    expect(without.body['errors']).toEqual([
      { pointer: '/explanation', detail: 'is required for this reason code' },
    ]);
    expect((await act(request, 'refuse', { reasonCode: 'holidays' })).code).toBe('invalidBody');
    const rights = await act(request, 'refuse', { reasonCode: 'rightsOfOthers' });
    expect(rights.body['errors']).toEqual([
      {
        pointer: '/reasonCode',
        detail:
          'withholds parts and refuses nothing: name them by rightsOfOthers in a decision (recital 63 GDPR)',
      },
    ]);
    await act(request, 'refuse', { reasonCode: 'asExplained', explanation: 'See § 34 BDSG.' });
    expect((await request.details()).statutoryNotices).toEqual({
      extended: null,
      refused: { code: 'asExplained', explanation: 'See § 34 BDSG.' },
    });
  });
});

describe('what is withheld for the rights of others', () => {
  const conversation = '00000000-0000-4000-8000-00000000000a';

  it('is a part of the data, and the rest goes on', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const count = (await request.entries()).length;
    const parts = { kinds: ['notes'], conversations: [conversation] };
    const given = { contactIds: undefined, rightsOfOthers: parts };
    expect((await act(request, 'decide', given)).status).toBe(200);
    expect((await request.details()).decision?.rightsOfOthers).toEqual(parts);
    expect(await request.record()).toMatchObject({ state: 'exporting', subjectVersion: 1 });
    expect(await request.events(count)).toEqual(['decided notes 1']);
    const back = { contactIds: undefined, rightsOfOthers: { kinds: ['notes'] } };
    expect((await act(request, 'decide', back)).status).toBe(200);
    expect(await request.record()).toMatchObject({ decisionVersion: 2, subjectVersion: 1 });
    const wrong = { contactIds: undefined, rightsOfOthers: { kinds: ['everything'] } };
    expect((await act(request, 'decide', wrong)).code).toBe('invalidBody');
  });
});

describe('a cancellation', () => {
  it('keeps its reason for the person, and explains what no code says', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const without = await act(request, 'cancel', { reasonCode: 'asExplained' });
    expect(without.body['errors']).toEqual([
      { pointer: '/explanation', detail: 'is required for this reason code' },
    ]);
    expect((await act(request, 'cancel', { reasonCode: undefined })).code).toBe('invalidBody');
    const explained = { reasonCode: 'asExplained', explanation: 'We met in person.' };
    expect((await act(request, 'cancel', explained)).status).toBe(200);
    expect((await request.details()).statutoryNotices.cancelled).toEqual({
      code: 'asExplained',
      explanation: 'We met in person.',
    });
  });

  it('is possible of a request whose personal part is lost', async () => {
    const request = await TestRequest.in(app, 'failed');
    await request.cleanUp();
    expect((await act(request, 'cancel')).status).toBe(200);
    expect((await request.record()).state).toBe('cancelled');
  });
});

describe('an extension', () => {
  const day = 86_400_000;

  it('is notified to the person at once, and is possible once', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const count = (await request.entries()).length;
    const { status, body } = await act(request, 'extend', { explanation: 'Ten years of calls.' });
    expect([status, body]).toEqual([200, { ...(await statusOf(request)), subjectNotified: true }]);
    expect(body['legalClock']).toMatchObject({ isExtended: true });
    expect(await request.events(count)).toEqual([
      'extended complexity',
      'messageSent extended email',
    ]);
    expect((await request.record()).extendedAt).toBe(app.clock.now().toISOString());
    const mails = app.mailbox.emails.filter(({ to }) => to === request.person.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('Ten years of calls.');
    expect(await act(request, 'extend')).toMatchObject({ status: 409, code: 'alreadyExtended' });
    expect(app.mailbox.emails.filter(({ to }) => to === request.person.email)).toHaveLength(1);
  });

  it('stands although the mail server does not accept the notice, which is sent later', async () => {
    const request = await TestRequest.in(app, 'exporting');
    app.mailbox.answer = 'notNow';
    const { status, body } = await act(request, 'extend');
    expect([status, body['subjectNotified']]).toEqual([200, false]);
    expect((await request.record()).extendedAt).not.toBeNull();
    const pending = await app.parts.outbox.pending();
    expect(pending.filter(({ requestId }) => requestId === request.id)).toMatchObject([
      { key: 'extended' },
    ]);
  });

  it.each([
    ['has no mailbox on file', { contact: { emails: [] } }, 'accepted'],
    ['has a mailbox that refuses it', {}, 'refused'],
  ] as const)(
    'asks the officer to write to a person who %s',
    async (_name, arrangement, answer) => {
      const contact = 'contact' in arrangement ? { emails: [] as string[] } : {};
      const request = await TestRequest.in(app, 'exporting', { contact });
      const before = app.mailbox.emails.length;
      if (answer === 'refused') {
        const email = app.mailbox.email.bind(app.mailbox);
        const refusing = jest.spyOn(app.mailbox, 'email').mockImplementation((message) => {
          app.mailbox.answer = message.to === request.person.email ? 'refused' : 'accepted';
          return email(message);
        });
        expect((await act(request, 'extend')).body['subjectNotified']).toBe(false);
        refusing.mockRestore();
      } else expect((await act(request, 'extend')).body['subjectNotified']).toBe(false);
      expect(app.mailbox.emails.slice(before).map(({ to }) => to)).toEqual([
        'privacy@shop.example',
      ]);
    },
  );

  it('is too late when the person can no longer be notified within a month of the receipt', async () => {
    const { extendableUntil } = (await statusOf(await TestRequest.in(app, 'exporting')))[
      'legalClock'
    ] as { extendableUntil: string };
    const receivedAt = '2026-11-23T08:00:00.000Z';
    expect(extendableUntil > receivedAt).toBe(true);
    const request = await TestRequest.in(app, 'exporting');
    app.clock.advance(Date.parse(extendableUntil) - app.clock.now().getTime() - 1);
    const last = await TestRequest.in(app, 'exporting');
    expect((await act(last, 'extend')).status).toBe(200);
    app.clock.advance(1);
    const { code, body } = await act(request, 'extend');
    expect([code, body['title']]).toEqual([
      'tooLate',
      'An extension must be notified before the period ends without it.',
    ]);
    app.clock.advance(-40 * day);
  });
});

describe('a request under another law', () => {
  it.each([
    ['ukGdpr', '2026-12-24', '2027-02-24', 'Art. 12A(3) UK GDPR'],
    ['ccpa', '2027-01-08', '2027-02-22', '§ 1798.130(a)(2)'],
  ] as const)('is due, extended and notified by %s', async (law, due, extended, cited) => {
    const request = await TestRequest.in(app, 'exporting', { law });
    const dayOf = (clock: unknown): string => (clock as { dueAt: string }).dueAt.slice(0, 10);
    const before = (await statusOf(request))['legalClock'];
    expect([dayOf(before), before]).toMatchObject([due, { law }]);
    const { body } = await act(request, 'extend');
    expect(dayOf(body['legalClock'])).toBe(extended);
    const mail = app.mailbox.emails.findLast(({ to }) => to === request.person.email);
    expect(mail?.text).toContain(cited);
    expect(mail?.text).not.toContain('12(3) GDPR');
  });
});

describe('assisted delivery', () => {
  it('gives a code to the officer, by which the person verifies, and the package to one officer after another', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification', {
      contact: { phones: [], emails: [] },
    });
    const person = await request.opened();
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'noAuthenticationMethod',
      methods: [],
    });
    const count = (await request.entries()).length;
    const issued = await act(request, 'code');
    expect(issued.body).toEqual({ code: expect.stringMatching(/^\d{8}$/) as string });
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'verify',
      methods: ['officer'],
    });
    const code = String(issued.body['code']);
    expect(await person.verify(code, 'officer')).toMatchObject({ step: 'progress' });
    expect(await request.events(count)).toEqual(['codeSent officer', 'stepUpAccepted officer']);
    expect(await request.record()).toMatchObject({ verifiedBy: 'officer' });
    for (const state of ['identifying', 'exporting', 'packaging', 'available'] as const)
      await request.move(state);
    const path = `${request.path}/deliver`;
    for (const oid of ['officer-1', 'officer-2']) {
      const roles = ['Requests.Deliver'];
      const token = await app.directory.accessToken({ oid, name: oid, roles });
      const given = await read(
        await app.post(path, { justification }, { Authorization: `Bearer ${token}` }),
      );
      const { passphrase } = await app.parts.keys.unwrap(
        (await request.record()).wrappedSecret ?? '',
      );
      expect(given).toMatchObject({ status: 200, body: { passphrase, bytes: 20 } });
      expect(passphrase).toMatch(/^(\w{4}-){6}\w{4}$/);
      const minutes = (Date.parse(String(given.body['expiresAt'])) - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(58);
      expect(minutes).toBeLessThan(62);
      const response = await fetch(String(given.body['url']));
      expect(await response.text()).toBe('an encrypted package');
    }
    const actors = (await request.entries())
      .filter(({ event }) => event === 'handedOver')
      .map(({ actor }) => actor);
    expect(actors).toEqual(
      ['officer-1', 'officer-2'].map((oid) =>
        app.parts.keys.keyedHash('officer', oid).slice(0, 32),
      ),
    );
  });

  it('has a code that lives an hour, and twenty of them an hour, which are no text messages', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const first = String((await act(request, 'code')).body['code']);
    app.clock.advance(60 * 60_000);
    await request.open(person);
    await expect(person.verify(first, 'officer')).rejects.toMatchObject({
      status: 403,
      code: 'codeExpired',
    });
    const codes: string[] = [];
    for (let i = 0; i < 20; i += 1) codes.push(String((await act(request, 'code')).body['code']));
    expect(await act(request, 'code')).toMatchObject({ status: 429, code: 'tooManyCodes' });
    expect(new Set([first, ...codes]).size).toBe(21);
    expect(await request.code(person)).toMatch(/^\d{8}$/);
    await expect(person.verify(codes[0] ?? '', 'officer')).rejects.toMatchObject({
      code: 'codeWrong',
    });
    app.clock.advance(60 * 60_000 - 1);
    await request.open(person);
    // A code of the officer is no code by text message.
    await expect(person.verify(codes[19] ?? '', 'sms')).rejects.toMatchObject({
      code: 'codeExpired',
    });
    expect(await person.verify(codes[19] ?? '', 'officer')).toMatchObject({ step: 'progress' });
  });

  it('has no package where the package is gone', async () => {
    const request = await TestRequest.in(app, 'available');
    const count = (await request.entries()).length;
    await app.parts.packages.delete(request.id);
    expect(await act(request, 'deliver')).toMatchObject({ status: 409, code: 'notAvailable' });
    expect((await request.entries()).length).toBe(count);
  });
});

describe('a call without its role', () => {
  const names = Object.keys(actions) as ActionName[];
  const tokenOf = async (oid: string, role: OfficerRole) => ({
    Authorization: `Bearer ${await app.directory.accessToken({ oid, name: 'Mr Other', roles: [role] })}`,
  });

  it('is in the custody record of the request, with who made it', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const count = (await request.entries()).length;
    for (const name of names) {
      const { path, body } = actions[name];
      const headers = await tokenOf('officer-9', 'Requests.Read');
      const refused = await read(await app.post(`${request.path}/${path}`, body(request), headers));
      expect([refused.status, refused.code]).toEqual([403, 'roleRequired']);
    }
    expect(await request.events(count)).toEqual(
      names.map((name) => `roleRefused ${actions[name].role}`),
    );
    const actor = app.parts.keys.keyedHash('officer', 'officer-9').slice(0, 32);
    const { entries, annotations } = await app.parts.ledger.custody(request.id);
    for (const entry of linesOf(entries, annotations).slice(count)) {
      expect(entry.actor).toBe(actor);
      expect(entry.annotation).toEqual({ displayName: 'Mr Other', justification: '' });
    }
    expect((await request.record()).state).toBe('exporting');
    expect(request.calls()).toEqual([]);
  });

  it('fills no custody record: twenty a day of one officer are written', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const count = (await request.entries()).length;
    const headers = await tokenOf('officer-8', 'Requests.Decide');
    for (let i = 0; i < 22; i += 1)
      expect((await app.fetch(`${request.path}/custody`, { headers })).status).toBe(403);
    expect((await request.events(count)).length).toBe(20);
    const others = await tokenOf('officer-9', 'Requests.Decide');
    await app.fetch(`${request.path}/custody`, { headers: others });
    expect((await request.events(count)).length).toBe(21);
  });

  it('adds no name to a record whose names were deleted', async () => {
    const request = await TestRequest.in(app, 'expired');
    await app.parts.ledger.update(request.id, {
      annotationsDeletedAt: app.clock.now().toISOString(),
    });
    const before = await request.entries();
    const headers = await tokenOf('officer-9', 'Requests.Decide');
    expect((await app.fetch(`${request.path}/custody`, { headers })).status).toBe(403);
    expect(await request.entries()).toEqual(before);
  });

  it('is in the audit log where it concerns no request', async () => {
    const table = new Table(app.storage.connectionString, 'officerAudit');
    const day = app.clock.now().toISOString().slice(0, 10);
    const headers = await tokenOf('officer-6', 'Requests.Decide');
    expect((await app.fetch('/api/requests', { headers })).status).toBe(403);
    const actor = app.parts.keys.keyedHash('officer', 'officer-6').slice(0, 32);
    expect((await table.list(day)).filter((row) => row['actor'] === actor)).toMatchObject([
      { event: 'roleRefused', code: 'Requests.Read' },
    ]);
  });
});

describe('a recall', () => {
  it('destroys key, package and sessions before it answers, and says what was downloaded', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const { url } = await person.link('page');
    expect((await fetch(url)).status).toBe(200);
    const at = app.clock.now().toISOString();
    await person.call('POST', 'delivered', { bytes: 20 });
    await act(request, 'deliver');
    const count = (await request.entries()).length;
    app.hub.isDown = true;
    const { status, body } = await act(request, 'recall');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...(await statusOf(request)),
      subjectNotified: true,
      downloads: {
        linksGivenOut: [at],
        handedOver: [at],
        reportedComplete: [at],
        storageLog: { until: expect.any(String) as string, reads: [expect.anything()] },
      },
    });
    expect(body['state']).toBe('recalled');
    expect(await request.events(count)).toEqual([
      'stateChanged recalled',
      'keyDestroyed',
      'messageSent recalled email',
      'endNoticed recalled email',
    ]);
    expect(await request.record()).toMatchObject({ wrappedSecret: null, reason: 'recalled' });
    expect((await fetch(url)).status).toBe(404);
    await expect(person.call('GET', 'request')).rejects.toMatchObject({
      status: 401,
      code: 'sessionEnded',
    });
    await expect(person.call('POST', 'passphrase')).rejects.toMatchObject({ code: 'sessionEnded' });
    await expect(request.opened()).rejects.toMatchObject({
      status: 404,
      code: 'invitationNotFound',
    });
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${request.id} has changed; its orchestration is notified later.`,
    );
  });
});

describe('what an officer reads', () => {
  it('is the custody record, signed now, with who did what and why', async () => {
    const request = await TestRequest.in(app, 'exporting');
    await act(request, 'cancel');
    const { entries, annotations } = await app.parts.ledger.custody(request.id);
    const { status, body } = await get(`${request.path}/custody`);
    expect(status).toBe(200);
    expect(body).toEqual({
      requestId: request.id,
      entries,
      annotations: [...annotations].map(([sequence, one]) => ({ sequence, ...one })),
      head: entries.at(-1)?.hash,
      at: app.clock.now().toISOString(),
      checkpoints: [],
      problems: [],
      signature: expect.stringMatching(/^[\w-]+\.\.[\w-]+$/) as string,
      isIntact: true,
      custody: linesOf(entries, annotations),
    });
    expect(body['annotations']).toMatchObject([{ displayName: 'Ms Privacy', justification }]);
    const text = JSON.stringify(entries);
    for (const secret of [
      request.person.email,
      request.person.phone,
      request.person.contact.id,
      justification,
    ])
      expect(text).not.toContain(secret);
    // The chain still holds when names and justifications have been deleted.
    await app.parts.ledger.deleteAnnotations(request.id);
    const after = await get(`${request.path}/custody`);
    expect(after.body).toMatchObject({ annotations: [], isIntact: true, entries });
  });

  it('is what is wrong with a custody record that somebody has cut, and no signature', async () => {
    const request = await TestRequest.in(app, 'exporting');
    await act(request, 'cancel');
    const { entries } = await app.parts.ledger.custody(request.id);
    const table = new Table(app.storage.connectionString, 'requests');
    const last = `custody-${String(entries.length).padStart(6, '0')}`;
    const before = entries.at(-2);
    await table.delete(request.id, last);
    await table.update({ partitionKey: request.id, rowKey: 'request' }, (row) => ({
      columns: { ...row, sequence: before?.sequence, chain: before?.hash },
      result: null,
    }));
    const { body } = await get(`${request.path}/custody`);
    expect(body).toMatchObject({
      isIntact: false,
      signature: null,
      problems: [
        `Entry ${entries.length} was removed.`,
        'The end of the record is not authentic.',
        `Entry ${entries.length} was written, and is missing.`,
      ],
    });
  });

  it('is a list of all requests, newest first, without anything of the people', async () => {
    const older = await TestRequest.in(app, 'received');
    app.clock.advance(1000);
    const newer = await TestRequest.in(app, 'failed');
    const { body } = await get<{ requests: { requestId: string }[] }>('/api/requests');
    const ids = body.requests.map(({ requestId }) => requestId);
    expect(ids.indexOf(newer.id)).toBeLessThan(ids.indexOf(older.id));
    expect(body.requests.find(({ requestId }) => requestId === newer.id)).toEqual({
      requestId: newer.id,
      state: 'failed',
      reasonCode: 'packageIncomplete',
      createdAt: app.clock.now().toISOString(),
      receivedAt: '2026-11-23T08:00:00.000Z',
    });
    expect(JSON.stringify(body)).not.toContain(newer.person.email);
  });

  it('are the webhooks of a request; those that failed are sent again', async () => {
    const request = await TestRequest.in(app, 'received');
    const { ledger } = app.parts;
    const body = {
      ticketId: 'T-hooks',
      identifiers: [{ type: 'email', value: 'hooks@mail.example' }],
    };
    const created = await read<{ requestId: string }>(
      await app.submit({
        receivedAt: app.clock.now().toISOString(),
        rights: ['access'],
        callback: 'https://tickets.example/hook',
        ...body,
      }),
    );
    const id = created.body.requestId;
    expect((await get(`${request.path}/webhooks`)).body).toEqual({ events: [] });
    const [first] = await ledger.webhooks(id);
    if (!first) throw new Error('There is no webhook.');
    await ledger.settleWebhook(id, { ...first, state: 'failed', attempts: 9 }, null);
    await ledger.move(id, 'cancelled');
    const [, second] = await ledger.webhooks(id);
    if (!second) throw new Error('There is no second webhook.');
    await ledger.settleWebhook(id, { ...second, state: 'delivered', attempts: 2 }, null);
    const before = (await ledger.custody(id)).entries;
    const retried = await read(
      await app.post(`/api/requests/${id}/webhooks`, {}, await app.bearer('Requests.Decide')),
    );
    const events = [
      { ...first, state: 'pending', attempts: 0 },
      { ...second, state: 'delivered', attempts: 2 },
    ];
    expect([retried.status, retried.body]).toEqual([200, { events }]);
    expect((await get(`/api/requests/${id}/webhooks`)).body).toEqual({ events });
    expect((await ledger.get(id))?.pendingWebhooks).toBe(1);
    expect(app.hub.callsOf(id)).toContain('start deliverWebhooks');
    expect((await ledger.custody(id)).entries).toEqual(before);
  });
});
