import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { viewerPackage } from '../../local/viewer-package';
import { sampleConversations, samplePerson } from '../../local/viewer-sample';
import { describeInBrowser, holds, startBrowser, violations } from '../helpers/browser';
import { loadViewer } from '../helpers/viewer-list';

/** Conversations of a large package, whose rows stand in more than one script; 100,000 in `npm run test:long`. */
const large = Number(process.env['VIEWER_CONVERSATIONS'] ?? '1100');

describeInBrowser('the pages of the viewer', () => {
  let page: Page;
  let folder: string;
  const problems: string[] = [];
  const conversations = sampleConversations(200, new Date('2026-11-24T12:00:00Z'));
  /** Number of the latest conversation that is so. */
  const latest = (isWanted: (one: (typeof conversations)[number]) => boolean): string =>
    String(conversations.findLastIndex(isWanted) + 1);
  const told = latest(({ texts }) => (texts?.transcripts ?? []).length > 0);
  const untold = latest(({ missing }) => (missing ?? []).length > 0);
  const mail = latest(({ row }) => row.channel === 'email');

  beforeAll(async () => {
    const browser = await startBrowser();
    page = await browser.newPage({ locale: 'en-GB' });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    folder = mkdtempSync(join(tmpdir(), 'viewer-pages-'));
    viewerPackage(folder, conversations, samplePerson(conversations));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => expect(problems.splice(0)).toEqual([]));

  const open = (place = '', options: Parameters<typeof loadViewer>[2] = {}): Promise<void> =>
    loadViewer(page, folder, { place, ...options });

  it('says everything in one sentence, and filters the list by the chart with the keyboard alone', async () => {
    await open();
    const calls = conversations.filter(({ row }) => /voice|callback/.test(row.channel ?? ''));
    const sentence = await page.locator('h1').innerText();
    expect(sentence).toContain(`200 times: ${calls.length} calls`);
    const chart = page.getByRole('slider');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowRight');
    const choice = page.locator('.chart-choice strong');
    expect(await choice.innerText()).toMatch(/^August 2026 to October 2026: \d+ contacts$/);
    const count = /(\d+) contacts/.exec(await choice.innerText())?.[1];
    await page.keyboard.press('Enter');
    await page.locator('.list-row a').first().waitFor();
    expect(page.url()).toContain('from=2026-08-01&to=2026-10-31');
    await holds(page, '!document.querySelector(".filter-count").textContent.includes("…")');
    expect(await page.locator('.filter-count').innerText()).toBe(count);
    await page.goBack();
    await page.locator('.headline').waitFor();
  });

  it('hides a channel in the chart, and shows the figures as a table', async () => {
    await open();
    const bars = page.locator('.chart rect.email');
    expect(await bars.count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: /^Emails/ }).click();
    expect(await bars.count()).toBe(0);
    await page.getByRole('button', { name: 'Show as a table' }).click();
    expect(await page.locator('.chart-figure th[scope=col]').allInnerTexts()).toEqual([
      ...['Month', 'Calls', 'Messages', 'Chats'],
    ]);
    expect(await violations(page, false)).toEqual([]);
  });

  it('opens a row with the keyboard, and goes to the next one and back to the list', async () => {
    await open('#/conversations');
    const [first, second] = [
      page.locator('.list-row a').nth(0),
      page.locator('.list-row a').nth(1),
    ];
    await first.focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.list-row a:focus').getAttribute('data-row')).toBe(
      await second.getAttribute('data-row'),
    );
    await page.keyboard.press('Enter');
    await page.locator('article h1').waitFor();
    await page.locator('h1:focus').waitFor();
    expect(await second.getAttribute('aria-current')).toBe('true');
    await page.getByRole('button', { name: 'Newer conversation' }).click();
    await page.locator('.list-row a[aria-current=true]').first().waitFor();
    await holds(page, 'document.querySelector(".list-row a").ariaCurrent === "true"');
    expect(await page.getByRole('button', { name: 'Newer conversation' }).isDisabled()).toBe(true);
  });

  it('takes turns with the list on a phone, and comes back to the row that was open', async () => {
    await open('#/conversations', { viewport: { width: 390, height: 844 } });
    const row = page.locator('.list-row a').nth(2);
    const id = await row.getAttribute('data-row');
    await row.click();
    await page.locator('article h1').waitFor();
    expect(await page.locator('.list-side').isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.locator('.list-row a:focus').waitFor();
    expect(await page.locator('.list-row a:focus').getAttribute('data-row')).toBe(id);
    await page.getByRole('button', { name: 'Search everything' }).click();
    await page.locator('input[type=search]:focus').waitFor();
    await page.keyboard.type('parcel');
    await page.locator('.list-row mark').first().waitFor();
  });

  it('plays a call in step with its transcript, from any phrase, at any speed', async () => {
    await open(`#/conversations/${told}`);
    await page.locator('.transcript .bubble').first().waitFor();
    const position = () => page.evaluate<number>('document.querySelector("audio").currentTime');
    await page.getByRole('button', { name: 'Play from 0:23' }).click();
    await holds(page, 'document.querySelector("audio").currentTime >= 23');
    const current = page.locator('.bubble[aria-current=true]');
    await current.waitFor();
    expect(await current.innerText()).toContain('Your order left our warehouse yesterday.');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('2×', { exact: true }).click();
    expect(await page.evaluate<number>('document.querySelector("audio").playbackRate')).toBe(2);
    // Keys of the page, where no control has the focus.
    await page.locator('article h1').focus();
    const before = await position();
    await page.keyboard.press('ArrowRight');
    expect(Math.round((await position()) - before)).toBe(5);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('Space');
    const lanes = page.getByRole('slider', { name: 'Position in the recording' });
    await lanes.focus();
    await page.keyboard.press('Home');
    expect(await position()).toBe(0);
    expect(await lanes.getAttribute('aria-valuetext')).toBe('0:00 of 0:46');
  });

  it('says what was removed, and that it is silent in the recording', async () => {
    await open(`#/conversations/${told}`);
    await page.locator('.transcript .bubble').first().waitFor();
    expect(await page.locator('.removed').innerText()).toBe(
      'card number removed, silent in the recording',
    );
    expect(await page.locator('.lane .silence').count()).toBe(2);
    expect(await violations(page, false)).toEqual([]);
  });

  it('follows the recording only while it is asked to', async () => {
    await open(`#/conversations/${told}`, { viewport: { width: 1280, height: 560 } });
    await page.locator('.transcript .bubble').first().waitFor();
    const isSeen = () =>
      page.evaluate<boolean>(
        '[...document.querySelectorAll(".bubble")].at(-1).getBoundingClientRect().bottom <= innerHeight',
      );
    await page.getByLabel('Follow the recording').uncheck();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const seek = 'document.querySelector("audio").currentTime = 40';
    await page.evaluate(seek);
    await page.locator('.bubble').last().and(page.locator('[aria-current]')).waitFor();
    expect(await isSeen()).toBe(false);
    await page.getByLabel('Follow the recording').check();
    await page.evaluate('document.querySelector("audio").currentTime = 1');
    await page.locator('.bubble').first().and(page.locator('[aria-current]')).waitFor();
    await page.evaluate(seek);
    await page.locator('.bubble').last().and(page.locator('[aria-current]')).waitFor();
    await holds(
      page,
      '[...document.querySelectorAll(".bubble")].at(-1).getBoundingClientRect().bottom <= innerHeight',
    );
  });

  it('gives the reason in the place of what is missing, and shows all that lack the same', async () => {
    await open(`#/conversations/${untold}`);
    const gap = page.locator('article .gap');
    expect(await gap.innerText()).toContain('There’s no transcript.');
    expect(await gap.innerText()).toContain('You can listen to the recording.');
    await page.getByRole('link', { name: 'What’s missing' }).first().click();
    const lacking = conversations.filter(({ missing }) => (missing ?? []).length > 0).length;
    await page.getByRole('link', { name: `Show the ${lacking}` }).click();
    await page.locator('.list-row a').first().waitFor();
    await holds(page, '!document.querySelector(".filter-count").textContent.includes("…")');
    expect(await page.locator('.filter-count').innerText()).toBe(String(lacking));
  });

  it('searches everything, counts the matches and goes from one to the next', async () => {
    await open();
    await page.keyboard.press('/');
    await page.keyboard.type('PARCEL ');
    // A slow machine searches for the first letters, too.
    await holds(page, 'location.hash.includes("q=PARCEL")');
    await page.locator('.list-row mark').first().waitFor();
    await page.locator('.searching').waitFor({ state: 'detached' });
    const texts = conversations.filter((one) => JSON.stringify(one.texts).includes('parcel'));
    expect(await page.locator('.list-head').innerText()).toContain(
      // A note has it, too.
      `${texts.length + 1} conversations`,
    );
    await page.locator(`.list-row a[data-row="${mail}"]`).click();
    const matches = page.locator('.matches');
    await matches.waitFor();
    expect(await matches.innerText()).toContain('1 of 2 matches');
    await page.getByRole('button', { name: 'Next match' }).click();
    expect(await matches.innerText()).toContain('2 of 2 matches');
    expect(await page.locator('.mail').nth(1).locator('mark.now').count()).toBe(1);
    expect(await violations(page, false)).toEqual([]);
    await page.fill('input[type=search]', 'nothing of the kind');
    await page.locator('.nothing').waitFor();
  });

  it('lists what else is kept, with its origin, as tables that can be saved', async () => {
    await open('#/about');
    const details = page.locator('#list-details');
    await details.waitFor();
    expect(await details.innerText()).toMatch(/You told us\.[^]*Mobile phone[^]*\+491715550166/);
    expect(await page.locator('#list-changes').innerText()).toContain(
      'Your record changed: Address',
    );
    expect(await page.locator('#list-notes').innerText()).toMatch(/Called back\.\s+Agent \d/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      details.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const saved = readFileSync(await download.path(), 'utf8');
    // A number that would begin a formula is none.
    expect(saved).toContain("Mobile phone,'+491715550166");
    expect(await violations(page, false)).toEqual([]);
  });

  describe('in one window', () => {
    const viewport = { width: 320, height: 640 };
    beforeAll(() => open('#/', { viewport, colorScheme: 'dark', reducedMotion: 'reduce' }));

    it.each([
      ['', '.latest a'],
      ['conversations', '.list-row a'],
      [`conversations/${mail}`, 'article .mail'],
      ['about', '.about-lists'],
      ['missing', '.report h1'],
      ['rights', '.rights h1'],
    ])(
      'fits 320 pixels, a phone in the dark and 200 %% of 1280 pixels: #/%s',
      async (place, shows) => {
        await page.setViewportSize(viewport);
        await page.goto(page.url().replace(/#.*/, `#/${place}`));
        await page.locator(shows).first().waitFor();
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBe(320);
        expect(await page.locator('.bottom-tabs').isVisible()).toBe(true);
        // The tabs have no room for the rights, which other pages end with.
        const hasWay = !/rights|conversations/.test(place);
        expect(await page.locator('.rights-link').count()).toBe(hasWay ? 1 : 0);
        expect(await violations(page, false)).toEqual([]);
        await page.setViewportSize({ width: 640, height: 400 });
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(640);
      },
    );
  });

  it('prints a conversation with the name of its recording in the place of the player', async () => {
    await open(`#/conversations/${told}`);
    await page.locator('.transcript .bubble').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.player').isVisible()).toBe(false);
    expect(await page.locator('.in-print').innerText()).toBe('audio-1.wav');
    expect(await page.locator('.list-side').isVisible()).toBe(false);
    expect(await page.locator('.viewer-head').isVisible()).toBe(false);
    expect(await page.locator('.bubble').last().isVisible()).toBe(true);
  });

  it('says what to do where a part of the package is not there', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'viewer-broken-'));
    cpSync(folder, broken, { recursive: true });
    rmSync(join(broken, 'viewer/pages'), { recursive: true });
    await loadViewer(page, broken, { place: `#/conversations/${told}` });
    const note = page.getByRole('alert');
    await note.waitFor();
    expect(await note.innerText()).toContain('Was the whole archive unpacked?');
    // The browser notes by itself what is not there.
    expect(problems.splice(0)).toEqual([expect.stringContaining('ERR_FILE_NOT_FOUND')]);
    rmSync(broken, { recursive: true });
  });

  it('shows a single conversation without filters and without a chart', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'viewer-alone-'));
    viewerPackage(alone, conversations.slice(-1));
    await loadViewer(page, alone);
    expect(await page.locator('h1').innerText()).toMatch(/^In November 2026 .* once: 1 /);
    expect(await page.locator('.chart').count()).toBe(0);
    await loadViewer(page, alone, { place: '#/conversations' });
    await page.locator('.list-row a').waitFor();
    expect(await page.locator('.filters').count()).toBe(0);
    rmSync(alone, { recursive: true });
  });

  it('says that there was no contact where there are no conversations', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'viewer-empty-'));
    viewerPackage(empty, []);
    await loadViewer(page, empty);
    expect(await page.locator('h1').innerText()).toContain('You were not in touch');
    await loadViewer(page, empty, { place: '#/conversations' });
    expect(await page.locator('.nothing').innerText()).toContain('no conversations');
    rmSync(empty, { recursive: true });
  });

  it(`opens a package of ${large} conversations, goes to the oldest, and stops a search`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'viewer-large-'));
    const many = sampleConversations(large, new Date('2026-11-24T12:00:00Z'), 10);
    viewerPackage(folder, many, samplePerson(many), 'named');
    // However fast the machine is, the search has not come to its end when it is stopped. Chromium holds files of
    // a disk on a page alone that was loaded after.
    let goOn = (): void => undefined;
    const told = new Promise<void>((done) => (goOn = done));
    await page.route(/viewer\/pages/, async (route) => {
      await told;
      await route.continue();
    });
    await loadViewer(page, folder, { place: '#/conversations' });
    await page.locator('.list-row a').first().waitFor();
    // Only what is in sight is drawn.
    expect(await page.locator('.list-row').count()).toBeLessThan(60);
    await page.evaluate('document.querySelector(".list-frame").scrollTop = 1e9');
    await page.locator('.list-row a[data-row="1"]').waitFor();
    expect(await page.locator('.list-row').count()).toBeLessThan(60);
    await page.fill('input[type=search]', 'warehouse');
    await page.getByRole('button', { name: 'Stop' }).click();
    goOn();
    await page.getByText(/^Stopped\. Searched/).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    rmSync(folder, { recursive: true });
  }, 120_000);
});
