const [{ displayName: _name, ...common }] = require('./jest.config.cjs').projects;

/**
 * The tests by which `npm run test:mutation` measures the pure modules: they start no process and no
 * server of the app, so that they can run once for each mutant. `MUTATION_TESTS` names files of `test/unit`,
 * or of another folder of `test` with its name.
 * @type {import('jest').Config}
 */
module.exports = {
  ...common,
  // The environment of the other tests shares their processes; Stryker wraps one that it knows.
  testEnvironment: 'node',
  testMatch: (process.env.MUTATION_TESTS ?? '**/*')
    .split(',')
    .map((name) => `<rootDir>/test/${/^\w+\//.test(name) ? name : `unit/${name}`}.test.ts`),
  setupFiles: ['<rootDir>/test/helpers/mutation.cjs'],
};
