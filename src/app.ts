import './composition/telemetry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createActivities } from './activities';
import { TokenStore } from './adapters/authentication/tokens';
import { compose } from './composition/compose';
import { loadConfig } from './config/config';
import { registerApiDescription } from './functions/api/openapi';
import { registerDurable } from './functions/durable';
import { registerAuthenticators } from './functions/api/authenticators';
import { registerKeys } from './functions/api/signing-keys';
import { OfficerAuthenticator, type OfficerSession } from './functions/officer/authenticator';
import { registerOfficerPage } from './functions/officer/page';
import { registerOfficer } from './functions/officer/routes';
import { registerPortalPages } from './functions/portal/page';
import { registerPortal } from './functions/portal/routes';
import type { LoginSubject } from './functions/portal/step-up';
import { registerPurgeExpired } from './functions/timers/purge-expired';
import { registerRequests } from './functions/api/requests';
import { loginSeconds, type PendingLogin } from './functions/shared/sign-in';
import { registerSweeper } from './functions/timers/sweeper';
import { registerMonitor } from './functions/timers/monitor';
import type { OrchestrationLimits } from './orchestrators/activity-types';

/** Composition root: settings to adapters to functions. A wrong setting stops the app from loading. */
const config = loadConfig(process.env);
const { environment, storage, logo, packageOrigin, directory, officerLogin } = compose(config);
const { clock, keys, locales: languages } = environment;

const limits: OrchestrationLimits = {
  verificationDays: config.VERIFICATION_DAYS,
  reminderDays: config.REMINDER_DAYS,
  pollSeconds: config.POLL_SECONDS,
  recordingWaitMinutes: config.RECORDING_WAIT_MINUTES,
  sourceWaitHours: config.SOURCE_WAIT_HOURS,
  exportConcurrency: config.EXPORT_CONCURRENCY,
};
const guard = new OfficerAuthenticator({
  directory,
  sessions: new TokenStore<OfficerSession>(storage, 'officer', 30 * 60, clock),
  keys,
  clock,
  origin: config.PORTAL_ORIGIN,
});
/** Sign-ins under way, of persons and of officers. */
const pendingOf = <T>(kind: string): TokenStore<PendingLogin<T>> =>
  new TokenStore(storage, kind, loginSeconds, clock);

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

registerDurable(createActivities(environment));
registerKeys(keys);
registerRequests(environment, limits, config.DEFAULT_PHONE_REGION ?? null);
registerApiDescription(config.PORTAL_ORIGIN, version);
registerOfficer(environment, limits, guard);
registerAuthenticators(environment, guard);
registerOfficerPage({
  guard,
  directory,
  login: officerLogin,
  pending: pendingOf<null>('officerLogin'),
  origin: config.PORTAL_ORIGIN,
});
registerPortal(environment, pendingOf<LoginSubject>('login'));
registerPortalPages(languages, packageOrigin, logo);
registerSweeper(environment, limits);
registerMonitor(environment, {
  warningDays: config.DEADLINE_WARNING_DAYS,
  stalledHours: config.STALLED_HOURS,
  failedDays: config.FAILED_DAYS,
});
registerPurgeExpired(environment, {
  failedDays: config.FAILED_DAYS,
  historyDays: config.HISTORY_DAYS,
  annotationRetentionDays: config.ANNOTATION_RETENTION_DAYS,
});
