import type * as CleanUp from '../../src/activities/clean-up';
import type * as Announce from '../../src/activities/announce';
import type * as Invite from '../../src/activities/invite';
import type * as RemindOfficer from '../../src/activities/remind-officer';
import type { RequestState } from '../../src/core/request/states';
import type * as Messaging from '../../src/services/messaging';
import type * as PendingMessages from '../../src/services/pending-messages';
import type * as VerificationCodes from '../../src/services/verification-codes';
import type { HttpApp } from '../helpers/http-app';
import { TestRequest, type Arrangement } from '../helpers/http-requests';
import { classOf, messageCalls } from '../helpers/message-calls';
import { justification, officerCalls, startOfficerApp } from '../helpers/officer-actions';
import { outside } from '../helpers/outside-jest';

const { createCleanUp } = outside.app<typeof CleanUp>('activities/clean-up');
const { createAnnounce } = outside.app<typeof Announce>('activities/announce');
const { createInvite } = outside.app<typeof Invite>('activities/invite');
const { createRemindOfficer } = outside.app<typeof RemindOfficer>('activities/remind-officer');
const { mailPerson } = outside.app<typeof Messaging>('services/messaging');
const { sendPendingMessages } = outside.app<typeof PendingMessages>('services/pending-messages');
const { sendCode } = outside.app<typeof VerificationCodes>('services/verification-codes');

const officers = 'privacy@shop.example';
const minute = 60_000;

let app: HttpApp;
beforeAll(async () => {
  app = await startOfficerApp();
}, 60_000);
afterEach(() => {
  app.mailbox.answer = 'accepted';
  jest.restoreAllMocks();
});
afterAll(() => app.stop());
const { act } = officerCalls(() => app);
const { listOf, textOf, again } = messageCalls(() => app);

const invite = ({ id }: TestRequest) => createInvite(app.parts)({ requestId: id });
async function invited(arrangement: Arrangement = {}): Promise<TestRequest> {
  const request = await TestRequest.in(app, 'awaitingVerification', arrangement);
  expect(await invite(request)).toEqual({ kind: 'done', value: null });
  return request;
}
const sweep = () => sendPendingMessages(app.parts);
/** Emails that were accepted while something was done. */
async function mailsDuring(work: () => Promise<unknown>): Promise<typeof app.mailbox.emails> {
  const before = app.mailbox.emails.length;
  await work();
  return app.mailbox.emails.slice(before);
}

describe('the messages of a request', () => {
  it('are listed with when they went where, masked, and what became of them', async () => {
    const request = await invited();
    const record = await request.record();
    app.clock.advance(1000);
    await sendCode(app.parts, record, await request.details());
    const [invitation, code] = await listOf(request);
    expect(invitation).toEqual({
      ...{ messageId: 'invitation', channel: 'email', recipient: 'person' },
      ...{ template: 'invitation', to: 'z•••@m•••.example', result: 'accepted', attempts: 1 },
      ...{ at: record.createdAt, nextTryAt: null, again: 0, canBeSentAgain: true, hasText: true },
    });
    expect(code).toMatchObject({
      ...{ messageId: 'code-1', channel: 'sms', template: 'code', result: 'accepted' },
      ...{ to: `•••• ${request.person.phone.slice(-2)}`, canBeSentAgain: false, hasText: false },
    });
  });

  it('are those to the officers, too', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    await createRemindOfficer(app.parts)({ requestId: request.id });
    expect(await listOf(request)).toMatchObject([
      {
        ...{ template: 'decision', recipient: 'officers', to: officers, result: 'accepted' },
        ...{ canBeSentAgain: false, hasText: true },
      },
    ]);
  });

  it('say when one is tried next that was not accepted, and how often it was tried', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    app.mailbox.answer = 'notNow';
    for (const attempts of [1, 2]) {
      expect(await invite(request)).toMatchObject({ kind: 'retryLater' });
      const nextTryAt = new Date(app.clock.now().getTime() + 30_000).toISOString();
      expect(await listOf(request)).toMatchObject([
        { result: 'pending', attempts, nextTryAt, hasText: true, canBeSentAgain: false },
      ]);
    }
    app.mailbox.answer = 'accepted';
    await invite(request);
    expect(await listOf(request)).toMatchObject([
      { result: 'accepted', attempts: 3, nextTryAt: null },
    ]);
  });

  it('say that one was refused for good', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    app.mailbox.answer = 'refused';
    await invite(request);
    expect(await listOf(request)).toMatchObject([{ result: 'failed', attempts: 1 }]);
  });

  it('say that a code was not sent, because another was asked for', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const [record, details] = [await request.record(), await request.details()];
    app.mailbox.answer = 'notNow';
    await sendCode(app.parts, record, details);
    app.mailbox.answer = 'accepted';
    await sendCode(app.parts, record, details);
    expect(await listOf(request)).toMatchObject([
      { messageId: 'code-1', result: 'superseded', attempts: 1, nextTryAt: null },
      { messageId: 'code-2', result: 'accepted', attempts: 1 },
    ]);
  });

  it.each(['intend', 'email', 'settle'] as const)(
    'lack none that a process has sent, or meant to send, when it ended at: %s',
    async (step) => {
      const request = await TestRequest.in(app, 'awaitingVerification');
      const killed = () => Promise.reject(new Error('killed'));
      const { outbox } = app.parts;
      if (step === 'email') jest.spyOn(app.mailbox, 'email').mockImplementationOnce(killed);
      else if (step === 'settle') jest.spyOn(outbox, 'settle').mockImplementationOnce(killed);
      else {
        const intend = outbox.intend.bind(outbox);
        jest
          .spyOn(outbox, 'intend')
          .mockImplementationOnce((...given) => intend(...given).then(killed));
      }
      const mails = await mailsDuring(async () => {
        await expect(invite(request)).rejects.toThrow('killed');
        expect(await listOf(request)).toMatchObject([{ result: 'pending', hasText: true }]);
        await invite(request);
        await invite(request);
      });
      expect(await listOf(request)).toMatchObject([{ result: 'accepted', hasText: true }]);
      // A copy is recognised by its id, and a provider with operations sends it once.
      expect(mails).toHaveLength(step === 'settle' ? 2 : 1);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
    },
  );

  it('are encrypted with the key of the request: nothing of them can be read in storage', async () => {
    const request = await invited();
    app.clock.advance(1000);
    await sendCode(app.parts, await request.record(), await request.details());
    const table = app.table('outbox');
    const stored = JSON.stringify(await table.list(request.id));
    const { email, phone } = request.person;
    for (const secret of [
      email,
      phone,
      // However a mailbox or a number is masked.
      '•',
      'Example Mail',
      request.token,
    ])
      expect(stored).not.toContain(secret);
    expect(stored).toContain('content');
    await app.parts.ledger.update(request.id, { wrappedSecret: null });
    expect(await listOf(request)).toMatchObject([
      { template: 'invitation', to: null, hasText: false, canBeSentAgain: false },
      { template: 'code', to: null, hasText: false },
    ]);
    expect((await textOf(request, 'invitation')).code).toBe('messageHasNoText');
  });

  it('are deleted with the rest', async () => {
    const request = await invited();
    await request.move('cancelled');
    await createCleanUp(app.parts)({ requestId: request.id });
    expect(await listOf(request)).toEqual([]);
    expect((await textOf(request, 'invitation')).code).toBe('messageNotFound');
  });
});

describe('the text of a message', () => {
  it('is read with a reason, after the custody record says so, and without the token of its link', async () => {
    const request = await invited({ details: { locale: 'de' } });
    const sent = app.mailbox.emails.at(-1);
    expect(sent?.text).toContain(request.token);
    const { length } = await request.entries();
    const { status, body } = await textOf(request, 'invitation');
    expect(status).toBe(200);
    expect(body).toEqual({
      subject: sent?.subject,
      text: sent?.text.replaceAll(request.token, '…'),
    });
    expect(await request.events(length)).toEqual(['messageRead invitation email']);
    const { annotations } = await app.parts.ledger.custody(request.id);
    expect(annotations.get(length + 1)).toMatchObject({ displayName: 'Ms Privacy', justification });
  });

  it('is not given where the custody record cannot say so', async () => {
    const request = await invited();
    const dying = jest
      .spyOn(classOf(app.parts.ledger), 'note')
      .mockRejectedValueOnce(new Error('Not now.'));
    const answer = await textOf(request, 'invitation');
    expect(dying).toHaveBeenCalled();
    expect([answer.status, answer.code]).toEqual([500, 'internalError']);
    expect(JSON.stringify(answer.body)).not.toContain('Mail Order');
  });

  it('is not kept of a code, nor is it noted that somebody has asked for it', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    await sendCode(app.parts, await request.record(), await request.details());
    const { length } = await request.entries();
    const { status, code } = await textOf(request, 'code-1');
    expect([status, code]).toEqual([409, 'messageHasNoText']);
    expect(await request.events(length)).toEqual([]);
  });

  it.each(['none', 'webhook-9', 'webhook-', '..%2Finvitation', "' or 1 eq 1"])(
    'is not that of a message that there is not: %s',
    async (id) => {
      const request = await invited();
      expect((await textOf(request, id)).code).toBe('messageNotFound');
      expect((await again(request, id)).code).toBe('messageNotFound');
    },
  );

  it('is not that of another message, whatever stands in its row', async () => {
    const request = await invited();
    await mailPerson(app.parts, {
      request: {
        record: await request.record(),
        keys: await app.parts.keys.unwrap((await request.record()).wrappedSecret ?? ''),
      },
      details: await request.details(),
      message: { kind: 'reminder' },
    });
    const table = app.table('outbox');
    const [first, second] = await table.list(request.id);
    await table.put([
      {
        partitionKey: request.id,
        rowKey: 'reminder',
        ...{ state: 'sent', at: second?.['at'], content: first?.['content'] },
      },
    ]);
    expect((await textOf(request, 'reminder')).code).toBe('messageHasNoText');
  });
});

describe('a message', () => {
  interface Case {
    template: string;
    state: RequestState;
    arrangement?: Arrangement;
    send: (request: TestRequest) => Promise<unknown>;
  }
  const mailOf =
    (kind: 'reminder' | 'expiring') =>
    async (request: TestRequest): Promise<void> => {
      const record = await request.record();
      const keys = await app.parts.keys.unwrap(record.wrappedSecret ?? '');
      const details = await request.details();
      const until = record.availableUntil;
      await mailPerson(app.parts, { request: { record, keys }, details, message: { kind }, until });
    };
  const cases: Case[] = [
    { template: 'invitation', state: 'awaitingVerification', send: invite },
    { template: 'reminder', state: 'awaitingVerification', send: mailOf('reminder') },
    {
      template: 'available',
      state: 'available',
      send: ({ id }) => createAnnounce(app.parts)({ requestId: id }),
    },
    { template: 'expiring', state: 'available', send: mailOf('expiring') },
    { template: 'extended', state: 'exporting', send: (request) => act(request, 'extend') },
    { template: 'handedOver', state: 'delivered', send: (request) => act(request, 'deliver') },
  ];

  it.each(cases)('is sent again: $template', async ({ template, state, send }) => {
    const request = await TestRequest.in(app, state);
    const [first] = await mailsDuring(() => send(request));
    const { length } = await request.entries();
    const [message] = await listOf(request);
    expect(message).toMatchObject({ template, canBeSentAgain: true });
    const mails = await mailsDuring(async () => {
      const { status, body } = await again(request, message?.messageId ?? '');
      expect([status, body]).toMatchObject([
        200,
        { message: { template, again: 1, result: 'accepted', to: message?.to, hasText: true } },
      ]);
    });
    expect(mails).toEqual([{ ...first, messageId: expect.any(String) as string }]);
    // A copy that mail systems recognised would not arrive.
    expect(mails[0]?.messageId).not.toBe(first?.messageId);
    expect(await request.events(length)).toEqual([
      `messageSentAgain ${template} email 1`,
      `messageSent ${template} email`,
    ]);
    app.clock.advance(5 * minute);
    const [, second] = await listOf(request);
    const { body } = await again(request, second?.messageId ?? '');
    expect(body.message).toMatchObject({ template, again: 2, result: 'accepted' });
  });

  it('is not sent again when it carries a code', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    await sendCode(app.parts, await request.record(), await request.details());
    const { length } = await request.entries();
    const texts = app.mailbox.texts.length;
    const { status, code } = await again(request, 'code-1');
    expect([status, code]).toEqual([409, 'messageHasCode']);
    expect([app.mailbox.texts.length, await request.events(length)]).toEqual([texts, []]);
  });

  it.each<[string, RequestState, RequestState]>([
    ['invitation', 'awaitingVerification', 'identifying'],
    ['available', 'available', 'expired'],
    ['expiring', 'available', 'delivered'],
    ['extended', 'packaging', 'available'],
    ['extended', 'exporting', 'cancelled'],
  ])('is not sent again once the request is past it: %s', async (template, from, to) => {
    const request = await TestRequest.in(app, from);
    await cases.find((one) => one.template === template)?.send(request);
    await request.move(to);
    const { length } = await request.entries();
    expect((await listOf(request))[0]).toMatchObject({ template, canBeSentAgain: false });
    const mails = await mailsDuring(async () => {
      const { status, code } = await again(request, template);
      expect([status, code]).toEqual([409, 'messagePast']);
    });
    expect([mails, await request.events(length)]).toEqual([[], []]);
  });

  it('about an earlier release is not sent again, the one about the present is', async () => {
    const request = await TestRequest.in(app, 'available');
    await createAnnounce(app.parts)({ requestId: request.id });
    expect((await act(request, 'release')).status).toBe(200);
    await createAnnounce(app.parts)({ requestId: request.id });
    expect((await again(request, 'available')).code).toBe('messagePast');
    const { body } = await again(request, 'available-2');
    expect(body.message).toMatchObject({ messageId: 'available-2-again-1', result: 'accepted' });
  });

  it('to the officers is not sent again', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    await createRemindOfficer(app.parts)({ requestId: request.id });
    const [message] = await listOf(request);
    expect((await again(request, message?.messageId ?? '')).code).toBe('messagePast');
  });

  it('is not sent again without a mailbox on file', async () => {
    const request = await invited();
    const { contact } = await request.details();
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: { ...details, contact: contact && { ...contact, emails: [] } },
    }));
    expect((await again(request, 'invitation')).code).toBe('noMailbox');
  });

  it('is sent again once in five minutes, and five times a day', async () => {
    const request = await invited();
    const answers: string[] = [];
    const mails = await mailsDuring(async () => {
      for (let i = 0; i < 7; i += 1) {
        for (let call = 0; call < 2; call += 1) {
          const { status, code } = await again(request, 'invitation');
          answers.push(`${status} ${code ?? ''}`.trim());
        }
        app.clock.advance(5 * minute);
      }
    });
    const late = '429 tooManyMessages';
    expect(answers).toEqual([
      ...Array.from({ length: 5 }, () => ['200', late]).flat(),
      ...Array.from({ length: 4 }, () => late),
    ]);
    expect(mails).toHaveLength(5);
    app.clock.advance(24 * 60 * minute);
    expect((await again(request, 'invitation')).status).toBe(200);
  });

  it('is sent again once although two officers ask for it at once', async () => {
    const request = await invited();
    const mails = await mailsDuring(async () => {
      const answers = await Promise.all([1, 2, 3].map(() => again(request, 'invitation')));
      expect(answers.map(({ status }) => status).filter((one) => one === 200)).toHaveLength(1);
    });
    expect(mails).toHaveLength(1);
  });

  it('that the server does not take now is sent again later, once, and not a second time before', async () => {
    const request = await invited();
    app.mailbox.answer = 'notNow';
    const { status, body } = await again(request, 'invitation');
    expect([status, body]).toMatchObject([200, { message: { result: 'pending', attempts: 1 } }]);
    app.clock.advance(5 * minute);
    expect((await again(request, 'invitation')).code).toBe('messagePending');
    app.mailbox.answer = 'accepted';
    const mails = await mailsDuring(async () => {
      await sweep();
      await sweep();
    });
    expect(mails.filter(({ to }) => to === request.person.email)).toHaveLength(1);
    expect((await listOf(request))[1]).toMatchObject({ again: 1, result: 'accepted', attempts: 2 });
  });

  it('is sent by the timer when the process ends after the officer has asked for it', async () => {
    const request = await invited();
    jest.spyOn(app.mailbox, 'email').mockRejectedValueOnce(new Error('killed'));
    expect((await again(request, 'invitation')).status).toBe(500);
    const mails = await mailsDuring(sweep);
    expect(mails.map(({ to }) => to)).toContain(request.person.email);
    expect((await listOf(request))[1]).toMatchObject({ again: 1, result: 'accepted' });
  });

  it.each(['intend', 'note', 'email'] as const)(
    'is sent if the custody record says so, and only then, when the process ends at: %s',
    async (step) => {
      const request = await invited();
      const { length } = await request.entries();
      const [outbox, ledger] = [classOf(app.parts.outbox), classOf(app.parts.ledger)];
      const dying = {
        intend: () => jest.spyOn(outbox, 'intend'),
        note: () => jest.spyOn(ledger, 'note'),
        email: () => jest.spyOn(app.mailbox, 'email'),
      }[step]();
      dying.mockRejectedValueOnce(new Error('killed'));
      // What is done about an error is not done by a process that has ended.
      jest.spyOn(outbox, 'settle').mockRejectedValueOnce(new Error('killed'));
      expect((await again(request, 'invitation')).status).toBe(500);
      jest.restoreAllMocks();
      const mails = await mailsDuring(async () => {
        await sweep();
        app.clock.advance(10 * minute);
        await sweep();
      });
      const noted = step === 'email' ? 1 : 0;
      expect(mails.filter(({ to }) => to === request.person.email)).toHaveLength(noted);
      const events = await request.events(length);
      expect(events.filter((event) => event.startsWith('messageSentAgain'))).toHaveLength(noted);
      // Nothing is left in the way of the next one.
      expect((await again(request, 'invitation')).status).toBe(200);
    },
  );

  it('is not sent by the timer when the request is past it by then', async () => {
    const request = await invited();
    app.mailbox.answer = 'notNow';
    await again(request, 'invitation');
    app.mailbox.answer = 'accepted';
    await request.move('identifying');
    expect(await mailsDuring(sweep)).toEqual([]);
    expect((await listOf(request))[1]).toMatchObject({ again: 1, result: 'superseded' });
  });

  it('that is refused for good says so', async () => {
    const request = await invited();
    app.mailbox.answer = 'refused';
    const { status, body } = await again(request, 'invitation');
    expect([status, body]).toMatchObject([200, { message: { result: 'failed', attempts: 1 } }]);
  });
});
