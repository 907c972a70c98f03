import { EventType } from './history';
import { isFinished, type Instance } from './instance';
import { DurableRequestError } from './request-error';
import type { TaskDispatcher } from './task-dispatcher';
import type { TaskHub } from './task-hub';

/**
 * Runs a failed instance again from its failed tasks on, and its failed children with it.
 * @throws DurableRequestError 410 when it has ended otherwise, 412 when it has not ended, 501 when
 *   it has used timers or retries: the extension does not support rewinding those either
 */
export function rewindInstance(
  hub: TaskHub,
  tasks: TaskDispatcher,
  instance: Instance,
  reason: string,
): void {
  if (instance.status !== 'Failed') {
    const status = isFinished(instance.status) ? 410 : 412;
    throw new DurableRequestError(status, `The instance is ${instance.status}, not Failed.`);
  }
  const family = failedFamily(hub, instance);
  if (family.some(({ history }) => history.some((e) => e.EventType === EventType.TimerCreated))) {
    throw new DurableRequestError(501, 'Instances with timers or retries cannot be rewound.');
  }
  // Children first: a child that has not been rewound would notify its parent of its failure again.
  for (const member of family.reverse()) {
    const { failedTasks } = member;
    member.commit({ kind: 'rewound', tasks: failedTasks, reason, at: hub.timestamp() });
    for (const task of failedTasks) tasks.start(member, task);
    hub.wake(member);
  }
}

/** A failed instance and its failed children, parents before children. */
function failedFamily(hub: TaskHub, instance: Instance): Instance[] {
  const children = instance.failedTasks.flatMap(({ childId }) => {
    const child = childId === undefined ? undefined : hub.instances.get(childId);
    return child?.status === 'Failed' ? [child] : [];
  });
  return [instance, ...children.flatMap((child) => failedFamily(hub, child))];
}
