import Module, { createRequire } from 'node:module';

/**
 * Stands for Application Insights, which Azurite loads although its telemetry is off: it would take half of the time
 * in which Azurite starts.
 */
const insights = createRequire(require.resolve('azurite/package.json')).resolve(
  'applicationinsights',
);
require.cache[insights] = Object.assign(new Module(insights), { loaded: true });
