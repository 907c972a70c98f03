import { legalClockOf, type LegalClockPolicy, type LegalFacts } from './legal-clock';
import { packageEndsAt, type PackageTimes } from '../package/expiry';
import { isFinal, type RequestState } from './states';
import { addDays, addHours, atTime } from '../time/time';

/** What somebody has to look at. The runbook has a section for each. */
export const alertCodes = [
  'requestFailed',
  'permissionMissing',
  'deadlineNear',
  'deadlinePassed',
  'exportStalled',
  'cleanupOverdue',
] as const;
export type AlertCode = (typeof alertCodes)[number];

/** What of a request is watched. */
export interface MonitoredRequest extends LegalFacts, PackageTimes {
  state: RequestState;
  /** When it came into its state (ISO 8601). */
  stateSince: string;
  missingPermissions: readonly string[];
  cleanedAt: string | null;
}

export interface MonitorLimits {
  /** Days before the legal deadline from which on it counts as near. */
  warningDays: number;
  /** Hours without a step after which work that is under way counts as stuck. */
  stalledHours: number;
  /** Days after which a failed request that nobody takes up is given up. */
  failedDays: number;
}

/** States in which the app is at work by itself. */
const atWork: readonly RequestState[] = ['received', 'identifying', 'exporting', 'packaging'];
/** States in which the person has what they asked for, or never will. */
const isAnswered = (state: RequestState): boolean =>
  state === 'available' || state === 'delivered' || isFinal(state);

/** Hours that a clean-up may take: an activity that was under way has to end first. */
const cleanupHours = 24;

/**
 * What somebody has to look at in a request.
 * @param lastStepAt when its orchestrations last did something; null when there are none
 */
export function alertsOf(
  request: MonitoredRequest,
  policy: LegalClockPolicy,
  limits: MonitorLimits,
  now: Date,
  lastStepAt: Date | null,
): AlertCode[] {
  const alerts: AlertCode[] = [];
  const { state } = request;
  if (state === 'failed') {
    alerts.push('requestFailed');
    if (request.missingPermissions.length > 0) alerts.push('permissionMissing');
  }
  if (!isAnswered(state)) {
    const dueAt = atTime(legalClockOf(request, policy, now).dueAt);
    if (dueAt <= now) alerts.push('deadlinePassed');
    else if (addDays(dueAt, -limits.warningDays) <= now) alerts.push('deadlineNear');
  }
  const since = atTime(request.stateSince);
  const lastStep = lastStepAt !== null && lastStepAt > since ? lastStepAt : since;
  if (atWork.includes(state) && addHours(lastStep, limits.stalledHours) <= now)
    alerts.push('exportStalled');
  if (isCleanupOverdue(request, limits, now)) alerts.push('cleanupOverdue');
  return alerts;
}

/** Whether something is stored longer than was promised. */
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
