import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, organisationOf, Scenario } from '../helpers/scenario';

const generated = organisationOf(25, 11);

/** Hashes of every payload file: what the package holds, whatever the order of its parts. */
async function contentOf(scenario: Scenario, requestId: string): Promise<string[]> {
  await scenario.untilState(requestId, 'available');
  const { folder } = await scenario.download();
  return readFileSync(join(folder, 'manifest-sha256.txt'), 'utf8').trim().split('\n').sort();
}

async function undisturbed(): Promise<string[]> {
  const scenario = await Scenario.start({ isComparable: true, generated });
  try {
    const requestId = await scenario.request();
    await scenario.stepUp();
    return await contentOf(scenario, requestId);
  } finally {
    await scenario.stop();
  }
}

describe('a host that is killed', () => {
  let expected: string[];
  beforeAll(async () => {
    expected = await undisturbed();
  }, 120_000);

  it('goes on after a restart in the middle of the export, to a package with the same content', async () => {
    const scenario = await Scenario.start({ hosting: 'processes', isComparable: true, generated });
    try {
      const requestId = await scenario.request();
      await scenario.stepUp();
      await eventually('some recordings, and not all', async () => {
        const { audio } = (await scenario.status(requestId)).progress;
        return (audio['exported'] ?? 0) > 0 && (audio['pending'] ?? 0) > 0;
      });
      await scenario.stack.killHost();
      await scenario.stack.startHost();
      expect(await contentOf(scenario, requestId)).toEqual(expected);
      const mails = (await scenario.messages()).filter(({ kind }) => kind === 'email');
      expect(mails).toHaveLength(2);
    } finally {
      await scenario.stop();
    }
  }, 180_000);
});
