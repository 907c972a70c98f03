import type * as SendWebhooks from '../../src/activities/send-webhooks';
import { read, type HttpApp } from '../helpers/http-app';
import { newPerson, ticketOf } from '../helpers/http-requests';
import { classOf, messageCalls } from '../helpers/message-calls';
import { justification, startOfficerApp } from '../helpers/officer-actions';
import { outside } from '../helpers/outside-jest';

const { createSendWebhooks } = outside.app<typeof SendWebhooks>('activities/send-webhooks');

const minute = 60_000;

let app: HttpApp;
beforeAll(async () => {
  app = await startOfficerApp();
}, 60_000);
afterEach(() => jest.restoreAllMocks());
afterAll(() => app.stop());
const { listOf, textOf, again } = messageCalls(() => app);

describe('a webhook', () => {
  /** A request with a callback, whose webhooks the ticketing system answers like this. */
  async function posted(answer: 'delivered' | 'retry' | 'gone') {
    const person = newPerson();
    const callback = 'https://tickets.example/hook';
    const { body } = await read<{ requestId: string }>(
      await app.submit(ticketOf(person, { callback })),
    );
    const { requestId } = body;
    const webhooks = { send: () => Promise.resolve(answer) };
    await createSendWebhooks({ ...app.parts, webhooks })({ requestId });
    return { requestId, path: `/api/requests/${requestId}`, ticketId: `T-${person.email}` };
  }

  it('is listed with what became of it, and when it is tried next', async () => {
    expect(await listOf(await posted('delivered'))).toMatchObject([
      {
        ...{ messageId: 'webhook-1', channel: 'webhook', recipient: 'ticketSystem', to: null },
        ...{ template: 'request.received', result: 'delivered', attempts: 1, nextTryAt: null },
        ...{ canBeSentAgain: false, hasText: true },
      },
    ]);
    const nextTryAt = new Date(app.clock.now().getTime() + 5000).toISOString();
    expect(await listOf(await posted('retry'))).toMatchObject([
      { result: 'pending', attempts: 1, nextTryAt, canBeSentAgain: false },
    ]);
    expect(await listOf(await posted('gone'))).toMatchObject([
      { result: 'failed', nextTryAt: null, canBeSentAgain: true },
    ]);
  });

  it('has what it says as its text', async () => {
    const { path, requestId, ticketId } = await posted('delivered');
    const { body } = await textOf({ path }, 'webhook-1');
    expect(body.subject).toBe('request.received');
    expect(JSON.parse(body.text)).toMatchObject({ data: { requestId, ticketId } });
    const { entries } = await app.parts.ledger.custody(requestId);
    expect(entries.at(-1)).toMatchObject({
      event: 'messageRead',
      detail: { kind: 'request.received', channel: 'webhook' },
    });
  });

  it('has no text any more when the ticket is forgotten', async () => {
    const { path, requestId } = await posted('gone');
    await app.parts.ledger.deleteCallback(requestId);
    expect(await listOf({ path })).toMatchObject([{ hasText: false, canBeSentAgain: false }]);
    expect((await textOf({ path }, 'webhook-1')).code).toBe('messageHasNoText');
    expect((await again({ path }, 'webhook-1')).code).toBe('messagePast');
  });

  it('that failed is sent again by its orchestration', async () => {
    const { path, requestId } = await posted('gone');
    const { status, body } = await again({ path }, 'webhook-1');
    expect([status, body]).toMatchObject([200, { message: { result: 'pending', attempts: 0 } }]);
    expect(app.hub.callsOf(requestId).join()).toContain('deliverWebhooks');
    expect((await again({ path }, 'webhook-1')).code).toBe('messagePending');
    const { entries } = await app.parts.ledger.custody(requestId);
    expect(entries.at(-1)).toMatchObject({ event: 'messageSentAgain' });
  });

  it('that failed is not said to be sent again by a process that ended before it was', async () => {
    const { path, requestId } = await posted('gone');
    const { length } = (await app.parts.ledger.custody(requestId)).entries;
    jest
      .spyOn(classOf(app.parts.ledger), 'settleWebhook')
      .mockRejectedValueOnce(new Error('killed'));
    expect((await again({ path }, 'webhook-1')).status).toBe(500);
    expect((await app.parts.ledger.custody(requestId)).entries).toHaveLength(length);
    app.clock.advance(5 * minute);
    expect((await again({ path }, 'webhook-1')).status).toBe(200);
    const { entries, annotations } = await app.parts.ledger.custody(requestId);
    expect(entries.slice(length)).toMatchObject([{ event: 'messageSentAgain' }]);
    expect(annotations.get(length + 1)).toMatchObject({ justification });
  });

  it('that was delivered is not sent again', async () => {
    const { path } = await posted('delivered');
    expect((await again({ path }, 'webhook-1')).code).toBe('messagePast');
  });
});
