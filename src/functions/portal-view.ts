import { historyOf } from '../core/custody';
import { minutesLeft } from '../core/estimate';
import { maskedPhone } from '../core/identity';
import { expectedOf, itemKinds } from '../core/items';
import { packageEndsAt } from '../core/package-end';
import { factorOf } from '../core/subject';
import type { PortalDesk, Visit } from './portal-desk';

/** What the page shows of a visit: the step that comes next, and what belongs to it. */
export async function portalView(desk: PortalDesk, visit: Visit): Promise<Record<string, unknown>> {
  const { env } = desk;
  const { branding, stepUp } = env.settings;
  const { session, record } = visit;
  const { controllerName: controller, controllerContact: contactPoint, hasLogo } = branding;
  const common = { controller, contact: contactPoint, hasLogo };
  if (record.wrappedSecret === null) return { ...common, step: 'ended' };
  const details = await env.ledger.details(record);
  const { contact, locale, timeZone } = details;
  if (!desk.isSteppedUp(visit)) {
    const methods = await desk.openMethods(visit, details);
    const phone = contact && factorOf(contact);
    return {
      ...common,
      locale,
      step: methods.length === 0 ? 'noFactor' : 'verify',
      methods,
      digits: phone && methods.includes('sms') ? maskedPhone(phone) : null,
      isSecond: session.passed.length > 0 && session.verifiedAt === null,
      isAgain: record.releasedAt !== null,
    };
  }
  const { requestId } = record;
  const counts = await env.ledger.counts(requestId);
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
      !(await env.apps.isEnrolled(env.apps.factorIdOf(record.organisation, contact.id))),
    history: historyOf((await env.ledger.custody(requestId)).entries),
  };
}
