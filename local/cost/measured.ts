import { listPrices as prices } from './list-prices';

/** A run of a function, in milliseconds since 1970. */
export interface Invocation {
  /** `activities` and `orchestrations` run on the same instances; calls of HTTP on others. */
  kind: 'http' | 'orchestrations' | 'activities';
  from: number;
  to: number;
}

/** Calls of storage, as they are billed: a transaction of a table is one, deletions of blobs are free. */
export const storageCallKinds = ['tableCalls', 'blobWrites', 'blobReads', 'blobDeletes'] as const;
export type StorageCallKind = (typeof storageCallKinds)[number];

/** The least that a stretch of work is billed with on Flex Consumption, in milliseconds. */
const shortestStretch = 1000;

/**
 * The kind of a call in the emulator's log; null for a line that is none, or one that a browser makes
 * before another.
 * @param line such as `127.0.0.1 - - [date] "GET /account/table(PartitionKey='a') HTTP/1.1" 200 -`
 */
export function storageCallOf(line: string): StorageCallKind | null {
  const [, method, target] = /"(GET|HEAD|PUT|POST|PATCH|MERGE|DELETE) (\S+)/.exec(line) ?? [];
  if (method === undefined || target === undefined) return null;
  const [path = '', query = ''] = target.split('?');
  const [, , ...rest] = path.split('/');
  // Tables have no folders; `comp` and `restype` are words of Blob Storage.
  const isTable = rest.length === 1 && !/(^|&)(comp|restype)=/.test(query);
  if (isTable) return 'tableCalls';
  if (method === 'DELETE') return 'blobDeletes';
  const isList = /(^|&)comp=list(&|$)/.test(query);
  return (method === 'GET' || method === 'HEAD') && !isList ? 'blobReads' : 'blobWrites';
}

/** How often each kind stands in lines of the emulator's log. */
export function storageCalls(lines: readonly string[]): Record<StorageCallKind, number> {
  const counts = { tableCalls: 0, blobWrites: 0, blobReads: 0, blobDeletes: 0 };
  for (const line of lines) {
    const kind = storageCallOf(line);
    if (kind !== null) counts[kind] += 1;
  }
  return counts;
}

type Stretch = Pick<Invocation, 'from' | 'to'>;

/** The same time, without what overlaps, in its order. */
export function unionOf(stretches: readonly Stretch[]): Stretch[] {
  const union: Stretch[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else union.push({ from, to });
  }
  return union;
}

/**
 * Seconds in which at least one of the functions ran: an instance is billed for those, however many run
 * at a time, and for a second at least.
 */
export const busySeconds = (invocations: readonly Stretch[]): number =>
  unionOf(invocations).reduce(
    (sum, { from, to }) => sum + Math.max(to - from, shortestStretch),
    0,
  ) / 1000;

/** What a request has used. */
export interface Usage {
  gigabyteSeconds: number;
  executions: number;
  storage: Record<StorageCallKind, number>;
  packageBytes: number;
  /** Days for which the package is stored. */
  storedDays: number;
  downloadedBytes: number;
  loggedBytes: number;
  emails: number;
  textMessages: number;
}

const gigabyte = 1e9;
const daysOfMonth = 30;

/** What a usage costs by the list prices, without what is free each month. */
export function priceOf(usage: Usage): Record<string, number> {
  const { prices: each } = prices;
  const { storage } = usage;
  const parts = {
    compute:
      usage.gigabyteSeconds * each.gigabyteSecond +
      (usage.executions / 1e6) * each.millionExecutions,
    storageCalls:
      (storage.tableCalls * each.tenThousandTableCalls +
        storage.blobWrites * each.tenThousandBlobWrites +
        storage.blobReads * each.tenThousandBlobReads) /
      1e4,
    storageSpace:
      (usage.packageBytes / gigabyte) * (usage.storedDays / daysOfMonth) * each.gigabyteMonth,
    download: (usage.downloadedBytes / gigabyte) * each.gigabyteOut,
    logs: (usage.loggedBytes / gigabyte) * each.gigabyteLogged,
    messages: usage.emails * each.email + usage.textMessages * each.textMessage,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return Object.fromEntries(
    Object.entries({ ...parts, total }).map(([name, value]) => [name, Number(value.toFixed(6))]),
  );
}

/** Where the prices are from. */
export const priceSource = {
  asOf: prices.asOf,
  status: prices.status,
  currency: prices.currency,
};
