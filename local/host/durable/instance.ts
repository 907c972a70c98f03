import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import type { Leaf } from './actions';
import { eventOf, EventType, type HistoryEvent, type Message } from './history';
import type { JournalRecord, Outcome, Task } from './journal';
import { isFailure, isScheduling, scheduledEvent } from './task-events';

export type RuntimeStatus =
  'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated';

export const isFinished = (status: RuntimeStatus): boolean =>
  status === 'Completed' || status === 'Failed' || status === 'Terminated';

/**
 * One orchestration instance: its journal on disk (append-only, one JSON text a line) and the state
 * that follows from it. State changes only through records, so what a restart reads back is what
 * was there.
 */
export class Instance {
  readonly instanceId: string;
  readonly name: string;
  readonly version: string | null;
  readonly parent: { instanceId: string; taskId: number } | null;
  readonly createdTime: string;
  input: string | null;
  status: RuntimeStatus = 'Pending';
  lastUpdatedTime: string;
  customStatus: unknown = null;
  output: string | null = null;
  history: HistoryEvent[] = [];
  leaves: Leaf[] = [];
  /** Tasks that are awaited. */
  open = new Map<number, Task>();
  nextId = 0;
  /** Arrived and not yet seen by the orchestrator, oldest first. */
  inbox: Message[] = [{ type: 'executionStarted' }];
  /** Set when the orchestrator has returned while tasks are still open. */
  outcome: Outcome | null = null;

  /** Number of the run: of generations, and of times that it was rewound. */
  private execution = 1;
  private file: number | undefined;

  private constructor(
    private readonly path: string,
    created: Extract<JournalRecord, { kind: 'created' }>,
  ) {
    this.instanceId = created.instanceId;
    this.name = created.name;
    this.version = created.version;
    this.parent = created.parent;
    this.input = created.input;
    this.createdTime = created.at;
    this.lastUpdatedTime = created.at;
  }

  static create(path: string, created: Extract<JournalRecord, { kind: 'created' }>): Instance {
    rmSync(path, { force: true });
    const instance = new Instance(path, created);
    instance.append(created);
    return instance;
  }

  /** Reads a journal back. A torn last line, left by a kill, was never acted upon and is cut off. */
  static open(path: string): Instance | null {
    const text = readFileSync(path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
    const [created, ...records] = text
      .slice(0, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalRecord);
    if (created?.kind !== 'created') return null;
    const instance = new Instance(path, created);
    for (const record of records) instance.apply(record);
    return instance;
  }

  /** Names this run of the instance; messages to an earlier one are not for it. */
  get executionId(): string {
    return `${this.createdTime}/${this.execution}`;
  }

  /** Whether the completion of a task has arrived and waits in the inbox. */
  hasAnswer(taskId: number): boolean {
    return this.inbox.some((message) => 'id' in message && message.id === taskId);
  }

  /** Writes a record, then changes the state by it. */
  commit(record: JournalRecord): void {
    this.append(record);
    this.apply(record);
  }

  delete(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Events of the oldest message, as the next episode would show them to the SDK. */
  episodeEvents(at: string, continues: boolean): HistoryEvent[] {
    const message = this.inbox[0];
    const started = {
      EventType: EventType.OrchestratorStarted,
      EventId: -1,
      IsPlayed: false,
      Timestamp: at,
    };
    const opening = continues ? [] : [started];
    if (!message) return opening;
    const fireAt = message.type === 'timerFired' ? this.open.get(message.id)?.fireAt : undefined;
    const execution = { name: this.name, version: this.version, input: this.input };
    return [...opening, eventOf(message, at, execution, fireAt)];
  }

  private append(record: JournalRecord): void {
    this.file ??= openSync(this.path, 'a');
    writeSync(this.file, `${JSON.stringify(record)}\n`);
  }

  private apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'created':
        break;
      case 'message':
        this.inbox.push(record.message);
        break;
      case 'overtaken':
        this.inbox.unshift(...this.inbox.splice(record.by, 1));
        break;
      case 'dropped':
        this.consume();
        break;
      case 'episode':
        this.applyEpisode(record);
        break;
      case 'finished':
        this.finish(record.at);
        break;
      case 'rewound':
        this.rewind(record);
        break;
      case 'control':
        this.status = record.status;
        this.lastUpdatedTime = record.at;
        if (record.status === 'Terminated') {
          this.output = JSON.stringify(record.reason);
          this.inbox = [];
          this.open.clear();
        }
        break;
    }
  }

  private consume(): void {
    const message = this.inbox.shift();
    if (message && 'id' in message) this.open.delete(message.id);
  }

  private applyEpisode(record: Extract<JournalRecord, { kind: 'episode' }>): void {
    const events = this.episodeEvents(record.at, record.continues);
    if (record.continues) this.history.pop();
    else for (const event of this.history) event.IsPlayed = true;
    this.history.push(...events);
    this.consume();
    this.leaves.push(...record.leaves);
    for (const task of record.tasks) {
      this.open.set(task.id, task);
      this.nextId = task.id + 1;
      this.history.push(scheduledEvent(task, this.leaves[task.leaf], record.at));
    }
    for (const id of record.canceled) this.open.delete(id);
    this.history.push({
      EventType: EventType.OrchestratorCompleted,
      EventId: -1,
      IsPlayed: false,
      Timestamp: record.at,
    });
    if (this.status === 'Pending') this.status = 'Running';
    this.lastUpdatedTime = record.at;
    this.customStatus = record.customStatus;
    this.outcome = record.outcome;
  }

  /** The tasks that failed, as they were before they ran. Empty when the orchestrator itself threw. */
  get failedTasks(): Task[] {
    return this.history.filter(isFailure).flatMap(({ TaskScheduledId: id }): Task[] => {
      const scheduled = this.history.find((event) => isScheduling(event) && event.EventId === id);
      if (!scheduled) return [];
      // Without timers and retries a task's sequence id is its action's place.
      const task = { id: scheduled.EventId, leaf: scheduled.EventId, attempt: 1 };
      return scheduled.EventType === EventType.TaskScheduled
        ? [{ ...task, role: 'activity' }]
        : [
            {
              ...task,
              role: 'subOrchestration',
              childId: String(scheduled['InstanceId']),
            },
          ];
    });
  }

  private rewind({ tasks, reason, at }: Extract<JournalRecord, { kind: 'rewound' }>): void {
    this.execution += 1;
    this.history = this.history.filter((event) => !isFailure(event));
    for (const task of tasks) this.open.set(task.id, task);
    this.status = 'Running';
    this.output = null;
    this.outcome = null;
    this.inbox = [{ type: 'rewound', reason }];
    this.lastUpdatedTime = at;
  }

  private finish(at: string): void {
    const outcome = this.outcome;
    this.lastUpdatedTime = at;
    switch (outcome?.kind) {
      case 'completed':
        this.status = 'Completed';
        this.output = outcome.output;
        break;
      case 'failed':
        this.status = 'Failed';
        this.output = JSON.stringify(outcome.error);
        break;
      case 'continuedAsNew':
        this.execution += 1;
        // A new generation: fresh history, same id; events nobody has waited for yet come along.
        this.input = outcome.input;
        this.history = [];
        this.leaves = [];
        this.nextId = 0;
        this.inbox = [
          { type: 'executionStarted' },
          ...this.inbox.filter((message) => message.type === 'eventRaised'),
        ];
        break;
      case undefined:
        break;
    }
    this.outcome = null;
    if (isFinished(this.status)) this.inbox = [];
  }
}
