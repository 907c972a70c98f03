import type { Leaf } from './actions';
import type { Message } from './history';

/** Something that was scheduled under a sequence id and whose completion is awaited. */
export interface Task {
  id: number;
  /** Index of the action that it serves; a retried action is served by several tasks. */
  leaf: number;
  role: 'activity' | 'subOrchestration' | 'timer' | 'retryTimer' | 'timerInterval';
  /** Number of the attempt that this task is, or that this retry timer follows; from 1. */
  attempt: number;
  /** Timers: when it is due (ISO 8601). */
  fireAt?: string;
  /** Sub-orchestrations: the child's instance id. */
  childId?: string;
}

export type Outcome =
  | { kind: 'completed'; output: string }
  | { kind: 'failed'; error: string }
  | { kind: 'continuedAsNew'; input: string };

/** Everything that is ever written about an instance. An episode is one record: all or nothing. */
export type JournalRecord =
  | {
      kind: 'created';
      instanceId: string;
      name: string;
      version: string | null;
      input: string | null;
      parent: { instanceId: string; taskId: number } | null;
      at: string;
    }
  | { kind: 'message'; message: Message }
  /** The oldest message is overtaken by the one at this place. */
  | { kind: 'overtaken'; by: number }
  | {
      kind: 'episode';
      at: string;
      /** Whether it goes on with the episode before: one more message of the same batch. */
      continues: boolean;
      leaves: Leaf[];
      tasks: Task[];
      canceled: number[];
      customStatus: unknown;
      outcome: Outcome | null;
    }
  | { kind: 'dropped' }
  | { kind: 'finished'; at: string }
  /** A failed instance goes on; `tasks` are those that had failed. */
  | { kind: 'rewound'; tasks: Task[]; reason: string; at: string }
  | { kind: 'control'; status: 'Suspended' | 'Running' | 'Terminated'; reason: string; at: string };
