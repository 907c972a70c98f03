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
];
const leftOut = process.env.LONG_TESTS === 'yes' ? [] : longTests;
/** A scenario that needs processes of its own in any case runs under adverse hosting alone. */
const adverseOnly = process.env.LONG_TESTS === 'yes' ? [] : ['/test/scenario/replay-and-privacy'];

/**
 * Every test once, and what a request goes through as a whole a second time under adverse hosting:
 * HTTP and durable parts in two processes, several messages to an episode, timers up to a second
 * early, episodes that are aborted and repeated, messages late, out of order and astray. `npm run
 * test:long` runs all scenarios so.
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
      testMatch: ['<rootDir>/test/scenario/**/*.test.ts'],
      // The first two have two processes by themselves; the others take long: `npm run test:long`.
      testPathIgnorePatterns: [
        '/node_modules/',
        'one-budget',
        'two-hosts',
        'officer',
        'resilience',
        'clocks',
        'refusals',
      ],
      setupFiles: ['<rootDir>/test/helpers/adverse-hosting.cjs'],
    },
  ],
};
