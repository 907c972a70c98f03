import { compose } from '../composition/compose';
import { mailDomainProbeOf, mailProbeOf, storageProbeOf } from '../composition/probes';
import { ConfigError, loadConfig, type Config } from '../config/config';
import { controllerFolder, withFilesOfFolder } from '../config/controller-files';
import { classOf } from '../core/errors';
import { checkCalendar, checkHost, checkPortal } from './checks-app';
import { checkController } from './checks-controller';
import { checkDirectory, checkLogin } from './checks-login';
import { checkMail, checkMailDomain, checkSms, checkWebhooks } from './checks-messages';
import { checkGenesys } from './checks-source';
import { checkKeys, checkStorage } from './checks-storage';
import { ok, problem, type Check, type Diagnostic, type Examined } from './diagnostics';

/** Every check, by its name. */
const checks: readonly [string, Check][] = [
  ['host', checkHost],
  ['storage', checkStorage],
  ['keys', checkKeys],
  ['genesys', checkGenesys],
  ['mail', checkMail],
  ['mail.domain', checkMailDomain],
  ['sms', checkSms],
  ['officers', checkDirectory],
  ['login', checkLogin],
  ['portal', checkPortal],
  ['webhooks', checkWebhooks],
  ['calendar', checkCalendar],
];

/**
 * Looks for wrong settings: calls everything that the app needs once, and changes nothing. Messages
 * name settings, roles and addresses of servers, never values of secrets.
 * @param folder where the controller's own files lie before they are deployed
 */
export async function diagnose(
  settings: Record<string, string | undefined>,
  folder = controllerFolder,
): Promise<Diagnostic[]> {
  const ofController = checkController(settings, folder);
  const examined = examinedOf(withFilesOfFolder(settings, folder));
  if (Array.isArray(examined)) return [...examined, ...ofController];
  const diagnostics = checks.map(([name, check]) =>
    check(examined).catch((error: unknown) => [
      problem(name, `The check failed (${nameOf(error)}).`, 'Look at what the check depends on.'),
    ]),
  );
  return [
    ok('settings', 'All settings have a valid form.'),
    ...ofController,
    ...(await Promise.all(diagnostics)).flat(),
  ];
}

const reference = 'docs/settings.md describes all settings.';

/** The app with these settings, or why it cannot be built. */
function examinedOf(settings: Record<string, string | undefined>): Examined | Diagnostic[] {
  let config: Config;
  try {
    config = loadConfig(settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((message) => problem('settings', message, reference));
  }
  try {
    const probes = {
      storage: storageProbeOf(config),
      mail: mailProbeOf(config),
      mailDomain: mailDomainProbeOf(config),
    };
    return { app: compose(config), ...probes, config, settings };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'A setting cannot be used.';
    return [problem('settings', message, reference)];
  }
}

const nameOf = (error: unknown): string =>
  error instanceof Error ? classOf(error) : 'unknown error';
