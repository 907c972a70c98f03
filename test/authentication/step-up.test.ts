import type { Persona } from '../../local/identity/provider';
import { signIn } from '../../local/identity/sign-in';
import { Subject, type PortalView } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

const justified = { justification: 'Spoke with the person.' };

/** Waits until the person has been invited. */
const invited = (scenario: Scenario, requestId: string): Promise<unknown> =>
  eventually(
    'the invitation',
    async () => (await scenario.status(requestId)).state === 'awaitingVerification',
  );

const mailsToPerson = async (): Promise<number> =>
  (await scenario.messages()).filter(({ to }) => to === scenario.email).length;

/** Signs in at the company's login, and returns where the portal sends the browser. */
async function login(person: Subject, who: Persona): Promise<string> {
  const { url } = await person.call<{ url: string }>('POST', 'login');
  const back = new URL(await signIn(url, who));
  const response = await person.fetch(`${back.pathname}${back.search}`);
  return response.headers.get('location') ?? '';
}

let scenario: Scenario;
let officer: Officer;
beforeAll(async () => {
  scenario = await Scenario.start({ conversations: 3 });
  officer = new Officer(scenario);
});
afterAll(() => scenario.stop());

describe('a person without a number on file', () => {
  it('is verified by an officer, who hands the package over', async () => {
    const { subject } = scenario.generated;
    const { phones } = subject;
    const mails = await mailsToPerson();
    try {
      subject.phones = [];
      const requestId = await scenario.request({ ticketId: 'T-no-number' });
      const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
      expect(reasonCode).toBe('noAuthenticationMethod');
      const decision = { contactIds: [subject.id], method: 'officer', ...justified };
      expect((await officer.post(`/${requestId}/decision`, decision)).status).toBe(200);
      await invited(scenario, requestId);
      const view = await scenario.person.open(await scenario.link(mails + 1));
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
      // The other tests look at the emails that come after theirs have begun.
      await scenario.link(mails + 2);
    } finally {
      subject.phones = phones;
    }
  });

  it("is verified by the company's login, where an officer has decided so", async () => {
    const { subject } = scenario.generated;
    const { phones } = subject;
    const mails = await mailsToPerson();
    try {
      subject.phones = [];
      const requestId = await scenario.request({ ticketId: 'T-login' });
      await scenario.untilState(requestId, 'needsDecision');
      const decision = { contactIds: [subject.id], method: 'oidc', ...justified };
      expect((await officer.post(`/${requestId}/decision`, decision)).status).toBe(200);
      await invited(scenario, requestId);
      const person = new Subject(scenario.stack.hostUrl);
      const opened = await person.open(await scenario.link(mails + 1));
      expect(opened).toMatchObject({ step: 'verify', methods: ['oidc'] });
      const weak: Persona = { email: scenario.email, isVerified: true, factor: 'one' };
      expect(await login(person, weak)).toBe('/portal?problem=loginRefused');
      expect((await scenario.status(requestId)).verifiedAt).toBeNull();
      expect(await login(person, { ...weak, factor: 'two' })).toBe('/portal');
      expect((await scenario.untilState(requestId, 'available')).verifiedAt).not.toBeNull();
      await scenario.link(mails + 2);
    } finally {
      subject.phones = phones;
    }
  });

  it('and without a mailbox: only the officer gets emails', async () => {
    const { subject } = scenario.generated;
    const { emails } = subject;
    const before = (await scenario.messages()).length;
    try {
      const identifiers = [{ type: 'phone', value: scenario.phone }];
      subject.emails = [];
      const requestId = await scenario.request({ ticketId: 'T-no-mailbox', identifiers });
      await scenario.untilState(requestId, 'needsDecision');
      const identity = { checkMethod: 'inPerson', isRepresentative: true, ...justified };
      expect((await officer.post(`/${requestId}/identity`, identity)).code).toBe('wrongState');
      await officer.post(`/${requestId}/decision`, {
        contactIds: [subject.id],
        method: 'officer',
        ...justified,
      });
      await invited(scenario, requestId);
      expect((await officer.post(`/${requestId}/identity`, identity)).status).toBe(200);
      const { verifiedAt } = await scenario.untilState(requestId, 'available');
      expect(verifiedAt).not.toBeNull();
      const since = async () => (await scenario.messages()).slice(before);
      await eventually('the email to the officer', async () =>
        (await since()).some(
          ({ subject: title, text }) =>
            title?.includes('ready to hand over') && text.includes(requestId),
        ),
      );
      const recipients = (await since()).map(({ to }) => to);
      expect(new Set(recipients)).toEqual(new Set(['privacy@shop.example']));
    } finally {
      subject.emails = emails;
    }
  });
});

describe('an address that the mail server refuses', () => {
  it('fails the request with its reason, and notifies the officer', async () => {
    const { organisation, subject } = scenario.generated;
    const other = organisation.contacts.find(({ id }) => id !== subject.id);
    const address = other?.emails[0]?.address ?? '';
    await fetch(`${scenario.stack.inboxUrl}/unknown?address=${encodeURIComponent(address)}`, {
      method: 'POST',
    });
    const requestId = await scenario.request({
      ticketId: 'T-refused',
      identifiers: [{ type: 'email', value: address }],
    });
    const { reasonCode } = await scenario.untilState(requestId, 'failed');
    expect(reasonCode).toBe('messageRefused');
    await eventually('the email to the officer', async () =>
      (await scenario.messages()).some(
        ({ to, text }) =>
          to === 'privacy@shop.example' &&
          text.includes('Reason: A message was refused') &&
          text.includes(requestId),
      ),
    );
  });
});
