import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PageServer, type Reply } from '../page-server';
import { chromiumPath } from '../tools';
import { until } from '../until';
import { builtLocales, viewerPackage } from '../viewer-package';
import { sampleConversations, samplePerson } from '../viewer-sample';
import { VirtualPackage } from './virtual-package';

const passphrase = 'BENCH-BENCH-BENCH-BENCH-BENCH';
const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const facts = {
  ...{ controller: 'Example Mail Order', contact: 'privacy@shop.example', authority: null },
  ...{ hasLogo: false, hasIntake: true, law: 'gdpr', languages: { en: 'English' } },
};

/** The page on which people open their data, as it is deployed, and how much of their package it has read. */
class Opened {
  requests = 0;
  bytes = 0;
  readonly server = new PageServer({
    facts,
    locales: builtLocales(),
    colour: () => '#0b5c8a',
    answer: (path) => this.answer(path),
    read: (from, count) => this.read(from, count),
  });

  constructor(private readonly content: VirtualPackage) {}

  private answer(path: string): Reply | undefined {
    if (!path.startsWith('/portal/api/')) return undefined;
    return path === '/portal/api/passphrase'
      ? { status: 200, body: { passphrase } }
      : this.server.link(this.content.size);
  }

  private read(from: number, count: number): Buffer {
    const bytes = this.content.read(from, count);
    this.requests += 1;
    this.bytes += bytes.length;
    return bytes;
  }
}

/** What a step took: time, ranges, and the memory of the page's process after it. */
interface Step {
  ms: number;
  requests: number;
  MiB: number;
  pageMiB: number;
}

/** Memory of the largest process that shows pages of a browser, in MiB, without files that are shared. */
async function pageMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => readFileSync(`/proc/${id}/status`, 'utf8'))
    .map((status) => Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  return Math.round(Math.max(0, ...sizes));
}

async function look(page: Page, step: Steps, url: string): Promise<void> {
  await step('open', async () => {
    await page.goto(`${url}/portal/open`);
    await page.waitForSelector('.latest a', { timeout: 300_000 });
  });
  await step('list', async () => {
    await page.click('.tabs a[href="#/conversations"]');
    await page.waitForSelector('.list-row a');
  });
  await step('call', async () => {
    await page.selectOption('.filters select >> nth=0', 'call');
    await page.click('.list-row a:has(.badge.kind-call) >> nth=0');
    await page.waitForSelector('article h1');
    await page.getByRole('button', { name: 'Play', exact: true }).first().click();
    await until('the sound', async () =>
      (await page.evaluate<boolean>('document.querySelector("audio")?.readyState > 0'))
        ? true
        : null,
    );
  });
  await page.goto(`${url}/portal/open#/conversations`);
  await page.waitForSelector('.list-row a', { timeout: 300_000 });
  await step('jump', async () => {
    await page.evaluate('document.querySelector(".list-frame").scrollTop = 1e9');
    await page.waitForSelector('.list-row a[data-row="1"]');
  });
  await step('firstHit', async () => {
    await page.fill('input[type=search]', 'parcel');
    await page.waitForSelector('.list-row mark');
  });
  await step('search', async () => {
    await page.waitForSelector('.searching', { state: 'detached', timeout: 900_000 });
  });
}

type Steps = (name: string, work: () => Promise<void>) => Promise<void>;

/** Opens a package of this size in the portal, in Chromium. */
export async function openInPortal(
  gib: number,
  count: number,
  say: (line: string) => void,
): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-large-'));
  const conversations = sampleConversations(count, new Date('2026-11-25T12:15:00Z'));
  viewerPackage(folder, conversations, samplePerson(conversations), 'named');
  const wanted = { bytes: gib * gibibyte, passphrase };
  const content = await VirtualPackage.of(folder, conversations, wanted);
  const portal = new Opened(content);
  await portal.server.listen();
  const options = ['--no-sandbox', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: options });
  const steps: Record<string, Step> = {};
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const step: Steps = async (name, work) => {
      const [requests, bytes, began] = [portal.requests, portal.bytes, performance.now()];
      await work();
      steps[name] = {
        ms: Math.round(performance.now() - began),
        requests: portal.requests - requests,
        MiB: Number(((portal.bytes - bytes) / mebibyte).toFixed(1)),
        pageMiB: await pageMemory(browser),
      };
      say(`${name}: ${JSON.stringify(steps[name])}`);
    };
    await look(page, step, portal.server.url);
  } finally {
    await browser.close();
    portal.server.stop();
    rmSync(folder, { recursive: true });
  }
  const { size, directoryBytes, count: entries } = content;
  return { conversations: count, packageBytes: size, entries, directoryBytes, steps };
}
