import { HttpRequest } from '@azure/functions';
import { decideContact } from '../../src/functions/officer/decisions';
import { recallPackage } from '../../src/functions/officer/delivery';
import type { OfficerHandler, OfficerRequests } from '../../src/functions/officer/officer-requests';
import { cancelRequest, extendRequest, retryRequest } from '../../src/functions/officer/outcomes';
import { HttpProblem } from '../../src/functions/shared/http';
import type { AppContext } from '../../src/composition/compose';
import { isClosed } from '../../src/core/request/states';
import type { ActivityResult } from '../../src/core/results';
import type { AppProcess } from './app-process';
import type { ChaosPlan } from './chaos-plan';
import type { Disturbance } from './fault-proxy';
import { moveTime, stepClock } from './moving-time';
import type { Step } from './request-driver';

/** Calls that an officer makes until one of them is answered. */
const clicks = 20;

/** The officer's side of a request: what the handlers of officers need of the host. */
const desk = {
  actionOf: () => ({ actor: 'officer', displayName: 'Officer', justification: 'Because.' }),
  changed: () => Promise.resolve({ status: 200 }),
  status: () => Promise.resolve({}),
  notify: () => Promise.resolve(),
} as unknown as OfficerRequests;

const actions: Record<
  'extend' | 'decide' | 'retry' | 'cancel' | 'recall',
  { handler: (app: AppContext) => OfficerHandler; body: (contactId: string) => object }
> = {
  extend: {
    handler: (app) => extendRequest(app, desk),
    body: () => ({ reasonCode: 'complexity' }),
  },
  decide: {
    handler: (app) => decideContact(app, desk),
    body: (contactId) => ({ contactIds: [contactId] }),
  },
  retry: { handler: (app) => retryRequest(app, desk), body: () => ({}) },
  cancel: {
    handler: (app) => cancelRequest(app, desk),
    body: () => ({ reasonCode: 'withdrawn' }),
  },
  recall: { handler: (app) => recallPackage(app, desk), body: () => ({}) },
};
export type OfficerActionName = keyof typeof actions;

/** What befell requests, and how often. */
export const struck = { kills: 0, clockSteps: 0, busy: 0, cuts: 0 };

/** Lets a plan befall one request. */
export class ChaosRun {
  private attempts = 0;
  private storageCalls = 0;
  private blobReads = 0;
  /** What an officer has done, and what came of it. */
  readonly acted: string[] = [];
  private isOver = false;
  private isInterruptedOnce = false;

  constructor(
    private readonly plan: ChaosPlan,
    private readonly contactId: string,
    private readonly present: () => Promise<AppProcess>,
    private readonly requestId: () => string,
  ) {}

  /** Ends all disturbances. */
  end(): void {
    this.isOver = true;
  }

  /** Makes one attempt of a step, as a RequestDriver asks for. */
  readonly attempt = async <T>(
    step: Step,
    work: (process: AppProcess) => Promise<ActivityResult<T>>,
  ): Promise<ActivityResult<T>> => {
    const process = await this.present();
    this.attempts += 1;
    this.disturb(process);
    for (const { minutes } of this.plan.clockSteps.filter(
      ({ attempt }) => attempt === this.attempts,
    )) {
      stepClock(minutes * 60_000);
      struck.clockSteps += 1;
    }
    // A kill may as well hit the process that answers an officer.
    const kill = this.plan.kills.find(({ attempt }) => attempt === this.attempts);
    let writes = 0;
    const matches = (): boolean => {
      const isNow = (writes += 1) === kill?.write;
      if (isNow) struck.kills += 1;
      return isNow;
    };
    process.crashAt(kill ? { matches, when: kill.when } : null);
    if (await this.isInterrupted(step)) return { kind: 'failed', code: 'internalError' };
    // Nobody opens the link of a request that has ended.
    if (step.name === 'verify' && (await this.isEnded(process)))
      return { kind: 'failed', code: 'requestClosed' };
    return process.run(work);
  };

  private async isEnded(process: AppProcess): Promise<boolean> {
    const record = await process.run(({ app }) => app.ledger.get(this.requestId()));
    return record !== null && isClosed(record.state);
  }

  /** Lets the officer act when it is time. @returns whether the step fails, so that somebody has to retry it */
  private async isInterrupted({ name }: Step): Promise<boolean> {
    const { intervention, interventionAt } = this.plan;
    if (this.acted.length > 0 || this.attempts < interventionAt || this.requestId() === '')
      return false;
    if (intervention === 'retry') {
      if (this.isInterruptedOnce) return false;
      this.isInterruptedOnce = ['exportPage', 'exportPerson', 'planPages', 'reconcile'].includes(
        name,
      );
      return this.isInterruptedOnce;
    }
    if (intervention === 'extend' || intervention === 'cancel') await this.act(intervention);
    // Once it is known who it could be, and before anything is exported.
    if (intervention === 'decide' && ['invite', 'remindPerson', 'probeSource'].includes(name))
      await this.act(intervention);
    return false;
  }

  /** An officer acts, and does it again until an answer comes. */
  async act(name: OfficerActionName): Promise<void> {
    const { handler, body } = actions[name];
    let last: unknown;
    for (let click = 0; click < clicks; click += 1) {
      const process = await this.present();
      const request = new HttpRequest({
        method: 'POST',
        url: 'http://host.example/',
        headers: { 'content-type': 'application/json' },
        body: { string: JSON.stringify({ justification: 'Because.', ...body(this.contactId) }) },
      });
      try {
        await process.run(async ({ app }) => {
          const record = await app.ledger.get(this.requestId());
          await handler(app)({ request, record } as never);
        });
        this.acted.push(`${name}: done`);
        return;
      } catch (error) {
        last = error;
        if (error instanceof HttpProblem) {
          this.acted.push(`${name}: ${error.code}`);
          return;
        }
        moveTime(2000);
      }
    }
    throw new Error(`The officer never got an answer to ${name}.`, { cause: last });
  }

  private disturb(process: AppProcess): void {
    process.blobs.disturb = (call) => this.disturbance(call, 'blob');
    process.tables.disturb = (call) => this.disturbance(call, 'table');
  }

  private disturbance(call: string, service: 'blob' | 'table'): Disturbance {
    if (this.isOver) return {};
    const { storageDelay, busy, cuts } = this.plan;
    this.storageCalls += 1;
    if (storageDelay > 0) moveTime(storageDelay);
    const at = this.storageCalls;
    if (busy.some(({ from, calls }) => at >= from && at < from + calls)) {
      struck.busy += 1;
      return { answer: serverBusy };
    }
    if (service !== 'blob' || !call.startsWith('GET ')) return {};
    this.blobReads += 1;
    const isCut = cuts.includes(this.blobReads);
    if (isCut) struck.cuts += 1;
    return { isCut };
  }
}

/** The answer of a partition that has too much to do. */
const serverBusy = {
  status: 503,
  headers: {
    'retry-after': '1',
    'x-ms-error-code': 'ServerBusy',
    'content-type': 'application/json',
  },
  body: '{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy."}}}',
};
