import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployedFilesFailure } from '../../src/composition/controller-files';

describe('the files of the controller that were deployed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'controller-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;

  /** A folder with these files, and a list of those that were deployed. */
  function folderOf(
    files: Record<string, string>,
    deployed: Record<string, string> | null,
  ): string {
    const path = join(folder, String((count += 1)));
    mkdirSync(path);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
    const listed = Object.entries(deployed ?? {}).map(([name, content]) => ({
      path: name,
      sha256: createHash('sha256').update(content).digest('hex'),
    }));
    if (deployed !== null)
      writeFileSync(join(path, 'manifest.json'), JSON.stringify({ files: listed }));
    return path;
  }
  const holidays = '["2030-12-25"]';

  it.each([
    ['are there', { 'holidays.json': holidays }, { 'holidays.json': holidays }, null],
    ['are none', {}, null, 'notConfigured'],
    ['are missing', {}, { 'holidays.json': holidays }, 'filesDiffer'],
    ['have changed', { 'holidays.json': '[]' }, { 'holidays.json': holidays }, 'filesDiffer'],
    ['are not understood', { 'holidays.json': '{' }, { 'holidays.json': '{' }, 'filesInvalid'],
  ])('are told apart when they %s', (_name, files, deployed, expected) => {
    expect(deployedFilesFailure(folderOf(files, deployed))).toBe(expected);
  });
});
