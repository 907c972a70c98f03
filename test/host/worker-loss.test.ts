import { appRoot, HostProcess, promptly } from '../helpers/host-process';

const exceeded = 'Exceeded language worker restart retry count for runtime:node.';
const ended = (host: HostProcess): Promise<boolean> =>
  promptly('the end of the host', () => Promise.resolve(!host.isRunning));

describe('a worker process that ends', () => {
  const host = new HostProcess();
  beforeAll(() => host.start());
  afterAll(() => host.stop());
  // So long after it a loss is forgotten: each test has its own.
  afterEach(() => host.advance(31 * 60_000));

  it('fails the activity that it ran, which is not repeated', async () => {
    const { runtimeStatus, output } = await host.run('callEndsWorker', {
      key: 'activity',
      times: 1,
    });
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain(
      "Activity function 'endsWorker' failed: node exited with code 137 (0x89)",
    );
    expect(host.notes('activity')).toHaveLength(1);
  });

  it('lets the retry policy of the orchestrator decide', async () => {
    expect((await host.run('retryEndsWorker', { key: 'retried', times: 2 })).output).toBe(3);
  });

  it('fails whatever else it ran', async () => {
    const { output } = await host.run('retryBesideEndsWorker', { key: 'beside', slow: 'slow' });
    expect(output).toEqual([2, 3]);
    expect(host.notes('slow')).toEqual(['begun', 'begun', 'ended']);
  });

  it('has its episode repeated', async () => {
    const { output } = await host.run('endsWorkerItself', { key: 'episode', times: 1 });
    expect(output).toBe('Hello survivor');
    expect(host.notes('episode')).toHaveLength(3);
  });
});

describe('a worker process that ends again and again', () => {
  let host: HostProcess;
  beforeEach(async () => {
    host = new HostProcess();
    await host.start();
  });
  afterEach(() => host.stop());

  it('is replaced twice; with the third the host ends, and the next goes on', async () => {
    const id = await host.begin('retryEndsWorker', { key: 'ends', times: 3 });
    await ended(host);
    expect(host.log).toContain(exceeded);
    expect(host.notes('ends')).toHaveLength(3);
    await host.start();
    expect((await host.finished(id)).output).toBe(4);
  });

  it('is forgotten when nothing happened for half an hour after it', async () => {
    await host.run('retryEndsWorker', { key: 'first', times: 2 });
    await host.advance(31 * 60_000);
    await host.run('retryEndsWorker', { key: 'second', times: 2 });
    expect(host.isRunning).toBe(true);
    await host.advance(29 * 60_000);
    await host.begin('retryEndsWorker', { key: 'third', times: 1 });
    await ended(host);
    expect(host.log).toContain(exceeded);
  });
});

describe('a worker process that ends in a host that fails such episodes', () => {
  it('fails the orchestration, as the Durable Task extension does with Node.js', async () => {
    const host = new HostProcess();
    await host.start(appRoot, ['--lost-episodes', 'fail']);
    try {
      const { runtimeStatus, output } = await host.run('endsWorkerItself', {
        key: 'ends',
        times: 1,
      });
      expect(runtimeStatus).toBe('Failed');
      expect(output).toBe(
        "Orchestrator function 'endsWorkerItself' failed: One or more errors occurred. (node exited with code 137 (0x89))",
      );
    } finally {
      await host.stop();
    }
  });
});
