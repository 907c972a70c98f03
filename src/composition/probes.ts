import { AzureStorageProbe } from '../adapters/storage/storage-probe';
import type { Config } from '../config/config';
import type { StorageProbe } from '../ports/storage-probe';
import { appIdentity } from './identity';
import { storageConnectionOf } from './storage';

/** Examines the storage that the settings name. */
export const storageProbeOf = ({ storage }: Config): StorageProbe =>
  new AzureStorageProbe(storageConnectionOf(storage, appIdentity()));
