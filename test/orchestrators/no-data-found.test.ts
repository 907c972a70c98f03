import type { OrchestrationContext } from 'durable-functions';
import { fulfilRequest } from '../../src/orchestrators/fulfil-request';

describe('a request without a contact', () => {
  /** Runs the orchestration until it asks for an activity that is not answered. */
  function activitiesOf(answers: Record<string, unknown>): string[] {
    const asked: string[] = [];
    const limits = { verificationDays: 30, reminderDays: 3, sourceWaitHours: 1 };
    const context = {
      df: {
        currentUtcDateTime: new Date('2026-11-25T12:00:00.000Z'),
        getInput: () => ({ requestId: 'request', limits }),
        setCustomStatus: () => undefined,
        callActivityWithRetry: (name: string) => name,
      },
    } as unknown as OrchestrationContext;
    const run = fulfilRequest(context);
    let next = run.next();
    while (next.done !== true) {
      const name = next.value as unknown as string;
      asked.push(name);
      if (answers[name] === undefined) break;
      next = run.next({ kind: 'done', value: answers[name] });
    }
    return asked;
  }
  const readRequest = { state: 'received', isVerified: false, decisionVersion: 0, endsAt: null };
  const found = { readRequest, resolveContact: { outcome: 'noDataFound' } };

  it('is told that there is no data after the permissions were checked', () => {
    const asked = activitiesOf({ ...found, probeSource: { problem: null }, cleanUp: null });
    expect(asked).toEqual([
      'readRequest',
      'resolveContact',
      'probeSource',
      'cleanUp',
      'moveRequest',
    ]);
  });

  it('is not told so where a permission is missing', () => {
    const asked = activitiesOf({ ...found, probeSource: { problem: 'sourcePermissionMissing' } });
    expect(asked.slice(2)).toEqual(['probeSource', 'moveRequest']);
  });
});
