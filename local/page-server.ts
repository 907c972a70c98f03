import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brandStyle } from '../src/core/brand-colours';
import { escapeHtml } from '../src/core/html';
import type { Locales } from '../src/core/i18n/translator';
import { pageHeaders } from '../src/functions/shared/http';
import { root } from './root';

const web = join(root, 'dist/deploy/app/web');

/** Where files stand that have another name or folder than their address below `/portal/`. */
const places: Record<string, [file: string, trustedTypes?: string[]]> = {
  '/portal': ['portal/index.html'],
  '/portal/request': ['portal/request.html', ['puzzle']],
  '/portal/open': ['portal/open.html', ['dompurify', 'mail']],
  '/portal/viewer.css': ['viewer/viewer.css'],
  '/portal/officer': ['officer/officer.html'],
  '/portal/officer.css': ['officer/officer.css'],
  '/portal/officer.js': ['officer/officer.js'],
  '/portal/officer-check.js': ['officer/officer-check.js'],
};
const types: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};
const packagePath = '/packages/mine.zip';
/** Files are the same for every page: a browser that has one need not read it again. */
const kept = { 'Cache-Control': 'max-age=600' };

/** What the app answers to a call. */
export interface Reply {
  status: number;
  body: object;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  content: Buffer | string;
}

/** What pages are served with, in place of an app. */
export interface PageSite {
  /** What a page shows before it has asked for anything. */
  facts: object;
  locales: Locales;
  /** The controller's colour. */
  colour: () => string;
  /**
   * @param path of a call, without its query
   * @returns undefined for one that is no call of the app
   */
  answer: (path: string, body: string) => Reply | undefined | Promise<Reply>;
  /** Bytes of the package, from one on. */
  read: (from: number, count: number) => Buffer | Promise<Buffer>;
}

/** Serves the pages of the portal and of the officers as they are deployed, without an app. */
export class PageServer {
  private readonly server = createServer((request, response) => {
    this.respond(request).then(
      ({ status, headers, content }) => response.writeHead(status, headers).end(content),
      () => response.destroy(),
    );
  });

  constructor(private readonly site: PageSite) {}

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** What the app answers to a page that asks for a link to a package of this size. */
  link(bytes: number) {
    const expiresAt = '2099-01-01T00:00:00.000Z';
    const url = `${this.url}${packagePath}`;
    return { status: 200, body: { url, expiresAt, etag: '"1"', minutes: 10, bytes } };
  }

  private async respond(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '', 'http://portal.invalid');
    if (pathname === packagePath) return this.range(request.headers.range ?? '');
    if (pathname === '/portal/brand.css')
      return {
        ...{ status: 200, headers: { 'Content-Type': 'text/css' } },
        content: brandStyle(this.site.colour()),
      };
    const words = this.wordsAt(pathname);
    if (words !== undefined) return json({ status: 200, body: words }, kept);
    const reply = await this.site.answer(pathname, await textOf(request));
    return reply === undefined ? this.file(pathname) : json(reply);
  }

  private async range(range: string): Promise<Answer> {
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const content = await this.site.read(Number(from), Number(to) - Number(from) + 1);
    return { status: 206, headers: { 'Content-Type': 'application/zip' }, content };
  }

  /** The catalog of a language, or all of them; undefined where none is asked for. */
  private wordsAt(path: string): object | undefined {
    const { locales } = this.site;
    if (path.endsWith('/languages.json')) return locales;
    return locales[/^\/portal\/languages\/([\w-]+)$/.exec(path)?.[1] ?? ''];
  }

  private file(path: string): Answer {
    const [name = path.replace(/^\/portal/, 'portal'), trustedTypes = []] = places[path] ?? [];
    const file = join(web, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      return { status: 404, headers: {}, content: '' };
    const type = types[name.split('.').at(-1) ?? ''] ?? 'text/html';
    const text = readFileSync(file, 'utf8');
    return {
      status: 200,
      headers: {
        ...pageHeaders({ trustedTypes }),
        'Content-Type': `${type}; charset=utf-8`,
        ...(type === 'text/html' ? {} : kept),
      },
      content: text.replace('{{facts}}', () => escapeHtml(JSON.stringify(this.site.facts))),
    };
  }
}

const json = ({ status, body }: Reply, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  content: JSON.stringify(body),
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
