import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { extractPackage } from '../../local/open-package';
import { describeInBrowser, screenshots, startBrowser, violations } from '../helpers/browser';
import { eventually, organisationOf, Scenario } from '../helpers/scenario';

/** What the person reads, in the languages that are tried. */
const english = {
  verify: 'Confirm that it is you',
  send: 'Send code',
  code: 'Code from the text message',
  confirm: 'Confirm',
  wrong: 'This code is not right.',
  collecting: 'We are collecting your data',
  ready: 'Your data is ready',
  report: 'Conversations: 12 of 12 interactions.',
  reveal: 'Show passphrase',
  download: 'Download package',
  closed: 'This link is not valid any more.',
  enrol: 'Set up an app',
  history: 'What happened with your request',
  open: 'Open my data',
};
const german: typeof english = {
  verify: 'Bestätigen Sie, dass Sie es sind',
  send: 'Code senden',
  code: 'Code aus der SMS',
  confirm: 'Bestätigen',
  wrong: 'Dieser Code ist nicht richtig.',
  collecting: 'Wir sammeln Ihre Daten',
  ready: 'Ihre Daten liegen bereit',
  report: 'Gespräche: 12 von 12 Vorgängen.',
  reveal: 'Kennwort anzeigen',
  download: 'Paket herunterladen',
  closed: 'Dieser Link gilt nicht mehr.',
  enrol: 'App einrichten',
  history: 'Was mit Ihrer Anfrage geschah',
  open: 'Meine Daten öffnen',
};
const ways = [
  { name: 'phone', viewport: { width: 390, height: 844 }, locale: 'de', words: german },
  { name: 'desktop', viewport: { width: 1280, height: 800 }, locale: 'en', words: english },
];

describeInBrowser('the portal in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  describe.each(ways)(
    'at $name width, in $locale, by keyboard',
    ({ name, viewport, locale, words }) => {
      let scenario: Scenario;
      let requestId: string;
      let page: Page;
      const problems: string[] = [];
      /** A picture to look at, and what axe finds wrong on it. */
      const shoot = async (step: string): Promise<void> => {
        await page.screenshot({ path: join(screenshots, `${name}-${step}.png`), fullPage: true });
        expect(await violations(page)).toEqual([]);
      };
      /** Goes on with Tab until something has the focus, and uses it. */
      const press = async (label: string, key = 'Enter'): Promise<void> => {
        for (let i = 0; i < 40; i += 1) {
          const focused = await page.evaluate<string>(
            '(document.activeElement?.textContent || document.activeElement?.labels?.[0]?.textContent || "").trim()',
          );
          if (focused.startsWith(label)) {
            if (key !== '') await page.keyboard.press(key);
            return;
          }
          await page.keyboard.press('Tab');
        }
        throw new Error(`Tab never came to ${label}.`);
      };
      const heading = (text: string) =>
        page.getByRole('heading', { name: text, level: 1 }).waitFor();
      const newestCode = async (count: number): Promise<string> => {
        for (;;) {
          const texts = (await scenario.messages()).filter(({ kind }) => kind === 'sms');
          if (texts.length >= count) return texts.at(-1)?.text.slice(0, 8) ?? '';
          await page.waitForTimeout(100);
        }
      };

      beforeAll(async () => {
        const generated = organisationOf(12, 4);
        const { organisation, subject } = generated;
        const theirs = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
        const [mail] = theirs.flatMap(({ emails }) => emails);
        if (mail === undefined) throw new Error('no email');
        Object.assign(mail, { text: '', html: '<p>words in HTML</p><script>run()</script>' });
        scenario = await Scenario.start({ generated });
        requestId = await scenario.request({ locale, timeZone: 'Europe/Berlin' });
        const context = await browser.newContext({ viewport, acceptDownloads: true, locale });
        // No file dialog can be used by a test: the browser's private folder is written to instead.
        await context.addInitScript('delete window.showSaveFilePicker');
        page = await context.newPage();
        page.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text());
        });
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('request', (request) => {
          const url = request.url();
          if (url.startsWith(scenario.stack.hostUrl) || /^(data|blob):/.test(url)) return;
          const { hostname, pathname } = new URL(url);
          if (!pathname.includes('/packages/')) problems.push(`request to ${hostname}${pathname}`);
        });
      }, 120_000);
      afterAll(async () => {
        await page.context().close();
        await scenario.stop();
      });

      it('opens the link, asks for a code, and keeps no token in the address', async () => {
        await page.goto(await scenario.link(1));
        await heading(words.verify);
        expect(page.url()).toBe(`${scenario.stack.hostUrl}/portal`);
        expect(await page.locator('main').innerText()).toContain(
          `•••• ${scenario.phone.slice(-2)}`,
        );
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
        await shoot('1-verify');
      });

      it('says when a code is wrong, takes the right one, and shows the progress', async () => {
        await press(words.send);
        await page.getByLabel(words.code).waitFor();
        const code = await newestCode(1);
        await page.keyboard.type(code === '11111111' ? '22222222' : '11111111');
        await page.keyboard.press('Enter');
        await page.getByText(words.wrong).waitFor();
        await shoot('2-wrong-code');
        await page.keyboard.type(`${code.slice(0, 4)} ${code.slice(4)}`);
        await page.keyboard.press('Enter');
        await heading(words.collecting);
        await shoot('3-progress');
      });

      it('asks again when the package is there, and shows report, history and passphrase', async () => {
        await scenario.untilState(requestId, 'available');
        await heading(words.verify);
        await press(words.send);
        await page.getByLabel(words.code).waitFor();
        await page.keyboard.type(await newestCode(2));
        await page.keyboard.press('Enter');
        await heading(words.ready);
        await page.getByText(words.report).waitFor();
        await press(words.reveal);
        await page
          .locator('#passphrase')
          .getByText(/^(\w{4}-){6}\w{4}$/)
          .waitFor();
        await press(words.history);
        expect(await page.locator('details').last().locator('li').count()).toBeGreaterThan(4);
        await shoot('4-download');
      });

      it('downloads a package that the passphrase opens, and reports it as delivered', async () => {
        await page.keyboard.press('Home');
        await press(words.download);
        await page.locator('#save').waitFor();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('#save').click(),
        ]);
        const file = join(scenario.state, 'browser.zip');
        await download.saveAs(file);
        expect(download.suggestedFilename()).toBe('my-data.zip');
        const passphrase = (await page.locator('#passphrase').textContent()) ?? '';
        const names = await extractPackage(file, passphrase, join(scenario.state, 'browser'));
        expect(names).toContain('data/conversations/0012/conversation.json');
        expect((await scenario.status(requestId)).state).toBe('delivered');
        await shoot('5-downloaded');
      });

      it('sets up an authenticator app, with a picture to scan and codes for the worst case', async () => {
        await page.reload();
        await heading(words.ready);
        await press(words.enrol);
        await page.locator('.qr').waitFor();
        await shoot('6-app');
      });

      it('opens the data in the page, decrypted here', async () => {
        await page.reload();
        await heading(words.ready);
        await press(words.open);
        await page.locator('h1').first().waitFor();
        await shoot('7-open');
        await page.evaluate("location.hash = '#/conversations'");
        const rows = page.locator('.list-row a');
        await rows.first().waitFor();
        expect(await rows.count()).toBeGreaterThan(8);
        await page.locator('select:has(option[value=email])').first().selectOption('email');
        await page.locator('.list-row .kind-email').first().waitFor();
        const ids = await Promise.all(
          (await rows.all()).map((row) => row.getAttribute('data-row')),
        );
        for (const id of ids) {
          // On a phone the list and what was chosen from it take turns.
          const back = page.locator('article .back');
          if (await back.isVisible()) await back.click();
          await page.locator(`.list-row a[data-row="${id ?? ''}"]`).click();
          await page.locator('article h1').waitFor();
          await page.locator('article .mail').first().waitFor();
          if ((await page.locator('article iframe').count()) > 0) break;
        }
        const mail = page.frameLocator('article iframe').locator('body');
        expect(await mail.innerText()).toBe('words in HTML');
      });

      it('fits the width and makes no request but to the portal and for the package', async () => {
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow).toBe(0);
        // The refused code is a 403, which the browser notes by itself.
        expect(problems.filter((problem) => !problem.includes('status of 403'))).toEqual([]);
      });

      it('says that a link is not valid when it is none', async () => {
        await page.goto('about:blank');
        await page.goto(`${scenario.stack.hostUrl}/portal#${'B'.repeat(43)}`);
        await page.getByText(words.closed).waitFor();
        await shoot('8-closed');
      });
    },
  );

  it('shows what others have named as text, and runs nothing of it', async () => {
    const hostile = `<img src=x onerror="document.title='hacked'">"><script>document.title='hacked'</script>`;
    const generated = organisationOf(3);
    const scenario = await Scenario.start({
      generated,
      settings: {
        CONTROLLER_NAME: `Shop ${hostile}`,
        CONTROLLER_CONTACT: `privacy@shop.example ${hostile}`,
        GENESYS_DIVISION_CONTACTS: `Sales ${hostile.replaceAll(/[=,]/g, '')}=${generated.subject.id}`,
      },
    });
    try {
      const requestId = await scenario.request();
      await scenario.stepUp();
      await scenario.untilState(requestId, 'available');
      const page = await (await browser.newContext({ locale: 'en' })).newPage();
      await page.goto(await scenario.link(2));
      const before = (await scenario.messages()).length;
      await page.getByRole('button', { name: 'Send code' }).click();
      const code = await eventually('the code', async () => {
        const sent = (await scenario.messages()).slice(before);
        return sent.find(({ kind }) => kind === 'sms')?.text.slice(0, 8);
      });
      await page.getByLabel('Code from the text message').fill(code);
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByText('Proven to be shown to this app: the division Sales').waitFor();
      const text = await page.locator('body').innerText();
      expect(text.match(/<script>/g)?.length).toBeGreaterThanOrEqual(3);
      expect(await page.title()).not.toContain('hacked');
      expect(await page.locator('main script, main img, footer img').count()).toBe(0);
      await page.context().close();
    } finally {
      await scenario.stop();
    }
  }, 120_000);
});
