import { BlobServiceClient } from '@azure/storage-blob';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface AzuritePorts {
  blob: number;
  queue: number;
  table: number;
}

export interface StorageAccount {
  name: string;
  key: string;
}

export interface AzuriteOptions {
  /** Folder whose `dist` has the script that runs Azurite. */
  root: string;
  /** Folder for its log, and for the key of its account. */
  state: string;
  ports: AzuritePorts;
  /** Accounts that it serves; by default the one of the state folder. */
  accounts?: StorageAccount[];
  /** Folder for its data, by default under `state`; null keeps them in memory. */
  location?: string | null;
  /** Files of a certificate, to serve TLS and to take tokens of an identity. */
  tls?: { cert: string; key: string };
  /** Script in `dist/local` that runs it. */
  script?: string;
  /** Memory that it may take, in megabytes; what Node allows without it. */
  memoryMegabytes?: number;
}

const startTimeout = 60_000;

/** The emulator's account of a state folder; its key is made at the first start. */
export function accountOf(state: string): StorageAccount {
  const path = join(state, 'azurite-key');
  if (!existsSync(path)) {
    mkdirSync(state, { recursive: true });
    writeFileSync(path, newAccountKey(), { mode: 0o600 });
  }
  return { name: 'devstoreaccount1', key: readFileSync(path, 'utf8') };
}

export const newAccountKey = (): string => randomBytes(64).toString('base64');

/** File to which Azurite writes a line for every call. */
export const storageLogOf = (state: string): string => join(state, 'azurite.log');

export function storageConnectionString(
  { name, key }: StorageAccount,
  ports: AzuritePorts,
): string {
  const at = (service: string, port: number): string =>
    `${service}Endpoint=http://127.0.0.1:${port}/${name}`;
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${name}`,
    `AccountKey=${key}`,
    at('Blob', ports.blob),
    at('Queue', ports.queue),
    at('Table', ports.table),
  ].join(';');
}

/** Starts Azurite in a process of its own and waits until it listens. It ends with this process. */
export async function startAzurite(options: AzuriteOptions): Promise<ChildProcess> {
  const { root, state, ports, accounts = [accountOf(state)] } = options;
  const { script = 'azurite-main.js', memoryMegabytes } = options;
  const log = openSync(storageLogOf(state), 'a');
  const child = fork(join(resolve(root), 'dist/local', script), azuriteArguments(options), {
    ...(memoryMegabytes === undefined
      ? {}
      : { execArgv: [`--max-old-space-size=${memoryMegabytes}`] }),
    stdio: ['ignore', log, log, 'ipc'],
    env: {
      ...process.env,
      AZURITE_ACCOUNTS: accounts.map(({ name, key }) => `${name}:${key}`).join(';'),
    },
  });
  closeSync(log);
  await Promise.all([ports.blob, ports.table].map((port) => listening(port, child)));
  return child;
}

function azuriteArguments({ state, ports, location, tls }: AzuriteOptions): string[] {
  const service = (name: string, port: number): string[] => [
    ...[`--${name}Host`, '127.0.0.1'],
    ...[`--${name}Port`, String(port)],
  ];
  const folder = location === undefined ? join(state, 'azurite') : location;
  if (folder !== null) mkdirSync(folder, { recursive: true });
  return [
    ...service('blob', ports.blob),
    ...service('queue', ports.queue),
    ...service('table', ports.table),
    ...(folder === null ? ['--inMemoryPersistence'] : ['--location', folder]),
    ...['--disableTelemetry', '--skipApiVersionCheck'],
    ...(tls ? ['--cert', tls.cert, '--key', tls.key, '--oauth', 'basic'] : []),
  ];
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeout;
  while (Date.now() < deadline && child.exitCode === null) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (isOpen) return;
    await delay(50);
  }
  throw new Error('Azurite did not start; see azurite.log.');
}

/** Lets the portal's page, and no other, read packages from the browser. */
export async function allowPortal(connectionString: string, portalOrigin: string): Promise<void> {
  await BlobServiceClient.fromConnectionString(connectionString).setProperties({
    cors: [
      {
        allowedOrigins: portalOrigin,
        allowedMethods: 'GET,HEAD',
        allowedHeaders: 'range,if-match,x-ms-*',
        exposedHeaders: 'Content-Range,Content-Length,Accept-Ranges,ETag',
        maxAgeInSeconds: 3600,
      },
    ],
  });
}
