import { Secret, TOTP } from 'otpauth';
import { TableCodeAndSessionStore } from '../../src/adapters/authentication/codes-and-sessions';
import { TableAuthenticators } from '../../src/adapters/authentication/totp';
import { Table } from '../../src/adapters/storage/table';
import { QuotaNotifier } from '../../src/adapters/messaging/notifier';
import { TableOutbox } from '../../src/adapters/storage/outbox';
import { MessageNotAcceptedError } from '../../src/core/errors';
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
    expect(await access().hasCode('repeat', 'officer')).toBe(true);
    expect(await access().checkCode('repeat', 'sms', next.code)).toBe('wrong');
    expect(await access().checkCode('repeat', 'officer', next.code)).toBe('accepted');
    expect(await access().hasCode('repeat', 'officer')).toBe(false);
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

describe('messages', () => {
  it('beyond the quota of the provider are not accepted, counted over all processes', async () => {
    let sent = 0;
    const sender = {
      email: () => Promise.resolve(),
      sms: () => {
        sent += 1;
        return Promise.resolve();
      },
    };
    // A window of a day: none ends while this test runs.
    const quota = () => storage.rateLimiter().lease('messages', 'all', 4, 86_400);
    const notifiers = [quota(), quota()].map((one) => new QuotaNotifier(sender, sender, one));
    const message = { to: '+491511', text: 'x', operationId: 'x' };
    const answers = await Promise.allSettled(
      notifiers.flatMap((one) => Array.from({ length: 4 }, () => one.sms(message))),
    );
    expect(sent).toBe(4);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toBeInstanceOf(MessageNotAcceptedError);
    }
  });

  it('leave an intent before and a receipt after', async () => {
    const outbox = new TableOutbox(storage.connectionString, clock);
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
    expect(await outbox.pending()).toEqual([
      { requestId: 'm', key: 'code-1', at: now.toISOString() },
    ]);
    await outbox.settle('m', 'code-1', 'sent');
    expect(await outbox.intend('m', 'code-1')).toBe('sent');
    expect(await outbox.pending()).toEqual([]);
    await outbox.forget('m');
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
    // A message that is still being sent while its request is deleted leaves nothing.
    await outbox.forget('m');
    await outbox.settle('m', 'code-1', 'sent');
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
  });
});
