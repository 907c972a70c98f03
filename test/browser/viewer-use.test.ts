import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { lazy } from '../../src/core/lazy';
import { viewerPackage, type ShownConversation } from '../../local/viewer-package';
import { sampleConversations, samplePerson } from '../../local/viewer-sample';
import { describeInBrowser, holds, startBrowser } from '../helpers/browser';
import { loadViewer } from '../helpers/viewer-list';

/** Prints no paper: notes how much of the list was there when it was to be printed. */
const notedPrint = `window.print = () => {
  window.printed = {
    rows: document.querySelectorAll('.list-row').length,
    waiting: document.querySelectorAll('.list-row.waiting').length,
  };
};`;

/** Notes each place with the heading that was shown there. */
const notedHeadings = `window.headings = [];
new MutationObserver(() => {
  const heading = document.querySelector('article h1')?.textContent;
  if (heading) window.headings.push(location.hash + ' ' + heading);
}).observe(document, { subtree: true, childList: true, characterData: true });`;

/** As an address of a page or what was pasted, without any place to break it. */
const longWord = 'x'.repeat(200);
const withLongWords: Record<string, NonNullable<ShownConversation['texts']>> = {
  'what was said': {
    transcripts: [
      {
        recordingId: 'none',
        cues: [{ from: 0, to: 1000, who: 'customer', text: longWord }],
        silent: [],
      },
    ],
  },
  'a message': {
    messages: [{ from: 'you', name: '', at: '', text: longWord, files: [] }],
  },
  'a file of a message': {
    messages: [
      {
        ...{ from: 'you', name: '', at: '', text: '' },
        files: [{ file: null, name: longWord, type: 'application/pdf', size: 1 }],
      },
    ],
  },
  'a mail': {
    emails: [
      {
        ...{ from: longWord, to: longWord, cc: '', subject: longWord, at: '', text: longWord },
        ...{ html: '', file: '', attachments: [] },
      },
    ],
  },
  'a survey': {
    surveys: [
      { name: longWord, at: '', score: '', answers: [{ question: longWord, answer: longWord }] },
    ],
  },
  'a summary': { summary: longWord },
};

describeInBrowser('the viewer in use', () => {
  let browser: Browser;
  /** The page of all tests but those that put something into theirs. */
  let shared: Page;
  let page: Page;
  const folders: string[] = [];
  const problems: string[] = [];
  const sample = sampleConversations(40, new Date('2026-11-24T12:00:00Z'));
  const ofSample = lazy(() => made(sample, samplePerson(sample)));
  const ofLongWords = lazy(() => {
    const row = { start: '2026-11-14T04:37:00.000Z', queue: longWord };
    return made(Object.values(withLongWords).map((texts) => ({ row, texts })));
  });
  const call = sample.find(({ files }) => files?.some(({ kind }) => kind === 'audio'));

  beforeAll(async () => {
    browser = await startBrowser();
    shared = await newPage();
  });
  beforeEach(() => {
    page = shared;
  });
  afterEach(async () => {
    if (page === shared) await page.unrouteAll({ behavior: 'wait' });
    else await page.context().close();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const made = (
    ...given: Parameters<typeof viewerPackage> extends [string, ...infer R] ? R : never
  ) => {
    const folder = mkdtempSync(join(tmpdir(), 'viewer-use-'));
    folders.push(folder);
    viewerPackage(folder, ...given);
    return folder;
  };
  async function newPage(): Promise<Page> {
    const made = await browser.newPage({ locale: 'en-GB' });
    made.on('pageerror', (error) => problems.push(error.message));
    return made;
  }
  async function open(folder: string, place = '', script = ''): Promise<void> {
    if (script !== '') {
      page = await newPage();
      await page.addInitScript(script);
    }
    await loadViewer(page, folder, { place });
    await page.locator('main :is(h1, .list-row a)').first().waitFor();
  }
  const subjectOf = (number: number): string => `Mail number ${number}`;
  const mail = (number: number, change: object = {}): ShownConversation => ({
    row: { start: '2026-11-14T04:37:00.000Z', channel: 'email', emails: 1 },
    texts: {
      emails: [
        {
          ...{ from: 'me@mail.example', to: 'shop@shop.example', cc: '', file: '' },
          ...{ subject: subjectOf(number), at: '2026-11-14T04:37:00.000Z', attachments: [] },
          ...{ text: `Words of ${number}`, html: '', ...change },
        },
      ],
    },
  });

  it.each(['', '#/conversations/12'])(
    'lets somebody type slowly what is searched for, from %j',
    async (place) => {
      await open(ofSample(), place);
      await page.keyboard.press('/');
      // Slower than the pause after which it is searched for.
      await page.keyboard.type('parcel', { delay: 350 });
      await holds(page, 'location.hash.endsWith("q=parcel")');
      expect(await page.locator('input[type=search]:focus').inputValue()).toBe('parcel');
    },
  );

  it.each([
    ['a conversation', '#/conversations/12', /viewer\/pages/, 'article h1'],
    ['what else is kept', '#/about/details', /viewer\/person/, '#list-details'],
  ])(
    'leaves the focus in the search that somebody is about to type, when %s comes late',
    async (_what, place, script, shows) => {
      page = await newPage();
      let come = (): void => undefined;
      const told = new Promise<void>((done) => (come = done));
      await page.route(script, async (route) => {
        await told;
        await route.continue();
      });
      await page.goto(`${pathToFileURL(join(ofSample(), 'index.html')).href}${place}`, {
        waitUntil: 'commit',
      });
      const field = page.locator('input[type=search]');
      await field.focus();
      come();
      await page.locator(shows).waitFor();
      // Whoever took it would do so when the page is next drawn.
      await page.evaluate(`new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))`);
      expect(await field.and(page.locator(':focus')).count()).toBe(1);
    },
  );

  it('plays one of two recordings by the space bar, the one that was used last', async () => {
    const [file] = call?.files ?? [];
    if (!call || !file) throw new Error('There is no call.');
    const files = [file, { ...file, file: 'audio-2.wav', sourceId: 'other' }];
    await open(made([{ ...call, files }]), '#/conversations/1');
    await page.locator('article h1').focus();
    const playing = '[...document.querySelectorAll("audio")].map((one) => !one.paused).join()';
    await page.keyboard.press('Space');
    await holds(page, `${playing} === "true,false"`);
    await page.keyboard.press('Space');
    await holds(page, `${playing} === "false,false"`);
    const second = page.locator('.player').nth(1);
    await second.getByRole('button', { name: 'Play', exact: true }).click();
    await holds(page, `${playing} === "false,true"`);
    await second.getByRole('button', { name: 'Pause' }).click();
    await page.locator('article h1').focus();
    await page.keyboard.press('Space');
    await holds(page, `${playing} === "false,true"`);
  });

  it('prints a list when all of its rows are there, however long that takes', async () => {
    // A script of rows has a thousand.
    const many = sampleConversations(1100, new Date('2026-11-24T12:00:00Z'));
    const folder = made(many, {}, 'named');
    await open(folder, '#/conversations', notedPrint);
    // Each script of rows that is still to come takes longer than anybody would wait blindly.
    await page.route(/viewer\/.*rows/, async (route) => {
      await new Promise((done) => setTimeout(done, 1500));
      await route.continue();
    });
    await page.getByRole('button', { name: 'Print this list' }).click();
    await holds(page, 'window.printed !== undefined');
    expect(await page.evaluate('window.printed')).toEqual({ rows: 1100, waiting: 0 });
    // What was drawn for the print is given up again.
    await holds(page, 'document.querySelectorAll(".list-row").length < 100');
  });

  it('says of how many rows a filter could not look at, and shows those that it could', async () => {
    const many = sampleConversations(2500, new Date('2026-11-24T12:00:00Z'));
    const folder = made(many, {}, 'named');
    rmSync(join(folder, 'viewer/rows/0002.js'));
    await open(folder, '#/conversations');
    // Of all rows it is said, too, as soon as they would be in sight.
    await page.evaluate('document.querySelector(".list-frame").scrollTop = 1e5');
    await page.getByText('1,000 entries can’t be read.').waitFor();
    await page.locator('.list-row').getByText('1 entry can’t be read.').first().waitFor();
    expect(await page.locator('.list-row[aria-busy]').count()).toBe(0);
    await page.goto(page.url().replace(/#.*/, '#/conversations?kind=email'));
    await page.getByText('1,000 entries can’t be read.').waitFor();
    const ids =
      '[...document.querySelectorAll("[data-row]")].map((one) => Number(one.dataset.row))';
    // The oldest come from the last script. A list that is drawn anew begins at its top.
    const oldestAtEnd = `(document.querySelector(".list-frame").scrollTop = 1e9, Math.min(...${ids}) < 500)`;
    await holds(page, oldestAtEnd);
    // A search says so, too, and goes on behind it.
    await page.fill('input[type=search]', 'parcel');
    await page.getByText('1,000 entries can’t be read.').waitFor();
    await page.locator('.list-row mark').first().waitFor();
    await holds(page, oldestAtEnd);
  });

  it('searches the words of mails that are HTML alone, and shows them as words', async () => {
    const html =
      '<html><head><style>.zebra { color: red }</style></head><body><!-- zebra --><p class="zebra">Fish &amp; chips<br>for two</p></body></html>';
    await open(made([mail(1, { text: '', html, subject: 'Dinner' }), mail(2)]));
    await page.fill('input[type=search]', 'fish & chips');
    await page.locator('.list-row mark').first().waitFor();
    expect(await page.locator('.row-line').first().innerText()).toContain('Fish & chips for two');
    await page.fill('input[type=search]', 'zebra');
    await page.locator('.nothing').waitFor();
  });

  it('shows a mail as it was sent, and as text, also while something is searched for', async () => {
    await open(
      made([mail(1, { html: '<p>Words of one</p>' }), mail(2)]),
      '#/conversations/1?q=words',
    );
    await page.locator('.mail mark').first().waitFor();
    await page.getByRole('button', { name: 'Show as it was sent' }).click();
    await page.locator('.mail iframe').waitFor();
    await page.getByRole('button', { name: 'Show as plain text' }).click();
    await page.locator('.mail mark').first().waitFor();
  });

  it('shows nothing of what was open in the place of what is opened', async () => {
    await open(made([mail(1), mail(2)]), '#/conversations/1', notedHeadings);
    await page.locator('article h1', { hasText: subjectOf(1) }).waitFor();
    await page.evaluate('location.hash = "#/conversations/2"');
    await page.locator('article h1', { hasText: subjectOf(2) }).waitFor();
    const noted = await page.evaluate<string[]>('window.headings');
    expect(noted).toContain(`#/conversations/2 ${subjectOf(2)}`);
    expect(noted).not.toContain(`#/conversations/2 ${subjectOf(1)}`);
  });

  it.each(Object.keys(withLongWords).map((where, i) => [where, i + 1] as const))(
    'breaks a word that is wider than a phone, in %s',
    async (_where, number) => {
      await page.setViewportSize({ width: 1280, height: 900 });
      const index = pathToFileURL(join(ofLongWords(), 'index.html')).href;
      await page.goto(`${index}#/conversations/${number}`);
      await page.locator(`[data-row="${number}"][aria-current=true]`).waitFor();
      await page.setViewportSize({ width: 320, height: 640 });
      await page.locator('article').getByText(longWord).first().waitFor();
      const { scrollWidth, clientWidth } = await page.evaluate<Record<string, number>>(
        '(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)',
      );
      expect(scrollWidth).toBe(clientWidth);
    },
  );

  it('says where each row stands among all of them, of which few are drawn', async () => {
    await open(
      made(sampleConversations(500, new Date('2026-11-24T12:00:00Z')), {}, 'named'),
      '#/conversations',
    );
    await page.locator('.list-row a').first().waitFor();
    const first = page.locator('.list > li').first();
    expect(await first.getAttribute('aria-posinset')).toBe('1');
    const all = Number(await first.getAttribute('aria-setsize'));
    await page.evaluate('document.querySelector(".list-frame").scrollTop = 1e9');
    const last = page.locator('.list-row:has([data-row="1"])');
    await last.waitFor();
    expect(await last.getAttribute('aria-posinset')).toBe(String(all));
    // Rows and the headings of their months.
    expect(all).toBeGreaterThan(500);
  });

  it('counts in its summary what the list behind it shows', async () => {
    const many = sampleConversations(200, new Date('2026-11-24T12:00:00Z'));
    await open(made(many, samplePerson(many)));
    await page.getByRole('button', { name: /^Emails/ }).click();
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    const choice = page.locator('.chart-choice strong');
    const first = await choice.innerText();
    await page.keyboard.press('Shift+End');
    await choice.filter({ hasNotText: first }).waitFor();
    const words = await choice.innerText();
    const count = /([\d,]+) contacts/.exec(words)?.[1];
    await page.getByRole('link', { name: 'Show them' }).click();
    await page.locator('.list-row a').first().waitFor();
    await holds(page, '!document.querySelector(".filter-count").textContent.includes("…")');
    expect(await page.locator('.filter-count').innerText()).toBe(count);
    expect(await page.locator('.list-row :is(.kind-email, .kind-note, .kind-visit)').count()).toBe(
      0,
    );
    // What is chosen is named, and can be taken back.
    await page.getByRole('button', { name: 'Calls, Messages and Chats' }).click();
    await page.locator('.list-row .kind-email').first().waitFor();
  });

  it('offers no list of conversations where there are none', async () => {
    await open(made([], samplePerson(sample)));
    const latest = page.locator('section.card', {
      has: page.getByRole('heading', { name: 'Latest' }),
    });
    await latest.waitFor();
    expect(await latest.innerText()).not.toMatch(/\b0\b/);
    expect(await latest.locator('a[href="#/conversations"]').count()).toBe(0);
  });

  it('says in the language that is chosen what a check has found', async () => {
    const folder = made([]);
    await open(folder);
    await page.goto(pathToFileURL(join(folder, 'check.html')).href);
    const file = { name: 'x.zip', mimeType: 'application/zip', buffer: Buffer.from('no archive') };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('cannot be opened').waitFor();
    await page.locator('select').selectOption('de');
    await page.locator('html[lang=de]').waitFor();
    await page.locator('[role=status]').getByText('Diese Datei lässt sich nicht öffnen').waitFor();
  });
});
