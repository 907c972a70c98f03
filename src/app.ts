import './composition/telemetry';
import { app as functionsApp } from '@azure/functions';
import { compose } from './composition/compose';
import { readinessServicesOf } from './composition/readiness';
import { appVersion } from './composition/version';
import { loadConfig } from './config/config';
import { withDeployedFiles } from './config/controller-files';
import { registerFunctions } from './registration';

/** A wrong setting throws here, which keeps the app from loading. */
const config = loadConfig(withDeployedFiles(process.env));
const app = compose(config);

registerFunctions(app, {
  version: appVersion(),
  readiness: readinessServicesOf(app, config, process.env),
});
functionsApp.hook.appTerminate(() => app.end());
