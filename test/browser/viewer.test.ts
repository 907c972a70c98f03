import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Generated } from '../../local/genesys/generate';
import { extractPackage } from '../../local/open-package';
import { AppWorld } from '../helpers/app-world';
import { describeInBrowser, startBrowser, violations } from '../helpers/browser';
import { downloadedOf } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { organisationOf, withShortRecordings } from '../helpers/organisation';
import { RequestDriver } from '../helpers/request-driver';
import { loadViewer, openRow, openUntil, showOnly, untilOtherList } from '../helpers/viewer-list';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

/** A package as a person has it who downloads it. */
interface Downloaded {
  file: string;
  passphrase: string;
  /** It is unpacked there. */
  folder: string;
  /** The public keys by which its signature is checked. */
  keys: object;
}

/** The package of everything that an organisation has of its subject. */
async function packageOf(generated: Generated, folder: string): Promise<Downloaded> {
  const world = await AppWorld.start({
    generated,
    hasPlainStorage: true,
    simulator: { transcodeDuration: 100 },
    // Staff has pseudonyms, as it has unless a policy says otherwise.
    settings: { SEARCH_WINDOW_DAYS: '92', REDACTION_POLICY_FILE: '' },
  });
  try {
    startMovingTime();
    const driver = new RequestDriver(world, 'T-1', {
      arePagesAtOnce: true,
      body: { timeZone: 'Europe/Berlin' },
    });
    await driver.fulfil();
    const { app } = await driver.present();
    const { bytes, passphrase } = await downloadedOf(app, driver.requestId);
    const file = join(folder, 'package.zip');
    writeFileSync(file, bytes);
    const extracted = join(folder, 'extracted');
    await extractPackage(file, passphrase, extracted);
    return { file, passphrase, folder: extracted, keys: await app.keys.publicKeys() };
  } finally {
    stopMovingTime();
    await world.stop();
  }
}

const hostile =
  '<img src=x onerror="document.title=\'hacked\'"><script>document.title="hacked"</script>';

describeInBrowser('the viewer of a package, from disk', () => {
  let browser: Browser;
  let page: Page;
  let state: string;
  let generated: Generated;
  let downloaded: Downloaded;
  const problems: string[] = [];

  const open = (
    viewport: { width: number; height: number },
    { from = downloaded.folder, place = '' } = {},
  ): Promise<void> => loadViewer(page, from, { viewport, place });

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage({ locale: 'en-GB' });
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|about):/.test(request.url())) problems.push(request.url());
    });
    // Nothing here is played: a second of each recording is there to be checked.
    generated = withShortRecordings(organisationOf(30, 81), 1);
    for (const { recordings, messages, emails } of generated.organisation.conversations) {
      for (const { transcript } of recordings) transcript?.forEach((one) => (one.text += hostile));
      for (const one of [...messages, ...emails]) one.text += hostile;
      for (const email of emails) email.subject += hostile;
    }
    for (const queue of generated.organisation.queues) queue.name += hostile;
    state = mkdtempSync(join(tmpdir(), 'viewer-'));
    downloaded = await packageOf(generated, state);
  }, 120_000);
  afterAll(() => rmSync(state, { recursive: true, force: true }));
  afterEach(() => expect(problems.splice(0)).toEqual([]));

  const rows = () => page.locator('.list-row a');
  const article = () => page.locator('article');

  it.each([
    ['phone', { width: 390, height: 844 }],
    ['desktop', { width: 1280, height: 2400 }],
  ])(
    'shows the list and a call with its transcript at %s width, and runs nothing of it',
    async (_name, size) => {
      await open(size, { place: '#/conversations' });
      await rows().first().waitFor();
      expect(await rows().count()).toBeGreaterThan(size.height > 2000 ? 20 : 8);
      await showOnly(page, 'call');
      const hasPhrases = async () => (await page.locator('.transcript .bubble').count()) > 0;
      expect(await openUntil(page, hasPhrases)).toBe(true);
      expect(await page.locator('.transcript').first().innerText()).toContain('<script>');
      expect(await page.title()).toBe('Your data');
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(size.width);
      expect(await violations(page, false)).toEqual([]);
    },
    60_000,
  );

  it('finds emails and messages by their texts, and speaks other languages', async () => {
    await open({ width: 1280, height: 900 });
    await page.fill('input[type=search]', 'parcel');
    await page.locator('.list-row mark').first().waitFor();
    await page.locator('.searching').waitFor({ state: 'detached' });
    const isMail = async () => (await page.locator('.mail').count()) > 0;
    expect(await openUntil(page, isMail)).toBe(true);
    expect(await article().innerText()).toContain('Where is my parcel?');
    expect(await page.locator('article mark').first().innerText()).toBe('parcel');
    await page.getByLabel('Language').selectOption('de');
    await page.locator('.brand').getByText('Ihre Daten').waitFor();
    await page.locator('html[lang=de]').waitFor();
    await page.getByRole('link', { name: 'Was fehlt' }).first().click();
    await page.locator('h1', { hasText: /Gespräche/ }).waitFor();
    expect(await violations(page, false)).toEqual([]);
  }, 60_000);

  it('shows notes and visits in the list, answers to surveys, screens and chats', async () => {
    await open({ width: 1280, height: 2400 }, { place: '#/conversations' });
    const openFirst = async (kind: string): Promise<string> => {
      await showOnly(page, kind);
      await openRow(page, (await rows().first().getAttribute('data-row')) ?? '');
      return article().innerText();
    };
    const { subject } = generated;
    expect(subject.notes.some(({ text }) => text !== '')).toBe(true);
    const note = await openFirst('note');
    // Staff is called by pseudonyms.
    const marks = subject.notes.flatMap(({ text }) => /\[note [^\]]+\]/.exec(text) ?? []);
    expect(marks.some((mark) => note.includes(mark))).toBe(true);
    expect(note).toMatch(/Agent \d/);
    expect(await openFirst('visit')).toContain('http');
    const chat = await openFirst('chat');
    expect(chat).toContain('Hello, is my order ready?');
    await untilOtherList(page, () => page.goto(page.url().replace(/#.*/, '#/conversations')));
    const wanted = new Set(['Your answers to a survey', 'Recording of the agent’s screen']);
    await openUntil(page, async () => {
      for (const title of await page.locator('article h2').allInnerTexts()) wanted.delete(title);
      return wanted.size === 0;
    });
    expect([...wanted]).toEqual([]);
  }, 60_000);

  it('shows no id and no code of the source on any page', async () => {
    await open({ width: 1280, height: 900 });
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-|agent-[0-9a-f]{8}|\binbound\b|\d{4}-\d\d-\d\dT/;
    for (const [view, shows] of [
      ['', '.latest a'],
      ['conversations', '.list-row a'],
      ['about', '.about-lists'],
      ['missing', '.report h1'],
      ['rights', '.rights h1'],
    ] as const) {
      await page.goto(page.url().replace(/#.*|$/, `#/${view}`));
      await page.locator(shows).first().waitFor();
      // Notes and addresses of pages are content, in which the simulator puts ids.
      const text = (await page.locator('main').innerText()).replaceAll(
        /\[[^\]]*\]|https?:\S+/g,
        '',
      );
      expect(text).not.toMatch(id);
      expect(await violations(page, false)).toEqual([]);
    }
  }, 60_000);

  it('has a page beside it that checks the archive, and tells a changed one', async () => {
    const { file, passphrase, folder, keys } = downloaded;
    const page = await (await browser.newContext()).newPage();
    page.on('request', (request) => {
      if (!/^(file|data|about|blob):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'check.html')).href);
    const [archive, publicKeys] = await page.locator('input[type=file]').all();
    const check = async (path: string): Promise<string> => {
      await archive?.setInputFiles(path);
      await page.getByRole('button', { name: 'Check' }).click();
      await page.locator('main button[aria-busy=false]').waitFor();
      return page.locator('[role=status]').innerText();
    };
    await page.getByLabel('Passphrase').fill(passphrase);
    expect(await check(file)).toMatch(/Every hash holds[^]*not checked/);
    await publicKeys?.setInputFiles({
      name: 'jwks.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(keys)),
    });
    expect(await check(file)).toContain('The signature is by one of the keys given.');
    const changed = join(state, 'changed.zip');
    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(changed, bytes);
    expect(await check(changed)).toMatch(
      /^This package is not as it was written:[^]*what was written/,
    );
    await page.getByLabel('Passphrase').fill('WRONG');
    expect(await check(file)).toContain('cannot be opened');
    expect(await violations(page, false)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('says that the archive has to be unpacked where its scripts are not beside it', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'viewer-'));
    cpSync(join(downloaded.folder, 'index.html'), join(alone, 'index.html'));
    await open({ width: 800, height: 600 }, { from: alone });
    expect(await page.locator('#unpack').innerText()).toContain('unpack the whole archive');
    problems.splice(0);
    rmSync(alone, { recursive: true });
  });
});
