import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { loadAnew } from './browser';

/**
 * Loads the viewer of an unpacked package anew, as in a window of its own: it stores nothing, and another page for it
 * would be three times the work.
 * @param place the hash to begin at
 */
export async function loadViewer(
  page: Page,
  folder: string,
  {
    place = '',
    viewport = { width: 1280, height: 900 },
    colorScheme = null,
    reducedMotion = null,
  }: { place?: string; viewport?: { width: number; height: number } } & Pick<
    BrowserContextOptions,
    'colorScheme' | 'reducedMotion'
  > = {},
): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ media: null, colorScheme, reducedMotion });
  await page.mouse.move(0, 0);
  await loadAnew(page, `${pathToFileURL(join(folder, 'index.html')).href}${place}`);
}

/** Has the viewer's list show one kind of entries, and waits until it shows nothing else. */
export async function showOnly(page: Page, kind: string): Promise<void> {
  await untilOtherList(page, async () => {
    await page.locator('select:has(option[value=call])').first().selectOption(kind);
  });
  await page.locator(`.list-row .kind-${kind}`).first().waitFor();
  await page.locator(`.list-row .badge:not(.kind-${kind})`).first().waitFor({ state: 'detached' });
}

/** Does what leads from the viewer's list to another one, and waits until rows of that are there. */
export async function untilOtherList(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.locator('.list-frame').waitFor();
  await page.evaluate('document.querySelector(".list-frame").dataset.before = ""');
  await act();
  await page.locator('.list-frame[data-before]').waitFor({ state: 'detached' });
  await page.locator('.list-row a').first().waitFor();
}

/** Opens a row of the viewer's list, and waits until what it leads to is shown in place of what was. */
export async function openRow(page: Page, id: string): Promise<void> {
  const article = page.locator('article');
  // On a phone the list and what was chosen from it take turns.
  const back = article.locator('.back');
  if (await back.isVisible()) {
    await back.click();
    await article.waitFor({ state: 'detached' });
  }
  const isOther = (await article.count()) > 0;
  const row = page.locator(`.list-row a[data-row="${id}"]`);
  await row.click();
  // What was open before is gone once the row is marked.
  if (isOther) await row.and(page.locator('[aria-current=true]')).waitFor();
  await article.locator('h1').waitFor();
}

/**
 * Opens rows of the viewer's list, the newest first, until something is there.
 * @param isThere looks at what is open, which is whole
 * @returns whether it is
 */
export async function openUntil(page: Page, isThere: () => Promise<boolean>): Promise<boolean> {
  const shown = await page.locator('.list-row a').all();
  const ids = await Promise.all(shown.map((row) => row.getAttribute('data-row')));
  for (const id of ids) {
    await openRow(page, id ?? '');
    if (await isThere()) return true;
  }
  return false;
}
