import { randomUUID } from 'node:crypto';
import { blobService, tableClient } from '../adapters/storage/connection';
import { hasStatus } from '../adapters/storage/rest-error';
import { ok, problem, skewOf, tryOut, type Check, type Diagnostic } from './diagnostics';

/** Why storage did not do what it was asked. */
const reasonOf = (error: unknown): string =>
  hasStatus(error, 403)
    ? 'The app may not do this.'
    : 'It does not answer, or there is no such account.';

/** Packages, work and ledger. */
export const checkStorage: Check = async ({ storage, config }) => {
  const diagnostics: Diagnostic[] = [];
  const blobs = blobService(storage);
  try {
    const { cors = [], deleteRetentionPolicy, _response: response } = await blobs.getProperties();
    diagnostics.push(ok('storage.blobs', 'Blob storage answers.'));
    const skew = skewOf(response.headers.get('date'));
    if (skew !== null) {
      diagnostics.push(
        problem(
          'storage.clock',
          `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'fast' : 'slow'}.`,
          'Let it follow a time server.',
        ),
      );
    }
    const mine = cors.filter((rule) =>
      rule.allowedOrigins.split(',').includes(config.PORTAL_ORIGIN),
    );
    const everybody = cors.some((rule) => rule.allowedOrigins.includes('*'));
    if (everybody) {
      diagnostics.push(
        problem(
          'storage.cors',
          'Pages of any origin may read packages whose link they know.',
          'Allow PORTAL_ORIGIN only.',
        ),
      );
    }
    const allowed = mine.map((rule) => rule.allowedHeaders.toLowerCase()).join(',');
    const isWhole =
      mine.some((rule) => rule.allowedMethods.includes('GET')) &&
      (allowed.includes('*') || (allowed.includes('range') && allowed.includes('if-match')));
    diagnostics.push(
      isWhole
        ? ok('storage.cors', 'The portal may read packages.')
        : problem(
            'storage.cors',
            'Pages of the portal may not read packages: downloads would fail.',
            'Allow GET and HEAD with the headers range, if-match and x-ms-* for the origin in PORTAL_ORIGIN.',
          ),
    );
    if (deleteRetentionPolicy?.enabled === true) {
      diagnostics.push(
        problem(
          'storage.softDelete',
          'Deleted packages stay recoverable (soft delete is on), longer than people are promised.',
          'Switch soft delete for blobs off in this account.',
        ),
      );
    }
    for (const name of ['packages', 'work']) {
      const container = blobs.getContainerClient(name);
      if (!(await container.exists())) continue;
      const { blobPublicAccess } = await container.getProperties();
      if (blobPublicAccess !== undefined) {
        diagnostics.push(
          problem(
            'storage.publicAccess',
            `The container ${name} can be read by anybody.`,
            'Set its access level to private, and forbid public access for the account.',
          ),
        );
      }
    }
  } catch (error) {
    diagnostics.push(
      problem(
        'storage.blobs',
        `Blob storage cannot be used. ${reasonOf(error)}`,
        'Check STORAGE_ACCOUNT or STORAGE_CONNECTION_STRING; the identity needs Storage Blob Data Contributor.',
      ),
    );
  }
  const table = tableClient(storage, `doctor${randomUUID().replaceAll('-', '')}`);
  diagnostics.push(
    await tryOut('storage.tables', () => table.createTable().then(() => table.deleteTable()), {
      good: 'Table storage takes and deletes a table.',
      bad: (error) => `Table storage cannot be used. ${reasonOf(error)}`,
      fix: 'Check the account and its firewall; the identity needs Storage Table Data Contributor.',
    }),
  );
  return diagnostics;
};

/** Keys that wrap secrets and sign packages. */
export const checkKeys: Check = async ({ environment, config }) => {
  const { keys } = environment;
  const where = config.KEY_VAULT_URL === undefined ? 'LOCAL_KEY_FILE' : 'KEY_VAULT_URL';
  const sign = async (): Promise<void> => {
    await keys.sign(Buffer.from('doctor'), 'https://doctor.invalid');
    if ((await keys.publicKeys()).keys.length === 0) throw new Error('No public key.');
  };
  return [
    await tryOut('keys.wrap', () => keys.createSecret().then((wrapped) => keys.unwrap(wrapped)), {
      good: 'A secret can be wrapped and unwrapped.',
      bad: () => 'Secrets of requests cannot be wrapped.',
      fix: `Check ${where}; the identity needs Key Vault Crypto User on the key wrap, which must be RSA with wrapKey and unwrapKey.`,
    }),
    await tryOut('keys.sign', sign, {
      good: 'Packages can be signed.',
      bad: () => 'Packages cannot be signed.',
      fix: `Check ${where}; the identity needs Key Vault Crypto User on the key sign, which must be P-256 with sign.`,
    }),
  ];
};
