import {
  packageHashBlob,
  partManifests as manifestPrefix,
  startsBlob,
} from '../core/package/blob-names';
import { ResumableSha256 } from '../core/package/resumable-sha256';
import { policyHash } from '../core/redaction/policy-hash';
import { partManifests } from '../export/part-manifests';
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
  packages: Pick<PackageStore, 'size' | 'stream'>;
  packageWriter: Pick<PackageWriter, 'verifyDirectory' | 'verifyPart'>;
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
  const { packageWriter, scratch } = services;
  if (from === 0) {
    const starts = await packageWriter.verifyDirectory(requestId, partManifests(services, on));
    await scratch.write(requestId, startsBlob, keys.dataKey, starts);
  }
  const starts = await readScratch(services, on, startsBlob);
  const manifests = await scratch.list(requestId, manifestPrefix);
  const hash = new ResumableSha256(
    from === 0 ? undefined : await readScratch(services, on, packageHashBlob(from)),
  );
  const endsAt = Date.now() + verifyBudget;
  let end = 0;
  for (const [i, ref] of [...manifests.entries()].slice(from)) {
    if (i > from && Date.now() > endsAt) {
      await scratch.write(requestId, packageHashBlob(i), keys.dataKey, hash.state());
      return { next: i };
    }
    const manifest = await readScratch(services, on, ref);
    const start = starts[i] ?? 0;
    const reading = { start, onBytes: (bytes: Buffer) => hash.update(bytes) };
    await packageWriter.verifyPart(requestId, keys.passphrase, manifest, reading);
    end = start + manifest.bytes;
  }
  await record(on, hash, end);
  return { next: null };
}

/** Hashes what follows the parts, and writes hash, size and redaction policy into the custody record. */
async function record(on: OnPackage, hash: ResumableSha256, end: number): Promise<void> {
  const { ledger, packages, settings } = on.services;
  const { requestId } = on.input;
  const bytes = (await packages.size(requestId)) ?? 0;
  for await (const chunk of packages.stream(requestId, end, bytes - end)) hash.update(chunk);
  const sha256 = hash.digest();
  // A repetition has read the same package.
  if (on.record.packageSha256 === sha256) return;
  const redactionPolicy = policyHash(settings.export.policy);
  await ledger.note(
    requestId,
    { event: 'packageVerified', detail: { sha256, bytes, redactionPolicy } },
    { packageSha256: sha256 },
  );
}

export const createVerifyPackage = openRequestActivity<'verifyPackage', VerifyPackageServices>(
  'verifyPackage',
  (on) => verify(on).catch(failDamaged),
);
