import { withoutNumbers } from '../../local/cost/storage-requests';

/** A call by which something in storage is changed. */
export interface StorageWrite {
  /** What it does to which kind of blob or row, without ids. */
  kind: string;
}

/**
 * Tables and containers that no activity writes by itself, and calls that create those, or the count of ended
 * requests when the first one ends.
 */
const shared = /^(POST Tables|PUT \w+ container|POST requestIndex !count|.* rateLimits)/;

/** Whether a write belongs to the step that made it, and is made there in every run. */
export const isOfStep = ({ kind }: StorageWrite): boolean => !shared.test(kind);

/**
 * The write that a call makes; null for a call that only reads.
 * @param call "METHOD path?query", of Blob or Table Storage
 */
export function writeOf(call: string, body: Buffer): StorageWrite | null {
  const [method = '', target = ''] = call.split(' ');
  if (method === 'GET' || method === 'HEAD') return null;
  const { pathname, searchParams } = new URL(target, 'http://storage.invalid');
  const path = decodeURIComponent(pathname).split('/').slice(2).join('/');
  if (path.startsWith('$batch')) return { kind: batchKind(body.toString('utf8')) };
  if (/^\w+\(/.test(path) || method === 'POST')
    return { kind: `${method} ${rowKind(path, body.toString('utf8'))}` };
  if (searchParams.get('restype') === 'container') return { kind: `${method} ${path} container` };
  const kind = blobKind(path, searchParams.get('comp'));
  // Scratch blobs are deleted one after the other, whatever they are.
  return { kind: method === 'DELETE' ? `DELETE ${kind.split(' ')[0] ?? ''}` : `${method} ${kind}` };
}

/** `packages block`, `scratch part-p`: the kind of a blob, without the request and numbers. */
function blobKind(path: string, comp: string | null): string {
  const [container = '', ...name] = path.split('/');
  if (container === 'packages') return `packages ${comp ?? 'blob'}`;
  return `${container} ${withoutNumbers(name.slice(1).join('/'))}`;
}

/** `requests request`, `items audio`: the table and the kind of a row. */
function rowKind(path: string, body: string): string {
  const [, table = '', key = ''] = /^(\w+)(?:\((.*)\))?$/.exec(path) ?? [];
  // Which rows are there depends on what the source holds; that they are written, does not.
  if (table === 'items' || table === 'outbox') return table;
  const rowKey = /RowKey='([^']*)'/.exec(key)?.[1] ?? /"RowKey":"([^"]*)"/.exec(body)?.[1] ?? '';
  return `${table} ${withoutNumbers(rowKey)}`.trim();
}

/** What a transaction writes: each kind of row once. */
function batchKind(body: string): string {
  const operations = [...body.matchAll(/^(PUT|PATCH|POST|MERGE|DELETE) (\S+) HTTP[^]*?(?=^--)/gm)];
  const kinds = operations.map(([operation, method = '', url = '']) => {
    const path = decodeURIComponent(new URL(url).pathname).split('/').slice(2).join('/');
    return `${method} ${rowKind(path, operation)}`;
  });
  return [...new Set(kinds)].sort().join(' + ');
}
