/** Who makes a request of storage. */
export type Requester = 'app' | 'functionsHost' | 'durableFunctions';

/** A request of storage. */
export interface StorageRequest {
  requester: Requester;
  /** What it does: `table get`, `blob put`, `queue peek`. */
  operation: string;
  /** What it is about, without ids and numbers: `requests request`, `scratch part-p`. */
  object: string;
}

/** Names of what Durable Functions keeps for a task hub, and of what the Functions host keeps. */
const tablesOfDurable = /(History|Instances|Partitions)$/;
const containersOfDurable = /-(leases|largemessages|applease)$/;
const containersOfHost = /^azure-webjobs-/;

const call = /"(GET|HEAD|PUT|POST|PATCH|MERGE|DELETE) (\S+)/;

/**
 * The request in a line of the emulator's log; null for a line that is none, or one that a browser makes
 * before another. A transaction is one request, of which the log does not say what it is about.
 * @param line such as `127.0.0.1 - - [date] "GET /account/table(PartitionKey='a') HTTP/1.1" 200 -`
 */
export function storageRequestOf(line: string): StorageRequest | null {
  const [, method, target] = call.exec(line) ?? [];
  return method === undefined || target === undefined ? null : requestOf(method, target);
}

/** The request of a call. @param target path and query, with the account first */
export function requestOf(method: string, target: string): StorageRequest {
  const { pathname, searchParams: query } = new URL(target, 'http://storage.invalid');
  const [, , ...path] = decodeURIComponent(pathname).split('/');
  if (path[1] === 'messages') return queueRequest(method, path[0] ?? '', query);
  // Tables have no folders; `comp` and `restype` are words of Blob Storage.
  const isTable = path.length === 1 && !query.has('comp') && !query.has('restype');
  return isTable ? tableRequest(method, path[0] ?? '') : blobRequest(method, path, query);
}

const tableOperations: Record<string, string> = { GET: 'get', POST: 'insert', DELETE: 'delete' };

function tableRequest(method: string, path: string): StorageRequest {
  const [, table = path, key = ''] = /^(\w+)\((.*)\)$/.exec(path) ?? [];
  const requester = tablesOfDurable.test(table) ? 'durableFunctions' : 'app';
  const isRow = key.includes('RowKey=');
  const rowKey = withoutNumbers(/RowKey='([^']*)'/.exec(key)?.[1] ?? '');
  const kind = method === 'GET' && !isRow ? 'query' : (tableOperations[method] ?? 'update');
  const operation = `table ${path === '$batch' ? 'batch' : kind}`;
  return { requester, operation, object: `${table} ${isRow ? rowKey : ''}`.trim() };
}

const blobOperations: Record<string, string> = { GET: 'get', HEAD: 'head', DELETE: 'delete' };

function blobRequest(method: string, path: string[], query: URLSearchParams): StorageRequest {
  const [container = '', ...name] = path;
  const requester = requesterOf(container);
  const operation = query.get('comp') ?? blobOperations[method] ?? 'put';
  if (name.length === 0)
    return { requester, operation: `container ${operation}`, object: container };
  // Blobs of the app are in a folder of their request, or named by it.
  const object = `${container} ${withoutNumbers(name.slice(1).join('/'))}`.trim();
  return { requester, operation: `blob ${operation}`, object };
}

function requesterOf(container: string): Requester {
  if (containersOfHost.test(container)) return 'functionsHost';
  return containersOfDurable.test(container) ? 'durableFunctions' : 'app';
}

const queueOperations: Record<string, string> = { POST: 'put', PUT: 'update', DELETE: 'delete' };

/** The app has no queues of its own. */
function queueRequest(method: string, queue: string, query: URLSearchParams): StorageRequest {
  const read = query.get('peekonly') === 'true' ? 'peek' : 'get';
  const operation = `queue ${queueOperations[method] ?? read}`;
  return { requester: 'durableFunctions', operation, object: queue };
}

/** Row keys and names of blobs without what differs from one to the next. */
export const withoutNumbers = (name: string): string =>
  name
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
    .replaceAll(/\b[0-9a-f]{32,}\b/g, '')
    .replace(/\.json$/, '')
    .replace(/^(part-[a-z]).*/, '$1')
    .replaceAll(/-?\d+[ab]*/g, '');

/** Requests of storage, counted. */
export interface StorageTally {
  total: number;
  byRequester: Record<string, number>;
  byOperation: Record<string, number>;
  /** By requester, operation and object, the most frequent first. */
  byKind: Record<string, number>;
}

/** How often each kind of request stands in lines of the emulator's log. */
export const storageTally = (lines: readonly string[]): StorageTally =>
  tallyOf(lines.flatMap((line) => storageRequestOf(line) ?? []));

export function tallyOf(requests: readonly StorageRequest[]): StorageTally {
  return {
    total: requests.length,
    byRequester: counted(requests.map(({ requester }) => requester)),
    byOperation: counted(requests.map(({ operation }) => operation)),
    byKind: counted(
      requests.map(({ requester, operation, object }) => `${requester}: ${operation} ${object}`),
    ),
  };
}

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}
