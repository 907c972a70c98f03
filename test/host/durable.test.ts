import { appRoot, HostProcess, type Status, promptly } from '../helpers/host-process';
import { isLong } from '../helpers/long-tests';

let host: HostProcess;
let keyCount = 0;
const newKey = (): string => `key-${(keyCount += 1)}`;
/** Several times as many as run at once. Each result costs an episode over a history that grows with them. */
const some = 60;
const width = Number(process.env['FAN_OUT'] ?? some);

type Way = [name: string, hostArguments: string[], width: number];
/** What other ways have in them, by itself. */
const partsOfWays: Way[] = [
  ['several messages at a time', ['--batch', '1'], width],
  ['adversity', ['--adverse', '1'], some],
];
/** Ways to give an app its messages. */
const ways: Way[] = [
  ['one message at a time', [], width],
  ['several messages at a time and early timers', ['--batch', '2', '--early'], some],
  [
    'everything at once',
    ['--batch', '3', '--early', '--adverse', '2', '--duplicate-activities'],
    some,
  ],
  ...(isLong ? partsOfWays : []),
];

describe.each(ways)('durable orchestrations, given %s', (_name, args, width) => {
  const isAdverse = args.includes('--adverse');
  /** Then activities run more often than they are asked for. */
  const isDuplicating = args.includes('--duplicate-activities');
  const expectCalls = (key: string, count: number): void => {
    if (isDuplicating) expect(host.notes(key).length).toBeGreaterThanOrEqual(count);
    else expect(host.notes(key)).toHaveLength(count);
  };
  const failureOf = (count: number): RegExp =>
    isDuplicating
      ? /Activity function 'flaky' failed: failure \d+/
      : RegExp(`Activity function 'flaky' failed: failure ${count}(?!\\d)`);
  /** The number of a call, as the activity counts it. */
  const nth = (count: number): unknown => (isDuplicating ? expect.any(Number) : count);

  beforeAll(async () => {
    host = new HostProcess();
    await host.start(appRoot, args);
  });
  afterAll(() => host.stop());

  it('runs activities one after the other', async () => {
    const { runtimeStatus, output } = await host.run('helloCities');
    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual(['Hello Tokyo', 'Hello Seattle', 'Hello London']);
  });

  it(`fans out to ${width} activities and in again`, async () => {
    const squares = Array.from({ length: width }, (_, i) => i * i);
    const sum = squares.reduce((all, one) => all + one, 0);
    expect((await host.run('fanOut', width)).output).toBe(sum);
  });

  it('gives payloads the JSON round trip of the real host', async () => {
    const found = (await host.run('inputTypes')).output as { type: string; input: unknown }[];
    expect(found.map(({ type }) => type)).toEqual([
      'string',
      'string',
      'number',
      'boolean',
      'null',
      'object',
      'object',
    ]);
    expect(found[5]?.input).toEqual({ a: [1] });
  });

  it('retries as often as asked, and goes on after success', async () => {
    const key = newKey();
    const { output } = await host.run('retry', { key, failures: 2, attempts: 5 });
    expect(output).toEqual(nth(3));
    expectCalls(key, 3);
  });

  it('gives up when the attempts are used up, and lets the orchestrator go on', async () => {
    const key = newKey();
    const { output } = await host.run('retry', { key, failures: 100, attempts: 3 });
    const caught: unknown = expect.stringMatching(RegExp(`^${failureOf(3).source}$`));
    expect(output).toEqual({ caught, after: 'Hello after' });
    expectCalls(key, 3);
  });

  it('retries inside Task.all and then calls the next activity', async () => {
    const { output } = await host.run('retryInAll', { key: newKey() });
    expect(output).toEqual({ flaky: nth(3), hello: 'Hello beside', after: 'Hello after' });
  });

  it('fails an instance whose orchestrator throws', async () => {
    expect(await host.run('throws')).toMatchObject({
      runtimeStatus: 'Failed',
      output: 'bad thing',
    });
  });

  it('fails an instance whose activity throws, with the reason', async () => {
    const { runtimeStatus, output } = await host.run('activityFails', newKey());
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(failureOf(1));
  });

  it('fails an instance that calls an activity that does not exist', async () => {
    const { runtimeStatus, output } = await host.run('unknownActivity');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("The function 'nobody' doesn't exist");
  });

  it('delivers an event that comes while the orchestrator waits', async () => {
    const id = await host.begin('waitForEvent');
    await promptly('the wait', async () => (await host.status(id)).runtimeStatus === 'Running');
    expect(await host.raise(id, 'name', 'event')).toBe(202);
    expect((await host.finished(id)).output).toBe('Hello event');
    expect(await host.raise(id, 'name', 'late')).toBe(410);
  });

  it('keeps an event that comes before the wait', async () => {
    const id = await host.begin('delayThenEvent');
    await host.raise(id, 'early', { value: 1 });
    expect((await host.finished(id)).output).toEqual({ value: 1 });
  });

  it('lets the first of event and timer win', async () => {
    expect((await host.run('eventOrTimer', { milliseconds: 50, cancel: true })).output).toBe(
      'timer',
    );
    const id = await host.begin('eventOrTimer', { milliseconds: 3_600_000, cancel: true });
    await host.raise(id, 'go', 7);
    expect((await host.finished(id)).output).toEqual({ event: 7 });
  });

  it('keeps an instance running whose timer was not cancelled, as the extension does', async () => {
    const id = await host.begin('eventOrTimer', { milliseconds: 3_600_000, cancel: false });
    await host.raise(id, 'go', 7);
    await promptly('the event', async () => {
      const response = await host.durable(`instances/${id}?showHistory=true`);
      return (await response.text()).includes('"Name":"go"');
    });
    expect((await host.status(id)).runtimeStatus).toBe('Running');
    await host.advance(3_600_000);
    expect((await host.finished(id)).output).toEqual({ event: 7 });
  });

  it('waits ten days in intervals of at most six', async () => {
    const id = await host.begin('longTimer');
    await promptly('the timer', async () => (await host.status(id)).runtimeStatus === 'Running');
    const history = () =>
      host.durable(`instances/${id}?showHistory=true`).then((response) => response.text());
    for (const days of [3, 3, 4]) {
      const before = await history();
      await host.advance(days * 86_400_000);
      await promptly('the interval', async () => (await history()) !== before);
    }
    const { output } = await host.finished(id);
    expect(output).toMatchObject({ greeting: 'Hello later' });
    expect((output as { days: number }).days).toBeGreaterThanOrEqual(10);
  });

  it('continues as new with a fresh history and its custom status', async () => {
    const id = await host.begin('eternal', { count: 1, to: 30 });
    const { output, customStatus } = await host.finished(id);
    expect([output, customStatus]).toEqual([30, { count: 30 }]);
    const response = await host.durable(`instances/${id}?showHistory=true`);
    expect(
      ((await response.json()) as { historyEvents: unknown[] }).historyEvents.length,
    ).toBeLessThan(12);
  });

  it('carries events that nobody has waited for into the next generation', async () => {
    const id = await host.begin('collectEvents', []);
    for (const item of ['a', 'b', 'c']) await host.raise(id, 'item', item);
    const seen = (await host.finished(id)).output as string[];
    // Adversity delivers messages in an order of its own.
    expect(isAdverse ? seen.sort() : seen).toEqual(['a', 'b', 'c']);
  });

  it('runs sub-orchestrations, with ids of their own and with derived ones', async () => {
    const id = await host.begin('parent');
    expect((await host.finished(id)).output).toEqual([1, 4, 9, 100]);
    expect((await host.status(`${id}-2`)).output).toBe(4);
  });

  it('gives the error of a sub-orchestration to its parent', async () => {
    expect((await host.run('parentOfFailing')).output).toContain(
      "Orchestrator function 'throws' failed: bad thing",
    );
  });

  it('starts a new child in each generation of its parent', async () => {
    expect((await host.run('parentInGenerations', { count: 1, sum: 0 })).output).toBe(14);
  });

  it('fails a replay that asks for other actions than recorded, and says which', async () => {
    const { runtimeStatus, output } = await host.run('nonDeterministic');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Non-Deterministic workflow detected: action 0');
  });

  it('says truthfully when it replays', async () => {
    expect((await host.run('replaying')).output).toEqual([true, true, false]);
  });

  it('takes large outputs, and no custom status over 16 KB', async () => {
    expect(((await host.run('largeOutput')).output as string).length).toBe(500_000);
    const status = await host.run('largeStatus');
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toContain('must not exceed 16 KB');
  });

  it('says that it does not run entities', async () => {
    const { runtimeStatus, output } = await host.run('entityCaller');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('does not run durable actions of type 7');
  });

  it('terminates, suspends and resumes', async () => {
    const id = await host.begin('waitForEvent');
    expect(
      (await host.durable(`instances/${id}/suspend?reason=wait`, { method: 'POST' })).status,
    ).toBe(202);
    expect((await host.status(id)).runtimeStatus).toBe('Suspended');
    await host.raise(id, 'name', 'x');
    expect((await host.status(id)).runtimeStatus).toBe('Suspended');
    expect(
      (await host.durable(`instances/${id}/resume?reason=go`, { method: 'POST' })).status,
    ).toBe(202);
    expect((await host.finished(id)).output).toBe('Hello x');
    const other = await host.begin('waitForEvent');
    expect(
      (await host.durable(`instances/${other}/terminate?reason=enough`, { method: 'POST' })).status,
    ).toBe(202);
    expect(await host.status(other)).toMatchObject({
      runtimeStatus: 'Terminated',
      output: 'enough',
    });
  });

  it('rewinds a failed instance: what failed runs again, what was done does not', async () => {
    const key = newKey();
    const id = await host.begin('rewindable', { key });
    expect((await host.finished(id)).runtimeStatus).toBe('Failed');
    const rewind = (of: string) =>
      host.durable(`instances/${of}/rewind?reason=again`, { method: 'POST' });
    host.note(`${key}-mended`, 'yes');
    expect((await rewind(id)).status).toBe(202);
    expect((await host.finished(id)).output).toEqual(['Hello before', 'mended', 'Hello after']);
    expect((await rewind(id)).status).toBe(410);
    expectCalls(key, 2);
  });

  it('rewinds failed children with their parent', async () => {
    const key = newKey();
    const id = await host.begin('parentOfRewindable', { key });
    expect((await host.finished(id)).runtimeStatus).toBe('Failed');
    host.note(`${key}-mended`, 'yes');
    await host.durable(`instances/${id}/rewind?reason=again`, { method: 'POST' });
    expect((await host.finished(id)).output).toEqual([
      'Hello parent',
      ['Hello before', 'mended', 'Hello after'],
    ]);
  });

  it('rewinds neither what still runs nor what has used timers', async () => {
    const running = await host.begin('waitForEvent');
    const rewind = (of: string) =>
      host.durable(`instances/${of}/rewind?reason=again`, { method: 'POST' });
    expect((await rewind(running)).status).toBe(412);
    const retried = await host.begin('retryOrFail', { key: newKey() });
    expect((await host.finished(retried)).runtimeStatus).toBe('Failed');
    expect((await rewind(retried)).status).toBe(501);
  });

  it('gives a property named Timestamp as a Date, as the SDK does, and others as they are', async () => {
    const input = { Timestamp: '2026-11-23T12:00:00Z', time: '2026-11-23T12:00:00Z' };
    expect((await host.run('inputWithTimestamp', input)).output).toEqual([true, 'string']);
  });

  it('answers 500 for a failed instance where that is asked for', async () => {
    const { instanceId } = await host.run('throws');
    const answer = (query: string) => host.durable(`instances/${instanceId}${query}`);
    expect((await answer('')).status).toBe(200);
    expect((await answer('?returnInternalServerErrorOnFailure=true')).status).toBe(500);
  });

  it('lists by the time of creation, and refuses a time that is none', async () => {
    const { createdTime, instanceId } = (await host.run('helloCities')) as Status & {
      createdTime: string;
    };
    const ids = async (query: string) =>
      ((await (await host.durable(`instances/?${query}`)).json()) as Status[]).map(
        (status) => status.instanceId,
      );
    const second = 1000;
    const at = (shift: number) => new Date(Date.parse(createdTime) + shift).toISOString();
    expect(await ids(`createdTimeFrom=${at(-second)}&createdTimeTo=${at(second)}`)).toContain(
      instanceId,
    );
    expect(await ids(`createdTimeFrom=${at(second)}&createdTimeTo=${at(2 * second)}`)).toEqual([]);
    expect((await host.durable('instances/?createdTimeFrom=yesterday')).status).toBe(400);
  });

  it('refuses ids that the extension refuses, and a second start of a running one', async () => {
    await expect(host.begin('helloCities', null, '@entity')).rejects.toThrow('400');
    await expect(host.begin('nobody')).rejects.toThrow('400');
    await host.begin('waitForEvent', null, 'twice');
    await expect(host.begin('waitForEvent', null, 'twice')).rejects.toThrow('409');
  });

  it('lists by status in pages, and purges what has finished', async () => {
    const list = async (query: string) => host.durable(`instances/?${query}`);
    for (let i = 0; i < 3; i += 1) await host.run('throws');
    const failed = (await (await list('runtimeStatus=Failed')).json()) as Status[];
    expect(failed.length).toBeGreaterThan(2);
    expect(failed.every(({ runtimeStatus }) => runtimeStatus === 'Failed')).toBe(true);
    const first = await list('top=1');
    expect(first.headers.get('x-ms-continuation-token')).not.toBeNull();
    const purged = await host.durable(`instances/?runtimeStatus=Failed`, { method: 'DELETE' });
    expect(await purged.json()).toEqual({ instancesDeleted: failed.length });
    expect(await (await list('runtimeStatus=Failed')).json()).toEqual([]);
  });

  it('serves the client of the app', async () => {
    const response = await host.fetch('starter', { method: 'POST' });
    const { id, status, unknown, again } = (await response.json()) as Record<string, string>;
    expect(['Pending', 'Running']).toContain(status);
    expect(unknown).toContain('HTTP 404');
    expect(again).toContain('409');
    expect((await host.finished(id ?? '')).output).toBe('Hello client');
  });
});
