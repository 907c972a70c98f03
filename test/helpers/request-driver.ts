import type {
  ActivityInput,
  ActivityName,
  ActivityOutput,
} from '../../src/orchestrators/activity-types';
import { done, type ActivityResult, type FailureCode } from '../../src/core/results';
import { parseRequestBody } from '../../src/core/api/request-body';
import type { AppContext } from '../../src/composition/compose';
import { KilledError, type AppProcess } from './app-process';
import type { AppWorld } from './app-world';
import { moveTime } from './moving-time';
import { aWeekAgo } from './received';
import { completeMethod, checkCode } from '../../src/services/verification';
import { sendCode } from '../../src/services/verification-codes';
import { statusView, type StatusView } from '../../src/services/status-view';
import { submitRequest } from '../../src/services/submission';

/** An activity, or what the ticketing system, the person or an officer does over HTTP. */
export type StepName = ActivityName | 'submitRequest' | 'verify' | 'refuse';

export interface Step {
  name: StepName;
  /** Number of the call of this step within the request, from 1. */
  call: number;
}

/** Runs a step's work once. */
export type Attempt = <T>(
  step: Step,
  work: (process: AppProcess) => Promise<ActivityResult<T>>,
) => Promise<ActivityResult<T>>;

export interface DriverOptions {
  /** In place of one attempt after the other, on one process as long as it lives. */
  attempt?: Attempt | undefined;
  /** Called before each attempt, with the process that makes it. */
  beforeAttempt?: ((step: Step, process: AppProcess) => void) | undefined;
  /** Its processes reach storage themselves: none of them is killed, and no write is watched. */
  isPlain?: boolean;
  /** Fields of the request that differ. */
  body?: Record<string, unknown>;
  /** All pages are exported at once, as the orchestrators do, instead of one after the other. */
  arePagesAtOnce?: boolean;
}

/** The request ends as failed. */
export class RequestFailure extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

/** Attempts after which an activity would be given up. */
const attemptsAllowed = 40;
const pollMilliseconds = 1000;
/** Milliseconds after which a page gives up what the source does not deliver. */
const recordingWait = 30 * 60_000;

/**
 * Takes a request through the activities in the order in which the orchestrators call them, and repeats
 * what they repeat. Pauses move the time instead of passing it.
 */
export class RequestDriver {
  requestId = '';
  private readonly receivedAt = aWeekAgo();
  private process: AppProcess | null = null;
  private readonly calls = new Map<StepName, number>();
  /** Steps that were called, and how often each was attempted. */
  readonly attempts: { step: Step; attempts: number }[] = [];
  /** Reasons for which steps waited. */
  readonly waits: string[] = [];

  private readonly attempt: Attempt;

  constructor(
    private readonly world: AppWorld,
    private readonly ticketId: string,
    private readonly options: DriverOptions = {},
  ) {
    this.attempt = options.attempt ?? ((step, work) => this.run(step, work));
  }

  /** The process that works now; a new one when the one before was killed. */
  async present(): Promise<AppProcess> {
    if (this.process === null || this.process.isKilled)
      this.process = await this.world.start(this.options);
    return this.process;
  }

  private async run<T>(
    step: Step,
    work: (process: AppProcess) => Promise<ActivityResult<T>>,
  ): Promise<ActivityResult<T>> {
    const process = await this.present();
    this.options.beforeAttempt?.(step, process);
    return process.run(work);
  }

  /**
   * Calls an activity until it is done.
   * @throws RequestFailure when it fails
   */
  activity<N extends ActivityName>(
    name: N,
    more: Omit<ActivityInput<N>, 'requestId'>,
  ): Promise<ActivityOutput<N>> {
    const input = { requestId: this.requestId, ...more } as ActivityInput<N>;
    return this.step(name, (process) => process.invoke(name, input));
  }

  private async step<T>(
    name: StepName,
    work: (process: AppProcess) => Promise<ActivityResult<T>>,
  ): Promise<T> {
    const step = { name, call: (this.calls.get(name) ?? 0) + 1 };
    this.calls.set(name, step.call);
    const count = { step, attempts: 0 };
    this.attempts.push(count);
    let last: unknown = null;
    while (count.attempts < attemptsAllowed) {
      count.attempts += 1;
      const result = await this.attempt(step, work).catch((error: unknown) => {
        last = error;
        return null;
      });
      if (result === null) {
        if (!(last instanceof KilledError)) moveTime(2000);
      } else if (result.kind === 'done') return result.value;
      else if (result.kind === 'failed') throw new RequestFailure(result.code);
      else {
        this.waits.push(result.reason);
        moveTime(result.afterSeconds * 1000);
      }
    }
    throw new Error(`${name} was never done: ${String(last)}`, { cause: last });
  }

  /** From the ticket to the released package. */
  async fulfil(): Promise<void> {
    await this.open();
    await this.export();
    await this.deliver();
  }

  /** From the ticket to the verified person. */
  async open(): Promise<void> {
    await this.submit();
    await this.activity('readRequest', {});
    const { outcome } = await this.activity('resolveContact', {});
    if (outcome !== 'found') throw new Error(`The contact is ${outcome}.`);
    await this.activity('invite', {});
    await this.activity('moveRequest', { to: 'awaitingVerification' });
    await this.activity('remindPerson', {});
    await this.proveIdentity();
    await this.activity('readRequest', {});
  }

  /** What the status says of it. */
  async status(): Promise<StatusView> {
    const { app } = await this.present();
    const record = await app.ledger.get(this.requestId);
    if (record === null) throw new Error('The request is gone.');
    return statusView(app, record);
  }

  /** Asks for a code and enters it. */
  proveIdentity(): Promise<null> {
    return this.step('verify', (process) => this.verify(process));
  }

  /** Counts the conversations of somebody of whom no contact was found. */
  async count(): Promise<void> {
    const { problem } = await this.activity('probeSource', {});
    if (problem !== null) throw new RequestFailure(problem);
    const { groups } = await this.activity('planSearches', { purpose: 'count' });
    for (let group = 1; group <= groups; group += 1)
      await this.poll(() => this.activity('advanceSearches', { group, purpose: 'count' }));
  }

  async submit(): Promise<void> {
    const { requestId } = await this.step('submitRequest', async ({ app }) => {
      const submission = parseRequestBody(this.body, app.defaultPhoneRegion);
      const outcome = await submitRequest(app, submission);
      if (outcome.kind !== 'stored') throw new Error(`The submission is ${outcome.kind}.`);
      return done(outcome.record);
    });
    this.requestId = requestId;
  }

  /** What the ticketing system posts. */
  get body(): Record<string, unknown> {
    return {
      ticketId: this.ticketId,
      receivedAt: this.receivedAt,
      rights: ['access', 'portability'],
      identifiers: [{ type: 'email', value: this.world.email }],
      ...this.options.body,
    };
  }

  /** Asks for a code and enters it, as a person does who begins anew when something breaks. */
  private async verify({ app }: AppProcess): Promise<ActivityResult<null>> {
    const { requestId } = this;
    const record = await app.ledger.get(requestId);
    if (record === null) throw new Error('The request is gone.');
    if (record.verifiedAt !== null) return done(null);
    const before = this.world.inbox.messages.length;
    const delivery = await sendCode(app, record, await app.ledger.details(record));
    if (delivery.kind === 'tooManyCodes') moveTime(3_600_000);
    const text = this.world.inbox.messages.slice(before).findLast(({ kind }) => kind === 'sms');
    const code = text?.text.slice(0, 8) ?? '';
    const check = await checkCode(app, { requestId, method: 'sms', code });
    if (check !== 'accepted') throw new Error(`The code is ${check}.`);
    await completeMethod(app, { requestId, completedMethods: [] }, 'sms');
    return done(null);
  }

  /** From the verified person to the package, which is read back. */
  async export(): Promise<void> {
    const { problem } = await this.activity('probeSource', {});
    if (problem !== null) throw new RequestFailure(problem);
    const { attempt } = await this.activity('beginExportAttempt', {
      call: new Date().toISOString(),
    });
    const { groups } = await this.activity('planSearches', {});
    for (let group = 1; group <= groups; group += 1)
      await this.poll(() => this.activity('advanceSearches', { group }));
    const { undecided } = await this.activity('findDoubtful', {});
    if (undecided > 0) throw new Error('The conversations are doubtful.');
    const { pages } = await this.activity('planPages', {});
    await this.poll(() => this.activity('exportPerson', {}));
    await this.exportPages(pages, attempt);
    const { isComplete } = await this.activity('reconcile', {});
    if (!isComplete) throw new RequestFailure('packageIncomplete');
    await this.activity('moveRequest', { to: 'packaging' });
    await this.activity('writePackageMetadata', {});
    await this.activity('commitPackage', {});
    for (let from: number | null = 0; from !== null;)
      ({ next: from } = await this.activity('verifyPackage', { from }));
    await this.activity('reconcile', {});
  }

  private async exportPages(pages: number, attempt: number): Promise<void> {
    const numbers = Array.from({ length: pages }, (_, i) => i + 1);
    if (this.options.arePagesAtOnce)
      await Promise.all(numbers.map((page) => this.exportPage(page, attempt)));
    else for (const page of numbers) await this.exportPage(page, attempt);
  }

  private async exportPage(page: number, attempt: number): Promise<void> {
    const deadline = Date.now() + recordingWait;
    for (let pass = 1; ; pass += 1) {
      const isLast = Date.now() >= deadline;
      const { waiting } = await this.activity('exportPage', { page, attempt, pass, isLast });
      if (waiting === 0) return;
      moveTime(pollMilliseconds * pass);
    }
  }

  private async poll(advance: () => Promise<{ waiting: number }>): Promise<void> {
    while ((await advance()).waiting > 0) moveTime(pollMilliseconds);
  }

  async deliver(): Promise<void> {
    await this.activity('release', {});
    await this.activity('announce', {});
    await this.activity('sendWebhooks', {});
  }

  /** What ends a request whose package is over. */
  async expire(): Promise<void> {
    await this.activity('cleanUp', {});
    await this.activity('moveRequest', { to: 'expired' });
    await this.activity('sendWebhooks', {});
  }

  /** A request that waits for an officer, who refuses it. */
  async beRefused(): Promise<void> {
    await this.submit();
    await this.activity('moveRequest', { to: 'needsDecision', reason: 'ambiguous' });
    await this.activity('remindOfficer', {});
    await this.step('refuse', ({ app }) => this.refuse(app));
    await this.activity('sendEndNotice', { end: 'refused', mail: 'try' });
    await this.activity('cleanUp', {});
    await this.activity('sendWebhooks', {});
  }

  private async refuse({ ledger }: AppContext): Promise<ActivityResult<null>> {
    const refused = { code: 'excessive', explanation: null } as const;
    const act = { actor: 'officer', displayName: 'Officer', justification: 'Asked too often.' };
    await ledger.changeDetails(this.requestId, ({ details }) => {
      const statutoryNotices = { ...details.statutoryNotices, refused };
      const change = { reason: 'excessive' };
      return { details: { ...details, statutoryNotices }, to: 'refused', change, act };
    });
    return done(null);
  }
}
