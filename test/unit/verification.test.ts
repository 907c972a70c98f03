import type { Contact } from '../../src/core/subject/contact';
import { MessageNotAcceptedError } from '../../src/core/errors';
import { newRequest } from '../../src/core/request/record';
import type { CustodyFact } from '../../src/core/custody/record';
import type { StepUpMethod } from '../../src/core/authentication/step-up';
import { isSufficient } from '../../src/core/authentication/step-up';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import type { CodeCheck, ColumnChange, RequestDetails, RequestRecord } from '../../src/ports';
import {
  checkCode,
  checkLogin,
  completeMethod,
  type VerificationServices,
} from '../../src/services/verification';
import { sendCode, type CodeSendingServices } from '../../src/services/verification-codes';

const requestId = '11111111-1111-4111-8111-111111111111';
const now = '2026-11-23T12:00:00.000Z';
const phone = '+4915112345678';
const contact = {
  id: 'contact-1',
  emails: ['zoe@mail.example'],
  phones: [{ number: phone, receivesSms: true }],
} as Contact;
const details: RequestDetails = {
  ticketId: 'T-1',
  identifiers: [{ type: 'email', value: 'zoe@mail.example' }],
  name: null,
  locale: 'en',
  timeZone: 'UTC',
  contactMatches: null,
  contact,
  decision: null,
  statutoryNotices: noStatutoryNotices,
};
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
  state: 'awaitingVerification',
  ...change,
});

/** A request in memory, with what is recorded of it. */
class Fixture {
  readonly facts: string[] = [];
  readonly used: Record<string, number> = {};
  check: CodeCheck = 'accepted';
  isAppCodeRight = true;
  isSmsSufficient = true;
  appIds: string[] = [];

  constructor(public record: RequestRecord | null = recordOf()) {}

  readonly ledger = {
    get: () => Promise.resolve(this.record),
    details: () => Promise.resolve(details),
    changeDetails: () => Promise.reject(new Error('Nothing of a contact on file is kept.')),
    note: (_id: string, { event, detail }: CustodyFact) => {
      this.facts.push(`${event} ${String(detail?.['method'] ?? detail?.['channel'])}`);
      return Promise.resolve();
    },
    update: (_id: string, change: ColumnChange) => {
      const before = this.record ?? recordOf();
      const changed = typeof change === 'function' ? change(before) : change;
      if (this.record) this.record = { ...before, ...changed };
      return Promise.resolve({ ...before, ...changed });
    },
  };
  readonly rateLimiter = {
    tryAcquire: (kind: string, key: string, limit: number) => {
      const count = (this.used[`${kind} ${key}`] ?? 0) + 1;
      this.used[`${kind} ${key}`] = count;
      return Promise.resolve(count <= limit);
    },
  };
  get services(): VerificationServices {
    return {
      ledger: this.ledger,
      rateLimiter: this.rateLimiter,
      codesAndSessions: {
        checkCode: () => Promise.resolve(this.check),
        checkByApp: async (_id, check) => ((await check()) ? 'accepted' : 'wrong'),
        sessionOf: (id: string, completedMethods: StepUpMethod[]) => ({
          requestId: id,
          completedMethods,
          verifiedAt: isSufficient(completedMethods, this) ? now : null,
        }),
      },
      authenticators: {
        authenticatorIdOf: (organisation, contactId) =>
          Promise.resolve(`${organisation}/${contactId}`),
        check: (id) => {
          this.appIds.push(id);
          return Promise.resolve(this.isAppCodeRight);
        },
      },
      settings: {
        authentication: {
          stepUp: { offered: ['sms', 'totp', 'oidc'], isSmsSufficient: this.isSmsSufficient },
          loginClaim: 'email',
          codeLimits: { perNumberPerDay: 2, perCountryPerDay: 3, countries: new Set(['DE']) },
        },
      },
    };
  }
}

describe('a code that is checked', () => {
  const attempt = { requestId, method: 'sms', code: '12345678' } as const;

  it('is recorded as a refusal each time it is wrong', async () => {
    const fixture = new Fixture();
    fixture.check = 'wrong';
    for (let i = 0; i < 2; i += 1) expect(await checkCode(fixture.services, attempt)).toBe('wrong');
    expect(fixture.facts).toEqual(['stepUpRefused sms', 'stepUpRefused sms']);
  });

  it('is recorded as a lock-out once a day', async () => {
    const fixture = new Fixture();
    fixture.check = 'lockedOut';
    for (let i = 0; i < 5; i += 1)
      expect(await checkCode(fixture.services, attempt)).toBe('lockedOut');
    expect(fixture.facts).toEqual(['stepUpLockedOut sms']);
  });

  it.each(['expired', 'accepted'] as const)('is not recorded when it is %s', async (check) => {
    const fixture = new Fixture();
    fixture.check = check;
    expect(await checkCode(fixture.services, attempt)).toBe(check);
    expect(fixture.facts).toEqual([]);
  });

  it("is checked by the contact's own authenticator app", async () => {
    const fixture = new Fixture();
    const byApp = { requestId, method: 'totp', organisation: 'main', contactId: 'c1' } as const;
    expect(await checkCode(fixture.services, { ...byApp, code: '123456' })).toBe('accepted');
    fixture.isAppCodeRight = false;
    expect(await checkCode(fixture.services, { ...byApp, code: '123456' })).toBe('wrong');
    expect(fixture.appIds).toEqual(['main/c1', 'main/c1']);
    expect(fixture.facts).toEqual(['stepUpRefused totp']);
  });
});

describe('a sign-in that is checked', () => {
  const claims = { email: 'zoe@mail.example', email_verified: true };

  it("is accepted if it is the contact's, and recorded if it is not", async () => {
    const fixture = new Fixture();
    expect(await checkLogin(fixture.services, requestId, claims)).toBe(true);
    expect(fixture.facts).toEqual([]);
    const other = { ...claims, email: 'other@mail.example' };
    expect(await checkLogin(fixture.services, requestId, other)).toBe(false);
    expect(fixture.facts).toEqual(['stepUpRefused oidc']);
  });

  it.each([
    ['unknown', null],
    ['closed', recordOf({ state: 'cancelled' })],
    ['without a key', recordOf({ wrappedSecret: null })],
  ])('is refused and not recorded for a request that is %s', async (_name, record) => {
    const fixture = new Fixture(record);
    expect(await checkLogin(fixture.services, requestId, claims)).toBe(false);
    expect(fixture.facts).toEqual([]);
  });
});

describe('a completed method', () => {
  const subject = { requestId, completedMethods: [] };

  it('verifies the request if it is sufficient', async () => {
    const fixture = new Fixture();
    const completed = await completeMethod(fixture.services, subject, 'sms');
    expect(completed).toMatchObject({
      isNewlyVerified: true,
      session: { completedMethods: ['sms'], verifiedAt: now },
      record: { verifiedAt: now, verifiedBy: 'sms' },
    });
    expect(fixture.record).toMatchObject({ verifiedAt: now, verifiedBy: 'sms' });
    expect(fixture.facts).toEqual(['stepUpAccepted sms']);
  });

  it('does not verify the request if policy asks for another one, and does with that', async () => {
    const fixture = new Fixture();
    fixture.isSmsSufficient = false;
    const first = await completeMethod(fixture.services, subject, 'sms');
    expect(first).toMatchObject({ isNewlyVerified: false, session: { verifiedAt: null } });
    expect(fixture.record?.verifiedAt).toBeNull();
    const { completedMethods } = first?.session ?? subject;
    const second = await completeMethod(fixture.services, { requestId, completedMethods }, 'totp');
    expect(second).toMatchObject({
      isNewlyVerified: true,
      session: { completedMethods: ['sms', 'totp'] },
    });
    expect(fixture.record?.verifiedBy).toBe('totp');
  });

  it('counts once, and leaves a verification as it was', async () => {
    const before = { verifiedAt: '2026-11-20T00:00:00.000Z', verifiedBy: 'oidc' } as const;
    const fixture = new Fixture(recordOf({ ...before, state: 'available' }));
    const again = { requestId, completedMethods: ['sms'] satisfies StepUpMethod[] };
    const completed = await completeMethod(fixture.services, again, 'sms');
    expect(completed).toMatchObject({
      isNewlyVerified: false,
      session: { completedMethods: ['sms'] },
    });
    expect(fixture.record).toMatchObject(before);
  });

  it.each([null, recordOf({ state: 'recalled' })])(
    'starts no session if the request was closed meanwhile (%#)',
    async (record) => {
      const fixture = new Fixture(record);
      expect(await completeMethod(fixture.services, subject, 'sms')).toBeNull();
    },
  );
});

describe('a code that is sent', () => {
  /** Sending by a gateway that accepts a number of messages, and then none. */
  const sending = (fixture: Fixture, accepts = Infinity) => {
    const sent: string[] = [];
    const settled: string[] = [];
    let issued = 0;
    const services: CodeSendingServices = {
      ...fixture.services,
      clock: { now: () => new Date(now) },
      keys: {
        keyedHash: (purpose, text) => Buffer.from(`${purpose}${text}`).toString('hex').padEnd(64),
        unwrap: () =>
          Promise.resolve({
            passphrase: '',
            dataKey: Buffer.alloc(32),
            invitationToken: '',
            codeKey: Buffer.alloc(32),
          }),
      },
      locales: {
        en: { name: 'English', messages: { code: '{code}' } },
      },
      notifier: {
        email: () => Promise.reject(new Error('No email is sent.')),
        sms: ({ to, text }) => {
          if (sent.length >= accepts) return Promise.reject(new MessageNotAcceptedError());
          sent.push(`${to} ${text}`);
          return Promise.resolve();
        },
      },
      outbox: {
        intend: () => Promise.resolve('intended'),
        postpone: () => Promise.resolve(),
        settle: (_id, key, state) => {
          settled.push(`${key} ${state}`);
          return Promise.resolve();
        },
      },
      codesAndSessions: {
        issueCode: () => {
          issued += 1;
          return Promise.resolve(
            issued > 5 ? { kind: 'tooMany' } : { kind: 'issued', code: '', number: issued },
          );
        },
        repeatCode: (number) => `code ${number}`,
      },
      settings: {
        ...fixture.services.settings,
        branding: {
          controllerName: 'Shop',
          controllerContact: 'privacy@shop.example',
          portalOrigin: 'https://privacy.shop.example',
          colour: '#000000',
          hasLogo: false,
          supervisoryAuthority: null,
        },
        officerLocale: 'en',
      },
    };
    return { services, sent, settled, issued: () => issued };
  };
  const record = recordOf();

  it('replaces the one before, also one that waits', async () => {
    const { services, sent, settled } = sending(new Fixture());
    expect(await sendCode(services, record, details)).toEqual({ kind: 'sent', phone });
    expect(await sendCode(services, record, details)).toEqual({ kind: 'sent', phone });
    expect(sent).toEqual([`${phone} code 1`, `${phone} code 2`]);
    expect(settled).toEqual(['code-1 sent', 'code-1 superseded', 'code-2 sent']);
  });

  it('waits in the outbox if the gateway does not accept it now', async () => {
    const { services, settled } = sending(new Fixture(), 0);
    expect(await sendCode(services, record, details)).toEqual({ kind: 'queued', phone });
    expect(settled).toEqual([]);
  });

  it('is limited by number, by country and by the list of countries, before a code is issued', async () => {
    const byNumber = sending(new Fixture());
    for (let i = 0; i < 2; i += 1) await sendCode(byNumber.services, record, details);
    expect(await sendCode(byNumber.services, record, details)).toEqual({ kind: 'smsLimitReached' });
    expect(byNumber.issued()).toBe(2);
    const to = (number: string): RequestDetails => ({
      ...details,
      contact: { ...contact, phones: [{ number, receivesSms: true }] },
    });
    const byCountry = sending(new Fixture());
    for (const digit of [1, 2, 3])
      expect(await sendCode(byCountry.services, record, to(`+491511234567${digit}`))).toMatchObject(
        { kind: 'sent' },
      );
    expect(await sendCode(byCountry.services, record, to('+4915112345674'))).toEqual({
      kind: 'smsLimitReached',
    });
    const elsewhere = sending(new Fixture());
    expect(await sendCode(elsewhere.services, record, to('+41791234567'))).toEqual({
      kind: 'smsLimitReached',
    });
    expect(elsewhere.issued()).toBe(0);
  });

  it('is refused if the request has had too many', async () => {
    const fixture = new Fixture();
    const { services } = sending(fixture);
    services.rateLimiter.tryAcquire = () => Promise.resolve(true);
    for (let i = 0; i < 5; i += 1) await sendCode(services, record, details);
    expect(await sendCode(services, record, details)).toEqual({ kind: 'tooManyCodes' });
  });
});
