import type { TokenCredential } from '@azure/identity';
import { storageOf, type StorageConnection } from '../adapters/storage/connection';
import { AzuriteDownloadLog, noDownloadLog } from '../adapters/storage/download-log';
import { logsAt, StorageLogs } from '../adapters/storage/log-analytics';
import type { StorageConfig } from '../config/storage';
import type { DownloadLog } from '../ports';

export const storageConnectionOf = (
  config: StorageConfig,
  credential: TokenCredential,
): StorageConnection =>
  config.kind === 'account' ? storageOf(config, credential) : config.connectionString;

/** The log of downloads; an empty one where the settings name none. */
export function downloadLogOf(config: StorageConfig, credential: TokenCredential): DownloadLog {
  switch (config.kind) {
    case 'account':
      return config.logWorkspaceId === null
        ? noDownloadLog
        : new StorageLogs(config.logWorkspaceId, credential, logsAt(config.logEndpoint));
    case 'emulator':
      return config.logFile === null ? noDownloadLog : new AzuriteDownloadLog(config.logFile);
  }
}
