import type * as CleanUp from '../../src/activities/clean-up';
import type * as SendEndNotice from '../../src/activities/send-end-notice';
import type * as SendWebhooks from '../../src/activities/send-webhooks';
import type * as EndNotices from '../../src/services/end-notices';
import type { EndState, RequestState } from '../../src/core/request/states';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { HttpApp, read } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { TestRequest, type Arrangement } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { createCleanUp } = outside.app<typeof CleanUp>('activities/clean-up');
const { createSendEndNotice } = outside.app<typeof SendEndNotice>('activities/send-end-notice');
const { notifyOfEnd } = outside.app<typeof EndNotices>('services/end-notices');
const { createSendWebhooks } = outside.app<typeof SendWebhooks>('activities/send-webhooks');

const officer = 'privacy@shop.example';
let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ SUPERVISORY_AUTHORITY: 'Data Commission' });
}, 60_000);
afterEach(() => {
  app.mailbox.answer = 'accepted';
  jest.restoreAllMocks();
});
afterAll(() => app.stop());

const send = (request: TestRequest, end: EndState, mail: 'try' | 'skip' = 'try') =>
  createSendEndNotice(app.parts)({ requestId: request.id, end, mail });

/** Whom emails about a request went to since, with their texts. */
const mailsSince = (count: number): { to: string; text: string }[] =>
  app.mailbox.emails.slice(count).map(({ to, text }) => ({ to, text }));

/** Refuses what is sent to people, and takes what is sent to officers. */
function refusePeople(): void {
  const email = app.mailbox.email.bind(app.mailbox);
  jest.spyOn(app.mailbox, 'email').mockImplementation((message) => {
    app.mailbox.answer = message.to === officer ? 'accepted' : 'refused';
    return email(message);
  });
}

const arranged: { end: EndState; from: RequestState; arrangement?: Arrangement; says: string }[] = [
  { end: 'unverified', from: 'awaitingVerification', says: 'nobody confirmed in the time allowed' },
  {
    end: 'cancelled',
    from: 'cancelled',
    arrangement: { record: { reason: 'duplicate' } },
    says: 'the same as another request of yours',
  },
  {
    end: 'cancelled',
    from: 'cancelled',
    arrangement: { record: { reason: 'failedTooLong' } },
    says: 'for technical reasons',
  },
  { end: 'refused', from: 'refused', says: 'it repeats earlier ones (Art. 12(5) GDPR)' },
  { end: 'expired', from: 'available', says: 'You can request it again at any time' },
];

describe('the notice of an end', () => {
  it.each(arranged)(
    '$end, goes to the mailbox on file once: $says',
    async ({ end, from, says, ...more }) => {
      const request = await TestRequest.in(app, from, more.arrangement ?? {});
      const before = app.mailbox.emails.length;
      const count = (await request.entries()).length;
      for (let i = 0; i < 2; i += 1)
        expect(await send(request, end)).toEqual({ kind: 'done', value: null });
      const mails = mailsSince(before);
      expect(mails.map(({ to }) => to)).toEqual([request.person.email]);
      expect(mails[0]?.text).toContain(says);
      expect(mails[0]?.text).toContain('to seek a judicial remedy');
      expect(mails[0]?.text).toContain('Data Commission');
      expect((await request.record()).endNotice).toMatchObject({ end, by: 'email', tell: null });
      expect(await request.events(count)).toEqual([
        `messageSent ${end} email`,
        `endNoticed ${end} email`,
      ]);
    },
  );

  it('is sent once although the process dies between the email and its note', async () => {
    const request = await TestRequest.in(app, 'refused');
    const before = app.mailbox.emails.length;
    const dying = jest
      .spyOn(app.parts.ledger, 'noteEnd')
      .mockRejectedValueOnce(new Error('killed'));
    await expect(send(request, 'refused')).rejects.toThrow('killed');
    dying.mockRestore();
    await send(request, 'refused');
    expect(mailsSince(before)).toHaveLength(1);
    expect((await request.record()).endNotice).toMatchObject({ by: 'email' });
  });

  it('waits while no email is accepted, and then leaves it to a letter and the ticket', async () => {
    const request = await TestRequest.in(app, 'refused');
    app.mailbox.answer = 'notNow';
    expect(await send(request, 'refused')).toMatchObject({ kind: 'retryLater' });
    expect((await request.record()).endNotice).toBeNull();
    expect(await send(request, 'refused', 'skip')).toMatchObject({ kind: 'done' });
    const { endNotice } = await request.record();
    expect(endNotice).toMatchObject({ by: 'letter', tell: { language: 'en' } });
    expect(endNotice?.tell?.text).toContain('Data Commission');
  });

  it.each([
    ['has no mailbox on file', { emails: [] as string[] }],
    ['has a mailbox that refuses it', {}],
  ])('is left to a letter for a person who %s', async (_name, contact) => {
    const request = await TestRequest.in(app, 'refused', { contact });
    const before = app.mailbox.emails.length;
    refusePeople();
    await send(request, 'refused');
    expect(mailsSince(before).map(({ to }) => to)).toEqual([officer]);
    expect((await request.record()).endNotice).toMatchObject({ by: 'letter' });
  });

  it('goes to no address of the request: with nobody on file the ticket is told, without personal data', async () => {
    for (const end of ['noDataFound', 'cancelled', 'refused'] as const) {
      const request = await TestRequest.in(app, end === 'noDataFound' ? 'received' : end, {
        record: { hasCallback: true },
        details: {
          contact: null,
          locale: 'de',
          name: 'Zoe Secret',
          statutoryNotices: {
            ...noStatutoryNotices,
            refused: { code: 'excessive', explanation: 'Zoe Secret fragt täglich.' },
          },
        },
      });
      const before = app.mailbox.emails.length;
      await send(request, end);
      await send(request, end);
      expect(mailsSince(before)).toEqual([]);
      const events = await app.parts.ledger.webhooks(request.id);
      const [notice] = events.flatMap((event) =>
        typeof event.notice === 'object' ? event.notice : [],
      );
      expect(events.filter((event) => event.notice)).toHaveLength(1);
      expect(notice).toMatchObject({ end, by: 'ticket', tell: { language: 'de' } });
      expect(notice?.tell?.text).toContain('Datenschutzaufsichtsbehörde');
      expect(JSON.stringify(events)).not.toMatch(/Secret|zoe|mail\.example/);
    }
  });

  it('asks the officer to tell where the ticketing system takes no webhooks', async () => {
    const request = await TestRequest.in(app, 'received', { details: { contact: null } });
    const before = app.mailbox.emails.length;
    await send(request, 'noDataFound');
    expect(mailsSince(before).map(({ to }) => to)).toEqual([officer]);
    const headers = { 'x-functions-key': functionKey };
    const { body } = await read(await app.fetch(request.path, { headers }));
    expect(body).toMatchObject({ endNotice: { end: 'noDataFound', by: 'ticket' } });
  });

  it('of a recall, which has destroyed the key, is told by the ticket', async () => {
    const request = await TestRequest.in(app, 'recalled', { record: { hasCallback: true } });
    await app.parts.ledger.update(request.id, { wrappedSecret: null });
    const before = app.mailbox.emails.length;
    await send(request, 'recalled');
    expect(mailsSince(before)).toEqual([]);
    expect((await request.record()).endNotice).toMatchObject({ by: 'ticket' });
  });

  it('of a recall without a ticket is left to the officers, whose email is not kept without a key', async () => {
    const request = await TestRequest.in(app, 'recalled');
    await app.parts.ledger.update(request.id, { wrappedSecret: null });
    const before = app.mailbox.emails.length;
    expect(await send(request, 'recalled')).toEqual({ kind: 'done', value: null });
    expect(mailsSince(before).map(({ to }) => to)).toEqual([officer]);
    const rows = await app.table('outbox').list(request.id);
    expect(rows).toMatchObject([{ state: 'sent' }]);
    expect(JSON.stringify(rows)).not.toContain('content');
  });

  it.each<['cancelled' | 'noDataFound', 'ticket' | 'fails']>([
    // The officer who has closed it may have had its data deleted meanwhile.
    ['cancelled', 'ticket'],
    ['noDataFound', 'fails'],
  ])('of a request that is %s and whose personal part is gone: %s', async (end, outcome) => {
    const request = await TestRequest.in(app, end, { record: { hasCallback: true } });
    await app.parts.ledger.deleteDetails(request.id);
    const before = app.mailbox.emails.length;
    const sending = notifyOfEnd(app.parts, await request.record(), { end, mail: 'try' });
    if (outcome === 'fails') await expect(sending).rejects.toThrow('was deleted');
    else await sending;
    expect(mailsSince(before)).toEqual([]);
    const { endNotice } = await request.record();
    expect(endNotice?.by ?? 'fails').toBe(outcome);
  });

  it.each(['delivered', 'handedOver'])(
    'is not sent at the end of a package that was %s: the person has their data',
    async (how) => {
      const request = await TestRequest.in(app, how === 'delivered' ? 'delivered' : 'available');
      if (how === 'handedOver') await app.parts.ledger.note(request.id, { event: 'handedOver' });
      const before = app.mailbox.emails.length;
      await send(request, 'expired');
      expect(mailsSince(before)).toEqual([]);
      expect((await request.record()).endNotice).toBeNull();
    },
  );

  it('is not sent once the data of the request are deleted', async () => {
    const request = await TestRequest.in(app, 'refused');
    await createCleanUp(app.parts)({ requestId: request.id });
    const before = app.mailbox.emails.length;
    await send(request, 'refused');
    await send(request, 'refused', 'skip');
    expect(mailsSince(before)).toEqual([]);
  });

  it('gives way to an end that an officer has made meanwhile', async () => {
    const request = await TestRequest.in(app, 'cancelled');
    expect(await send(request, 'unverified')).toEqual({ kind: 'failed', code: 'requestClosed' });
  });
});

describe('the address for webhooks', () => {
  it('is kept after the end until the notice of the end was delivered', async () => {
    const { keys, ledger } = app.parts;
    const request = await TestRequest.in(app, 'awaitingVerification', {
      record: { hasCallback: true, pendingWebhooks: 1 },
    });
    const target = { url: 'https://tickets.example', ticketId: 'T-1' };
    const callback = await keys.encryptWithMasterKey(JSON.stringify(target), request.id);
    const deleted: string[] = [];
    const sent: string[] = [];
    const services = {
      ...app.parts,
      ledger: Object.assign(Object.create(ledger) as typeof ledger, {
        callback: () => Promise.resolve(deleted.length > 0 ? null : callback),
        deleteCallback: (id: string) => Promise.resolve(void deleted.push(id)),
      }),
      webhooks: {
        send: (_url: string, _id: string, body: string) => {
          sent.push((JSON.parse(body) as { type: string }).type);
          return Promise.resolve('delivered' as const);
        },
      },
    };
    const deliver = () => createSendWebhooks(services)({ requestId: request.id });
    await ledger.move(request.id, 'cancelled', { reason: 'withdrawn' });
    await deliver();
    expect(deleted).toEqual([]);
    await send(request, 'cancelled');
    await deliver();
    expect(sent.slice(-2)).toEqual(['request.cancelled', 'request.endNotice']);
    expect(deleted).toEqual([request.id]);
  });
});
