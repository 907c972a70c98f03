import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as engine, type Browser, type Page } from 'playwright-core';
import { extractPackage } from '../../local/open-package';
import { root, Scenario } from '../helpers/scenario';
import { chromium } from '../helpers/tools';

const sizes = [
  { name: 'phone', viewport: { width: 390, height: 844 } },
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
];
const screenshots = join(root, '.local/screenshots');

(chromium === null ? describe.skip : describe)(
  `the portal in a browser${chromium === null ? ' (skipped: Chromium is not installed)' : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      mkdirSync(screenshots, { recursive: true });
      browser = await engine.launch({
        executablePath: chromium ?? '',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
    });
    afterAll(() => browser.close());

    describe.each(sizes)('at $name width', ({ name, viewport }) => {
      let scenario: Scenario;
      let requestId: string;
      let page: Page;
      const problems: string[] = [];
      const shoot = (step: string) =>
        page.screenshot({ path: join(screenshots, `${name}-${step}.png`), fullPage: true });

      beforeAll(async () => {
        scenario = await Scenario.start({ conversations: 12 });
        requestId = await scenario.request();
        const context = await browser.newContext({ viewport, acceptDownloads: true });
        page = await context.newPage();
        page.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text());
        });
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('request', (request) => {
          if (
            !request.url().startsWith(scenario.stack.hostUrl) &&
            !request.url().startsWith('data:')
          ) {
            const { hostname, pathname } = new URL(request.url());
            if (!pathname.includes('/packages/'))
              problems.push(`request to ${hostname}${pathname}`);
          }
        });
      }, 120_000);
      afterAll(async () => {
        await page.context().close();
        await scenario.stop();
      });

      const enterCode = async (code: string): Promise<void> => {
        await page.getByLabel('Code from the text message').fill(code);
        await page.getByRole('button', { name: 'Confirm' }).click();
      };
      const newestCode = async (count: number): Promise<string> => {
        for (;;) {
          const texts = (await scenario.messages()).filter(({ kind }) => kind === 'sms');
          if (texts.length >= count) return texts.at(-1)?.text.slice(0, 8) ?? '';
          await page.waitForTimeout(100);
        }
      };

      it('opens the link, asks for a code, and keeps no token in the address', async () => {
        await page.goto(await scenario.link(1));
        await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
        expect(page.url()).toBe(`${scenario.stack.hostUrl}/portal`);
        expect(await page.locator('#phone').textContent()).toBe(`•••• ${scenario.phone.slice(-2)}`);
        await shoot('1-verify');
      });

      it('says when a code is wrong, takes the right one by keyboard alone, and shows the progress', async () => {
        await page.getByRole('button', { name: 'Send code' }).focus();
        await page.keyboard.press('Enter');
        const code = await newestCode(1);
        await enterCode(code === '11111111' ? '22222222' : '11111111');
        await page.getByText('This code is not right.').waitFor();
        await shoot('2-wrong-code');
        await page.getByLabel('Code from the text message').focus();
        await page.keyboard.type(`${code.slice(0, 4)} ${code.slice(4)}`);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'We are collecting your data' }).waitFor();
        await shoot('3-progress');
      });

      it('asks for a new code when the package is there, and shows report and passphrase', async () => {
        await scenario.untilState(requestId, 'available');
        await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
        await page.getByRole('button', { name: 'Send code' }).click();
        await enterCode(await newestCode(2));
        await page.getByRole('heading', { name: 'Your data is ready' }).waitFor();
        await page.getByText('Conversations: 12 of 12 interactions.').waitFor();
        await page.getByRole('button', { name: 'Show passphrase' }).click();
        await page
          .locator('#passphrase')
          .getByText(/^(\w{4}-){6}\w{4}$/)
          .waitFor();
        await shoot('4-download');
      });

      it('downloads a package that the passphrase opens', async () => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Download package' }).click(),
        ]);
        const file = join(scenario.state, 'browser.zip');
        await download.saveAs(file);
        expect(download.suggestedFilename()).toBe('my-data.zip');
        const passphrase = (await page.locator('#passphrase').textContent()) ?? '';
        const names = await extractPackage(file, passphrase, join(scenario.state, 'browser'));
        expect(names).toContain('data/conversations/0012/conversation.json');
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
        await page.getByText('This link is not valid any more.').waitFor();
        await shoot('5-closed');
      });
    });
  },
);
