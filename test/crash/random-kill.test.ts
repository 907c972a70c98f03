import { randomOf } from '../../local/random';
import { RetryingClient } from '../helpers/retrying-client';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

/** `npm run test:kill -- --runs N --seed S` and `npm run test:long` set these; `npm test` leaves this out. */
const runs = Number(process.env['KILL_RUNS'] ?? 5);
const seed = Number(process.env['KILL_SEED'] ?? 1);

describe(`a host that is killed at random, ${runs} runs, seed ${seed}`, () => {
  const random = randomOf(seed);
  let scenario: Scenario;
  let client: RetryingClient;
  let expected: string[];
  /** Of the quickest run so far: kills happen in its first part, so that each run has one. */
  let quickest: number;

  /** Forgets the codes that were sent to the one number of all runs, as on another day. */
  const asOnAnotherDay = async (): Promise<void> => {
    const limits = scenario.table('rateLimits');
    const rows = limits.listEntities({ queryOptions: { filter: "PartitionKey eq 'number'" } });
    for await (const { partitionKey = '', rowKey = '' } of rows)
      await limits.deleteEntity(partitionKey, rowKey);
  };

  beforeAll(async () => {
    scenario = await Scenario.start({
      hosting: 'processes',
      isComparable: true,
      generated: organisationOf(8, seed),
      settings: { CONVERSATIONS_PER_PAGE: '3', EXPORT_CONCURRENCY: '2' },
      hostArguments: ['--batch', String(seed), '--early', '--adverse', String(seed)],
    });
    client = new RetryingClient(scenario);
    // The first run starts cold; the second tells how quick one can be.
    expected = await client.fulfil('cold');
    scenario.simulator.state.transcodes.clear();
    const started = Date.now();
    await client.fulfil('warm');
    quickest = Date.now() - started;
  }, 120_000);
  afterAll(async () => {
    await client.stop();
    await scenario.stop();
  });

  it.each(Array.from({ length: runs }, (_, i) => i + 1))(
    'run %d ends with the same content',
    async (run) => {
      // Recordings have to be prepared anew, as for a person who asks for the first time.
      scenario.simulator.state.transcodes.clear();
      await asOnAnotherDay();
      const restarts = client.restarts.length;
      const kills = 1 + Math.floor(random() * 3);
      const timers = Array.from({ length: kills }, () =>
        setTimeout(() => void scenario.stack.killHost(), random() * 0.5 * quickest),
      );
      const started = Date.now();
      expect(await client.fulfil(`killed-${run}`)).toEqual(expected);
      quickest = Math.min(quickest, Date.now() - started);
      expect(client.restarts.length).toBeGreaterThan(restarts);
      timers.forEach(clearTimeout);
    },
    180_000,
  );
});
