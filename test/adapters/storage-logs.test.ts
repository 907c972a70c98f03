import { kustoProblems } from '../helpers/kusto';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { storageOf } from '../../src/adapters/storage/connection';
import { logsAt, StorageLogs } from '../../src/adapters/storage/log-analytics';

const credential = {
  getToken: () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const requestId = '0d9f8a52-1111-2222-3333-444455556666';
const column = (name: string, type: string) => ({ name, type });

/** Log Analytics as its query API answers. */
function workspace(queries: string[]): HttpClient {
  return {
    sendRequest: (request) => {
      const { query } = JSON.parse(request.body as string) as { query: string };
      queries.push(query);
      const isMax = query.includes('summarize');
      const table = isMax
        ? {
            name: 'PrimaryResult',
            columns: [column('max_TimeGenerated', 'datetime')],
            rows: [['2026-11-24T10:05:00Z']],
          }
        : {
            name: 'PrimaryResult',
            columns: [column('TimeGenerated', 'datetime'), column('ResponseBodySize', 'long')],
            rows: [
              ['2026-11-24T09:00:00Z', 8_388_608],
              ['2026-11-24T09:01:00Z', null],
            ],
          };
      return Promise.resolve({
        request,
        status: 200,
        headers: createHttpHeaders({ 'content-type': 'application/json' }),
        bodyAsText: JSON.stringify({ tables: [table] }),
      });
    },
  };
}

describe('the log of Azure Storage', () => {
  it('lists each read of a package, and the time up to which it is complete', async () => {
    const queries: string[] = [];
    const logs = new StorageLogs('00000000-0000-4000-8000-000000000000', credential, {
      httpClient: workspace(queries),
    });
    expect(await logs.reads(requestId)).toEqual({
      until: '2026-11-24T10:05:00.000Z',
      reads: [
        { at: '2026-11-24T09:00:00.000Z', bytes: 8_388_608 },
        { at: '2026-11-24T09:01:00.000Z', bytes: null },
      ],
    });
    expect(queries[0]).toContain(`endswith '/packages/${requestId}.zip'`);
    expect(queries[0]).toContain("StatusCode in ('200', '206')");
    expect(queries.map(kustoProblems)).toEqual([[], []]);
  });

  it.each([
    [null, 'https://api.loganalytics.io'],
    ['https://api.loganalytics.us', 'https://api.loganalytics.us'],
  ])('is asked where the cloud has it (%s), by a token for it', async (endpoint, host) => {
    const asked: string[] = [];
    const scopes: unknown[] = [];
    const { sendRequest } = workspace([]);
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        asked.push(request.url);
        return sendRequest(request);
      },
    };
    const { getToken } = credential;
    const noted = {
      getToken: (scope: unknown) => {
        scopes.push(scope);
        return getToken();
      },
    };
    const id = '00000000-0000-4000-8000-000000000000';
    await new StorageLogs(id, noted, { ...logsAt(endpoint), httpClient }).reads(requestId);
    expect(asked[0]).toBe(`${host}/v1/workspaces/${id}/query`);
    expect(scopes.flat()).toContain(`${host}/.default`);
  });
});

describe('an account of storage', () => {
  it.each(['core.windows.net', 'core.usgovcloudapi.net', 'core.chinacloudapi.cn'])(
    'is reached where the cloud has it: %s',
    (suffix) => {
      expect(storageOf({ account: 'pkg', suffix }, credential)).toMatchObject({
        blobUrl: `https://pkg.blob.${suffix}`,
        tableUrl: `https://pkg.table.${suffix}`,
      });
    },
  );
});
