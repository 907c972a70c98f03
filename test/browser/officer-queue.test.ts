import type { Page } from 'playwright-core';
import { settled } from '../helpers/browser';
import { describeConsole } from '../helpers/console-tests';
import { newPerson, TestRequest, ticketOf } from '../helpers/http-requests';

const day = 86_400_000;

describeConsole('the queue of the officers’ console', ({ console }) => {
  let failed: TestRequest;
  /** Requests that tests have ended. */
  let ended = 0;
  const posted = Array.from({ length: 30 }, (_, i) => `PRIV-${String(i + 1).padStart(2, '0')}`);

  beforeAll(async () => {
    const { app } = console();
    for (const [i, ticketId] of [...posted.entries()].reverse()) {
      const receivedAt = new Date(app.clock.now().getTime() - 20 * day + i * 3_600_000 * 12);
      const body = ticketOf(newPerson(), {
        ...{ ticketId, receivedAt: receivedAt.toISOString(), sourceSystem: 'ServiceNow' },
        ...(i === 0 ? { locale: 'de', sourceSystem: 'Jira' } : {}),
      });
      expect((await app.submit(body)).status).toBe(202);
    }
    failed = await TestRequest.in(app, 'failed', {
      details: { ticketId: 'PRIV-FAILED' },
      record: { reason: 'sourceUnavailableTooLong' },
    });
  }, 120_000);

  const tickets = async (page: Page): Promise<string[]> => {
    await page.locator('.queue-table').waitFor();
    return page.locator('.ticket').allInnerTexts();
  };
  /** Tickets in the order of the API, which is that of their deadlines. */
  const inOrder = async (view: string): Promise<string[]> => {
    const headers = await console().app.bearer('Requests.Read');
    const listed: { ticketId: string; clock: { dueAt: string } }[] = [];
    for (let page: string | null = ''; page !== null;) {
      const query = `view=${view}${page === '' ? '' : `&page=${page}`}`;
      const answer = await console().app.fetch(`/api/requests?${query}`, { headers });
      const { requests, next } = (await answer.json()) as {
        requests: typeof listed;
        next: string | null;
      };
      listed.push(...requests);
      page = next;
    }
    const due = listed.map(({ clock }) => clock.dueAt);
    expect(due).toEqual(due.toSorted());
    return listed.map(({ ticketId }) => ticketId);
  };
  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { name, level: 1 }).waitFor();

  it('counts what needs somebody, and names the next legal deadline', async () => {
    const page = await console().signedIn();
    await heading(page, '1 failure needs you');
    await page.getByText(/^The next legal deadline is .*, in \d+ days: PRIV-01\.$/).waitFor();
    const tabs = page.getByRole('navigation', { name: 'Requests by state' });
    expect(await tabs.getByRole('link').allInnerTexts()).toEqual([
      ...['Open\n31', 'Needs you\n1', 'Failed\n1', 'Running\n30', `Done\n${ended}`],
    ]);
  });

  it('lists 25 at a time, the earliest deadline first, and goes on and back by address', async () => {
    const page = await console().signedIn('#/queue/running');
    const ordered = await inOrder('running');
    expect(ordered.toSorted()).toEqual(posted);
    expect(await tickets(page)).toEqual(ordered.slice(0, 25));
    await page.getByText('1 to 25 of 30, earliest deadline first').waitFor();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByText('26 to 30 of 30, earliest deadline first').waitFor();
    expect(await tickets(page)).toEqual(ordered.slice(25));
    expect(page.url()).not.toContain('PRIV');
    await page.getByRole('link', { name: 'Previous page' }).click();
    await page.getByText('1 to 25 of 30').waitFor();
    await page.goBack();
    await page.getByText('26 to 30 of 30').waitFor();
  });

  it('leads back from a request to the page of the list that it was opened from', async () => {
    const page = await console().signedIn('#/queue/running?sourceSystem=ServiceNow');
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByText('26 to 29, earliest deadline first').waitFor();
    await page.locator('a.ticket').first().click();
    await page.locator('.crumbs a').click();
    await page.getByText('26 to 29, earliest deadline first').waitFor();
  });

  it('keeps the focus where it is while it filters, and moves it to the heading of another page', async () => {
    const page = await console().signedIn('#/queue/running');
    await page.getByRole('link', { name: 'Next page' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('26 to 30 of 30').waitFor();
    await page.locator('#queue-title:focus').waitFor();
    await page.locator('.filters > summary').click();
    const source = page.getByLabel('Source system');
    await source.focus();
    await source.selectOption('ServiceNow');
    await page.getByText('1 to 25, earliest deadline first').waitFor();
    await settled(page);
    expect(await page.locator('.filters select:focus').count()).toBe(1);
    await source.selectOption('');
    await page.getByText('1 to 25 of 30').waitFor();
    await settled(page);
    expect(await page.locator('.filters select:focus').count()).toBe(1);
    // What is filtered by is said also where no row has it.
    await page.evaluate(`location.hash = '#/queue/running?reason=packageIncomplete'`);
    await page.getByText('No request matches these filters.').waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('packageIncomplete');
  });

  it('puts what needs somebody before what runs', async () => {
    const page = await console().signedIn();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByText('26 to 31 of 31').waitFor();
    // Its deadline is the last one.
    const ordered = await inOrder('open');
    expect(ordered.at(-1)).toBe('PRIV-FAILED');
    expect(await tickets(page)).toEqual(['PRIV-FAILED', ...ordered.slice(25, -1)]);
    expect(await page.locator('.group').allInnerTexts()).toEqual([
      ...['Needs you now', 'Nothing to do for you'],
    ]);
    await page.getByRole('link', { name: 'Retry or accept gaps: PRIV-FAILED' }).waitFor();
  });

  it('opens a request by its whole ticket, which no address names, and says when there is none', async () => {
    const page = await console().signedIn();
    await heading(page, /needs you/);
    const field = page.getByRole('searchbox', { name: 'Find a ticket' });
    await field.fill('PRIV-0');
    await field.press('Enter');
    await page.getByText('No request has the ticket PRIV-0.').waitFor();
    // It is said of what stands in the field, and of nothing else.
    await field.fill('');
    await page.locator('.search-message').waitFor({ state: 'detached' });
    expect(await field.getAttribute('placeholder')).not.toMatch(/\d/);
    await field.fill('PRIV-07');
    await field.press('Enter');
    await heading(page, /^PRIV-07/);
    expect(page.url()).not.toContain('PRIV');
    await page.goBack();
    await heading(page, /needs you/);
  });

  it('moves among rows and opens one by keys, only while the focus is in the list', async () => {
    const page = await console().signedIn();
    const shown = await tickets(page);
    const focused = (): Promise<string> =>
      page.evaluate<string>('document.activeElement?.textContent ?? ""');
    await page.keyboard.press('j');
    expect(await page.locator('.ticket:focus').count()).toBe(0);
    await page.locator('.ticket').first().focus();
    await page.keyboard.press('j');
    expect(await focused()).toBe(shown[1]);
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await focused()).toBe(shown[1]);
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys of the lists' });
    await keys.waitFor();
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    expect(await focused()).toBe(shown[1]);
    await page.keyboard.press('/');
    await page.locator('[name="ticket"]:focus').waitFor();
    await page.locator('.ticket').first().focus();
    await page.keyboard.press('Enter');
    await heading(page, new RegExp(`^${String(shown[0])}`));
  });

  it('filters by source, language and deadline, each in the address', async () => {
    const page = await console().signedIn();
    await tickets(page);
    await page.locator('.filters > summary').click();
    await page.getByLabel('Source system').selectOption('Jira');
    await page.getByText('1 to 1, earliest deadline first').waitFor();
    expect(await tickets(page)).toEqual(['PRIV-01']);
    expect(page.url()).toContain('sourceSystem=Jira');
    await page.getByLabel('Language').last().selectOption('German');
    await page.getByText('Filters (2)').waitFor();
    await page.getByLabel('Deadline').selectOption('within 30 days, or late');
    await page.getByText('Filters (3)').waitFor();
    expect(await tickets(page)).toEqual(['PRIV-01']);
    await page.reload();
    expect(await tickets(page)).toEqual(['PRIV-01']);
    await page.getByLabel('Reason').selectOption('Several contacts match');
    await page.getByText('No request matches these filters.').waitFor();
    await page.getByRole('link', { name: 'Clear the filters' }).first().click();
    expect((await tickets(page)).length).toBe(25);
    console().complaints.length = 0;
  });

  it('never moves rows by itself: it says how many have changed, and shows them when asked', async () => {
    const page = await console().signedIn('#/queue/failed');
    expect(await tickets(page)).toEqual(['PRIV-FAILED']);
    const other = await TestRequest.in(console().app, 'failed', {
      details: { ticketId: 'PRIV-ALSO' },
      record: { reason: 'internalError' },
    });
    await page.clock.fastForward(31_000);
    const changes = page.getByRole('button', { name: '1 change, show it' });
    await changes.waitFor();
    expect(await tickets(page)).toEqual(['PRIV-FAILED']);
    await changes.click();
    expect((await tickets(page)).sort()).toEqual(['PRIV-ALSO', 'PRIV-FAILED']);
    await console().app.parts.ledger.move(other.id, 'cancelled', { reason: 'duplicate' });
    ended += 1;
  });

  it('keeps the list when a refresh fails, with the time that it is from', async () => {
    const page = await console().signedIn('#/queue/failed');
    expect(await tickets(page)).toEqual(['PRIV-FAILED']);
    await page.route('**/api/requests?*', (route) => route.abort());
    await page.clock.fastForward(31_000);
    await page
      .getByRole('alert')
      .getByText(/^This is from \d/)
      .waitFor();
    await page.getByText('There’s no connection to the server.').waitFor();
    expect(await tickets(page)).toEqual(['PRIV-FAILED']);
    await page.unroute('**/api/requests?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    console().complaints.length = 0;
  });

  it('shows 10,000 open requests a page at a time', async () => {
    const page = await console().page();
    const asked: string[] = [];
    const row = (i: number) => ({
      requestId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      ...{ ticketId: `BULK-${i}`, sourceSystem: null, rights: ['access'], locale: 'en' },
      ...{ law: 'gdpr', state: 'received', reasonCode: null, needsOfficer: false },
      ...{ stateSince: '2026-11-23T12:00:00.000Z', receivedAt: '2026-11-23T12:00:00.000Z' },
      clock: {
        ...{ receivedAt: '2026-11-23T12:00:00.000Z', dueAt: '2026-12-23T23:00:00.000Z' },
        ...{ pausedSince: null, movedFrom: null, extendableUntil: null },
        ...{ isExtended: false, answeredAt: null },
      },
      ...{ progress: null, doubtful: null, failedItems: null, availableUntil: null },
      ...{ openedAt: null, handOver: null, waiting: null },
    });
    await page.route('**/portal/officer/me', (route) =>
      route.fulfill({
        json: { id: 'privacy', name: 'Ms Privacy', roles: ['Requests.Read'], timeZone: 'UTC' },
      }),
    );
    await page.route('**/api/requests?*', async (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get('page') ?? 1);
      asked.push(String(from));
      await route.fulfill({
        json: {
          asOf: '2026-11-23T12:00:00.000Z',
          counts: { open: 10_000, needsYou: 0, failed: 0, running: 10_000, done: 123_456 },
          nextDeadline: null,
          requests: Array.from({ length: 25 }, (_, i) => row(from + i)),
          next: from + 25 > 10_000 ? null : String(from + 25),
        },
      });
    });
    await page.goto(`${console().origin}/portal/officer`);
    await heading(page, 'Nothing needs you');
    await page.getByText('1 to 25 of 10,000, earliest deadline first').waitFor();
    for (const [i, from] of ['26', '51', '76'].entries()) {
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByText(`${from} to ${25 * (i + 2)} of 10,000`).waitFor();
      expect(await page.locator('.ticket').count()).toBe(25);
    }
    expect(asked).toEqual(['1', '26', '51', '76']);
    // A page that is loaded again knows its own place and no other: it never says one page and shows another.
    await page.reload();
    await page.getByText('76 to 100 of 10,000').waitFor();
    await page.getByRole('link', { name: 'Previous page' }).click();
    await page.getByText('1 to 25 of 10,000').waitFor();
    await page.evaluate(`location.hash = '#/queue/open?from=26'`);
    await settled(page);
    expect(await page.locator('.ticket').first().innerText()).toBe('BULK-1');
    await page.getByText('1 to 25 of 10,000').waitFor();
    await page.context().close();
  });

  it('offers nothing that the server would refuse to whoever may only read', async () => {
    const page = await console().signedIn('#/queue/failed', { roles: ['Requests.Read'] });
    await heading(page, '1 failure needs you');
    expect(await page.locator('.queue-table .button').count()).toBe(0);
    await page.locator('.ticket', { hasText: 'PRIV-FAILED' }).click();
    await heading(page, /^PRIV-FAILED/);
    for (const tab of ['Overview', 'Decision', 'Delivery', 'Custody record', 'Messages']) {
      await page.getByRole('link', { name: tab, exact: true }).click();
      await page.locator('.tabs [aria-current]', { hasText: tab }).waitFor();
      await settled(page);
      await page.locator('.tab-body > :not(.skeleton)').first().waitFor();
      const buttons = await page.locator('main button:visible').allInnerTexts();
      expect({
        tab,
        buttons: buttons.filter((name) => !/^(Print|Show all|Preview|Copy)/.test(name)),
      }).toEqual({ tab, buttons: [] });
    }
    expect((await failed.record()).state).toBe('failed');
    await page.context().close();
  });
});
