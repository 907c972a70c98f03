import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { viewerScript } from '../../src/core/package/viewer-script';
import type { ViewerIndex } from '../../src/core/package/viewer-index';
import { describeInBrowser, screenshots, startBrowser, violations } from '../helpers/browser';
import { organisationOf, Scenario } from '../helpers/scenario';

const hostile =
  '<img src=x onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';

describeInBrowser('the viewer of a package, from disk', () => {
  let browser: Browser;
  let scenario: Scenario;
  let folder: string;
  let file: string;
  let passphrase: string;
  const problems: string[] = [];

  async function open(viewport: { width: number; height: number }, from = folder): Promise<Page> {
    const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|about):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(join(from, 'index.html')).href);
    return page;
  }

  beforeAll(async () => {
    browser = await startBrowser();
    const generated = organisationOf(30, 81);
    for (const { recordings, messages, emails } of generated.organisation.conversations) {
      for (const { transcript } of recordings) transcript?.forEach((one) => (one.text += hostile));
      for (const one of [...messages, ...emails]) one.text += hostile;
      for (const email of emails) email.subject += hostile;
    }
    for (const queue of generated.organisation.queues) queue.name += hostile;
    scenario = await Scenario.start({ generated });
    const requestId = await scenario.request({ timeZone: 'Europe/Berlin' });
    ({ folder, file, passphrase } = await scenario.fulfil(requestId));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  afterEach(() => expect(problems.splice(0)).toEqual([]));

  it.each([
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 900 }],
  ])(
    'shows the timeline and a call with its transcript at %s width, and runs nothing of it',
    async (name, size) => {
      const page = await open(size);
      expect(await page.locator('nav li').count()).toBeGreaterThan(20);
      await page.selectOption('select >> nth=0', 'voice');
      const lines = await page.locator('nav li button').all();
      for (const line of lines) {
        await line.click();
        await page.waitForSelector('article h2');
        if ((await page.locator('.cues button').count()) > 0) break;
        // On a phone the list and what was chosen from it take turns.
        const back = page.locator('.back');
        if (await back.isVisible()) await back.click();
      }
      expect(await page.locator('.cues').first().innerText()).toContain('<script>');
      expect(await page.title()).toBe('Your data');
      await page.screenshot({ path: join(screenshots, `viewer-${name}.png`), fullPage: true });
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(size.width);
      expect(await violations(page, false)).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('shows emails and messages, searches all texts, and speaks other languages', async () => {
    const page = await open({ width: 1280, height: 900 });
    await page.fill('input[type=search]', 'parcel');
    expect(await page.locator('nav li').count()).toBe(0);
    await page.check('input[type=checkbox]');
    await page.waitForSelector('nav li');
    await page.locator('nav li button').first().click();
    await page.waitForSelector('article pre');
    expect(await page.locator('article').innerText()).toContain('Where is my parcel?');
    await page.selectOption('select >> nth=1', 'de');
    expect(await page.locator('h1').innerText()).toContain('Ihre Daten');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.locator('summary').first().click();
    expect(await page.locator('.report li').first().innerText()).toMatch(/^Gespräche: \d+ von/);
    await page.context().close();
  });

  it('shows notes and visits on the timeline, answers to surveys, and screens', async () => {
    const page = await open({ width: 1280, height: 900 });
    const openFirst = async (channel: string): Promise<string> => {
      await page.selectOption('select >> nth=0', channel);
      await page.locator('nav li button').first().click();
      await page.waitForSelector('article h2');
      return page.locator('article').innerText();
    };
    const { subject } = scenario.generated;
    expect(subject.notes.some(({ text }) => text !== '')).toBe(true);
    const note = await openFirst('note');
    // Staff is called by pseudonyms.
    const marks = subject.notes.flatMap(({ text }) => /\[note [^\]]+\]/.exec(text) ?? []);
    expect(marks.some((mark) => note.includes(mark))).toBe(true);
    expect(await openFirst('visit')).toContain('http');
    await page.selectOption('select >> nth=0', '');
    const wanted = new Set(['Your answers to surveys', 'Screen']);
    for (const line of await page.locator('nav li button').all()) {
      await line.click();
      await page.waitForSelector('article h2');
      for (const title of await page.locator('article h3').allInnerTexts()) wanted.delete(title);
      if (wanted.size === 0) break;
    }
    expect([...wanted]).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('has a page beside it that checks the archive, and tells a changed one', async () => {
    const page = await (await browser.newContext()).newPage();
    page.on('request', (request) => {
      if (!/^(file|data|about|blob):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'check.html')).href);
    const keys = await (await fetch(`${scenario.stack.hostUrl}/.well-known/jwks.json`)).text();
    const [archive, publicKeys] = await page.locator('input[type=file]').all();
    const check = async (path: string): Promise<string> => {
      await archive?.setInputFiles(path);
      await page.getByRole('button', { name: 'Check' }).click();
      await page.locator('main button:enabled').waitFor();
      return page.locator('[role=status]').innerText();
    };
    await page.getByLabel('Passphrase').fill(passphrase);
    expect(await check(file)).toMatch(/Every hash holds[^]*not checked/);
    await publicKeys?.setInputFiles({
      name: 'jwks.json',
      mimeType: 'application/json',
      buffer: Buffer.from(keys),
    });
    expect(await check(file)).toContain('The signature is by one of the keys given.');
    const changed = join(scenario.state, 'changed.zip');
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(changed, bytes);
    expect(await check(changed)).not.toContain('Every hash holds');
    await page.getByLabel('Passphrase').fill('WRONG');
    expect(await check(file)).toContain('cannot be opened');
    expect(await violations(page, false)).toEqual([]);
    await page.screenshot({ path: join(screenshots, 'check.png') });
    await page.context().close();
  }, 60_000);

  it('says that the archive has to be unpacked where its scripts are not beside it', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'viewer-'));
    cpSync(join(folder, 'index.html'), join(alone, 'index.html'));
    const page = await open({ width: 800, height: 600 }, alone);
    expect(await page.locator('#unpack').innerText()).toContain('unpack the whole archive');
    problems.splice(0);
    await page.context().close();
    rmSync(alone, { recursive: true });
  });

  it('opens an index of 100,000 conversations, and stays responsive', async () => {
    const large = mkdtempSync(join(tmpdir(), 'viewer-'));
    cpSync(join(folder, 'index.html'), join(large, 'index.html'));
    cpSync(join(folder, 'viewer'), join(large, 'viewer'), { recursive: true });
    const source = readFileSync(join(folder, 'viewer/index.js'), 'utf8');
    const index = JSON.parse(source.slice(source.indexOf(']=') + 2, -2)) as ViewerIndex;
    const some = index.rows;
    index.rows = Array.from({ length: 100_000 }, (_, i) => {
      const one = some[i % some.length];
      if (!one) throw new Error('no rows');
      return { ...one, row: { ...one.row, number: i + 1 } };
    });
    writeFileSync(join(large, 'viewer/index.js'), viewerScript('index', index));
    const page = await open({ width: 1280, height: 900 }, large);
    await page.waitForSelector('nav li');
    expect(await page.locator('nav li').count()).toBe(100);
    await page.fill('input[type=search]', '99999');
    await page.waitForFunction('document.querySelectorAll("nav li").length < 100');
    await page.context().close();
    rmSync(large, { recursive: true });
  }, 60_000);
});
