import type { Ledger, Organisation } from '../ports';

/**
 * Finds out which permissions the export needs and the client lacks, and stores them with the request.
 * @returns whether the client has, or is declared to have, all that it needs
 * @throws SourceError when the source does not answer
 */
export async function checkPermissions(
  { ledger }: { ledger: Pick<Ledger, 'update'> },
  { source, permissionNeeds }: Pick<Organisation, 'source' | 'permissionNeeds'>,
  requestId: string,
): Promise<boolean> {
  const { missing, undeclared, declared, unproven } =
    await source.provePermissions(permissionNeeds);
  const missingPermissions = [...missing, ...undeclared];
  await ledger.update(requestId, {
    missingPermissions,
    declaredPermissions: declared,
    unprovenPermissions: unproven,
  });
  return missingPermissions.length === 0;
}
