import type { App, AppProcessOptions } from './app-process';

export interface HostOptions {
  /** Starts the app: in a process of its own (`AppProcess`), or in this one (`AppInProcess`). */
  startApp: (options: AppProcessOptions) => Promise<App>;
  /** Folder of the app: package.json, host.json and what they name. */
  root: string;
  /** Folder for task hub, keys and timer schedules. */
  state: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Environment of the app, beside what the host itself sets. */
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
  /**
   * Where the durable part runs: here, or in another host whose RPC address this is. Without a
   * durable part a host serves HTTP only: no orchestrations, no activities, no timers.
   */
  durableRpcUrl: string | null;
  /** TCP port of the RPC address on 127.0.0.1; 0 takes a free one. */
  rpcPort: number;
  /** Seed of batches of messages to an orchestrator; null gives one at a time. */
  batchSeed: number | null;
  /** Seed of aborted episodes, late and stray messages; null for none. */
  adverseSeed: number | null;
  /** Whether the activities that an aborted episode scheduled run as well. */
  duplicateActivities: boolean;
  /** Whether durable timers fire up to a second early. */
  earlyTimers: boolean;
  /**
   * What an orchestrator's episode does whose worker ends: it is repeated, or it fails the
   * orchestration.
   */
  lostEpisodes: 'repeat' | 'fail';
  /** Called when the host has to end: its workers were lost too often. */
  onExceeded: () => void;
  /** Name of a point at which the host ends itself as by a power cut, for crash tests. */
  faultPoint: string | null;
}

/** Writes a line to the log of the host; without a function's name it is the host's own. */
export type HostLog = (level: string, functionName: string | null, message: string) => void;
