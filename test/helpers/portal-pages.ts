import { PageServer, type PageSite, type Reply } from '../../local/page-server';
import { builtLocales } from '../../local/viewer-package';
import { itemKinds } from '../../src/core/package/items';
import type { EndState } from '../../src/core/request/states';

const locales = builtLocales();
export const facts = {
  controller: 'Example Mail Order',
  contact: 'privacy@shop.example',
  authority: null,
  hasLogo: false,
  hasIntake: true,
  law: 'gdpr',
  languages: Object.fromEntries(['en', 'de', 'fr'].map((tag) => [tag, locales[tag]?.name])),
};

/** A piece of the package: the bytes that are asked for, once the test gives them. */
type Piece = (from: number) => Promise<void> | void;

/** The controller's colour, where a test gives no other. */
export const blue = '#0b5c8a';

/** Pages of the portal as they are deployed, with answers that a test gives in place of the app's. */
export class Pages {
  /** Answers calls by their paths below `/portal/api/`. */
  api: (path: string, body: string) => Reply | Promise<Reply> = () => ({ status: 500, body: {} });
  /** The controller's colour. */
  colour: string = blue;
  /** The package that is downloaded. */
  content: Buffer = Buffer.alloc(0);
  /** Is called before each piece of the package is served. */
  piece: Piece = () => undefined;
  /** Where the pieces began that were asked for. */
  readonly pieces: number[] = [];
  readonly calls: string[] = [];
  private readonly server = new PageServer({
    facts,
    locales,
    colour: () => this.colour,
    answer: (path, body) => this.answer(path, body),
    read: (from, count) => this.read(from, count),
  });

  private constructor() {}

  static async start(): Promise<Pages> {
    const pages = new Pages();
    await pages.server.listen();
    return pages;
  }

  get url(): string {
    return this.server.url;
  }

  stop(): void {
    this.server.stop();
  }

  /** What the server answers to a page that asks for a link to the package. */
  link() {
    return this.server.link(this.content.length);
  }

  private answer(path: string, body: string): ReturnType<PageSite['answer']> {
    const [, call] = /^\/portal\/api\/(.+)$/.exec(path) ?? [];
    if (call === undefined) return undefined;
    this.calls.push(call);
    return this.api(call, body);
  }

  private async read(from: number, count: number): Promise<Buffer> {
    this.pieces.push(from);
    await this.piece(from);
    return this.content.subarray(from, from + count);
  }
}

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
