import './telemetry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createActivities } from './activities';
import { TokenStore } from './adapters/identity/tokens';
import { compose } from './compose';
import { loadConfig } from './config';
import { registerApiDescription } from './functions/api-description.http';
import { registerDurable } from './functions/durable';
import { registerFactors } from './functions/factors.http';
import { registerKeys } from './functions/keys.http';
import { OfficerGuard, type OfficerSession } from './functions/officer-guard';
import { registerOfficerPage } from './functions/officer-page.http';
import { registerOfficer } from './functions/officer.http';
import { registerPortalPages } from './functions/portal-page.http';
import { registerPortal } from './functions/portal.http';
import type { LoginSubject } from './functions/portal-step-up';
import { registerPurgeExpired } from './functions/purge-expired.timer';
import { registerRequests } from './functions/requests.http';
import { loginSeconds, type PendingLogin } from './functions/sign-in';
import { registerSweeper } from './functions/sweeper.timer';
import { registerWatch } from './functions/watch.timer';
import type { Limits } from './orchestrators/contract';

/** Composition root: settings to adapters to functions. A wrong setting stops the app from loading. */
const config = loadConfig(process.env);
const { environment, storage, logo, packageOrigin, directory, officerLogin } = compose(config);
const { clock, keys, languages } = environment;

const limits: Limits = {
  verificationDays: config.VERIFICATION_DAYS,
  reminderDays: config.REMINDER_DAYS,
  pollSeconds: config.POLL_SECONDS,
  audioWaitMinutes: config.AUDIO_WAIT_MINUTES,
  sourceWaitHours: config.SOURCE_WAIT_HOURS,
  lanes: config.PAGE_LANES,
};
const guard = new OfficerGuard({
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
registerFactors(environment, guard);
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
registerWatch(environment, {
  warningDays: config.DEADLINE_WARNING_DAYS,
  stuckHours: config.STUCK_HOURS,
  failedDays: config.FAILED_DAYS,
});
registerPurgeExpired(environment, {
  failedDays: config.FAILED_DAYS,
  historyDays: config.HISTORY_DAYS,
  forgetAfterDays: config.FORGET_AFTER_DAYS,
});
