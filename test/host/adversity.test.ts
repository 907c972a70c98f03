import { appRoot, HostProcess, promptly } from '../helpers/host-process';

interface HistoryEvent {
  EventType: number;
  TaskScheduledId?: number;
}
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const eventType = { taskCompleted: 5, orchestratorStarted: 12 };

describe('a host under adversity', () => {
  const host = new HostProcess();
  beforeAll(() => host.start(appRoot, ['--adverse', '1']));
  afterAll(() => host.stop());

  const historyOf = async (id: string, type: number): Promise<HistoryEvent[]> => {
    const response = await host.durable(`instances/${id}?showHistory=true`);
    const { historyEvents } = (await response.json()) as { historyEvents: HistoryEvent[] };
    return historyEvents.filter((event) => event.EventType === type);
  };
  const discarded = (id: string, reason: string): Promise<boolean> =>
    promptly(`a discarded message: ${reason}`, () =>
      Promise.resolve(
        host.log.includes(`${id}: Discarding 1 dequeued history event(s): ${reason}`),
      ),
    );
  const ascending = (found: unknown[]): number[] => [...(found as number[])].sort((a, b) => a - b);

  it('aborts episodes after they ran, and repeats them', async () => {
    const { instanceId, output } = await host.run('noteEpisodes', { key: 'aborted', steps: 40 });
    expect(output).toEqual(numbers(40).map((n) => n * n));
    expect(await historyOf(instanceId, eventType.orchestratorStarted)).toHaveLength(41);
    expect(host.notes('aborted').length).toBeGreaterThan(41);
    expect(host.log).toContain(`${instanceId}: Split brain detected`);
  });

  it('delivers completions of parallel tasks in any order, each once', async () => {
    const { instanceId, output } = await host.run('fanOut', 20);
    expect(output).toBe(2470);
    const order = (await historyOf(instanceId, eventType.taskCompleted)).map(
      ({ TaskScheduledId: id }) => id,
    );
    expect(order).not.toEqual(numbers(20));
    expect(ascending(order)).toEqual(numbers(20));
  });

  it('delivers external events in any order, each once', async () => {
    const id = await host.begin('collectAll', 20);
    for (const n of numbers(20)) await host.raise(id, 'item', n);
    const seen = (await host.finished(id)).output as number[];
    expect(seen).not.toEqual(numbers(20));
    expect(ascending(seen)).toEqual(numbers(20));
  });

  it('loses no event when it is killed', async () => {
    const id = await host.begin('collectAll', 20);
    for (const n of numbers(10)) await host.raise(id, 'item', n);
    await host.end('SIGKILL');
    await host.start(appRoot, ['--adverse', '2']);
    for (const n of numbers(10)) await host.raise(id, 'item', n + 10);
    expect(ascending((await host.finished(id)).output as number[])).toEqual(numbers(20));
  });

  it('receives messages for generations that have ended, and drops them', async () => {
    const id = await host.begin('eternal', { count: 1, to: 10 });
    expect((await host.finished(id)).output).toBe(10);
    await discarded(id, 'Invalid history (may have been overwritten by a newer instance)');
  });

  it('receives messages for instances that have ended, and drops them', async () => {
    const id = await host.begin('waitForEvent');
    await host.raise(id, 'name', 'event');
    const before = await host.finished(id);
    await discarded(id, 'Instance is Completed');
    expect(await host.status(id)).toEqual(before);
  });

  it('receives messages for instances that were purged, and drops them', async () => {
    const id = await host.begin('waitForEvent');
    await host.raise(id, 'name', 'event');
    await host.finished(id);
    await host.durable(`instances/${id}`, { method: 'DELETE' });
    await discarded(id, 'No such instance');
    expect((await host.durable(`instances/${id}`)).status).toBe(404);
  });

  it('never answers an instance by what was meant for a purged one of its id', async () => {
    for (const key of ['first', 'second', 'third']) {
      const id = await host.begin('noteEpisodes', { key, steps: 5 }, 'same-id');
      expect((await host.finished(id)).output).toEqual([0, 1, 4, 9, 16]);
      await host.durable(`instances/${id}`, { method: 'DELETE' });
    }
  });

  it('runs an instance that takes the place of one that was terminated at work', async () => {
    for (const id of ['place-1', 'place-2', 'place-3', 'place-4']) {
      await host.begin('waitForEvent', null, id);
      await host.durable(`instances/${id}/terminate?reason=x`, { method: 'POST' });
      await host.begin('noteEpisodes', { key: id, steps: 1 }, id);
      expect((await host.finished(id)).output).toEqual([0]);
    }
  });
});

describe('a host under adversity that duplicates activities', () => {
  const host = new HostProcess();
  beforeAll(() => host.start(appRoot, ['--adverse', '1', '--duplicate-activities']));
  afterAll(() => host.stop());

  it('runs those of an aborted episode as well, and takes one answer for each', async () => {
    const steps = 30;
    const { output } = await host.run('noteActivities', { key: 'duplicated', steps });
    expect(output).toEqual(numbers(steps));
    expect(host.notes('duplicated').length).toBeGreaterThan(steps);
    expect([...new Set(host.notes('duplicated'))]).toEqual(numbers(steps).map(String));
  });
});
