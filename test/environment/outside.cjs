// What a jest worker keeps from one test file to the next. Jest loads this file with Node's own
// `require`, so everything that is loaded here is loaded once for all files of the worker.
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join, sep } = require('node:path');

const root = dirname(require.resolve('../../package.json'));
/** Accounts of the storage emulator: one for each start of an app or of a store. */
const accountsOfWorker = 300;

// Once nothing is left to do: Node would take down all that V8 has kept of the files, for longer than the half second
// after which jest kills the worker.
process.once('beforeExit', () => process.exit());

/** Loads a compiled module of the project: `local/host/host.js`. */
const load = (path) => require(join(root, 'dist', path));

/** Makes whatever loads the app's modules next load them anew. */
function forgetApp() {
  const compiled = join(root, 'dist/src') + sep;
  for (const name of Object.keys(require.cache))
    if (name.startsWith(compiled)) delete require.cache[name];
}

/** Loads a package. */
const loadPackage = (name) => require(name);

let storage = null;

/** Starts the worker's storage emulator. It ends with the worker, which never waits for it. */
async function startStorage() {
  const { newAccountKey, startAzurite, storageLogOf } = load('local/azurite.js');
  const state = mkdtempSync(join(tmpdir(), 'shared-storage-'));
  process.once('exit', () => rmSync(state, { recursive: true, force: true }));
  const accounts = Array.from({ length: accountsOfWorker }, (_, i) => ({
    name: `account${i + 1}`,
    key: newAccountKey(),
  }));
  const { blob, queue, table } = await load('local/stack/ports.js').freePorts();
  const ports = { blob, queue, table };
  const child = await startAzurite({ root, state, ports, accounts, location: null });
  child.unref();
  child.channel.unref();
  return { child, ports, log: storageLogOf(state), unused: [...accounts] };
}

/**
 * Takes an account of the storage emulator that nobody has used, and starts the emulator where there is
 * none, or none with such an account.
 * @returns its account, ports and log
 */
async function takeAccount() {
  storage ??= startStorage().catch((error) => {
    storage = null;
    throw error;
  });
  const { child, ports, log, unused } = await storage;
  const account = unused.pop();
  const isRunning = child.exitCode === null && child.signalCode === null;
  if (account !== undefined && isRunning) return { account, ports, log };
  // Accounts of the old one may still be in use.
  storage = null;
  return takeAccount();
}

let running = null;

/** Starts the worker's browser. It ends with the worker, which waits for it only while a test file has it. */
async function startBrowser(options) {
  const { chromium } = loadPackage('playwright-core');
  const children = [];
  const note = ({ process: child }) => children.push(child);
  subscribe('child_process', note);
  try {
    const started = await chromium.launch(options);
    const child = children.find(({ spawnfile }) => spawnfile === options.executablePath);
    for (const pipe of child.stdio) pipe?.unref();
    return { browser: started, child };
  } finally {
    unsubscribe('child_process', note);
  }
}

/**
 * Takes the worker's browser for a test file, and starts it where there is none that runs.
 * @param options of its start
 * @returns it, and what ends the file's contexts when the file has ended
 */
async function takeBrowser(options) {
  running ??= startBrowser(options).catch((error) => {
    running = null;
    throw error;
  });
  const { browser, child } = await running;
  if (!browser.isConnected()) {
    running = null;
    return takeBrowser(options);
  }
  child.ref();
  const leave = async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    child.unref();
  };
  return { browser, leave };
}

module.exports = { forgetApp, load, loadPackage, takeAccount, takeBrowser };
