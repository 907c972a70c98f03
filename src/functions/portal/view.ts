import { hasRecord } from '../../core/subject/contact';
import { smsNumberOf } from '../../core/subject/reachability';
import { historyOf } from '../../core/custody/record';
import { packageEndsAt } from '../../core/package/expiry';
import { expectedOf, itemKinds } from '../../core/package/items';
import { minutesLeft } from '../../core/request/estimate';
import { maskedPhone } from '../../core/subject/identifiers';
import type {
  Authenticators,
  Clock,
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
  items: Pick<ItemLedger, 'counts'>;
  ledger: Pick<Ledger, 'details' | 'custody'>;
  settings: Pick<Settings, 'authentication' | 'branding' | 'processing'>;
}

/** What the page shows of a session: the next step, and what belongs to it. */
export async function portalView(
  services: PortalViewServices,
  portal: PortalContext,
  current: PortalSession,
): Promise<Record<string, unknown>> {
  const { controllerName: controller, controllerContact, hasLogo } = services.settings.branding;
  const common = { controller, contact: controllerContact, hasLogo };
  if (current.record.wrappedSecret === null) return { ...common, step: 'ended' };
  const details = await services.ledger.details(current.record);
  const step = portal.isSteppedUp(current)
    ? await requestStep(services, current, details)
    : await verificationStep(portal, current, details);
  return { ...common, locale: details.locale, ...step };
}

async function verificationStep(
  portal: PortalContext,
  current: PortalSession,
  details: RequestDetails,
): Promise<Record<string, unknown>> {
  const { session, record } = current;
  const methods = await portal.openMethods(current, details);
  const phone = details.contact && smsNumberOf(details.contact);
  return {
    step: methods.length === 0 ? 'noAuthenticationMethod' : 'verify',
    methods,
    digits: phone && methods.includes('sms') ? maskedPhone(phone) : null,
    isSecond: session.completedMethods.length > 0 && session.verifiedAt === null,
    isAgain: record.releasedAt !== null,
  };
}

async function requestStep(
  services: PortalViewServices,
  { record }: PortalSession,
  details: RequestDetails,
): Promise<Record<string, unknown>> {
  const { requestId } = record;
  const counts = await services.items.counts(requestId);
  const isReleased = record.state === 'available' || record.state === 'delivered';
  const now = services.clock.now();
  const endsAt = packageEndsAt(record) ?? '';
  return {
    timeZone: details.timeZone,
    step: isReleased && now.toISOString() < endsAt ? 'download' : isReleased ? 'ended' : 'progress',
    state: record.state,
    progress: Object.fromEntries(
      itemKinds.map((kind) => [
        kind,
        { expected: expectedOf(counts[kind]), exported: counts[kind].exported },
      ]),
    ),
    minutesLeft: minutesLeft(record, counts, now),
    statements: record.availability,
    processing: isReleased ? processingOf(services, counts, details.locale) : null,
    packageBytes: record.packageBytes,
    availableUntil: record.availableUntil,
    isOver: now.toISOString() >= (record.availableUntil ?? ''),
    canEnrol: await canEnrol(services, record, details),
    history: historyOf((await services.ledger.custody(requestId)).entries),
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
