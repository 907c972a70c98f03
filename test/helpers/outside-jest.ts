import type * as tables from '@azure/data-tables';
import type * as blobs from '@azure/storage-blob';
import type * as playwright from 'playwright-core';
import type * as generate from '../../local/genesys/generate';
import type * as organisation from '../../local/genesys/organisation';
import type * as simulator from '../../local/genesys/simulator';
import type * as appInProcess from '../../local/host/app-in-process';
import type * as appProcess from '../../local/host/app-process';
import type * as appScope from '../../local/host/app-scope';
import type * as coreModule from '../../local/host/core-module';
import type * as functionRegistry from '../../local/host/function-registry';
import type * as host from '../../local/host/host';
import type * as hostArguments from '../../local/host/host-arguments';
import type * as provider from '../../local/identity/provider';
import type * as inbox from '../../local/inbox/inbox';
import type * as azurite from '../../local/azurite';
import type { StorageAccount } from '../../local/azurite';
import type * as openPackage from '../../local/open-package';
import type * as s3 from '../../local/s3/server';
import type * as ports from '../../local/stack/ports';
import type { StackPorts } from '../../local/stack/ports';
import type * as stack from '../../local/stack/stack';

/** The way out of jest's module system; see `test/environment`. */
interface OutsideJest {
  load(path: string): unknown;
  loadPackage(name: string): unknown;
  loaded(): number;
  takeAccount(): Promise<SharedStorage>;
  takeBrowser(options: playwright.LaunchOptions): Promise<SharedBrowser>;
  atEnd(end: () => Promise<void>): void;
}

/** An unused account of the storage emulator that the test files of a jest worker share. */
export interface SharedStorage {
  account: StorageAccount;
  ports: Pick<StackPorts, 'blob' | 'queue' | 'table'>;
  /** Its log, with the calls to all of its accounts. */
  log: string;
}

/** The browser of a jest worker. */
interface SharedBrowser {
  browser: playwright.Browser;
  /** Ends the contexts that the test file has left. */
  leave: () => Promise<void>;
}

declare global {
  var outsideJest: OutsideJest;
}

/**
 * Compiled modules of the project, loaded by Node once for all test files of a jest worker: what they
 * load in turn is loaded once as well.
 */
export const outside = {
  get host() {
    return load<typeof host>('host/host');
  },
  get hostArguments() {
    return load<typeof hostArguments>('host/host-arguments');
  },
  get appProcess() {
    return load<typeof appProcess>('host/app-process');
  },
  get azurite() {
    return load<typeof azurite>('azurite');
  },
  get appInProcess() {
    return load<typeof appInProcess>('host/app-in-process');
  },
  get appScope() {
    return load<typeof appScope>('host/app-scope');
  },
  get coreModule() {
    return load<typeof coreModule>('host/core-module');
  },
  get functionRegistry() {
    return load<typeof functionRegistry>('host/function-registry');
  },
  get inbox() {
    return load<typeof inbox>('inbox/inbox');
  },
  get provider() {
    return load<typeof provider>('identity/provider');
  },
  get stack() {
    return load<typeof stack>('stack/stack');
  },
  get ports() {
    return load<typeof ports>('stack/ports');
  },
  get organisation() {
    return load<typeof organisation>('genesys/organisation');
  },
  get generate() {
    return load<typeof generate>('genesys/generate');
  },
  get simulator() {
    return load<typeof simulator>('genesys/simulator');
  },
  get s3() {
    return load<typeof s3>('s3/server');
  },
  get openPackage() {
    return load<typeof openPackage>('open-package');
  },
  get tables() {
    return loadPackage<typeof tables>('@azure/data-tables');
  },
  get blobs() {
    return loadPackage<typeof blobs>('@azure/storage-blob');
  },
  get playwright() {
    return loadPackage<typeof playwright>('playwright-core');
  },
  /** A module of the app, by its path in `src`, on the ground that the Functions host provides. */
  app: <T>(path: string): T => {
    outside.coreModule.provideCoreModule();
    return globalThis.outsideJest.load(`src/${path}.js`) as T;
  },
  /** A package, as modules of the app have it. */
  package: <T>(name: string): T => loadPackage<T>(name),
  /** Number of modules that are loaded. */
  loaded: (): number => globalThis.outsideJest.loaded(),
};

const load = <T>(path: string): T => globalThis.outsideJest.load(`local/${path}.js`) as T;
const loadPackage = <T>(name: string): T => globalThis.outsideJest.loadPackage(name) as T;

/** Takes an account of the shared storage emulator. */
export const takeAccount = (): Promise<SharedStorage> => globalThis.outsideJest.takeAccount();

/** Takes the browser that the test files of a jest worker share, one after the other. */
export const takeBrowser = (options: playwright.LaunchOptions): Promise<SharedBrowser> =>
  globalThis.outsideJest.takeBrowser(options);

/** Ends something when the test file ends, unless that has been done. */
export const atEnd = (end: () => Promise<void>): void => globalThis.outsideJest.atEnd(end);
