import { build } from 'esbuild';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { pageHeaders } from '../../src/functions/shared/http';
import {
  describeInBrowser,
  startBrowser,
  violations,
  violationsOfColour,
} from '../helpers/browser';
import { root } from '../helpers/root';

const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Components</title>
<link rel="stylesheet" href="/gallery.css"><script src="/gallery.js" defer></script></head><body></body></html>`;

/** The gallery, with the policy of the portal's pages. */
async function serveGallery(): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: ['test/browser/gallery/gallery.tsx', 'test/browser/gallery/gallery.css'],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const types: Record<string, string> = { css: 'text/css', js: 'text/javascript' };
  const server = createServer(({ url = '' }, response) => {
    const content = files.get(url) ?? shell;
    const type = types[url.split('.').at(-1) ?? ''] ?? 'text/html';
    response.writeHead(200, { ...pageHeaders(), 'Content-Type': type }).end(content);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

describeInBrowser('the components of the pages', () => {
  let server: Server;
  let page: Page;
  const refused: string[] = [];

  beforeAll(async () => {
    const started = await Promise.all([startBrowser(), serveGallery()]);
    server = started[1];
    page = await started[0].newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text());
    });
    page.on('pageerror', (error) => refused.push(error.message));
  });

  async function load(): Promise<void> {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: null, forcedColors: null, reducedMotion: null });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByRole('heading', { name: 'Components' }).waitFor();
  }

  afterEach(() =>
    expect(refused.splice(0).filter((text) => !text.includes('favicon'))).toEqual([]),
  );

  afterAll(() => server.close());

  describe('before anybody uses them', () => {
    beforeAll(load);

    it.each([
      ['light', 1280, violations],
      ['dark', 1280, violationsOfColour],
      ['dark', 390, violationsOfColour],
      ['light', 320, violations],
    ] as const)(
      'show nothing that axe finds wrong in %s at %d px, and no sideways scroll',
      async (colorScheme, width, wrongOn) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect(await wrongOn(page)).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow).toBeLessThanOrEqual(0);
      },
    );
  });

  describe('in use', () => {
    beforeEach(load);

    it('tell chosen from not chosen by more than colour where the reader forces colours', async () => {
      await page.emulateMedia({ forcedColors: 'active' });
      await page.getByText('Include', { exact: true }).click();
      const borders = await page.evaluate(
        `[...document.querySelectorAll('.tag, .note')].map((element) => getComputedStyle(element).borderTopWidth)`,
      );
      expect(new Set(borders as string[])).toEqual(new Set(['1px']));
      expect(
        await page.locator('.segmented label', { hasText: 'Include' }).locator('svg').count(),
      ).toBe(1);
    });

    it('move nothing where the reader wants no motion', async () => {
      const animation = `getComputedStyle(document.querySelector('.steps [aria-current]'), '::before').animationName`;
      expect(await page.evaluate(animation)).toBe('pulse');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await page.evaluate(animation)).toBe('none');
    });

    it('keep a busy button pressed once, with the focus on it, until its work is done', async () => {
      const primary = page.locator('.button.primary');
      await primary.focus();
      await page.keyboard.press('Enter');
      expect(await primary.textContent()).toBe('One moment…');
      await page.keyboard.press('Enter');
      expect(await primary.getAttribute('aria-busy')).toBe('true');
      await page.locator('.button.primary:focus').waitFor();
      await page.evaluate('endSlow()');
      await page.getByRole('button', { name: 'Primary' }).waitFor();
    });

    it('tie a field to its label, its hint and its error', async () => {
      const field = page.getByRole('textbox', { name: 'Code' });
      const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ');
      const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
      expect(texts).toEqual(['Six digits', 'Enter the code with six digits.']);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
    });

    it('choose one of two by keyboard, and nothing before', async () => {
      expect(await page.locator('#verdict').textContent()).toBe('undecided');
      await page.getByRole('radio', { name: 'Include' }).focus();
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('#verdict').textContent()).toBe('withhold');
    });

    it('choose columns of a chart by arrows, extend by Shift, and show them by Enter', async () => {
      const chart = page.getByRole('slider', { name: 'Contacts per month' });
      await chart.focus();
      await page.keyboard.press('Home');
      expect(await page.locator('#chosen').textContent()).toBe('2025-01 to 2025-01');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      expect(await page.locator('#chosen').textContent()).toBe('2025-02 to 2025-03');
      expect(await chart.getAttribute('aria-valuetext')).toBe('Month 2 – Month 3');
      await page.keyboard.press('Enter');
      expect(await page.locator('#shown').textContent()).toBe('2025-02 to 2025-03');
    });

    it('choose columns of a chart by a press, and several by dragging across them', async () => {
      const chart = page.getByRole('slider');
      await chart.scrollIntoViewIfNeeded();
      const box = await chart.boundingBox();
      if (box === null) throw new Error('The chart is not shown.');
      const at = (column: number): number => box.x + 36 + (column + 0.5) * ((box.width - 36) / 24);
      await page.mouse.move(at(3), box.y + 50);
      await page.mouse.down();
      expect(await page.locator('#chosen').textContent()).toBe('2025-04 to 2025-04');
      await page.mouse.move(at(5), box.y + 50);
      await page.mouse.up();
      expect(await page.locator('#chosen').textContent()).toBe('2025-04 to 2025-06');
    });

    it('show a chart as a table with the same figures', async () => {
      await page.getByRole('button', { name: 'Show as a table' }).click();
      const row = page.getByRole('row', { name: 'Month 6' });
      expect(await row.getByRole('cell').allTextContents()).toEqual(['5', '2', '1', '0']);
      expect(await page.getByRole('columnheader').allTextContents()).toEqual([
        ...['Month', 'Calls', 'Emails', 'Messages', 'Chats'],
      ]);
    });

    it('ask before they act: the focus on the first field, Escape cancels, the focus returns', async () => {
      const opener = page.getByRole('button', { name: 'Recall…' });
      await opener.click();
      const dialog = page.getByRole('dialog', { name: 'Recall the package?' });
      await dialog.locator('textarea:focus').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.locator('.button:focus', { hasText: 'Recall…' }).waitFor();
      expect(await page.locator('#outcome').textContent()).toBe('');
      await opener.click();
      await dialog.getByRole('button', { name: 'Recall the package' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.locator('#outcome').textContent()).toBe('recalled');
    });

    it('give the focus back only where nobody has moved it meanwhile', async () => {
      await page.getByRole('button', { name: 'Recall…' }).click();
      await page.locator('dialog textarea:focus').waitFor();
      // Browsers tell of the end of a dialog later: by then somebody may have gone on by a key.
      await page.evaluate(
        `document.querySelector('dialog').close(); document.querySelector('[aria-invalid="true"]').focus()`,
      );
      await page.locator('dialog').waitFor({ state: 'detached' });
      await page.locator('[aria-invalid="true"]:focus').waitFor();
    });

    it('stay while what they do is under way, however often Escape is pressed', async () => {
      await page.getByRole('button', { name: 'Slowly…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Show a code?' });
      await dialog.getByRole('button', { name: 'Show it' }).click();
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('Escape');
      expect(await dialog.getByRole('button', { name: 'No code' }).isDisabled()).toBe(true);
      expect(await dialog.getByRole('button', { name: 'One moment…' }).isVisible()).toBe(true);
      await page.evaluate('endSlow()');
      await dialog.waitFor({ state: 'detached' });
    });

    it('say beside a button why what it does has failed, until it is pressed again', async () => {
      const row = page.locator('.row', { has: page.getByRole('button', { name: 'Copy' }) });
      await row.getByRole('button', { name: 'Copy' }).click();
      await row.getByRole('alert').getByText('Copying failed: refused.').waitFor();
      expect(await violations(page)).toEqual([]);
    });

    it('say what has changed in the one live region', async () => {
      await page.getByRole('button', { name: 'Plain' }).click();
      expect(await page.locator('[aria-live]').textContent()).toBe('Downloading.');
      await page.getByRole('button', { name: 'Plain' }).click();
      expect(await page.locator('[aria-live]').textContent()).toBe('Downloading.\u00a0');
      expect(await page.locator('[aria-live]').count()).toBe(1);
    });
  });
});
