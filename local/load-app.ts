/**
 * `node dist/local/load-app.js FOLDER`: loads an app as the worker of a host does, and writes as JSON how
 * long that took, what it took of the processor, and the memory of the process. Settings come from the
 * environment. Part of `npm run bench:start`.
 */
import { FunctionRegistry } from './host/function-registry';

/** What loading an app took. */
export interface LoadResult {
  /** Milliseconds from the first module on. */
  milliseconds: number;
  /** Milliseconds of processor time, all threads together. */
  processor: number;
  rssBytes: number;
  functions: number;
}

async function main(folder: string): Promise<LoadResult> {
  const registry = new FunctionRegistry({ env: null, log: () => undefined });
  const used = process.cpuUsage();
  const start = performance.now();
  const functions = await registry.load(folder);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  const rssBytes = process.memoryUsage().rss;
  return {
    milliseconds,
    processor: (user + system) / 1000,
    rssBytes,
    functions: functions.length,
  };
}

main(process.argv[2] ?? '.').then(
  (result) => process.stdout.write(JSON.stringify(result), () => process.exit(0)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
