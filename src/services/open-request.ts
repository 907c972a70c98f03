import type { RequestKeys, RequestRecord } from '../ports';

/** An open request with its keys. */
export interface OpenRequest {
  record: RequestRecord;
  keys: RequestKeys;
}
