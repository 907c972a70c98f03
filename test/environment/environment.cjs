// Jest's environment for tests on Node, with a way out of jest's module system.
const { flushCompileCache } = require('node:module');
const { setFlagsFromString } = require('node:v8');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { forgetApp, load, loadPackage, takeAccount, takeBrowser } = require('./outside.cjs');

// A flag for code that each test file evaluates anew (scripts/jest.cjs). Processes that tests start run theirs once, and
// start a fifth faster without it.
process.execArgv = process.execArgv.filter((flag) => flag !== '--always-sparkplug');

// `npm run test:coverage`: the processes that tests start measure themselves; jest measures this one, in code that
// each test file loads and compiles for itself: V8 tells no branches of a function that was compiled for an earlier
// file.
const isMeasured = process.env.COVERAGE_OF_PROCESSES !== undefined;
if (isMeasured) {
  setFlagsFromString('--no-compilation-cache');
  process.env.NODE_V8_COVERAGE = process.env.COVERAGE_OF_PROCESSES;
  process.env.NODE_OPTIONS = `--require ${require.resolve('./measured-worker.cjs')}`;
} else {
  require('./shared-code.cjs');
}

module.exports = class extends TestEnvironment {
  ends = [];

  /**
   * Makes the global object an ordinary one. Jest's own is one that Node watches, at which every look-up of
   * `Buffer` or `Promise` takes half a microsecond: tests took a sixth more of the processor's time.
   */
  constructor(...args) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    if (isMeasured) forgetApp();
    // Made for each test file: jest clears what it finds at the global object when the file has ended.
    this.global.outsideJest = {
      load: (path) => load(path),
      loadPackage: (name) => loadPackage(name),
      loaded: () => Object.keys(require.cache).length,
      takeAccount: () => takeAccount(),
      takeBrowser: (options) => takeBrowser(options),
      atEnd: (end) => this.ends.push(end),
    };
  }

  /**
   * Ends what the test file has left, and keeps what Node has compiled: at the worker's end it would take
   * longer than the half second after which jest kills the worker.
   */
  async teardown() {
    for (const end of this.ends.reverse()) await end();
    await super.teardown();
    flushCompileCache();
  }
};
