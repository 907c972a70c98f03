import { historyOf } from '../../core/custody/record';
import { minutesLeft } from '../../core/request/estimate';
import { maskedPhone } from '../../core/subject/identifiers';
import { expectedOf, itemKinds } from '../../core/package/items';
import { packageEndsAt } from '../../core/package/expiry';
import { smsNumberOf } from '../../core/subject/resolve-contact';
import type { PortalContext, PortalSession } from './context';

/** What the page shows of a visit: the step that comes next, and what belongs to it. */
export async function portalView(
  portal: PortalContext,
  visit: PortalSession,
): Promise<Record<string, unknown>> {
  const { env } = portal;
  const { branding } = env.settings;
  const { stepUp } = env.settings.authentication;
  const { session, record } = visit;
  const { controllerName: controller, controllerContact: contactPoint, hasLogo } = branding;
  const common = { controller, contact: contactPoint, hasLogo };
  if (record.wrappedSecret === null) return { ...common, step: 'ended' };
  const details = await env.ledger.details(record);
  const { contact, locale, timeZone } = details;
  if (!portal.isSteppedUp(visit)) {
    const methods = await portal.openMethods(visit, details);
    const phone = contact && smsNumberOf(contact);
    return {
      ...common,
      locale,
      step: methods.length === 0 ? 'noAuthenticationMethod' : 'verify',
      methods,
      digits: phone && methods.includes('sms') ? maskedPhone(phone) : null,
      isSecond: session.completedMethods.length > 0 && session.verifiedAt === null,
      isAgain: record.releasedAt !== null,
    };
  }
  const { requestId } = record;
  const counts = await env.items.counts(requestId);
  const isThere = record.state === 'available' || record.state === 'delivered';
  const now = env.clock.now();
  const endsAt = packageEndsAt(record) ?? '';
  return {
    ...common,
    locale,
    timeZone,
    step: isThere && now.toISOString() < endsAt ? 'download' : isThere ? 'ended' : 'progress',
    state: record.state,
    progress: Object.fromEntries(
      itemKinds.map((kind) => [
        kind,
        { expected: expectedOf(counts[kind]), exported: counts[kind].exported },
      ]),
    ),
    minutesLeft: minutesLeft(record, counts, now),
    statements: record.availability,
    packageBytes: record.packageBytes,
    availableUntil: record.availableUntil,
    isOver: now.toISOString() >= (record.availableUntil ?? ''),
    canEnrol:
      stepUp.offered.includes('totp') &&
      contact !== null &&
      !(await env.authenticators.isEnrolled(
        env.authenticators.authenticatorIdOf(record.organisation, contact.id),
      )),
    history: historyOf((await env.ledger.custody(requestId)).entries),
  };
}
