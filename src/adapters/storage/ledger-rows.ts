import type { WebhookEvent } from '../../core/api/webhooks';
import type { CustodyFact } from '../../core/custody/record';
import type { EndNotice } from '../../core/messages/end-notices';
import { isOpen } from '../../core/request/request-index';
import type { RequestState } from '../../core/request/states';
import type { ColumnChange, RequestChange, RequestRecord } from '../../ports';
import { textOf, type Row, type StoredRow } from './table';

/** Rows of table `requests`: a request, and the events that the ticketing system is told of. Pure. */

export type Columns = Record<string, unknown>;

export const requestRow = 'request';
/** What a request is read from without its personal part, which may be large. */
export const recordColumns = ['state', 'record'];
/** By which rows of the index a request was last written; absent of requests of before the index. */
export const indexColumn = 'indexVersion';
export const webhookPrefix = 'webhook-';
export const callbackRow = 'callback';
export const padded = (value: number): string => String(value).padStart(6, '0');

/** What the ticketing system is told of a fact; null for nothing. */
export function toldOf(
  { event, to, reasonCode = null }: CustodyFact,
  notice: EndNotice | undefined,
  state: RequestRecord['state'],
): Pick<WebhookEvent, 'to' | 'reasonCode' | 'notice'> | null {
  if (notice !== undefined) return { to: notice.end, reasonCode: notice.reasonCode, notice };
  if (event === 'noticeByTicket') return { to: state, reasonCode, notice: 'handedOver' };
  return event === 'stateChanged' && to ? { to, reasonCode } : null;
}

export const changeOf = (change: ColumnChange, record: RequestRecord): RequestChange =>
  typeof change === 'function' ? change(record) : change;

export const eventOf = (row: StoredRow): WebhookEvent =>
  JSON.parse(textOf(row, 'event') ?? '{}') as WebhookEvent;

export const webhookRow = (requestId: string, event: WebhookEvent): Row => ({
  partitionKey: requestId,
  rowKey: `${webhookPrefix}${padded(event.sequence)}`,
  event: JSON.stringify(event),
});

/** Columns of a request's row. What is queried has a column of its own. */
export function columnsOf(record: RequestRecord): Columns {
  const { state, ...rest } = record;
  return {
    state,
    isOpen: isOpen(record),
    /** Whether changes of state are webhook events. */
    hasCallback: record.hasCallback,
    record: JSON.stringify(rest),
  };
}

/** A request, read from its row or from what is to be its row. */
export const recordOf = ({ record, state }: Columns): RequestRecord => ({
  ...(JSON.parse(typeof record === 'string' ? record : '{}') as Omit<RequestRecord, 'state'>),
  state: state as RequestState,
});

export function changed(row: StoredRow, change: ColumnChange): Columns {
  const record = recordOf(row);
  return { ...row, ...columnsOf({ ...record, ...changeOf(change, record) }) };
}
