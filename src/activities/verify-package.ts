import { packageHashBlob } from '../core/package/blob-names';
import { ResumableSha256 } from '../core/package/resumable-sha256';
import { policyHash } from '../core/redaction/policy-hash';
import { WrittenParts } from '../export/part-manifests';
import type {
  KeyStore,
  Ledger,
  PackageStore,
  PackageWriter,
  ScratchStore,
  Settings,
} from '../ports';
import { readScratch } from '../services/scratch';
import {
  failDamaged,
  openRequestActivity,
  type ActivityServices,
  type OnOpenRequest,
} from './activity';

export interface VerifyPackageServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'note'>;
  packages: Pick<PackageStore, 'size'>;
  packageWriter: Pick<PackageWriter, 'verifyDirectory' | 'verifyParts'>;
  scratch: ScratchStore;
  settings: Pick<Settings, 'export'>;
}

type OnPackage = OnOpenRequest<'verifyPackage', VerifyPackageServices>;

/** The activity ends after this many milliseconds, so that a lost worker costs little. */
const verifyBudget = 4 * 60_000;

/**
 * Reads the package back before anyone can download it: the directory first, then part by part. The
 * custody record says by its hash which package it was.
 */
async function verify(on: OnPackage): Promise<{ next: number | null }> {
  const { services, keys } = on;
  const { requestId, from } = on.input;
  const { clock, packageWriter, packages, scratch } = services;
  const parts = await WrittenParts.of(services, on);
  if (from === 0) await packageWriter.verifyDirectory(requestId, parts.from(0));
  const hash = new ResumableSha256(
    from === 0 ? undefined : await readScratch(services, on, packageHashBlob(from)),
  );
  const endsAt = clock.now().getTime() + verifyBudget;
  const size = (await packages.size(requestId)) ?? 0;
  const read = await packageWriter.verifyParts(requestId, keys.passphrase, {
    parts: parts.from(from),
    start: hash.state().length,
    end: size,
    onBytes: (bytes) => hash.update(bytes),
    mayGoOn: () => clock.now().getTime() <= endsAt,
  });
  if (read === null) {
    await record(on, hash.digest(), size);
    return { next: null };
  }
  const next = from + read;
  await scratch.write(requestId, packageHashBlob(next), keys.dataKey, hash.state());
  return { next };
}

/** Writes hash, size and redaction policy into the custody record. */
async function record(on: OnPackage, sha256: string, bytes: number): Promise<void> {
  const { ledger, settings } = on.services;
  // A repetition has read the same package.
  if (on.record.packageSha256 === sha256) return;
  const redactionPolicy = policyHash(settings.export.policy);
  await ledger.note(
    on.input.requestId,
    { event: 'packageVerified', detail: { sha256, bytes, redactionPolicy } },
    { packageSha256: sha256 },
  );
}

export const createVerifyPackage = openRequestActivity<'verifyPackage', VerifyPackageServices>(
  'verifyPackage',
  (on) => verify(on).catch(failDamaged),
);
