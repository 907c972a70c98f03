import { Subject } from '../../local/portal-client';
import { Scenario } from '../helpers/scenario';

const conversations = 2;
/** Fewer than the requests need, and more than the half of that. */
const callsPerWindow = 120;
const windowSeconds = 10;

describe('two requests on two processes of the app', () => {
  let scenario: Scenario;
  let began: number;
  /** When each call came, in milliseconds. */
  const calls: number[] = [];
  beforeAll(async () => {
    scenario = await Scenario.start({
      hosting: 'processes',
      conversations,
      settings: {
        FUNCTIONS_WORKER_PROCESS_COUNT: '2',
        GENESYS_CALLS_PER_MINUTE: String(callsPerWindow),
        GENESYS_RATE_WINDOW_SECONDS: String(windowSeconds),
      },
    });
    const { onExchange } = scenario.simulator;
    scenario.simulator.onExchange = (exchange) => {
      onExchange?.(exchange);
      calls.push(performance.now());
    };
    began = performance.now();
  }, 120_000);
  afterAll(() => scenario.stop());

  it('stay inside one budget of calls together, and both come to their end', async () => {
    const requests: string[] = [];
    for (const ticketId of ['T-1', 'T-2']) {
      scenario.adopt(new Subject(scenario.stack.hostUrl));
      requests.push(await scenario.request({ ticketId }));
      await scenario.stepUp(requests.length);
    }
    for (const requestId of requests) {
      const { progress } = await scenario.untilState(requestId, 'available');
      expect(progress.conversation['exported']).toBe(conversations);
    }
    expect(calls.length).toBeGreaterThan(callsPerWindow);
    // However late a call comes, it was granted before, by one of the windows that had begun.
    const beyond = calls.filter((at, i) => {
      const windows = 1 + Math.floor((at - began) / (windowSeconds * 1000));
      return i >= windows * callsPerWindow;
    });
    expect(beyond).toEqual([]);
    // Each process logs in by itself: there were two of them.
    expect(scenario.simulator.logins).toBe(2);
  }, 180_000);
});
