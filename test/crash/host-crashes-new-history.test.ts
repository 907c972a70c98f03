import { RetryingClient } from '../helpers/retrying-client';
import { eventually } from '../helpers/eventually';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

describe('a crash when an export worker starts a new history', () => {
  let scenario: Scenario;
  let client: RetryingClient;
  let undisturbed: string[];
  beforeAll(async () => {
    scenario = await Scenario.start({
      hosting: 'processes',
      isComparable: true,
      generated: organisationOf(65, 22),
      settings: { CONVERSATIONS_PER_PAGE: '1', EXPORT_CONCURRENCY: '1', POLL_SECONDS: '1' },
      simulator: { transcodeDuration: 0 },
    });
    client = new RetryingClient(scenario);
    undisturbed = await client.fulfil('T-undisturbed');
  }, 120_000);
  afterAll(async () => {
    await client.stop();
    await scenario.stop();
  });

  it.each(['before:continuedAsNew:exportWorker', 'after:continuedAsNew:exportWorker'])(
    '%s: same content, nobody stuck',
    async (point) => {
      const before = client.restarts.length;
      client.faults.push(point);
      await scenario.stack.killHost();
      await eventually('a host with the fault in it', () =>
        Promise.resolve(client.faults.length === 0 && scenario.stack.isHostRunning),
      );
      expect(await client.fulfil(`T-${point}`)).toEqual(undisturbed);
      expect(client.restarts.slice(before)).toEqual([point, '']);
    },
    120_000,
  );
});
