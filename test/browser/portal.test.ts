import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { extractPackage } from '../../local/open-package';
import { describeInBrowser, startBrowser, violations } from '../helpers/browser';
import { Console } from '../helpers/console';
import { eventually } from '../helpers/eventually';
import { TestRequest } from '../helpers/http-requests';
import { isLong } from '../helpers/long-tests';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';
import { openUntil, showOnly } from '../helpers/viewer-list';

/** What the person reads, in the languages that are tried. */
const english = {
  verify: 'Confirm it’s you',
  send: 'Send the code',
  phone: 'Check your phone',
  code: 'Code from the text message',
  wrong: 'That code isn’t right',
  tries: 'You have 4 tries left.',
  enterAgain: 'Check the text message and enter the code again',
  collecting: 'We’re collecting your data',
  again: 'we ask you once more',
  ready: 'Your data is ready',
  inside: /^12 conversations from \w+ \d{4} to \w+ \d{4}: /,
  contents: 'What’s in it, and what’s missing',
  report: 'all 12 conversations',
  reveal: 'Show the passphrase',
  download: 'Download',
  closed: 'This link doesn’t work',
  nextTime: 'Use an authenticator app next time',
  enrol: 'Set up an app',
  history: 'What has happened so far',
  open: 'View my data',
  signOut: 'Sign out',
  signedOut: 'You’ve signed out',
};
const german: typeof english = {
  verify: 'Bestätigen Sie, dass Sie es sind',
  send: 'Code senden',
  phone: 'Schauen Sie auf Ihr Telefon',
  code: 'Code aus der SMS',
  wrong: 'Dieser Code stimmt nicht',
  tries: 'Sie haben noch 4 Versuche.',
  enterAgain: 'Prüfen Sie die SMS und geben Sie den Code noch einmal ein',
  collecting: 'Wir sammeln Ihre Daten',
  again: 'fragen wir noch einmal',
  ready: 'Ihre Daten liegen bereit',
  inside: /^12 Gespräche von \S+ \d{4} bis \S+ \d{4}: /,
  contents: 'Was enthalten ist und was fehlt',
  report: '12 von 12 Gesprächen',
  reveal: 'Kennwort anzeigen',
  download: 'Herunterladen',
  closed: 'Dieser Link funktioniert nicht',
  nextTime: 'Beim nächsten Mal eine Authenticator-App nutzen',
  enrol: 'App einrichten',
  history: 'Was bisher geschehen ist',
  open: 'Meine Daten ansehen',
  signOut: 'Abmelden',
  signedOut: 'Sie haben sich abgemeldet',
};
const phone = {
  ...{ name: 'phone', viewport: { width: 390, height: 844 }, locale: 'de', words: german },
};
const desktop = {
  ...{ name: 'desktop', viewport: { width: 1280, height: 800 }, locale: 'en', words: english },
};
/** `npm run test:long` goes both ways; tests of single pages look at them at other widths and in other languages. */
const ways = isLong ? [phone, desktop] : [phone];

/** A scenario in which the person has an email in HTML. */
async function scenarioWithMail(): Promise<Scenario> {
  const generated = organisationOf(12, 4);
  const { organisation, subject } = generated;
  const theirs = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
  const [mail] = theirs.flatMap(({ emails }) => emails);
  if (mail === undefined) throw new Error('no email');
  Object.assign(mail, { text: '', html: '<p>words in HTML</p><script>run()</script>' });
  return Scenario.start({ generated });
}

/** Notes errors of the page, and requests to anybody but the portal and for the package. */
function watch(page: Page, hostUrl: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith(hostUrl) || /^(data|blob):/.test(url)) return;
    const { hostname, pathname } = new URL(url);
    if (!pathname.includes('/packages/')) problems.push(`request to ${hostname}${pathname}`);
  });
  return problems;
}

describeInBrowser('the portal in a browser', () => {
  let browser: Browser;
  let scenario: Scenario;
  beforeAll(async () => {
    browser = await startBrowser();
    scenario = await scenarioWithMail();
  }, 120_000);
  afterAll(() => scenario.stop());

  describe.each(ways)('at $name width, in $locale, by keyboard', ({ viewport, locale, words }) => {
    let page: Page;
    beforeEach(async () => {
      const context = await browser.newContext({ viewport, acceptDownloads: true, locale });
      // No file dialog can be used by a test: the browser's private folder is written to instead.
      await context.addInitScript('delete window.showSaveFilePicker');
      page = await context.newPage();
    });
    afterEach(() => page.context().close());

    /** What axe finds wrong on a step's page, and whether it fits the width. */
    const look = async (step: string): Promise<void> => {
      expect([step, await violations(page)]).toEqual([step, []]);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([step, overflow]).toEqual([step, 0]);
    };
    /** Goes on with Tab until something has the focus, and uses it. */
    const press = async (label: string, key = 'Enter'): Promise<void> => {
      for (let i = 0; i < 40; i += 1) {
        const focused = await page.evaluate<string | null>(
          `(({ activeElement: one }) => one?.matches('a, button, input, summary')
              ? (one.textContent || one.labels?.[0]?.textContent || '').trim() : null)(document)`,
        );
        if (focused?.startsWith(label)) {
          await page.keyboard.press(key);
          return;
        }
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never came to ${label}.`);
    };
    const heading = (text: string) => page.getByRole('heading', { name: text, level: 1 }).waitFor();
    const textsSent = async () => (await scenario.messages()).filter(({ kind }) => kind === 'sms');
    /** Asks for a code, and waits for it. */
    const newCode = async (): Promise<string> => {
      const before = (await textsSent()).length;
      await press(words.send);
      await heading(words.phone);
      return eventually('the code', async () => {
        const texts = await textsSent();
        return texts.length > before && texts.at(-1)?.text.slice(0, 8);
      });
    };
    /** Types into the field for the code, which Tab leads to. */
    const enter = async (code: string): Promise<void> => {
      await page.getByLabel(words.code).waitFor();
      for (let i = 0; i < 20; i += 1) {
        if (await page.evaluate<boolean>('document.activeElement?.id === "code"')) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
    };

    /** From the link to the progress: with a wrong code first. */
    const confirm = async (link: string): Promise<void> => {
      await page.goto(link);
      await heading(words.verify);
      expect(page.url()).toBe(`${scenario.stack.hostUrl}/portal`);
      expect(await page.locator('main').innerText()).toContain(scenario.phone.slice(-2));
      expect(await page.locator('main').innerText()).not.toContain(scenario.phone.slice(-4));
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      await look('verify');
      const code = await newCode();
      await enter(code === '11111111' ? '22222222' : '11111111');
      const summary = page.getByRole('alert').filter({ hasText: words.wrong });
      await summary.waitFor();
      await page.getByText(words.tries).waitFor();
      const focused = await page.evaluate<string>('document.activeElement?.className');
      expect(focused).toBe('error-summary');
      await look('wrong-code');
      // The link leads to the field, in which the next code replaces the one before.
      await press(words.enterAgain);
      await enter(`${code.slice(0, 4)} ${code.slice(4)}`);
      await heading(words.collecting);
      await look('progress');
    };

    /** The step-up again, because there is a package now. */
    const confirmAgain = async (): Promise<void> => {
      await heading(words.verify);
      await page.getByText(words.again).waitFor();
      await enter(await newCode());
      await heading(words.ready);
    };

    /** Saves the file that the page has downloaded, and opens it with the passphrase of the page. */
    const save = async (): Promise<string[]> => {
      await press(words.download);
      await page.locator('#save').waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#save').click(),
      ]);
      expect(download.suggestedFilename()).toBe('my-data.zip');
      const file = join(scenario.state, `${locale}.zip`);
      await download.saveAs(file);
      const passphrase = (await page.locator('#passphrase').textContent()) ?? '';
      return extractPackage(file, passphrase, join(scenario.state, locale));
    };

    it('leads from the link to the data, keeps no token in the address, and asks nobody else', async () => {
      const problems = watch(page, scenario.stack.hostUrl);
      const before = (await scenario.mailsToPerson()).length;
      const ticket = { ticketId: `T-${locale}`, locale, timeZone: 'Europe/Berlin' };
      const requestId = await scenario.request(ticket);
      await confirm(await scenario.link(before + 1));
      await scenario.untilState(requestId, 'available');
      await confirmAgain();
      expect(await page.locator('.lead').innerText()).toMatch(words.inside);
      await press(words.reveal);
      await page
        .locator('#passphrase')
        .getByText(/^(\w{4}-){6}\w{4}$/)
        .waitFor();
      await press(words.contents);
      await page.locator('dd', { hasText: words.report }).waitFor();
      await press(words.history);
      expect(await page.locator('.timeline li').count()).toBeGreaterThan(4);
      await look('ready');

      await page.locator('h1').focus();
      expect(await save()).toContain('data/conversations/0012/conversation.json');
      expect((await scenario.status(requestId)).state).toBe('delivered');
      await look('downloaded');

      await page.reload();
      await heading(words.ready);
      await press(words.nextTime);
      await press(words.enrol);
      await page.locator('.qr').waitFor();
      await look('app');

      await page.reload();
      await heading(words.ready);
      await press(words.open);
      await page.locator('h1').first().waitFor();
      await look('open');
      await page.evaluate("location.hash = '#/conversations'");
      const rows = page.locator('.list-row a');
      await rows.first().waitFor();
      expect(await rows.count()).toBeGreaterThan(8);
      await showOnly(page, 'email');
      const isFramed = async () => (await page.locator('article .mail-frame').count()) > 0;
      expect(await openUntil(page, isFramed)).toBe(true);
      const mail = page.frameLocator('article iframe').locator('body');
      expect(await mail.innerText()).toBe('words in HTML');

      await page.goto(`${scenario.stack.hostUrl}/portal`);
      await heading(words.ready);
      await press(words.signOut);
      await heading(words.signedOut);
      // The refused code is a 403, which the browser notes by itself.
      expect(problems.filter((problem) => !problem.includes('status of 403'))).toEqual([]);
    }, 240_000);

    it('says that a link does not work when it is none, as of every other', async () => {
      await page.goto(`${scenario.stack.hostUrl}/portal#${'B'.repeat(43)}`);
      await heading(words.closed);
      expect(page.url()).toBe(`${scenario.stack.hostUrl}/portal`);
      await look('closed');
    }, 60_000);
  });
});

describeInBrowser('the portal of an app without a host', () => {
  const hostile = `<img src=x onerror="document.title='hacked'">"><script>document.title='hacked'</script>`;
  let served: Console;
  beforeAll(async () => {
    served = await Console.start(await startBrowser(), {
      CONTROLLER_NAME: `Shop ${hostile}`,
      CONTROLLER_CONTACT: `privacy@shop.example ${hostile}`,
    });
  }, 120_000);
  afterAll(() => served.stop());

  it('shows what others have named as text, and runs nothing of it', async () => {
    const request = await TestRequest.in(served.app, 'available', {
      record: { availability: [{ about: 'divisions', visible: [`Sales ${hostile}`] }] },
    });
    const page = await served.page();
    await page.goto(`${served.origin}/portal#${request.token}`);
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('Code from the text message').waitFor();
    const code = served.app.mailbox.codeOf(request.person.phone);
    await page.getByLabel('Code from the text message').fill(code);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('What’s in it, and what’s missing').click();
    await page.getByText('Proven to be shown to this app: the division Sales').waitFor();
    const text = await page.locator('body').innerText();
    expect(text.match(/<script>/g)?.length).toBeGreaterThanOrEqual(3);
    expect(await page.title()).not.toContain('hacked');
    expect(await page.locator('main script, main img, footer img, header img').count()).toBe(0);
    expect(await page.locator('footer a').count()).toBe(0);
    await page.context().close();
  });
});
