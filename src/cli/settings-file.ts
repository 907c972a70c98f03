import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from './api';

/**
 * Settings from a file in the form of local.settings.json (`Values`), or from the environment.
 * @throws UsageError when the file cannot be read
 */
export function settingsOf(
  file: string | undefined,
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  if (file === undefined) return environment;
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  try {
    const { Values: values } = JSON.parse(readFileSync(file, 'utf8')) as {
      Values?: Record<string, string>;
    };
    if (values) return values;
  } catch {
    // The same message as for a file of another form.
  }
  throw new UsageError(`${file} is not a settings file: JSON with "Values".`);
}
