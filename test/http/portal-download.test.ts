import { BlobServiceClient } from '@azure/storage-blob';
import { allowPortal } from '../../local/azurite';
import { countItems, newItem, exported } from '../../src/core/package/items';
import { requestStates } from '../../src/core/request/states';
import { portalOrigin, read, type HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { hour, minute, startPortalApp } from '../helpers/portal-calls';

let app: HttpApp;
beforeAll(async () => {
  app = await startPortalApp();
}, 60_000);
afterAll(() => app.stop());

describe('a download', () => {
  it('needs a step-up since the release, however lately one was completed', async () => {
    const request = await TestRequest.in(app, 'packaging');
    const person = await request.verified();
    app.clock.advance(1);
    await request.move('available');
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'verify',
      methods: ['sms', 'oidc'],
      isAgain: true,
      isSecond: false,
    });
    const calls: [string, object][] = [
      ['download', { by: 'page' }],
      ['passphrase', {}],
      ['delivered', { bytes: 20 }],
      ['app', {}],
      ['app/confirm', { code: '123456' }],
    ];
    for (const [path, body] of calls)
      await expect(person.call('POST', path, body)).rejects.toMatchObject({
        status: 403,
        code: 'stepUpRequired',
      });
    await person.verify(await request.code(person));
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download' });
  });

  it('is by a link that lives minutes, a passphrase shown apart, and the report of the page', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const count = (await request.entries()).length;
    for (const [by, minutes] of [
      ['page', 10],
      ['browser', 60],
    ] as const) {
      const link = await person.link(by);
      expect(link).toEqual({
        url: expect.stringContaining(`/packages/${request.id}.zip?`) as string,
        expiresAt: expect.any(String) as string,
        etag: await app.parts.packages.version(request.id),
        minutes,
        bytes: 20,
      });
      const lives = (Date.parse(link.expiresAt) - Date.now()) / minute;
      expect(Math.abs(lives - minutes)).toBeLessThan(1.5);
      const until = app.clock.now().getTime() + (minutes + 5) * minute;
      expect((await request.record()).downloadUntil).toBe(new Date(until).toISOString());
      expect(await (await fetch(link.url)).text()).toBe('an encrypted package');
    }
    const { passphrase } = await person.call<{ passphrase: string }>('POST', 'passphrase');
    expect(passphrase).toMatch(/^(\w{4}-){6}\w{4}$/);
    await expect(person.call('POST', 'delivered', { bytes: 19 })).rejects.toMatchObject({
      status: 400,
      code: 'invalidBody',
    });
    expect((await request.record()).state).toBe('available');
    for (let i = 0; i < 2; i += 1)
      expect(await person.call('POST', 'delivered', { bytes: 20 })).toEqual({});
    expect(await request.events(count)).toEqual([
      'linkMinted page 10',
      'linkMinted browser 60',
      'passphraseShown',
      'downloadReported 20',
      'stateChanged delivered',
      'downloadReported 20',
    ]);
  });

  it.each(requestStates)('has no package in another state: %s', async (state) => {
    const request = await TestRequest.in(app, state);
    const isAvailable = state === 'available' || state === 'delivered';
    const token = await app.parts.codesAndSessions.startSession(request.id, ['totp']);
    const headers = { Origin: portalOrigin, cookie: `__Host-session=${token}` };
    const calls: [string, object][] = [
      ['download', { by: 'page' }],
      ['passphrase', {}],
      ['delivered', { bytes: 20 }],
    ];
    const isClosed = ['cancelled', 'refused', 'recalled'].includes(state);
    for (const [path, body] of calls) {
      const { code } = await read(await app.post(`/portal/api/${path}`, body, headers));
      const refused = isClosed ? 'sessionEnded' : 'notAvailable';
      expect(`${path} ${String(code)}`).toBe(`${path} ${isAvailable ? 'undefined' : refused}`);
    }
  });

  it('says what is done with the data that is in it, in the language of the person', async () => {
    const german = { details: { locale: 'de-AT' } };
    const request = await TestRequest.in(app, 'available', german);
    const entry = { name: 'audio-1.mp3', size: 1, sha256: '0' };
    const items = [exported(newItem(1, 'audio', 1, 'r1'), entry)];
    await app.parts.items.putCounts(request.id, 1, countItems(items));
    const person = await request.opened();
    expect(await person.call('GET', 'request')).not.toHaveProperty('processing');
    await person.verify(await request.code(person));
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'download',
      processing: {
        language: 'de',
        controller: { name: 'Example Mail Order', contact: 'privacy@shop.example' },
        parts: [{ kinds: ['recordings'], retention: 'Sechs Monate nach dem Gespräch.' }],
      },
    });
  });

  it('ends when the package does, and waits for one that runs', async () => {
    const request = await TestRequest.in(app, 'available');
    app.clock.advance(168 * hour - 2 * minute);
    const person = await request.verified();
    await person.link('page');
    app.clock.advance(4 * minute);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download', isOver: true });
    expect((await person.link('page')).bytes).toBe(20);
    app.clock.advance(14 * minute + 59_999);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download' });
    app.clock.advance(1);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'ended' });
    await expect(person.link('page')).rejects.toMatchObject({ status: 409, code: 'notAvailable' });
    await expect(person.call('POST', 'passphrase')).rejects.toMatchObject({ code: 'notAvailable' });
  });

  it('has no package where the package is gone', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    await app.parts.packages.delete(request.id);
    const count = (await request.entries()).length;
    await expect(person.link()).rejects.toMatchObject({ code: 'notAvailable' });
    expect((await request.entries()).length).toBe(count);
  });
});

describe('somebody with a link to the package', () => {
  it('can read this package only, change nothing, and read nothing after a recall', async () => {
    const { connectionString } = app.storage;
    await allowPortal(connectionString, portalOrigin);
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const { url, etag } = await person.link('page');
    expect((await fetch(url, { headers: { Range: 'bytes=0-3' } })).status).toBe(206);
    expect((await fetch(url, { headers: { 'If-Match': etag } })).status).toBe(200);
    const container = url.replace(/\/packages\/[^?]+/, '/packages');
    const acquire = { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '-1' };
    const tries: [string, RequestInit][] = [
      [url.replace(request.id, '00000000-0000-0000-0000-000000000000'), {}],
      [url.replace('/packages/', '/scratch/'), {}],
      [`${container}&restype=container&comp=list`, {}],
      [url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' }],
      [url, { method: 'DELETE' }],
      [`${url}&comp=metadata`, { method: 'PUT' }],
      [`${url}&comp=lease`, { method: 'PUT', headers: acquire }],
      [url.replace(/sp=r/, 'sp=rwd'), {}],
      [url.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'), {}],
    ];
    for (const [i, [address, init]] of tries.entries())
      expect([i, (await fetch(address, init)).status]).toEqual([i, 403]);
    const page = await fetch(url, { headers: { Origin: portalOrigin } });
    expect(page.headers.get('access-control-allow-origin')).toBe(portalOrigin);
    expect(page.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
    const other = await fetch(url, { headers: { Origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await person.link('page');
    const recalled = await read(
      await app.post(
        `${request.path}/recall`,
        { justification: 'Wrong person.' },
        await app.bearer('Requests.Recall'),
      ),
    );
    // When the recall returns, everything has been deleted.
    expect((await fetch(url)).status).toBe(404);
    await expect(person.link()).rejects.toMatchObject({ status: 401 });
    expect(await person.call('GET', 'request')).toMatchObject({ state: 'recalled' });
    await expect(request.open(app.browser())).rejects.toMatchObject({ code: 'invitationNotFound' });
    const downloads = recalled.body['downloads'] as {
      linksGivenOut: string[];
      storageLog: { until: string; reads: { at: string }[] };
    };
    expect(downloads.linksGivenOut).toHaveLength(2);
    expect(downloads.storageLog.reads.length).toBeGreaterThan(2);
    expect(Date.parse(downloads.storageLog.until)).toBeLessThanOrEqual(Date.now() + 1000);
    const blob = BlobServiceClient.fromConnectionString(connectionString)
      .getContainerClient('packages')
      .getBlobClient(`${request.id}.zip`);
    expect(await blob.exists()).toBe(false);
  });
});
