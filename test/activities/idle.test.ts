import { requestOf } from '../../local/cost/storage-requests';
import { JobRunner, type Job, type JobLog } from '../../src/services/jobs';
import { sweep } from '../../src/services/sweep';
import { AppWorld } from '../helpers/app-world';
import type { AppProcess } from '../helpers/app-process';
import { deleteRows } from '../helpers/fulfilled';
import { organisationOf } from '../helpers/organisation';
import { RequestDriver } from '../helpers/request-driver';

describe('a minute in which nothing is to do', () => {
  let world: AppWorld;
  let process: AppProcess;
  beforeAll(async () => {
    world = await AppWorld.start({ generated: organisationOf(1) });
    process = await world.start();
  });
  beforeEach(async () => {
    await deleteRows(world.storage.connectionString, 'requestIndex');
    // The first call of the day finds every job due.
    await minute('12:10');
  });
  afterAll(() => world.stop());

  /** Requests of storage of a call of the timer, with what the task hub is asked. */
  async function minute(time: string): Promise<{ requests: string[]; asked: string[] }> {
    const requests: string[] = [];
    const asked: string[] = [];
    const ask = (name: string) => () => Promise.resolve(void asked.push(name));
    const orchestrations = {
      ensureFulfilment: ask('fulfilment'),
      ensureWebhooks: ask('webhooks'),
      notify: ask('notify'),
    };
    // At another time of the day, other jobs are due.
    const clock = { now: () => new Date(`2026-11-29T${time}:00Z`) };
    const app = { ...process.app, clock };
    const job = (name: Job<JobLog>['name'], period: Job<JobLog>['period']): Job<JobLog> => ({
      name,
      period,
      run: async (context) => {
        if (name === 'sweeper') await sweep(app, orchestrations, context);
        return null;
      },
    });
    const hourly = { kind: 'hourly', minute: 7 } as const;
    const jobs = [job('sweeper', { kind: 'always' }), job('monitor', hourly)];
    for (const proxy of [process.blobs, process.tables])
      proxy.onCall = (call) => {
        const [method = '', target = ''] = call.split(' ');
        const { operation, object } = requestOf(method, target);
        requests.push(`${operation} ${object}`);
      };
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await new JobRunner(app, jobs).tick({ info: log, warn: log });
    expect(lines.filter((line) => line.includes('jobFailed'))).toEqual([]);
    return { requests: requests.sort(), asked };
  }

  it('costs two requests of storage, and nothing of the task hub', async () => {
    expect(await minute('12:11')).toEqual({
      requests: ['table query jobs', 'table query requestIndex'],
      asked: [],
    });
  });

  it('costs two more every ten minutes, in which what has expired is deleted', async () => {
    const { requests } = await minute('12:20');
    expect(requests).toEqual([
      'table query codesAndSessions',
      'table query jobs',
      'table query rateLimits',
      'table query requestIndex',
    ]);
  });

  it('costs one more, and a look into the task hub for each, while requests are open', async () => {
    await new RequestDriver(world, 'T-1').submit();
    const { requests, asked } = await minute('12:21');
    expect(requests).toEqual([
      'table query jobs',
      'table query outbox',
      'table query requestIndex',
    ]);
    expect(asked).toEqual(['fulfilment', 'webhooks']);
  });
});
