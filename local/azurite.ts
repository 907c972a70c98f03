import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const account = 'devstoreaccount1';

/** The emulator's account and key in the form of AZURITE_ACCOUNTS; the key is made at the first start. */
export function createAccountKey(state: string): string {
  const path = join(state, 'azurite-key');
  if (!existsSync(path)) {
    mkdirSync(state, { recursive: true });
    writeFileSync(path, randomBytes(64).toString('base64'), { mode: 0o600 });
  }
  return `${account}:${readFileSync(path, 'utf8')}`;
}

export function storageConnectionString(
  state: string,
  ports: { blob: number; queue: number; table: number },
): string {
  const [name = '', key = ''] = createAccountKey(state).split(':');
  const at = (service: string, port: number): string =>
    `${service}Endpoint=http://127.0.0.1:${port}/${name}`;
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${name}`,
    `AccountKey=${key}`,
    at('Blob', ports.blob),
    at('Queue', ports.queue),
    at('Table', ports.table),
  ].join(';');
}
