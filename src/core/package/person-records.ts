import type { AuditQueryProgress } from '../genesys/audits';
import type { UnreadableReason } from './items';

/** A record of the source, of which nothing but its id is known. */
export type SourceRecord = { id?: string; [field: string]: unknown };

/** Records that can be processed, and why others cannot. */
export interface SourceRecords {
  found: SourceRecord[];
  problems: UnreadableReason[];
}

/** A list of records of the source, and how many it said there are. */
export interface Listing extends SourceRecords {
  expected: number;
  isWhole: boolean;
}

/** Records of the person that belong to no conversation, stored between two calls of the activity. */
export interface PersonRecords {
  /** `merged` counts the contacts that were merged into the person's; null without a contact record. */
  contacts: Listing & { merged: number | null };
  notes: Listing;
  journeySessions: Listing;
  campaignContacts: Listing;
  audits: AuditQueryProgress[];
}
