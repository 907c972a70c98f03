import { partManifests as manifestPrefix, startsBlob } from '../core/package/blob-names';
import { partManifests } from '../export/part-manifests';
import type { KeyStore, PackageWriter, ScratchStore } from '../ports';
import { readScratch } from '../services/scratch';
import {
  failDamaged,
  openRequestActivity,
  type ActivityServices,
  type OnOpenRequest,
} from './activity';

export interface VerifyPackageServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  packageWriter: Pick<PackageWriter, 'verifyDirectory' | 'verifyPart'>;
  scratch: ScratchStore;
}

/** The activity ends after this many milliseconds, so that a lost worker costs little. */
const verifyBudget = 4 * 60_000;

/** Reads the package back before anyone can download it: the directory first, then part by part. */
async function verify(
  on: OnOpenRequest<'verifyPackage', VerifyPackageServices>,
): Promise<{ next: number | null }> {
  const { services, keys } = on;
  const { requestId, from } = on.input;
  const { packageWriter, scratch } = services;
  if (from === 0) {
    const starts = await packageWriter.verifyDirectory(requestId, partManifests(services, on));
    await scratch.write(requestId, startsBlob, keys.dataKey, starts);
  }
  const starts = await readScratch(services, on, startsBlob);
  const manifests = await scratch.list(requestId, manifestPrefix);
  const endsAt = Date.now() + verifyBudget;
  for (const [i, ref] of [...manifests.entries()].slice(from)) {
    if (i > from && Date.now() > endsAt) return { next: i };
    const manifest = await readScratch(services, on, ref);
    await packageWriter.verifyPart(requestId, keys.passphrase, manifest, starts[i] ?? 0);
  }
  return { next: null };
}

export const createVerifyPackage = openRequestActivity<'verifyPackage', VerifyPackageServices>(
  'verifyPackage',
  (on) => verify(on).catch(failDamaged),
);
