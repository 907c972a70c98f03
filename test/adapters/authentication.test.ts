import { randomBytes } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { Secret, TOTP } from 'otpauth';
import { TableCodeAndSessionStore } from '../../src/adapters/authentication/codes-and-sessions';
import { OpenIdLogin } from '../../src/adapters/authentication/openid-login';
import { TableAuthenticators } from '../../src/adapters/authentication/totp';
import { Secret as ClientSecret } from '../../src/adapters/keys/secret';
import { Table } from '../../src/adapters/storage/table';
import { QuotaNotifier } from '../../src/adapters/messaging/notifier';
import { TableOutbox } from '../../src/adapters/storage/outbox';
import { LoginRefusedError, MessageNotAcceptedError } from '../../src/core/errors';
import { Directory } from '../helpers/directory';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let now = new Date('2026-11-23T12:00:00Z');
const clock = { now: () => now };
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterAll(() => storage.stop());

describe('codes and sessions', () => {
  const policy = { offered: ['sms', 'totp'], isSmsSufficient: true } as const;
  const codeKey = Buffer.alloc(32, 7);
  const access = (isSmsSufficient = true) =>
    new TableCodeAndSessionStore(storage.connectionString, storage.keys, clock, {
      ...policy,
      isSmsSufficient,
    });
  const issue = async (requestId: string): Promise<string> => {
    const issued = await access().issueCode(requestId, 'sms', codeKey);
    return issued.kind === 'issued' ? issued.code : '';
  };
  const check = (requestId: string, code: string) => access().checkCode(requestId, 'sms', code);
  const otherThan = (code: string): string => (code === '11111111' ? '22222222' : '11111111');

  it('count parallel guesses one by one: five attempts and no more', async () => {
    const right = await issue('guessed');
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => check('guessed', otherThan(right))),
    );
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(5);
    expect(await check('guessed', right)).toBe('expired');
  });

  it('accept a code once, and not after ten minutes', async () => {
    const first = await issue('once');
    expect(first).toMatch(/^\d{8}$/);
    expect(await check('once', first)).toBe('accepted');
    expect(await check('once', first)).toBe('expired');
    const second = await issue('once');
    now = new Date(now.getTime() + 600_001);
    expect(await check('once', second)).toBe('expired');
  });

  it('repeat the same code, make a different one each time, and keep the codes of officers apart', async () => {
    const issued = await access().issueCode('repeat', 'sms', codeKey);
    const next = await access().issueCode('repeat', 'officer', codeKey);
    if (issued.kind !== 'issued' || next.kind !== 'issued') throw new Error('no codes');
    expect(access().repeatCode(issued.number, codeKey)).toBe(issued.code);
    expect(next.code).not.toBe(issued.code);
    expect((await access().standing('repeat')).valid).toEqual(['sms', 'officer']);
    expect(await access().checkCode('repeat', 'sms', next.code)).toBe('wrong');
    expect(await access().checkCode('repeat', 'officer', next.code)).toBe('accepted');
    expect((await access().standing('repeat')).valid).toEqual(['sms']);
  });

  it('issue five codes an hour and no more', async () => {
    for (let i = 0; i < 5; i += 1) expect(await issue('resend')).not.toBe('');
    expect(await issue('resend')).toBe('');
    now = new Date(now.getTime() + 3_600_001);
    expect(await issue('resend')).not.toBe('');
  });

  it('lock a method out for a day after fifteen wrong attempts by it, however many come at once', async () => {
    const answers: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const right = await issue('locked');
      for (let j = 0; j < 5; j += 1) answers.push(await check('locked', otherThan(right)));
    }
    const byApp = await Promise.all(
      Array.from({ length: 20 }, () => access().checkByApp('locked', () => Promise.resolve(false))),
    );
    expect(byApp.filter((answer) => answer === 'wrong')).toHaveLength(14);
    expect(byApp.filter((answer) => answer === 'lockedOut')).toHaveLength(6);
    expect(answers).toEqual([...Array<string>(14).fill('wrong'), 'lockedOut']);
    expect(await access().checkByApp('locked', () => Promise.resolve(true))).toBe('lockedOut');
    expect(await issue('locked')).toBe('');
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await issue('locked')).not.toBe('');
  });

  it('verify a person by a text message alone only where the policy says that it is sufficient', () => {
    expect(access().sessionOf('p', ['sms']).verifiedAt).not.toBeNull();
    expect(access(false).sessionOf('p', ['sms']).verifiedAt).toBeNull();
    expect(access(false).sessionOf('p', ['sms', 'totp']).verifiedAt).not.toBeNull();
    expect(access(false).sessionOf('p', []).verifiedAt).toBeNull();
  });

  it('end a session after fifteen idle minutes, and all sessions of a request at once', async () => {
    const token = await access().startSession('s', []);
    now = new Date(now.getTime() + 14 * 60_000);
    const session = { requestId: 's', completedMethods: [], verifiedAt: null };
    expect(await access().session(token)).toEqual(session);
    now = new Date(now.getTime() + 14 * 60_000);
    expect(await access().session(token)).not.toBeNull();
    now = new Date(now.getTime() + 15 * 60_000 + 1);
    expect(await access().session(token)).toBeNull();
    const other = await access().startSession('s', ['sms']);
    await access().putInvitation('s', 'token');
    expect(await access().invitation('token')).toBe('s');
    await access().endAll('s');
    expect([await access().session(other), await access().invitation('token')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('authenticator apps', () => {
  const apps = () => new TableAuthenticators(storage.connectionString, storage.keys, clock, 'Shop');
  const codeAt = (secret: string, time: Date): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time.getTime() });
  const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

  it('are valid once their first code was entered; each code counts once, and at most a step early or late', async () => {
    const id = await apps().authenticatorIdOf('main', 'contact-1');
    expect(id).not.toBe(await apps().authenticatorIdOf('other', 'contact-1'));
    const { secret, uri } = await apps().enrol(id);
    expect(uri).toContain(`secret=${secret}`);
    expect(await apps().isEnrolled(id)).toBe(false);
    expect(await apps().check(id, codeAt(secret, now))).toBe(false);
    const first = codeAt(secret, now);
    const recovery = await apps().confirm(id, first);
    expect(new Set(recovery).size).toBe(10);
    expect(await apps().isEnrolled(id)).toBe(true);
    expect(await apps().check(id, first)).toBe(false);
    expect(await apps().check(id, codeAt(secret, later(90)))).toBe(false);
    const next = codeAt(secret, later(30));
    const answers = await Promise.all([1, 2, 3, 4].map(() => apps().check(id, next)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    expect(await apps().check(id, codeAt(secret, later(-30)))).toBe(false);
  });

  it('can be replaced by recovery codes, each of them once, however it is written', async () => {
    const id = await apps().authenticatorIdOf('main', 'contact-2');
    const { secret } = await apps().enrol(id);
    const [one = '', two = ''] = (await apps().confirm(id, codeAt(secret, now))) ?? [];
    expect(await apps().check(id, one.toLowerCase().replace(/^(.{5})/, '$1-'))).toBe(true);
    expect(await apps().check(id, one)).toBe(false);
    expect(await apps().check(id, two)).toBe(true);
    await apps().remove(id);
    expect(await apps().isEnrolled(id)).toBe(false);
  });

  it('keep their secret from whoever reads the table', async () => {
    const id = await apps().authenticatorIdOf('main', 'contact-3');
    const { secret } = await apps().enrol(id);
    const rows = await new Table(storage.connectionString, 'authenticators').query(
      "PartitionKey eq 'totp'",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain('contact-');
  });
});

describe('a sign-in by OpenID Connect', () => {
  let directory: Directory;
  beforeEach(async () => {
    directory = await Directory.start();
  });
  afterEach(() => directory.stop());
  const loginOf = (context: string | null) =>
    new OpenIdLogin({
      ...{ issuer: directory.issuer, clientId: 'officers', scope: 'openid' },
      clientSecret: new ClientSecret('secret'),
      redirectUri: 'https://portal.example/portal/officer/callback',
      signIn: { acr: [], amr: [], context, maxAgeSeconds: null },
    });

  it('asks Microsoft Entra ID for the authentication context, which the answer must have', async () => {
    const login = loginOf('c1');
    const signIn = async (claims: object) => {
      const start = await login.begin();
      return login.finish(directory.signIn(start.url, { ...claims }), start);
    };
    const { searchParams } = new URL((await login.begin()).url);
    expect(JSON.parse(searchParams.get('claims') ?? '')).toStrictEqual({
      id_token: { acrs: { essential: true, value: 'c1' } },
    });
    await expect(signIn({ acrs: ['c1'] })).resolves.toMatchObject({ acrs: ['c1'] });
    await expect(signIn({ acrs: ['c2'] })).rejects.toEqual(
      new LoginRefusedError('notStrongEnough'),
    );
    const { url } = await loginOf(null).begin();
    expect(new URL(url).searchParams.has('claims')).toBe(false);
  });

  it('succeeds once the provider answers, although it did not at the sign-in before', async () => {
    const login = loginOf(null);
    directory.isDown = true;
    await expect(login.begin()).rejects.toThrow();
    directory.isDown = false;
    const start = await login.begin();
    const query = directory.signIn(start.url, { name: 'Ms Privacy' });
    await expect(login.finish(query, start)).resolves.toMatchObject({ name: 'Ms Privacy' });
  });
});

describe('messages', () => {
  const sender = () => {
    const sent = { emails: 0, texts: 0 };
    const count = (kind: keyof typeof sent) => () => {
      sent[kind] += 1;
      return Promise.resolve();
    };
    return { sent, email: count('emails'), sms: count('texts') };
  };
  const text = { to: '+491511', text: 'x', operationId: 'x' };
  const mail = { to: 'a@mail.example', subject: 'x', text: 'x', html: 'x', messageId: '<x@x>' };
  /** Notifiers of two processes, which share the quotas of one provider. */
  const notifiers = (
    provider: ReturnType<typeof sender>,
    name: string,
    limits: { emails: [perMinute: number, perHour: number]; texts: number },
  ) =>
    [0, 1].map(() => {
      const lease = (what: string, uses: number, seconds: number) =>
        storage
          .rateLimiter(() => now.getTime())
          .lease('messages', `${name}/${what}`, uses, seconds);
      const [perMinute, perHour] = limits.emails;
      return new QuotaNotifier(provider, provider, {
        emails: [lease('minute', perMinute, 60), lease('hour', perHour, 3600)],
        texts: [lease('texts', limits.texts, 60)],
      });
    });
  const passSeconds = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };

  it('beyond the quota of the provider are not accepted, counted over all processes', async () => {
    const provider = sender();
    const both = notifiers(provider, 'all', { emails: [1, 1], texts: 4 });
    const answers = await Promise.allSettled(
      both.flatMap((one) => Array.from({ length: 4 }, () => one.sms(text))),
    );
    expect(provider.sent).toEqual({ emails: 0, texts: 4 });
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(4);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(MessageNotAcceptedError);
  });

  it('keep within the quota of a minute and that of an hour, and say how long they wait', async () => {
    const provider = sender();
    const both = notifiers(provider, 'hourly', { emails: [3, 7], texts: 1 });
    /** Offers an email to each process in turn, until one is refused. */
    const offerAll = async (): Promise<unknown> => {
      for (let turn = 0; turn < 20; turn += 1) {
        const refused: unknown = await both[turn % 2]?.email(mail).then(
          () => null,
          (error: unknown) => error,
        );
        if (refused !== null) return refused;
      }
      return null;
    };
    const sentInMinutes: number[] = [];
    for (let minute = 0; minute < 3; minute += 1) {
      const before = provider.sent.emails;
      const refused = await offerAll();
      sentInMinutes.push(provider.sent.emails - before);
      // By the minute twice, then by the hour, of which two minutes of 61 seconds have passed.
      expect(refused).toMatchObject({ afterSeconds: minute < 2 ? 61 : 3660 - 122 });
      passSeconds(61);
    }
    expect(sentInMinutes).toEqual([3, 3, 1]);
    passSeconds(3660 - 3 * 61);
    await offerAll();
    expect(provider.sent.emails).toBe(10);
  });

  it('of one kind do not use up the quota of the other: a code does not wait for mails', async () => {
    const provider = sender();
    const [notifier] = notifiers(provider, 'kinds', { emails: [1, 1], texts: 1 });
    await notifier?.email(mail);
    await expect(notifier?.email(mail)).rejects.toThrow(MessageNotAcceptedError);
    await notifier?.sms(text);
    expect(provider.sent).toEqual({ emails: 1, texts: 1 });
  });

  it('are kept sealed by the writes of intent and receipt, and by no others', async () => {
    const outbox = new TableOutbox(storage.connectionString, clock);
    const dataKey = randomBytes(32);
    const content = { to: 'z•••', text: { subject: 'Your request', text: 'x'.repeat(40_000) } };
    await outbox.forget('w');
    // The first write of all creates the table.
    await outbox.intend('before', 'invitation', null);
    await outbox.settle('before', 'invitation', 'sent');
    const writes = (
      ['createEntity', 'updateEntity', 'submitTransaction', 'upsertEntity'] as const
    ).map((name) => jest.spyOn(TableClient.prototype, name));
    const written = (): number => writes.reduce((total, { mock }) => total + mock.calls.length, 0);
    await outbox.intend('w', 'invitation', { content, dataKey });
    await outbox.intend('w', 'invitation', { content, dataKey });
    expect(written()).toBe(1);
    await outbox.settle('w', 'invitation', 'sent');
    await outbox.settle('w', 'invitation', 'sent');
    await outbox.intend('w', 'invitation', { content, dataKey });
    await outbox.postpone('w', 'invitation', 30);
    expect(written()).toBe(2);
    // What another call has meant to send is composed by whoever sends it.
    await outbox.intend('w', 'extended', null);
    await outbox.intend('w', 'extended', { content, dataKey: null });
    expect(written()).toBe(3);
    await outbox.intend('w', 'extended', { content, dataKey });
    expect(written()).toBe(4);
    for (const write of writes) write.mockRestore();
    expect(await outbox.list('w', dataKey)).toMatchObject([
      { key: 'extended', state: 'intended', attempts: 0, content },
      { key: 'invitation', state: 'sent', attempts: 1, nextTryAt: null, content },
    ]);
    for (const key of [null, randomBytes(32)])
      expect((await outbox.list('w', key)).map((one) => one.content)).toEqual([null, null]);
    await outbox.forget('w');
  });

  it('of an earlier version are listed without what they said', async () => {
    const table = new Table(storage.connectionString, 'outbox');
    const at = now.toISOString();
    await table.put(
      (['sent', 'intended'] as const).map((state) => ({
        ...{ partitionKey: 'old', rowKey: `k-${state}`, state, at },
      })),
    );
    const outbox = new TableOutbox(storage.connectionString, clock);
    expect(await outbox.list('old', randomBytes(32))).toEqual([
      { key: 'k-intended', state: 'intended', at, attempts: 0, nextTryAt: null, content: null },
      { key: 'k-sent', state: 'sent', at, attempts: 1, nextTryAt: null, content: null },
    ]);
    await outbox.forget('old');
  });

  it('leave an intent before and a receipt after', async () => {
    const outbox = new TableOutbox(storage.connectionString, clock);
    expect(await outbox.intend('m', 'code-1', null)).toBe('intended');
    expect(await outbox.intend('m', 'code-1', null)).toBe('intended');
    expect(await outbox.pending()).toEqual([
      { requestId: 'm', key: 'code-1', at: now.toISOString() },
    ]);
    await outbox.settle('m', 'code-1', 'sent');
    expect(await outbox.intend('m', 'code-1', null)).toBe('sent');
    expect(await outbox.pending()).toEqual([]);
    await outbox.forget('m');
    expect(await outbox.intend('m', 'code-1', null)).toBe('intended');
    // A message that is still being sent while its request is deleted leaves nothing.
    await outbox.forget('m');
    await outbox.settle('m', 'code-1', 'sent');
    expect(await outbox.intend('m', 'code-1', null)).toBe('intended');
  });
});
