import type { HttpRequest } from '@azure/functions';
import type { Ledger, RequestRecord } from '../../ports';
import { HttpProblem } from './http';

const requestIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The request that the path of a call names.
 * @param extent as of `Ledger.get`
 * @throws HttpProblem 404 if there is none
 */
export async function requestOfPath(
  ledger: Pick<Ledger, 'get'>,
  request: HttpRequest,
  extent: 'record' | 'whole' = 'record',
): Promise<RequestRecord> {
  const { requestId = '' } = request.params;
  const record = requestIdForm.test(requestId) ? await ledger.get(requestId, extent) : null;
  if (record === null)
    throw new HttpProblem(404, 'requestNotFound', 'There is no request with this id.');
  return record;
}
