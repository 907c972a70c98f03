import type { PermissionNeeds, Source } from './source';

/** An organisation of Genesys Cloud that the company runs. */
export interface Organisation {
  source: Source;
  /** By division: a contact in it that the app must see. */
  divisionContacts: ReadonlyMap<string, string>;
  /** What exports from it call for. */
  permissionNeeds: PermissionNeeds;
  /** Channel of its calls in which the customer is heard; null where each transcript tells. */
  customerChannel: string | null;
}
