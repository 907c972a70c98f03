/**
 * Command line of the local Functions host:
 * `node dist/local/host/main.js [--root DIR] [--state DIR] [--port N] [--rpc-port N]
 * [--durable-rpc URL] [--batch SEED] [--adverse SEED] [--duplicate-activities] [--early]
 * [--lost-episodes repeat|fail] [--fault POINT]`.
 * Settings come from the environment and from `Values` of local.settings.json, as with `func start`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FunctionsHost } from './host';
import { runService } from '../service';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    state: { type: 'string', default: '.local/host' },
    port: { type: 'string', default: '7071' },
    'rpc-port': { type: 'string', default: '0' },
    'durable-rpc': { type: 'string' },
    batch: { type: 'string' },
    adverse: { type: 'string' },
    'duplicate-activities': { type: 'boolean', default: false },
    early: { type: 'boolean', default: false },
    'lost-episodes': { type: 'string', default: 'repeat' },
    fault: { type: 'string' },
  },
});

function localSettings(root: string): Record<string, string> {
  const path = join(root, 'local.settings.json');
  if (!existsSync(path)) return {};
  return (
    (JSON.parse(readFileSync(path, 'utf8')) as { Values?: Record<string, string> }).Values ?? {}
  );
}

/** @throws Error when it is neither of the two */
function lostEpisodes(value: string): 'repeat' | 'fail' {
  if (value === 'repeat' || value === 'fail') return value;
  throw new Error(`--lost-episodes is repeat or fail, not '${value}'.`);
}

runService(async () => {
  const root = resolve(values.root);
  const host = await FunctionsHost.start({
    root,
    state: resolve(values.state),
    port: Number(values.port),
    env: { ...localSettings(root), ...process.env },
    rpcPort: Number(values['rpc-port']),
    durableRpcUrl: values['durable-rpc'] ?? null,
    batchSeed: values.batch === undefined ? null : Number(values.batch),
    adverseSeed: values.adverse === undefined ? null : Number(values.adverse),
    duplicateActivities: values['duplicate-activities'],
    earlyTimers: values.early,
    lostEpisodes: lostEpisodes(values['lost-episodes']),
    // Ends in good order, as at a signal from outside.
    onExceeded: () => process.kill(process.pid, 'SIGTERM'),
    faultPoint: values.fault ?? null,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  return {
    ready: { url: host.url, keys: host.keys },
    message: `Functions host at ${host.url}, state in ${resolve(values.state)}`,
    stop: () => host.stop(),
  };
});
