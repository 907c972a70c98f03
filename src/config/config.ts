import { settingsOf } from './combine';
import { rules } from './rules';
import { invalid, SettingsSource } from './source';
import { topics, type Config } from './topics';

export { topics, type Config };

/** The names of all settings. */
export const settingNames: readonly string[] = [
  ...new Set(
    Object.values(topics).flatMap(({ outline }) => settingsOf(outline).map(({ name }) => name)),
  ),
];

/** Settings that are missing or wrong: all of them at once, by name, never with their values. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The app cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every problem
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const source = new SettingsSource(environment);
  const read = Object.entries(topics).map(([name, part]) => [name, part.read(source)] as const);
  const config = Object.fromEntries(
    read.filter(([, value]) => value !== invalid),
  ) as Partial<Config>;
  for (const problemOf of rules) {
    const problem = problemOf(config, source);
    if (problem !== null) source.report(problem);
  }
  if (source.problems.length > 0) throw new ConfigError(source.problems);
  return Object.freeze(config as Config);
}
