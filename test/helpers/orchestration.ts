import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DurableEngine } from '../../local/host/durable/engine';
import type { FunctionInvoker } from '../../local/host/durable/episode';
import type { HistoryEvent } from '../../local/host/durable/history';
import { isFinished, type Instance } from '../../local/host/durable/instance';
import type { ActivityResult } from '../../src/core/results';
import {
  instanceIdOf,
  requestChanged,
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  type OrchestrationLimits,
  type OrchestratorName,
} from '../../src/orchestrators/activity-types';
import { FakeRequest, type FakeRequestOptions } from './fake-activities';
import { ManualClock } from './manual-clock';
import { answerers, invoker, type Answerer } from './orchestrators-in-process';
import { stateAfter } from './replay';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export const limits: OrchestrationLimits = {
  verificationDays: 7,
  reminderDays: 3,
  pollSeconds: 10,
  recordingWaitMinutes: 60,
  sourceWaitHours: 24,
  exportConcurrency: 4,
};

/** A call of an activity, in the order in which they ran. */
export interface Call<N extends ActivityName = ActivityName> {
  name: N;
  input: ActivityInput<N>;
  /** When it ran, in milliseconds since the start. */
  at: number;
  /** What the custom status of the request's instance said. */
  status: unknown;
}

/** What an activity answers in place of the fake request: a result, or an error that it throws. */
export type Answer<N extends ActivityName> =
  | ActivityResult<ActivityOutput<N>>
  | Error
  | ((
      input: ActivityInput<N>,
    ) => ActivityResult<ActivityOutput<N>> | Promise<ActivityResult<ActivityOutput<N>>>);

interface Rules<N extends ActivityName> {
  once: Answer<N>[];
  ever: Answer<N> | null;
}

/** One run of an instance, from its start or `continueAsNew` to its end or the next. */
interface Generation {
  name: string;
  instanceId: string;
  input: unknown;
  history: HistoryEvent[];
  /** What was returned after how many events. */
  episodes: { events: number; told: string }[];
}

interface Trigger {
  instanceId: string;
  input: unknown;
  history: HistoryEvent[];
}

const startedAt = Date.UTC(2026, 2, 2, 9);
/** Journals of all instances; no two requests have the same ids. */
const directory = mkdtempSync(join(tmpdir(), 'orchestration-'));
let started = 0;

export interface OrchestrationOptions extends FakeRequestOptions {
  limits?: Partial<OrchestrationLimits>;
  /** Milliseconds by which every durable timer fires early. */
  earliness?: number;
}

/**
 * The orchestrations of one request on the durable engine of the local host, in this process: the real
 * orchestrators, registered and replayed by the real SDK, and activities that a test answers. Time
 * stands still unless the test moves it.
 */
export class Orchestration implements Answerer {
  readonly requestId: string;
  readonly request: FakeRequest;
  readonly calls: Call[] = [];
  readonly limits: OrchestrationLimits;
  private readonly earliness: number;
  private readonly clock = new ManualClock(startedAt);
  private readonly engine: DurableEngine;
  private readonly rules = new Map<ActivityName, Rules<never>>();
  private readonly generations: Generation[] = [];
  private readonly errors: string[] = [];

  constructor(options: OrchestrationOptions = {}) {
    started += 1;
    this.requestId = `r${started}`;
    this.earliness = options.earliness ?? 0;
    this.limits = { ...limits, ...options.limits };
    this.request = new FakeRequest(() => new Date(this.clock.now()), options);
    const recording = {
      ...invoker,
      invoke: (name: string, payload: string) => this.invoke(name, payload),
    };
    this.engine = new DurableEngine(recording, {
      directory,
      clock: this.clock,
      // The rest of a wait is waited for in full: otherwise it would end at once, again and again.
      earliness: (wait) => (wait > this.earliness ? this.earliness : 0),
      maxConcurrentActivities: 8,
      maxConcurrentOrchestrators: 5,
      versioning: { defaultVersion: null, match: 'None', onMismatch: 'Reject' },
      batchSeed: null,
      adverseSeed: null,
      duplicateActivities: false,
      lostEpisodes: 'repeat',
      fault: () => undefined,
      log: (level, message) => {
        if (level === 'error') this.errors.push(message);
      },
    });
    answerers.set(this.requestId, this);
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.clock.now() - startedAt;
  }

  /** Names of the activities that were called, in order. */
  get names(): ActivityName[] {
    return this.calls.map(({ name }) => name);
  }

  /** Calls of one activity. */
  callsOf<N extends ActivityName>(name: N): Call<N>[] {
    return this.calls.filter((call) => call.name === name) as unknown as Call<N>[];
  }

  /** Makes the next calls of an activity answer so, one after the other. */
  next<N extends ActivityName>(name: N, ...answers: Answer<N>[]): this {
    this.rulesOf(name).once.push(...answers);
    return this;
  }

  /** Makes all further calls of an activity answer so; null for what the fake request says. */
  always<N extends ActivityName>(name: N, answer: Answer<N> | null): this {
    this.rulesOf(name).ever = answer;
    return this;
  }

  /** What the fake request answers, for an answer of a test that changes something beside. */
  usual<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ): Promise<ActivityResult<ActivityOutput<N>>> {
    return this.request.activities[name](input);
  }

  /** Runs an activity, for its orchestrator. */
  async answer<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ): Promise<ActivityResult<ActivityOutput<N>>> {
    const status = this.engine.get(instanceIdOf(this.requestId))?.customStatus ?? null;
    this.calls.push({ name, input, at: this.elapsed, status });
    const { once, ever } = this.rulesOf(name);
    const answer = once.shift() ?? ever ?? ((given) => this.usual(name, given));
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(input) : answer;
  }

  /** Starts an instance, and runs it until it waits for the time, an event, or a test's answer. */
  async start(name: OrchestratorName = 'fulfilRequest', more: object = {}): Promise<Instance> {
    const suffix = name === 'fulfilRequest' ? '' : `-${name}`;
    const instance = this.engine.startNew({
      name,
      instanceId: `${instanceIdOf(this.requestId)}${suffix}`,
      version: null,
      input: JSON.stringify({ requestId: this.requestId, limits: this.limits, ...more }),
      parent: null,
    });
    await this.settle();
    return instance;
  }

  /** Raises an event at the request's instance. Returns false when the instance has finished. */
  async raise(event: string = requestChanged): Promise<boolean> {
    const isTaken = this.engine.raiseEvent(this.instance, event, 'null');
    await this.settle();
    return isTaken;
  }

  /** Changes the request as the portal or an officer does, and tells the orchestration. */
  async change(change: (request: FakeRequest) => unknown): Promise<void> {
    change(this.request);
    await this.raise();
  }

  /** Ends the request's instance, as if the task hub had lost it. */
  async terminate(): Promise<void> {
    this.engine.control(this.instance, 'Terminated', 'lost');
    await this.settle();
  }

  /** Runs what waits for nothing but other code. */
  settle(): Promise<void> {
    return this.clock.pass(this.clock.now());
  }

  /** Lets time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.clock.pass(this.clock.now() + milliseconds);
  }

  /** Lets time pass up to the next durable timer. Returns for how long, in seconds. */
  async passToTimer(): Promise<number> {
    const next = this.nextTimer;
    if (next === null) throw new Error('No durable timer is open.');
    const before = this.clock.now();
    await this.clock.pass(next);
    return (this.clock.now() - before) / second;
  }

  /** Lets time pass until no instance waits for a durable timer. */
  async passToEnd(): Promise<void> {
    for (let next = this.nextTimer; next !== null; next = this.nextTimer)
      await this.clock.pass(next);
  }

  /** When the next open durable timer fires, in milliseconds since 1970; null when none is open. */
  private get nextTimer(): number | null {
    const times = this.engine
      .list()
      .flatMap((instance) => [...instance.open.values()])
      .flatMap(({ fireAt }) => (fireAt === undefined ? [] : [Date.parse(fireAt)]));
    return times.length === 0
      ? null
      : Math.max(Math.min(...times) - this.earliness, this.clock.now());
  }

  /** The instance that fulfils the request. */
  get instance(): Instance {
    return this.instanceOf('');
  }

  /** An instance of the request by the suffix of its id. */
  instanceOf(suffix: string): Instance {
    const instance = this.engine.get(`${instanceIdOf(this.requestId)}${suffix}`);
    if (!instance) throw new Error(`No instance${suffix}`);
    return instance;
  }

  /** Ids of all instances, without the part that names the request, in the order of their start. */
  get suffixes(): string[] {
    const prefix = instanceIdOf(this.requestId);
    return this.engine.list().map(({ instanceId }) => instanceId.slice(prefix.length));
  }

  /** The step that the custom status names. */
  get step(): unknown {
    return (this.instance.customStatus as { step?: unknown } | null)?.step;
  }

  /** What the request's instance returned. */
  get output(): unknown {
    return JSON.parse(this.instance.output ?? 'null') as unknown;
  }

  /** Numbers of events of the histories, one for each generation of an instance. */
  historySizes(suffix: string): number[] {
    const { instanceId } = this.instanceOf(suffix);
    return this.generations
      .filter((generation) => generation.instanceId === instanceId)
      .map(({ history }) => history.length);
  }

  /** Instances that have not ended, and the timers and other tasks that are open. */
  get pending(): string[] {
    const instances = this.engine.list();
    const running = instances.filter(({ status }) => !isFinished(status));
    const open = instances.flatMap(({ instanceId, open: tasks }) =>
      [...tasks.values()].map(({ role }) => `${role} of ${instanceId}`),
    );
    return [...running.map(({ instanceId }) => instanceId), ...open];
  }

  /**
   * Replays every instance at every prefix of its history, and expects each state that was returned then:
   * actions, output and custom status. Of the generations before the last, the first is replayed too.
   */
  async expectDeterminism(): Promise<void> {
    expect(this.errors).toEqual([]);
    for (const { history, episodes, ...instance } of this.generationsToReplay) {
      for (const { events, told } of episodes) {
        const again = await tell(stateAfter(invoker, instance, history.slice(0, events)));
        if (again !== told)
          expect({ instance, events, told: again }).toEqual({ instance, events, told });
      }
    }
  }

  private get generationsToReplay(): Generation[] {
    const { generations } = this;
    const same =
      ({ instanceId }: Generation) =>
      (other: Generation) =>
        other.instanceId === instanceId;
    return generations.filter(
      (one) => one === generations.find(same(one)) || one === generations.findLast(same(one)),
    );
  }

  /** Stops the engine. */
  stop(): void {
    this.engine.stop();
    answerers.delete(this.requestId);
  }

  private rulesOf<N extends ActivityName>(name: N): Rules<N> {
    const rules = this.rules.get(name) ?? { once: [], ever: null };
    this.rules.set(name, rules);
    return rules as unknown as Rules<N>;
  }

  private async invoke(name: string, payload: string): ReturnType<FunctionInvoker['invoke']> {
    const result = invoker.invoke(name, payload);
    if (!invoker.has('orchestrationTrigger', name)) return result;
    const { instanceId, input, history } = JSON.parse(payload) as Trigger;
    const before = this.generations.findLast((one) => one.instanceId === instanceId);
    const continues = before !== undefined && history.length > before.history.length;
    const generation = continues ? before : { name, instanceId, input, history, episodes: [] };
    if (!continues) this.generations.push(generation);
    generation.history = history;
    const state = result.then((value) => value?.json ?? 'null');
    generation.episodes.push({ events: history.length, told: await tell(state) });
    return result;
  }
}

/** Text of a state, or of the error that carries it. */
const tell = (state: Promise<string>): Promise<string> =>
  state.catch((error: unknown) => (error as Error).message);

const open: Orchestration[] = [];

/** An orchestration that `afterEach` replays and stops. */
export function orchestration(options: OrchestrationOptions = {}): Orchestration {
  const one = new Orchestration(options);
  open.push(one);
  return one;
}

afterEach(async () => {
  try {
    for (const one of open) await one.expectDeterminism();
  } finally {
    for (const one of open.splice(0)) one.stop();
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

/** The request's instance has ended in a state, and nothing of it is left to do. */
export function expectEnd(run: Orchestration, state: string): void {
  expect(run.instance.status).toBe('Completed');
  expect(run.output).toEqual({ state });
  expect(run.pending).toEqual([]);
}
