import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Scenario } from '../helpers/scenario';

describe('two hosts, one for HTTP and one for everything durable', () => {
  let scenario: Scenario;
  let requestId: string;
  let folder: string;
  beforeAll(async () => {
    scenario = await Scenario.start({ split: true, conversations: 6 });
    // The HTTP host is another process at every step.
    const replaceHttpHost = async (): Promise<void> => {
      await scenario.stack.killHttpHost();
      await scenario.stack.startHttpHost();
    };
    requestId = await scenario.request();
    await replaceHttpHost();
    await scenario.person.open(await scenario.link());
    await replaceHttpHost();
    const code = await scenario.code();
    await replaceHttpHost();
    await scenario.person.verify(code);
    await replaceHttpHost();
    await scenario.untilState(requestId, 'available');
    ({ folder } = await scenario.download());
  }, 120_000);
  afterAll(() => scenario.stop());

  it('fulfil a request together, though the HTTP host is another process at every step', () => {
    const report = readFileSync(join(folder, 'availability-report.json'), 'utf8');
    expect(report).toContain('Conversations: 6 of 6 conversations.');
  });

  it('share no task hub: what the HTTP host answers comes from the ledger', async () => {
    expect((await scenario.status(requestId)).state).toBe('available');
    const instances = await fetch(
      `${scenario.stack.hostUrl}/runtime/webhooks/durabletask/instances/`,
      {
        headers: { 'x-functions-key': scenario.stack.keys.durable },
      },
    );
    expect(await instances.json()).toEqual([]);
  });
});
