import { violations } from '../helpers/browser';
import { allRoles } from '../helpers/console';
import { describeConsole, withTwoCandidates } from '../helpers/console-tests';
import { TestRequest } from '../helpers/http-requests';

describeConsole('the officers’ console', ({ console }) => {
  let places: (readonly [hash: string, selector: string])[];
  beforeAll(async () => {
    const [request] = await withTwoCandidates(console(), 'PRIV-WIDE');
    const there = await TestRequest.in(console().app, 'available', {
      details: { ticketId: 'PRIV-WIDE-THERE' },
    });
    places = [
      ['#/queue/open', '.queue-table'],
      [`#/${request.id}`, '.timeline'],
      [`#/${request.id}/decision`, '.compare'],
      [`#/${there.id}/delivery`, '.numbered'],
      [`#/${there.id}/custody`, '.custody table'],
      [`#/${there.id}/messages`, '.tab-body > :not(.skeleton)'],
      ['#/statistics', '.tiles'],
      ['#/check', '.form'],
    ];
  });

  it.each([390, 768, 1280])(
    'shows at %d px nothing that axe finds wrong in light and in dark, and scrolls no page sideways',
    async (width) => {
      const page = await console().signedIn('', {
        options: { viewport: { width, height: 900 } },
        roles: allRoles,
      });
      for (const [hash, selector] of places) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.locator(selector).first().waitFor();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          // The current tab is in view, and no ticket or tag breaks inside.
          const hidden = await page.evaluate(
            `[...document.querySelectorAll('.tabs [aria-current]')].filter((tab) => {
              const { left, right } = tab.getBoundingClientRect();
              return left < 0 || right > innerWidth;
            }).length`,
          );
          const broken = await page.evaluate(
            `[...document.querySelectorAll('.tag, .ticket')].filter((one) => {
              const { lineHeight } = getComputedStyle(one);
              return one.clientHeight >= 2 * parseFloat(lineHeight);
            }).length`,
          );
          const found = await violations(page);
          expect({ hash, colorScheme, wide, hidden, broken, found }).toEqual({
            ...{ hash, colorScheme, wide: 0, hidden: 0, broken: 0, found: [] },
          });
        }
      }
      await page.context().close();
    },
    120_000,
  );
});
