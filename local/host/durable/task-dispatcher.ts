import { Activities } from './activities';
import { startChild } from './children';
import { DurableTimers } from './durable-timers';
import type { Instance } from './instance';
import type { Task } from './journal';
import type { TaskHub } from './task-hub';

/** Starts the tasks that orchestrators schedule. */
export class TaskDispatcher {
  readonly activities: Activities;
  readonly timers: DurableTimers;

  constructor(private readonly hub: TaskHub) {
    this.activities = new Activities(hub);
    this.timers = new DurableTimers(hub);
  }

  start(instance: Instance, task: Task): void {
    switch (task.role) {
      case 'activity':
        void this.activities.run(instance, task);
        break;
      case 'subOrchestration':
        startChild(this.hub, instance, task);
        break;
      case 'timer':
      case 'retryTimer':
      case 'timerInterval':
        this.timers.arm(instance, task);
        break;
    }
  }
}
