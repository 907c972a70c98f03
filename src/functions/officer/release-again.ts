import { justificationBody } from '../../core/api/bodies';
import { packageEndsAt, releaseOf } from '../../core/package/expiry';
import { legalClockOf } from '../../core/request/legal-clock';
import { addHours, addSeconds, atTime } from '../../core/time/time';
import type { Clock, Ledger, PackageStore, RequestRecord, Settings } from '../../ports';
import { HttpProblem, parsedBody } from '../shared/http';
import {
  bodyLimit,
  rejectConflict,
  type OfficerHandler,
  type OfficerRequests,
} from './officer-requests';

export interface ReleaseAgainServices {
  clock: Clock;
  ledger: Pick<Ledger, 'note' | 'move'>;
  packages: Pick<PackageStore, 'size'>;
  settings: Pick<Settings, 'delivery' | 'legalClock'>;
}

/**
 * Seconds before its end in which a package is not released again: its timer may fire by now, and what it
 * deletes could not be kept.
 */
const closingSeconds = 60;

/** @throws HttpProblem 409 when there is no package, or the legal period has ended */
function requireReleasable(
  record: RequestRecord,
  { clock, settings }: Pick<ReleaseAgainServices, 'clock' | 'settings'>,
): void {
  const now = clock.now();
  const endsAt = packageEndsAt(record);
  const isThere = record.state === 'available' || record.state === 'delivered';
  if (!isThere || endsAt === null || addSeconds(now, closingSeconds) >= atTime(endsAt))
    throw new HttpProblem(409, 'notAvailable', 'No package is available.');
  if (now >= atTime(legalClockOf(record, settings.legalClock, now).dueAt))
    throw new HttpProblem(409, 'tooLate', 'The legal period has ended.');
}

/**
 * Makes a package that still exists available for its whole time again, without another export. The
 * orchestration tells the person. The state is moved first: a call that is repeated after a crash does
 * the rest.
 */
export const releaseAgain =
  (services: ReleaseAgainServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { clock, ledger, packages, settings } = services;
    const { requestId } = call.record;
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    requireReleasable(call.record, services);
    if ((await packages.size(requestId)) === null)
      throw new HttpProblem(409, 'notAvailable', 'No package is available.');
    const action = requests.actionOf(call, justification);
    const { availabilityHours: hours } = settings.delivery;
    const whileReleasable = (record: RequestRecord): RequestRecord => {
      requireReleasable(record, services);
      return record;
    };
    await ledger
      .move(requestId, 'available', (record) => (whileReleasable(record), {}), action)
      .catch(rejectConflict);
    const fact = { event: 'releasedAgain', detail: { hours } } as const;
    const release = (record: RequestRecord) => ({
      availableUntil: addHours(clock.now(), hours).toISOString(),
      releases: releaseOf(whileReleasable(record)) + 1,
    });
    await ledger.note(requestId, fact, release, action).catch(rejectConflict);
    return requests.changed(call);
  };
