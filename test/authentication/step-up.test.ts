import { Secret, TOTP } from 'otpauth';
import { signIn } from '../../local/identity/sign-in';
import type { Persona } from '../../local/identity/provider';
import { Subject, type PortalView } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { eventually, Scenario } from '../helpers/scenario';

const justified = { justification: 'Spoke with the person.' };
const minute = 60_000;

const codeOf = (secret: string, at = Date.now()): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

/** Waits until the person has been invited. */
const invited = (scenario: Scenario, requestId: string): Promise<unknown> =>
  eventually(
    'the invitation',
    async () => (await scenario.status(requestId)).state === 'awaitingVerification',
  );

/** Signs in at the company's login, and returns where the portal sends the browser. */
async function login(person: Subject, who: Persona): Promise<string> {
  const { url } = await person.call<{ url: string }>('POST', 'login');
  const back = new URL(await signIn(url, who));
  const response = await person.fetch(`${back.pathname}${back.search}`);
  return response.headers.get('location') ?? '';
}

describe('if a text message is not sufficient', () => {
  let scenario: Scenario;
  let requestId: string;
  let strong: Persona;
  beforeAll(async () => {
    scenario = await Scenario.start({
      conversations: 3,
      settings: { STEP_UP_METHODS: 'sms,totp,oidc', SMS_IS_SUFFICIENT: 'false' },
    });
    strong = { email: scenario.email, isVerified: true, factor: 'two' };
    requestId = await scenario.request();
  });
  afterAll(() => scenario.stop());

  it('a code alone verifies nothing: a second method is required', async () => {
    const opened = await scenario.person.open(await scenario.link());
    expect(opened).toMatchObject({ step: 'verify', methods: ['sms', 'oidc'], isSecond: false });
    const view = await scenario.person.verify(await scenario.code());
    expect(view).toMatchObject({ step: 'verify', methods: ['oidc'], isSecond: true });
    expect((await scenario.status(requestId)).verifiedAt).toBeNull();
  });

  it.each<[string, (strong: Persona) => Persona]>([
    ['weak', (one) => ({ ...one, factor: 'one' })],
    ["somebody else's", (one) => ({ ...one, email: 'somebody@else.example' })],
    ['of an unverified address', (one) => ({ ...one, isVerified: false })],
  ])('a sign-in that is %s is refused', async (_name, change) => {
    expect(await login(scenario.person, change(strong))).toBe('/portal?problem=loginRefused');
    expect((await scenario.status(requestId)).verifiedAt).toBeNull();
  });

  it('a sign-in is valid once, in the browser that began it, for ten minutes', async () => {
    const { url } = await scenario.person.call<{ url: string }>('POST', 'login');
    const back = new URL(await signIn(url, strong));
    const path = `${back.pathname}${back.search}`;
    const stranger = new Subject(scenario.stack.hostUrl);
    await stranger.open(await scenario.link());
    const refused = '/portal?problem=loginRefused';
    expect((await stranger.fetch(path)).headers.get('location')).toBe(refused);
    expect((await scenario.person.fetch(path)).headers.get('location')).toBe(refused);
    const next = await scenario.person.call<{ url: string }>('POST', 'login');
    const late = new URL(await signIn(next.url, strong));
    await scenario.advanceClock(11 * minute);
    const location = (await scenario.person.fetch(`${late.pathname}${late.search}`)).headers;
    expect(location.get('location')).toBe(refused);
  });

  it('the login verifies the person', async () => {
    await scenario.person.open(await scenario.link());
    expect(await login(scenario.person, strong)).toBe('/portal');
    const { state, verifiedAt } = await scenario.untilState(requestId, 'available');
    expect([state, verifiedAt === null]).toEqual(['available', false]);
    const custody = await new Officer(scenario).read<{
      custody: { event: string; detail?: { method: string } }[];
    }>(`/${requestId}/custody`);
    const steps = custody.custody.filter(({ event }) => event.startsWith('stepUp'));
    expect(steps.map(({ event, detail }) => `${event} ${String(detail?.method)}`)).toEqual([
      'stepUpAccepted sms',
      'stepUpRefused oidc',
      'stepUpRefused oidc',
      'stepUpAccepted oidc',
    ]);
  });

  it('the download needs another step-up, and an authenticator app is offered', async () => {
    const again = await scenario.person.call<PortalView>('GET', 'request');
    expect(again).toMatchObject({ step: 'verify', methods: ['sms', 'oidc'], isAgain: true });
    await login(scenario.person, strong);
    const view = await scenario.person.call<PortalView>('GET', 'request');
    expect(view).toMatchObject({ step: 'download', canEnrol: true });
    const { secret } = await scenario.person.call<{ secret: string }>('POST', 'app');
    await expect(
      scenario.person.call('POST', 'app/confirm', { code: '000000' }),
    ).rejects.toMatchObject({ code: 'codeWrong' });
    const { recoveryCodes } = await scenario.person.call<{ recoveryCodes: string[] }>(
      'POST',
      'app/confirm',
      { code: codeOf(secret, Date.now() + 11 * minute) },
    );
    expect(recoveryCodes).toHaveLength(10);
    // If somebody else set it up, the person learns of it.
    await eventually('the email', async () =>
      (await scenario.messages()).some(
        ({ kind, to, subject }) =>
          kind === 'email' && to === scenario.email && subject?.includes('authenticator app'),
      ),
    );
    await expect(scenario.person.call('POST', 'app')).rejects.toMatchObject({
      code: 'methodNotOffered',
    });
    const other = new Subject(scenario.stack.hostUrl);
    const opened = await other.open(await scenario.link());
    expect(opened).toMatchObject({ methods: ['sms', 'totp', 'oidc'] });
    expect(await other.verify(recoveryCodes[0] ?? '', 'totp')).toMatchObject({ step: 'download' });
    const third = new Subject(scenario.stack.hostUrl);
    await third.open(await scenario.link());
    await expect(third.verify(recoveryCodes[0] ?? '', 'totp')).rejects.toMatchObject({
      code: 'codeWrong',
    });
  });
});

describe('an authenticator app that the company has enrolled ahead of time', () => {
  it('is offered, and is sufficient', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const portal = new Officer(scenario, 'customer-portal');
      const contactId = scenario.generated.subject.id;
      const authenticators = async (path: string, body: object) =>
        (await portal.call('POST', `/../authenticators${path}`, body)).json() as Promise<
          Record<string, string>
        >;
      expect(
        (await new Officer(scenario, 'reader').post('/../authenticators', { contactId })).code,
      ).toBe('roleRequired');
      const { secret = '' } = await authenticators('', { contactId });
      const { recoveryCodes } = await authenticators('/confirm', {
        contactId,
        code: codeOf(secret),
      });
      expect(recoveryCodes).toHaveLength(10);
      await scenario.request();
      await scenario.person.open(await scenario.link());
      const code = codeOf(secret, Date.now() + 30_000);
      expect(await scenario.person.verify(code, 'totp')).toMatchObject({ step: 'progress' });
      await expect(scenario.person.verify(code, 'totp')).rejects.toMatchObject({
        code: 'codeWrong',
      });
    } finally {
      await scenario.stop();
    }
  });
});

describe('a person without a number on file', () => {
  it('is verified by an officer, who hands the package over', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    const officer = new Officer(scenario);
    try {
      scenario.generated.subject.phones = [];
      const requestId = await scenario.request();
      const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
      expect(reasonCode).toBe('noAuthenticationMethod');
      const decision = {
        contactId: scenario.generated.subject.id,
        method: 'officer',
        ...justified,
      };
      expect((await officer.post(`/${requestId}/decision`, decision)).status).toBe(200);
      await invited(scenario, requestId);
      const view = await scenario.person.open(await scenario.link());
      expect(view.step).toBe('noAuthenticationMethod');
      const given = await officer.post(`/${requestId}/code`, justified);
      const opened = await scenario.person.call<PortalView>('GET', 'request');
      expect(opened).toMatchObject({ step: 'verify', methods: ['officer'] });
      const code = String(given['code']);
      expect(await scenario.person.verify(code, 'officer')).toMatchObject({ step: 'progress' });
      await scenario.untilState(requestId, 'available');
      const handed = await officer.post(`/${requestId}/deliver`, justified);
      expect((await fetch(String(handed['url']))).status).toBe(200);
      expect(handed['passphrase']).toMatch(/^(\w{4}-){6}\w{4}$/);
    } finally {
      await scenario.stop();
    }
  });

  it('and without a mailbox: only the officer gets emails', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    const officer = new Officer(scenario);
    try {
      const { subject } = scenario.generated;
      const identifiers = [{ type: 'phone', value: scenario.phone }];
      subject.emails = [];
      const requestId = await scenario.request({ identifiers });
      await scenario.untilState(requestId, 'needsDecision');
      const identity = { checkMethod: 'inPerson', isRepresentative: true, ...justified };
      expect((await officer.post(`/${requestId}/identity`, identity)).code).toBe('wrongState');
      await officer.post(`/${requestId}/decision`, {
        contactId: subject.id,
        method: 'officer',
        ...justified,
      });
      await invited(scenario, requestId);
      expect((await officer.post(`/${requestId}/identity`, identity)).status).toBe(200);
      const { verifiedAt } = await scenario.untilState(requestId, 'available');
      expect(verifiedAt).not.toBeNull();
      await eventually('the email to the officer', async () =>
        (await scenario.messages()).some(({ subject: text }) =>
          text?.includes('ready to hand over'),
        ),
      );
      const recipients = (await scenario.messages()).map(({ to }) => to);
      expect(new Set(recipients)).toEqual(new Set(['privacy@shop.example']));
    } finally {
      await scenario.stop();
    }
  });
});

describe('an address that the mail server refuses', () => {
  it('fails the request with its reason, and notifies the officer', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const address = encodeURIComponent(scenario.email);
      await fetch(`${scenario.stack.inboxUrl}/unknown?address=${address}`, { method: 'POST' });
      const requestId = await scenario.request();
      const { reasonCode } = await scenario.untilState(requestId, 'failed');
      expect(reasonCode).toBe('messageRefused');
      await eventually('the email to the officer', async () =>
        (await scenario.messages()).some(
          ({ to, text }) => to === 'privacy@shop.example' && text.includes('messageRefused'),
        ),
      );
    } finally {
      await scenario.stop();
    }
  });
});
