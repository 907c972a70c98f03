import type { HttpRequest } from '@azure/functions';
import { hasRecord } from '../../core/subject/contact';
import { smsNumberOf } from '../../core/subject/reachability';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { historyOf } from '../../core/custody/record';
import { endReasonOf } from '../../core/messages/end-notices';
import { packageEndsAt } from '../../core/package/expiry';
import { expectedOf, itemKinds } from '../../core/package/items';
import { timeLeft } from '../../core/request/estimate';
import { lawOf } from '../../core/request/legal-clock';
import { isFinal, type EndState } from '../../core/request/states';
import { maskedIdentifier, maskedPhone } from '../../core/subject/identifiers';
import type {
  Authenticators,
  Clock,
  CodeAndSessionStore,
  CodesStanding,
  ItemLedger,
  Ledger,
  RequestDetails,
  RequestRecord,
  Settings,
} from '../../ports';
import { processingOf } from '../../services/processing';
import type { PortalContext, PortalSession } from './context';

/** What the portal's view of a request is made of. */
export interface PortalViewServices {
  authenticators: Pick<Authenticators, 'authenticatorIdOf' | 'isEnrolled'>;
  clock: Clock;
  codesAndSessions: Pick<CodeAndSessionStore, 'standing'>;
  items: Pick<ItemLedger, 'counts'>;
  ledger: Pick<Ledger, 'details' | 'custodyEntries'>;
  settings: Pick<Settings, 'authentication' | 'branding' | 'processing'>;
}

type View = Record<string, unknown>;

/** What every view says. */
const commonOf = ({ branding }: PortalViewServices['settings']): View => ({
  controller: branding.controllerName,
  contact: branding.controllerContact,
  hasLogo: branding.hasLogo,
});

/**
 * What the page shows: the next step of a session, or how its request has ended.
 * @throws HttpProblem as `PortalContext.sessionOrEnd`
 */
export async function viewOf(
  services: PortalViewServices,
  portal: PortalContext,
  request: HttpRequest,
): Promise<View> {
  const found = await portal.sessionOrEnd(request);
  return 'ended' in found
    ? endedView(services, found.ended, endOf(found.ended))
    : portalView(services, portal, found);
}

/** What the page shows of a session: the next step, and what belongs to it. */
export async function portalView(
  services: PortalViewServices,
  portal: PortalContext,
  current: PortalSession,
): Promise<View> {
  const common = commonOf(services.settings);
  const { record, session } = current;
  if (record.wrappedSecret === null)
    return session.verifiedAt === null
      ? { ...common, step: 'ended' }
      : endedView(services, record, endOf(record));
  const details = await services.ledger.details(record);
  const step = portal.isSteppedUp(current)
    ? await requestStep(services, current, details)
    : await verificationStep(services, portal, current, details);
  return { ...common, locale: details.locale, ...step };
}

async function verificationStep(
  { codesAndSessions }: PortalViewServices,
  portal: PortalContext,
  current: PortalSession,
  details: RequestDetails,
): Promise<View> {
  const { session, record } = current;
  const { requestId } = record;
  const standing = await codesAndSessions.standing(requestId);
  const methods = await portal.openMethods(current, details, standing);
  const phone = details.contact && smsNumberOf(details.contact);
  const hasSms = methods.includes('sms');
  return {
    step: methods.length === 0 ? 'noAuthenticationMethod' : 'verify',
    methods,
    digits: phone && hasSms ? maskedPhone(phone) : null,
    isCodeSent: hasSms && standing.valid.includes('sms'),
    lockedUntil: locksOf(standing, methods),
    isSecond: session.completedMethods.length > 0 && session.verifiedAt === null,
    isAgain: record.releasedAt !== null,
  };
}

/** Methods that accept no code for now, with the time when they do again. */
function locksOf(
  standing: CodesStanding,
  methods: readonly StepUpMethod[],
): Partial<Record<StepUpMethod, string>> {
  const locks: Partial<Record<StepUpMethod, string>> = {};
  for (const [method, entered] of [
    ['sms', 'sms'],
    ['totp', 'app'],
  ] as const) {
    if (!methods.includes(method)) continue;
    const { lockedUntil } = standing.entered[entered];
    if (lockedUntil !== null) locks[method] = new Date(lockedUntil).toISOString();
  }
  return locks;
}

async function requestStep(
  services: PortalViewServices,
  { record }: PortalSession,
  details: RequestDetails,
): Promise<View> {
  const { requestId } = record;
  const counts = await services.items.counts(requestId);
  const isReleased = record.state === 'available' || record.state === 'delivered';
  const now = services.clock.now();
  const endsAt = packageEndsAt(record) ?? '';
  // The time of the package is over, and its deletion is about to begin.
  if (isReleased && now.toISOString() >= endsAt) return endedView(services, record, 'expired');
  return {
    timeZone: details.timeZone,
    step: isReleased ? 'download' : 'progress',
    state: record.state,
    law: lawOf(record),
    reference: details.ticketId,
    conversations: record.conversations,
    progress: Object.fromEntries(
      itemKinds.map((kind) => {
        const { exported, pending } = counts[kind];
        return [kind, { expected: expectedOf(counts[kind]), exported, pending }];
      }),
    ),
    timeLeft: timeLeft(record, counts, now),
    inventory: record.inventory ?? null,
    statements: record.availability,
    processing: isReleased ? processingOf(services, counts, details.locale) : null,
    packageBytes: record.packageBytes,
    availableUntil: record.availableUntil,
    isOver: now.toISOString() >= (record.availableUntil ?? ''),
    canEnrol: await canEnrol(services, record, details),
    history: historyOf(await services.ledger.custodyEntries(requestId)),
  };
}

/** The end that a request has come to, or is about to: its data is deleted before its state says so. */
const endOf = ({ state, releasedAt }: RequestRecord): EndState =>
  isFinal(state) ? state : releasedAt === null ? 'unverified' : 'expired';

/**
 * How a request has ended, for the person: why, where we looked, what it is known by. After the clean-up little
 * of that is left, and the id of the request is its reference.
 */
async function endedView(
  services: PortalViewServices,
  record: RequestRecord,
  state: EndState,
): Promise<View> {
  const { requestId, searched, availableUntil, stateSince } = record;
  const details =
    record.wrappedSecret === null ? null : await services.ledger.details(record).catch(() => null);
  const notices = details?.statutoryNotices;
  const explained = state === 'refused' || state === 'cancelled' ? notices?.[state] : null;
  return {
    ...commonOf(services.settings),
    ...(details && { locale: details.locale, timeZone: details.timeZone }),
    step: 'ended',
    state,
    law: lawOf(record),
    reasonCode: endReasonOf(state, record.reason),
    explanation: explained?.explanation ?? null,
    endedAt: stateSince,
    availableUntil,
    searched: searched && { from: searched.from, to: searched.to },
    identifiers:
      details?.identifiers.map((one) => ({ type: one.type, masked: maskedIdentifier(one) })) ?? [],
    reference: details?.ticketId ?? requestId.slice(0, 8).toUpperCase(),
    history: historyOf(await services.ledger.custodyEntries(requestId)),
  };
}

/** Whether the person may set up an authenticator app. */
async function canEnrol(
  { authenticators, settings }: PortalViewServices,
  { organisation, requester }: Pick<RequestRecord, 'organisation' | 'requester'>,
  { contact }: RequestDetails,
): Promise<boolean> {
  // An app is the person's, and enrolled for a contact of the source.
  if (requester !== undefined || contact === null || !hasRecord(contact)) return false;
  if (!settings.authentication.stepUp.offered.includes('totp')) return false;
  return !(await authenticators.isEnrolled(
    await authenticators.authenticatorIdOf(organisation, contact.id),
  ));
}
