import type { Page } from 'playwright-core';
import { settled } from '../helpers/browser';
import {
  ask,
  describeConsole,
  hold,
  reason,
  reasonIn,
  refreshed,
  withDoubtful,
  withTwoCandidates,
} from '../helpers/console-tests';
import { TestRequest } from '../helpers/http-requests';
import { eventually } from '../helpers/eventually';

describeConsole('what happens while the console waits for its server', ({ console, open }) => {
  it('closes a dialog once its act is done, before the page is read again', async () => {
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-HANGS' },
    });
    const page = await open(request);
    const dialog = await ask(page, 'Extend the period…', 'Extend the legal period?');
    await dialog.getByLabel('Why?').fill(reason);
    const letGo = await hold(page, '**/summary');
    await dialog.getByRole('button', { name: 'Extend and send the letter' }).click();
    await dialog.waitFor({ state: 'detached' });
    await letGo();
    await page.getByText('Extended once').waitFor();
  });

  it('closes the dialog that sends a message again, before the messages are read again', async () => {
    const request = await TestRequest.in(console().app, 'available', {
      details: { ticketId: 'PRIV-AGAIN' },
    });
    const page = await open(request);
    const message = {
      ...{ messageId: '1', at: '2026-01-02T03:04:05.000Z', channel: 'email', recipient: 'subject' },
      ...{ to: null, result: 'failed', attempts: 1, nextTryAt: null, again: 0, template: 'ready' },
      ...{ hasText: false, canBeSentAgain: true },
    };
    await page.route('**/messages', (route) => route.fulfill({ json: { messages: [message] } }));
    await page.route('**/send-again', (route) => route.fulfill({ json: { message } }));
    await page.evaluate(`location.hash = '#/${request.id}/messages'`);
    await page.getByRole('button', { name: /^Send again/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill(reason);
    const letGo = await hold(page, '**/messages');
    await dialog.locator('.buttons button').last().click();
    await dialog.waitFor({ state: 'detached' });
    await letGo();
  });

  it('keeps a choice that is made while those before it are saved', async () => {
    const [request, ids] = await withDoubtful(console(), 'PRIV-NEXT');
    const page = await open(request, 'decision');
    const rows = page.locator('.conversations tbody tr');
    await rows.nth(0).getByText('Include').click();
    await reasonIn(page, '.doubtful').fill(reason);
    const letGo = await hold(page, '**/decision/conversations?*');
    await page.getByRole('button', { name: 'Save, decide later' }).click();
    await page.getByText('Decision saved.').waitFor({ state: 'attached' });
    // What is sent cannot be taken back any more.
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    await rows.nth(1).getByText('Leave out').click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await reasonIn(page, '.doubtful').fill('The next reason.');
    await letGo();
    await page.getByRole('button', { name: 'Save, decide later' }).click();
    await eventually('the second save', async () => {
      const { decision } = await request.details();
      return decision?.conversations[String(ids[1])]?.verdict === 'withhold';
    });
    expect((await request.entries()).filter(({ event }) => event === 'decided')).toHaveLength(2);
  });

  it('keeps its form after a save, whichever answer of the server comes first', async () => {
    const [request] = await withDoubtful(console(), 'PRIV-ORDER');
    const page = await open(request, 'decision');
    await page.locator('.conversations tbody tr').first().getByText('Include').click();
    await reasonIn(page, '.doubtful').fill(reason);
    const letGo = await hold(page, /\/decision$/);
    const summary = page.waitForResponse('**/summary');
    await page.getByRole('button', { name: 'Save, decide later' }).click();
    await (await summary).finished();
    await page
      .locator('.request-head')
      .getByText('Decided, being processed')
      .or(page.getByText('Nothing to do.'))
      .waitFor();
    expect(await page.locator('.doubtful .save-bar').count()).toBe(1);
    await letGo();
    await page.locator('.doubtful .save-bar').getByText('Saved at').waitFor();
    expect(await page.locator('.filters-row select').first().inputValue()).toBe('undecided');
  });

  it('keeps what is chosen and typed of the person while the decision is saved', async () => {
    const [request] = await withTwoCandidates(console(), 'PRIV-WHILE');
    const page = await open(request, 'decision');
    await page.locator('.compare input').first().check();
    await page.getByText('In person', { exact: true }).click();
    await reasonIn(page, '.who').fill(reason);
    const letGo = await hold(page, /\/(summary|decision)$/);
    await page.getByRole('button', { name: 'Save the decision' }).click();
    await page.getByText('Decision saved.').waitFor({ state: 'attached' });
    await page.getByText('Code, app or login on file', { exact: true }).click();
    await reasonIn(page, '.who').fill('The next reason.');
    await letGo();
    await page.getByRole('button', { name: 'Change the decision' }).click();
    await page
      .getByText('You choose contact A, and this proof: Code, app or login on file.')
      .waitFor();
    expect(await reasonIn(page, '.who').inputValue()).toBe('The next reason.');
  });

  it('keeps the reason for conversations while their form is closed', async () => {
    const [request] = await withDoubtful(console(), 'PRIV-REASON');
    const page = await open(request, 'decision');
    await page.locator('.conversations tbody tr').first().getByText('Include').click();
    await reasonIn(page, '.doubtful').fill('Begun before.');
    await request.move('exporting');
    await page.clock.fastForward(refreshed * 1000);
    await page.getByRole('button', { name: 'Decide without being asked' }).click();
    expect(await reasonIn(page, '.doubtful').inputValue()).toBe('Begun before.');
    await page.getByText('1 included', { exact: false }).first().waitFor();
  });

  it('reads what a tab shows when something has happened to the request, and once after an action', async () => {
    const request = await TestRequest.in(console().app, 'failed', {
      details: { ticketId: 'PRIV-ONCE' },
    });
    const page = await console().signedIn('#/check');
    let entries = 1;
    let read = 0;
    page.on('request', (one) => {
      if (/\/custody$/.test(one.url())) read += 1;
    });
    await page.route('**/summary', async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, custodyEntries: entries } });
    });
    await page.evaluate(`location.hash = '#/${request.id}/custody'`);
    await page.getByText('This record is intact.').waitFor();
    await settled(page);
    expect(read).toBe(1);
    entries = 2;
    const again = page.waitForRequest(/\/custody$/);
    await page.clock.fastForward(refreshed * 1000);
    await again;
    const dialog = await ask(page, 'Retry…', 'Retry this request?');
    await dialog.getByLabel('Why?').fill(reason);
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await page.locator('.request-head').getByText('Collecting').waitFor();
    await settled(page);
    expect(read).toBe(3);
    await page.unrouteAll({ behavior: 'wait' });
    await page.context().close();
  });

  it('reads a request at once when its officer comes back to the page', async () => {
    const request = await TestRequest.in(console().app, 'identifying', {
      details: { ticketId: 'PRIV-BACK' },
    });
    const page = await open(request);
    await page.locator('.request-head .tag').waitFor();
    const look = (state: string): Promise<void> =>
      page.evaluate<void>(
        `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
         document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await look('hidden');
    await request.move('exporting');
    await page.clock.fastForward(refreshed * 1000);
    expect(await page.locator('.request-head').getByText('Collecting').count()).toBe(0);
    await look('visible');
    await page.locator('.request-head').getByText('Collecting').waitFor();
  });

  it('reads by itself what it could not read, once the server answers again', async () => {
    const request = await TestRequest.in(console().app, 'identifying', {
      details: { ticketId: 'PRIV-HEALS' },
    });
    const page = await console().signedIn('#/check');
    await page.route('**/messages', (route) => route.abort());
    await page.evaluate(`location.hash = '#/${request.id}/messages'`);
    await page.getByText('There’s no connection to the server.', { exact: false }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.clock.fastForward(refreshed * 1000);
    await page.getByText('Nothing has been sent yet.').waitFor();
    console().complaints.length = 0;
  });

  it('reads again what the report would say, as the export goes on', async () => {
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-GOES' },
    });
    const page = await console().signedIn('#/check');
    let done = 1;
    await page.route('**/summary', async (route) => {
      const answer = (await (await route.fetch()).json()) as { status: { progress: object } };
      const { progress: byKind } = answer.status;
      const progress = { conversations: { done, total: 9 }, byKind };
      await route.fulfill({ json: { ...answer, progress } });
    });
    const first = page.waitForRequest(/\/report\?/);
    await page.evaluate(`location.hash = '#/${request.id}'`);
    await first;
    await settled(page);
    done = 2;
    const again = page.waitForRequest(/\/report\?/);
    await page.clock.fastForward(refreshed * 1000);
    await again;
  });

  it('shows the latest count of requests that need somebody, whichever answer comes last', async () => {
    const page = await console().signedIn();
    const answers: (() => Promise<void>)[] = [];
    await page.route('**/api/request-counts', (route) => {
      const needsYou = answers.length + 100;
      answers.push(() => route.fulfill({ json: { needsYou } }));
    });
    await page.evaluate(`location.hash = '#/check'`);
    await eventually('the first call', () => Promise.resolve(answers.length === 1));
    await page.clock.fastForward(31_000);
    await eventually('the second call', () => Promise.resolve(answers.length === 2));
    const count = page.locator('.console-head .count');
    await answers[1]?.();
    await count.getByText('101').waitFor();
    const late = page.waitForResponse('**/api/request-counts');
    await answers[0]?.();
    await (await late).finished();
    await settled(page);
    expect(await count.textContent()).toBe('101');
  });

  describe('once the session has ended', () => {
    /** Makes the server refuse calls at an address for lack of a session. */
    const end = async (page: Page, address: string | RegExp): Promise<void> => {
      await page.route(address, (route) =>
        route.request().method() === 'POST' || typeof address !== 'string'
          ? route.fulfill({ status: 401, json: { code: 'signedOut' } })
          : route.continue(),
      );
    };
    const signIn = async (page: Page): Promise<void> => {
      await page.locator('.sign-in').getByRole('button', { name: 'Sign in' }).waitFor();
      console().complaints.length = 0;
    };

    it('keeps what was begun while its officer signs in in another tab, and for nobody else, not even of the same name', async () => {
      const [request] = await withDoubtful(console(), 'PRIV-ENDED');
      const page = await open(request, 'decision');
      await page.locator('.conversations tbody tr').first().getByText('Include').click();
      await reasonIn(page, '.doubtful').fill('Begun before.');
      const cookies = await page.context().cookies();
      const comeBack = (): Promise<void> =>
        page.evaluate<void>(`document.dispatchEvent(new Event('visibilitychange'))`);
      const endSession = async (): Promise<void> => {
        await page.context().clearCookies();
        await page.clock.fastForward(refreshed * 1000);
        await page.locator('.sign-in').waitFor();
      };
      await endSession();
      await page.getByText('What you’ve begun is kept in this tab.', { exact: false }).waitFor();
      const other = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Sign in in another tab' }).click();
      await (await other).close();
      await page.context().addCookies(cookies);
      await comeBack();
      await page.getByText('1 included', { exact: false }).first().waitFor();
      expect(await reasonIn(page, '.doubtful').inputValue()).toBe('Begun before.');
      await endSession();
      const somebody = await console().signedIn('', { name: 'Ms Privacy', id: 'namesake' });
      await page.context().addCookies(await somebody.context().cookies());
      await comeBack();
      await page.locator('.doubtful').waitFor();
      expect(await reasonIn(page, '.doubtful').inputValue()).toBe('');
      expect(await page.getByText('1 included', { exact: false }).count()).toBe(0);
      console().complaints.length = 0;
      await somebody.context().close();
      await page.context().close();
    });

    it('asks to sign in, when the requests that need somebody are counted', async () => {
      const page = await console().signedIn('#/check');
      await end(page, /\/api\/request-counts/);
      await page.clock.fastForward(31_000);
      await signIn(page);
    });

    it('asks to sign in, when a ticket is looked for', async () => {
      const page = await console().signedIn();
      await end(page, '**/api/requests/search');
      await page.getByRole('searchbox').fill('PRIV-NONE');
      await page.getByRole('searchbox').press('Enter');
      await signIn(page);
    });

    it('asks to sign in, when a dialog acts', async () => {
      const request = await TestRequest.in(console().app, 'failed', {
        details: { ticketId: 'PRIV-OUT' },
      });
      const page = await open(request);
      await end(page, '**/retry');
      const dialog = await ask(page, 'Retry…', 'Retry this request?');
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Retry now' }).click();
      await signIn(page);
    });

    it.each([
      ['.who', 'Save who made the request'],
      ['.doubtful', 'Save, decide later'],
    ])('asks to sign in, when the decision is saved in %s', async (part, name) => {
      const [request] = await withDoubtful(console(), 'PRIV-OUT');
      const page = await open(request, 'decision');
      await end(page, '**/decision');
      await page.locator('.who-again > summary').click();
      await page.locator('.who').getByText('In person', { exact: true }).click();
      await page.locator('.conversations tbody tr').first().getByText('Include').click();
      await reasonIn(page, part).fill(reason);
      await page.locator(part).getByRole('button', { name }).click();
      await signIn(page);
    });
  });
});
