const [{ displayName: _name, ...common }] = require('./jest.config.cjs').projects;

/**
 * The tests by which `npm run test:mutation` measures the pure modules: no process, no server, no file
 * of the project is read.
 * @type {import('jest').Config}
 */
module.exports = {
  ...common,
  testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
  setupFiles: ['<rootDir>/test/helpers/mutation.cjs'],
};
