import type { TokenCredential } from '@azure/identity';
import {
  LogsQueryClient,
  LogsQueryResultStatus,
  type LogsQueryClientOptions,
} from '@azure/monitor-query-logs';
import type { DownloadLog } from '../../ports';
import { callService } from './rest-error';

/** How far back the log is queried: longer than any package is stored. */
const queriedTime = { duration: 'P30D' };

/** Options for a workspace that another host than that of the public cloud (null) answers for. */
export const logsAt = (endpoint: string | null): LogsQueryClientOptions =>
  endpoint === null
    ? {}
    : { endpoint: `${endpoint}/v1`, credentials: { scopes: [`${endpoint}/.default`] } };

/**
 * Reads of packages, logged by Azure Storage in a workspace of Log Analytics (table StorageBlobLogs,
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagebloblogs). The log is minutes
 * behind the present: `until` is the time of its newest line.
 */
export class StorageLogs implements DownloadLog {
  private readonly client: LogsQueryClient;

  /** @param workspaceId the workspace's customer id */
  constructor(
    private readonly workspaceId: string,
    credential: TokenCredential,
    options: LogsQueryClientOptions = {},
  ) {
    this.client = new LogsQueryClient(credential, options);
  }

  async reads(requestId: string): ReturnType<DownloadLog['reads']> {
    const found = await this.rows(
      `StorageBlobLogs | where OperationName == 'GetBlob' and StatusCode in ('200', '206') ` +
        `and ObjectKey endswith '/packages/${requestId}.zip' ` +
        `| project TimeGenerated, ResponseBodySize | order by TimeGenerated asc`,
    );
    const [last] = await this.rows(`StorageBlobLogs | summarize max(TimeGenerated)`);
    const reads = found.map(([at, bytes]) => ({
      at: timeOf(at) ?? '',
      bytes: typeof bytes === 'number' ? bytes : null,
    }));
    return { until: timeOf(last?.[0]), reads };
  }

  private async rows(query: string): Promise<unknown[][]> {
    const result = await callService('Log Analytics', () =>
      this.client.queryWorkspace(this.workspaceId, query, queriedTime),
    );
    const tables =
      result.status === LogsQueryResultStatus.Success ? result.tables : result.partialTables;
    return tables[0]?.rows ?? [];
  }
}

const timeOf = (value: unknown): string | null => {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' && value !== '' ? new Date(value).toISOString() : null;
};
