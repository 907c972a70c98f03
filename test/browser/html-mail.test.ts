import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { viewerPackage } from '../../local/viewer-package';
import type { ViewerTexts } from '../../src/core/package/viewer-texts';
import { until } from '../../local/until';
import { describeInBrowser, startBrowser } from '../helpers/browser';

/** A server that counts who connects, also without a request, as browsers do in advance. */
class Listener {
  connections = 0;
  readonly paths = new Set<string>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (head) => {
      this.paths.add(head.toString('latin1').split(' ')[1] ?? '');
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((stopped) => this.#server.close(() => stopped()));
  }
}

/** What in HTML can connect to an address by itself, and the mere text of each mail. */
const fetching = (to: string): [string, string][] => [
  ['iframe', `<iframe src="${to}/iframe"></iframe>`],
  ['iframe with a document', `<iframe srcdoc="<img src='${to}/srcdoc'>"></iframe>`],
  ['frame', `<frameset><frame src="${to}/frame"></frameset>`],
  ['object', `<object data="${to}/object" type="image/svg+xml"></object>`],
  ['embed', `<embed src="${to}/embed">`],
  ['image', `<img src="${to}/image">`],
  ['image set', `<img srcset="${to}/set 1x">`],
  ['picture', `<picture><source srcset="${to}/picture"><img alt=""></picture>`],
  ['lower source', `<img lowsrc="${to}/low" dynsrc="${to}/dyn">`],
  ['video', `<video src="${to}/video" autoplay preload="auto"></video>`],
  ['poster', `<video poster="${to}/poster"></video>`],
  ['audio', `<audio src="${to}/audio" autoplay preload="auto"></audio>`],
  ['source', `<audio autoplay preload="auto"><source src="${to}/source"></audio>`],
  ['track', `<video src="data:video/mp4," ><track default src="${to}/track"></video>`],
  ['style sheet', `<link rel="stylesheet" href="${to}/sheet">`],
  ['icon', `<link rel="icon" href="${to}/icon">`],
  ['connection in advance', `<link rel="preconnect" href="${to}">`],
  ['name in advance', `<link rel="dns-prefetch" href="${to}">`],
  ['fetch in advance', `<link rel="prefetch" href="${to}/prefetch">`],
  ['load in advance', `<link rel="preload" as="image" href="${to}/preload">`],
  ['module in advance', `<link rel="modulepreload" href="${to}/module">`],
  ['page in advance', `<link rel="prerender" href="${to}/prerender">`],
  ['manifest', `<link rel="manifest" href="${to}/manifest">`],
  ['refresh', `<meta http-equiv="refresh" content="0;url=${to}/refresh">`],
  ['base', `<base href="${to}/"><img src="relative">`],
  ['image button', `<form action="${to}/form"><input type="image" src="${to}/button"></form>`],
  [
    'background',
    `<table background="${to}/table"><tr><td background="${to}/cell">x</td></tr></table>`,
  ],
  ['style', `<style>@import "${to}/import"; p { background: url(${to}/url) }</style>`],
  ['style attribute', `<p style="background-image: url('${to}/attribute')">styled</p>`],
  [
    'font',
    `<style>@font-face { font-family: f; src: url(${to}/font) } p { font-family: f }</style>`,
  ],
  ['SVG image', `<svg><image href="${to}/svg" width="9" height="9"/></svg>`],
  ['SVG use', `<svg><use href="${to}/use#a"/></svg>`],
  [
    'SVG filter',
    `<svg><filter id="f"><feImage href="${to}/filter"/></filter><rect filter="url(#f)"/></svg>`,
  ],
  [
    'SVG style',
    `<svg><style>rect { fill: url(${to}/fill#a) }</style><rect width="9" height="9"/></svg>`,
  ],
  ['script', `<script src="${to}/script"></script>`],
  ['script of its own', `<script>fetch("${to}/fetch")</script>`],
  ['handler', `<img src="x:" onerror="fetch('${to}/handler')">`],
  ['rules', `<script type="speculationrules">{"prefetch":[{"urls":["${to}/rules"]}]}</script>`],
  ['template', `<div><template shadowrootmode="open"><img src="${to}/shadow"></template></div>`],
  ['no script', `<noscript><img src="${to}/noscript"></noscript>`],
  ['MathML', `<math><mtext><img src="${to}/math"></mtext></math>`],
  ['comment', `<!--[if true]><img src="${to}/comment"><![endif]-->`],
  [
    'broken nesting',
    `<math><mtext><table><mglyph><style><img src="${to}/mutation"></style></table></mtext></math>`,
  ],
  [
    'fenced frame',
    `<fencedframe src="${to}/fenced"></fencedframe><portal src="${to}/portal"></portal>`,
  ],
  ['link', `<a href="${to}/link" ping="${to}/ping">a link of the mail</a>`],
];

/** Elements that connect by themselves in Chromium when nothing keeps them from it. */
const certain = ['iframe', 'object', 'image', 'style sheet', 'video', 'script'];

const at = '2026-03-01T10:00:00.000Z';

/** Writes a package's viewer with one conversation that has these emails. */
const writeViewer = (folder: string, emails: ViewerTexts['emails']): void =>
  viewerPackage(folder, [{ row: { channel: 'email', start: at }, texts: { emails } }]);

const emailOf = (subject: string, html: string): ViewerTexts['emails'][number] => ({
  from: 'sender@shop.example',
  to: 'person@example.com',
  cc: '',
  subject,
  at,
  text: '',
  html,
  file: 'email-1.eml',
  attachments: [],
});

describeInBrowser('an HTML mail in the viewer', () => {
  let browser: Browser;
  let folder: string;
  const listener = new Listener();
  let sender: string;

  beforeAll(async () => {
    browser = await startBrowser();
    sender = await listener.start();
    folder = mkdtempSync(join(tmpdir(), 'html-mail-'));
  });
  beforeEach(() => {
    listener.connections = 0;
    listener.paths.clear();
  });
  afterAll(async () => {
    await listener.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The viewer with the conversation open and every frame loaded. */
  async function show(mails: [string, string][]): Promise<Page> {
    writeViewer(
      folder,
      mails.map(([name, html]) => emailOf(name, html)),
    );
    const page = await browser.newPage();
    await page.goto(`${pathToFileURL(join(folder, 'index.html')).href}#/conversations/1`);
    await page.waitForSelector('article iframe');
    for (const frame of page.frames().slice(1)) await frame.waitForLoadState('load');
    return page;
  }

  it('connects nowhere, whatever it contains, and shows its words', async () => {
    const mails = fetching(sender).map(([name, html]): [string, string] => [
      name,
      `<p>words before</p>${html}<p>words after</p>`,
    ]);
    const page = await show(mails);
    expect(await page.locator('article iframe').count()).toBe(mails.length);
    const shown: string[] = [];
    for (const [i, [name]] of mails.entries()) {
      const text = await page.frameLocator('article iframe').nth(i).locator('body').innerText();
      if (!/words before[^]*words after/.test(text)) shown.push(`${name}: ${text}`);
    }
    expect(shown).toEqual([]);
    expect(listener.connections).toBe(0);
    // Whatever a page has started comes before what the browser is told to open afterwards.
    const afterwards = await browser.newPage();
    await afterwards.goto(`${sender}/afterwards`);
    expect([...listener.paths].filter((path) => path !== '/favicon.ico')).toEqual(['/afterwards']);
    await afterwards.close();
    await page.context().close();
  }, 60_000);

  it.each(certain)('would connect by its %s if it were shown as it is', async (name) => {
    const html = fetching(sender).find(([one]) => one === name)?.[1] ?? '';
    const page = await browser.newPage();
    await page.setContent(html, { waitUntil: 'commit' });
    await until('a connection', () => Promise.resolve(listener.connections > 0 ? true : null));
    await page.close();
  });

  it('names the address of a link, and opens it nowhere', async () => {
    const page = await show([
      ['link', `<a href="${sender}/link" target="_blank">Your order</a>`],
      ['the same', `<a href="${sender}/same">${sender}/same</a>`],
      ['script', `<a href="javascript:alert(1)">Press</a>`],
    ]);
    const frame = (i: number) => page.frameLocator('article iframe').nth(i).locator('body');
    expect(await frame(0).innerText()).toBe(`Your order <${sender}/link>`);
    expect(await frame(1).innerText()).toBe(`${sender}/same`);
    expect(await frame(2).innerText()).toBe('Press');
    await frame(0).getByText('Your order').click();
    await page.context().close();
    expect(listener.connections).toBe(0);
  });
});
