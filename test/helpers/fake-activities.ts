import { addHours } from '../../src/core/time/time';
import { isClosed, mayFollow, type RequestState } from '../../src/core/request/states';
import { done, type ActivityResult, type FailureCode } from '../../src/core/results';
import type { Activities } from '../../src/orchestrators/activity-types';

/** What activities answer by themselves: a contact, one group of searches, one page, nothing waiting. */
export interface FakeRequestOptions {
  groups?: number;
  pages?: number;
  /** Doubtful conversations that nobody has decided on. */
  undecided?: number;
}

const failed = (code: FailureCode): ActivityResult<never> => ({ kind: 'failed', code });

/**
 * Activities as an orchestration knows them, on one request: they keep the state in memory, follow its
 * transitions, and refuse as the real ones do what a closed request does not allow. Nothing is exported.
 * Typed by the contract: the compiler names each activity that is missing here.
 */
export class FakeRequest {
  state: RequestState = 'received';
  reason: string | null = null;
  isVerified = false;
  decisionVersion = 0;
  undecided: number;
  /** When the officer is reminded because of the deadline, and when nobody is waited for any more. */
  remindAt: string | null = null;
  releaseAt: string | null = null;
  endsAt: string | null = null;
  /** When the person is reminded of that; null where nobody is. */
  expiryReminderAt: string | null = null;
  isAnnounced = true;
  attempts = 0;
  /** False after the clean-up, which deletes everything and the key last. */
  isStored = true;
  /** Whether anybody was told of its end. */
  isNoticed = false;
  /** Every state that it was in. */
  readonly states: RequestState[] = ['received'];
  /** Whom a message was sent, and which. */
  readonly messages: string[] = [];

  constructor(
    private readonly now: () => Date,
    private readonly options: FakeRequestOptions = {},
  ) {
    this.undecided = options.undecided ?? 0;
  }

  /** Moves it, as an officer or the portal does too. */
  move(to: RequestState, reason: string | null = null): void {
    if (!mayFollow(this.state, to)) throw new Error(`${this.state} to ${to}`);
    this.state = to;
    this.reason = reason;
    this.states.push(to);
  }

  readonly activities: Activities = {
    resolveContact: this.whileOpen(() => ({ outcome: 'found' as const })),
    invite: this.sends('invitation'),
    remindPerson: this.sends('reminder'),
    announce: this.whileOpen(() => {
      this.isAnnounced = true;
      return this.send('available');
    }),
    remindOfExpiry: this.whileOpen(() => {
      this.expiryReminderAt = null;
      return this.send('expiring');
    }),
    remindOfficer: this.always(() => this.send('officer')),
    sendEndNotice: ({ end, mail }) => {
      if (isClosed(this.state) && this.state !== end)
        return Promise.resolve(failed('requestClosed'));
      if (!this.isNoticed && this.isStored) this.send(`${mail === 'try' ? 'end' : 'told'} ${end}`);
      this.isNoticed = true;
      return Promise.resolve(done(null));
    },
    readRequest: this.always(() => {
      const { state, isVerified, decisionVersion, endsAt, expiryReminderAt, isAnnounced } = this;
      return { state, isVerified, decisionVersion, endsAt, expiryReminderAt, isAnnounced };
    }),
    moveRequest: ({ to, reason }) => this.tryMove(to, reason ?? null),
    beginExportAttempt: this.whileOpen(() => {
      this.attempts += 1;
      if (this.state === 'awaitingVerification') this.move('identifying');
      if (this.state !== 'exporting') this.move('exporting');
      return { attempt: this.attempts };
    }),
    probeSource: this.whileOpen(() => ({ problem: null })),
    planSearches: this.whileOpen(() => ({ groups: this.options.groups ?? 1 })),
    advanceSearches: this.whileOpen(() => ({ waiting: 0 })),
    findDoubtful: this.whileOpen(() => {
      const { decisionVersion, releaseAt } = this;
      const hasPassed = (time: string | null) => time !== null && new Date(time) <= this.now();
      return {
        undecided: hasPassed(releaseAt) ? 0 : this.undecided,
        isCurrent: true,
        decisionVersion,
        remindAt: hasPassed(this.remindAt) ? null : this.remindAt,
        releaseAt,
      };
    }),
    gatherEvidence: this.whileOpen(() => null),
    planPages: this.whileOpen(() => {
      const pages = this.options.pages ?? 1;
      return { pages, conversations: pages * 50 };
    }),
    exportPage: this.whileOpen(() => ({ waiting: 0 })),
    exportPerson: this.whileOpen(() => ({ waiting: 0 })),
    reconcile: this.always(() => ({ isComplete: true, isCurrent: true })),
    writePackageMetadata: this.whileOpen(() => null),
    commitPackage: this.whileOpen(() => ({ bytes: 1 })),
    verifyPackage: this.whileOpen(() => ({ next: null })),
    release: this.whileOpen(() => {
      this.endsAt ??= addHours(this.now(), 168).toISOString();
      if (this.state === 'packaging') this.move('available');
      return null;
    }),
    sendWebhooks: this.always(() => ({ nextInSeconds: null })),
    cleanUp: this.always(() => {
      this.isStored = false;
      return null;
    }),
  };

  private tryMove(to: RequestState, reason: string | null): Promise<ActivityResult<null>> {
    const { state } = this;
    if (state === to) this.reason = reason;
    else if (mayFollow(state, to)) this.move(to, reason);
    else if (isClosed(state)) return Promise.resolve(failed('requestClosed'));
    else if (!this.isStored) return Promise.resolve(failed('requestGone'));
    else return Promise.reject(new Error(`A request that is ${state} cannot become ${to}.`));
    return Promise.resolve(done(null));
  }

  private send(message: string): null {
    this.messages.push(message);
    return null;
  }

  private sends(message: string) {
    return this.whileOpen(() => this.send(message));
  }

  private always<T>(body: () => T): () => Promise<ActivityResult<T>> {
    return () => Promise.resolve(done(body()));
  }

  private whileOpen<T>(body: () => T): () => Promise<ActivityResult<T>> {
    return () => {
      if (isClosed(this.state)) return Promise.resolve(failed('requestClosed'));
      if (!this.isStored) return Promise.resolve(failed('requestGone'));
      return Promise.resolve(done(body()));
    };
  }
}
