import { z } from 'zod';
import { alternatives } from './combine';
import { httpsOrLoopback, list, text } from './formats';
import { required, withFallback, type ValueOf } from './setting';
import { topic } from './topic';

const bytes32 = 'must be 32 bytes in base64';
const key = z
  .base64(bytes32)
  .refine((value) => Buffer.from(value, 'base64').length === 32, bytes32)
  .transform((value) => Buffer.from(value, 'base64'));
const noKeys: Buffer[] = [];

export const keys = topic(
  'Keys',
  'What wraps the secret of each request and signs packages: a key vault, or a file on this machine.',
  alternatives({
    vault: {
      vaultUrl: required('KEY_VAULT_URL', httpsOrLoopback, {
        description: 'Address of the vault with the keys `wrap` and `sign`.',
        example: 'https://privacy.vault.azure.net',
      }),
      hashKey: required('HASH_KEY', key, {
        description:
          '32 random bytes in base64 from which ids of requests, officers and contacts are derived, and by which custody records are authenticated. It can be rotated.',
      }),
      previousHashKeys: withFallback(
        'HASH_KEYS_PREVIOUS',
        list.pipe(z.array(key)),
        { value: noKeys, text: 'none' },
        {
          description:
            'Further keys of the same form, separated by commas: what they made is recognised. See the runbook on rotating `HASH_KEY`.',
        },
      ),
    },
    file: {
      path: required('LOCAL_KEY_FILE', text, {
        description:
          'File with 32 random bytes in base64. Only for a portal on loopback (`PORTAL_ORIGIN`).',
        local: '.local/request-key',
      }),
    },
  }),
);

export type KeysConfig = ValueOf<typeof keys>;
