import { createActivities } from './activities';
import type { AppContext } from './composition/app-context';
import type { readinessServicesOf } from './composition/readiness';
import { registerAuthenticators } from './functions/api/authenticators';
import { registerApiDescription } from './functions/api/openapi';
import { registerRequests } from './functions/api/requests';
import { registerKeys } from './functions/api/signing-keys';
import { registerDurable } from './functions/durable';
import { registerOfficerPage } from './functions/officer/page';
import { registerReadiness } from './functions/officer/readiness';
import { registerOfficer } from './functions/officer/routes';
import { registerIntake } from './functions/portal/intake';
import { registerPortalPages } from './functions/portal/page';
import { registerPortal } from './functions/portal/routes';
import { registerJobs } from './functions/timers/run-jobs';

/** What functions tell of the app beside what it consists of. */
export interface AppFacts {
  version: string;
  readiness: ReturnType<typeof readinessServicesOf>;
}

/** Registers every function of an app. */
export function registerFunctions(app: AppContext, { version, readiness }: AppFacts): void {
  const { limits, officers, portal } = app;
  registerDurable(createActivities(app), app.trace);
  registerKeys(app.keys);
  registerRequests(app, limits, app.defaultPhoneRegion);
  registerApiDescription(portal.origin, version);
  registerOfficer(app, limits, officers.guard);
  registerReadiness(readiness, officers.guard, version);
  registerAuthenticators(app, officers.guard);
  registerOfficerPage({
    guard: officers.guard,
    directory: officers.directory,
    login: officers.login,
    pending: officers.pendingLogins,
    locales: app.locales,
    rateLimiter: app.rateLimiter,
    callsPerMinute: app.settings.portal.callsPerMinute,
    timeZone: app.settings.legalClock.timeZone,
  });
  registerPortal(app, portal.pendingLogins);
  if (app.settings.intake !== null) registerIntake(app, app.settings.intake);
  registerPortalPages({ ...app, ...portal });
  registerJobs(app, app);
}
