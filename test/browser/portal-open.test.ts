import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import type { Browser, Page } from 'playwright-core';
import { viewerPackage, type ShownConversation } from '../../local/viewer-package';
import { sampleConversations } from '../../local/viewer-sample';
import { describeInBrowser, holds, startBrowser, violations } from '../helpers/browser';
import { Pages } from '../helpers/portal-pages';

const passphrase = 'correct horse battery staple';
const markup = '<script>document.title="hacked"</script>';

/** The message file of a mail with a page attached. */
const message = [
  ...[
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'Words',
  ],
  ...['--x', 'Content-Disposition: attachment; filename=page.html', 'Content-Type: text/html'],
  ...['Content-Transfer-Encoding: base64', '', Buffer.from(markup).toString('base64'), '--x--', ''],
].join('\r\n');

const mail: ShownConversation = {
  row: { start: '2026-11-14T04:37:00.000Z', channel: 'email', emails: 1 },
  files: [{ kind: 'email', file: 'email-1.eml', content: Buffer.from(message) }],
  texts: {
    emails: [
      {
        ...{
          from: 'me@mail.example',
          to: 'shop@shop.example',
          cc: '',
          subject: 'A page',
          html: '',
        },
        ...{ at: '2026-11-14T04:37:00.000Z', text: 'Words', file: 'email-1.eml' },
        attachments: [{ file: null, name: 'page.html', type: 'text/html', size: markup.length }],
      },
    ],
  },
};

/** An encrypted archive of all files of a folder. */
async function archiveOf(folder: string): Promise<Buffer> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    ...{ password: passphrase, encryptionStrength: 3, useWebWorkers: false },
  });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(folder, name)).isFile()) continue;
    await writer.add(name, new Uint8ArrayReader(readFileSync(join(folder, name))));
  }
  return Buffer.from(await writer.close());
}

describeInBrowser('a package that is opened in the portal', () => {
  let browser: Browser;
  let served: Pages;
  let folder: string;
  let page: Page;
  const problems: string[] = [];
  const call = sampleConversations(40, new Date('2026-11-24T12:00:00Z')).find(
    ({ texts, files }) => (texts?.transcripts ?? []).length > 0 && (files ?? []).length > 0,
  );

  beforeAll(async () => {
    [browser, served] = await Promise.all([startBrowser(), Pages.start()]);
    folder = mkdtempSync(join(tmpdir(), 'portal-open-'));
    if (!call) throw new Error('There is no call.');
    viewerPackage(folder, [call, mail]);
    served.content = await archiveOf(folder);
    served.api = (path) =>
      path === 'passphrase' ? { status: 200, body: { passphrase } } : served.link();
  });
  afterEach(async () => {
    await page.context().close();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(() => {
    served.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(place: string): Promise<void> {
    const viewport = { width: 1280, height: 900 };
    page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (one) => {
      if (one.type() === 'error') problems.push(one.text());
    });
    await page.addInitScript('delete window.showSaveFilePicker');
    await page.goto(`${served.url}/portal/open${place}`);
    await page.locator('article h1').waitFor();
  }

  it('plays a recording from any phrase, as often as it is asked to, at the speed that was chosen', async () => {
    await open('#/conversations/1');
    await page.getByText('2×', { exact: true }).click();
    const playFrom = (time: string) =>
      page.getByRole('button', { name: `Play from ${time}` }).click();
    const isPast = (seconds: number) =>
      holds(
        page,
        `(() => { const one = document.querySelector('audio'); return !one.paused && one.currentTime >= ${seconds}; })()`,
      );
    await playFrom('0:23');
    await isPast(23);
    expect(await page.evaluate<number>('document.querySelector("audio").playbackRate')).toBe(2);
    await page.getByRole('button', { name: 'Pause' }).click();
    const last = page.getByRole('button', { name: /^Play from/ }).last();
    const time = (await last.innerText()).split(':').map(Number);
    await last.click();
    await isPast((time[0] ?? 0) * 60 + (time[1] ?? 0));
  });

  it('saves a file of a mail, an active one as something that no double click runs', async () => {
    await open('#/conversations/2');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save page.html' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('page.bin');
    expect(readFileSync(await download.path(), 'utf8')).toBe(markup);
    expect(await page.title()).not.toBe('hacked');
    expect(await violations(page)).toEqual([]);
  });
});
