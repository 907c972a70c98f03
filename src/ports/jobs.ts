import type { JobName } from '../core/jobs/schedule';

/** What is kept of a job between its turns. */
export interface JobState {
  /** When it is due next, or has been due since (ISO 8601). */
  dueAt: string;
  /** Where its last turn ended; null when that got through everything. */
  after: string | null;
  /** Until when an instance has it (ISO 8601); null when none has. */
  claimedUntil: string | null;
}

/** Due times of jobs, for all instances of the app. */
export interface JobStore {
  read(): Promise<ReadonlyMap<JobName, JobState>>;
  /**
   * Replaces the state of a job, unless it is another one by now.
   * @param expected the state that is replaced; null where there is none
   * @returns whether it was replaced
   */
  write(name: JobName, state: JobState, expected: JobState | null): Promise<boolean>;
}
