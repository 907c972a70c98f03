import type { AvailabilityFacts } from '../core/package/availability-statements';
import type { LeftOut } from '../core/package/grounds';
import { hasRecord, identifiersOf } from '../core/subject/contact';
import { provenBy } from '../core/subject/no-contact';
import type { Clock, ItemLedger, RequestDetails, RequestRecord, Settings } from '../ports';

/** What the facts of an availability report are read from. */
export interface AvailabilityServices {
  clock: Clock;
  items: Pick<ItemLedger, 'counts'>;
  /** By name. */
  organisations: ReadonlyMap<string, unknown>;
  settings: Pick<Settings, 'branding' | 'export'>;
}

/** What a report says of the contents of a package. */
export interface ReportedContents extends Pick<
  AvailabilityFacts,
  'missing' | 'attributesWithheld' | 'redactions'
> {
  details: RequestDetails;
}

/**
 * What the availability report of a request is made from: the record, the settings, and what the ledger of
 * items counts.
 */
export async function availabilityFacts(
  services: AvailabilityServices,
  record: RequestRecord,
  { missing, attributesWithheld, redactions, details }: ReportedContents,
): Promise<AvailabilityFacts> {
  const { summaries, sentiment, secureAttributes, evaluations } = services.settings.export;
  const { contact } = details;
  const leftOut: LeftOut[] = [
    ...(summaries ? [] : ['summaries' as const]),
    ...(sentiment ? [] : ['sentiment' as const]),
    ...(secureAttributes ? [] : ['secureAttributes' as const]),
    ...(evaluations ? [] : ['evaluations' as const]),
  ];
  return {
    createdAt: services.clock.now().toISOString(),
    searched: record.searched ?? { from: '', to: '', windows: 0 },
    searchableFrom: record.searchableFrom,
    indexedUntil: record.indexedUntil,
    auditRetainedFrom: record.auditRetainedFrom,
    organisation: record.organisation,
    otherOrganisations: [...services.organisations.keys()].filter(
      (name) => name !== record.organisation,
    ),
    contactRecord: contactRecordOf(details, record),
    searchedIdentifiers: contact ? identifiersOf(contact).length : 0,
    notSearched: contact?.notSearched ?? [],
    visibleDivisions: record.visibleDivisions,
    declaredPermissions: record.declaredPermissions,
    unprovenPermissions: record.unprovenPermissions,
    withheldByPolicy: record.withheldByPolicy,
    unprotectedConversations: record.unprotectedConversations,
    refusedHosts: record.refusedHosts,
    leftOut,
    chosenGrounds: {
      ...services.settings.export.grounds,
      // What is switched off is no secret of anybody.
      summaries: 'onRequest',
      sentiment: 'onRequest',
    },
    complaint: {
      contact: services.settings.branding.controllerContact,
      authority: services.settings.branding.supervisoryAuthority,
    },
    attributesWithheld,
    counts: await services.items.counts(record.requestId),
    redactions,
    missing,
  };
}

function contactRecordOf(
  { contact, loginProved }: Pick<RequestDetails, 'contact' | 'loginProved'>,
  { verifiedBy }: Pick<RequestRecord, 'verifiedBy'>,
): AvailabilityFacts['contactRecord'] {
  if (contact === null || hasRecord(contact)) return 'found';
  if (provenBy(contact, verifiedBy, loginProved) === null) return 'none';
  return verifiedBy === 'oidc' ? 'noneAndOnlyLoginProven' : 'noneAndOnlyNumberProven';
}
