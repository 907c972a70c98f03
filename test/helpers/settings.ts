import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../src/config/config';
import { root } from './root';

export type Settings = Readonly<Record<string, string | undefined>>;

/** Settings of a developer's machine, which load. */
export const example = (
  JSON.parse(readFileSync(join(root, 'local.settings.example.json'), 'utf8')) as {
    Values: Settings;
  }
).Values;

/** What is wrong with settings; empty for settings that load. */
export function problemsOf(settings: Settings): string[] {
  try {
    loadConfig(settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Keys in a vault, in place of a file. */
export const vault: Settings = {
  LOCAL_KEY_FILE: undefined,
  KEY_VAULT_URL: 'https://privacy.vault.azure.net',
  HASH_KEY: Buffer.alloc(32).toString('base64'),
};
/** What a portal that is not on loopback needs to say. */
export const explained: Settings = {
  PROCESSING_FILE: join(root, 'controller/processing.example.json'),
  PARTICIPANT_ATTRIBUTES: 'none',
  PARTICIPANT_ATTRIBUTES_GROUND: 'notPersonal',
  SECURE_ATTRIBUTES_GROUND: 'secrets',
  EVALUATIONS_GROUND: 'rightsOfOthers',
};
export const bulkExport: Settings = {
  RECORDING_EXPORTER: 'bulkS3',
  S3_BUCKET: 'recordings',
  GENESYS_EXPORT_INTEGRATION_ID: 'integration',
};
export const login: Settings = {
  CUSTOMER_LOGIN_ISSUER: 'https://login.shop.example',
  CUSTOMER_LOGIN_CLIENT_ID: 'portal',
  CUSTOMER_LOGIN_CLIENT_SECRET: 'secret of the login',
  CUSTOMER_LOGIN_ACR: 'strong',
};
export const webhookSecret = `whsec_${Buffer.alloc(32).toString('base64')}`;
