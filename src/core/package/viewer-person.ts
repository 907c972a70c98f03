import type { Contact } from '../subject/contact';
import { fields, joined, list, text, type Fields } from './unknown-fields';

/** What the viewer shows of a person that belongs to no conversation. */
export interface ViewerPerson {
  details: PersonDetail[];
  notes: { at: string; text: string; by: string }[];
  visits: PersonVisit[];
  /** Names of columns that a company has chosen, with their values. */
  campaigns: { at: string; columns: { name: string; value: string }[] }[];
  changes: PersonChange[];
}

/** Something of a contact record. */
export interface PersonDetail {
  /** Name of the field as the source names it; one that the company chose stands under `custom`. */
  field: string;
  isCustom: boolean;
  value: string;
  /** Since when it is held (ISO 8601); empty where that is not known. */
  since: string;
}

export interface PersonVisit {
  at: string;
  page: string;
  title: string;
  device: string;
  place: string;
  address: string;
  searchTerms: string;
  seconds: number;
}

/** A change of a record of the person. */
export interface PersonChange {
  at: string;
  /** As the source names them: `Update`, `Contact`. */
  action: string;
  record: string;
  by: string;
  fields: { field: string; before: string; after: string }[];
}

/** Records of the person, masked. */
export interface WrittenRecords {
  contacts: readonly unknown[];
  notes: readonly unknown[];
  visits: readonly unknown[];
  campaigns: readonly unknown[];
  audits: readonly unknown[];
}

/** The person's records as the viewer shows them. */
export const viewerPerson = (written: WrittenRecords): ViewerPerson => ({
  details: written.contacts.map(fields).flatMap(detailsOf),
  notes: written.notes.map(fields).map((note) => ({
    at: text(note['createDate']),
    text: text(note['noteText']),
    by: nameOf(note['createdBy']),
  })),
  visits: written.visits.map(fields).map(visitOf),
  campaigns: written.campaigns.map(fields).map((row) => ({
    at: text(row['dateCreated']),
    columns: Object.entries(fields(row['data']))
      .map(([name, value]) => ({ name, value: text(value) }))
      .filter(({ value }) => value !== ''),
  })),
  changes: written.audits.map(fields).map(changeOf),
});

/** What somebody is called: by name, or by what stands for it. */
const nameOf = (user: unknown): string => {
  const { name, displayName, id } = fields(user);
  return text(name) || text(displayName) || text(id);
};

/** Fields of a contact (ExternalContact) that are about the record, and not about the person. */
const ofTheRecord: ReadonlySet<string> = new Set([
  ...['id', 'type', 'division', 'selfUri', 'version', 'schema', 'mergeSet', 'mergedFrom'],
  ...['mergedTo', 'mergeOperation', 'canonicalContact', 'createDate', 'modifyDate'],
  ...['externalDataSources', 'externalSystemUrl', 'identifiers', 'customFields'],
]);

function detailsOf(contact: Fields): PersonDetail[] {
  const since = text(contact['createDate']);
  const own = Object.entries(contact)
    .filter(([field]) => !ofTheRecord.has(field))
    .map(([field, value]) => ({ field, isCustom: false, value: detailText(value) }));
  const custom = Object.entries(fields(contact['customFields'])).map(([field, value]) => ({
    field,
    isCustom: true,
    value: detailText(value),
  }));
  return [...own, ...custom]
    .filter(({ value }) => value !== '')
    .map((detail) => ({ ...detail, since }));
}

/** Fields of a value that are shown in its place, the first that is there. */
const telling = ['e164', 'display', 'phoneNumber', 'displayName', 'screenName', 'name', 'value'];

/** A value of a contact in words; of an object what tells the most, or all of it. */
function detailText(value: unknown): string {
  if (typeof value === 'boolean') return value ? '✓' : '';
  if (Array.isArray(value)) return value.map(detailText).filter(Boolean).join(', ');
  if (value === null || typeof value !== 'object') return text(value);
  const found = telling.map((name) => text(fields(value)[name])).find(Boolean);
  return found ?? joined(Object.values(value).map(detailText));
}

function visitOf(visit: Fields): PersonVisit {
  const page = fields(visit['lastPage']);
  const place = fields(visit['geolocation']);
  return {
    at: text(visit['createdDate']),
    page: text(page['url']),
    title: text(page['title']),
    device: joined([fields(visit['device'])['type'], fields(visit['browser'])['family']]),
    place: joined([place['locality'], place['region'], place['country']]),
    address: text(visit['ipAddress']),
    searchTerms: Array.isArray(visit['searchTerms']) ? joined(visit['searchTerms']) : '',
    seconds: typeof visit['durationInSeconds'] === 'number' ? visit['durationInSeconds'] : 0,
  };
}

const values = (given: unknown): string => (Array.isArray(given) ? joined(given) : text(given));

const changeOf = (audit: Fields): PersonChange => ({
  at: text(audit['eventDate']),
  action: text(audit['action']),
  record: text(audit['entityType']),
  by: nameOf(audit['user']),
  fields: list(audit['propertyChanges']).map((change) => ({
    field: text(change['property']),
    before: values(change['oldValues']),
    after: values(change['newValues']),
  })),
});

/** What is known of a person without a contact record. */
function profileDetails({ firstName, lastName, phones, emails, handles }: Contact): PersonDetail[] {
  const given: [string, string][] = [
    ['firstName', firstName ?? ''],
    ['lastName', lastName ?? ''],
    ...phones.map(({ number }): [string, string] => ['phone', number]),
    ...emails.map((email): [string, string] => ['email', email]),
    ...handles.map(({ type, value }): [string, string] => [type, value]),
  ];
  return given
    .filter(([, value]) => value !== '')
    .map(([field, value]) => ({ field, isCustom: false, value, since: '' }));
}

const plain = (value: string): string => value.toLowerCase().replaceAll(/[\s()./-]/g, '');

/**
 * The person's details, each with since when it is held where the profile says so.
 * @param contact the profile, masked
 */
export function withProfile(person: ViewerPerson, contact: Contact | null): ViewerPerson {
  if (contact === null) return person;
  const details = person.details.length > 0 ? person.details : profileDetails(contact);
  const since = new Map((contact.heldSince ?? []).map(({ value, at }) => [plain(value), at]));
  return {
    ...person,
    details: details.map((detail) => ({
      ...detail,
      since: since.get(plain(detail.value)) ?? detail.since,
    })),
  };
}
