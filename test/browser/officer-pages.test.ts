import { settled, violations } from '../helpers/browser';
import { ask, describeConsole, hold, reason } from '../helpers/console-tests';
import { TestRequest } from '../helpers/http-requests';
import { eventually } from '../helpers/eventually';

describeConsole('the pages of the officers’ console', ({ console, open }) => {
  describe('before and after the sign-in', () => {
    it('asks to sign in, and comes back to the place that a link names', async () => {
      const request = await TestRequest.in(console().app, 'received', {
        details: { ticketId: 'PRIV-LINK' },
      });
      const page = await console().page();
      // As an email to officers names it.
      await page.goto(`${console().origin}/portal/officer#${request.id}`);
      await page.getByText('This page is for the company’s privacy officers.').waitFor();
      expect(await violations(page)).toEqual([]);
      console().complaints.length = 0;
      await page.context().close();
      const signedIn = await console().signedIn(`#${request.id}`, { isNew: true });
      await signedIn.getByRole('heading', { name: /^PRIV-LINK/, level: 1 }).waitFor();
      // What is still asked for when somebody signs out is refused.
      await settled(signedIn);
      await signedIn.locator('.account > summary').click();
      await signedIn.getByText('Signed in as Ms Privacy.').waitFor();
      await signedIn.getByRole('button', { name: 'Sign out' }).click();
      await signedIn.getByText('This page is for the company’s privacy officers.').waitFor();
      await signedIn.context().close();
    });

    it('says why nobody was let in', async () => {
      const page = await console().page();
      await page.goto(`${console().origin}/portal/officer?problem=answerRefused`);
      await page.getByText('You have no role here, or the sign-in was refused.').waitFor();
      expect(page.url()).toBe(`${console().origin}/portal/officer`);
      console().complaints.length = 0;
      await page.context().close();
    });

    it('takes a failure of its server for no end of the session', async () => {
      const page = await console().signedIn();
      await page.route('**/portal/officer/me', (route) =>
        route.fulfill({ status: 500, json: { code: 'internalError' } }),
      );
      await page.reload();
      await page.getByRole('alert').getByText('Something went wrong on our side.').waitFor();
      expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.unrouteAll({ behavior: 'wait' });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.console-head').waitFor();
      console().complaints.length = 0;
    });

    it('says beside the button why a sign-out has failed', async () => {
      const page = await console().signedIn('#/check');
      await page.locator('.account > summary').click();
      await page.route('**/sign-out', (route) => route.abort());
      const menu = page.locator('.account-menu');
      await menu.getByRole('button', { name: 'Sign out' }).click();
      await menu.getByRole('alert').getByText('There’s no connection to the server.').waitFor();
      console().complaints.length = 0;
    });

    it('counts what needs an officer on each page again, without a look at the queue', async () => {
      const page = await console().signedIn('#/statistics');
      const count = page.locator('.console-head .count');
      const shown = async (): Promise<number> => Number((await count.allInnerTexts())[0] ?? 0);
      await page.getByText('There’s too little to draw a chart from.').waitFor();
      await settled(page);
      const before = await shown();
      const request = await TestRequest.in(console().app, 'failed', {
        details: { ticketId: 'PRIV-COUNT' },
      });
      await page.clock.fastForward(31_000);
      await count.getByText(String(before + 1), { exact: true }).waitFor();
      // Nor does an action wait for the next time.
      await page.evaluate(`location.hash = '#/${request.id}'`);
      const dialog = await ask(page, 'Retry…', 'Retry this request?');
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Retry now' }).click();
      await dialog.waitFor({ state: 'detached' });
      await eventually('the count after the action', async () => (await shown()) === before, 10);
    });

    it('says that a language cannot be had, and stays with its own', async () => {
      const page = await console().signedIn('#/check');
      await page.locator('.account > summary').click();
      await page.route('**/languages.json?tag=de', (route) => route.abort());
      const languages = page.getByRole('combobox', { name: 'Language' }).first();
      await languages.selectOption('Deutsch');
      await page.getByRole('alert').getByText('There’s no connection to the server.').waitFor();
      expect(await languages.inputValue()).toBe('en');
      console().complaints.length = 0;
    });

    it('speaks the language that was chosen last, whichever words come last', async () => {
      const page = await console().signedIn('#/check');
      await page.locator('.account > summary').click();
      const letGo = await hold(page, '**/languages.json?tag=de');
      const languages = page.getByRole('combobox', { name: 'Language' }).first();
      await languages.selectOption('Deutsch');
      await languages.selectOption('Français');
      await page.locator('html[lang="fr"]').waitFor();
      const late = page.waitForResponse('**/languages.json?tag=de');
      await letGo();
      await (await late).finished();
      await settled(page);
      expect(await page.locator('html').getAttribute('lang')).toBe('fr');
      expect(await page.evaluate(`sessionStorage.getItem('language')`)).toBe('fr');
    });

    it('keeps the language that an officer chooses while the tab is open, and nothing personal', async () => {
      const page = await console().signedIn();
      await page.locator('.account > summary').click();
      await page.getByRole('combobox', { name: 'Language' }).first().selectOption('Deutsch');
      await page.getByRole('link', { name: 'Anfragen' }).first().waitFor();
      await page.reload();
      await page.getByRole('link', { name: 'Anfragen' }).first().waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      expect(
        await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])'),
      ).toBe('[{"place":"","language":"de"},{}]');
    });
  });

  describe('the custody record', () => {
    it('is told in sentences, with its integrity, filters and files', async () => {
      const request = await TestRequest.in(console().app, 'available', {
        details: { ticketId: 'PRIV-RECORD' },
      });
      await request.move('delivered');
      const page = await open(request, 'custody');
      await page.getByText('This record is intact.').waitFor();
      const table = page.getByRole('table', { name: 'Custody record, newest first' });
      await table.getByRole('row', { name: /System The person has the package/ }).waitFor();
      await page.getByLabel('Who').selectOption('A privacy officer');
      await page.getByText(/^0 of \d+ entries shown/).waitFor();
      await page.getByRole('button', { name: 'Show all' }).click();
      for (const [name, type] of [
        ['CSV', 'text/csv'],
        ['JSON', 'application/json'],
      ] as const) {
        const href = (await page.getByRole('link', { name }).getAttribute('href')) ?? '';
        const answer = await page.evaluate<string>(
          `fetch(${JSON.stringify(href)}).then((answer) => answer.headers.get('content-type'))`,
        );
        expect(answer).toContain(type);
      }
    });

    it('shows what was done by an action at once', async () => {
      const request = await TestRequest.in(console().app, 'exporting', {
        details: { ticketId: 'PRIV-AT-ONCE' },
      });
      const page = await open(request, 'custody');
      await page.getByText('This record is intact.').waitFor();
      const dialog = await ask(page, 'Extend the period…', 'Extend the legal period?');
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Extend and send the letter' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('row', { name: /Ms Privacy Extended the legal period/ }).waitFor();
    });

    it('says where it breaks and whom to call when it was changed', async () => {
      const request = await TestRequest.in(console().app, 'received', {
        details: { ticketId: 'PRIV-BROKEN' },
      });
      const broken = await open(request);
      await broken.route('**/custody', async (route) => {
        const answer = (await (await route.fetch()).json()) as object;
        await route.fulfill({
          json: { ...answer, isIntact: false, problems: ['One was changed.'], brokenAt: [1] },
        });
      });
      await broken.getByRole('link', { name: 'Custody record', exact: true }).click();
      await broken.getByRole('alert').getByText('This record was changed.').waitFor();
      await broken.getByText('It breaks at entry 1.').waitFor();
      expect(await broken.locator('main').innerText()).not.toContain('One was changed.');
      expect(await violations(broken)).toEqual([]);
    });
  });

  it('keeps the focus among the messages when the button that had it is gone', async () => {
    const request = await TestRequest.in(console().app, 'available', {
      details: { ticketId: 'PRIV-HOOKS' },
    });
    const page = await open(request);
    let result = 'failed';
    await page.route('**/messages', (route) =>
      route.fulfill({
        json: {
          messages: [
            {
              ...{ messageId: '1', at: '2026-01-02T03:04:05.000Z', channel: 'webhook', to: null },
              ...{ recipient: 'ticketSystem', result, attempts: 1, nextTryAt: null, again: 0 },
              ...{ template: 'request.available', hasText: false, canBeSentAgain: false },
            },
          ],
        },
      }),
    );
    await page.route('**/webhooks', (route) => {
      result = 'pending';
      return route.fulfill({ json: {} });
    });
    await page.evaluate(`location.hash = '#/${request.id}/messages'`);
    await page.getByRole('button', { name: 'Send all of these again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Being sent').waitFor();
    await page.locator('.messages:focus').waitFor();
  });

  it('says that what the report would say cannot be shown, and tries again when asked', async () => {
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-REPORT' },
    });
    const page = await console().signedIn('#/check');
    await page.route('**/report?*', (route) => route.abort());
    await page.route('**/summary', async (route) => {
      const answer = (await (await route.fetch()).json()) as { status: { progress: object } };
      const progress = { conversations: { done: 1, total: 9 }, byKind: answer.status.progress };
      await route.fulfill({ json: { ...answer, progress } });
    });
    await page.evaluate(`location.hash = '#/${request.id}'`);
    const card = page.locator('.collected');
    await card.getByText('We can’t show this.').waitFor();
    await page.unroute('**/report?*');
    await card.getByRole('button', { name: 'Try again' }).click();
    await card.getByRole('button', { name: 'Preview the report' }).waitFor();
    console().complaints.length = 0;
  });

  it('lists the messages of a request, shows a text when told why, and sends again', async () => {
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-MAIL' },
    });
    const page = await open(request);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('button', { name: 'Extend the period…' }).click();
    const extend = page.getByRole('dialog', { name: 'Extend the legal period?' });
    await extend.getByLabel('Why?').fill(reason);
    await extend.getByRole('button', { name: 'Extend and send the letter' }).click();
    await extend.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Messages' }).click();
    const row = page.getByRole('row', { name: /Period extended/ });
    await row.getByText('Sent', { exact: true }).waitFor();
    expect(await row.innerText()).not.toContain(request.person.email);
    await row.getByRole('button', { name: 'Read…' }).click();
    const read = page.getByRole('dialog', { name: 'Read this message?' });
    await read.getByLabel('Why?').fill(reason);
    await read.getByRole('button', { name: 'Read it' }).click();
    const text = page.getByRole('dialog').getByText('we need more time', { exact: false });
    await text.waitFor();
    await page.locator('dialog:focus-within').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await text.waitFor({ state: 'detached' });
    expect(await page.locator('button:focus').innerText()).toMatch(/^Read…/);
    // The next time it asks again.
    await row.getByRole('button', { name: 'Read…' }).click();
    await read.waitFor();
    expect(await text.count()).toBe(0);
    await read.getByRole('button', { name: 'Keep it closed' }).click();
    await read.waitFor({ state: 'detached' });
    expect(await request.events()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^messageRead/)]),
    );
    console().app.clock.advance(10 * 60_000);
    await row.getByRole('button', { name: 'Send again…' }).click();
    const again = page.getByRole('dialog', { name: 'Send “Period extended” again?' });
    await again.getByLabel('Why?').fill(reason);
    await again.getByRole('button', { name: 'Send again' }).click();
    await again.waitFor({ state: 'detached' });
    await page.getByText('sent again', { exact: true }).waitFor();
  });

  it('tells statistics without charts while there are few, and gives them as a file', async () => {
    const page = await console().signedIn('#/statistics');
    await page.getByText('There’s too little to draw a chart from.').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    expect((await saved).suggestedFilename()).toBe('statistics.csv');
  });

  it('checks a package on this device and sends nothing of it', async () => {
    const page = await console().signedIn('#/check');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    await page.getByRole('button', { name: 'Check the package' }).click();
    await page.getByText('Choose the ZIP file first.').waitFor();
    await page
      .getByLabel('Package (the ZIP file)')
      .setInputFiles({ name: 'a.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip') });
    await page.getByRole('button', { name: 'Check the package' }).click();
    const unreadable = page.getByText('This file can’t be opened');
    await unreadable.waitFor();
    // What was found of one file, or with one passphrase, is nothing that is known of another.
    await page.getByLabel('Passphrase').fill('another');
    await unreadable.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Check the package' }).click();
    await unreadable.waitFor();
    await page
      .getByLabel('Package (the ZIP file)')
      .setInputFiles({ name: 'b.zip', mimeType: 'application/zip', buffer: Buffer.from('none') });
    await unreadable.waitFor({ state: 'detached' });
    // Where the check cannot be loaded it says nothing of the file.
    await page.reload();
    await page.route('**/officer-check.js', (route) => route.abort());
    await page
      .getByLabel('Package (the ZIP file)')
      .setInputFiles({ name: 'a.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip') });
    await page.getByRole('button', { name: 'Check the package' }).click();
    await page.getByText('The check couldn’t be loaded', { exact: false }).waitFor();
    console().complaints.length = 0;
    expect(sent).toEqual([]);
    await page.context().close();
  });
});
