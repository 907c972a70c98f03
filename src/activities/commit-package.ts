import { WrittenParts } from '../export/part-manifests';
import type { KeyStore, PackageStore, PackageWriter, ScratchStore } from '../ports';
import {
  failDamaged,
  openRequestActivity,
  type ActivityServices,
  type OnOpenRequest,
} from './activity';

export interface CommitPackageServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  packages: Pick<PackageStore, 'version'>;
  packageWriter: Pick<PackageWriter, 'commit'>;
  scratch: ScratchStore;
}

/** Commits the blocks of all parts as the package. */
async function commit(
  on: OnOpenRequest<'commitPackage', CommitPackageServices>,
): Promise<{ bytes: number }> {
  const { input, services } = on;
  const { requestId } = input;
  const version = await services.packages.version(requestId);
  const parts = await WrittenParts.of(services, on);
  const bytes = await services.packageWriter.commit(requestId, parts.from(0), version);
  await services.ledger.update(requestId, { packageBytes: bytes });
  return { bytes };
}

export const createCommitPackage = openRequestActivity<'commitPackage', CommitPackageServices>(
  'commitPackage',
  (on) => commit(on).catch(failDamaged),
);
