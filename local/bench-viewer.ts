/**
 * `npm run bench:viewer -- [--conversations 100000] [--json] [--keep FOLDER]`: how long the viewer of an
 * unpacked package takes in Chromium until it can be used, from disk. The package is made here, without
 * media. The last line is one of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from './tools';
import { viewerPackage } from './viewer-package';
import { sampleConversations, samplePerson } from './viewer-sample';

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const count = Number(values.conversations);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'bench-viewer-'));
const until = new Date('2026-11-25T12:15:00Z');

/** Milliseconds that something takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
}

const open = (page: Page, place: string): Promise<unknown> =>
  page.goto(`${pathToFileURL(join(folder, 'index.html')).href}${place}`);

/** What is measured, each in a page of its own or after the step before it. */
async function measure(page: Page): Promise<Record<string, number>> {
  const summaryMs = await timed(async () => {
    await open(page, '');
    await page.waitForSelector('.latest a');
  });
  const listMs = await timed(async () => {
    await page.click('.tabs a[href="#/conversations"]');
    await page.waitForSelector('.list-row a');
  });
  const jumpMs = await timed(async () => {
    await page.evaluate('document.querySelector(".list-frame").scrollTop = 1e9');
    await page.waitForSelector('.list-row a[data-row="1"]');
  });
  const filterMs = await timed(async () => {
    await page.selectOption('.filters select >> nth=0', 'chat');
    await page.waitForSelector('.list-row a .badge.kind-chat');
  });
  await page.fill('input[type=search]', 'parcel');
  const firstHitMs = await timed(() => page.waitForSelector('.list-row mark'));
  const rest = await timed(() =>
    page.waitForSelector('.searching', { state: 'detached', timeout: 600_000 }),
  );
  return { summaryMs, listMs, jumpMs, filterMs, firstHitMs, searchMs: firstHitMs + rest };
}

async function main(): Promise<void> {
  const conversations = sampleConversations(count, until, 10);
  viewerPackage(folder, conversations, samplePerson(conversations), 'named');
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const measured = { conversations: count, ...(await measure(page)) };
    if (!values.json)
      for (const [name, value] of Object.entries(measured))
        process.stdout.write(`${name}: ${value}\n`);
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  } finally {
    await browser.close();
    if (values.keep === undefined) rmSync(folder, { recursive: true });
  }
}

void main();
