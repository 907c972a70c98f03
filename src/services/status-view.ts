import { sentenceOf } from '../core/package/availability-sentences';
import type { z } from 'zod';
import type { statusResponse } from '../core/api/responses';
import { fallbackLocale, translator, type Locales } from '../core/i18n/translator';
import { expectedOf, itemKinds, type ItemCounts } from '../core/package/items';
import { timeLeft } from '../core/request/estimate';
import { legalClockOf } from '../core/request/legal-clock';
import type { Clock, ItemLedger, RequestRecord, Settings } from '../ports';

/** What the status of a request is made of. */
export interface StatusServices {
  clock: Clock;
  items: Pick<ItemLedger, 'counts'>;
  locales: Locales;
  settings: Pick<Settings, 'legalClock'>;
}

export type StatusView = z.output<typeof statusResponse>;

/** The availability report in English, the language of the API; null before there is one. */
function sentencesOf(locales: Locales, { availability }: RequestRecord): string[] | null {
  const english = translator(locales, fallbackLocale);
  return availability?.map((statement) => sentenceOf(statement, english)) ?? null;
}

/** How far each kind of item is. */
export const progressOf = (counts: ItemCounts): StatusView['progress'] =>
  Object.fromEntries(
    itemKinds.map((kind) => [kind, { expected: expectedOf(counts[kind]), ...counts[kind] }]),
  ) as StatusView['progress'];

/** What a request waits for; null for nothing. */
export const waitingOf = ({ waiting }: Pick<RequestRecord, 'waiting'>): StatusView['waiting'] =>
  waiting && { reasonCode: waiting.reason, at: waiting.at };

/** The status of a request, as the API returns it. It never contains the person's identifiers. */
export const statusView = async (
  services: StatusServices,
  record: RequestRecord,
): Promise<StatusView> =>
  statusWith(services, record, await services.items.counts(record.requestId));

/** The same for who has read the counts of the request. */
export function statusWith(
  { clock, locales, settings }: Omit<StatusServices, 'items'>,
  record: RequestRecord,
  counts: ItemCounts,
): StatusView {
  return {
    requestId: record.requestId,
    state: record.state,
    reasonCode: record.reason,
    createdAt: record.createdAt,
    receivedAt: record.receivedAt,
    sourceSystem: record.sourceSystem ?? null,
    verifiedAt: record.verifiedAt,
    verifiedBy: record.verifiedBy,
    legalClock: legalClockOf(record, settings.legalClock, clock.now()),
    requester: record.requester ?? null,
    conversations: record.conversations,
    progress: progressOf(counts),
    timeLeft: timeLeft(record, counts, clock.now()),
    waiting: waitingOf(record),
    missingPermissions: record.missingPermissions,
    declaredPermissions: record.declaredPermissions,
    unprovenPermissions: record.unprovenPermissions,
    inaccessibleDivisions: record.inaccessibleDivisions,
    unprotectedConversations: record.unprotectedConversations,
    refusedHosts: record.refusedHosts,
    organisation: record.organisation,
    searched: record.searched,
    availability: sentencesOf(locales, record),
    packageBytes: record.packageBytes,
    availableUntil: record.availableUntil,
    endNotice: record.endNotice ?? null,
    links: { self: `/api/requests/${record.requestId}` },
  };
}
