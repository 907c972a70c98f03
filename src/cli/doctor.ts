import { readFileSync } from 'node:fs';
import { compose } from '../composition/compose';
import { ConfigError, loadConfig, type Config } from '../config/config';
import { checkCalendar, checkDirectory, checkHost, checkLogin, checkPortal } from './checks-app';
import { checkMail, checkSms, checkWebhooks } from './checks-messages';
import { checkGenesys } from './checks-source';
import { checkKeys, checkStorage } from './checks-storage';
import { UsageError } from './api';
import { ok, problem, type Check, type Examined, type Diagnostic } from './diagnostics';

/** Every check, by its name. */
const checks: readonly [string, Check][] = [
  ['host', checkHost],
  ['storage', checkStorage],
  ['keys', checkKeys],
  ['genesys', checkGenesys],
  ['mail', checkMail],
  ['sms', checkSms],
  ['officers', checkDirectory],
  ['login', checkLogin],
  ['portal', checkPortal],
  ['webhooks', checkWebhooks],
  ['calendar', checkCalendar],
];

/**
 * Settings from a file of the form of local.settings.json (`Values`), or from the environment.
 * @throws UsageError when the file cannot be read
 */
export function settingsOf(
  file: string | undefined,
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  if (file === undefined) return environment;
  try {
    const { Values: values } = JSON.parse(readFileSync(file, 'utf8')) as {
      Values?: Record<string, string>;
    };
    if (values) return values;
  } catch {
    // Said below, as for a file of another form.
  }
  throw new UsageError(`${file} is not a file of settings: JSON with "Values".`);
}

/**
 * Looks for what is set wrongly: everything that the app needs is asked for once, and nothing is
 * changed. Messages name settings, roles and addresses of servers, never values of secrets.
 */
export async function diagnose(
  settings: Record<string, string | undefined>,
): Promise<Diagnostic[]> {
  let config: Config;
  try {
    config = loadConfig(settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((text) =>
      problem('settings', text, 'The README has a table of all settings.'),
    );
  }
  let examined: Examined;
  try {
    examined = { ...compose(config), config, settings };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'A setting cannot be used.';
    return [problem('settings', message, 'The README has a table of all settings.')];
  }
  const found = checks.map(([name, check]) =>
    check(examined).catch((error: unknown) => [
      problem(name, `could not be checked (${nameOf(error)})`, 'Look at what it depends on.'),
    ]),
  );
  return [
    ok('settings', 'All settings have a form that can be used.'),
    ...(await Promise.all(found)).flat(),
  ];
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
