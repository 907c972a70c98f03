import { createSendWebhooks, type SendWebhooksServices } from '../../src/activities/send-webhooks';
import type { WebhookEvent } from '../../src/core/api/webhooks';
import { done } from '../../src/core/results';
import { day, hour, orchestration, type Orchestration } from '../helpers/orchestration';

const secondsOf = (run: Orchestration): number[] =>
  run.callsOf('sendWebhooks').map(({ at }) => at / 1000);

const suffix = '-deliverWebhooks';

function expectDone(run: Orchestration): void {
  expect(run.instanceOf(suffix)).toMatchObject({ status: 'Completed', output: 'null' });
  expect(run.pending).toEqual([]);
}

describe('the delivery of webhooks', () => {
  it('ends at once when none is pending', async () => {
    const run = orchestration();
    await run.start('deliverWebhooks');
    expect(secondsOf(run)).toEqual([0]);
    expectDone(run);
  });

  it('tries again after the pauses that it is told, until none is pending', async () => {
    const run = orchestration();
    run.next('sendWebhooks', ...[5, 300, 1800].map((nextInSeconds) => done({ nextInSeconds })));
    await run.start('deliverWebhooks');
    await run.pass(hour);
    expect(secondsOf(run)).toEqual([0, 5, 305, 2105]);
    expectDone(run);
  });

  it.each(['requestGone', 'organisationUnknown', 'storageUnavailableTooLong'] as const)(
    'ends when the activity fails (%s): the sweeper starts another instance',
    async (code) => {
      const run = orchestration().next('sendWebhooks', { kind: 'failed', code });
      await run.start('deliverWebhooks');
      expectDone(run);
    },
  );

  it('ends when storage is unavailable for longer than is waited for', async () => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } });
    run.always('sendWebhooks', {
      kind: 'retryLater',
      afterSeconds: 30,
      reason: 'storageUnavailable',
    });
    await run.start('deliverWebhooks');
    await run.passToEnd();
    expect(run.elapsed).toBeLessThanOrEqual(hour);
    expectDone(run);
  });

  it('is started again after an unexpected error that stays', async () => {
    const run = orchestration().always('sendWebhooks', new Error('internalError: TypeError'));
    await run.start('deliverWebhooks');
    await run.passToEnd();
    expect(run.instanceOf(suffix).status).toBe('Failed');
    expect(run.pending).toEqual([]);
    expect(run.callsOf('sendWebhooks')).toHaveLength(40);
    run.always('sendWebhooks', null);
    await run.start('deliverWebhooks');
    expectDone(run);
  });

  it('runs beside the request, and after its end', async () => {
    const run = orchestration();
    run.always('sendWebhooks', () =>
      done({ nextInSeconds: run.elapsed < 8 * day ? 36_000 : null }),
    );
    await run.start();
    await run.start('deliverWebhooks');
    await run.pass(7 * day);
    expect(run.instance.status).toBe('Completed');
    expect(run.instanceOf(suffix).status).toBe('Running');
    await run.pass(2 * day);
    expectDone(run);
  });
});

describe('webhooks that the ticketing system does not take', () => {
  const requestId = '00000000-0000-4000-8000-000000000000';
  const sent: string[] = [];
  const notes: unknown[] = [];
  let events: WebhookEvent[];
  let answer: 'delivered' | 'retry' | 'gone';
  let run: Orchestration;

  beforeEach(() => {
    sent.length = 0;
    notes.length = 0;
    answer = 'retry';
    events = (['received', 'awaitingVerification', 'identifying'] as const).map((to, i) => ({
      sequence: i + 1,
      at: '2026-03-02T09:00:00.000Z',
      to,
      reasonCode: null,
      state: 'pending',
      attempts: 0,
    }));
    const record = {
      state: 'identifying',
      organisation: 'main',
      waiting: null,
      pendingWebhooks: 0,
    };
    const services = {
      clock: { now: () => new Date('2026-03-02T09:00:00.000Z') },
      ledger: {
        get: () => Promise.resolve(record),
        callback: () => Promise.resolve('encrypted'),
        webhooks: () => Promise.resolve(structuredClone(events)),
        settleWebhook: (_id: string, settled: WebhookEvent, fact: unknown) => {
          if (fact !== null) notes.push(fact);
          events = events.map((one) => (one.sequence === settled.sequence ? settled : one));
          return Promise.resolve();
        },
      },
      keys: {
        decryptWithMasterKey: () =>
          Promise.resolve(JSON.stringify({ url: 'https://tickets.example/hook', ticketId: 'T' })),
      },
      organisations: new Map([['main', {}]]),
      webhooks: {
        send: (_url: string, id: string) => {
          sent.push(id);
          return Promise.resolve(answer);
        },
      },
    } as unknown as SendWebhooksServices;
    const send = createSendWebhooks(services);
    run = orchestration().always('sendWebhooks', () => send({ requestId }));
  });
  const states = () => events.map(({ state }) => state);
  const idOf = (sequence: number): string => `msg_${requestId}_${sequence}`;

  it('are sent ten times in about three days, then given up, and the next one follows', async () => {
    await run.start('deliverWebhooks');
    await run.pass(60 * hour);
    expect(states()).toEqual(['pending', 'pending', 'pending']);
    expect(new Set(sent)).toEqual(new Set([idOf(1)]));
    await run.pass(24 * hour);
    expect(events[0]).toMatchObject({ state: 'failed', attempts: 10 });
    expect(sent.filter((id) => id === idOf(1))).toHaveLength(10);
    expect(sent[10]).toBe(idOf(2));
    expect(notes).toEqual([
      { event: 'webhookFailed', detail: { state: 'received', attempts: 10 } },
    ]);
    const pauses = secondsOf(run).slice(1, 10);
    expect(pauses).toEqual([5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105]);
    await run.passToEnd();
    expect(states()).toEqual(['failed', 'failed', 'failed']);
    expectDone(run);
  });

  it('are delivered in order once it does', async () => {
    await run.start('deliverWebhooks');
    await run.pass(hour);
    answer = 'delivered';
    await run.pass(2 * hour);
    expect(states()).toEqual(['delivered', 'delivered', 'delivered']);
    expect(sent.slice(-3)).toEqual([idOf(1), idOf(2), idOf(3)]);
    expectDone(run);
  });

  it('are sent after all when an officer asks for it', async () => {
    await run.start('deliverWebhooks');
    await run.passToEnd();
    answer = 'delivered';
    events = events.map((event) => ({ ...event, state: 'pending', attempts: 0 }));
    sent.length = 0;
    await run.start('deliverWebhooks');
    expect(states()).toEqual(['delivered', 'delivered', 'delivered']);
    expect(sent).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(run.elapsed).toBeGreaterThan(9 * day);
    expectDone(run);
  });

  it('are not sent again when it is gone', async () => {
    answer = 'gone';
    await run.start('deliverWebhooks');
    expect(states()).toEqual(['failed', 'failed', 'failed']);
    expect(sent).toHaveLength(3);
    expectDone(run);
  });
});
