/**
 * Command line of the local Functions host:
 * `node dist/local/host/main.js [--root DIR] [--state DIR] [--port N] [--rpc-port N]
 * [--durable-rpc URL] [--batch SEED] [--adverse SEED] [--duplicate-activities] [--early]
 * [--lost-episodes repeat|fail] [--fault POINT]`.
 * Settings come from the environment and from `Values` of local.settings.json, as with `func start`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppProcess } from './app-process';
import { FunctionsHost } from './host';
import { hostArguments } from './host-arguments';
import { runService } from '../service';

function localSettings(root: string): Record<string, string> {
  const path = join(root, 'local.settings.json');
  if (!existsSync(path)) return {};
  return (
    (JSON.parse(readFileSync(path, 'utf8')) as { Values?: Record<string, string> }).Values ?? {}
  );
}

const options = hostArguments(process.argv.slice(2));

runService(async () => {
  const host = await FunctionsHost.start({
    ...options,
    startApp: (app) => AppProcess.start(app),
    env: { ...localSettings(options.root), ...process.env },
    // Ends in good order, as at a signal from outside.
    onExceeded: () => process.kill(process.pid, 'SIGTERM'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  return {
    ready: { url: host.url, keys: host.keys },
    message: `Functions host at ${host.url}, state in ${options.state}`,
    stop: () => host.stop(),
  };
});
