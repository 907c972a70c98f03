import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserType, Page, Request } from 'playwright-core';
import { until } from '../../local/until';
import { atEnd, outside, takeBrowser } from './outside-jest';
import { root } from './root';
import { chromium } from './tools';

/** What drives the browser. */
const engine = outside.playwright.chromium;

const launching = () => ({
  executablePath: chromium ?? '',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

/**
 * The browser that this machine has. It goes on with the next test file, without the contexts of this one:
 * nobody needs to close it.
 */
export async function startBrowser(): Promise<Browser> {
  const { browser, leave } = await takeBrowser(launching());
  atEnd(leave);
  return browser;
}

/**
 * A browser with a profile on disk, as people have: a context without one keeps its files in memory.
 * @returns the context, the folder of its profile, and what ends it and deletes that
 */
export async function browserOfAPerson(
  options: Parameters<BrowserType['launchPersistentContext']>[1] = {},
): Promise<{ context: BrowserContext; profile: string; end: () => Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'profile-'));
  const context = await engine.launchPersistentContext(profile, { ...launching(), ...options });
  const end = async (): Promise<void> => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  // A test that fails does not come to it.
  atEnd(end);
  return { context, profile, end };
}

/** Tests in a browser, or the word that they were skipped. */
export const describeInBrowser = (name: string, tests: () => void): void =>
  chromium === null
    ? describe.skip(`${name} (skipped: Chromium is not installed)`, tests)
    : describe(name, tests);

/**
 * Waits until something holds on a page. Its policy evaluates nothing, so that the browser is asked again and again.
 * @param expression in the page, truthy once it holds
 */
export const holds = (page: Page, expression: string): Promise<unknown> =>
  until(
    `${expression} at ${page.url()}`,
    async () => ((await page.evaluate<boolean>(expression)) ? true : null),
    30,
  );

/** Goes to an address, whose document is loaded anew also where the page has it: what follows `#` may be another place. */
export async function loadAnew(page: Page, address: string): Promise<void> {
  const documentOf = (url: string): string | undefined => url.split('#')[0];
  if (documentOf(page.url()) !== documentOf(address)) {
    await page.goto(address);
    return;
  }
  await page.evaluate(`history.replaceState(null, '', ${JSON.stringify(address)})`);
  await page.reload();
}

/** What pages have asked for and have no answer to yet. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Notes what a page asks for, for `settled`. */
export function noteRequests(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on('request', (request) => requests.add(request));
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
}

/** Waits until a page has drawn what has come, and asks for nothing more: an act before it may be one of another state. */
export async function settled(page: Page): Promise<void> {
  let quiet = 0;
  const look = async (): Promise<true | null> => {
    // What is to be done once something was drawn is done then, and may ask for more.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
    quiet = underWay.get(page)?.size === 0 ? quiet + 1 : 0;
    return quiet === 3 ? true : null;
  };
  await until(`the end of what ${page.url()} asks for`, look, 30);
}

/** axe without comments, half of what would have to be sent to each page. */
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong on a page (WCAG 2.2 AA among its rules). On one from disk it must not `preload`
 * what it looks at: the page's policy refuses that.
 */
export const violations = (page: Page, preload = true): Promise<string[]> =>
  axeFindings(page, {
    preload,
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });

/**
 * What axe finds wrong with the colours of a page. Its other rules find in the dark what they have found in
 * the light: styles for it change nothing but colours.
 */
export const violationsOfColour = (page: Page): Promise<string[]> =>
  axeFindings(page, {
    runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  });

async function axeFindings(page: Page, options: object): Promise<string[]> {
  // Put in beside the page's own policy, which runs nothing that does not stand in a file.
  const session = await page.context().newCDPSession(page);
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`)))
    await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(${JSON.stringify({ ...options, resultTypes: ['violations'] })})
      .then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes[0].html)))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(String(result.value)) as string[];
}
