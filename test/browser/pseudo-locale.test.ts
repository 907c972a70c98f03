import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { viewerPackage } from '../../local/viewer-package';
import { sampleConversations, samplePerson } from '../../local/viewer-sample';
import { itemKinds } from '../../src/core/package/items';
import { viewerScript } from '../../src/core/package/viewer-script';
import { endStates, type EndState } from '../../src/core/request/states';
import { actionNames } from '../../src/web/officer/action-rules';
import { describeInBrowser, startBrowser } from '../helpers/browser';
import { madeProcessing, madeStatements } from '../helpers/made-report';
import * as made from '../helpers/made-requests';
import { dataIn, flaws, pseudoLocales, pseudoTag } from '../helpers/pseudo-locale';
import { deployed } from '../helpers/root';

const locales = pseudoLocales();
const web = join(deployed, 'app/web');
const facts = {
  ...{ controller: 'Εταιρεία', contact: 'privacy@shop.example', authority: 'Αρχή' },
  ...{ hasLogo: false, hasIntake: true, law: 'gdpr' },
  languages: { [pseudoTag]: 'Ελληνικά' },
};

/** What the app would answer to a call; undefined for one that is no call of the app. */
type Api = (path: string) => object | undefined;

const words = JSON.stringify(locales[pseudoTag]);
const wordsByTag = JSON.stringify(locales);
const types: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

/** Answers what a page asks for: its files, its words, and what a test gives. */
function answer(pathname: string, api: Api): { status: number; type: string; body: string } {
  const json = (body: string) => ({ status: 200, type: 'application/json', body });
  if (pathname.endsWith('/languages.json')) return json(wordsByTag);
  if (pathname.includes('/languages/')) return json(words);
  const given = api(pathname);
  if (given !== undefined) return json(JSON.stringify(given));
  if (pathname === '/portal/officer/me') return { ...json('{"code":"notSignedIn"}'), status: 401 };
  const name = pathname.slice('/portal/'.length) || 'index.html';
  const file = { officer: 'officer.html', request: 'request.html' }[name] ?? name;
  const path = join(web, file.startsWith('officer') ? 'officer' : 'portal', file);
  if (!existsSync(path)) return { status: 404, type: 'text/plain', body: '' };
  const body = readFileSync(path, 'utf8').replace('{{facts}}', () =>
    JSON.stringify(facts).replaceAll('"', '&quot;'),
  );
  return { status: 200, type: types[file.split('.').at(-1) ?? ''] ?? 'text/html', body };
}

describeInBrowser('every text in a language that nobody speaks', () => {
  let browser: Browser;
  let page: Page;
  let api: Api = () => undefined;
  let origin = '';
  const server = createServer(({ url = '' }, response) => {
    const { status, type, body } = answer(new URL(url, 'http://x').pathname, api);
    // A browser that has a file need not read it again for every page.
    const kept = url.includes('languages') || Object.values(types).includes(type);
    response
      .writeHead(status, {
        'Content-Type': `${type}; charset=utf-8`,
        'Cache-Control': kept ? 'max-age=600' : 'no-store',
      })
      .end(body);
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startBrowser();
    const context = await browser.newContext({ locale: pseudoTag, timezoneId: 'Europe/Berlin' });
    page = await context.newPage();
    await page.clock.install({ time: new Date(made.madeAt) });
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  describe('on the portal', () => {
    const history = [{ at: made.madeAt, event: 'state.received' }];
    const common = { reference: 'PRIV-1', timeZone: 'Europe/Berlin', history };
    const verify = {
      ...{ step: 'verify', methods: ['sms', 'totp', 'oidc', 'officer'], digits: '•••• 66' },
      ...{ isCodeSent: false, lockedUntil: {}, isSecond: false, isAgain: false },
    };
    const some = { expected: 200, exported: 148, pending: 52 };
    const kinds = Object.fromEntries(itemKinds.map((kind) => [kind, some]));
    const progress = {
      ...{ ...common, step: 'progress', state: 'exporting', progress: kinds },
      timeLeft: { kind: 'about', minutes: 9 },
    };
    const channels = { call: 148, email: 32, message: 16, chat: 4, other: 3 };
    const ready = {
      ...{ ...common, step: 'download', state: 'available', law: 'gdpr' },
      statements: madeStatements(facts.contact),
      processing: madeProcessing(pseudoTag, facts.contact),
      inventory: { from: '2022-03', to: '2026-11', channels },
      ...{ packageBytes: 41_700_000, availableUntil: '2026-11-25T10:00:00.000Z' },
      ...{ isOver: false, canEnrol: true },
    };
    const reasons = { refused: 'excessive', cancelled: 'withdrawn' };
    const ended = (state: EndState) => ({
      ...{ ...common, step: 'ended', state, law: 'gdpr', explanation: 'Εξήγηση' },
      reasonCode: (reasons as Partial<Record<EndState, string>>)[state] ?? 'any',
      ...{ endedAt: made.madeAt, availableUntil: made.madeAt },
      searched: { from: '2021-11-15T00:00:00.000Z', to: '2026-11-15T00:00:00.000Z' },
      identifiers: [
        { type: 'phone', masked: '•••• 12' },
        { type: 'email', masked: 'p•••@m•••.example' },
      ],
    });

    it.each<[string, object]>([
      ['verify', verify],
      ['a code was sent', { ...verify, isCodeSent: true }],
      ['locked', { ...verify, lockedUntil: { sms: '2026-11-29T10:00:00.000Z' } }],
      ['no way to verify', { step: 'noAuthenticationMethod' }],
      ['progress', progress],
      ['ready', ready],
      ...endStates.map((state): [string, object] => [state, ended(state)]),
    ])('is translated and fits: %s', async (_, view) => {
      api = (path) => (path.startsWith('/portal/api/') ? view : undefined);
      await page.goto(`${origin}/portal/`);
      await page.locator('h1').waitFor();
      expect(await flaws(page, dataIn([view, facts]))).toEqual([]);
    });

    it('is translated and fits on the page on which people ask for their data', async () => {
      api = () => undefined;
      await page.goto(`${origin}/portal/request`);
      await page.locator('h1').waitFor();
      expect(await flaws(page, dataIn(facts))).toEqual([]);
      await page.locator('button[type=submit]').click();
      await page.locator('[role=alert] a').first().waitFor();
      expect(await flaws(page, dataIn(facts))).toEqual([]);
      await page.locator('#name').fill('Ελένη');
      await page.locator('#email').fill('eleni@mail.example');
      await page.keyboard.press('Enter');
      await page.locator('dl').waitFor();
      expect(await flaws(page, [...dataIn(facts), 'eleni@mail.example'])).toEqual([]);
    });
  });

  describe('on the console', () => {
    const roles = ['Read', 'Decide', 'Recall', 'Deliver'].map((role) => `Requests.${role}`);
    const me = { name: 'Ελένη Παππά', roles, timeZone: 'Europe/Berlin' };
    /** The console at a place, with answers to what it reads of the requests. */
    const open = async (place: string, answers: Record<string, object>): Promise<void> => {
      api = (path) => {
        if (path === '/portal/officer/me') return me;
        const part = path.replace(/^\/api\/requests\/[^/]+\//, '').replace('/api/', '');
        return path.startsWith('/api/') ? answers[part] : undefined;
      };
      // The same document would keep what it has read.
      await page.goto('about:blank');
      // What is read comes after the page: until then there is little to look at.
      await page.goto(`${origin}/portal/officer${place}`, { waitUntil: 'networkidle' });
      await page.locator('main > *').first().waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
    };
    const request = (tab = ''): string => `#/${made.requestId}${tab}`;
    const data = (answers: object): string[] => [
      ...dataIn([me, answers]),
      'CSV',
      'JSON',
      'ab12 cd34',
      'npm run verify-custody -- custody-record.json',
    ];
    const look = async (place: string, answers: Record<string, object>): Promise<string[]> => {
      await open(place, answers);
      return flaws(page, data(answers));
    };

    it('is translated and fits before the sign-in', async () => {
      api = () => undefined;
      await page.goto(`${origin}/portal/officer?problem=x`);
      await page.locator('.sign-in h1').waitFor();
      expect(await flaws(page, dataIn(facts))).toEqual([]);
    });

    it.each<[string, string, Record<string, object>]>([
      ['the queue', '#/queue/open', { requests: made.listOf(made.everyRequest()) }],
      ['an empty queue', '#/queue/done?reason=failed', { requests: made.listOf([]) }],
      ['a request', request(), { summary: made.wholeOf(), custody: made.custody(true) }],
      [
        'a decision on who is meant',
        request('/decision'),
        {
          summary: made.wholeOf({
            ...{ state: 'needsDecision', reasonCode: 'ambiguousContact', needsOfficer: true },
          }),
          decision: made.evidence(),
        },
      ],
      [
        'a decision on conversations',
        request('/decision'),
        {
          summary: made.wholeOf({
            ...{ state: 'needsDecision', reasonCode: 'doubtfulConversations', doubtful: 3 },
            needsOfficer: true,
          }),
          decision: made.evidence(made.doubtfulCounts()),
          'decision/conversations': made.doubtfulPage(),
        },
      ],
      [
        'a custody record',
        request('/custody'),
        { summary: made.wholeOf(), custody: made.custody(true) },
      ],
      [
        'a changed record',
        request('/custody'),
        { summary: made.wholeOf(), custody: made.custody(false) },
      ],
      ['messages', request('/messages'), { summary: made.wholeOf(), messages: made.messages() }],
      ['statistics', '#/statistics', { statistics: made.statistics() }],
      ['the check of a package', '#/check', {}],
    ])('is translated and fits: %s', async (_, place, answers) => {
      expect(await look(place, answers)).toEqual([]);
    });

    it.each<[string, string, string, Record<string, object>]>([
      ['the account', '#/queue/open', '.account summary', { requests: made.listOf([]) }],
      [
        'what reveals names',
        request('/decision'),
        '.who .part-head .button',
        {
          summary: made.wholeOf({
            ...{ state: 'needsDecision', reasonCode: 'ambiguousContact', needsOfficer: true },
          }),
          decision: made.evidence(),
        },
      ],
      [
        'what shows a message',
        request('/messages'),
        'tbody .button',
        { summary: made.wholeOf(), messages: made.messages() },
      ],
    ])('is translated and fits where it opens: %s', async (_, place, opener, answers) => {
      await open(place, answers);
      await page.locator(opener).first().click();
      await page.locator('dialog, .account-menu:visible').first().waitFor();
      expect(await flaws(page, data(answers))).toEqual([]);
    });

    const states = {
      failed: made.wholeOf({
        ...{ state: 'failed', reasonCode: 'packageIncomplete', failedItems: 84 },
        needsOfficer: true,
      }),
      mandate: made.wholeOf(
        { state: 'needsDecision', reasonCode: 'mandateUnchecked', needsOfficer: true },
        { requester: { capacity: 'representative', mandate: null } },
      ),
      invited: made.wholeOf({ state: 'awaitingVerification' }),
      available: made.wholeOf({ state: 'available', availableUntil: '2026-12-02T13:15:00.000Z' }),
    };
    /** Opens the dialog of each action that the menu of a request has and was not asked for before. */
    const lookAtDialogs = async (
      summary: (typeof states)[keyof typeof states],
      asked: Set<string>,
    ): Promise<string[]> => {
      const answers = {
        summary,
        ...{ custody: made.custody(true), letter: made.letter(), report: made.report() },
        'hand-over': made.handOver(),
      };
      const found = await look(request('/delivery'), answers);
      await page.setViewportSize({ width: 1280, height: 900 });
      const menu = page.locator('.request-head .menu');
      for (const name of await menu.locator('li').allTextContents()) {
        if (asked.has(name)) continue;
        asked.add(name);
        await menu.locator('> button').click();
        await menu.locator('li button', { hasText: name }).click();
        await page.locator('dialog').waitFor();
        await page.locator('dialog .skeleton').waitFor({ state: 'detached' });
        found.push(...(await flaws(page, data(answers))));
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      return found;
    };
    it('is translated and fits in the dialog of every action', async () => {
      const asked = new Set<string>();
      for (const summary of Object.values(states))
        expect(await lookAtDialogs(summary, asked)).toEqual([]);
      // A package is handed over in a tab of its own.
      expect(asked.size).toBe(actionNames.length - 1);
    });
  });

  describe('in a package', () => {
    let folder: string;
    const conversations = sampleConversations(24, new Date('2026-11-24T12:00:00Z'));
    const person = samplePerson(conversations);
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'pseudo-locale-'));
      viewerPackage(folder, conversations, person);
      writeFileSync(join(folder, 'viewer/languages.js'), viewerScript('languages', locales));
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    const data = [
      ...dataIn([conversations, person]).flatMap((text) => [
        text,
        ...text.split(/\[[^\]]*\]|agent-\d+|\n/),
      ]),
      ...['Good morning! Your parcel is on its way. How', 'Preferred contact time'],
      ...['before', 'after', 'https://privacy.shop.example/.well-known/jwks.json'],
    ].filter((text) => text.length > 1);
    const latest = (channel: string): number => {
      const index = conversations.findLastIndex(({ row }) => row.channel === channel);
      if (index < 0) throw new Error(`The sample has no conversation of the channel ${channel}.`);
      return index + 1;
    };

    it.each([
      ...['', 'conversations', 'about', 'missing', 'rights'],
      ...['voice', 'email', 'message', 'chat'].map((name) => `conversations/${latest(name)}`),
    ])('is translated and fits: #/%s', async (view) => {
      await page.goto('about:blank');
      await page.goto(`${pathToFileURL(join(folder, 'index.html')).href}#/${view}`);
      await page.locator('main h1, .list-row a').first().waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
      expect(await flaws(page, data)).toEqual([]);
    });

    it('is translated and fits on the page that checks an archive', async () => {
      await page.goto(pathToFileURL(join(folder, 'check.html')).href);
      await page.locator('main h1').waitFor();
      expect(await flaws(page, data)).toEqual([]);
    });
  });
});
