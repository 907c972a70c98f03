import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { brandStyle } from '../../src/core/brand-colours';
import { pageHeaders } from '../../src/functions/shared/http';
import { chromiumPath } from '../tools';
import { until } from '../until';
import { builtLocales, viewerPackage } from '../viewer-package';
import { sampleConversations, samplePerson } from '../viewer-sample';
import { VirtualPackage } from './virtual-package';

const app = join(__dirname, '../../../dist/deploy/app/web');
const passphrase = 'BENCH-BENCH-BENCH-BENCH-BENCH';
const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const facts = {
  ...{ controller: 'Example Mail Order', contact: 'privacy@shop.example', authority: null },
  ...{ hasLogo: false, hasIntake: true, law: 'gdpr', languages: { en: 'English' } },
};
const types: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

/** The page on which people open their data, as it is deployed, and the package in storage. */
class PortalServer {
  requests = 0;
  bytes = 0;

  private constructor(
    private readonly server: Server,
    private readonly content: VirtualPackage,
  ) {}

  static async start(content: VirtualPackage): Promise<PortalServer> {
    const server = createServer();
    const portal = new PortalServer(server, content);
    server.on('request', (request: IncomingMessage, response) => {
      const { status, headers, body } = portal.answer(request);
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return portal;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer({ url = '', headers }: IncomingMessage) {
    const { pathname } = new URL(url, 'http://portal.invalid');
    if (pathname === '/package.zip') return this.range(headers.range ?? '');
    if (pathname === '/portal/api/passphrase') return json({ passphrase });
    if (pathname.startsWith('/portal/api/')) return json(this.link());
    if (pathname === '/portal/languages.json') return json(builtLocales());
    if (pathname === '/portal/brand.css') return file('brand.css', brandStyle('#0b5c8a'));
    const name = { '/portal/open': 'portal/open.html', '/portal/viewer.css': 'viewer/viewer.css' }[
      pathname
    ];
    const path = join(app, name ?? pathname);
    const text = readFileSync(path, 'utf8').replace('{{facts}}', () =>
      JSON.stringify(facts).replaceAll('"', '&quot;'),
    );
    return file(path, text);
  }

  private link() {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { size: bytes } = this.content;
    return { url: `${this.url}/package.zip`, expiresAt, etag: '"1"', minutes: 60, bytes };
  }

  private range(range: string) {
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const body = this.content.read(Number(from), Number(to) - Number(from) + 1);
    this.requests += 1;
    this.bytes += body.length;
    return { status: 206, headers: { 'Content-Type': 'application/zip' }, body };
  }
}

const json = (body: object) => ({
  ...{ status: 200, headers: { 'Content-Type': 'application/json' } },
  body: JSON.stringify(body),
});

function file(name: string, body: string) {
  const type = types[name.split('.').at(-1) ?? ''] ?? 'text/html';
  const headers = {
    ...pageHeaders({ trustedTypes: ['dompurify', 'mail'] }),
    'Content-Type': `${type}; charset=utf-8`,
  };
  return { status: 200, headers, body };
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

async function look(page: Page, step: Steps, portal: PortalServer): Promise<void> {
  await step('open', async () => {
    await page.goto(`${portal.url}/portal/open`);
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
  await page.goto(`${portal.url}/portal/open#/conversations`);
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
  const portal = await PortalServer.start(content);
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
    await look(page, step, portal);
  } finally {
    await browser.close();
    portal.stop();
    rmSync(folder, { recursive: true });
  }
  const { size, directoryBytes, count: entries } = content;
  return { conversations: count, packageBytes: size, entries, directoryBytes, steps };
}
