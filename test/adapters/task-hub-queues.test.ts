import { queuesOf } from '../../src/adapters/storage/queue-probe';
import { queueProbeOf, taskHubOf } from '../../src/composition/probes';

const queueUrl = 'https://hub.queue.core.windows.net/';
const renamed = 'AzureFunctionsJobHost__extensions__durableTask__hubName';

describe('the queues of the task hub', () => {
  it('are those of host.json: one for each partition, and one for activities', () => {
    expect(queuesOf(taskHubOf({}))).toEqual([
      'dataportabilityhub-control-00',
      'dataportabilityhub-control-01',
      'dataportabilityhub-workitems',
    ]);
  });

  it('are those of the hub that a setting names, after the old one was left', () => {
    expect(queuesOf(taskHubOf({ [renamed]: 'Hub202611231200' }))[0]).toBe(
      'hub202611231200-control-00',
    );
    expect(queuesOf({ name: 'Hub', partitions: 16 })[10]).toBe('hub-control-10');
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['where the identity of the app reaches them', {}, true],
    ['not where they are of this machine', { AzureWebJobsStorage__queueServiceUri: '' }, false],
    [
      'not where there are none',
      { DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=https://hub.example' },
      false,
    ],
  ])('are looked at %s', (_name, change, expected) => {
    const settings = { AzureWebJobsStorage__queueServiceUri: queueUrl, ...change };
    expect(queueProbeOf(settings) !== null).toBe(expected);
  });
});
