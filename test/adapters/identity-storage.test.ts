import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { UnsecuredJWT } from 'jose';
import { generate } from 'selfsigned';
import { startAzurite } from '../../local/azurite';
import { freePorts } from '../../local/stack/ports';
import { end } from '../../local/stack/processes';
import { BlobPackageStore, BlobScratchStore } from '../../src/adapters/storage/blobs';
import type { StorageByIdentity } from '../../src/adapters/storage/connection';
import { AzureQueueProbe, queuesOf } from '../../src/adapters/storage/queue-probe';
import { Table } from '../../src/adapters/storage/table';
import { root } from '../helpers/root';

/** Azurite over TLS, which takes tokens of an identity, as storage in Azure does. */
describe('storage that is reached by the identity of the app', () => {
  let folder: string;
  let child: ChildProcess;
  let storage: StorageByIdentity;
  let queueUrl: string;
  let cert: string;
  const trusted = getCACertificates();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'storage-'));
    const names = [{ type: 7 as const, ip: '127.0.0.1' }];
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: names }],
    });
    cert = made.cert;
    const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    writeFileSync(tls.cert, made.cert);
    writeFileSync(tls.key, made.private);
    const ports = await freePorts();
    child = await startAzurite({ root, state: folder, ports, tls });
    setDefaultCACertificates([...trusted, cert]);
    queueUrl = `https://127.0.0.1:${ports.queue}/devstoreaccount1`;
    const now = Math.floor(Date.now() / 1000);
    const token = new UnsecuredJWT({ oid: '1', tid: '2' })
      .setAudience('https://storage.azure.com')
      .setIssuer('https://sts.windows.net/2/')
      .setIssuedAt(now)
      .setNotBefore(now - 60)
      .setExpirationTime(now + 3600)
      .encode()
      // The emulator reads tokens without checking them, but wants three parts.
      .replace(/\.$/, '.x');
    storage = {
      blobUrl: `https://127.0.0.1:${ports.blob}/devstoreaccount1`,
      tableUrl: `https://127.0.0.1:${ports.table}/devstoreaccount1`,
      credential: {
        getToken: () => Promise.resolve({ token, expiresOnTimestamp: (now + 3600) * 1000 }),
      },
    };
  }, 90_000);
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Status of a call by a link, as a browser makes it. */
  const statusOf = (url: string, method = 'GET'): Promise<number> =>
    new Promise((done, fail) => {
      request(url, { method, ca: cert }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      })
        .on('error', fail)
        .end();
    });

  it('stores rows and scratch data', async () => {
    const table = new Table(storage, 'rows');
    expect(await table.insert({ partitionKey: 'a', rowKey: 'b', value: 1 })).toBe(true);
    expect(await table.insert({ partitionKey: 'a', rowKey: 'b', value: 2 })).toBe(false);
    expect((await table.get('a', 'b'))?.['value']).toBe(1);
    const work = new BlobScratchStore(storage);
    const key = Buffer.alloc(32, 1);
    const ref = { name: 'x.json' };
    await work.write('r', ref, key, { a: 1 });
    expect(await work.read('r', ref, key)).toEqual({ a: 1 });
  });

  it('tells which queues the task hub lacks, and leaves nothing behind', async () => {
    const { credential } = storage;
    const hub = { name: 'TestHub', partitions: 2 };
    const probe = new AzureQueueProbe({ queueUrl, credential }, () => hub);
    const { token } = (await credential.getToken([])) ?? { token: '' };
    const queues = async (path: string, method = 'GET'): Promise<string> => {
      const headers = { Authorization: `Bearer ${token}`, 'x-ms-version': '2021-12-02' };
      return (await fetch(`${queueUrl}/${path}`, { method, headers })).text();
    };
    const [first = '', ...others] = queuesOf(hub);
    expect(await probe.missing()).toEqual([first, ...others]);
    // The hub of another installation has a name that begins in the same way.
    for (const name of [...others, `${hub.name.toLowerCase()}2-control-00`])
      await queues(name, 'PUT');
    expect(await probe.missing()).toEqual([first]);
    const before = await queues('?comp=list');
    await queues(first, 'PUT');
    expect(await probe.missing()).toEqual([]);
    await queues(first, 'DELETE');
    expect(await queues('?comp=list')).toBe(before);
  });

  it('tells a refusal of the queues from no answer', async () => {
    const hub = () => ({ name: 'TestHub', partitions: 2 });
    const nobody = { getToken: () => Promise.resolve(null) };
    const unknown = new AzureQueueProbe({ queueUrl, credential: nobody }, hub);
    const away = new AzureQueueProbe(
      { queueUrl: 'https://127.0.0.1:9/devstoreaccount1', credential: storage.credential },
      hub,
    );
    for (const [probe, isForbidden] of [
      [unknown, true],
      [away, false],
    ] as const) {
      const error = await probe.missing().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).not.toBeNull();
      expect(probe.isForbidden(error)).toBe(isForbidden);
    }
  });

  it('issues links that are signed for the identity: one blob, read only, TLS only, for minutes', async () => {
    const packages = new BlobPackageStore(storage);
    const id = Buffer.from('block-1').toString('base64');
    await packages.stageBlock('r', id, Buffer.from('hello'));
    await packages.commit('r', [id], null);
    const link = await packages.link('r', 10);
    if (!link) throw new Error('no link');
    const { url, expiresAt } = link;
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    const query = new URL(url).searchParams;
    expect([query.get('skoid'), query.get('sp'), query.get('sr'), query.get('spr')]).toEqual([
      '1',
      'r',
      'b',
      'https',
    ]);
    expect(await statusOf(url)).toBe(200);
    expect(await statusOf(url, 'DELETE')).toBe(403);
    expect(await statusOf(url.replace('sp=r', 'sp=rw'))).toBe(403);
    expect(await statusOf(url.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'))).toBe(403);
    expect(await statusOf(url.replace('r.zip', 'other.zip'))).toBe(403);
    await packages.delete('r');
    expect(await packages.link('r', 10)).toBeNull();
    expect(await statusOf(url)).toBe(404);
  });
});
