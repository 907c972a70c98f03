import type { coreModule } from '../../local/host/core-module';
import { registerDurable } from '../../src/functions/durable';
import type { ActivityResult } from '../../src/core/results';
import type {
  Activities,
  ActivityInput,
  ActivityName,
  ActivityOutput,
} from '../../src/orchestrators/activity-types';
import { FakeRequest } from './fake-activities';
import { register } from './functions-in-process';

export { invoker } from './functions-in-process';

// The real SDKs register functions by this module, which the Functions worker provides. jest has its own
// `require`, which the worker's proxy does not reach.
jest.mock(
  '@azure/functions-core',
  () =>
    jest.requireActual<{ coreModule: typeof coreModule }>('../../local/host/core-module')
      .coreModule,
  { virtual: true },
);

/** Answers the activities of a request. */
export interface Answerer {
  answer<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ): Promise<ActivityResult<ActivityOutput<N>>>;
}

/** Who answers the activities, by the id of the request. */
export const answerers = new Map<string, Answerer>();

function answer<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
): Promise<ActivityResult<ActivityOutput<N>>> {
  const answerer = answerers.get(input.requestId);
  if (!answerer) throw new Error('The test has ended.');
  return answerer.answer(name, input);
}

const names = Object.keys(new FakeRequest(() => new Date()).activities) as ActivityName[];
const activities = Object.fromEntries(
  names.map((name) => [name, (input: ActivityInput<typeof name>) => answer(name, input)]),
) as Activities;
register(() => registerDurable(activities, (_activity, _request, run) => run()));
