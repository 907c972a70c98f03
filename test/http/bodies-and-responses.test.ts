import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HttpApp, read } from '../helpers/http-app';
import { problemOf, RouteCalls, secure } from '../helpers/route-calls';
import { named, rows, templateOf } from '../helpers/routes';

let routes: RouteCalls;
beforeAll(async () => {
  routes = await RouteCalls.start();
}, 60_000);
afterAll(() => routes.stop());

describe('a body', () => {
  const withBody = rows.filter(({ body }) => body !== undefined);
  const secret = 'zoe.secret@mail.example';

  it.each(named(withBody))('is refused that is not what the call takes: %s', async (_, row) => {
    const { body = {}, limit = 0 } = row;
    const fields = Object.keys(body);
    const cases: [string, string, Record<string, string>, string][] = [
      [
        'another type',
        JSON.stringify(body),
        { 'Content-Type': 'text/plain' },
        '415 unsupportedMediaType',
      ],
      [
        'a form',
        'a=b',
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        '415 unsupportedMediaType',
      ],
      ['no type', JSON.stringify(body), { 'Content-Type': '' }, '415 unsupportedMediaType'],
      [
        'a similar type',
        JSON.stringify(body),
        { 'Content-Type': 'application/jsonp' },
        '415 unsupportedMediaType',
      ],
      ['too many bytes', `"${'x'.repeat(limit - 1)}"`, {}, '413 bodyTooLarge'],
      ['as many bytes as allowed', `"${'x'.repeat(limit - 2)}"`, {}, '400 invalidBody'],
      ['too many bytes of few letters', `"${'€'.repeat(limit / 2)}"`, {}, '413 bodyTooLarge'],
      ['nothing', '', {}, '400 malformedJson'],
      ['half an object', `{"a": "${secret}"`, {}, '400 malformedJson'],
      ['a word', secret, {}, '400 malformedJson'],
      ['lists in lists', '['.repeat(2000), {}, '400 malformedJson'],
      ['lists to a depth', `${'['.repeat(17)}${']'.repeat(17)}`, {}, '400 malformedJson'],
      ['brackets in a text', JSON.stringify('[{'.repeat(20)), {}, '400 invalidBody'],
      ['null', 'null', {}, '400 invalidBody'],
      ['a list', JSON.stringify([body]), {}, '400 invalidBody'],
      ['a text', JSON.stringify(secret), {}, '400 invalidBody'],
      ['an unknown field', JSON.stringify({ ...body, shoeSize: secret }), {}, '400 invalidBody'],
      [
        'a prototype',
        `{"__proto__": ${JSON.stringify({ ...body, x: 1 })}, "y": 1}`,
        {},
        '400 invalidBody',
      ],
      ...fields.flatMap((field): [string, string, Record<string, string>, string][] => [
        [
          `${field} as an object`,
          JSON.stringify({ ...body, [field]: { secret } }),
          {},
          '400 invalidBody',
        ],
        [
          `${field} as a list`,
          JSON.stringify({ ...body, [field]: [[secret]] }),
          {},
          '400 invalidBody',
        ],
        [
          `${field} as an empty text`,
          JSON.stringify({ ...body, [field]: '' }),
          {},
          '400 invalidBody',
        ],
      ]),
    ];
    const given = await routes.credentials(row);
    const before = [await routes.waiting.entries(), await routes.available.entries()];
    for (const [name, text, headers, expected] of cases) {
      const response = await routes.call(row, { headers: { ...given, ...headers }, body: text });
      const sent = await response.clone().text();
      expect(`${name}: ${await problemOf(response)}`).toBe(`${name}: ${expected}`);
      expect(sent).not.toContain(secret);
      expect(sent).not.toMatch(/at .*\.[jt]s|node_modules|Error:/);
    }
    expect([await routes.waiting.entries(), await routes.available.entries()]).toEqual(before);
    expect(routes.app.functions.logs.join('\n')).not.toContain(secret);
  });
});

describe('the responses of the app', () => {
  const pages = rows.filter(({ route }) => route.startsWith('GET,HEAD '));
  const policy = (...more: string[]): string =>
    [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      'media-src blob:',
      "frame-src 'self'",
      ...more,
    ].join('; ');
  const last = ["form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
  const trusted = (policies: string): string[] => [
    "require-trusted-types-for 'script'",
    `trusted-types ${policies}`,
  ];
  const types: Record<string, string> = {
    css: 'text/css',
    js: 'text/javascript',
    svg: 'image/svg+xml',
  };

  it.each(named(pages.filter((row) => !/languages|logo/.test(row.route))))(
    'are pages that load from their own origin only: %s',
    async (_, row) => {
      const path = templateOf(row);
      const blobs = new URL(routes.app.parts.portal.packageOrigin).origin;
      const connect = path.startsWith('portal/officer')
        ? "connect-src 'self'"
        : `connect-src 'self' ${blobs}`;
      const policies =
        { 'portal/open': 'dompurify mail', 'portal/request': 'puzzle' }[path] ?? "'none'";
      const expected = {
        ...secure,
        'content-security-policy': policy(connect, ...last, ...trusted(policies)),
        'content-type': `${types[path.split('.')[1] ?? ''] ?? 'text/html'}; charset=utf-8`,
        ...(path.startsWith('portal/officer') ? {} : { vary: 'Accept-Encoding' }),
      };
      const [got, head] = [
        await routes.app.fetch(`/${path}`),
        await routes.app.fetch(`/${path}`, { method: 'HEAD' }),
      ];
      for (const response of [got, head]) {
        expect(response.status).toBe(200);
        expect(Object.fromEntries(response.headers)).toEqual(expected);
      }
      expect((await got.text()).length).toBeGreaterThan(100);
      expect(await head.text()).toBe('');
    },
  );

  it('are compressed where the browser takes that, and the same then', async () => {
    for (const path of ['/portal', '/portal/portal.js', '/portal/languages/de']) {
      const plain = Buffer.from(await (await routes.app.fetch(path)).arrayBuffer());
      const response = await routes.app.fetch(path, { headers: { 'Accept-Encoding': 'br, gzip' } });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const packed = Buffer.from(await response.arrayBuffer());
      expect(packed.length).toBeLessThan(plain.length / 1.5);
      expect(gunzipSync(packed).equals(plain)).toBe(true);
    }
  });

  it('tell a page who is responsible, and which languages there are, before it asks', async () => {
    const html = await (await routes.app.fetch('/portal')).text();
    const [, content = ''] = /<meta name="facts" content="([^"]*)"/.exec(html) ?? [];
    const decoded = content.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    expect(JSON.parse(decoded)).toEqual({
      controller: 'Example Mail Order',
      contact: 'privacy@shop.example',
      authority: null,
      hasLogo: false,
      hasIntake: true,
      law: 'gdpr',
      languages: expect.objectContaining({ de: 'Deutsch', fr: 'Français' }) as object,
    });
  });

  it('are texts in every language for the portal, and no logo where none is configured', async () => {
    const languages = await read(await routes.app.fetch('/portal/languages.json'));
    expect(Object.keys(languages.body).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
    const { viewer: _viewer, ...german } = languages.body['de'] as Record<string, unknown>;
    const ofPage = await read(await routes.app.fetch('/portal/languages/de'));
    expect([ofPage.status, ofPage.body]).toEqual([200, german]);
    expect(await problemOf(await routes.app.fetch('/portal/languages/xx'))).toBe(
      '404 languageNotFound',
    );
    expect(Object.keys(languages.body['de'] as object).sort()).toEqual([
      'name',
      'portal',
      'processing',
      'report',
      'shared',
      'viewer',
    ]);
    const ofOfficers = async (query: string): Promise<Record<string, object>> =>
      (
        await read<Record<string, object>>(
          await routes.app.fetch(`/portal/officer/languages.json${query}`),
        )
      ).body;
    const names = await ofOfficers('');
    expect(Object.keys(names).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
    expect(Object.values(names).map((one) => Object.keys(one))).toEqual(
      Object.keys(names).map(() => ['name']),
    );
    // The words of one language, and of English for what it lacks.
    const forGerman = await ofOfficers('?tag=de');
    const withWords = Object.keys(forGerman).filter((tag) => 'officer' in (forGerman[tag] ?? {}));
    expect(withWords.sort()).toEqual(['de', 'en']);
    expect(Object.keys(forGerman['de'] ?? {})).toEqual(['name', 'shared', 'officer', 'report']);
    expect(await problemOf(await routes.app.fetch('/portal/logo'))).toBe('404 logoNotConfigured');
  });

  it('are public keys that anybody may read from any page', async () => {
    const { status, headers, body } = await read(await routes.app.fetch('/.well-known/jwks.json'));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      ...secure,
      'cache-control': 'public, max-age=3600',
      'content-type': 'application/jwk-set+json',
      'access-control-allow-origin': '*',
    });
    expect(body).toEqual(await routes.app.parts.keys.publicKeys());
    expect(JSON.stringify(body)).not.toMatch(/"d":/);
  });

  it('say that the app runs', async () => {
    const response = await routes.app.fetch('/health');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the logo of the company', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['logo.png', 'image/png'],
    ['LOGO.JPG', 'image/jpeg'],
    ['logo.jpeg', 'image/jpeg'],
  ])('is shown by the portal as what it is: %s', async (name, type) => {
    const file = join(folder, name);
    const bytes = Buffer.from([0x89, 0x50, 0xff, 0xd8, 0x00]);
    writeFileSync(file, bytes);
    const app = await HttpApp.start({ BRAND_LOGO_FILE: file });
    try {
      const response = await app.fetch('/portal/logo');
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toEqual({ ...secure, 'content-type': type });
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
      const page = await (await app.fetch('/portal')).text();
      expect(page).toContain('&quot;hasLogo&quot;:true');
    } finally {
      await app.stop();
    }
  });
});
