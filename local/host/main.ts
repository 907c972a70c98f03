/**
 * Command line of the local Functions host:
 * `node dist/local/host/main.js [--root DIR] [--state DIR] [--port N]`.
 * Settings come from the environment and from `Values` of local.settings.json, as with `func start`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FunctionsHost } from './host';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    state: { type: 'string', default: '.local/host' },
    port: { type: 'string', default: '7071' },
  },
});

function localSettings(root: string): Record<string, string> {
  const path = join(root, 'local.settings.json');
  if (!existsSync(path)) return {};
  return (
    (JSON.parse(readFileSync(path, 'utf8')) as { Values?: Record<string, string> }).Values ?? {}
  );
}

async function main(): Promise<void> {
  const root = resolve(values.root);
  const host = await FunctionsHost.start({
    root,
    state: resolve(values.state),
    port: Number(values.port),
    env: { ...localSettings(root), ...process.env },
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const ready = { url: host.url, keys: host.keys };
  if (process.send) process.send({ ready });
  else process.stderr.write(`Functions host at ${host.url}, state in ${resolve(values.state)}\n`);
  const end = (): void => {
    void host.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
