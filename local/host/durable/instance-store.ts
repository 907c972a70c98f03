import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, isFinished } from './instance';
import type { JournalRecord } from './journal';

/** The instances of a task hub, each with its journal in one directory. */
export class InstanceStore {
  private readonly instances = new Map<string, Instance>();

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  /** Reads every journal. */
  load(): void {
    for (const file of readdirSync(this.directory)) {
      const instance = Instance.open(join(this.directory, file));
      if (instance) this.instances.set(instance.instanceId, instance);
    }
  }

  list(): Instance[] {
    return [...this.instances.values()];
  }

  get(instanceId: string): Instance | undefined {
    return this.instances.get(instanceId);
  }

  /** Creates an instance; it replaces the one that has its id. */
  create(created: Extract<JournalRecord, { kind: 'created' }>): Instance {
    const { instanceId } = created;
    this.instances.get(instanceId)?.delete();
    const instance = Instance.create(this.path(instanceId), created);
    this.instances.set(instanceId, instance);
    return instance;
  }

  /** Deletes a finished instance. Returns whether there was one to delete. */
  delete(instanceId: string): boolean {
    const instance = this.instances.get(instanceId);
    if (!instance || !isFinished(instance.status)) return false;
    instance.delete();
    this.instances.delete(instanceId);
    return true;
  }

  close(): void {
    for (const instance of this.instances.values()) instance.close();
  }

  private path(instanceId: string): string {
    const name = createHash('sha256').update(instanceId).digest('hex').slice(0, 40);
    return join(this.directory, `${name}.jsonl`);
  }
}
