import type { Page } from 'playwright-core';
import { holds, violations, violationsOfColour } from '../helpers/browser';
import { describeConsole, withDoubtful, withTwoCandidates } from '../helpers/console-tests';
import { TestRequest } from '../helpers/http-requests';
import { isLong } from '../helpers/long-tests';

/** The list of what is done, once it has come and counts stand on the tabs. */
const done = '.tabs [href="#/queue/done"][aria-current] .count';

/** Whether the current tab is in view. */
const tabInView = `[...document.querySelectorAll('.tabs [aria-current]')].every((tab) => {
  const { left, right } = tab.getBoundingClientRect();
  return left >= 0 && right <= innerWidth;
})`;

/** Words of German are the longest, and at 400 % a page is narrowest: `npm run test:long` looks at the others, too. */
const languages = isLong ? ['de', 'en'] : ['de'];
const percentages = isLong ? [400, 200] : [400];

describeConsole('the officers’ console', ({ console }) => {
  let places: (readonly [hash: string, selector: string])[];
  let who: TestRequest;
  beforeAll(async () => {
    const [request] = await withTwoCandidates(console(), 'PRIV-WIDE');
    who = request;
    const there = await TestRequest.in(console().app, 'available', {
      details: { ticketId: 'PRIV-WIDE-THERE' },
    });
    places = [
      ['#/queue/open', '.queue-table'],
      ['#/queue/done', done],
      [`#/${request.id}`, '.timeline'],
      [`#/${request.id}/decision`, '.compare'],
      [`#/${there.id}/delivery`, '.numbered'],
      [`#/${there.id}/custody`, '.custody table'],
      [`#/${there.id}/messages`, '.tab-body > :not(.skeleton)'],
      ['#/statistics', '.tiles'],
      ['#/check', '.form'],
    ];
  });

  /** What is not whole on a page as wide as its window. */
  async function flawsOf(page: Page): Promise<object> {
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    // It is scrolled there when the browser next draws.
    await holds(page, tabInView);
    // No ticket and no tag breaks inside.
    const broken = await page.evaluate(
      `[...document.querySelectorAll('.tag, .ticket')].filter((one) => {
        const { lineHeight } = getComputedStyle(one);
        return one.clientHeight >= 2 * parseFloat(lineHeight);
      }).length`,
    );
    return { wide, broken };
  }
  const noFlaws = { wide: 0, broken: 0 };

  async function show(page: Page, [hash, selector]: readonly [string, string]): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.locator(selector).first().waitFor();
  }

  it('shows at every width nothing that axe finds wrong in light and in dark, and scrolls no page sideways', async () => {
    const page = await console().signedIn();
    for (const place of places) {
      await page.setViewportSize({ width: 390, height: 900 });
      await show(page, place);
      for (const width of [390, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const flaws = await flawsOf(page);
        const found = [];
        // Up to 768 pixels a page is laid out as on a phone.
        if (width !== 768) {
          await page.emulateMedia({ colorScheme: 'dark' });
          found.push(...(await violationsOfColour(page)));
          await page.emulateMedia({ colorScheme: 'light' });
          found.push(...(await violations(page)));
        }
        expect({ place, width, ...flaws, found }).toEqual({ place, width, ...noFlaws, found: [] });
      }
    }
    await page.context().close();
  }, 300_000);

  it('keeps the current tab in view as the window gets narrower and the names of the tabs longer', async () => {
    const page = await console().signedIn();
    await show(page, ['#/queue/done', done]);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await holds(page, tabInView);
    }
    await page.locator('.account > summary').click();
    await page.getByRole('combobox', { name: 'Language' }).first().selectOption('Español');
    await page.locator('html[lang=es]').waitFor();
    await page.getByRole('link', { name: 'Terminadas' }).waitFor();
    await holds(page, tabInView);
    await page.context().close();
  });

  it.each(languages)(
    'leaves a phone most of its height while a decision is made, and shows where tabs go on, in %s',
    async (locale) => {
      const [which] = await withDoubtful(console(), `PRIV-LOW-${locale}`);
      const page = await console().signedIn('', {
        options: { viewport: { width: 390, height: 844 }, locale },
      });
      await show(page, [`#/${who.id}/decision`, '.compare']);
      await page.locator('.compare input').first().check();
      const heightOf = async (): Promise<number> =>
        (await page.locator('.save-bar').first().boundingBox())?.height ?? Infinity;
      expect(await heightOf()).toBeLessThan(0.2 * 844);
      await show(page, [`#/${which.id}/decision`, '.doubtful .save-bar']);
      // Of two buttons both are named in full.
      expect(await heightOf()).toBeLessThan(0.25 * 844);
      const hints = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.tabs, .console-head nav')]
          .map((one) => getComputedStyle(one).backgroundAttachment)`,
      );
      expect(hints).toEqual(Array(2).fill('local, local, scroll, scroll'));
      await page.context().close();
    },
  );

  // A browser that enlarges gives the page fewer pixels of its own, each of more of the screen's.
  it.each(percentages)('shows every page whole at %d %% of 1280 px', async (percent) => {
    const scale = percent / 100;
    const page = await console().signedIn('', {
      options: { viewport: { width: 1280 / scale, height: 800 / scale }, deviceScaleFactor: scale },
    });
    for (const place of places) {
      await show(page, place);
      expect({ place, ...(await flawsOf(page)) }).toEqual({ place, ...noFlaws });
    }
    await page.context().close();
  });
});
