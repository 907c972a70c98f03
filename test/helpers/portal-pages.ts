import { createServer, type IncomingMessage, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brandStyle } from '../../src/core/brand-colours';
import { itemKinds } from '../../src/core/package/items';
import type { EndState } from '../../src/core/request/states';
import { pageHeaders } from '../../src/functions/shared/http';
import { deployed } from './root';

/** Pages of the portal as they are deployed, with answers that a test gives in place of the app's. */
const webFolder = join(deployed, 'app/web/portal');
const catalogOf = (tag: string): { name: string; portal: Record<string, unknown> } =>
  JSON.parse(readFileSync(join(deployed, 'app/locales', `${tag}.json`), 'utf8')) as ReturnType<
    typeof catalogOf
  >;
const allCatalogs = () => Object.fromEntries(['en', 'de'].map((tag) => [tag, catalogOf(tag)]));
export const facts = {
  controller: 'Example Mail Order',
  contact: 'privacy@shop.example',
  authority: null,
  hasLogo: false,
  hasIntake: true,
  law: 'gdpr',
  languages: Object.fromEntries(['en', 'de', 'fr'].map((tag) => [tag, catalogOf(tag).name])),
};
const types: Record<string, string> = { css: 'text/css', js: 'text/javascript' };
const pages: Record<string, [file: string, trustedTypes: string[]]> = {
  '/portal': ['index.html', []],
  '/portal/request': ['request.html', ['puzzle']],
  '/portal/open': ['open.html', ['dompurify', 'mail']],
  '/portal/viewer.css': ['../viewer/viewer.css', []],
};

export interface Reply {
  status: number;
  body: object;
}
type Api = (path: string, body: string) => Reply | Promise<Reply>;

/** A piece of the package: the bytes that are asked for, once the test gives them. */
type Piece = (from: number) => Promise<void> | void;

export class Pages {
  api: Api = () => ({ status: 500, body: {} });
  /** The controller's colour. */
  colour = '#0b5c8a';
  /** The package that is downloaded. */
  content: Buffer = Buffer.alloc(0);
  /** Is called before each piece of the package is served. */
  piece: Piece = () => undefined;
  /** Where the pieces began that were asked for. */
  readonly pieces: number[] = [];
  readonly calls: string[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Pages> {
    const server = createServer();
    const served = new Pages(server);
    server.on('request', (request, response) => {
      void served.answer(request).then(({ status, headers, content }) => {
        response.writeHead(status, headers).end(content);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage) {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    const language = /^\/portal\/languages\/(\w+)$/.exec(pathname)?.[1];
    if (language !== undefined) return json({ status: 200, body: catalogOf(language) });
    if (pathname.startsWith('/portal/api/')) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const path = pathname.slice('/portal/api/'.length);
      this.calls.push(path);
      return json(await this.api(path, Buffer.concat(chunks).toString('utf8')));
    }
    if (pathname === '/packages/mine.zip') return this.ranged(request.headers.range ?? '');
    if (pathname === '/portal/languages.json') return json({ status: 200, body: allCatalogs() });
    if (pathname === '/portal/brand.css')
      return {
        status: 200,
        headers: { 'Content-Type': 'text/css' },
        content: brandStyle(this.colour),
      };
    const [file = pathname.slice('/portal/'.length), trustedTypes = []] = pages[pathname] ?? [];
    const content = readFileSync(join(webFolder, file), 'utf8').replace('{{facts}}', () =>
      JSON.stringify(facts).replaceAll('"', '&quot;'),
    );
    const type = types[file.split('.').at(-1) ?? ''] ?? 'text/html';
    const headers = { ...pageHeaders({ trustedTypes }), 'Content-Type': `${type}; charset=utf-8` };
    return { status: 200, headers, content };
  }

  /** What the server answers to a page that asks for a link to the package. */
  link() {
    const expiresAt = '2030-01-01T00:00:00.000Z';
    const { length: bytes } = this.content;
    const url = `${this.url}/packages/mine.zip`;
    return { status: 200, body: { url, expiresAt, etag: '"1"', minutes: 10, bytes } };
  }

  private async ranged(range: string) {
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    this.pieces.push(Number(from));
    await this.piece(Number(from));
    const content = this.content.subarray(Number(from), Number(to) + 1);
    return { status: 206, headers: { 'Content-Type': 'application/zip' }, content };
  }
}

const json = ({ status, body }: Reply) => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  content: JSON.stringify(body),
});

export const verify = {
  step: 'verify',
  methods: ['sms', 'totp', 'oidc'],
  digits: '•••• 66',
  isCodeSent: false,
  lockedUntil: {},
  isSecond: false,
  isAgain: false,
};
const history = [{ at: '2026-11-23T08:00:00.000Z', event: 'state.received' }];
const none = { expected: 0, exported: 0, pending: 0 };
export const progress = {
  step: 'progress',
  state: 'exporting',
  law: 'gdpr',
  reference: 'PRIV-1',
  timeZone: 'Europe/Berlin',
  progress: {
    ...Object.fromEntries(itemKinds.map((kind) => [kind, none])),
    conversation: { expected: 200, exported: 148, pending: 52 },
    audio: { expected: 175, exported: 119, pending: 56 },
    email: { expected: 32, exported: 30, pending: 0 },
  },
  timeLeft: { kind: 'about', minutes: 9 },
  history,
};
export const ready = {
  step: 'download',
  state: 'available',
  law: 'gdpr',
  reference: 'PRIV-1',
  timeZone: 'Europe/Berlin',
  inventory: {
    from: '2022-03',
    to: '2026-11',
    channels: { call: 148, email: 32, message: 16, chat: 4, other: 0 },
  },
  statements: [],
  processing: null,
  packageBytes: 41_700_000,
  availableUntil: '2026-12-02T13:15:00.000Z',
  isOver: false,
  canEnrol: true,
  history,
};
export const ended = (state: EndState, change: object = {}) => ({
  step: 'ended',
  state,
  law: 'gdpr',
  reasonCode: { refused: 'excessive', cancelled: 'withdrawn' }[state as string] ?? 'any',
  explanation: null,
  endedAt: '2026-11-24T10:00:00.000Z',
  availableUntil: '2026-12-02T13:15:00.000Z',
  searched: { from: '2021-11-15T00:00:00.000Z', to: '2026-11-15T00:00:00.000Z' },
  identifiers: [
    { type: 'phone', masked: '•••• 12' },
    { type: 'email', masked: 'p•••@m•••.example' },
  ],
  reference: 'PRIV-1',
  history,
  ...change,
});
