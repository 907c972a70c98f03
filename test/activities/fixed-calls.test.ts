import { CallTally } from '../../local/genesys/call-tally';
import { generateOrganisation, withMergedContact } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { createAdvanceSearches } from '../../src/activities/advance-searches';
import { createExportPerson } from '../../src/activities/export-person';
import { createPlanPages } from '../../src/activities/plan-pages';
import { createPlanSearches } from '../../src/activities/plan-searches';
import { createProbeSource } from '../../src/activities/probe-source';
import { createResolveContact } from '../../src/activities/resolve-contact';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { genesysSource } from '../../src/adapters/genesys/source';
import { Secret } from '../../src/adapters/keys/secret';
import { personBlob } from '../../src/core/package/blob-names';
import type { ActivityResult } from '../../src/core/results';
import type { RequestDetails, RequestRecord, StoredChange, StoredRequest } from '../../src/ports';
import { requestEnvironment } from '../helpers/exports';
import { loopbackFetch } from '../helpers/loopback-fetch';

const requestId = 'request';
/** Longer than any test: a job that is not done. */
const never = 1e12;

describe('the calls of a request that do not grow with the conversations', () => {
  const generated = withMergedContact(
    generateOrganisation({ seed: 3, conversations: 20, now: new Date() }),
  );
  const { subject } = generated;
  let simulator: GenesysSimulator;
  let tally: CallTally;
  beforeEach(async () => {
    tally = new CallTally();
    simulator = await GenesysSimulator.start({
      organisation: generated.organisation,
      settings: { callsPerMinute: 100_000 },
      onExchange: (exchange) => tally.note(exchange),
    });
  });
  afterEach(() => simulator.stop());

  /** The app as far as these calls go, with everything that it stores in memory. */
  function request() {
    const client = new GenesysClient({
      region: 'unused.invalid',
      gatewayUrl: simulator.url,
      clientId: 'simulator-client',
      clientSecret: new Secret('simulator-secret'),
      budget: { acquire: () => Promise.resolve(), pause: () => Promise.resolve() },
    });
    const { env, record, blobs, itemsOf } = requestEnvironment(
      genesysSource(client, '', loopbackFetch),
      {
        deletionHold: false,
      },
    );
    let details = {
      identifiers: [{ type: 'email', value: subject.emails[0]?.address ?? '' }],
      name: null,
      contactMatches: null,
      contact: null,
      decision: null,
      locale: 'en',
      timeZone: 'UTC',
    } as unknown as RequestDetails;
    const { ledger, settings } = env;
    Object.assign(env, {
      ledger: {
        ...ledger,
        details: () => Promise.resolve(details),
        changeDetails: (_id: string, change: (stored: StoredRequest) => StoredChange) => {
          const stored = { details, record: record as unknown as RequestRecord };
          ({ details } = change(stored));
          return Promise.resolve({ ...stored, details });
        },
      },
      settings: {
        ...settings,
        authentication: {
          stepUp: { offered: ['sms'], isSmsSufficient: true },
          loginClaim: 'email',
        },
      },
      authenticators: { authenticatorIdOf: () => 'a', isEnrolled: () => Promise.resolve(false) },
      login: null,
    });
    return { env, record, blobs, itemsOf };
  }

  function valueOf<T>(result: ActivityResult<T>): T {
    if (result.kind !== 'done') throw new Error(JSON.stringify(result));
    return result.value;
  }

  /** Polls as the orchestration does; each job is done at the third poll. */
  async function poll(run: () => Promise<ActivityResult<{ waiting: number }>>): Promise<void> {
    for (let rounds = 0; rounds < 100; rounds += 1) {
      for (const jobDuration of [never, never, 0]) {
        simulator.settings.jobDuration = jobDuration;
        if (valueOf(await run()).waiting === 0) return;
      }
    }
    throw new Error('The jobs do not end.');
  }

  async function fulfil({ env, itemsOf, record }: ReturnType<typeof request>): Promise<void> {
    expect(valueOf(await createResolveContact(env)({ requestId }))).toEqual({ outcome: 'found' });
    expect(valueOf(await createProbeSource(env)({ requestId }))).toEqual({ problem: null });
    const { groups } = valueOf(await createPlanSearches(env)({ requestId }));
    for (let group = 1; group <= groups; group += 1)
      await poll(() => createAdvanceSearches(env)({ requestId, group }));
    const planned = valueOf(await createPlanPages(env)({ requestId }));
    expect(planned.conversations).toBe(20);
    await poll(() => createExportPerson(env)({ requestId }));
    expect(itemsOf(0).every(({ status }) => status === 'exported')).toBe(true);
    expect(record['searched']).toMatchObject({ windows: groups === 1 ? 7 : 83 });
  }

  /** Audits of the person that the source still has. */
  const auditsKept = generated.organisation.audits.filter(
    ({ entityId, at }) =>
      [subject.id, ...subject.notes.map(({ id }) => id)].includes(entityId) &&
      Date.parse(at) > Date.now() - 365 * 86_400_000,
  );

  it('are 150 at most for 20 conversations in seven years, two contact ids and two notes', async () => {
    const one = request();
    // An organisation of which nothing is known yet: what is learned is paid for, too.
    await fulfil(one);
    const person = await one.env.scratch.read('request', personBlob, Buffer.alloc(32));
    const found = person?.audits.flatMap(({ results }) => results.map(({ id }) => id)) ?? [];
    expect(found.sort()).toEqual(auditsKept.map(({ id }) => id).sort());
    expect(found).toHaveLength(3);
    expect(person?.contacts.found).toHaveLength(2);
    expect(tally.total).toBeLessThanOrEqual(150);
  });

  it('find the same audits where those of notes tell of more than changes', async () => {
    simulator.settings.noteActions = ['Create', 'Update', 'Delete', 'View'];
    const one = request();
    await fulfil(one);
    const person = await one.env.scratch.read('request', personBlob, Buffer.alloc(32));
    const queries = person?.audits ?? [];
    expect(queries.flatMap(({ results }) => results)).toHaveLength(auditsKept.length);
    // The older note is asked about for the whole year, in intervals of 30 days.
    const [old] = subject.notes;
    expect(queries.filter(({ entityId }) => entityId === old?.id)).toHaveLength(13);
  });
});
