import { isFinished, type Instance } from './instance';
import { DurableRequestError } from './request-error';
import type { TaskHub } from './task-hub';

export interface InstanceStart {
  name: string;
  instanceId: string;
  version: string | null;
  input: string | null;
  parent: { instanceId: string; taskId: number } | null;
}

/**
 * Starts an instance. A finished one of the same id is replaced, as the extension does by default
 * (OverridableExistingInstanceStates: NonRunningStates).
 * @throws DurableRequestError 400 for an unknown orchestrator or an id that is not allowed, 409
 *   when an unfinished instance has the id.
 */
export function startInstance(hub: TaskHub, start: InstanceStart): Instance {
  const { fault, versioning } = hub.options;
  fault(`beforeStart:${start.name}`);
  assertStartable(hub, start);
  const instance = hub.instances.create({
    kind: 'created',
    ...start,
    version: start.version ?? versioning.defaultVersion,
    at: hub.timestamp(),
  });
  fault(`afterStart:${start.name}`);
  hub.wake(instance);
  return instance;
}

function assertStartable(hub: TaskHub, { name, instanceId }: InstanceStart): void {
  if (!hub.app.has('orchestrationTrigger', name)) {
    throw new DurableRequestError(
      400,
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`,
    );
  }
  if (instanceId.length > 256 || instanceId.startsWith('@') || /[/\\#?\p{Cc}]/u.test(instanceId)) {
    throw new DurableRequestError(
      400,
      'Instance ids have at most 256 characters, do not start with @ and contain none of / \\ # ? or control characters.',
    );
  }
  const existing = hub.instances.get(instanceId);
  if (existing && !isFinished(existing.status)) {
    throw new DurableRequestError(
      409,
      `An instance with id '${instanceId}' exists in non-terminal state ${existing.status}.`,
    );
  }
}
