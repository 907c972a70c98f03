import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What this host reads of host.json. */
export interface HostJson {
  functionTimeout?: string;
  extensions?: {
    http?: { routePrefix?: string };
    durableTask?: DurableTaskOptions;
  };
}

interface DurableTaskOptions {
  hubName?: string;
  maxConcurrentActivityFunctions?: number;
  maxConcurrentOrchestratorFunctions?: number;
  defaultVersion?: string;
  versionMatchStrategy?: string;
  versionFailureStrategy?: string;
  storageProvider?: StorageProviderOptions;
}

/** Times and sizes of the task hub's queues. They change nothing here, but wrong ones are refused. */
interface StorageProviderOptions {
  controlQueueBatchSize?: number;
  controlQueueBufferThreshold?: number;
  controlQueueVisibilityTimeout?: string;
  maxQueuePollingInterval?: string;
  partitionCount?: number;
  workItemQueueVisibilityTimeout?: string;
}

const minute = 60_000;

/**
 * Reads host.json of an app.
 * @param root folder of the app
 * @throws Error when a value is one that the real host does not start with, with its message
 */
export function readHostJson(root: string): HostJson {
  const hostJson = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as HostJson;
  if (hostJson.functionTimeout !== undefined)
    milliseconds('functionTimeout', hostJson.functionTimeout);
  const durableTask = hostJson.extensions?.durableTask ?? {};
  assertConcurrency(durableTask);
  assertStorageProvider(durableTask.storageProvider ?? {});
  return hostJson;
}

/** As DurableTaskOptions.cs of the Durable Task extension validates itself. */
function assertConcurrency(options: DurableTaskOptions): void {
  if ((options.maxConcurrentActivityFunctions ?? 1) <= 0)
    throw new Error('MaxConcurrentActivityFunctions must be a positive integer value.');
  if ((options.maxConcurrentOrchestratorFunctions ?? 1) <= 0)
    throw new Error('MaxConcurrentOrchestratorFunctions must be a positive integer value.');
}

/** As AzureStorageOptions.cs of the Durable Task extension validates itself, in its words. */
function assertStorageProvider(options: StorageProviderOptions): void {
  const time = (name: keyof StorageProviderOptions, otherwise: string): number =>
    milliseconds(name, String(options[name] ?? otherwise));
  if ((options.controlQueueBatchSize ?? 32) <= 0)
    throw new Error('ControlQueueBatchSize must be a non-negative integer.');
  if (!isBetween(options.partitionCount ?? 4, 1, 16))
    throw new Error('PartitionCount must be an integer value between 1 and 16.');
  if (!isBetween(time('controlQueueVisibilityTimeout', '00:05:00'), minute, 60 * minute))
    throw new Error('ControlQueueVisibilityTimeout must be between 1 and 60 minutes.');
  if (time('maxQueuePollingInterval', '00:00:30') <= 0)
    throw new Error('MaxQueuePollingInterval must be non-negative.');
  if (!isBetween(options.controlQueueBufferThreshold ?? 256, 1, 1000))
    throw new Error('ControlQueueBufferThreshold must be between 1 and 1000.');
  time('workItemQueueVisibilityTimeout', '00:05:00');
}

const isBetween = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

/** Longest time that `setTimeout` counts: what an unbounded time comes to here. */
const unbounded = 2 ** 31 - 1;

/**
 * Milliseconds of a time span as .NET writes it: `hh:mm:ss`, days before it with a dot; `-1` is
 * unbounded.
 * @throws Error naming the property when the text is not a time span
 */
export function milliseconds(property: string, timeSpan: string): number {
  if (timeSpan === '-1') return unbounded;
  const found = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(timeSpan);
  if (!found) throw new Error(`${property}: '${timeSpan}' is not a time span.`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
