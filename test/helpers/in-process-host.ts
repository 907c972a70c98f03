import { closeSync, openSync, writeSync } from 'node:fs';
import type { HostRunner } from '../../local/stack/hosts';
import { atEnd, outside } from './outside-jest';

/**
 * A turn of the event loop, in which `fetch` of this process notices that the host has closed its
 * connections: it would send the next request over one of them otherwise, which fails.
 */
const connectionsNoticed = (): Promise<void> =>
  new Promise((noticed) => setImmediate(() => setImmediate(noticed)));

/** Runs host and app in the process of the test, outside of jest's module system. */
export const runHostInProcess: HostRunner = async ({ log, args, env }) => {
  const options = outside.hostArguments.hostArguments(args);
  if (options.faultPoint !== null) throw new Error("A fault point needs hosting: 'processes'.");
  let file: number | undefined = openSync(log, 'a');
  const host = await outside.host.FunctionsHost.start({
    ...options,
    startApp: (app) => outside.appInProcess.AppInProcess.start(app),
    env,
    onExceeded: () => undefined,
    log: (line) => {
      if (file !== undefined) writeSync(file, `${line}\n`);
    },
  });
  const end = async (): Promise<void> => {
    if (file === undefined) return;
    await host.stop();
    await connectionsNoticed();
    closeSync(file);
    file = undefined;
  };
  atEnd(end);
  return {
    ready: { url: host.url, keys: host.keys },
    get isRunning() {
      return file !== undefined;
    },
    end,
    kill: () => Promise.reject(new Error("A host can be killed with hosting: 'processes' only.")),
  };
};
