import { TableClient } from '@azure/data-tables';
import { transform } from 'esbuild';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Officer } from '../helpers/officer';
import { eventually, root, Scenario } from '../helpers/scenario';

/** Columns that requests did not have in version 1. */
const later = ['stateSince', 'verificationRequestedAt', 'extendedAt', 'isDeadlineMissed'];

/** The app as it was built with the stories of version 1. */
async function earlierBuild(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'earlier-build-'));
  for (const name of ['dist', 'package.json', 'host.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const story = readFileSync(join(__dirname, 'version-1/fulfil-request.ts'), 'utf8')
    .replaceAll('../../../src/orchestrators/', './')
    .replaceAll('../../../src/', '../');
  const { code } = await transform(story, { loader: 'ts', format: 'cjs', platform: 'node' });
  writeFileSync(join(folder, 'dist/src/orchestrators/fulfil-request.js'), code);
  const host = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
    extensions: { durableTask: { defaultVersion: string } };
  };
  host.extensions.durableTask.defaultVersion = '1.0';
  writeFileSync(join(folder, 'host.json'), JSON.stringify(host));
  return folder;
}

describe('a new version that is deployed while requests are under way', () => {
  let scenario: Scenario;
  let folder: string;
  beforeAll(async () => {
    folder = await earlierBuild();
    scenario = await Scenario.start({ conversations: 12, simulator: { transcodeDuration: 4000 } });
    // The stack came up with the present build; what is under way begins on the earlier one.
    await scenario.stack.deploy(folder);
  }, 90_000);
  afterAll(async () => {
    await scenario.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const versionOf = async (requestId: string): Promise<string> => {
    const { customStatus: _status, ...instance } = await scenario.durable<{
      customStatus: unknown;
      historyEvents: { Name?: string; Version?: string | null }[];
    }>(`instances/request-${requestId}?showHistory=true`);
    return instance.historyEvents.find(({ Name: name }) => name === 'fulfilRequest')?.Version ?? '';
  };

  it('finishes what began under the old one, and tells new requests the new story', async () => {
    const waiting = await scenario.request({ ticketId: 'WAITS' });
    await scenario.untilStep(waiting, 'waitForVerification');
    const collecting = await scenario.request({ ticketId: 'COLLECTS' });
    await scenario.stepUp(2);
    await scenario.untilState(collecting, 'exporting');
    expect(await versionOf(collecting)).toBe('1.0');

    await scenario.stack.deploy(root, () => forgetLaterColumns(scenario));
    await scenario.untilState(collecting, 'available');
    const { names } = await scenario.download();
    expect(names).toContain('data/conversations/0012/conversation.json');

    const fresh = await scenario.request({ ticketId: 'NEW' });
    await scenario.untilStep(fresh, 'waitForVerification');
    expect(await versionOf(fresh)).toBe('2.0');
    // The old story reminds nobody; the new one does, once.
    await scenario.advanceClock(4 * 86_400_000);
    await eventually('the reminder', async () => {
      const reminders = (await scenario.messages()).filter(({ subject }) =>
        subject?.startsWith('Reminder'),
      );
      return reminders.length === 1;
    });
    const officer = new Officer(scenario);
    const refused = await officer.post(`/${waiting}/refuse`, {
      reason: 'excessive',
      justification: 'x',
    });
    expect(refused).toMatchObject({ status: 200, state: 'refused' });
    await eventually('the clean-up of the old story', async () => {
      const { runtimeStatus } = await scenario.durable<{ runtimeStatus: string }>(
        `instances/request-${waiting}`,
      );
      return runtimeStatus === 'Completed';
    });
  }, 120_000);
});

/** Makes the rows of all requests what version 1 wrote. */
async function forgetLaterColumns({ stack }: Scenario): Promise<void> {
  const table = TableClient.fromConnectionString(stack.connectionString, 'requests', {
    allowInsecureConnection: true,
  });
  for await (const row of table.listEntities<{ record?: string }>()) {
    if (row.rowKey !== 'request' || row.record === undefined) continue;
    const record = JSON.parse(row.record) as Record<string, unknown>;
    for (const column of later) delete record[column];
    await table.updateEntity(
      { partitionKey: row.partitionKey ?? '', rowKey: 'request', record: JSON.stringify(record) },
      'Merge',
    );
  }
}
