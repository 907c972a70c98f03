import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { HostOptions } from './host-options';

/**
 * What the command line of the host says: see its README.
 * @throws Error when an argument is not one
 */
export function hostArguments(
  args: string[],
): Omit<HostOptions, 'startApp' | 'env' | 'onExceeded' | 'log'> {
  const { values } = parseArgs({
    args,
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
  return {
    root: resolve(values.root),
    state: resolve(values.state),
    port: Number(values.port),
    rpcPort: Number(values['rpc-port']),
    durableRpcUrl: values['durable-rpc'] ?? null,
    batchSeed: values.batch === undefined ? null : Number(values.batch),
    adverseSeed: values.adverse === undefined ? null : Number(values.adverse),
    duplicateActivities: values['duplicate-activities'],
    earlyTimers: values.early,
    lostEpisodes: lostEpisodes(values['lost-episodes']),
    faultPoint: values.fault ?? null,
  };
}

/** @throws Error when it is neither of the two */
function lostEpisodes(value: string): 'repeat' | 'fail' {
  if (value === 'repeat' || value === 'fail') return value;
  throw new Error(`--lost-episodes is repeat or fail, not '${value}'.`);
}
