/**
 * Azurite that can be filled with rows past its API, which takes time that grows with what is stored: for
 * measurements with a million ended requests. It is told by messages of the process that started it.
 */
import { createRequire } from 'node:module';
import { cleanUpKey, endedKey } from '../../src/core/request/request-index';

/** Rows of ended requests, whose content is the same in each kind. */
export interface FillOrder {
  account: string;
  /** How many requests. */
  count: number;
  /** What every row `request` has, and every row of the index. */
  request: Record<string, string | number | boolean>;
  ended: string;
  /** Custody entries of each. */
  entries: number;
  entry: Record<string, string>;
  /** The time of the clean-up of the newest, and of the oldest, in milliseconds. */
  newest: number;
  oldest: number;
}

interface Entity {
  PartitionKey: string;
  RowKey: string;
  properties: Record<string, unknown>;
  lastModifiedTime: string;
  eTag: string;
}
interface Collection {
  /** `atOnce`: its indices are made anew after it, which is faster for many rows. */
  insert(rows: Entity[], atOnce: true): void;
}
interface Store {
  db: { getCollection(name: string): Collection | null };
  getTableCollectionName(account: string, table: string): string;
  init: (this: Store) => Promise<void>;
}

const require = createRequire(__filename);
const stores: Store[] = [];

/** Keeps the store that Azurite makes. */
function watchStores(): void {
  const { default: made } =
    require('azurite/dist/src/table/persistence/LokiTableMetadataStore') as {
      default: { prototype: Store };
    };
  const { init } = made.prototype;
  made.prototype.init = function (this: Store) {
    stores.push(this);
    return init.call(this);
  };
}

/** The id of the n-th request; the ids are spread as random ones are. */
function idOf(n: number): string {
  const first = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${first}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Rows that are inserted at a time. */
const atOnce = 250_000;

function fill(order: FillOrder): void {
  const [store] = stores;
  if (!store) throw new Error('Azurite has no tables yet.');
  const collection = (table: string): Collection => {
    const found = store.db.getCollection(store.getTableCollectionName(order.account, table));
    if (!found) throw new Error(`There is no table ${table}.`);
    return found;
  };
  const [requests, index] = [collection('requests'), collection('requestIndex')];
  const made = new Date(order.newest).toISOString();
  const row = (partition: string, key: string, properties: Record<string, unknown>): Entity => ({
    ...{ PartitionKey: partition, RowKey: key, properties },
    ...{ lastModifiedTime: made, eTag: 'W/"1"' },
  });
  const ended = { request: order.ended };
  const proof = {};
  for (let from = 0; from < order.count; from += atOnce) {
    const ofRequests: Entity[] = [];
    const ofIndex: Entity[] = [];
    for (let n = from; n < Math.min(order.count, from + atOnce); n += 1) {
      const id = idOf(n + 1);
      const time = order.newest - ((order.newest - order.oldest) * n) / order.count;
      ofRequests.push(row(id, 'request', order.request));
      for (let entry = 1; entry <= order.entries; entry += 1)
        ofRequests.push(row(id, `custody-${String(entry).padStart(6, '0')}`, order.entry));
      const at = new Date(Math.round(time)).toISOString();
      ofIndex.push(row('ended', endedKey({ requestId: id, stateSince: at }), ended));
      ofIndex.push(row('cleanUpProof', cleanUpKey(at, id), proof));
    }
    requests.insert(ofRequests, true);
    index.insert(ofIndex, true);
  }
}

watchStores();
process.on('message', (order: FillOrder) => {
  fill(order);
  process.send?.('filled');
});
process.on('disconnect', () => process.exit(0));
require('azurite/dist/src/azurite');
