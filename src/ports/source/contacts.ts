import type { Contact } from '../../core/subject/contact';
import type { Identifier } from '../../core/subject/identifiers';

/** Finds the contact of a person. */
export interface ContactSource {
  /** The contact that has exactly this identifier, or null. */
  lookUpContact(identifier: Identifier): Promise<Contact | null>;
  /** A contact by its id, after all merges; null when there is none. */
  contactOnFile(contactId: string): Promise<Contact | null>;
  /** A contact as it was before it was merged into another; null when the source has deleted it. */
  mergedContact(contactId: string): Promise<Contact | null>;
  /** Contacts that a keyword search finds; those that only share a word are among them. */
  searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }>;
}

export interface SourceNote {
  id: string;
  [field: string]: unknown;
}

/** A row of an outbound campaign's contact list. */
export interface CampaignContactRef {
  id: string;
  contactListId: string;
}

/** Everything that the source holds about a contact outside of conversations. */
export interface ContactRecordSource {
  /** All fields of a contact; null when there is no such contact. */
  contactRecord(contactId: string): Promise<unknown>;
  /** All fields of a contact as it was before it was merged into another. */
  mergedContactRecord(contactId: string): Promise<unknown>;
  /** Notes on a contact and on those merged into it; `isWhole` is false when the source says so. */
  notes(contactId: string): Promise<{ notes: SourceNote[]; total: number; isWhole: boolean }>;
  journeySessions(contactId: string): Promise<{ id?: string }[]>;
  /**
   * Data subjects that the source names for an identifier: contacts, users and rows of campaigns; null
   * when it cannot be asked by identifiers of this type.
   */
  dataSubjects(identifier: Identifier): Promise<unknown[] | null>;
  /** Rows of outbound campaigns with this identifier. */
  campaignContacts(identifier: Identifier): Promise<CampaignContactRef[]>;
  campaignContact(ref: CampaignContactRef): Promise<unknown>;
}
