import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/api';
import { settingsOf } from '../../src/cli/settings-file';

describe('the settings that the command line examines', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileWith = (content: string): string => {
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, content);
    return file;
  };

  it('are those of a file, or of the environment without one', () => {
    const environment = { MAIL_FROM: 'a' };
    const file = fileWith(JSON.stringify({ Values: { MAIL_FROM: 'b' } }));
    expect(settingsOf(file, environment)).toEqual({ MAIL_FROM: 'b' });
    expect(settingsOf(undefined, environment)).toBe(environment);
  });

  it('are not there where the file is not, which is named', () => {
    const file = join(folder, 'nowhere.json');
    expect(() => settingsOf(file, {})).toThrow(new UsageError(`There is no file ${file}.`));
  });

  it.each(['', 'MAIL_FROM=b', '{}', '{"MAIL_FROM":"b"}', 'null'])('are none in %p', (content) => {
    const file = fileWith(content);
    expect(() => settingsOf(file, {})).toThrow(
      new UsageError(`${file} is not a settings file: JSON with "Values".`),
    );
  });
});
