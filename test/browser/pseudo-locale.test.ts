import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { PageServer } from '../../local/page-server';
import { viewerPackage } from '../../local/viewer-package';
import { sampleConversations, samplePerson } from '../../local/viewer-sample';
import { translator } from '../../src/core/i18n/translator';
import { itemKinds } from '../../src/core/package/items';
import { viewerScript } from '../../src/core/package/viewer-script';
import { endStates } from '../../src/core/request/states';
import { actionNames, type ActionName } from '../../src/web/officer/action-rules';
import { describeInBrowser, holds, loadAnew, startBrowser } from '../helpers/browser';
import { madeProcessing, madeStatements } from '../helpers/made-report';
import * as made from '../helpers/made-requests';
import { ended, progress, ready, verify } from '../helpers/portal-pages';
import {
  dataIn,
  flaws as flawsIn,
  isTitled,
  pseudoLocales,
  pseudoTag,
  viewerWidths,
} from '../helpers/pseudo-locale';

const locales = pseudoLocales();
const facts = {
  ...{ controller: 'Εταιρεία', contact: 'privacy@shop.example', authority: 'Αρχή' },
  ...{ hasLogo: false, hasIntake: true, law: 'gdpr' },
  languages: { [pseudoTag]: 'Ελληνικά' },
};

/** What is wrong with a page once it has its title. */
async function flaws(
  page: Page,
  data: readonly string[],
  widths?: readonly number[],
): Promise<string[]> {
  await holds(page, isTitled);
  return flawsIn(page, data, widths);
}

/** What the app would answer to a call; undefined for one that is no call of the app. */
type Api = (path: string) => object | undefined;

describeInBrowser('every text in a language that nobody speaks', () => {
  let browser: Browser;
  let page: Page;
  let api: Api = () => undefined;
  const server = new PageServer({
    facts,
    locales,
    colour: () => '#0b5c8a',
    answer: (path) => {
      const body = api(path);
      if (body !== undefined) return { status: 200, body };
      const isNobody = path === '/portal/officer/me';
      return isNobody ? { status: 401, body: { code: 'notSignedIn' } } : undefined;
    },
    read: () => Buffer.alloc(0),
  });
  beforeAll(async () => {
    await server.listen();
    browser = await startBrowser();
    const context = await browser.newContext({ locale: pseudoTag, timezoneId: 'Europe/Berlin' });
    page = await context.newPage();
    await page.clock.install({ time: new Date(made.madeAt) });
  });
  afterAll(() => server.stop());

  describe('on the portal', () => {
    const everyWay = { ...verify, methods: ['sms', 'totp', 'oidc', 'officer'] };
    const some = { expected: 200, exported: 148, pending: 52 };
    const everyKind = Object.fromEntries(itemKinds.map((kind) => [kind, some]));
    const channels = { ...ready.inventory.channels, other: 3 };
    const whole = {
      ...{ ...ready, inventory: { ...ready.inventory, channels } },
      statements: madeStatements(facts.contact),
      processing: madeProcessing(pseudoTag, facts.contact),
      // Its last day.
      availableUntil: '2026-11-25T10:00:00.000Z',
    };

    it.each<[string, object]>([
      ['verify', everyWay],
      ['a code was sent', { ...everyWay, isCodeSent: true }],
      ['locked', { ...everyWay, lockedUntil: { sms: '2026-11-29T10:00:00.000Z' } }],
      ['no way to verify', { step: 'noAuthenticationMethod' }],
      ['progress', { ...progress, progress: everyKind }],
      ['ready', whole],
      ...endStates.map((state): [string, object] => [
        state,
        ended(state, { explanation: 'Εξήγηση' }),
      ]),
    ])('is translated and fits: %s', async (_, view) => {
      api = (path) => (path.startsWith('/portal/api/') ? view : undefined);
      await page.goto(`${server.url}/portal`);
      await page.locator('h1').waitFor();
      expect(await flaws(page, dataIn([view, facts]))).toEqual([]);
    });

    it('is translated and fits on the page on which people ask for their data', async () => {
      api = () => undefined;
      await page.goto(`${server.url}/portal/request`);
      await page.locator('h1').waitFor();
      expect(await flaws(page, dataIn(facts))).toEqual([]);
      const pressedAt = () =>
        page.evaluate<number>(
          `document.querySelector('button[type=submit]').getBoundingClientRect().top -
            document.querySelector('form').getBoundingClientRect().top`,
        );
      const before = await pressedAt();
      // What is pressed stays where it is, whatever the puzzle comes to: here it fails.
      await page.locator('#name').focus();
      await page.locator('.checked.failed').waitFor();
      expect(await pressedAt()).toBe(before);
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
    const me = { id: 'eleni', name: 'Ελένη Παππά', roles, timeZone: 'Europe/Berlin' };
    interface Case {
      place: string;
      /** What is there once all that the place reads has come. */
      shows: string;
      /** Answers to what the console reads of the requests. */
      answers: Record<string, object>;
    }
    const open = async ({ place, shows, answers }: Case): Promise<void> => {
      api = (path) => {
        if (path === '/portal/officer/me') return me;
        const part = path.replace(/^\/api\/requests\/[^/]+\//, '').replace('/api/', '');
        return path.startsWith('/api/') ? answers[part] : undefined;
      };
      await loadAnew(page, `${server.url}/portal/officer${place}`);
      await page.locator(shows).first().waitFor();
    };
    const request = (tab = ''): string => `#/${made.requestId}${tab}`;
    const data = (answers: object): string[] => [
      ...dataIn([me, answers]),
      'CSV',
      'JSON',
      'ab12 cd34',
      'npm run verify-custody -- custody-record.json',
    ];
    const look = async (one: Case): Promise<string[]> => {
      await open(one);
      return flaws(page, data(one.answers));
    };

    it('is translated and fits before the sign-in', async () => {
      api = () => undefined;
      await page.goto(`${server.url}/portal/officer?problem=x`);
      await page.locator('.sign-in h1').waitFor();
      expect(await flaws(page, dataIn(facts))).toEqual([]);
    });

    const needsDecision = { state: 'needsDecision', needsOfficer: true } as const;
    const onPeople: Case = {
      place: request('/decision'),
      shows: '.compare',
      answers: {
        summary: made.wholeOf({ ...needsDecision, reasonCode: 'ambiguousContact' }),
        decision: made.evidence(),
      },
    };
    const onConversations: Case = {
      place: request('/decision'),
      shows: '.conversations tbody tr',
      answers: {
        summary: made.wholeOf({
          ...{ ...needsDecision, reasonCode: 'doubtfulConversations', doubtful: 3 },
        }),
        decision: made.evidence(made.doubtfulCounts()),
        'decision/conversations': made.doubtfulPage(),
      },
    };
    const custodyOf = (isIntact: boolean): Case['answers'] => ({
      summary: made.wholeOf(),
      custody: made.custody(isIntact),
    });
    const custody = { place: request('/custody'), shows: '.custody tbody tr' };
    const messages: Case = {
      place: request('/messages'),
      shows: '.messages tbody tr',
      answers: { summary: made.wholeOf(), messages: made.messages() },
    };
    const statistics = { statistics: made.statistics() };
    const queue: Case = {
      place: '#/queue/open',
      shows: '.queue-table tbody tr',
      answers: { requests: made.listOf(made.everyRequest()) },
    };
    const nothing = { shows: '.queue .empty', answers: { requests: made.listOf([]) } };

    it.each<[string, Case]>([
      ['an empty queue', { ...nothing, place: '#/queue/done?reason=failed' }],
      ['a request', { place: request(), shows: '.timeline', answers: custodyOf(true) }],
      ['a decision on conversations', onConversations],
      ['a custody record', { ...custody, answers: custodyOf(true) }],
      ['a changed record', { ...custody, answers: custodyOf(false) }],
      ['statistics', { place: '#/statistics', shows: '.tiles', answers: statistics }],
      ['the check of a package', { place: '#/check', shows: '.check-page .form', answers: {} }],
    ])('is translated and fits: %s', async (_, one) => {
      expect(await look(one)).toEqual([]);
    });

    it.each<[string, Case, string, string]>([
      ['the queue, with the account', queue, '.account summary', '.account-menu'],
      [
        ...(['a decision on who is meant, with what reveals names', onPeople] as const),
        ...(['.who .part-head .button', 'dialog form'] as const),
      ],
      ['messages, with what shows one', messages, 'tbody .button', 'dialog form'],
    ])('is translated and fits, as it is and where it opens: %s', async (_, one, opener, shows) => {
      expect(await look(one)).toEqual([]);
      await page.locator(opener).first().click();
      await page.locator(shows).waitFor();
      expect(await flaws(page, data(one.answers))).toEqual([]);
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
    /** What is there once all that a dialog reads has come, where it reads anything. */
    const dialogShows: Partial<Record<ActionName, string>> = {
      ...{ extend: '.letter', cancel: '.letter', refuse: '.letter' },
      ...{ acceptGaps: '.gaps tbody tr', withhold: 'fieldset.checks' },
    };
    const { t } = translator(locales, pseudoTag);
    /** Opens the dialog of each action that the menu of a request has and was not asked for before. */
    const lookAtDialogs = async (
      summary: (typeof states)[keyof typeof states],
      asked: Set<ActionName>,
    ): Promise<string[]> => {
      const answers = {
        ...{ summary, decision: made.evidence() },
        ...{ custody: made.custody(true), letter: made.letter(), report: made.report() },
        'hand-over': made.handOver(),
      };
      const place = request('/delivery');
      const found = await look({ place, shows: '.hand-over .numbered', answers });
      await page.setViewportSize({ width: 1280, height: 900 });
      const menu = page.locator('.request-head .menu');
      const offered = await menu.locator('li').allTextContents();
      for (const action of actionNames) {
        const name = t(`officer.actions.${action}.menu`);
        if (asked.has(action) || !offered.includes(name)) continue;
        asked.add(action);
        await menu.locator('> button').click();
        await menu.getByText(name, { exact: true }).click();
        await page
          .locator(`dialog ${dialogShows[action] ?? 'form'}`)
          .first()
          .waitFor();
        found.push(...(await flaws(page, data(answers))));
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      return found;
    };
    it('is translated and fits in the dialog of every action', async () => {
      const asked = new Set<ActionName>();
      for (const summary of Object.values(states))
        expect(await lookAtDialogs(summary, asked)).toEqual([]);
      // A package is handed over in a tab of its own.
      expect([...asked, 'deliver'].sort()).toEqual([...actionNames].sort());
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
      ['', '.latest a'],
      ['conversations', '.list-row a'],
      ['about', '.about-lists'],
      ['missing', '.report h1'],
      ['rights', '.rights h1'],
      [`conversations/${latest('voice')}`, 'article .transcript'],
      [`conversations/${latest('email')}`, 'article .mail'],
      [`conversations/${latest('message')}`, 'article .bubbles'],
      [`conversations/${latest('chat')}`, 'article .bubbles'],
    ])('is translated and fits: #/%s', async (view, shows) => {
      await page.goto(`${pathToFileURL(join(folder, 'index.html')).href}#/${view}`);
      // What was open before may look the same: it is gone once the row of what is opened is marked.
      const id = /\d+$/.exec(view)?.[0];
      if (id !== undefined) await page.locator(`[data-row="${id}"][aria-current=true]`).waitFor();
      await page.locator(shows).first().waitFor();
      expect(await flaws(page, data, viewerWidths)).toEqual([]);
    });

    it('is translated and fits on the page that checks an archive', async () => {
      await page.goto(pathToFileURL(join(folder, 'check.html')).href);
      await page.locator('main h1').waitFor();
      expect(await flaws(page, data, viewerWidths)).toEqual([]);
    });
  });
});
