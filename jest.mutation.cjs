const [{ displayName: _name, ...common }] = require('./jest.config.cjs').projects;

/**
 * The tests by which `npm run test:mutation` measures the pure modules: they start no process and no
 * server, so that they can run once for each mutant.
 * @type {import('jest').Config}
 */
module.exports = {
  ...common,
  testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
  setupFiles: ['<rootDir>/test/helpers/mutation.cjs'],
};
