import type { ServerResponse } from 'node:http';
import { Secret as TotpSecret, TOTP } from 'otpauth';
import { webhookBody } from '../../src/core/api/webhooks';
import type * as EndNotices from '../../src/services/end-notices';
import type * as PendingMessages from '../../src/services/pending-messages';
import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  type ReceivedCall,
} from '../helpers/genesys-server';
import { HttpApp, read } from '../helpers/http-app';
import { newPerson, TestRequest, type Arrangement } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { notifyOfEnd } = outside.app<typeof EndNotices>('services/end-notices');
const { sendPendingMessages } = outside.app<typeof PendingMessages>('services/pending-messages');

const justification = 'At the counter.';
/** Mailbox of the company's privacy officers. */
const officers = 'privacy@shop.example';
const minute = 60_000;

let genesys: GenesysServer;
let respond: (response: ServerResponse, call: ReceivedCall) => void;
let app: HttpApp;
beforeAll(async () => {
  genesys = await GenesysServer.start((response, call) => respond(response, call));
  app = await HttpApp.start({ GENESYS_GATEWAY_URL: genesys.url });
}, 60_000);
afterEach(() => {
  app.mailbox.answer = 'accepted';
});
afterAll(() => Promise.all([app.stop(), genesys.stop()]));

/** What was emailed while something was done, by the mailboxes. */
async function mailsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const before = app.mailbox.emails.length;
  await work();
  return app.mailbox.emails.slice(before).map(({ to }) => to);
}

const act = async (request: TestRequest, path: 'deliver' | 'recall') => {
  const role = path === 'deliver' ? 'Requests.Deliver' : 'Requests.Recall';
  const headers = await app.bearer(role);
  return read(await app.post(`${request.path}/${path}`, { justification }, headers));
};

/** Somebody without a contact record, of whom officers have named a mailbox. */
const noRecord: Arrangement = { contact: { id: '', emails: ['named@else.example'] } };
const withCallback = { record: { hasCallback: true } } as unknown as Arrangement;

describe('a hand-over', () => {
  it('is told to the person, by the mailbox on file and in their language', async () => {
    const request = await TestRequest.in(app, 'available', {
      details: { identifiers: [{ type: 'email', value: 'given@else.example' }], locale: 'de' },
    });
    const count = (await request.entries()).length;
    const mails = await mailsDuring(async () => {
      expect((await act(request, 'deliver')).body['subjectNotified']).toBe(true);
    });
    expect(mails).toEqual([request.person.email]);
    const mail = app.mailbox.emails.at(-1);
    expect(mail?.subject).toBe('Ihr Datenpaket wird Ihnen übergeben');
    expect(mail?.text).toContain(officers);
    expect(mail?.text).not.toContain(request.token);
    expect(await request.events(count)).toEqual([
      'handedOver oneOfficer',
      'messageSent handedOver email',
    ]);
  });

  it('is told each time', async () => {
    const request = await TestRequest.in(app, 'available');
    const mails = await mailsDuring(async () => {
      await act(request, 'deliver');
      app.clock.advance(1);
      await act(request, 'deliver');
    });
    expect(mails).toEqual([request.person.email, request.person.email]);
  });

  it('is told later when the mail server does not accept it now', async () => {
    const request = await TestRequest.in(app, 'available');
    app.mailbox.answer = 'notNow';
    const { status, body } = await act(request, 'deliver');
    expect([status, body['subjectNotified']]).toEqual([200, false]);
    app.mailbox.answer = 'accepted';
    const again = () => sendPendingMessages({ ...app.parts, notifier: app.mailbox });
    expect(await mailsDuring(again)).toContain(request.person.email);
    expect(await mailsDuring(again)).toEqual([]);
  });

  it.each<[string, Arrangement]>([
    ['is without a contact record', noRecord],
    ['has no mailbox on file', { contact: { emails: [] } }],
    ['has never proven to be a customer', { record: { verifiedAt: null } }],
    // An officer has said whose the mailbox is that somebody names who acts for the person.
    [
      'is represented',
      {
        details: { requester: { email: 'counsel@law.example', name: null } },
        record: { requester: { capacity: 'representative', mandate: 'lawyer' } },
      },
    ],
  ])('is told through the ticket where the person %s', async (_name, arrangement) => {
    const request = await TestRequest.in(app, 'available', {
      ...arrangement,
      record: { ...arrangement.record, ...withCallback.record },
    });
    const count = (await request.entries()).length;
    expect(await mailsDuring(() => act(request, 'deliver'))).toEqual([]);
    expect(await request.events(count)).toEqual([
      'handedOver oneOfficer',
      'noticeByTicket handedOver',
    ]);
    const events = await app.parts.ledger.webhooks(request.id);
    expect(events.at(-1)).toMatchObject({
      to: 'available',
      notice: 'handedOver',
      state: 'pending',
    });
    expect((await request.record()).pendingWebhooks).toBeGreaterThan(0);
    const [event] = events.slice(-1);
    const sent = event && (JSON.parse(webhookBody(request.id, event, 'T-1')) as object);
    expect(sent).toMatchObject({ type: 'request.handedOver', data: { state: 'available' } });
    // The ticketing system is told once, however often messages are looked through.
    await sendPendingMessages({ ...app.parts, notifier: app.mailbox });
    expect(await app.parts.ledger.webhooks(request.id)).toHaveLength(events.length);
  });

  it('is told by the privacy officers where there is neither a mailbox nor a ticket to call', async () => {
    const request = await TestRequest.in(app, 'available', noRecord);
    expect(await mailsDuring(() => act(request, 'deliver'))).toEqual([officers]);
    expect(app.mailbox.emails.at(-1)?.text).toContain(request.id);
  });
});

describe('a recall', () => {
  it('is told in the words of the law of the request', async () => {
    const request = await TestRequest.in(app, 'available', { law: 'ccpa' });
    await act(request, 'recall');
    const { text } = app.mailbox.emails.at(-1) ?? {};
    expect(text).toContain('cppa.ca.gov');
    expect(text).not.toContain('GDPR');
  });

  it('is told to the person, whose mailbox is forgotten by then', async () => {
    const request = await TestRequest.in(app, 'delivered');
    const mails = await mailsDuring(async () => {
      expect((await act(request, 'recall')).body['subjectNotified']).toBe(true);
    });
    expect(mails).toEqual([request.person.email]);
    const mail = app.mailbox.emails.at(-1);
    expect(mail?.subject).toBe('Your data from Example Mail Order has been withdrawn');
    // An end names its reason, and where to complain.
    expect(mail?.text).toMatch(/The reason: [^]*supervisory authority/);
    expect((await request.record()).endNotice).toMatchObject({ end: 'recalled', by: 'email' });
    expect((await request.record()).wrappedSecret).toBeNull();
    // A call that is sent twice tells nobody twice.
    expect(await mailsDuring(() => act(request, 'recall'))).toEqual([]);
  });

  it('stands although the mail server is away, and is told by the privacy officers', async () => {
    const request = await TestRequest.in(app, 'available');
    app.mailbox.answer = 'notNow';
    const { status, body } = await act(request, 'recall');
    expect([status, body['state'], body['subjectNotified']]).toEqual([200, 'recalled', false]);
    const pending = await app.parts.outbox.pending();
    expect(pending.filter(({ requestId }) => requestId === request.id)).toMatchObject([
      { key: expect.stringMatching(/^tellPerson-/) as string },
    ]);
  });

  it.each<[string, Arrangement]>([
    ['is without a contact record', noRecord],
    ['has no mailbox on file', { contact: { emails: [] } }],
    ['has never proven to be a customer', { record: { verifiedAt: null } }],
  ])('is told through the ticket, and to nobody by mail, who %s', async (_name, arrangement) => {
    const request = await TestRequest.in(app, 'available', {
      ...arrangement,
      record: { ...arrangement.record, ...withCallback.record },
    });
    expect(await mailsDuring(() => act(request, 'recall'))).toEqual([]);
    const events = await app.parts.ledger.webhooks(request.id);
    expect(events.at(-1)).toMatchObject({ to: 'recalled', state: 'pending' });
    // What its orchestration does next: the ticketing system is told what to tell, the mailbox is gone.
    const end = { end: 'recalled', mail: 'try' } as const;
    expect(
      await mailsDuring(async () => notifyOfEnd(app.parts, await request.record(), end)),
    ).toEqual([]);
    const { endNotice } = await request.record();
    expect(endNotice).toMatchObject({ end: 'recalled', by: 'ticket' });
    expect(endNotice?.tell?.text).toMatch(/The reason: [^]*supervisory authority/);
    const notice = (await app.parts.ledger.webhooks(request.id)).at(-1);
    expect(notice).toMatchObject({ notice: endNotice, state: 'pending' });
  });
});

describe('a recall of which the ticketing system tells the person', () => {
  it('is told in their language, although that is forgotten with the key', async () => {
    const request = await TestRequest.in(app, 'available', {
      contact: { emails: [] },
      details: { locale: 'de' },
      ...withCallback,
    });
    await act(request, 'recall');
    await notifyOfEnd(app.parts, await request.record(), { end: 'recalled', mail: 'try' });
    const { endNotice } = await request.record();
    expect(endNotice).toMatchObject({ by: 'ticket', tell: { language: 'de' } });
    expect(endNotice?.tell?.text).toContain('Datenschutzaufsichtsbehörde');
    const told = (await app.parts.ledger.webhooks(request.id)).filter(({ notice }) => notice);
    expect(told).toHaveLength(1);
  });
});

describe('an authenticator app that a program enrols', () => {
  const enrolled = async (contactId: string) => {
    const headers = await app.bearer('Authenticators.Enrol');
    const enrolment = await read<{ secret: string }>(
      await app.post('/api/authenticators', { contactId }, headers),
    );
    const totp = new TOTP({ secret: TotpSecret.fromBase32(enrolment.body.secret) });
    const code = totp.generate({ timestamp: app.clock.now().getTime() });
    return read(await app.post('/api/authenticators/confirm', { contactId, code }, headers));
  };
  const contactAnswers = (contact: object | null): void => {
    respond = (response, { path }) => {
      if (path === loginPath) answer(response, loginAnswer);
      else if (contact === null) answer(response, {}, { status: 404 });
      else answer(response, contact);
    };
  };
  const notTold = async (): Promise<number> => {
    const day = app.clock.now().toISOString().slice(0, 10);
    const rows = await app.table('officerAudit').list(day);
    return rows.filter(({ event }) => event === 'enrolmentNotTold').length;
  };

  it('is told to the contact, by the mailbox on file', async () => {
    const { email, contact } = newPerson();
    contactAnswers({ id: contact.id, firstName: 'Zoe', personalEmail: email });
    const before = await notTold();
    const mails = await mailsDuring(async () => {
      const { status, body } = await enrolled(contact.id);
      expect([status, body['subjectNotified']]).toEqual([200, true]);
      expect(body['recoveryCodes']).toHaveLength(10);
    });
    expect(mails).toEqual([email]);
    app.clock.advance(5 * minute);
    expect(await mailsDuring(() => enrolled(contact.id))).toEqual([email]);
    const ids = app.mailbox.emails.slice(-2).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    expect(await notTold()).toBe(before);
  });

  it.each(['refused', 'notNow'] as const)(
    'stands although the email to the contact is %s, which the program is answered',
    async (reply) => {
      const { email, contact } = newPerson();
      contactAnswers({ id: contact.id, personalEmail: email });
      const before = await notTold();
      app.mailbox.answer = reply;
      const { status, body } = await enrolled(contact.id);
      expect([status, body['subjectNotified']]).toEqual([200, false]);
      expect(body['recoveryCodes']).toHaveLength(10);
      expect(await notTold()).toBe(before + 1);
    },
  );

  it.each<[string, object | null]>([
    ['has no mailbox', { personalEmail: undefined }],
    ['does not exist', null],
  ])('is answered to the program where the contact %s', async (_name, contact) => {
    const { contact: known } = newPerson();
    contactAnswers(contact && { id: known.id, ...contact });
    const before = await notTold();
    const mails = await mailsDuring(async () => {
      const { status, body } = await enrolled(known.id);
      expect([status, body['subjectNotified']]).toEqual([200, false]);
    });
    expect(mails).toEqual([]);
    expect(await notTold()).toBe(before + 1);
  });
});
