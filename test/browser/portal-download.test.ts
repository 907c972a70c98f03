import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, startBrowser } from '../helpers/browser';
import { Pages, ready } from '../helpers/portal-pages';
import { eventually } from '../helpers/eventually';

const mebibyte = 1024 * 1024;
/** Two pieces, of which the last one is small. */
const content = Buffer.alloc(9 * mebibyte, 'package ');
/** Three of them. */
const longer = Buffer.alloc(17 * mebibyte, 'package ');

/** What a file dialog would give: a file of the browser's private folder. */
const dialog = `window.showSaveFilePicker = async () =>
  (await navigator.storage.getDirectory()).getFileHandle('chosen.zip', { create: true });`;
const noDialog = 'delete window.showSaveFilePicker;';
const refusedFolder = `StorageManager.prototype.getDirectory = () =>
  Promise.reject(new DOMException('refused', 'SecurityError'));`;
/** The same, but the browser takes its time to say so. */
const lateRefusal = `const late = new Promise((_, refuse) => {
  window.refuse = () => refuse(new DOMException('refused', 'SecurityError'));
});
StorageManager.prototype.getDirectory = () => late;`;
/** What waits for a frame waits for good: Preact for one, or for the 35 milliseconds of a slow one. */
const notDrawn = `window.requestAnimationFrame = () => 0;
const wait = window.setTimeout;
window.setTimeout = (then, ms) => ms === 35 ? 0 : wait(then, ms);`;
const noWriting = 'delete FileSystemFileHandle.prototype.createWritable;';
const closedDialog = `window.showSaveFilePicker = () => {
  window.wasAsked = true;
  return Promise.reject(new DOMException('closed', 'AbortError'));
};`;

describeInBrowser('the download on its page', () => {
  let browser: Browser;
  let served: Pages;
  let page: Page;
  let goOn: () => void;
  beforeAll(async () => {
    [browser, served] = await Promise.all([startBrowser(), Pages.start()]);
  });
  beforeEach(() => {
    served.content = content;
    served.api = answer;
    served.calls.length = 0;
    served.pieces.length = 0;
    served.piece = () => undefined;
    goOn = () => undefined;
  });
  afterEach(async () => {
    goOn();
    await page.context().close();
  });
  afterAll(() => served.stop());

  const answer: Pages['api'] = (path) => {
    if (path === 'request') return { status: 200, body: ready };
    return path === 'download' ? served.link() : { status: 200, body: {} };
  };
  async function open(script: string): Promise<void> {
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await page.clock.setFixedTime('2026-11-28T12:00:00.000Z');
    await page.addInitScript(script);
    await page.goto(`${served.url}/portal`);
    await page.getByRole('heading', { name: 'Your data is ready' }).waitFor();
  }
  /** Pieces from the second one on come when the test says so. */
  function holdSecondPiece(): void {
    const told = new Promise<void>((done) => (goOn = done));
    served.piece = (from) => (from > 0 ? told : undefined);
  }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const isDone = (): Promise<void> =>
    page.locator('p.ok', { hasText: 'Done. The file is on your device.' }).waitFor();
  const sizeOf = (file: string): Promise<number> =>
    page.evaluate<number>(
      `navigator.storage.getDirectory().then((d) => d.getFileHandle('${file}')).then((h) => h.getFile()).then((f) => f.size)`,
    );
  /** Begins, and pauses after the first piece. */
  async function pauseInTheMiddle(): Promise<void> {
    holdSecondPiece();
    await press('Download');
    await page.getByText(/8\.4 MB of/).waitFor();
    await press('Pause');
    await page.getByText('Paused').waitFor();
    goOn();
    served.piece = () => undefined;
  }

  it('goes on where it was, in the file that was chosen', async () => {
    await open(dialog);
    await pauseInTheMiddle();
    served.pieces.length = 0;
    await page.reload();
    await press('Resume');
    await isDone();
    expect(await sizeOf('chosen.zip')).toBe(content.length);
    expect(Math.min(...served.pieces)).toBe(8 * mebibyte);
  });

  it('begins again where its file was moved or deleted meanwhile', async () => {
    await open(dialog);
    await pauseInTheMiddle();
    await page.evaluate(
      `navigator.storage.getDirectory().then((d) => d.removeEntry('chosen.zip'))`,
    );
    served.pieces.length = 0;
    await page.reload();
    await press('Resume');
    await isDone();
    expect(await sizeOf('chosen.zip')).toBe(content.length);
    expect(Math.min(...served.pieces)).toBe(0);
  });

  it('says so, and can be begun anew, where its file cannot be written any more', async () => {
    await open(dialog);
    await pauseInTheMiddle();
    await page.evaluate(
      `navigator.storage.getDirectory().then((d) => d.removeEntry('chosen.zip'))`,
    );
    await page.reload();
    await page.evaluate(`FileSystemFileHandle.prototype.createWritable = () =>
      Promise.reject(new DOMException('gone', 'NotFoundError'))`);
    await press('Resume');
    await page
      .getByRole('alert')
      .getByText('The file that you chose is no longer there.')
      .waitFor();
    await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
    await page.reload();
    await press('Download');
    await isDone();
  });

  it('is kept where the server does not hear that it is done', async () => {
    served.api = (path) =>
      path === 'delivered' ? { status: 401, body: { code: 'sessionEnded' } } : answer(path, '');
    await open(noDialog);
    await press('Download');
    await isDone();
    await eventually('the report', () => Promise.resolve(served.calls.includes('delivered')));
    const save = page.getByRole('link', { name: 'Save the file' });
    expect(await save.isVisible()).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it.each([
    ['refuses its private folder, as in a private window', refusedFolder],
    ['writes no files of its private folder', noWriting],
  ])('is left to a browser that %s, and the page says so', async (_what, script) => {
    await open(noDialog + script);
    await page.getByText('can’t resume a download that breaks off').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), press('Download')]);
    expect(download.url()).toBe(served.link().body.url);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is left to the browser, too, where it is pressed before the private folder is refused', async () => {
    await open(noDialog + lateRefusal);
    await press('Download');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate('window.refuse()'),
    ]);
    expect(download.url()).toBe(served.link().body.url);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is offered as before where its dialog was closed', async () => {
    await open(closedDialog);
    await press('Download');
    await eventually('the dialog', () => page.evaluate<boolean>('window.wasAsked === true'));
    await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
    expect(await page.locator('#download').getAttribute('aria-busy')).toBe('false');
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
    expect(served.calls).not.toContain('download');
  });

  it.each([
    ['', dialog],
    [', also one that has not been drawn yet', `${dialog}${notDrawn}`],
  ])('ends with its page%s', async (_which, script) => {
    // The piece that is under way may come; another is not asked for.
    served.content = longer;
    holdSecondPiece();
    await open(script);
    await press('Download');
    await page.getByText(/8\.4 MB of/).waitFor();
    await press('Sign out');
    await page.getByRole('heading', { name: 'You’ve signed out' }).waitFor();
    goOn();
    await eventually('what was written', async () => (await sizeOf('chosen.zip')) > 0);
    expect(served.pieces.length).toBeLessThanOrEqual(2);
    expect(served.calls).not.toContain('delivered');
    expect(await sizeOf('chosen.zip')).toBeLessThan(longer.length);
  });

  it('is told of in the language that was chosen while it ran', async () => {
    holdSecondPiece();
    await open(dialog);
    await press('Download');
    await page.getByText(/8\.4 MB of/).waitFor();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Ihre Daten liegen bereit' }).waitFor();
    goOn();
    await page.locator('p.ok', { hasText: 'Fertig.' }).waitFor();
    const said = page.locator('.visually-hidden[role=status]');
    expect(await said.innerText()).toContain('Fertig. Die Datei ist auf Ihrem Gerät.');
  });
});
