import { legalClockOf, type LegalClockPolicy, type LegalFacts } from './legal-clock';
import { packageEndsAt, type PackageTimes } from '../package/expiry';
import { isFinal, type RequestState } from './states';
import { addDays, addHours, atTime } from '../time/time';

/** Conditions that need attention. The runbook has a section for each. */
export const alertCodes = [
  'requestFailed',
  'permissionMissing',
  'deadlineNear',
  'deadlinePassed',
  'acknowledgementDue',
  'exportStalled',
  'cleanupOverdue',
  'custodyBroken',
  'intakeUndelivered',
] as const;
export type AlertCode = (typeof alertCodes)[number];

/** The part of a request that is monitored. */
export interface MonitoredRequest extends LegalFacts, PackageTimes {
  state: RequestState;
  /** When the state last changed (ISO 8601). */
  stateSince: string;
  missingPermissions: readonly string[];
  cleanedAt: string | null;
}

export interface MonitoredTimes {
  now: Date;
  /** When an orchestration of the request last made progress; null when none is running. */
  lastStepAt: Date | null;
}

export interface MonitorLimits {
  /** Days before the legal deadline from which it counts as near. */
  warningDays: number;
  /** Hours without progress after which an export counts as stalled. */
  stalledHours: number;
  /** Days after which a failed request that nobody retries is cancelled. */
  failedDays: number;
}

/** States in which the app makes progress without waiting for anybody. */
const unattended: readonly RequestState[] = ['received', 'identifying', 'exporting', 'packaging'];
/** Whether the request is answered: the package is available, or the request has ended. */
const isAnswered = (state: RequestState): boolean =>
  state === 'available' || state === 'delivered' || isFinal(state);

/** Hours that a clean-up may take: it waits until a running activity has ended. */
const cleanupHours = 24;

/** The conditions of a request that need attention. */
export function alertsOf(
  request: MonitoredRequest,
  policy: LegalClockPolicy,
  limits: MonitorLimits,
  { now, lastStepAt }: MonitoredTimes,
): AlertCode[] {
  const alerts: AlertCode[] = [];
  const { state } = request;
  if (state === 'failed') {
    alerts.push('requestFailed');
    if (request.missingPermissions.length > 0) alerts.push('permissionMissing');
  }
  if (!isAnswered(state)) {
    const { acknowledgeBy, ...clock } = legalClockOf(request, policy, now);
    const dueAt = atTime(clock.dueAt);
    if (dueAt <= now) alerts.push('deadlinePassed');
    else if (addDays(dueAt, -limits.warningDays) <= now) alerts.push('deadlineNear');
    if (isAcknowledgementDue(request, acknowledgeBy, now)) alerts.push('acknowledgementDue');
  }
  const since = atTime(request.stateSince);
  const lastStep = lastStepAt !== null && lastStepAt > since ? lastStepAt : since;
  if (unattended.includes(state) && addHours(lastStep, limits.stalledHours) <= now)
    alerts.push('exportStalled');
  if (isCleanupOverdue(request, limits, now)) alerts.push('cleanupOverdue');
  return alerts;
}

/** Days before the end of the period for confirming receipt from which on the officer is told. */
const acknowledgementNoticeDays = 3;

/** Whether receipt has to be confirmed soon: the invitation does that, and was not sent yet. */
const isAcknowledgementDue = (
  { verificationRequestedAt }: LegalFacts,
  acknowledgeBy: string | null,
  now: Date,
): boolean =>
  acknowledgeBy !== null &&
  verificationRequestedAt === null &&
  addDays(atTime(acknowledgeBy), -acknowledgementNoticeDays) <= now;

/** Whether data is stored beyond its retention period. */
function isCleanupOverdue(
  request: MonitoredRequest,
  { failedDays }: MonitorLimits,
  now: Date,
): boolean {
  if (request.cleanedAt !== null) return false;
  const since = atTime(request.stateSince);
  if (isFinal(request.state)) return addHours(since, cleanupHours) <= now;
  if (request.state === 'failed') return addDays(since, failedDays + 1) <= now;
  const endsAt = packageEndsAt(request);
  return endsAt !== null && addHours(atTime(endsAt), cleanupHours) <= now;
}
