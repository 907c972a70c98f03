import './composition/telemetry';
import { app as functionsApp } from '@azure/functions';
import { createActivities } from './activities';
import { compose } from './composition/compose';
import { readinessServicesOf } from './composition/readiness';
import { appVersion } from './composition/version';
import { loadConfig } from './config/config';
import { withDeployedFiles } from './config/controller-files';
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

/** A wrong setting throws here, which keeps the app from loading. */
const config = loadConfig(withDeployedFiles(process.env));
const app = compose(config);
const { limits, officers, portal } = app;

registerDurable(createActivities(app), app.trace);
registerKeys(app.keys);
registerRequests(app, limits, app.defaultPhoneRegion);
const version = appVersion();
registerApiDescription(portal.origin, version);
registerOfficer(app, limits, officers.guard);
registerReadiness(readinessServicesOf(app, config, process.env), officers.guard, version);
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
functionsApp.hook.appTerminate(() => app.end());
