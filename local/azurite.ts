import { BlobServiceClient } from '@azure/storage-blob';
import { spawn, type ChildProcess } from 'node:child_process';
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

const account = 'devstoreaccount1';
const startTimeout = 60_000;

/** The emulator's account and key in the form of AZURITE_ACCOUNTS; the key is made at the first start. */
function accountKey(state: string): string {
  const path = join(state, 'azurite-key');
  if (!existsSync(path)) {
    mkdirSync(state, { recursive: true });
    writeFileSync(path, randomBytes(64).toString('base64'), { mode: 0o600 });
  }
  return `${account}:${readFileSync(path, 'utf8')}`;
}

export function storageConnectionString(state: string, ports: AzuritePorts): string {
  const [name = '', key = ''] = accountKey(state).split(':');
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

/**
 * Starts Azurite in a process of its own, with its data on disk, by default under `state`, and waits until it
 * listens.
 * @param root folder whose node_modules has Azurite
 * @param location folder for its data
 */
export async function startAzurite(
  root: string,
  state: string,
  ports: AzuritePorts,
  location = join(state, 'azurite'),
  /** Files of a certificate, to serve TLS and to take tokens of an identity. */
  tls: { cert: string; key: string } | null = null,
): Promise<ChildProcess> {
  mkdirSync(location, { recursive: true });
  const log = openSync(join(state, 'azurite.log'), 'a');
  const service = (name: string, port: number): string[] => [
    `--${name}Host`,
    '127.0.0.1',
    `--${name}Port`,
    String(port),
  ];
  const child = spawn(
    process.execPath,
    [
      join(resolve(root), 'node_modules/azurite/dist/src/azurite.js'),
      ...service('blob', ports.blob),
      ...service('queue', ports.queue),
      ...service('table', ports.table),
      ...['--location', location, '--disableTelemetry', '--skipApiVersionCheck'],
      ...(tls ? ['--cert', tls.cert, '--key', tls.key, '--oauth', 'basic'] : []),
    ],
    { stdio: ['ignore', log, log], env: { ...process.env, AZURITE_ACCOUNTS: accountKey(state) } },
  );
  closeSync(log);
  await Promise.all([ports.blob, ports.table].map((port) => listening(port, child)));
  return child;
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
