import { inTurn, wholeTurn, type Stop, type Turn } from '../core/jobs/turn';
import type { OfficerNotice } from '../core/messages/officer-email';
import { alertsOf, type AlertCode, type MonitorLimits } from '../core/request/alerts';
import { legalClockOf } from '../core/request/legal-clock';
import { alertLine, monitorLine, requestLine } from '../core/request/log-lines';
import type { Ledger, OpenRequest, Settings } from '../ports';
import { mailOfficer, type MessageServices } from './messaging';

/** What the monitor uses. */
export type MonitorServices = MessageServices & {
  ledger: Pick<Ledger, 'get' | 'listOpen'>;
  settings: Pick<Settings, 'legalClock'>;
};

/** Where the monitor writes lines for the alert rules and the workbook. */
export interface MonitorLog {
  info(line: string): void;
  warn(line: string): void;
}

/** What the monitor is given for one turn. */
export interface Watch {
  /** When any orchestration of a request last did something; null if none is running. */
  lastStepOf: (requestId: string) => Date | null;
  log: MonitorLog;
  turn?: Turn;
}

/** Alerts that the officer gets by email, once a day. The orchestration reports failures itself. */
const emailed: Partial<Record<AlertCode, OfficerNotice>> = {
  deadlineNear: 'deadlineNear',
  deadlinePassed: 'deadlinePassed',
  acknowledgementDue: 'acknowledgementDue',
  exportStalled: 'exportStalled',
  cleanupOverdue: 'cleanupOverdue',
};

/**
 * Checks every open request for its legal deadline, a stalled export and overdue deletion. Each finding
 * is logged on a line of its own and emailed to the officer.
 * @returns the request that the turn ended with; null when all were checked
 */
export async function monitorRequests(
  services: MonitorServices,
  limits: MonitorLimits,
  { lastStepOf, log, turn = wholeTurn }: Watch,
): Promise<Stop> {
  const now = services.clock.now();
  const open = await services.ledger.listOpen();
  log.info(monitorLine(open.length));
  return inTurn(
    turn,
    open,
    ({ requestId }) => requestId,
    async (request) => {
      const { dueAt } = legalClockOf(request, services.settings.legalClock, now);
      log.info(requestLine(request, dueAt, now));
      const times = { now, lastStepAt: lastStepOf(request.requestId) };
      for (const code of alertsOf(request, services.settings.legalClock, limits, times)) {
        log.warn(alertLine(code, request.requestId));
        await raise(services, request, code);
      }
    },
  );
}

async function raise(
  services: MonitorServices,
  { requestId, isDeadlineMissed }: OpenRequest,
  code: AlertCode,
): Promise<void> {
  if (code === 'deadlinePassed' && !isDeadlineMissed) {
    const fact = { event: 'deadlineMissed' } as const;
    await services.ledger.note(requestId, fact, { isDeadlineMissed: true });
  }
  const notice = emailed[code];
  const record = notice ? await services.ledger.get(requestId) : null;
  // The next run tries an email again that is not accepted now.
  if (notice && record) await mailOfficer(services, record, notice).catch(() => undefined);
}
