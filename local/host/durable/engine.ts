import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomOf } from '../../random';
import { ActivityRunner, type ActivityLeaf } from './activity-runner';
import { Adversity } from './adversity';
import { askForEpisode, type Episode, type FunctionInvoker } from './episode';
import { EventType, type Message } from './history';
import { HostClock } from './host-clock';
import { Instance, isFinished, type Task } from './instance';
import { Mail } from './mail';
import { Semaphore } from './semaphore';
import { followUps } from './tasks';
import { runsVersion, type Versioning } from './versioning';

export interface EngineOptions {
  directory: string;
  maxConcurrentActivities: number;
  maxConcurrentOrchestrators: number;
  versioning: Versioning;
  /** Seed of batches: several messages to an episode, in seeded number. Null: always one. */
  batchSeed: number | null;
  /** Seed of aborted episodes, late and stray messages. Null: none. */
  adverseSeed: number | null;
  /** Whether durable timers fire up to a second early, as they do on Azure Storage. */
  earlyTimers: boolean;
  /** What becomes of an episode whose worker ends: it is repeated, or it fails the orchestration. */
  lostEpisodes: 'repeat' | 'fail';
  /** Called at the points where a fall is worth trying, with the point's name. */
  fault: (point: string) => void;
  log: (level: string, message: string) => void;
}

/** A request that the durable API refuses, with the status that the extension would give. */
export class DurableRequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Longest pause in which messages gather to a batch, and the largest batch. */
const batchPause = 20;
const largestBatch = 8;
const earliest = 1000;
/** Milliseconds for which a message that is out of order goes back to its queue. */
const returnedFor = 50;
/** `setTimeout` counts in 32 bits; longer waits are taken in steps. */
const longestTimeout = 2 ** 30;

/**
 * Runs durable orchestrations by replay, as the Durable Task extension does for out-of-process
 * workers: it keeps the histories, gives one arrived message to an orchestrator per episode, turns
 * the actions that come back into tasks, and delivers their completions. Activities run at least
 * once; what was not journalled when the process ended is done again.
 */
export class DurableEngine {
  private readonly instances = new Map<string, Instance>();
  private readonly busy = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly activities: ActivityRunner;
  private readonly orchestrators: Semaphore;
  private readonly directory: string;
  private readonly random: (() => number) | null;
  private readonly adversity: Adversity | null;
  private readonly mail: Mail;
  private readonly clock: HostClock;
  private stopped = false;

  constructor(
    private readonly app: FunctionInvoker,
    private readonly options: EngineOptions,
  ) {
    this.activities = new ActivityRunner(app, options.maxConcurrentActivities);
    this.orchestrators = new Semaphore(options.maxConcurrentOrchestrators);
    this.random = options.batchSeed === null ? null : randomOf(options.batchSeed);
    this.adversity = options.adverseSeed === null ? null : new Adversity(options.adverseSeed);
    this.mail = new Mail({
      get: (instanceId) => this.instances.get(instanceId),
      wake: (instance) => this.wake(instance),
      isClosed: () => this.stopped,
      log: options.log,
      adversity: this.adversity,
    });
    this.directory = join(options.directory, 'instances');
    mkdirSync(this.directory, { recursive: true });
    this.clock = new HostClock(options.directory);
  }

  /** Reads every journal and takes up whatever was under way. */
  start(): void {
    for (const file of readdirSync(this.directory)) {
      const instance = Instance.open(join(this.directory, file));
      if (instance) this.instances.set(instance.instanceId, instance);
    }
    for (const instance of [...this.instances.values()]) {
      if (isFinished(instance.status)) {
        this.tellParent(instance);
        continue;
      }
      for (const task of instance.open.values()) {
        const answered = instance.inbox.some(
          (message) => 'id' in message && message.id === task.id,
        );
        if (!answered) this.startTask(instance, task);
      }
      this.finishIfSettled(instance);
      this.wake(instance);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const instance of this.instances.values()) instance.close();
  }

  /** The host's time in milliseconds: the machine's, moved by what `advanceClock` was asked for. */
  now(): number {
    return this.clock.now();
  }

  /** Moves the host's clock on, so that durable timers of days are due at once. Kept over restarts. */
  advanceClock(milliseconds: number): void {
    this.clock.advance(milliseconds);
    for (const instance of this.instances.values()) {
      for (const task of instance.open.values()) if (task.fireAt) this.armTimer(instance, task);
    }
  }

  list(): Instance[] {
    return [...this.instances.values()];
  }

  get(instanceId: string): Instance | undefined {
    return this.instances.get(instanceId);
  }

  /**
   * Starts an instance. A finished one of the same id is replaced, as the extension does by default
   * (OverridableExistingInstanceStates: NonRunningStates).
   * @throws DurableRequestError 400 for an unknown orchestrator or an id that is not allowed, 409
   *   when an unfinished instance has the id.
   */
  startNew(start: {
    name: string;
    instanceId: string;
    version: string | null;
    input: string | null;
    parent: { instanceId: string; taskId: number } | null;
  }): Instance {
    const { instanceId, name } = start;
    this.options.fault(`beforeStart:${name}`);
    if (!this.app.has('orchestrationTrigger', name)) {
      throw new DurableRequestError(
        400,
        `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`,
      );
    }
    if (
      instanceId.length > 256 ||
      instanceId.startsWith('@') ||
      /[/\\#?\p{Cc}]/u.test(instanceId)
    ) {
      throw new DurableRequestError(
        400,
        'Instance ids have at most 256 characters, do not start with @ and contain none of / \\ # ? or control characters.',
      );
    }
    const existing = this.instances.get(instanceId);
    if (existing && !isFinished(existing.status)) {
      throw new DurableRequestError(
        409,
        `An instance with id '${instanceId}' exists in non-terminal state ${existing.status}.`,
      );
    }
    existing?.delete();
    const instance = Instance.create(this.path(instanceId), {
      kind: 'created',
      ...start,
      version: start.version ?? this.options.versioning.defaultVersion,
      at: this.timestamp(),
    });
    this.options.fault(`afterStart:${name}`);
    this.instances.set(instanceId, instance);
    this.wake(instance);
    return instance;
  }

  /** Gives an external event to an instance; a finished one takes none. Returns whether it was taken. */
  raiseEvent(instance: Instance, name: string, input: string): boolean {
    this.options.fault(`beforeEvent:${name}`);
    if (isFinished(instance.status)) return false;
    this.mail.raise(instance.instanceId, { type: 'eventRaised', name, input });
    this.options.fault(`afterEvent:${name}`);
    return true;
  }

  /** Terminates, suspends or resumes. Returns false when the instance has finished. */
  control(
    instance: Instance,
    status: 'Suspended' | 'Running' | 'Terminated',
    reason: string,
  ): boolean {
    if (isFinished(instance.status)) return false;
    instance.commit({ kind: 'control', status, reason, at: this.timestamp() });
    if (status === 'Terminated') this.tellParent(instance);
    if (status === 'Running') this.wake(instance);
    return true;
  }

  /**
   * Runs a failed instance again from its failed tasks on, and its failed children with it.
   * @throws DurableRequestError 410 when it has ended otherwise, 412 when it has not ended, 501 when
   *   it has used timers or retries: the extension does not support rewinding those either
   */
  rewind(instance: Instance, reason: string): void {
    if (instance.status !== 'Failed') {
      const status = isFinished(instance.status) ? 410 : 412;
      throw new DurableRequestError(status, `The instance is ${instance.status}, not Failed.`);
    }
    const family = this.failedFamily(instance);
    if (family.some(({ history }) => history.some((e) => e.EventType === EventType.TimerCreated))) {
      throw new DurableRequestError(501, 'Instances with timers or retries cannot be rewound.');
    }
    // Children first: a child that has not been rewound would tell its parent again that it failed.
    for (const member of family.reverse()) {
      const tasks = member.failedTasks;
      member.commit({ kind: 'rewound', tasks, reason, at: this.timestamp() });
      for (const task of tasks) this.startTask(member, task);
      this.wake(member);
    }
  }

  /** A failed instance and its failed children, parents before children. */
  private failedFamily(instance: Instance): Instance[] {
    const children = instance.failedTasks.flatMap(({ childId }) => {
      const child = childId === undefined ? undefined : this.instances.get(childId);
      return child?.status === 'Failed' ? [child] : [];
    });
    return [instance, ...children.flatMap((child) => this.failedFamily(child))];
  }

  /** Forgets a finished instance. Returns whether there was one to forget. */
  purge(instanceId: string): boolean {
    const instance = this.instances.get(instanceId);
    if (!instance || !isFinished(instance.status)) return false;
    instance.delete();
    this.instances.delete(instanceId);
    this.mail.sendStrays(instanceId);
    this.adversity?.forget(instanceId);
    return true;
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  private path(instanceId: string): string {
    const name = createHash('sha256').update(instanceId).digest('hex').slice(0, 40);
    return join(this.directory, `${name}.jsonl`);
  }

  private sendTo({ instanceId, executionId }: Instance, message: Message): Promise<void> {
    return this.mail.send({ instanceId, executionId }, message);
  }

  /** Runs episodes until nothing is left in the inbox; one at a time for each instance. */
  private wake(instance: Instance): void {
    if (this.busy.has(instance.instanceId)) return;
    this.busy.add(instance.instanceId);
    void this.runEpisodes(instance)
      .catch((error: unknown) => this.options.log('error', `Durable engine: ${String(error)}`))
      .finally(() => {
        this.busy.delete(instance.instanceId);
        if (this.hasWork(instance)) this.wake(instance);
      });
  }

  private hasWork(instance: Instance): boolean {
    const { versioning } = this.options;
    const isRejected =
      !runsVersion(versioning, instance.version) && versioning.onMismatch !== 'Fail';
    return (
      !this.stopped &&
      !isRejected &&
      this.instances.get(instance.instanceId) === instance &&
      (instance.status === 'Pending' || instance.status === 'Running') &&
      instance.inbox.length > 0
    );
  }

  private async runEpisodes(instance: Instance): Promise<void> {
    while (this.hasWork(instance)) {
      if (!(await this.sufferPause(instance))) return;
      if (this.isIrrelevant(instance)) {
        instance.commit({ kind: 'dropped' });
        this.finishIfSettled(instance);
      } else {
        const done = await this.orchestrators.run(() => this.runBatch(instance));
        if (!done) return;
      }
    }
  }

  /**
   * Under adversity: lets messages gather, and one of them overtake the others.
   * @returns whether there is still something to do
   */
  private async sufferPause(instance: Instance): Promise<boolean> {
    const { adversity } = this;
    if (!adversity) return true;
    await delay(adversity.pause());
    if (!this.hasWork(instance)) return false;
    const by = adversity.pick(instance.inbox);
    if (by > 0) instance.commit({ kind: 'overtaken', by });
    return true;
  }

  /**
   * Runs an episode of one message or, where batches are asked for, of several. The messages of a
   * batch are given to the orchestrator one more at a time, so that the ids that the SDK allots
   * between them are known; its history shows them as one episode.
   */
  private async runBatch(instance: Instance): Promise<boolean> {
    if (!runsVersion(this.options.versioning, instance.version)) {
      this.failForVersion(instance);
      return true;
    }
    const { random } = this;
    if (random !== null) await delay(random() * batchPause);
    const size = random === null ? 1 : 1 + Math.floor(random() * largestBatch);
    for (let i = 0; i < size; i += 1) {
      if (i > 0 && (!this.hasWork(instance) || this.isIrrelevant(instance))) break;
      // A new generation begins with an episode of its own.
      const continues = i > 0 && instance.history.length > 0;
      if (!(await this.runEpisode(instance, continues))) return false;
    }
    return true;
  }

  private failForVersion(instance: Instance): void {
    const error = `Version '${instance.version ?? ''}' is not run here: versionMatchStrategy is ${this.options.versioning.match}.`;
    instance.commit({
      kind: 'episode',
      at: this.timestamp(),
      continues: false,
      leaves: [],
      tasks: [],
      canceled: [...instance.open.keys()],
      customStatus: instance.customStatus,
      outcome: { kind: 'failed', error },
    });
    this.finishIfSettled(instance);
  }

  /** A completion that nobody waits for, or anything that arrives after the orchestrator returned. */
  private isIrrelevant(instance: Instance): boolean {
    const message = instance.inbox[0];
    if (!message) return false;
    if ('id' in message && !instance.open.has(message.id)) return true;
    return instance.outcome !== null;
  }

  /** Returns false when the episode was aborted; it then runs again. */
  private async runEpisode(instance: Instance, continues: boolean): Promise<boolean> {
    const previous = instance.history.at(-1)?.Timestamp ?? '';
    const now = this.timestamp();
    const at = now > previous && !continues ? now : previous;
    const message = instance.inbox[0];
    const retryTasks = message ? followUps(instance, message, at) : [];
    const { lostEpisodes } = this.options;
    const options = { at, continues, lostEpisodes };
    const episode = await askForEpisode(this.app, instance, options, retryTasks);
    if (this.adversity?.abortsEpisode()) {
      const text = `${instance.instanceId}: Split brain detected: the results of an episode are discarded`;
      this.options.log('warning', text);
      if (episode) this.runTwins(instance, episode);
      return false;
    }
    if (
      !episode ||
      this.stopped ||
      instance.status === 'Terminated' ||
      instance.inbox[0] !== message
    ) {
      return episode !== null;
    }
    instance.commit({ kind: 'episode', at, continues, ...episode });
    for (const task of episode.tasks) {
      if (instance.open.has(task.id)) this.startTask(instance, task);
    }
    this.finishIfSettled(instance);
    return true;
  }

  private finishIfSettled(instance: Instance): void {
    // An instance whose orchestrator returned stays Running while any task of its is open.
    if (!instance.outcome || instance.open.size > 0) return;
    const { kind } = instance.outcome;
    this.options.fault(`before:${kind}:${instance.name}`);
    instance.commit({ kind: 'finished', at: this.timestamp() });
    this.options.fault(`after:${kind}:${instance.name}`);
    this.mail.sendStrays(instance.instanceId);
    if (isFinished(instance.status)) this.tellParent(instance);
  }

  private tellParent(instance: Instance): void {
    const parent = instance.parent && this.instances.get(instance.parent.instanceId);
    const taskId = instance.parent?.taskId;
    if (!parent || taskId === undefined || parent.open.get(taskId)?.childId !== instance.instanceId)
      return;
    // After continueAsNew a task may bear the id of an earlier generation's, and so its child's.
    if (instance.createdTime < this.generationStart(parent)) return;
    if (parent.inbox.some((message) => 'id' in message && message.id === taskId)) return;
    if (instance.status === 'Completed') {
      const result = instance.output ?? 'null';
      void this.sendTo(parent, { type: 'subCompleted', id: taskId, result });
      return;
    }
    const cause = instance.output === null ? instance.status : String(JSON.parse(instance.output));
    void this.sendTo(parent, {
      type: 'subFailed',
      id: taskId,
      reason: `Orchestrator function '${instance.name}' failed: ${cause}`,
      details: cause,
    });
  }

  private startTask(instance: Instance, task: Task): void {
    switch (task.role) {
      case 'activity':
        void this.runActivity(instance, task);
        break;
      case 'subOrchestration':
        this.startChild(instance, task);
        break;
      case 'timer':
      case 'retryTimer':
      case 'timerPiece':
        this.armTimer(instance, task);
        break;
    }
  }

  private async runActivity(instance: Instance, task: Task): Promise<void> {
    const leaf = instance.leaves[task.leaf];
    if (leaf?.kind !== 'activity') return;
    const { instanceId, executionId } = instance;
    const isWanted = (): boolean => !this.stopped && instance.open.get(task.id) === task;
    const answer = await this.activities.answer(leaf, task.id, isWanted);
    if (this.stopped || answer === null) return;
    this.options.fault(`beforeResult:${leaf.name}`);
    await this.mail.send({ instanceId, executionId }, answer);
    this.options.fault(`afterResult:${leaf.name}`);
  }

  /**
   * The activities that an aborted episode asked for run all the same, beside those of its repetition:
   * they were sent before its history was refused (AzureStorageOrchestrationService.cs,
   * CompleteTaskOrchestrationWorkItemAsync). Whichever answer is first counts.
   */
  private runTwins(instance: Instance, { leaves, tasks }: Episode): void {
    for (const { id, leaf: index, role } of tasks) {
      const leaf = [...instance.leaves, ...leaves][index];
      if (role === 'activity' && leaf?.kind === 'activity') void this.runTwin(instance, id, leaf);
    }
  }

  private async runTwin(instance: Instance, id: number, leaf: ActivityLeaf): Promise<void> {
    const { instanceId, executionId } = instance;
    const answer = await this.activities.answer(leaf, id, () => !this.stopped);
    const isPresent = (): boolean =>
      !this.stopped && instance.executionId === executionId && !isFinished(instance.status);
    // Out of order until the history has the task: the answer goes back to its queue.
    while (isPresent() && id >= instance.nextId) await delay(returnedFor);
    const task = instance.open.get(id);
    const asked = task && instance.leaves[task.leaf];
    if (answer !== null && isPresent() && JSON.stringify(asked) === JSON.stringify(leaf))
      await this.mail.send({ instanceId, executionId }, answer);
  }

  private startChild(instance: Instance, task: Task): void {
    const leaf = instance.leaves[task.leaf];
    if (leaf?.kind !== 'subOrchestration' || task.childId === undefined) return;
    const existing = this.instances.get(task.childId);
    const isOurs =
      existing?.parent?.instanceId === instance.instanceId && existing.parent.taskId === task.id;
    if (existing && isOurs && existing.createdTime >= this.generationStart(instance)) {
      if (isFinished(existing.status)) this.tellParent(existing);
      return;
    }
    try {
      this.startNew({
        name: leaf.name,
        instanceId: task.childId,
        version: leaf.version,
        input: leaf.input,
        parent: { instanceId: instance.instanceId, taskId: task.id },
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void this.sendTo(instance, { type: 'subFailed', id: task.id, reason, details: reason });
    }
  }

  private generationStart(instance: Instance): string {
    return instance.history[0]?.Timestamp ?? instance.createdTime;
  }

  private armTimer(instance: Instance, task: Task): void {
    const key = `${instance.instanceId}/${task.id}`;
    clearTimeout(this.timers.get(key));
    const early = this.options.earlyTimers ? Math.random() * earliest : 0;
    const due = Date.parse(task.fireAt ?? '') - early;
    const onTime = (): void => {
      this.timers.delete(key);
      if (this.stopped || instance.open.get(task.id) !== task) return;
      if (due > this.now()) this.armTimer(instance, task);
      else if (!instance.inbox.some((message) => 'id' in message && message.id === task.id)) {
        this.options.fault(`beforeTimer:${instance.name}`);
        void this.sendTo(instance, { type: 'timerFired', id: task.id });
      }
    };
    const wait = Math.min(Math.max(due - this.now(), 0), longestTimeout);
    this.timers.set(key, setTimeout(onTime, wait));
    this.options.fault(`duringTimer:${instance.name}`);
  }
}
