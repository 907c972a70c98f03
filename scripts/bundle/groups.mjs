// How the packages that the app imports are divided among the files of `packages/`.

/**
 * Groups of packages that only some calls need. Each is a file of its own, read when a package of it is
 * first used; packages of one group share what they have in common. All others are in `common.js`.
 */
const groups = {
  // Storage, keys, mail, text messages and the app's identity share Azure's pipeline of HTTP calls.
  azure: /^@azure\/(storage-|data-|keyvault-|communication-|identity$|monitor-query-)/,
  // The bulk export of recordings.
  aws: /^@aws-sdk\//,
  // A receiver of telemetry. `@opentelemetry/api` alone is used without one.
  telemetry: /^@opentelemetry\/(?!api$)|^@azure\/monitor-opentelemetry-/,
  // What reads from Genesys Cloud.
  genesys: /^purecloud-platform-client-v2$/,
  // Mail by SMTP, and emails as files of a package.
  mail: /^nodemailer$/,
  // Addresses that others have given: media, webhooks.
  network: /^undici$/,
  // Needed by packages of other groups, when they make a call.
  http: /^axios$/,
  validation: /^validator$/,
};

/** Packages that are used while the app is loaded: to put them off would gain nothing. */
const atOnce = new Set([
  '@azure/data-tables',
  '@azure/functions',
  '@azure/storage-blob',
  '@opentelemetry/api',
  'durable-functions',
  'zod',
]);

/** Packages that other packages load at once and use later, beside those that the app imports. */
export const deferredInside = ['axios', 'validator'];

/** The file of a package, without its ending. */
export const groupOf = (name) =>
  Object.keys(groups).find((group) => groups[group].test(name)) ?? 'common';

/** Whether a package is loaded when it is first used, and not with the app. */
export const isDeferred = (name) => !atOnce.has(name);
