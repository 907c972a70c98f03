import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeInBrowser, screenshots, startBrowser, violations } from '../helpers/browser';
import { Officer } from '../helpers/officer';
import { eventually, Scenario } from '../helpers/scenario';

describeInBrowser('the page of officers in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  it('lets an officer sign in, decide with the evidence before them, and see the record', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const other = scenario.generated.organisation.contacts.find(
        ({ id }) => id !== scenario.generated.subject.id,
      );
      const requestId = await scenario.request({
        identifiers: [
          { type: 'email', value: scenario.email },
          { type: 'email', value: other?.emails[0]?.address },
        ],
      });
      await scenario.untilState(requestId, 'needsDecision');
      const page = await (await browser.newContext({ locale: 'en' })).newPage();
      await page.goto(`${scenario.stack.hostUrl}/portal/officer`);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('Name').fill('Ms Privacy');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as Ms Privacy.').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(screenshots, 'officer-1.png'), fullPage: true });
      await page
        .getByRole('button', { name: requestId.slice(0, 8) })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Who is meant' }).waitFor();
      await page
        .getByRole('row', { name: /^1: Mailbox/ })
        .first()
        .getByText('Same')
        .waitFor();
      expect(await page.locator('main').innerText()).not.toContain(scenario.email);
      // No time stands there as programs write it.
      expect(await page.locator('section').innerText()).not.toMatch(/\dT\d\d:/);
      await page.getByLabel('Candidate 1 is the person').check();
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('The body is not valid').waitFor();
      await page.getByLabel(/^It stays in the custody record/).fill('Known by ticket.');
      await page.getByRole('button', { name: 'Show names and numbers' }).click();
      await page.getByText(scenario.email).first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('Whether 2 is theirs').selectOption('no');
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('by Ms Privacy: Known by ticket.').nth(1).waitFor();
      expect(await page.getByLabel('Candidate 1 is the person').isChecked()).toBe(true);
      expect(await page.getByLabel('Whether 2 is theirs').inputValue()).toBe('withhold');
      const custody = await page.locator('.custody').innerText();
      expect(custody).toContain('identifiersRevealed');
      expect(custody).toContain('decided');
      expect(await page.locator('main').innerText()).not.toContain(scenario.email);
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(screenshots, 'officer-2.png'), fullPage: true });
      await scenario.link(1);
      await page.context().close();
    } finally {
      await scenario.stop();
    }
  }, 120_000);

  it('lets an officer decide on doubtful conversations by identifier, by contact and by row', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const requestId = await scenario.request({});
      await scenario.untilStep(requestId, 'waitForVerification');
      const page = await (await browser.newContext({ locale: 'de' })).newPage();
      const [other, ...ids] = Array.from(
        { length: 4 },
        (_, i) => `00000000-0000-4000-8000-00000000000${i}`,
      );
      const evidence = await new Officer(scenario).read<object>(`/${requestId}/decision`);
      const listed: string[] = [];
      const decided: object[] = [];
      // Conversations of the page's own, so that no export has to come before them.
      await page.route('**/decision', async (route) => {
        if (route.request().method() === 'POST') {
          decided.push(route.request().postDataJSON() as object);
          await route.fulfill({ json: {} });
          return;
        }
        const tally = { total: 2, undecided: 2 };
        const doubtful = {
          ...{ total: 3, undecided: 3, included: 0, withheld: 0 },
          byIdentifier: [{ identifier: 1, ...tally }],
          byContact: [{ contactId: other, ...tally }],
        };
        await route.fulfill({ json: { ...evidence, doubtful } });
      });
      await page.route('**/decision/conversations?*', async (route) => {
        const query = new URL(route.request().url()).searchParams;
        listed.push(`${query.get('verdict') ?? 'all'} ${query.get('cursor') ?? ''}`.trim());
        const isFirst = query.get('cursor') === null;
        const conversations = (isFirst ? ids.slice(0, 2) : ids.slice(2)).map((conversationId) => ({
          ...{ conversationId, startedAt: '2026-01-02T03:04:05.000Z', channels: ['voice'] },
          ...{ direction: 'inbound', queues: ['Sales'], doubt: 'otherContact', tiedBy: [1] },
          ...{ otherContacts: [other], verdict: null },
        }));
        await route.fulfill({ json: { conversations, total: 3, next: isFirst ? '2' : null } });
      });
      await page.goto(`${scenario.stack.hostUrl}/portal/officer`);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('Name').fill('Ms Privacy');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page
        .getByRole('button', { name: requestId.slice(0, 8) })
        .first()
        .click();
      await page.getByText('3 insgesamt: 3 nicht entschieden').waitFor();
      await page.getByRole('cell', { name: 'Ein anderer Kontakt kommt vor' }).first().waitFor();
      expect(await page.locator('section').allInnerTexts()).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/\dT\d\d:/)]),
      );
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: join(screenshots, 'officer-3.png'), fullPage: true });
      await page.getByRole('button', { name: 'Nächste Seite' }).click();
      await page.getByRole('button', { name: 'Nächste Seite' }).waitFor({ state: 'detached' });
      await page.getByLabel('Anzeigen').selectOption('Alle');
      await page.getByRole('button', { name: 'Nächste Seite' }).waitFor();
      expect(listed).toEqual(['undecided', 'undecided 2', 'all']);
      const justification = 'Known by ticket.';
      const press = async (answer: object, button: string | RegExp): Promise<void> => {
        const field = page.getByLabel(/^It stays in the custody record/);
        await field.fill(justification);
        const count = decided.length;
        await page.getByRole('button', { name: button }).click();
        await eventually('the answer', () => Promise.resolve(decided[count] !== undefined));
        expect(decided[count]).toEqual({ justification, ...answer });
        // The page shows the request again as it is now.
        await eventually('the page', async () => (await field.inputValue()) === '');
        await page.getByRole('cell', { name: 'Ein anderer Kontakt kommt vor' }).first().waitFor();
      };
      await page.getByLabel('Über das Gespräch').nth(1).selectOption('Auslassen');
      await press(
        { conversations: [{ conversationId: ids[1], verdict: 'withhold' }] },
        'Entscheidungen der Tabelle speichern',
      );
      await press(
        { identifiers: [{ identifier: 1, verdict: 'include' }] },
        /^Aufnehmen: 1: E-Mail/,
      );
      await press(
        { contacts: [{ contactId: other, verdict: 'withhold' }] },
        `Auslassen: ${String(other)}`,
      );
      await press({ undecided: 'withhold' }, 'Ohne die nicht entschiedenen fortfahren');
      await page.unrouteAll({ behavior: 'wait' });
      await page.context().close();
    } finally {
      await scenario.stop();
    }
  }, 120_000);
});
