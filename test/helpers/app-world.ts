import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../local/genesys/dispatcher';
import type { Generated } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import type { SimulatorSettings } from '../../local/genesys/state';
import { Inbox } from '../../local/inbox/inbox';
import { s3Credentials } from '../../local/s3/emulator';
import { s3Writer, startS3 } from '../../local/s3/server';
import { appSettings } from '../../local/stack/app-settings';
import { freePorts } from '../../local/stack/ports';
import type * as Assets from '../../src/adapters/package/viewer-assets';
import type { AppContext } from '../../src/composition/compose';
import { AppProcess } from './app-process';
import { TcpProxy } from './fault-proxy';
import { root } from './root';
import { TestStorage } from './storage';

export interface WorldOptions {
  generated: Generated;
  settings?: Record<string, string>;
  simulator?: Partial<SimulatorSettings>;
  /** The time of day at the source. */
  sourceClock?: () => Date;
  /** The bulk export, with an S3 emulator. */
  bulk?: boolean;
  /** Processes reach storage itself: none of them is killed, and no write is watched. */
  hasPlainStorage?: boolean;
  /** Parts of the app that stand for those of the settings. */
  replaced?: (app: AppContext) => Partial<AppContext>;
}

/** The servers around the app without its host: storage, the source, mail and text messages. */
export class AppWorld {
  /** Calls of the API of the source. */
  readonly exchanges: Exchange[] = [];
  private readonly processes: AppProcess[] = [];

  private constructor(
    readonly storage: TestStorage,
    readonly simulator: GenesysSimulator,
    readonly inbox: Inbox,
    readonly mail: TcpProxy,
    private readonly s3: { port: number; stop: () => Promise<void> } | null,
    private readonly options: WorldOptions,
  ) {
    simulator.onExchange = (exchange) => this.exchanges.push(exchange);
  }

  static async start(options: WorldOptions): Promise<AppWorld> {
    const storage = await TestStorage.start();
    const s3 = options.bulk ? await bulkStorage(storage.folder) : null;
    const simulator = await GenesysSimulator.start({
      organisation: options.generated.organisation,
      ...(s3 ? { bucket: s3Writer(`http://127.0.0.1:${s3.port}`, 'recordings') } : {}),
      settings: { callsPerMinute: 30_000, jobDuration: 30, ...options.simulator },
      ...(options.sourceClock ? { clock: options.sourceClock } : {}),
    });
    const inbox = await Inbox.start({ web: 0, smtp: 0 });
    const mail = await TcpProxy.start(Number(new URL(inbox.smtpUrl).port));
    return new AppWorld(storage, simulator, inbox, mail, s3, options);
  }

  get generated(): Generated {
    return this.options.generated;
  }

  get email(): string {
    return this.generated.subject.emails[0]?.address ?? '';
  }

  /**
   * A new process of the app, which knows nothing but what is stored.
   * @param isPlain whether it reaches storage itself, as it can where it is not killed and no write is watched
   */
  async start({ isPlain = this.options.hasPlainStorage === true } = {}): Promise<AppProcess> {
    const blobPort = portOf(this.storage.connectionString, 'Blob');
    const tablePort = portOf(this.storage.connectionString, 'Table');
    const plain = isPlain ? { blob: blobPort, table: tablePort } : null;
    const process = await AppProcess.start({
      blobPort,
      tablePort,
      settingsFor: (ports) => this.settingsFor(plain ?? ports),
      replaced: (app) => ({ viewerAssets: builtAssets, ...this.options.replaced?.(app) }),
    });
    this.processes.push(process);
    return process;
  }

  /** Ends every process that was killed or is not needed any more. */
  async stopProcesses(): Promise<void> {
    await Promise.all(this.processes.splice(0).map((process) => process.stop()));
  }

  async stop(): Promise<void> {
    await this.stopProcesses();
    await Promise.all([this.simulator.stop(), this.mail.stop(), this.inbox.stop()]);
    await this.s3?.stop();
    await this.storage.stop();
  }

  private settingsFor(storage: { blob: number; table: number }): Record<string, string> {
    const unused = { host: 1, genesys: 1, identity: 1, queue: 1 };
    const inbox = Number(new URL(this.inbox.url).port);
    return appSettings({
      root,
      state: this.storage.folder,
      shared: { storage: this.storage },
      ports: { ...unused, ...storage, inbox, smtp: this.mail.port },
      genesysArguments: null,
      genesysUrl: this.simulator.url,
      ...(this.s3 ? { s3Port: this.s3.port } : {}),
      settings: {
        GENESYS_CALLS_PER_MINUTE: '30000',
        EMAILS_PER_MINUTE: '1000',
        EMAILS_PER_HOUR: '10000',
        TEXT_MESSAGES_PER_MINUTE: '1000',
        SMS_CODES_PER_NUMBER_PER_DAY: '100',
        SMS_CODES_PER_COUNTRY_PER_DAY: '100000',
        SEARCH_YEARS: '1',
        SEARCH_WINDOW_DAYS: '31',
        REDACTION_POLICY_FILE: join(root, 'test/helpers/names-kept.json'),
        ...this.options.settings,
      },
    });
  }
}

/** Pages and scripts for the browser are there only when they are built. */
const { viewerAssets: builtAssets } = jest.requireActual<typeof Assets>(
  join(root, 'dist/src/adapters/package/viewer-assets.js'),
);

const portOf = (connectionString: string, service: 'Blob' | 'Table'): number =>
  Number(RegExp(`${service}Endpoint=http://127.0.0.1:(\\d+)`).exec(connectionString)?.[1]);

async function bulkStorage(folder: string): Promise<{ port: number; stop: () => Promise<void> }> {
  const { accessKeyId, secretAccessKey } = s3Credentials;
  // The client of the bucket reads them there.
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const { genesys: port } = await freePorts();
  const directory = join(folder, 's3');
  mkdirSync(directory);
  return { port, ...(await startS3({ port, directory, bucket: 'recordings' })) };
}
