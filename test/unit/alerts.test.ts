import { alertCodes, alertsOf, type MonitoredRequest } from '../../src/core/request/alerts';
import type { LegalClockPolicy } from '../../src/core/request/legal-clock';
import {
  alertLine,
  intakeLine,
  jobFailedLine,
  jobLine,
  monitorLine,
  requestLine,
} from '../../src/core/request/log-lines';
import { requestStates, type RequestState } from '../../src/core/request/states';

const berlin: LegalClockPolicy = {
  timeZone: 'Europe/Berlin',
  holidays: new Set<string>(),
  isSuspendedByVerification: false,
};
const now = new Date('2026-06-01T00:00:00Z');
const limits = { warningDays: 7, stalledHours: 6, failedDays: 30 };
const request = (change: Partial<MonitoredRequest>): MonitoredRequest => ({
  receivedAt: '2026-05-20T10:00:00Z',
  verificationRequestedAt: null,
  verifiedAt: null,
  extendedAt: null,
  availableUntil: null,
  downloadUntil: null,
  state: 'awaitingVerification',
  stateSince: '2026-05-31T12:00:00Z',
  missingPermissions: [],
  cleanedAt: null,
  ...change,
});

describe('the alerts of a request', () => {
  const old = '2026-05-31T12:00:00Z';

  it.each<[string, Partial<MonitoredRequest>, string | null, string[]]>([
    ['a request without a problem', {}, null, []],
    ['a deadline that is near', { receivedAt: '2026-05-05T10:00:00Z' }, null, ['deadlineNear']],
    [
      'a deadline that has passed',
      { receivedAt: '2026-04-20T10:00:00Z' },
      null,
      ['deadlinePassed'],
    ],
    [
      'a passed deadline of an answered request',
      {
        receivedAt: '2026-04-20T10:00:00Z',
        state: 'available',
        availableUntil: '2026-06-03T00:00:00Z',
      },
      null,
      [],
    ],
    [
      'a failure with its missing permission',
      { state: 'failed', missingPermissions: ['recording:recording:view'] },
      null,
      ['requestFailed', 'permissionMissing'],
    ],
    [
      'a receipt that the law wants confirmed and that was not',
      { law: 'ccpa', state: 'needsDecision' },
      null,
      ['acknowledgementDue'],
    ],
    [
      'a receipt that the invitation has confirmed',
      { law: 'ccpa', verificationRequestedAt: '2026-05-21T10:00:00Z' },
      null,
      [],
    ],
    ['a stalled export', { state: 'exporting', stateSince: old }, old, ['exportStalled']],
    [
      'an export that makes progress',
      { state: 'exporting', stateSince: old },
      '2026-05-31T23:00:00Z',
      [],
    ],
    [
      'a package past its expiry',
      { state: 'available', availableUntil: '2026-05-30T00:00:00Z' },
      null,
      ['cleanupOverdue'],
    ],
    [
      'an expired package with a running download',
      {
        state: 'available',
        availableUntil: '2026-05-30T23:00:00Z',
        downloadUntil: '2026-05-31T05:00:00Z',
      },
      null,
      [],
    ],
    [
      'a closed request that is not cleaned up',
      { state: 'cancelled', stateSince: '2026-05-30T00:00:00Z' },
      null,
      ['cleanupOverdue'],
    ],
    [
      'a failed request that was neither retried nor cancelled',
      { state: 'failed', stateSince: '2026-04-30T00:00:00Z' },
      null,
      ['requestFailed', 'cleanupOverdue'],
    ],
  ])('are right for %s', (_name, change, lastStep, alerts) => {
    const lastStepAt = lastStep === null ? null : new Date(lastStep);
    expect(alertsOf(request(change), berlin, limits, { now, lastStepAt })).toEqual(alerts);
  });

  /** The alerts at a moment, and a millisecond before it. */
  const around = (
    change: Partial<MonitoredRequest>,
    at: string,
    lastStepAt: Date | null = null,
  ): string[][] =>
    [-1, 0].map((after) =>
      alertsOf(request(change), berlin, limits, {
        now: new Date(Date.parse(at) + after),
        lastStepAt,
      }),
    );

  it.each<[string, Partial<MonitoredRequest>, string, string[], string[]]>([
    // Received on 20 May, a request is due at the end of 22 June 2026, the Monday after a Saturday.
    ['a near deadline', {}, '2026-06-15T22:00:00Z', [], ['deadlineNear']],
    ['a passed deadline', {}, '2026-06-22T22:00:00Z', ['deadlineNear'], ['deadlinePassed']],
    // Ten business days after 20 May 2026, all but Sundays and holidays, end with 1 June.
    [
      'a receipt that was not confirmed',
      { law: 'ccpa' },
      '2026-05-29T22:00:00Z',
      [],
      ['acknowledgementDue'],
    ],
    ['a stalled export', { state: 'exporting' }, '2026-05-31T18:00:00Z', [], ['exportStalled']],
    [
      'the clean-up of a final state',
      { state: 'refused' },
      '2026-06-01T12:00:00Z',
      [],
      ['cleanupOverdue'],
    ],
    [
      'the clean-up of a failure',
      { state: 'failed', extendedAt: '2026-05-25T00:00:00Z' },
      '2026-07-01T12:00:00Z',
      ['requestFailed'],
      ['requestFailed', 'cleanupOverdue'],
    ],
    [
      'the clean-up of an expired package',
      { state: 'delivered', availableUntil: '2026-06-10T00:00:00.000Z' },
      '2026-06-11T00:00:00Z',
      [],
      ['cleanupOverdue'],
    ],
    [
      'the clean-up after a running download',
      {
        state: 'delivered',
        availableUntil: '2026-06-10T00:00:00.000Z',
        downloadUntil: '2026-06-10T03:00:00.000Z',
      },
      '2026-06-11T03:00:00Z',
      [],
      ['cleanupOverdue'],
    ],
  ])('change for %s at the moment itself, not before', (_name, change, at, before, then) => {
    expect(around(change, at)).toEqual([before, then]);
  });

  it.each([
    ['later than the state', '2026-05-31T13:00:00Z', '2026-05-31T19:00:00Z'],
    ['earlier than the state', '2026-05-31T11:00:00Z', '2026-05-31T18:00:00Z'],
  ])(
    'count the hours of a stalled export from the last progress if it is %s',
    (_name, step, at) => {
      expect(around({ state: 'packaging' }, at, new Date(step))).toEqual([[], ['exportStalled']]);
    },
  );

  it('end with the clean-up, whatever the state is', () => {
    const long = { stateSince: '2026-01-01T00:00:00Z', availableUntil: '2026-02-01T00:00:00Z' };
    const cleaned = { ...long, cleanedAt: '2026-05-01T00:00:00Z' };
    for (const state of ['cancelled', 'failed', 'available', 'expired'] as const) {
      const times = { now, lastStepAt: null };
      expect(alertsOf(request({ ...long, state }), berlin, limits, times)).toContain(
        'cleanupOverdue',
      );
      expect(alertsOf(request({ ...cleaned, state }), berlin, limits, times)).not.toContain(
        'cleanupOverdue',
      );
    }
  });

  const statesWith = (code: string): RequestState[] => {
    const late = { receivedAt: '2026-01-01T00:00:00Z', stateSince: '2026-05-30T00:00:00Z' };
    return requestStates.filter((state) =>
      alertsOf(request({ ...late, state }), berlin, limits, { now, lastStepAt: null }).some(
        (one) => one === code,
      ),
    );
  };

  it('name a passed deadline until the package is available or the request has ended', () => {
    expect(statesWith('deadlinePassed')).toEqual([
      ...['received', 'awaitingVerification', 'identifying', 'needsDecision'],
      ...['exporting', 'packaging', 'failed'],
    ]);
  });

  it('name a stalled export in the states in which the app waits for nobody', () => {
    expect(statesWith('exportStalled')).toEqual([
      ...['received', 'identifying', 'exporting', 'packaging'],
    ]);
  });

  it('name a missing clean-up in final states', () => {
    expect(statesWith('cleanupOverdue')).toEqual([
      ...['expired', 'cancelled', 'refused', 'unverified', 'noDataFound', 'recalled'],
    ]);
  });

  it('name a missing permission of a failed request only', () => {
    const missing = { missingPermissions: ['recording:recording:view'] };
    const times = { now, lastStepAt: null };
    expect(
      alertsOf(
        request({ ...missing, state: 'exporting', stateSince: now.toISOString() }),
        berlin,
        limits,
        times,
      ),
    ).toEqual([]);
    expect(alertsOf(request({ state: 'failed' }), berlin, limits, times)).toEqual([
      'requestFailed',
    ]);
  });

  it('have the codes that the runbook and the queries in infra name', () => {
    expect(alertCodes).toEqual([
      ...['requestFailed', 'permissionMissing', 'deadlineNear', 'deadlinePassed'],
      ...['acknowledgementDue', 'exportStalled', 'cleanupOverdue', 'custodyBroken'],
      'intakeUndelivered',
    ]);
  });
});

describe('the log lines of the monitor', () => {
  it('are as the queries of the alert rules read them', () => {
    expect(monitorLine(7)).toBe('portability.monitor open=7');
    expect(alertLine('deadlineNear', 'r-1')).toBe(
      'portability.alert code=deadlineNear request=r-1',
    );
  });

  it('name a job and how long it took, or the class of its error and nothing else of it', () => {
    expect(jobLine('monitor', 2.6)).toBe('portability.job name=monitor seconds=3 end');
    const error = new RangeError('maria@mail.example');
    expect(jobFailedLine('monitor', error)).toBe(
      'portability.jobFailed name=monitor error=RangeError end',
    );
    const named = Object.assign(new RangeError('x'), { name: 'maria@mail.example end' });
    expect(jobFailedLine('monitor', named)).toBe(jobFailedLine('monitor', error));
    expect(intakeLine('A1', 'notSent', named)).toContain(' error=RangeError end');
    expect(jobFailedLine('schedule', 'maria@mail.example')).toBe(
      'portability.jobFailed name=schedule error=unknown end',
    );
  });

  it('name a request from the intake page by its reference, with the class of an error if there is one', () => {
    expect(intakeLine('A1', 'deleted')).toBe('portability.intake reference=A1 code=deleted end');
    expect(intakeLine('A1', 'notSent', new TypeError('maria@mail.example'))).toBe(
      'portability.intake reference=A1 code=notSent error=TypeError end',
    );
  });

  it.each([
    ['2026-06-01T00:00:00Z', 0, 30],
    ['2026-06-01T23:59:59Z', 0, 29],
    ['2026-06-02T00:00:00Z', 1, 29],
    ['2026-07-01T00:00:00Z', 30, 0],
    ['2026-07-01T00:00:01Z', 30, -1],
    ['2026-07-03T00:00:00Z', 32, -2],
  ])('count whole days at %s: %d since the receipt, %d to the deadline', (at, age, due) => {
    const open = {
      requestId: 'r-1',
      state: 'exporting' as const,
      receivedAt: '2026-06-01T00:00:00Z',
    };
    expect(requestLine(open, '2026-07-01T00:00:00Z', new Date(at))).toBe(
      `portability.request request=r-1 state=exporting ageDays=${age} dueInDays=${due} end`,
    );
  });
});
