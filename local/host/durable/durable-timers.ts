import type { Instance } from './instance';
import type { Task } from './journal';
import type { TaskHub } from './task-hub';

/** `setTimeout` counts in 32 bits; longer waits consist of several. */
const longestTimeout = 2 ** 30;

/** Sends the messages of durable timers when they are due. */
export class DurableTimers {
  private readonly timeouts = new Map<string, () => void>();

  constructor(private readonly hub: TaskHub) {}

  /** Waits for the timer of a task; replaces an earlier wait for it. */
  arm(instance: Instance, task: Task): void {
    const { hub, timeouts } = this;
    const key = `${instance.instanceId}/${task.id}`;
    timeouts.get(key)?.();
    const fireAt = Date.parse(task.fireAt ?? '');
    const due = fireAt - hub.options.earliness(fireAt - hub.clock.now());
    const onTime = (): void => {
      timeouts.delete(key);
      if (hub.isStopped || instance.open.get(task.id) !== task) return;
      if (due > hub.clock.now()) this.arm(instance, task);
      else if (!instance.hasAnswer(task.id)) {
        hub.options.fault(`beforeTimer:${instance.name}`);
        void hub.sendTo(instance, { type: 'timerFired', id: task.id });
      }
    };
    const wait = Math.min(Math.max(due - hub.clock.now(), 0), longestTimeout);
    timeouts.set(key, hub.clock.after(wait, onTime));
    hub.options.fault(`duringTimer:${instance.name}`);
  }

  /** Arms every open timer again. To be called when the clock was moved. */
  rearm(): void {
    for (const instance of this.hub.instances.list()) {
      for (const task of instance.open.values()) if (task.fireAt) this.arm(instance, task);
    }
  }

  stop(): void {
    for (const cancel of this.timeouts.values()) cancel();
  }
}
