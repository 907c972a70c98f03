import { HttpRequest } from '@azure/functions';
import { createResolveContact } from '../../src/activities/resolve-contact';
import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { loadLocales } from '../../src/adapters/locales';
import type { TableLedger } from '../../src/adapters/storage/ledger';
import { TableOutbox } from '../../src/adapters/storage/outbox';
import type { AppContext } from '../../src/composition/app-context';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { newRequest } from '../../src/core/request/record';
import type { Contact } from '../../src/core/subject/contact';
import { withAnswers } from '../../src/core/subject/decision';
import { confirmIdentity, decideContact } from '../../src/functions/officer/decisions';
import type { OfficerHandler, OfficerRequests } from '../../src/functions/officer/officer-requests';
import { extendRequest, refuseRequest } from '../../src/functions/officer/outcomes';
import { HttpProblem } from '../../src/functions/shared/http';
import { PortalDownload } from '../../src/functions/portal/download';
import type { RequestDetails, RequestRecord, Source } from '../../src/ports';
import { completeMethod, type VerificationServices } from '../../src/services/verification';
import { fakeSource, requestEnvironment } from '../helpers/exports';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let ledger: TableLedger;
const clock = { now: () => new Date('2026-11-23T12:00:00Z') };
beforeAll(async () => {
  storage = await TestStorage.start();
  ledger = storage.ledger(clock);
});
afterAll(() => storage.stop());

const contactOf = (id: string, email: string): Contact => ({
  id,
  firstName: 'Ada',
  lastName: 'B',
  mergeSet: [id],
  phones: [],
  emails: [email],
  handles: [],
  former: [],
  createdAt: null,
});
const [one, two] = [
  contactOf('11111111-0000-4000-8000-000000000001', 'ada@mail.example'),
  contactOf('11111111-0000-4000-8000-000000000002', 'ada@mail.example'),
];
const detailsOf = (change: Partial<RequestDetails> = {}): RequestDetails => ({
  ticketId: 'T-1',
  identifiers: [{ type: 'email', value: 'ada@mail.example' }],
  name: null,
  timeZone: 'UTC',
  locale: 'en',
  contactMatches: {
    candidates: [one, two],
    shared: ['ada@mail.example'],
    isPartial: false,
    isNearMatch: false,
  },
  contact: null,
  decision: null,
  statutoryNotices: noStatutoryNotices,
  ...change,
});

let count = 0;
async function create(change: Partial<RequestDetails> = {}): Promise<RequestRecord> {
  count += 1;
  const record = newRequest({
    requestId: `two-writers-${count}`,
    organisation: 'main',
    createdAt: clock.now().toISOString(),
    receivedAt: clock.now().toISOString(),
    bodyHash: 'hash',
    wrappedSecret: await storage.keys.createSecret(),
    hasCallback: true,
  });
  await ledger.create(record, detailsOf(change), null);
  return record;
}

const stored = async ({ requestId }: RequestRecord) => {
  const record = await ledger.get(requestId);
  if (record === null) throw new Error('The request is gone.');
  return { record, details: await ledger.details(record) };
};

/** Calls a handler as an officer does who has the request on their screen as it was. */
async function call(handler: OfficerHandler, record: RequestRecord, body: object): Promise<string> {
  const request = new HttpRequest({
    method: 'POST',
    url: 'http://host.example/',
    headers: { 'content-type': 'application/json' },
    body: { string: JSON.stringify({ justification: 'Because.', ...body }) },
  });
  try {
    await handler({ request, record } as never);
    return 'done';
  } catch (error) {
    if (error instanceof HttpProblem) return error.code;
    throw error;
  }
}
const requests = {
  actionOf: () => ({ actor: 'a', displayName: 'Ms Privacy', justification: 'Because.' }),
  changed: () => Promise.resolve({ status: 200 }),
  status: () => Promise.resolve({}),
} as unknown as OfficerRequests;

describe('the details of a request', () => {
  it('lose nothing that many writers change at once', async () => {
    const record = await create({ identifiers: [] });
    const values = Array.from({ length: 8 }, (_, i) => `${i}@mail.example`);
    await Promise.all(
      values.map((value) =>
        ledger.changeDetails(record.requestId, ({ details }) => ({
          details: { ...details, identifiers: [...details.identifiers, { type: 'email', value }] },
        })),
      ),
    );
    const { details } = await stored(record);
    expect(details.identifiers.map(({ value }) => value).sort()).toEqual(values);
  });

  it('change together with the state, the columns and the custody record, or not at all', async () => {
    const record = await create();
    await ledger.changeDetails(record.requestId, ({ details }) => ({
      details: { ...details, name: 'Ada' },
      to: 'needsDecision',
      change: { reason: 'ambiguousContact' },
    }));
    await expect(
      ledger.changeDetails(record.requestId, ({ details }) => ({
        details: { ...details, name: 'Eve' },
        to: 'delivered',
      })),
    ).rejects.toThrow('cannot become');
    const after = await stored(record);
    expect(after.details.name).toBe('Ada');
    expect(after.record).toMatchObject({ state: 'needsDecision', pendingWebhooks: 2 });
    const { entries } = await ledger.custody(record.requestId);
    expect(entries.map(({ to, reasonCode }) => [to, reasonCode])).toEqual([
      ['received', undefined],
      ['needsDecision', 'ambiguousContact'],
    ]);
  });

  it('keep a refusal that comes while contacts are looked up, with the letter to the person', async () => {
    const record = await create({ contactMatches: null });
    const refuse = refuseRequest({ ledger }, requests);
    const { source } = fakeSource({
      lookUpContact: async () => {
        const body = { reasonCode: 'asExplained', explanation: 'No.' };
        expect(await call(refuse, record, body)).toBe('done');
        return one;
      },
      searchContacts: () => Promise.resolve({ contacts: [one], isPartial: false }),
    });
    await resolve(source, record);
    const { details, record: after } = await stored(record);
    expect(after.state).toBe('refused');
    expect(details.statutoryNotices.refused).toEqual({ code: 'asExplained', explanation: 'No.' });
  });

  it('keep a decision that comes while contacts are looked up, and the contact follows it', async () => {
    const record = await create({ contactMatches: null });
    const { source } = fakeSource({
      lookUpContact: async () => {
        await ledger.changeDetails(record.requestId, ({ details, record: before }) => ({
          details: { ...details, decision: decisionFor(two.id) },
          change: { decisionVersion: before.decisionVersion + 1 },
        }));
        return one;
      },
      searchContacts: () => Promise.resolve({ contacts: [one, two], isPartial: false }),
    });
    await resolve(source, record);
    const { details, record: after } = await stored(record);
    expect(details.decision?.contactIds).toEqual([two.id]);
    expect(details.contact?.id).toBe(two.id);
    expect(after.resolvedDecisionVersion).toBe(1);
  });

  const decisionFor = (contactId: string) =>
    withAnswers(null, { contactIds: [contactId], method: 'officer' }, 1, clock.now().toISOString());

  /** Runs the activity over a source, with the real ledger. */
  async function resolve(source: Source, record: RequestRecord) {
    const { env } = requestEnvironment(source);
    const services = {
      ...env,
      ledger,
      keys: storage.keys,
      login: null,
      authenticators: {
        authenticatorIdOf: () => '',
        isEnrolled: () => Promise.resolve(false),
      },
      settings: {
        authentication: { stepUp: { offered: [], isSmsSufficient: true }, loginClaim: 'email' },
      },
    } as unknown as AppContext;
    return createResolveContact(services)({ requestId: record.requestId });
  }
});

describe('two officers at once', () => {
  const decisions = () => ({
    clock,
    ledger,
    login: null,
    keys: storage.keys,
    scratch: { read: () => Promise.resolve(null) },
  });

  it('decide one after the other: the decision that stands is the one recorded last', async () => {
    const record = await create();
    const decide = decideContact(decisions(), requests);
    const choices = [[one.id], [two.id], [one.id, two.id], [two.id, one.id]];
    await Promise.all(choices.map((contactIds) => call(decide, record, { contactIds })));
    const { details, record: after } = await stored(record);
    expect(after.decisionVersion).toBe(choices.length);
    const { entries } = await ledger.custody(record.requestId);
    const last = String(entries.at(-1)?.detail?.['candidates']).split(', ');
    expect(details.decision?.contactIds).toEqual(
      last.map((number) => [one.id, two.id][Number(number) - 1]),
    );
  });

  it('decide nothing any more once the package is being written', async () => {
    const record = await create();
    for (const to of ['needsDecision', 'exporting', 'packaging'] as const)
      await ledger.move(record.requestId, to);
    const decide = decideContact(decisions(), requests);
    // On this officer's screen the request still waits for a decision.
    expect(await call(decide, record, { contactIds: [one.id] })).toBe('tooLate');
    expect((await stored(record)).details.decision).toBeNull();
  });

  it('refuse once: the reason of the state is the reason of the letter', async () => {
    const record = await create();
    const refuse = refuseRequest({ ledger }, requests);
    const codes = ['excessive', 'unfounded'] as const;
    const answers = await Promise.all(
      codes.map((reasonCode) => call(refuse, record, { reasonCode })),
    );
    expect(answers.sort()).toEqual(['done', 'wrongState']);
    const { details, record: after } = await stored(record);
    expect(details.statutoryNotices.refused?.code).toBe(after.reason);
  });

  it('extend once: the reason of the custody record is the reason of the letter', async () => {
    const record = await create();
    const extend = extendRequest(
      {
        clock,
        ledger,
        keys: storage.keys,
        outbox: new TableOutbox(storage.connectionString, clock),
        settings: {
          legalClock: { timeZone: 'UTC', holidays: new Set() },
          branding: {
            portalOrigin: 'https://portal.example',
            controllerName: 'Shop',
            controllerContact: 'p@c.example',
            colour: '#0b5c8a',
          },
          officerLocale: 'en',
        },
        locales: loadLocales(null),
        notifier: { email: () => Promise.resolve(), sms: () => Promise.resolve() },
      } as never,
      requests,
    );
    const codes = ['complexity', 'numberOfRequests'];
    const answers = await Promise.all(
      codes.map((reasonCode) => call(extend, record, { reasonCode })),
    );
    expect(answers.sort()).toEqual(['alreadyExtended', 'done']);
    const { details } = await stored(record);
    const { entries } = await ledger.custody(record.requestId);
    const extended = entries.filter(({ event }) => event === 'extended');
    expect(extended.map(({ detail }) => detail)).toEqual([
      { reasonCode: details.statutoryNotices.extended?.code },
    ]);
  });

  it('confirm no identity of a request that another has closed', async () => {
    const record = await create();
    await ledger.move(record.requestId, 'awaitingVerification');
    const seen = (await stored(record)).record;
    await ledger.move(record.requestId, 'cancelled');
    const confirm = confirmIdentity(decisions(), requests);
    expect(await call(confirm, seen, { checkMethod: 'inPerson' })).toBe('wrongState');
    expect((await stored(record)).record.verifiedAt).toBeNull();
  });
});

describe('two programs at once', () => {
  it('number their export attempts apart, so that no two write parts of one name', async () => {
    const record = await create({ contactMatches: null });
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'identifying');
    const { env } = requestEnvironment(fakeSource({}).source);
    const begin = createBeginExportAttempt({ ...env, ledger, keys: storage.keys });
    const results = await Promise.all([1, 2, 3].map(() => begin({ requestId: record.requestId })));
    const attempts = results.map((result) => result.kind === 'done' && result.value.attempt);
    expect(attempts.sort()).toEqual([1, 2, 3]);
  });

  it('verify a request by the first of two methods that are completed', async () => {
    const record = await create();
    await ledger.note(record.requestId, { event: 'identityChecked' });
    const services = {
      ledger: {
        ...bound(ledger),
        // Between the reading and the writing, an officer confirms the identity.
        get: async (id: string) => {
          const before = await ledger.get(id);
          await ledger.update(id, {
            verifiedAt: '2026-11-01T00:00:00.000Z',
            verifiedBy: 'officer',
          });
          return before;
        },
      },
      codesAndSessions: {
        sessionOf: () => ({ requestId: '', completedMethods: [], verifiedAt: '2026-11-02' }),
      },
      settings: {
        authentication: { stepUp: { offered: ['sms'], isSmsSufficient: true } },
      },
    } as unknown as VerificationServices;
    const subject = { requestId: record.requestId, completedMethods: [] };
    await completeMethod(services, subject, 'sms');
    expect((await stored(record)).record).toMatchObject({
      verifiedAt: '2026-11-01T00:00:00.000Z',
      verifiedBy: 'officer',
    });
  });

  const bound = (of: TableLedger) => ({
    note: of.note.bind(of),
    update: of.update.bind(of),
    details: of.details.bind(of),
  });

  it('keep the later end of two links', async () => {
    const record = await create();
    const download = new PortalDownload(
      {
        clock,
        ledger,
        keys: storage.keys,
        packages: { link: () => Promise.resolve({ url: '', expiresAt: '' }) },
        settings: { delivery: { portalLinkMinutes: 5, browserLinkMinutes: 60 } },
      } as never,
      {
        postBody: (request: HttpRequest) => request.json(),
        steppedUpSession: () =>
          Promise.resolve({
            session: { completedMethods: ['sms'] },
            record: {
              ...record,
              state: 'available',
              availableUntil: '2026-11-30T00:00:00.000Z',
            },
          }),
      } as never,
    );
    const ask = (by: string) =>
      download.link(
        new HttpRequest({
          method: 'POST',
          url: 'http://host.example/',
          body: { string: JSON.stringify({ by }) },
        }),
      );
    await ask('browser');
    await ask('page');
    expect((await stored(record)).record.downloadUntil).toBe('2026-11-23T13:05:00.000Z');
  });

  it('settle a webhook once, whoever is later', async () => {
    const record = await create();
    const [event] = await ledger.webhooks(record.requestId);
    if (!event) throw new Error('There is no event.');
    await ledger.move(record.requestId, 'needsDecision');
    await Promise.all(
      [1, 2, 3].map((attempts) =>
        ledger.settleWebhook(record.requestId, { ...event, attempts, state: 'delivered' }, null),
      ),
    );
    await ledger.settleWebhook(record.requestId, { ...event, attempts: 4, state: 'pending' }, null);
    expect((await stored(record)).record.pendingWebhooks).toBe(1);
    const states = (await ledger.webhooks(record.requestId)).map(({ state }) => state);
    expect(states).toEqual(['delivered', 'pending']);
  });

  it('do not take back what the outbox says was sent', async () => {
    const outbox = new TableOutbox(storage.connectionString, clock);
    await Promise.all([1, 2, 3].map(() => outbox.intend('r', 'k', null)));
    await outbox.settle('r', 'k', 'sent');
    expect(await outbox.intend('r', 'k', null)).toBe('sent');
    await outbox.settle('r', 'k', 'refused');
    expect(await outbox.intend('r', 'k', null)).toBe('sent');
    await outbox.settle('r', 'none', 'sent');
    expect(await outbox.intend('r', 'none', null)).toBe('intended');
  });
});
