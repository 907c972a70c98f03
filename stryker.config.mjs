/**
 * Modules in which a wrong line harms somebody, each with the files of `test/unit` that have to notice
 * one. A change to a constant of a module repeats all of them, so they are few.
 */
export const modules = {
  'src/core/request/legal-clock.ts': ['legal-clock'],
  'src/core/request/states.ts': ['states'],
  'src/core/request/alerts.ts': ['alerts'],
  'src/core/request/estimate.ts': ['request'],
  'src/core/request/log-lines.ts': ['alerts'],
  'src/core/time/time.ts': ['time'],
  'src/core/time/local-time.ts': ['time'],
  'src/core/subject/contact.ts': ['contact', 'contact-identifiers'],
  'src/core/subject/identifiers.ts': ['identifiers', 'contact-identifiers', 'spellings'],
  'src/core/subject/matching.ts': ['matching', 'contact-identifiers', 'spellings'],
  'src/core/subject/reachability.ts': ['subject'],
  'src/core/subject/resolve-contact.ts': ['subject', 'contact-identifiers'],
  'src/core/genesys/conversation.ts': ['conversation'],
  'src/core/genesys/search-groups.ts': ['searches', 'genesys'],
  'src/core/genesys/search-windows.ts': ['searches', 'genesys'],
  'src/core/genesys/subject-filter.ts': ['searches', 'contact-identifiers', 'spellings'],
  'src/core/package/items.ts': ['items'],
  'src/core/package/expiry.ts': ['request'],
  'src/core/package/availability-statements.ts': ['availability-report'],
  'src/core/package/availability-report.ts': ['availability-report'],
  'src/core/package/availability-sentences.ts': ['availability-report', 'availability-sentences'],
  'src/activities/reconcile.ts': ['reconcile'],
  'src/core/authentication/step-up.ts': ['step-up'],
  'src/core/authentication/codes.ts': ['codes'],
  'src/core/authentication/authenticator.ts': ['authenticator'],
  'src/core/authentication/login.ts': ['login', 'contact-identifiers'],
  'src/core/rate-window.ts': ['rate-window'],
  'src/core/redaction/attributes.ts': ['redaction-policy'],
  'src/core/redaction/policy.ts': ['redaction-policy'],
  'src/core/redaction/agents.ts': ['sanitise', 'redaction'],
  'src/core/redaction/card-issuers.ts': ['cards', 'card-numbers', 'card-corpus'],
  'src/core/redaction/card-words.ts': ['cards', 'card-corpus'],
  'src/core/redaction/cards.ts': ['cards', 'card-numbers', 'card-corpus'],
  'src/core/redaction/digit-runs.ts': ['cards', 'card-numbers', 'card-corpus'],
  'src/core/redaction/other-numbers.ts': ['cards', 'card-numbers', 'card-corpus'],
  'src/core/redaction/other-people.ts': ['sanitise', 'redaction'],
  'src/core/redaction/own-numbers.ts': ['cards'],
  'src/core/redaction/readings.ts': ['cards', 'card-corpus'],
  'src/core/redaction/redactions.ts': ['redaction'],
  'src/core/redaction/sanitiser.ts': ['sanitise', 'cards', 'redaction'],
  'src/core/redaction/searched-fields.ts': ['cards', 'redaction'],
  'src/core/redaction/text-files.ts': ['cards', 'masking'],
  'src/core/custody/chain.ts': ['custody', 'custody-record'],
  'src/core/custody/record.ts': ['custody-record'],
  'src/adapters/package/zip-format.ts': ['zip-format'],
  'src/adapters/package/aes.ts': ['aes'],
  'src/adapters/package/verify.ts': ['verify-package'],
};

/**
 * The settings of one run, for one module; `scripts/test-mutation.mjs` makes them all.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: Object.keys(modules),
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'jest.mutation.cjs' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  tempDirName: '.local/mutation/sandbox',
  reporters: ['html', 'json'],
  logLevel: 'warn',
  warnings: { slow: false },
  // On a busy machine a slow test is no endless loop.
  timeoutMS: 20_000,
  ignorePatterns: ['.local', 'dist', '.ci', 'infra'],
};
