import { inTurn, wholeTurn, type Stop, type Turn } from '../core/jobs/turn';
import type { OfficerNotice } from '../core/messages/officer-email';
import { alertsOf, type AlertCode, type MonitorLimits } from '../core/request/alerts';
import { legalClockOf } from '../core/request/legal-clock';
import { alertLine, monitorLine, requestLine } from '../core/request/log-lines';
import type { Ledger, RequestRecord, Settings } from '../ports';
import { mailOfficer, type MessageServices } from './messaging';

/** What the monitor uses. */
export type MonitorServices = MessageServices & {
  ledger: Pick<Ledger, 'listOpen'>;
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
    async (record) => {
      const { dueAt } = legalClockOf(record, services.settings.legalClock, now);
      log.info(requestLine(record, dueAt, now));
      const times = { now, lastStepAt: lastStepOf(record.requestId) };
      for (const code of alertsOf(record, services.settings.legalClock, limits, times)) {
        log.warn(alertLine(code, record.requestId));
        await raise(services, record, code);
      }
    },
  );
}

async function raise(
  services: MonitorServices,
  record: RequestRecord,
  code: AlertCode,
): Promise<void> {
  if (code === 'deadlinePassed' && !record.isDeadlineMissed) {
    const fact = { event: 'deadlineMissed' } as const;
    await services.ledger.note(record.requestId, fact, { isDeadlineMissed: true });
  }
  const notice = emailed[code];
  // The next run tries an email again that is not accepted now.
  if (notice) await mailOfficer(services, record, notice).catch(() => undefined);
}
