const common = {
  // Node, and a way to what all test files of a worker share.
  testEnvironment: '<rootDir>/test/environment/environment.cjs',
  runtime: '<rootDir>/test/environment/runtime.cjs',
  // These are ES modules only, which jest does not load by `require`.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|cookie|canonicalize|openid-client|oauth4webapi|oidc-provider|@noble|@seriousme)/)',
  ],
  // State of pages is tested without a page: signals alone, and not the components that are drawn by them.
  moduleNameMapper: { '^@preact/signals$': '@preact/signals-core' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.local/'],
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
};

/** Tests that `npm test` leaves out; `npm run test:long`, `test:kill` and `test:chaos` run them. */
const longTests = [
  '/test/crash/random-kill',
  '/test/crash/host-crashes-new-history',
  '/test/crash/chaos',
  '/test/source/organisations',
  // What they show of two hosts, of two workers and of storage that fails, other tests show with one part less.
  '/test/scenario/two-hosts',
  '/test/scenario/one-budget',
  '/test/fault/disk-full',
];
const leftOut = process.env.LONG_TESTS === 'yes' ? [] : longTests;
/** The scenario that runs under adverse hosting alone: it needs processes of its own in any case. */
const adverse = '/test/scenario/replay-and-privacy';
const adverseOnly = process.env.LONG_TESTS === 'yes' ? [] : [adverse];

/**
 * Every test once, and one scenario under adverse hosting: HTTP and durable parts in two processes,
 * several messages to an episode, timers up to a second early, episodes that are aborted and repeated,
 * messages late, out of order and astray. `npm run test:long` runs all scenarios so.
 * @type {import('jest').Config}
 */
module.exports = {
  testTimeout: 60_000,
  // More than the cores that continuous integration has, because many tests wait for timers and servers.
  maxWorkers: 4,
  testSequencer: '<rootDir>/scripts/test-sequencer.cjs',
  projects: [
    {
      ...common,
      displayName: 'one host',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...leftOut, ...adverseOnly],
    },
    {
      ...common,
      displayName: 'two hosts, adversity',
      testMatch: [`<rootDir>${adverse}.test.ts`],
      setupFiles: ['<rootDir>/test/helpers/adverse-hosting.cjs'],
    },
  ],
};
