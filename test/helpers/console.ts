import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { loadAnew, noteRequests } from './browser';
import type { Directory } from './directory';
import { HttpApp } from './http-app';

/** Every role that the console knows. */
export const allRoles: OfficerRole[] = [
  'Requests.Read',
  'Requests.Decide',
  'Requests.Recall',
  'Requests.Deliver',
];

/** Who signs in. */
export interface SignIn {
  name?: string;
  /** In the directory; the name unless it is another one. */
  id?: string;
  roles?: OfficerRole[];
  options?: BrowserContextOptions;
  /** Whether to go by the directory, though a test of the file has signed in as the same officer before. */
  isNew?: boolean;
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/**
 * The officers' console in a browser, with the app's own handlers and guards behind a plain HTTP server:
 * no host, and no orchestration that would move a request on.
 */
export class Console {
  /** What pages have complained about, but for what a test has let fail. */
  readonly complaints: string[] = [];
  /** Cookies of those who have signed in, by who they are. */
  private readonly sessions = new Map<string, Cookies>();
  /** Pages of the usual officer, whom most tests sign in: those that the test has, and one for the next test. */
  private lent: Page[] = [];
  private kept: Page | null = null;

  private constructor(
    readonly app: HttpApp,
    readonly origin: string,
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  static async start(browser: Browser, change: Record<string, string> = {}): Promise<Console> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const app = await HttpApp.start({
      PORTAL_ORIGIN: origin,
      HAND_OVER_BY: 'twoOfficers',
      ...change,
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      answer(app, request, response).catch(() => response.destroy());
    });
    return new Console(app, origin, browser, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await this.app.stop();
  }

  /** A page of the console before the sign-in, at the app's time, which a test may move. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      locale: 'en',
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    noteRequests(page);
    await page.clock.install({ time: this.app.clock.now() });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    return page;
  }

  /**
   * Somebody who has signed in at the directory, at a place of the console, which is loaded anew. The usual
   * officer goes on with the page of the test before: a test that leaves more of it changed than its routes
   * and its time closes its context.
   */
  async signedIn(place = '', signIn: SignIn = {}): Promise<Page> {
    const { name = 'Ms Privacy', id = name, roles = allRoles, options, isNew = false } = signIn;
    const claims = { oid: id, name, roles };
    const who = JSON.stringify(claims);
    const address = `${this.origin}/portal/officer${place}`;
    const isUsual = Object.keys(signIn).length === 0;
    let page = isUsual ? this.kept : null;
    if (page === null) {
      page = await this.page(options);
      await page.context().addCookies(isNew ? [] : (this.sessions.get(who) ?? []));
      await page.goto(address);
    } else {
      this.kept = null;
      await page.clock.install({ time: this.app.clock.now() });
      await page.evaluate('sessionStorage.clear()');
      await loadAnew(page, address);
    }
    if (isUsual) this.lent.push(page);
    const button = page.locator('.sign-in .button.primary');
    await button.or(page.locator('.console-head')).waitFor();
    // A session may have ended, by what a test did or by the time that it let pass.
    if (await button.isVisible()) {
      await this.signIn(page, claims);
      this.sessions.set(who, await page.context().cookies());
    }
    return page;
  }

  /** Keeps a page of the usual officer, when a test has ended, for the next one. */
  async takeBack(): Promise<void> {
    for (const page of this.lent.splice(0)) {
      if (page.isClosed()) continue;
      if (this.kept !== null) await page.context().close();
      else {
        await page.unrouteAll({ behavior: 'wait' });
        this.kept = page;
      }
    }
  }

  /** Signs in at the directory, by the button of a page. */
  private async signIn(page: Page, claims: Parameters<Directory['signIn']>[1]): Promise<void> {
    const atDirectory = `${this.app.directory.issuer}/**`;
    await page.route(atDirectory, async (route) => {
      const query = this.app.directory.signIn(route.request().url(), claims);
      await route.fulfill({
        status: 302,
        headers: { Location: `${this.origin}/portal/officer/callback${query}` },
      });
    });
    await page.locator('.sign-in .button.primary').click();
    await page.locator('.console-head').waitFor();
    // While it is there, whatever the page asks for goes by this process, and nothing by the browser's cache.
    await page.unroute(atDirectory);
    // Before it, the page has asked who is signed in, and was told that nobody is.
    this.complaints.length = 0;
  }
}

/** Answers a call of the browser by the functions of the app. */
async function answer(
  app: HttpApp,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  const found = await app.fetch(request.url ?? '/', {
    method: request.method ?? 'GET',
    headers,
    body: await text(request),
  });
  const cookies = found.headers.getSetCookie();
  // Scripts and styles are the same for every page: a browser that has one need not read it again.
  const isKept = /\.(?:js|css)$/.test(request.url ?? '');
  response.writeHead(found.status, {
    ...Object.fromEntries([...found.headers].filter(([name]) => name !== 'set-cookie')),
    ...(isKept ? { 'cache-control': 'max-age=600' } : {}),
    ...(cookies.length > 0 ? { 'Set-Cookie': cookies } : {}),
  });
  response.end(Buffer.from(await found.arrayBuffer()));
}
