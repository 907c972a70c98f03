import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

/** A small file system of its own, where mounting one is allowed; else null. */
function smallDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

const disk = smallDisk(32);
/** Enough for the tables and the work blobs, and not for the audio. */
const room = 600_000;

(disk === null ? describe.skip : describe)(
  `a disk under the storage that is full${disk === null ? ' (skipped: mounting is not allowed here)' : ''}`,
  () => {
    let scenario: Scenario;
    const folder = disk ?? '';
    const filler = join(folder, 'filler');
    beforeAll(async () => {
      scenario = await Scenario.start({ storageFolder: folder });
    });
    afterAll(async () => {
      await scenario.stop();
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    });

    it('is said in the status, and the request goes on to the whole package when there is room', async () => {
      const requestId = await scenario.request();
      await scenario.stepUp();
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
      await eventually(
        'the note',
        async () => (await scenario.status(requestId)).waiting?.reasonCode === 'storageUnavailable',
      );
      rmSync(filler);
      await eventually('the next try', async () => {
        await scenario.advanceClock(31_000);
        return (await scenario.status(requestId)).waiting === null;
      });
      const { progress } = await scenario.untilState(requestId, 'available');
      expect(progress.conversation['exported']).toBe(12);
      expect(progress.audio['exported']).toBe(progress.audio['expected']);
      expect((await scenario.download()).names.length).toBeGreaterThan(20);
    });
  },
);
