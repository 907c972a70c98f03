import { linesOf } from '../../src/core/custody/chain';
import { emptyCounts } from '../../src/core/package/items';
import { requestStates, type RequestState } from '../../src/core/request/states';
import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import type { HttpApp } from '../helpers/http-app';
import { read, type Answer } from '../helpers/http-app';
import { TestRequest, type Arrangement } from '../helpers/http-requests';
import {
  actions,
  justification,
  officerCalls,
  startOfficerApp,
  type ActionName,
} from '../helpers/officer-actions';

let app: HttpApp;
beforeAll(async () => {
  app = await startOfficerApp();
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());
const { act, get, statusOf } = officerCalls(() => app);

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
    const answers = async (request: TestRequest, name: ActionName): Promise<void> => {
      const answer = answerOf(await act(request, name));
      expect(`${name} ${answer}`).toBe(`${name} ${expected(name, state)}`);
    };
    const untouched = await TestRequest.in(app, state);
    const before = await untouched.entries();
    for (const name of names) if (!isAllowed(name)) await answers(untouched, name);
    expect(await untouched.entries()).toEqual(before);
    expect(untouched.calls()).toEqual([]);
    const [first, ...others] = names.filter(isAllowed);
    if (first) await answers(untouched, first);
    for (const name of others) await answers(await TestRequest.in(app, state), name);
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

  /** What an action answers: the status, and after a decision its number. */
  const saidAfter = async ({ name }: Effect, request: TestRequest): Promise<object> => {
    const { decisionVersion } = await request.record();
    return { ...(await statusOf(request)), ...(name === 'decide' ? { decisionVersion } : {}) };
  };

  it.each(cases)(
    'is written with who did it and why, and its orchestration is notified: %s',
    async (_, effect) => {
      const request = await arranged(effect);
      const count = (await request.entries()).length;
      const { status, body } = await act(request, effect.name, effect.change);
      expect(status).toBe(200);
      expect(body).toEqual(await saidAfter(effect, request));
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
    expect(body).toEqual(await saidAfter(effect, request));
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
    const table = app.table('officerAudit');
    const day = app.clock.now().toISOString().slice(0, 10);
    const headers = await tokenOf('officer-6', 'Requests.Decide');
    expect((await app.fetch('/api/requests', { headers })).status).toBe(403);
    const actor = app.parts.keys.keyedHash('officer', 'officer-6').slice(0, 32);
    expect((await table.list(day)).filter((row) => row['actor'] === actor)).toMatchObject([
      { event: 'roleRefused', code: 'Requests.Read' },
    ]);
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
      brokenAt: [],
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
    const table = app.table('requests');
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
      brokenAt: [entries.length],
    });
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
