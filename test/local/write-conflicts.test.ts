import { WriteConflicts } from '../../local/ledger/write-conflicts';

const call = (method: string, target: string, status: number, sent = '', answer = '') => ({
  ...{ method, target, status, type: '' },
  ...{ sent: Buffer.from(sent), answer: Buffer.from(answer) },
});
const batch = [
  '--changeset',
  '',
  "PUT http://127.0.0.1:1/account/requests(PartitionKey='1',RowKey='request') HTTP/1.1",
  '',
].join('\r\n');

describe('writes that come second', () => {
  it('are counted by table, in transactions as well', () => {
    const conflicts = new WriteConflicts();
    conflicts.note(call('PUT', "/account/rateLimits(PartitionKey='a',RowKey='b')", 204));
    conflicts.note(call('PUT', "/account/rateLimits(PartitionKey='a',RowKey='b')", 412));
    conflicts.note(call('POST', '/account/$batch', 202, batch, 'HTTP/1.1 204 No Content'));
    conflicts.note(call('POST', '/account/$batch', 202, batch, 'HTTP/1.1 412 Precondition Failed'));
    conflicts.note(call('GET', "/account/requests(PartitionKey='a',RowKey='b')", 200));
    conflicts.note(call('POST', '/account/Tables', 201));
    expect(conflicts.of('rateLimits')).toEqual({ writes: 2, conflicts: 1, share: 0.5 });
    expect(conflicts.of('requests')).toEqual({ writes: 2, conflicts: 1, share: 0.5 });
    expect(conflicts.of('Tables')).toEqual({ writes: 0, conflicts: 0, share: 0 });
  });
});
