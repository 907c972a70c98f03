import { readFileSync } from 'node:fs';
import { compose, type Composition } from '../compose';
import { ConfigError, loadConfig, type Config } from '../config';
import { checkCalendar, checkDirectory, checkHost, checkLogin, checkPortal } from './checks-app';
import { checkMail, checkSms, checkWebhooks } from './checks-messages';
import { checkGenesys } from './checks-source';
import { checkKeys, checkStorage } from './checks-storage';
import { UsageError } from './api';

/** What a check has found. A problem keeps the app from doing its work, or from keeping its promises. */
export interface Finding {
  check: string;
  outcome: 'ok' | 'problem' | 'warning' | 'notChecked';
  message: string;
  /** What to do. */
  fix?: string;
}

/** What checks look at. */
export interface Examined extends Composition {
  config: Config;
  /** All settings, those that the app does not read itself included. */
  settings: Record<string, string | undefined>;
}

export type Check = (examined: Examined) => Promise<Finding[]>;

export const ok = (check: string, message: string): Finding => ({ check, outcome: 'ok', message });
export const problem = (check: string, message: string, fix: string): Finding => ({
  check,
  outcome: 'problem',
  message,
  fix,
});
export const warning = (check: string, message: string, fix: string): Finding => ({
  check,
  outcome: 'warning',
  message,
  fix,
});
export const notChecked = (check: string, message: string): Finding => ({
  check,
  outcome: 'notChecked',
  message,
});

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
export async function diagnose(settings: Record<string, string | undefined>): Promise<Finding[]> {
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

/** Longest that a server is waited for, in milliseconds. */
const patience = 10_000;

/** Asks a server. Returns null when it does not answer. */
export const ask = (url: string, init: RequestInit = {}): Promise<Response | null> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience), ...init }).catch(
    () => null,
  );

/** How far this machine's clock is from another's, in seconds; null when that does not tell. */
export function skewOf(date: string | null | undefined, now: number): number | null {
  const there = Date.parse(date ?? '');
  return Number.isNaN(there) ? null : Math.round((now - there) / 1000);
}
