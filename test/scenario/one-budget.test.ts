import { Subject } from '../../local/portal-client';
import { Scenario } from '../helpers/scenario';

/** Enough for calls that share the budget. */
const conversations = 10;
/** So few that the requests use it up again and again. */
const callsPerWindow = 50;

describe('three requests on two processes of the app', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await Scenario.start({
      hosting: 'processes',
      conversations,
      simulator: { callsPerMinute: callsPerWindow, rateWindow: 2000 },
      settings: {
        FUNCTIONS_WORKER_PROCESS_COUNT: '2',
        GENESYS_CALLS_PER_MINUTE: String(callsPerWindow),
        GENESYS_RATE_WINDOW_SECONDS: '2',
      },
    });
  }, 120_000);
  afterAll(() => scenario.stop());

  it('stay inside one budget of calls together, and all come to their end', async () => {
    const requests: string[] = [];
    for (const ticketId of ['T-1', 'T-2', 'T-3']) {
      scenario.adopt(new Subject(scenario.stack.hostUrl));
      requests.push(await scenario.request({ ticketId }));
      await scenario.stepUp(requests.length);
    }
    for (const requestId of requests) {
      const { progress } = await scenario.untilState(requestId, 'available');
      expect(progress.conversation['exported']).toBe(conversations);
    }
    const statuses = scenario.exchanges.map(({ status }) => status);
    const throttled = statuses.filter((status) => status === 429).length;
    expect(statuses.length).toBeGreaterThan(5 * callsPerWindow);
    expect(throttled / statuses.length).toBeLessThan(0.01);
    // Each process logs in by itself: there were two of them.
    expect(scenario.simulator.logins).toBe(2);
  }, 180_000);
});
