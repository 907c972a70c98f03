import {
  ActivityFailure,
  openRequestActivity,
  requestActivity,
  type ActivityServices,
  type OnOpenRequest,
  type OnRequest,
} from '../../src/activities/activity';
import {
  ConflictError,
  MessageNotAcceptedError,
  MessageRefusedError,
  RequestClosedError,
  SourceError,
  StorageUnavailableError,
} from '../../src/core/errors';
import { newRequest } from '../../src/core/request/record';
import type { KeyStore, Organisation, RequestChange, RequestRecord } from '../../src/ports';

type Services = ActivityServices & { keys: Pick<KeyStore, 'unwrap'> };
type On = OnRequest<'invite', Services>;
type OnOpen = OnOpenRequest<'invite', Services>;

const requestId = 'request-1';
const now = '2026-11-25T12:00:00.000Z';
const away = new SourceError({ kind: 'retryLater', afterSeconds: 7, reason: 'sourceUnavailable' });
const main = {
  divisionContacts: new Map(),
  source: { provePermissions: () => Promise.reject(away) },
} as unknown as Organisation;
const keys = { passphrase: 'TEST-TEST' };

const recordOf = (change: Partial<RequestRecord> = {}): RequestRecord => ({
  ...newRequest({
    requestId,
    organisation: 'main',
    createdAt: now,
    receivedAt: now,
    bodyHash: 'hash',
    wrappedSecret: 'wrapped',
    hasCallback: false,
  }),
  ...change,
});

/** A request in memory that counts its reads. */
class Fixture {
  reads = 0;
  readonly changes: RequestChange[] = [];

  constructor(public record: RequestRecord | null = recordOf()) {}

  readonly services: Services = {
    clock: { now: () => new Date(now) },
    ledger: {
      get: () => {
        this.reads += 1;
        return Promise.resolve(this.record);
      },
      update: (_id, change) => {
        const record = this.record ?? recordOf();
        this.changes.push(typeof change === 'function' ? change(record) : change);
        return Promise.resolve(record);
      },
    },
    organisations: new Map([['main', main]]),
    keys: { unwrap: () => Promise.resolve(keys as never) },
  };

  readonly run = (body: (on: On) => Promise<null>) =>
    requestActivity<'invite', Services>('invite', body)(this.services)({ requestId });

  readonly runOpen = (body: (on: OnOpen) => Promise<null>) =>
    openRequestActivity<'invite', Services>('invite', body)(this.services)({ requestId });

  /** Lets the request change while the body runs, which then ends with an error. */
  readonly runInto = (after: RequestRecord | null, error: Error) =>
    this.runOpen(() => {
      this.record = after;
      return Promise.reject(error);
    });
}

const done = { kind: 'done', value: null };
const nothing = () => Promise.resolve(null);
const unreached = () => Promise.reject(new Error('The body must not run.'));

describe('an activity', () => {
  it('gives the body the input, the request, its organisation and its keys, read once', async () => {
    const fixture = new Fixture();
    let given: OnOpen | null = null;
    const result = await fixture.runOpen((on) => {
      given = on;
      return nothing();
    });
    expect(result).toEqual(done);
    const { record, services } = fixture;
    expect(given).toEqual({ input: { requestId }, record, organisation: main, services, keys });
    expect(fixture.reads).toBe(1);
    expect(fixture.changes).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['without an id', {}],
    ['with an empty id', { requestId: '' }],
    ['with a field that it does not know', { requestId, page: 1 }],
    ['that is nothing', undefined],
  ])('refuses an input %s before it reads the request', async (_name, input) => {
    const fixture = new Fixture();
    const activity = requestActivity<'invite', Services>('invite', unreached)(fixture.services);
    await expect(activity(input as never)).rejects.toThrow();
    expect(fixture.reads).toBe(0);
  });

  it.each(['cancelled', 'refused', 'recalled'] as const)(
    'that needs an open request fails when it is %s; another activity runs',
    async (state) => {
      const fixture = new Fixture(recordOf({ state }));
      const failed = { kind: 'failed', code: 'requestClosed' };
      expect(await fixture.runOpen(unreached)).toEqual(failed);
      expect(await fixture.run(nothing)).toEqual(done);
    },
  );

  it('fails when the request does not exist', async () => {
    const gone = { kind: 'failed', code: 'requestGone' };
    expect(await new Fixture(null).run(unreached)).toEqual(gone);
    expect(await new Fixture(null).runOpen(unreached)).toEqual(gone);
  });

  it('that needs an open request fails when its key is destroyed', async () => {
    const fixture = new Fixture(recordOf({ state: 'expired', wrappedSecret: null }));
    expect(await fixture.runOpen(unreached)).toEqual({ kind: 'failed', code: 'requestGone' });
  });

  it('fails when the settings have no such organisation', async () => {
    const fixture = new Fixture(recordOf({ organisation: 'sold' }));
    const failed = { kind: 'failed', code: 'organisationUnknown' };
    expect(await fixture.runOpen(unreached)).toEqual(failed);
  });
});

describe('a conflict', () => {
  const conflict = new ConflictError('A request that is available cannot become exporting.');

  it('is requestClosed when the request was closed meanwhile, also after its key is destroyed', async () => {
    for (const wrappedSecret of ['wrapped', null]) {
      const after = recordOf({ state: 'cancelled', wrappedSecret });
      const failed = { kind: 'failed', code: 'requestClosed' };
      expect(await new Fixture().runInto(after, conflict)).toEqual(failed);
    }
  });

  it('is requestGone when the row or the key was deleted meanwhile', async () => {
    for (const after of [null, recordOf({ state: 'expired', wrappedSecret: null })]) {
      const failed = { kind: 'failed', code: 'requestGone' };
      expect(await new Fixture().runInto(after, conflict)).toEqual(failed);
    }
  });

  it('is thrown when the request was only changed meanwhile, so that the activity is retried', async () => {
    const after = recordOf({ state: 'available' });
    await expect(new Fixture().runInto(after, conflict)).rejects.toBe(conflict);
  });
});

describe('an error', () => {
  it.each<[string, Error, string]>([
    ['of the source', new SourceError({ kind: 'failed', code: 'bucketRefused' }), 'bucketRefused'],
    ['of the body', new ActivityFailure('packageDamaged'), 'packageDamaged'],
    ['of a refused message', new MessageRefusedError(), 'messageRefused'],
    ['of a closed request', new RequestClosedError(), 'requestClosed'],
  ])('%s that is final is a failure with its code', async (_name, error, code) => {
    const fixture = new Fixture();
    expect(await fixture.run(() => Promise.reject(error))).toEqual({ kind: 'failed', code });
    expect(fixture.changes).toEqual([]);
  });

  it.each<[string, Error, number, string]>([
    [
      'of the source',
      new SourceError({ kind: 'retryLater', afterSeconds: 7, reason: 'sourceRateLimited' }),
      7,
      'sourceRateLimited',
    ],
    ['of a mail server', new MessageNotAcceptedError(), 30, 'messageNotAccepted'],
    ['of a quota', new MessageNotAcceptedError('Full.', 1800), 1800, 'messageNotAccepted'],
    ['of storage', new StorageUnavailableError(), 30, 'storageUnavailable'],
  ])(
    '%s that passes is a retry, and the request says what it waits for',
    async (_name, error, afterSeconds, reason) => {
      const fixture = new Fixture();
      const result = await fixture.run(() => Promise.reject(error));
      expect(result).toEqual({ kind: 'retryLater', afterSeconds, reason });
      expect(fixture.changes).toEqual([{ waiting: { reason, at: now } }]);
    },
  );

  it.each<[string, Error]>([
    [
      'of a missing permission',
      new SourceError({ kind: 'failed', code: 'sourcePermissionMissing' }, ['a:b:c']),
    ],
    ['of a source that is away', away],
    ['of storage', new StorageUnavailableError()],
  ])('%s that storage cannot note is a retry', async (_name, error) => {
    const { services } = new Fixture();
    const update = () => Promise.reject(new StorageUnavailableError());
    const ledger = { ...services.ledger, update };
    const activity = requestActivity<'invite', Services>('invite', () => Promise.reject(error));
    expect(await activity({ ...services, ledger })({ requestId })).toEqual({
      kind: 'retryLater',
      afterSeconds: 30,
      reason: 'storageUnavailable',
    });
  });

  it('that nobody expects is thrown as it is', async () => {
    const error = new TypeError('A mistake.');
    await expect(new Fixture().run(() => Promise.reject(error))).rejects.toBe(error);
  });

  it('is forgotten by the request when the activity is done', async () => {
    const waiting = { reason: 'storageUnavailable', at: now } as const;
    const fixture = new Fixture(recordOf({ waiting }));
    expect(await fixture.run(nothing)).toEqual(done);
    expect(fixture.changes).toEqual([{ waiting: null }]);
  });
});
