import { createActivities } from '../../src/activities';
import { compose, type AppContext } from '../../src/composition/compose';
import { loadConfig } from '../../src/config/config';
import { invokeActivity } from '../../src/functions/shared/invoke-activity';
import type {
  Activities,
  ActivityInput,
  ActivityName,
  ActivityOutput,
} from '../../src/orchestrators/activity-types';
import type { ActivityResult } from '../../src/core/results';
import { HttpProxy } from './fault-proxy';
import { writeOf, type StorageWrite } from './storage-writes';

/** The process that did the work was killed. */
export class KilledError extends Error {}

/** Where storage is, and what the app is set up with. */
export interface AppSite {
  blobPort: number;
  tablePort: number;
  /** Settings of a process that reaches storage through these ports. */
  settingsFor: (ports: { blob: number; table: number }) => Record<string, string>;
  /** Parts that stand for those of the settings. */
  replaced: (app: AppContext) => Partial<AppContext>;
}

/** A point at which a process is killed. */
export interface CrashPoint {
  /** Whether a write is the one. */
  matches: (write: StorageWrite) => boolean;
  /** Before the write reaches storage, or after it has and before the process knows. */
  when: 'before' | 'after';
}

/** One process of the app, as far as activities go: everything it holds in memory, and its connections. */
export class AppProcess {
  private readonly work: Promise<unknown>[] = [];
  private die: (error: KilledError) => void = () => undefined;
  private readonly death = new Promise<never>((_, reject) => (this.die = reject));
  isKilled = false;

  private constructor(
    readonly app: AppContext,
    private readonly activities: Activities,
    readonly blobs: HttpProxy,
    readonly tables: HttpProxy,
  ) {
    this.death.catch(() => undefined);
  }

  static async start(site: AppSite): Promise<AppProcess> {
    const blobs = await HttpProxy.start(site.blobPort);
    const tables = await HttpProxy.start(site.tablePort);
    const composed = compose(
      loadConfig(site.settingsFor({ blob: blobs.port, table: tables.port })),
    );
    const app = { ...composed, ...site.replaced(composed) };
    return new AppProcess(app, createActivities(app), blobs, tables);
  }

  /** Runs an activity as the app does, with input and result as the task hub carries them. */
  async invoke<N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ): Promise<ActivityResult<ActivityOutput<N>>> {
    const carried = JSON.parse(JSON.stringify(input)) as ActivityInput<N>;
    const result = await this.app.trace(
      name,
      { requestId: input.requestId, hostTrace: undefined },
      () => invokeActivity(this.activities, name, carried, () => undefined),
    );
    return JSON.parse(JSON.stringify(result)) as ActivityResult<ActivityOutput<N>>;
  }

  /** @throws KilledError when the process is killed meanwhile; whatever the work throws otherwise */
  run<T>(work: (process: AppProcess) => Promise<T>): Promise<T> {
    const running = work(this);
    this.work.push(running.catch(() => undefined));
    return Promise.race([running, this.death]);
  }

  /** Tells of every write. */
  watch(onWrite: ((write: StorageWrite) => void) | null): void {
    const onCall = (call: string, body: Buffer): void => {
      const write = writeOf(call, body);
      if (write) onWrite?.(write);
    };
    for (const proxy of [this.blobs, this.tables]) proxy.onCall = onWrite && onCall;
  }

  /** Kills the process at the first write that matches; null at none. */
  crashAt(point: CrashPoint | null, onCrash: () => void = () => undefined): void {
    const trap = point && {
      matches: (call: string, body: Buffer): boolean => {
        const write = writeOf(call, body);
        return write !== null && point.matches(write);
      },
      when: point.when,
      act: (): Promise<void> => {
        onCrash();
        this.kill();
        return Promise.resolve();
      },
    };
    for (const proxy of [this.blobs, this.tables]) proxy.trap = trap;
  }

  /** Ends the process as a power cut would: nothing of it reaches storage from now on. */
  kill(): void {
    this.isKilled = true;
    for (const proxy of [this.blobs, this.tables]) {
      proxy.trap = null;
      proxy.abandon();
    }
    this.die(new KilledError());
  }

  /** Frees what the process holds, once a killed one has noticed. */
  async stop(): Promise<void> {
    for (const proxy of [this.blobs, this.tables]) {
      proxy.abandon();
      proxy.bury();
    }
    await Promise.all(this.work);
    await Promise.all([this.blobs.stop(), this.tables.stop()]);
  }
}
