import { closeSync, openSync, writeSync } from 'node:fs';
import type { HostRunner } from '../../local/stack/hosts';
import { atEnd, outside } from './outside-jest';

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
