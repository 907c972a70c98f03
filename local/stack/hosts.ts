import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { end, isRunning, kill, readyMessage } from './processes';

export interface HostReady {
  url: string;
  keys: { master: string; function: string; durable: string };
}

export interface HostStart {
  /** Folder of the project. */
  root: string;
  /** File for the log of the host. */
  log: string;
  /** Command line of the host. */
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** A host that was started. */
export interface RunningHost {
  readonly ready: HostReady;
  readonly isRunning: boolean;
  /** Ends it in good order. */
  end(): Promise<void>;
  /** Ends it as a power cut would: no signal handler runs. */
  kill(): Promise<void>;
}

/** What is deployed, and so what hosts run here: the folder that `npm run build` stages. */
export const deployedFolder = (root: string): string => join(root, 'dist/deploy');

/** Starts a host and waits until it answers. */
export type HostRunner = (start: HostStart) => Promise<RunningHost>;

/** Runs a host in a process of its own, and the app in another. */
export const runHostProcess: HostRunner = async ({ root, log, args, env }) => {
  const output = openSync(log, 'a');
  const child = fork(join(resolve(root), 'dist/local/host/main.js'), args, {
    cwd: root,
    env,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const ready = (await readyMessage(child, 'host', log)) as HostReady;
  return {
    ready,
    get isRunning() {
      return isRunning(child);
    },
    end: () => end(child),
    kill: () => kill(child),
  };
};
