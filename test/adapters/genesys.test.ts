import type { BulkStart, Source } from '../../src/ports';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { CallLimit } from '../../src/adapters/genesys/call-limit';
import { Secret } from '../../src/adapters/keys/secret';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { download } from '../../src/adapters/genesys/download';
import { genesysSource } from '../../src/adapters/genesys/source';
import { FileRefusedError, SourceError } from '../../src/core/errors';
import { Table } from '../../src/adapters/storage/table';
import { subjectIdentifiersOf } from '../../src/core/subject/contact';
import { subjectFilter, type SubjectFilter } from '../../src/core/genesys/subject-filter';
import { eventually } from '../helpers/eventually';
import { TestStorage } from '../helpers/storage';
import { foundOf } from '../helpers/organisation';
import { loopbackFetch } from '../helpers/loopback-fetch';

const generated = generateOrganisation({ seed: 3, conversations: 20, now: new Date() });
const perMinute = (calls: number) => ({ calls, windowSeconds: 60, percentPerRequest: 100 });

let storage: TestStorage;
let simulator: GenesysSimulator;
const callsPerMinute = 10_000;
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterAll(() => storage.stop());
beforeEach(async () => {
  simulator = await GenesysSimulator.start({
    organisation: generated.organisation,
    settings: { callsPerMinute, jobDuration: 50, transcodeDuration: 100 },
  });
});
afterEach(() => simulator.stop());

interface Change {
  clientSecret?: string;
  callsPerMinute?: number;
}
const clientOf = (change: Change): GenesysClient =>
  new GenesysClient({
    region: 'mypurecloud.de',
    gatewayUrl: simulator.url,
    clientId: 'simulator-client',
    clientSecret: new Secret(change.clientSecret ?? 'simulator-secret'),
    budget: storage.callLimit(perMinute(change.callsPerMinute ?? callsPerMinute)),
  });
const sourceOf = (change: Change = {}, client = clientOf(change)): Source =>
  genesysSource(client, 'simulator-integration', loopbackFetch);

/** The id of a bulk export that was started; fails when it was not. */
function jobOf(start: BulkStart): string {
  if (start.kind !== 'started') throw new Error(`The export is ${start.kind}.`);
  return start.jobId;
}

/** A filter that every conversation passes. */
const everyone: SubjectFilter = {
  type: 'or',
  predicates: [
    { type: 'dimension', dimension: 'purpose', operator: 'matches', value: 'customer' },
    { type: 'dimension', dimension: 'purpose', operator: 'matches', value: 'agent' },
  ],
};

const email = generated.subject.emails[0]?.address ?? '';
const lookUp = (source: Source) => source.lookUpContact({ type: 'email', value: email });

async function failureOf(work: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('the client of Genesys Cloud', () => {
  it('finds a contact by its exact email address or phone number, with all identifiers', async () => {
    const contact = await lookUp(sourceOf());
    expect(contact?.id).toBe(generated.subject.id);
    expect(contact?.phones.map(({ number }) => number)).toEqual(
      generated.subject.phones.map(({ e164 }) => e164),
    );
    expect(contact?.phones[0]?.receivesSms).toBe(true);
    expect(await sourceOf().lookUpContact({ type: 'phone', value: '+4915199999999' })).toBeNull();
  });

  it('logs in once for many calls, and again when the token has ended', async () => {
    const source = sourceOf();
    await Promise.all([lookUp(source), lookUp(source), lookUp(source)]);
    const tokens = () =>
      (simulator as unknown as { authorisation: { tokens: Map<string, number> } }).authorisation
        .tokens;
    expect(tokens().size).toBe(1);
    tokens().clear();
    await expect(lookUp(source)).resolves.not.toBeNull();
    expect(tokens().size).toBe(1);
  });

  it('tells refused credentials, missing permissions and outages apart', async () => {
    expect((await failureOf(lookUp(sourceOf({ clientSecret: 'x' })))).outcome).toEqual({
      kind: 'failed',
      code: 'sourceCredentialsRefused',
    });
    simulator.settings.missingPermissions = ['externalContacts:contact:view'];
    expect((await failureOf(lookUp(sourceOf()))).outcome).toMatchObject({
      code: 'sourcePermissionMissing',
    });
    simulator.settings.missingPermissions = [];
    simulator.settings.outage = true;
    expect((await failureOf(lookUp(sourceOf()))).outcome).toMatchObject({
      kind: 'retryLater',
      reason: 'sourceUnavailable',
    });
  });

  it('recovers from a short outage by itself', async () => {
    const source = sourceOf();
    await lookUp(source);
    simulator.settings.outage = true;
    const pending = lookUp(source);
    await eventually('a refused call', () => {
      simulator.settings.outage = false;
      return Promise.resolve(true);
    });
    expect((await pending)?.id).toBe(generated.subject.id);
  });

  it('can be retried when the source does not answer at all', async () => {
    const source = sourceOf();
    await simulator.stop();
    expect((await failureOf(lookUp(source))).outcome).toMatchObject({ kind: 'retryLater' });
  });

  it('hands no call to the log of the SDK, which copies headers and bodies although it is off', async () => {
    const client = clientOf({});
    const logger = client.sdk.config.logger as unknown as { formatLog: () => string };
    const copies = jest.spyOn(logger, 'formatLog');
    await expect(lookUp(sourceOf({}, client))).resolves.not.toBeNull();
    expect(copies).not.toHaveBeenCalled();
  });

  it('keeps tokens and secrets out of every error', async () => {
    const source = sourceOf();
    await lookUp(source);
    const [token = ''] = (
      simulator as unknown as { authorisation: { tokens: Map<string, number> } }
    ).authorisation.tokens.keys();
    await simulator.stop();
    const error = await failureOf(lookUp(source));
    const text = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [
      token,
      'simulator-secret',
      btoa('simulator-client:simulator-secret'),
      email,
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('searches a window as a job and reads its results by cursor', async () => {
    const source = sourceOf();
    const contact = await lookUp(source);
    if (!contact) throw new Error('nobody');
    const filter = subjectFilter(subjectIdentifiersOf(contact));
    const tooLong = { from: '2024-01-01T00:00:00.000Z', to: '2025-01-03T00:00:00.000Z' };
    expect(await source.submitSearch(tooLong, filter)).toBeNull();
    const [own] = foundOf(generated);
    const from = `${own?.start.slice(0, 10) ?? ''}T00:00:00.000Z`;
    const window = { from, to: new Date(Date.parse(from) + 86_400_000).toISOString() };
    const jobId = (await source.submitSearch(window, filter)) ?? '';
    await eventually('the job', async () => (await source.searchState(jobId)) === 'fulfilled');
    const page = await source.searchResults(jobId, null);
    if (page === null) throw new Error('no results');
    const { conversations, cursor } = page;
    expect(conversations.map(({ conversationId }) => conversationId)).toContain(own?.id);
    expect(cursor).toBeNull();
    expect(await source.searchState('no-such-job')).toBe('gone');
  });

  it('is refused windows that are too long, and told of searches that find too much', async () => {
    const source = sourceOf();
    Object.assign(simulator.settings, {
      longestSearchDays: 10,
      longestAuditDays: 5,
      longestBulkDays: 3,
      mostPredicates: 2,
      mostSearchResults: 1,
    });
    const days = (count: number) => ({
      from: '2026-01-01T00:00:00.000Z',
      to: new Date(Date.UTC(2026, 0, 1 + count)).toISOString(),
    });
    const filter = (count: number, value = 'nobody') => {
      const predicate = {
        type: 'dimension',
        dimension: 'ani',
        operator: 'matches',
        value,
      } as const;
      return { type: 'or' as const, predicates: Array.from({ length: count }, () => predicate) };
    };
    const audit = (count: number) =>
      source.submitAuditQuery({ window: days(count), entityType: 'Contact', entityId: 'nobody' });
    expect(await source.submitSearch(days(10), filter(2))).not.toBeNull();
    expect(await source.submitSearch(days(11), filter(2))).toBeNull();
    expect(await source.submitSearch(days(10), filter(3))).toBeNull();
    expect(await audit(5)).not.toBeNull();
    expect(await audit(6)).toBeNull();
    expect((await source.startBulkExport(days(3), ['c1', 'c2'])).kind).toBe('started');
    expect((await source.startBulkExport(days(4), ['c1', 'c2'])).kind).toBe('refused');
    expect((await source.startBulkExport(days(3), ['c1', 'c2', 'c3'])).kind).toBe('refused');

    simulator.settings.longestSearchDays = 366;
    const from = new Date(Date.now() - 365 * 86_400_000).toISOString();
    const year = { from, to: new Date().toISOString() };
    const jobId = (await source.submitSearch(year, everyone)) ?? '';
    await eventually('the job', async () => (await source.searchState(jobId)) !== 'running');
    expect(await source.searchState(jobId)).toBe('failed');
  });

  it.each(['truncated', 'cutJson'] as const)(
    'may start a job twice when the answer does not come whole (%s), and one of them is read',
    async (fault) => {
      const source = sourceOf();
      const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
      const recorded = generated.organisation.conversations.find(
        ({ recordings }) => recordings[0]?.media === 'audio',
      );
      const conversationId = recorded?.id ?? '';
      const recordingId = recorded?.recordings[0]?.id ?? '';
      const day = (recorded?.start ?? '').slice(0, 10);
      const around = { from: `${day}T00:00:00.000Z`, to: `${day}T23:59:59.999Z` };
      const answers: number[] = [];
      simulator.onExchange = ({ method, status }) => {
        if (method === 'POST') answers.push(status);
      };
      simulator.setFaults(
        ['/details/jobs$', '/audits/query$', '/batchrequests$', '/recording/jobs$'].map((path) => ({
          match: `^POST .*${path}`,
          fault,
          after: 0,
          times: 1,
          milliseconds: 0,
        })),
      );
      const search = await source.submitSearch(window, { type: 'or', predicates: [] });
      const audit = await source.submitAuditQuery({
        window,
        entityType: 'Contact',
        entityId: conversationId,
      });
      const batch = await source.requestBatch([{ conversationId, recordingId }]);
      const bulk = jobOf(await source.startBulkExport(around, [conversationId]));
      expect(answers).toHaveLength(8);
      expect(simulator.faults.isSpent).toBe(true);
      await eventually('every job', async () => {
        const states = [
          (await source.searchState(search ?? '')) === 'fulfilled',
          (await source.auditQueryState(audit ?? '')) === 'fulfilled',
          (await source.batchResults(batch)) !== null,
          (await source.bulkExportState(bulk)) === 'ready',
        ];
        return states.every(Boolean);
      });
      // The other job waits to be executed for ever, and takes the place of no other.
      await source.executeBulkExport(bulk);
      jobOf(await source.startBulkExport(around, [conversationId]));
    },
  );

  it('executes a bulk export once, also when it has to say so twice', async () => {
    const source = sourceOf();
    const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
    const job = jobOf(await source.startBulkExport(window, ['nobody']));
    await eventually('the query', async () => (await source.bulkExportState(job)) === 'ready');
    const puts: number[] = [];
    simulator.onExchange = ({ method, status }) => {
      if (method === 'PUT') puts.push(status);
    };
    simulator.setFaults([
      { match: '^PUT ', fault: 'truncated', after: 0, times: 1, milliseconds: 0 },
    ]);
    await source.executeBulkExport(job);
    expect(puts).toEqual([200, 400]);
    await eventually('the job', async () => (await source.bulkExportState(job)) === 'fulfilled');
  });

  it('waits for a recording to be prepared, and reads it once it is', async () => {
    const source = sourceOf();
    const recorded = generated.organisation.conversations.find(
      ({ recordings }) => recordings[0]?.media === 'audio',
    );
    const recording = recorded?.recordings[0];
    const asked = (recordingId: string) =>
      source.requestRecording(recorded?.id ?? '', { recordingId, media: 'audio' }, 'mp3', 'merged');
    const ask = () => asked(recording?.id ?? '');
    expect(await ask()).toEqual({ kind: 'preparing' });
    const ready = await eventually('the recording', async () => {
      const answer = await ask();
      return answer.kind === 'file' && answer;
    });
    let bytes = 0;
    for await (const chunk of source.download(ready.url, 'media')) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(1000);
    expect(await asked('00000000-0000-4000-a000-000000000000')).toEqual({ kind: 'missing' });
    simulator.settings.mediaUrlLifetime = -1000;
    const expired = await ask();
    const read = async (): Promise<void> => {
      for await (const _chunk of source.download(
        expired.kind === 'file' ? expired.url : '',
        'media',
      ))
        break;
    };
    expect(await failureOf(read())).toBeInstanceOf(FileRefusedError);
  });
});

describe('a download that breaks', () => {
  let server: Server;
  const content = Buffer.alloc(300_000, 'abcdefghij');
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Serves the content, and hangs up after a while as often as asked. */
  async function serve(
    breaks: number,
    honoursRange: boolean,
    /** How many requests are answered before the address is refused. */
    validFor = Infinity,
  ): Promise<{ url: string; ranges: string[] }> {
    const ranges: string[] = [];
    let left = breaks;
    server = createServer((request, response) => {
      const range = request.headers.range;
      ranges.push(range ?? '');
      if (request.url === '/' && ranges.length > validFor) {
        response.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error/>');
        return;
      }
      const from =
        range !== undefined && honoursRange ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0;
      response.writeHead(range !== undefined && honoursRange ? 206 : 200, {
        'Content-Length': content.length - from,
        ...(from > 0
          ? { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` }
          : {}),
        ...(request.url === '/changed' ? { ETag: '"2"' } : { ETag: '"1"' }),
      });
      if (left > 0) {
        left -= 1;
        response.write(content.subarray(from, from + 70_000), () => response.destroy());
      } else response.end(content.subarray(from));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ranges };
  }

  const read = async (url: string, renewed?: string): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    const renew = renewed === undefined ? undefined : () => Promise.resolve(`${url}${renewed}`);
    for await (const chunk of download(loopbackFetch, url, 'any', renew)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  it('resumes where it stopped', async () => {
    const { url, ranges } = await serve(2, true);
    expect((await read(url)).equals(content)).toBe(true);
    expect(ranges).toHaveLength(3);
    expect(ranges[1]).toMatch(/^bytes=\d+-$/);
  });

  it('resumes from another address of the file when the first has expired', async () => {
    const { url, ranges } = await serve(1, true, 1);
    expect((await read(url, 'renewed')).equals(content)).toBe(true);
    // Refused once, and nothing is read twice.
    expect(ranges[0]).toBe('');
    expect(ranges.slice(1)).toEqual([ranges[1], ranges[1]]);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('fails when the file behind the other address is a different one', async () => {
    const { url } = await serve(1, true, 1);
    await expect(read(url, 'changed')).rejects.toThrow(SourceError);
  });

  it('fails when the server cannot resume, instead of joining the wrong bytes', async () => {
    const { url } = await serve(1, false);
    await expect(read(url)).rejects.toThrow(SourceError);
  });
});

describe('the allowance of API calls', () => {
  let own: TestStorage;
  beforeEach(async () => {
    own = await TestStorage.start();
  });
  afterEach(async () => {
    await own.stop();
    simulator.settings.callsPerMinute = callsPerMinute;
  });

  it('is used completely and not exceeded by two workers together', async () => {
    let now = Date.now() + 3_600_000;
    const limit = 100;
    const workers = [0, 1].map(() => own.callLimit(perMinute(limit), () => now));
    let taken = 0;
    const drain = async (budget: CallLimit): Promise<void> => {
      for (;;) {
        const refused = await budget.acquire().then(
          () => null,
          (error: unknown) => error as SourceError,
        );
        if (refused) {
          expect(refused.outcome).toMatchObject({
            kind: 'retryLater',
            reason: 'sourceRateLimited',
          });
          return;
        }
        taken += 1;
      }
    };
    await Promise.all(workers.map(drain));
    expect(taken).toBe(limit);
    now += 61_001;
    await Promise.all(workers.map(drain));
    expect(taken).toBe(2 * limit);
  });

  it.each(['{', 'null', '{"start":"now","granted":[],"pausedUntil":0}'])(
    'begins a new minute where its row cannot be read: %s',
    async (window) => {
      const name = `damaged-${window.length}`;
      const rowKey = own.keys.keyedHash('rateLimit/genesysCalls', name).slice(0, 32);
      const table = new Table(own.connectionString, 'rateLimits');
      await table.insert({ partitionKey: 'genesysCalls', rowKey, window });
      await new CallLimit(own.rateLimiter(), name, perMinute(20)).acquire();
      const row = await table.get('genesysCalls', rowKey);
      expect(JSON.parse(String(row?.['window']))).toMatchObject({ granted: 20, pausedUntil: 0 });
    },
  );

  it('stops every worker when the source says so', async () => {
    const now = Date.now() + 7_200_000;
    const [one, two] = [0, 1].map(() => own.callLimit(perMinute(1000), () => now));
    await one?.acquire();
    await two?.pause(60_000);
    await expect(own.callLimit(perMinute(1000), () => now).acquire()).rejects.toThrow(
      'sourceRateLimited',
    );
  });

  it('is paused for as long as a response with 429 says', async () => {
    simulator.settings.callsPerMinute = 1;
    const later = Date.now() + 10_800_000;
    const client = new GenesysClient({
      region: 'mypurecloud.de',
      gatewayUrl: simulator.url,
      clientId: 'simulator-client',
      clientSecret: new Secret('simulator-secret'),
      budget: own.callLimit(perMinute(1000), () => later),
    });
    const source = genesysSource(client, '', loopbackFetch);
    await lookUp(source);
    const { outcome } = await failureOf(lookUp(source));
    expect(outcome).toMatchObject({ kind: 'retryLater', reason: 'sourceRateLimited' });
    expect(outcome.kind === 'retryLater' && outcome.afterSeconds > 30).toBe(true);
  });
});
