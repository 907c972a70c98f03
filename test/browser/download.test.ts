import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { browserOfAPerson, describeInBrowser, holds, startBrowser } from '../helpers/browser';
import { eventually } from '../helpers/eventually';
import { isLong } from '../helpers/long-tests';
import { foundOf, organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';
import { openUntil, showOnly } from '../helpers/viewer-list';

/** Size of the package, which is downloaded in three pieces; 2048 in `npm run test:long`. */
const mebibytes = Number(process.env['DOWNLOAD_MIB'] ?? '18');
const isLarge = mebibytes > 1024;
const mebibyte = 1024 * 1024;
const screens = 4;

/** What a file dialog would give: a file of the browser's private folder, chosen by nobody. */
const stubbedDialogs = `
  window.showSaveFilePicker = async () =>
    (await navigator.storage.getDirectory()).getFileHandle('chosen.zip', { create: true });
`;

/** Hash of the one file of this size that the browser keeps in its profile. */
async function hashIn(profile: string, size: number): Promise<string> {
  const folder = join(profile, 'Default/File System');
  const [file, ...others] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size === size);
  if (file === undefined || others.length > 0) throw new Error('The download is not there once.');
  return hashOf(createReadStream(file));
}

async function hashOf(content: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

describeInBrowser('a download', () => {
  let scenario: Scenario;
  let requestId: string;
  let expected: string;
  let size: number;
  const mails = 2;

  beforeAll(async () => {
    const generated = organisationOf(14, 91);
    const own = foundOf(generated);
    const [first] = own.filter(({ recordings }) => recordings.length > 0);
    if (!first) throw new Error('the subject has no recordings');
    const like = first.recordings[0];
    for (let i = 0; i < screens && like; i += 1) {
      const id = `${String(i)}${like.id.slice(1)}`;
      const seconds = Math.ceil((mebibytes * mebibyte) / screens / 200);
      first.recordings.push({ ...like, id, media: 'screen', seconds, transcript: null });
    }
    const settings = { PORTAL_LINK_MINUTES: '1' };
    // A package of two gibibytes takes minutes.
    scenario = await Scenario.start({ generated, settings, patience: 500 });
    requestId = await scenario.request();
    await scenario.stepUp();
    await scenario.untilState(requestId, 'available');
    await scenario.link(mails);
    const blob = BlobServiceClient.fromConnectionString(scenario.stack.connectionString)
      .getContainerClient('packages')
      .getBlobClient(`${requestId}.zip`);
    const { readableStreamBody, contentLength = 0 } = await blob.download();
    if (!readableStreamBody) throw new Error('There is no package.');
    expected = await hashOf(readableStreamBody as AsyncIterable<unknown>);
    size = contentLength;
  }, 600_000);
  afterAll(async () => {
    await scenario.stop();
  });

  /** The page of somebody who has proven who they are. */
  async function arrive(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(await scenario.link(mails));
    await stepUp(page);
    return page;
  }
  async function stepUp(page: Page): Promise<void> {
    const before = (await scenario.messages()).length;
    await page.getByRole('button', { name: 'Send the code' }).click();
    const code = await eventually('the code', async () => {
      const texts = (await scenario.messages()).slice(before);
      return texts.find(({ kind }) => kind === 'sms')?.text.slice(0, 8);
    });
    await page.getByLabel('Code from the text message').fill(code);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Your data is ready' }).waitFor();
  }
  /** What the page shows of the download, which screen readers are told elsewhere as well. */
  const told = (page: Page, text: string | RegExp): Locator =>
    page.locator('.download').getByRole('paragraph').filter({ hasText: text });
  const done = (page: Page): Promise<void> =>
    told(page, 'Done. The file is on your device.').waitFor({ timeout: 590_000 });

  it('goes on when its link has ended on the way, twice, into a file that the person chose', async () => {
    const { context, profile, end } = await browserOfAPerson({ locale: 'en' });
    await context.addInitScript(stubbedDialogs);
    const page = await arrive(context);
    let links = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/portal/api/download')) links += 1;
    });
    if (isLarge) {
      // Slow enough for links of a minute to end by themselves.
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: 16 * mebibyte,
        uploadThroughput: -1,
      });
    } else {
      // Storage refuses what is read by a link whose end is another one: as it does when it has ended.
      let pieces = 0;
      await page.route('**/packages/**', (route) => {
        pieces += route.request().method() === 'GET' ? 1 : 0;
        const hasEnded = pieces === 2 || pieces === 4;
        const url = route.request().url();
        return route.continue(
          hasEnded ? { url: url.replace(/se=[^&]+/, 'se=2020-01-01T00%3A00%3A00Z') } : {},
        );
      });
    }
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await done(page);
    expect(links).toBeGreaterThanOrEqual(3);
    expect(await hashIn(profile, size)).toBe(expected);
    expect((await scenario.status(requestId)).state).toBe('delivered');
    await end();
  }, 600_000);

  // `portal-download.test.ts` shows this of a page without a host.
  if (isLong) {
    it('goes on where it was when the page is left in the middle, and who they are is asked again', async () => {
      const { context, profile, end } = await browserOfAPerson({ locale: 'en' });
      await context.addInitScript('delete window.showSaveFilePicker');
      const page = await arrive(context);
      let served = 0;
      let isCut = true;
      await page.route('**/packages/**', async (route) => {
        if (route.request().method() !== 'GET') return route.continue();
        served += 1;
        // The connection is lost after two pieces.
        return isCut && served > 2 ? route.abort() : route.continue();
      });
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await told(page, 'The connection is gone.').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await told(page, /^Paused ·/).waitFor({ timeout: 40_000 });
      // After a break that is longer than a session lives.
      await scenario.advanceClock(16 * 60_000);
      isCut = false;
      served = 0;
      await page.goto(await scenario.link(mails));
      await page.reload();
      await page.goto('about:blank');
      await page.goto(await scenario.link(mails));
      await stepUp(page);
      await page.getByRole('button', { name: 'Resume' }).click();
      await done(page);
      const whole = Math.ceil(size / (8 * mebibyte));
      // One of the two pieces may not have been kept yet.
      expect(served).toBeLessThan(whole);
      expect(await hashIn(profile, size)).toBe(expected);
      await end();
    }, 600_000);

    it('is a plain link of its own life in a browser that can write nothing, and the page says so', async () => {
      const context = await (await startBrowser()).newContext({ locale: 'en' });
      await context.addInitScript(
        'delete window.showSaveFilePicker; Object.defineProperty(navigator, "storage", { value: {} });',
      );
      const page = await arrive(context);
      await page.getByText('can’t resume a download that breaks off').waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 60_000 }),
        page.getByRole('button', { name: 'Download', exact: true }).click(),
      ]);
      const file = join(scenario.state, 'plain.zip');
      await download.saveAs(file);
      expect(await hashOf(createReadStream(file))).toBe(expected);
      const ends = /se=([^&]+)/.exec(download.url())?.[1] ?? '';
      const life = Date.parse(decodeURIComponent(ends)) - Date.now();
      expect(life).toBeGreaterThan(50 * 60_000);
      await context.close();
    }, 600_000);
  }

  it('is not needed to look at everything: what is opened here fetches what is looked at, and no more', async () => {
    // Five codes an hour are sent, and so many may have been.
    await scenario.advanceClock(61 * 60_000);
    const context = await (await startBrowser()).newContext({ locale: 'en' });
    await context.addInitScript(stubbedDialogs);
    const page = await arrive(context);
    let bytes = 0;
    page.on('response', (response) => {
      if (response.url().includes('/packages/') && response.request().method() === 'GET')
        bytes += Number(response.headers()['content-length'] ?? 0);
    });
    let peak = 0;
    const sampler = setInterval(() => {
      peak = Math.max(peak, largestRenderer());
    }, 100);
    try {
      await page.getByRole('link', { name: 'View my data', exact: true }).click();
      await page.locator('.latest a').first().waitFor();
      await page.evaluate("location.hash = '#/conversations'");
      await showOnly(page, 'call');
      const save = page.locator('article .player').getByRole('button', { name: /^Save MP3/ });
      expect(await openUntil(page, async () => (await save.count()) > 0)).toBe(true);
      await page.getByRole('button', { name: 'Play', exact: true }).first().click();
      await holds(page, 'document.querySelector("audio")?.readyState > 0');
      await save.first().click();
      await eventually('the saved file', async () => {
        const saved = await page.evaluate<number>(
          `navigator.storage.getDirectory().then((d) => d.getFileHandle('chosen.zip')).then((h) => h.getFile()).then((f) => f.size).catch(() => 0)`,
        );
        return saved > 1000;
      });
      const head = await page.evaluate<string>(
        `navigator.storage.getDirectory().then((d) => d.getFileHandle('chosen.zip')).then((h) => h.getFile())
          .then((f) => f.slice(0, 3).text())`,
      );
      expect(head.startsWith('ID3') || head.charCodeAt(0) !== 0x50).toBe(true);
    } finally {
      clearInterval(sampler);
    }
    expect(bytes).toBeLessThan(8 * mebibyte);
    expect(peak).toBeGreaterThan(0);
    expect(peak / mebibyte).toBeLessThan(300);
    await context.close();
  }, 300_000);
});

/**
 * Memory of the largest renderer of this process's browser, in bytes: as `ps` shows it (RSS less shared files). Other
 * tests have browsers of their own.
 */
function largestRenderer(): number {
  const processes = new Map<number, { parent: number; anonymous: number; isRenderer: boolean }>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const isRenderer = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const field = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      processes.set(Number(pid), {
        parent: field('PPid'),
        anonymous: field('RssAnon') * 1024,
        isRenderer,
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const renderers = [...processes].filter(([pid, { isRenderer }]) => isRenderer && isOurs(pid));
  return Math.max(0, ...renderers.map(([, { anonymous }]) => anonymous));
}
