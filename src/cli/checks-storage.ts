import type { CorsRule } from '../ports/storage-probe';
import { skewOf, storageFailure, trySigning, tryWrapping } from '../services/trials';
import { ok, problem, tryOut, type Check, type Diagnostic, type Examined } from './diagnostics';

/** Packages, scratch blobs and ledger. */
export const checkStorage: Check = async (examined) => [
  ...(await checkBlobs(examined)),
  await checkTables(examined),
];

async function checkBlobs(examined: Examined): Promise<Diagnostic[]> {
  const { storage, config } = examined;
  try {
    const { corsRules, isSoftDeleteEnabled, date } = await storage.blobService();
    return [
      ok('storage.blobs', 'Blob storage answers.'),
      ...checkStorageClock(date),
      ...checkCors(corsRules, config.portal.origin),
      ...(isSoftDeleteEnabled
        ? [
            problem(
              'storage.softDelete',
              'Deleted packages can be recovered (soft delete is on) for longer than people are promised.',
              'Turn soft delete for blobs off in this account.',
            ),
          ]
        : []),
      ...(await storage.publicContainers()).map((name) =>
        problem(
          'storage.publicAccess',
          `The container ${name} can be read by anybody.`,
          'Set its access level to private, and disallow public access for the account.',
        ),
      ),
    ];
  } catch (error) {
    return [
      problem(
        'storage.blobs',
        `Blob storage cannot be used. ${reasonOf(examined, error)}`,
        'Check STORAGE_ACCOUNT or STORAGE_CONNECTION_STRING; the identity needs Storage Blob Data Contributor.',
      ),
    ];
  }
}

function checkStorageClock(date: string | null): Diagnostic[] {
  const skew = skewOf(date, new Date());
  if (skew === null) return [];
  return [
    problem(
      'storage.clock',
      `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'fast' : 'slow'}.`,
      'Synchronise it with a time server.',
    ),
  ];
}

function checkCors(rules: readonly CorsRule[], portalOrigin: string): Diagnostic[] {
  const own = rules.filter(({ allowedOrigins }) =>
    allowedOrigins.split(',').includes(portalOrigin),
  );
  const headers = own.map(({ allowedHeaders }) => allowedHeaders.toLowerCase()).join(',');
  const isComplete =
    own.some(({ allowedMethods }) => allowedMethods.includes('GET')) &&
    (headers.includes('*') || (headers.includes('range') && headers.includes('if-match')));
  return [
    ...(rules.some(({ allowedOrigins }) => allowedOrigins.includes('*'))
      ? [
          problem(
            'storage.cors',
            'Pages of any origin can read packages whose link they know.',
            'Allow only the origin in PORTAL_ORIGIN.',
          ),
        ]
      : []),
    isComplete
      ? ok('storage.cors', 'The portal can read packages.')
      : problem(
          'storage.cors',
          'The pages of the portal cannot read packages: downloads would fail.',
          'Allow GET and HEAD with the headers range, if-match and x-ms-* for the origin in PORTAL_ORIGIN.',
        ),
  ];
}

const checkTables = (examined: Examined): Promise<Diagnostic> =>
  tryOut('storage.tables', () => examined.storage.tryTable(), {
    good: 'A table can be created and deleted.',
    bad: (error) => `Table storage cannot be used. ${reasonOf(examined, error)}`,
    fix: 'Check the account and its firewall; the identity needs Storage Table Data Contributor.',
  });

/** Why storage failed, as far as it can be told. */
const reasonOf = ({ storage }: Examined, error: unknown): string =>
  storageFailure(storage, error) === 'forbidden'
    ? 'The app lacks the permission.'
    : 'It does not answer, or there is no such account.';

/** Keys that wrap secrets and sign packages. */
export const checkKeys: Check = async ({ app: { keys }, config }) => {
  const setting = config.keys.kind === 'file' ? 'LOCAL_KEY_FILE' : 'KEY_VAULT_URL';
  return [
    await tryOut('keys.wrap', () => tryWrapping(keys), {
      good: 'A secret can be wrapped and unwrapped.',
      bad: () => 'Secrets of requests cannot be wrapped.',
      fix: `Check ${setting}; the identity needs Key Vault Crypto Service Encryption User on the key wrap, which must be RSA with wrapKey and unwrapKey.`,
    }),
    await tryOut('keys.sign', () => trySigning(keys), {
      good: 'Packages can be signed.',
      bad: () => 'Packages cannot be signed.',
      fix: `Check ${setting}; the identity needs Key Vault Crypto User on the key sign, which must be P-256 with sign.`,
    }),
  ];
};
