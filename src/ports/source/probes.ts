import type { PermissionNeeds } from '../../core/genesys/permissions';

export type { PermissionNeeds } from '../../core/genesys/permissions';

/** What is known of the permissions that an export needs, besides those that are proven. */
export interface PermissionProof {
  /** The client lacks them. */
  missing: string[];
  /** The client cannot prove them, and the operator, who could, has not declared them. */
  undeclared: string[];
  /** Not proven, and declared by the operator. */
  declared: string[];
  /** No call of the API tells whether the client has them. */
  unproven: string[];
}

/** Checks of the client's permissions. */
export interface ProbeSource {
  /** Finds out all at once, by calls that change nothing. */
  provePermissions(needs: PermissionNeeds): Promise<PermissionProof>;
}
