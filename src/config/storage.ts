import { z } from 'zod';
import { alternatives } from './combine';
import { text } from './formats';
import { optional, required, withDefault, type ValueOf } from './setting';
import { topic } from './topic';

export const storage = topic(
  'Storage',
  'Ledger, scratch blobs and packages: an account on Azure, or the emulator on this machine.',
  alternatives({
    account: {
      account: required(
        'STORAGE_ACCOUNT',
        z.string().regex(/^[a-z0-9]{3,24}$/, 'must be the name of a storage account'),
        {
          description:
            "Name of the storage account, reached by the app's identity. Download links are signed with a user delegation key.",
          example: 'pkgprivacy',
        },
      ),
      logWorkspaceId: optional(
        'STORAGE_LOG_WORKSPACE_ID',
        z.uuid('must be the customer id of a workspace'),
        {
          description:
            'Log Analytics workspace that logs reads of packages. Without it, the app does not know what was downloaded.',
          example: '3fbb8f3a-0000-4000-8000-000000000002',
        },
      ),
      suffix: withDefault(
        'STORAGE_ENDPOINT_SUFFIX',
        z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain'),
        {
          description:
            'Domain of storage accounts in the cloud, which is another in a sovereign one.',
          default: 'core.windows.net',
        },
      ),
      logEndpoint: optional(
        'STORAGE_LOG_ENDPOINT',
        z.string().regex(/^https:\/\/[a-z0-9.-]+$/, 'must be https and a host'),
        {
          description:
            'Where Log Analytics is queried in a sovereign cloud; without it, in the public one.',
          example: 'https://api.loganalytics.us',
        },
      ),
    },
    emulator: {
      connectionString: required('STORAGE_CONNECTION_STRING', text, {
        description:
          'Connection string of the storage emulator on loopback. Download links are signed with its account key.',
        local: 'UseDevelopmentStorage=true',
      }),
      logFile: optional('STORAGE_LOG_FILE', text, {
        description: 'Log of the emulator, from which the app knows what was downloaded.',
      }),
    },
  }),
);

export type StorageConfig = ValueOf<typeof storage>;
