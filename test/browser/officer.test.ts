import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { countItems, exported, failed, newItem } from '../../src/core/package/items';
import type { Contact } from '../../src/core/subject/contact';
import { describeInBrowser, screenshots, startBrowser, violations } from '../helpers/browser';
import { allRoles, Console, type SignIn } from '../helpers/console';
import { doubtfulConversation, newPerson, TestRequest } from '../helpers/http-requests';
import { eventually } from '../helpers/scenario';

const reason = 'Known by ticket.';

describeInBrowser('the officers’ console', () => {
  let browser: Browser;
  let console: Console;

  beforeAll(async () => {
    browser = await startBrowser();
    console = await Console.start(browser);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await console.stop();
  });
  afterEach(() => expect(console.complaints.splice(0)).toEqual([]));

  const open = (request: TestRequest, tab = '', signIn: SignIn = {}): Promise<Page> =>
    console.signedIn(`#/${request.id}${tab === '' ? '' : `/${tab}`}`, signIn);

  /** Goes on with Tab until something has the focus. */
  const tabTo = async (page: Page, selector: string): Promise<void> => {
    for (let i = 0; i < 80; i += 1) {
      if (
        await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)})`)
      )
        return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${selector}.`);
  };

  /** A request that two contacts match, who share a number. */
  const withTwoCandidates = async (ticketId: string): Promise<[TestRequest, Contact, Contact]> => {
    const [one, other] = [newPerson(), newPerson()];
    const shared = one.contact.phones;
    const second = { ...other.contact, firstName: 'Max', phones: shared };
    const request = await TestRequest.in(console.app, 'needsDecision', {
      details: {
        ticketId,
        name: `${String(one.contact.firstName)} ${String(one.contact.lastName)}`,
        identifiers: [
          { type: 'email', value: one.email },
          { type: 'phone', value: one.phone },
        ],
        contactMatches: {
          ...{ candidates: [one.contact, second], shared: [], isPartial: false },
          isNearMatch: false,
        },
      },
    });
    return [request, one.contact, second];
  };

  describe('before and after the sign-in', () => {
    it('asks to sign in, and comes back to the place that a link names', async () => {
      const request = await TestRequest.in(console.app, 'received', {
        details: { ticketId: 'PRIV-LINK' },
      });
      const page = await console.page();
      // As an email to officers names it.
      await page.goto(`${console.origin}/portal/officer#${request.id}`);
      await page.getByText('This page is for the company’s privacy officers.').waitFor();
      expect(await violations(page)).toEqual([]);
      console.complaints.length = 0;
      await page.context().close();
      const signedIn = await console.signedIn(`#${request.id}`);
      await signedIn.getByRole('heading', { name: /^PRIV-LINK/, level: 1 }).waitFor();
      await signedIn.locator('.account > summary').click();
      await signedIn.getByText('Signed in as Ms Privacy.').waitFor();
      await signedIn.getByRole('button', { name: 'Sign out' }).click();
      await signedIn.getByText('This page is for the company’s privacy officers.').waitFor();
      await signedIn.context().close();
    });

    it('says why nobody was let in', async () => {
      const page = await console.page();
      await page.goto(`${console.origin}/portal/officer?problem=answerRefused`);
      await page.getByText('You have no role here, or the sign-in was refused.').waitFor();
      expect(page.url()).toBe(`${console.origin}/portal/officer`);
      console.complaints.length = 0;
      await page.context().close();
    });

    it('keeps the language that an officer chooses while the tab is open, and nothing personal', async () => {
      const page = await console.signedIn();
      await page.locator('.account > summary').click();
      await page.getByRole('combobox', { name: 'Language' }).first().selectOption('Deutsch');
      await page.getByRole('link', { name: 'Anfragen' }).first().waitFor();
      await page.reload();
      await page.getByRole('link', { name: 'Anfragen' }).first().waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      expect(
        await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])'),
      ).toBe('[{"place":"","language":"de"},{}]');
      await page.context().close();
    });
  });

  describe('who made a request', () => {
    it('is decided by keyboard alone, with masked values compared in words', async () => {
      const [request, one] = await withTwoCandidates('PRIV-WHO');
      const page = await open(request);
      await page.getByText('Choose who made the request.').waitFor();
      await tabTo(page, '.note a');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Who made this request?' }).waitFor();
      const row = page.getByRole('row', { name: /^Email/ });
      expect(await row.getByRole('cell').allInnerTexts()).toEqual([
        'z•••@m•••.example',
        'Same, since 1 January 2020',
        'Differs',
      ]);
      // Both have the number that a code would go to.
      const end = String(one.phones[0]?.number).slice(-2);
      const code = `Text message, number ending in ${end}. Others have this number, too.`;
      const codes = page.getByRole('row', { name: /^The code would go to/ });
      expect((await codes.getByRole('cell').allInnerTexts()).slice(1)).toEqual([code, code]);
      expect(await codes.locator('.mark-of.ok').count()).toBe(0);
      await page
        .getByText('You can extend the period once, by two months, if you do so by')
        .waitFor();
      const main = await page.locator('main').innerText();
      expect(main).not.toContain(request.person.email);
      expect(main).not.toContain(String(one.lastName));
      expect(main).not.toMatch(/\dT\d\d:/);
      expect(await violations(page)).toEqual([]);
      await tabTo(page, '.compare input');
      await page.keyboard.press('Space');
      await page.getByText('You choose contact A, and this proof: As on file.').waitFor();
      await tabTo(page, '.save-bar .button.primary');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Enter a reason first.').waitFor();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.type(reason);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Decision saved.').waitFor();
      expect((await request.details()).decision?.contactIds).toEqual([one.id]);
      expect((await request.events()).at(-1)).toBe('decided 1');
      // Nothing waits any more: what was decided is there to read, and no form.
      const decided = page.getByRole('region', { name: 'What was decided' });
      await decided.getByText('Contact A', { exact: true }).waitFor();
      await decided.getByText(reason).waitFor();
      await decided.getByText(/^Ms Privacy, /).waitFor();
      await page.getByText('Saved at').waitFor();
      expect(await page.locator('h2:focus').innerText()).toBe('What was decided');
      expect(await page.locator('.save-bar').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.locator('.who-again > summary').click();
      expect(await page.locator('.compare input').first().isDisabled()).toBe(true);
      await decided.getByRole('button', { name: 'Change the decision…' }).click();
      await page.locator('.compare input').nth(1).check();
      await page.getByRole('button', { name: 'Save the decision' }).waitFor();
      await page.context().close();
    });

    it('shows names and numbers once somebody says why, and the custody record says so before', async () => {
      const [request, one, second] = await withTwoCandidates('PRIV-REVEAL');
      const page = await open(request, 'decision');
      await page.getByRole('button', { name: 'Show names and numbers…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Show names and numbers?' });
      expect(await dialog.getByRole('button', { name: 'Show them' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Show them' }).click();
      await page.getByText(`Same · ${String(one.firstName)} ${String(one.lastName)}`).waitFor();
      await page.getByText('Names and numbers are shown.').waitFor();
      expect(await violations(page)).toEqual([]);
      expect((await request.events()).at(-1)).toMatch(/^identifiersRevealed/);
      // The number that both have is theirs; what only the other has is not searched.
      const phone = page.getByRole('region', { name: `Phone ${one.phones[0]?.number ?? ''}` });
      await phone.getByText('It belongs to this person').click();
      await page
        .getByRole('columnheader', { name: /^Contact B/ })
        .getByRole('checkbox')
        .check();
      await page.getByText('You choose contact B, and this proof').waitFor();
      await page.getByText('Contact A is not searched.').waitFor();
      await page.getByRole('textbox', { name: 'Reason, without personal details' }).fill(reason);
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('Decision saved.').waitFor();
      const { decision } = await request.details();
      expect(decision?.contactIds).toEqual([second.id]);
      expect(Object.values(decision?.identifiers ?? {})).toMatchObject([{ verdict: 'include' }]);
      await page.getByRole('link', { name: 'Custody record' }).click();
      const record = page.getByRole('table', { name: 'Custody record, newest first' });
      await record.getByRole('row', { name: /Ms Privacy Looked at names and numbers/ }).waitFor();
      const decided = record.getByRole('row', { name: /Ms Privacy Chose contact B/ });
      expect(await decided.innerText()).toContain(reason);
      const text = await page.locator('main').innerText();
      expect(text).not.toContain(String(one.lastName));
      expect(text).not.toMatch(/\dT\d\d:|identifiersRevealed|stateChanged/);
      await page.context().close();
    });

    it('says what the server refuses, and leaves what was chosen', async () => {
      const [request] = await withTwoCandidates('PRIV-REFUSED');
      const page = await open(request, 'decision');
      await page.locator('.compare input').first().check();
      await page.getByText('Company login', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Reason, without personal details' }).fill(reason);
      await page.route('**/decision', (route) =>
        route.fulfill({ status: 409, json: { code: 'loginNotConfigured', title: 'No login.' } }),
      );
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('Your company has set up no customer login.').waitFor();
      expect(await page.locator('.compare input').first().isChecked()).toBe(true);
      console.complaints.length = 0;
      await page.context().close();
    });
  });

  describe('doubtful conversations', () => {
    /** A request with six of them: four by a shared number, two that carry somebody else. */
    const withDoubtful = async (ticketId: string): Promise<[TestRequest, string[], string]> => {
      const request = await TestRequest.in(console.app, 'needsDecision', {
        details: { ticketId },
        record: { reason: 'doubtfulConversations' },
      });
      const details = await request.details();
      const contact = details.contactMatches?.candidates[0] ?? null;
      await console.app.parts.ledger.changeDetails(request.id, (stored) => ({
        details: { ...stored.details, contact },
      }));
      const tiedBy = [`email:${request.person.email}`];
      const other = randomUUID();
      const conversations = Array.from({ length: 6 }, (_, i) =>
        doubtfulConversation({
          startedAt: `2026-01-0${i + 1}T03:04:05.000Z`,
          ...(i < 4
            ? { doubt: 'sharedIdentifier', otherContacts: [], tiedBy }
            : { otherContacts: [other], tiedBy }),
        }),
      );
      await request.storeDoubtful(conversations);
      return [request, conversations.map(({ conversationId }) => conversationId), other];
    };

    it('six of them are decided by keyboard alone: a choice for a group keeps what was decided by row, and says so', async () => {
      const [request, ids, other] = await withDoubtful('PRIV-SIX');
      const page = await open(request, 'decision');
      await page
        .getByRole('heading', { name: '6 conversations may belong to someone else' })
        .waitFor();
      await page.getByText('6 undecided', { exact: false }).first().waitFor();
      // What is chosen and not saved stays in the list that is read from the server.
      const shown = page.locator('.conversations select').first().locator('option');
      expect(await shown.allInnerTexts()).toEqual(['Not saved yet', 'All', 'Included', 'Left out']);
      const main = await page.locator('main').innerText();
      expect(main).not.toMatch(/\dT\d\d:/);
      for (const id of [...ids, other]) expect(main).not.toContain(id);
      expect(await violations(page)).toEqual([]);
      // The first three rows by I, O and I; the last of them undone.
      await tabTo(page, '.conversations tbody tr:first-child input');
      await page.keyboard.press('i');
      await page.keyboard.press('j');
      await page.keyboard.press('o');
      await page.keyboard.press('j');
      await page.keyboard.press('i');
      await page.getByText('2 included', { exact: false }).first().waitFor();
      await page.keyboard.press('u');
      await page.getByText('1 included', { exact: false }).first().waitFor();
      // The other contact is somebody else.
      await page.keyboard.press('Shift+Tab');
      await page
        .getByRole('region', { name: 'Decide by contact on record' })
        .getByText('Leave out')
        .click();
      await page.getByText('3 left out', { exact: false }).first().waitFor();
      // The whole identifier, which keeps the choices on rows until these are chosen, too.
      const group = page.getByRole('region', { name: 'Decide by identifier' });
      await group.getByText('Include').click();
      await page.getByText('All are decided.').waitFor();
      await page.getByText('Included. 1 row differs.').waitFor({ state: 'attached' });
      await page.getByText('3 left out', { exact: false }).first().waitFor();
      await group.getByText('1 row differs').waitFor();
      await group.getByRole('button', { name: 'Change it, too' }).click();
      await page.getByText('This changes an earlier choice on 1 conversation.').waitFor();
      await page.getByText('2 left out', { exact: false }).first().waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await group.getByText('1 row differs').waitFor();
      await tabTo(page, '[name="reason"]');
      await page.keyboard.type(reason);
      await tabTo(page, '.save-bar .button.primary');
      await page.keyboard.press('Enter');
      await page.getByText('Decision saved.').waitFor();
      const { decision } = await request.details();
      expect(Object.values(decision?.identifiers ?? {})).toMatchObject([{ verdict: 'include' }]);
      expect(decision?.contacts).toMatchObject({ [other]: { verdict: 'withhold' } });
      expect(decision?.conversations).toMatchObject({
        [String(ids[0])]: { verdict: 'include' },
        [String(ids[1])]: { verdict: 'withhold' },
      });
      expect(decision?.undecided).toBe('wait');
      const decided = page.getByRole('region', { name: 'What was decided' });
      await decided.getByText('3 included and 3 left out', { exact: false }).waitFor();
      expect(await page.locator('.save-bar').count()).toBe(0);
      expect(await page.locator('.conversations input').count()).toBe(0);
      await page.context().close();
    });

    it('a selection is decided at once, undecided ones are named, and going on leaves them out', async () => {
      const [request, ids] = await withDoubtful('PRIV-SELECT');
      const page = await open(request, 'decision');
      const rows = page.locator('.conversations tbody tr');
      await rows.nth(0).getByRole('checkbox').check();
      await rows.nth(1).getByRole('checkbox').check();
      await page.getByText('2 selected').waitFor();
      await page.locator('.selection').getByRole('button', { name: 'Leave out' }).click();
      await page.getByText('4 are still undecided.').waitFor();
      await page.getByRole('textbox', { name: 'Reason, without personal details' }).fill(reason);
      await page.getByRole('button', { name: 'Save, decide later' }).click();
      await page.getByText('Decision saved.').waitFor();
      // Some are left for later, so the form stays.
      await page.locator('.save-bar').getByText('Saved at').waitFor();
      expect((await request.details()).decision?.undecided).toBe('wait');
      await page.getByRole('textbox', { name: 'Reason, without personal details' }).fill(reason);
      await page.getByRole('button', { name: /^Save and/ }).click();
      await eventually('the second save', async () => {
        const { decision } = await request.details();
        return decision?.undecided === 'withhold';
      });
      const { decision } = await request.details();
      expect(Object.keys(decision?.conversations ?? {}).sort()).toEqual(ids.slice(0, 2).sort());
      await page.context().close();
    });

    it('thousands are read a page at a time, in German, with the filters of the server', async () => {
      const [request, ids, other] = await withDoubtful('PRIV-VIELE');
      const german = await open(request, 'decision', { options: { locale: 'de-DE' } });
      await german.getByText('6 Gespräche können jemand anderem gehören').waitFor();
      // The totals of six are read beside the table; of thousands they are not.
      await german.getByText('6 offen', { exact: true }).waitFor();
      await german.waitForLoadState('networkidle');
      const listed: string[] = [];
      const decided: unknown[] = [];
      await german.route('**/decision', async (route) => {
        if (route.request().method() === 'POST') {
          decided.push(route.request().postDataJSON());
          return route.fulfill({ json: {} });
        }
        const answer = await route.fetch();
        const evidence = (await answer.json()) as object;
        const tally = { total: 1200, undecided: 1200 };
        const doubtful = {
          ...{ total: 2400, undecided: 2400, included: 0, withheld: 0 },
          byIdentifier: [{ identifier: 1, ...tally }],
          byContact: [
            { contactId: other, ...tally },
            { contactId: ids[0], ...tally },
          ],
        };
        return route.fulfill({ json: { ...evidence, doubtful } });
      });
      await german.route('**/decision/conversations?*', async (route) => {
        const query = new URL(route.request().url()).searchParams;
        listed.push(
          ['verdict', 'contact', 'cursor']
            .map((name) => query.get(name) ?? '')
            .join(' ')
            .trim(),
        );
        const from = Number(query.get('cursor') ?? 0);
        const conversations = Array.from({ length: 25 }, (_, i) => ({
          ...doubtfulConversation({ otherContacts: [other] }),
          ...{ conversationId: `00000000-0000-4000-8000-${String(from + i).padStart(12, '0')}` },
          ...{ tiedBy: [1], verdict: null },
        }));
        await route.fulfill({ json: { conversations, total: 2400, next: String(from + 25) } });
      });
      await german.reload();
      await german.getByText('2.400 Gespräche können jemand anderem gehören').waitFor();
      await german.getByText('ein anderer Kontakt ist beteiligt').first().waitFor();
      expect(await german.locator('main').innerText()).not.toMatch(/\dT\d\d:/);
      expect(await violations(german)).toEqual([]);
      await german.screenshot({ path: join(screenshots, 'officer-doubtful.png'), fullPage: true });
      await german.getByRole('button', { name: 'Nächste Seite' }).click();
      await german.getByText('26 bis 50 von 2.400').waitFor();
      await german.getByLabel('Anzeigen').selectOption('Alle');
      await german.getByText('1 bis 25 von 2.400').waitFor();
      await german.getByRole('combobox', { name: 'Kontakt' }).selectOption('Kontakt B');
      await german.getByText('1 bis 25 von 2.400').waitFor();
      expect(listed).toEqual(['undecided', 'undecided  25', '', other]);
      const row = german.locator('.conversations tbody tr').nth(1);
      await row.getByText('Weglassen').click();
      await german
        .getByRole('region', { name: 'Nach Nummer oder Adresse' })
        .getByText('Einbeziehen')
        .click();
      await german.getByText('Was Sie gewählt haben, zählt mit, sobald Sie speichern.').waitFor();
      await german.getByRole('textbox', { name: 'Grund, ohne Angaben zur Person' }).fill(reason);
      await german.getByRole('button', { name: 'Speichern und weiter' }).click();
      await german.getByText('Entscheidung gespeichert.').waitFor();
      expect(decided).toEqual([
        {
          identifiers: [{ identifier: 1, verdict: 'include' }],
          conversations: [
            { conversationId: '00000000-0000-4000-8000-000000000001', verdict: 'withhold' },
          ],
          undecided: 'withhold',
          justification: reason,
        },
      ]);
      await german.unrouteAll({ behavior: 'wait' });
      await german.context().close();
    });
  });

  describe('a package', () => {
    it('is recalled after its ticket was typed, and the dialog says what had been downloaded', async () => {
      const request = await TestRequest.in(console.app, 'available', {
        details: { ticketId: 'PRIV-RECALL' },
      });
      await request.move('delivered');
      await console.app.parts.ledger.note(request.id, { event: 'downloadReported' });
      const page = await open(request, 'delivery');
      const opener = page.getByRole('button', { name: 'Recall the package…' });
      await opener.click();
      const dialog = page.getByRole('dialog', { name: 'Recall this package?' });
      await dialog.getByText('One copy is already out.').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.locator('button:focus').innerText()).toBe('Recall the package…');
      await opener.click();
      const confirm = dialog.getByRole('button', { name: 'Recall the package' });
      await dialog.getByLabel('Why?').fill(reason);
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByLabel('Type PRIV-RECALL to confirm').fill('PRIV-RECALL');
      await confirm.click();
      const done = page.getByRole('dialog', { name: 'The package is recalled' });
      await done.getByText('Downloaded in full').waitFor();
      expect(await done.locator('dd').nth(2).innerText()).not.toBe('Never');
      await done.getByRole('button', { name: 'Close' }).click();
      expect((await request.record()).state).toBe('recalled');
      await page.getByText('This request has ended.').waitFor();
      expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0);
      await page.context().close();
    });

    it('is handed over by two officers, of whom the first one cannot approve', async () => {
      const request = await TestRequest.in(console.app, 'awaitingVerification', {
        details: { ticketId: 'PRIV-HAND' },
      });
      const first = await open(request, 'delivery', { name: 'Ben Okafor' });
      await first.getByRole('button', { name: 'Confirm identity…' }).click();
      const identity = first.getByRole('dialog', { name: 'Have you checked who the person is?' });
      await identity.getByLabel('Why?').fill('Passport, at the counter.');
      await identity.getByRole('button', { name: 'Confirm the identity' }).click();
      await identity.waitFor({ state: 'detached' });
      for (const state of ['identifying', 'exporting', 'packaging', 'available'] as const)
        await request.move(state);
      await console.app.parts.ledger.update(request.id, { verifiedBy: 'officer' });
      await first.reload();
      await first
        .getByText('Someone else must approve: you’ve confirmed who the person is.')
        .waitFor();
      expect(await first.getByRole('button', { name: 'Approve the hand-over' }).count()).toBe(0);
      expect(await first.getByRole('button', { name: 'Hand over…' }).count()).toBe(0);
      const second = await console.signedIn('', { name: 'Olivia Meyer' });
      await second.getByRole('link', { name: 'Review: PRIV-HAND' }).click();
      await second.getByText(/^Ben Okafor, .*, in person\.$/).waitFor();
      await second.getByText('Passport, at the counter.').waitFor();
      expect(await violations(second)).toEqual([]);
      await second.getByRole('button', { name: 'Approve the hand-over' }).click();
      await second.getByRole('alert').getByText('Enter a reason first.').waitFor();
      await second.getByLabel('Why?').fill('Spoke to the branch.');
      await second.getByRole('button', { name: 'Approve the hand-over' }).click();
      await second.getByText(/^You, .*\.$/).waitFor();
      // Whoever has approved neither hands over nor gives out a code.
      await second.getByText('Another officer must approve first.').waitFor();
      expect(await second.getByRole('button', { name: 'Give out a code…' }).count()).toBe(0);
      await second.context().close();
      await first.reload();
      await first.getByRole('button', { name: 'Hand over…' }).click();
      const handOver = first.getByRole('dialog', { name: 'Hand over this package now?' });
      await handOver.getByLabel('Why?').fill('At the counter.');
      await handOver.getByRole('button', { name: 'Show package and passphrase' }).click();
      const given = first.getByRole('dialog', { name: 'Hand this over' });
      await given.getByRole('link', { name: 'Download the package' }).waitFor();
      expect((await given.locator('output').innerText()).length).toBeGreaterThan(10);
      expect(await violations(first)).toEqual([]);
      await given.getByRole('button', { name: 'Close' }).click();
      await first.getByText('At the counter.').waitFor();
      expect(await request.events()).toContain('handedOver twoOfficers');
      await first.context().close();
    });

    it('is opened with a code that an officer reads out', async () => {
      const request = await TestRequest.in(console.app, 'available', {
        details: { ticketId: 'PRIV-CODE' },
      });
      const page = await open(request, 'delivery');
      await page.getByRole('button', { name: 'Give out a code…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Give out a code?' });
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Show a code' }).click();
      const code = await page
        .getByRole('dialog', { name: 'Read this code out' })
        .locator('output')
        .innerText();
      expect(code).toMatch(/^\S{6,}$/);
      await page.context().close();
    });
  });

  describe('a failed request', () => {
    it('says what is missing, and is released without it once somebody accepts the gaps', async () => {
      const request = await TestRequest.in(console.app, 'failed', {
        details: { ticketId: 'PRIV-GAPS' },
        record: { exportAttempts: 1, pages: 1, conversations: 1 },
      });
      const entry = { name: 'data/one.json', size: 1, sha256: 'a' };
      const items = [
        exported(newItem(1, 'conversation', 1, null), entry),
        ...[1, 2, 3].map((n) =>
          failed(newItem(1, 'audio', n, 'id'), n < 3 ? 'notDelivered' : 'tooLarge'),
        ),
      ];
      await console.app.parts.items.put(request.id, 1, items);
      await console.app.parts.items.putCounts(request.id, 1, countItems(items));
      const page = await open(request);
      await page.getByText('3 items couldn’t be copied.').waitFor();
      await page.getByText('3 failed').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Accept the gaps…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Release the package without these items?' });
      const rows = dialog.getByRole('row', { name: /^Call recordings/ });
      await rows.first().waitFor();
      expect(await rows.allInnerTexts()).toEqual([
        'Call recordings\tlisted by the source but not delivered\t2',
        'Call recordings\ttoo large to be taken over\t1',
      ]);
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Accept the gaps' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await request.record()).toMatchObject({ state: 'exporting', acceptedFailures: 3 });
      await page.getByText('Nothing to do.').waitFor();
      await page.context().close();
    });
  });

  describe('the other actions', () => {
    const ask = async (page: Page, action: string, title: string) => {
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.locator('.menu').getByRole('button', { name: action }).click();
      return page.getByRole('dialog', { name: title });
    };

    it('extends the period with the new last day and the letter in the person’s language', async () => {
      const request = await TestRequest.in(console.app, 'exporting', {
        details: { ticketId: 'PRIV-EXTEND', locale: 'de' },
      });
      const page = await open(request);
      const dialog = await ask(page, 'Extend the period…', 'Extend the legal period?');
      await dialog.getByText(/^The new last day is .*2027\.$/).waitFor();
      await dialog.getByLabel('Explanation for the person').fill('Zehn Jahre Gespräche.');
      await dialog.getByText('Show the letter (German)').click();
      await dialog.locator('article').getByText('Zehn Jahre Gespräche.').waitFor();
      expect(await violations(page)).toEqual([]);
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Extend and send the letter' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText('Extended once').waitFor();
      expect((await request.record()).extendedAt).not.toBeNull();
      await page.getByRole('button', { name: 'Actions' }).click();
      expect(await page.getByRole('button', { name: 'Extend the period…' }).count()).toBe(0);
      await page.context().close();
    });

    it('refuses only with what the person is told, and says so in their rights', async () => {
      const request = await TestRequest.in(console.app, 'exporting', {
        details: { ticketId: 'PRIV-NO' },
      });
      const page = await open(request);
      const dialog = await ask(page, 'Refuse the request…', 'Refuse this request?');
      await dialog.getByLabel('Why?').fill(reason);
      await dialog
        .getByLabel('Reason that the person is told')
        .selectOption('Another reason, explained below');
      const confirm = dialog.getByRole('button', { name: 'Refuse the request' });
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByText('Enter an explanation first').waitFor();
      await dialog.getByLabel('Reason that the person is told').selectOption('excessive');
      await dialog.getByText('Show the letter (English)').click();
      await dialog.getByText('supervisory authority', { exact: false }).waitFor();
      await confirm.click();
      await dialog.waitFor({ state: 'detached' });
      expect((await request.record()).state).toBe('refused');
      await page.context().close();
    });

    it('withholds parts, cancels, retries, releases again and checks a mandate', async () => {
      const request = await TestRequest.in(console.app, 'exporting', {
        details: { ticketId: 'PRIV-PARTS' },
      });
      const page = await open(request);
      const parts = await ask(page, 'Withhold parts…', 'Withhold parts for the rights of others?');
      await parts.getByLabel('Notes', { exact: true }).check();
      await parts.getByLabel('Why?').fill(reason);
      await parts.getByRole('button', { name: 'Withhold these parts' }).click();
      await parts.waitFor({ state: 'detached' });
      expect((await request.details()).decision?.rightsOfOthers?.kinds).toEqual(['notes']);
      const cancel = await ask(page, 'Cancel the request…', 'Cancel this request?');
      await cancel.getByLabel('Why?').fill(reason);
      await cancel.getByRole('button', { name: 'Cancel the request' }).click();
      await cancel.waitFor({ state: 'detached' });
      expect((await request.record()).state).toBe('cancelled');
      await page.context().close();

      const again = await TestRequest.in(console.app, 'failed', {
        details: { ticketId: 'PRIV-AGAIN' },
      });
      const second = await open(again);
      const retry = await ask(second, 'Retry…', 'Retry this request?');
      await retry.getByLabel('Why?').fill(reason);
      await retry.getByRole('button', { name: 'Retry now' }).click();
      await retry.waitFor({ state: 'detached' });
      expect((await again.record()).state).toBe('exporting');
      await second.context().close();

      const there = await TestRequest.in(console.app, 'available', {
        details: { ticketId: 'PRIV-THERE' },
      });
      await there.move('delivered');
      const third = await open(there);
      const release = await ask(third, 'Release again…', 'Release this package again?');
      await release.getByLabel('Why?').fill(reason);
      await release.getByRole('button', { name: 'Release again' }).click();
      await release.waitFor({ state: 'detached' });
      expect((await there.record()).state).toBe('available');
      await third.context().close();

      const acted = await TestRequest.in(console.app, 'needsDecision', {
        details: { ticketId: 'PRIV-MANDATE', requester: { email: 'rep@mail.example', name: null } },
        record: { reason: 'mandateUnchecked', requester: { capacity: 'guardian', mandate: null } },
      });
      const fourth = await open(acted);
      const mandate = await ask(fourth, 'Confirm the mandate…', 'Have you checked the mandate?');
      await mandate.getByLabel('Mandate').selectOption('guardianship');
      await mandate.getByLabel('Why?').fill(reason);
      await mandate.getByRole('button', { name: 'Confirm the mandate' }).click();
      await mandate.waitFor({ state: 'detached' });
      expect((await acted.record()).requester?.mandate).toBe('guardianship');
      await fourth.context().close();
    });
  });

  describe('the custody record', () => {
    it('is told in sentences, with its integrity, filters and files', async () => {
      const request = await TestRequest.in(console.app, 'available', {
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
      await page.context().close();
    });

    it('says where it breaks and whom to call when it was changed', async () => {
      const request = await TestRequest.in(console.app, 'received', {
        details: { ticketId: 'PRIV-BROKEN' },
      });
      const broken = await open(request);
      await broken.route('**/custody', async (route) => {
        const answer = (await (await route.fetch()).json()) as object;
        await route.fulfill({
          json: { ...answer, isIntact: false, problems: ['Entry 1 was changed.'] },
        });
      });
      await broken.getByRole('link', { name: 'Custody record', exact: true }).click();
      await broken.getByRole('alert').getByText('This record was changed.').waitFor();
      await broken.getByText('It breaks at entry 1.').waitFor();
      expect(await broken.locator('main').innerText()).not.toContain('Entry 1 was changed.');
      expect(await violations(broken)).toEqual([]);
      await broken.unrouteAll({ behavior: 'wait' });
      await broken.context().close();
    });
  });

  it('lists the messages of a request, shows a text when told why, and sends again', async () => {
    const request = await TestRequest.in(console.app, 'exporting', {
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
    await page.getByText('we need more time', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await request.events()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^messageRead/)]),
    );
    console.app.clock.advance(10 * 60_000);
    await row.getByRole('button', { name: 'Send again…' }).click();
    const again = page.getByRole('dialog', { name: 'Send “Period extended” again?' });
    await again.getByLabel('Why?').fill(reason);
    await again.getByRole('button', { name: 'Send again' }).click();
    await again.waitFor({ state: 'detached' });
    await page.getByText('sent again', { exact: true }).waitFor();
    await page.context().close();
  });

  it('tells statistics without charts while there are few, and gives them as a file', async () => {
    const page = await console.signedIn('#/statistics');
    await page.getByText('There’s too little to draw a chart from.').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    expect((await saved).suggestedFilename()).toBe('statistics.csv');
    await page.context().close();
  });

  it('checks a package on this device and sends nothing of it', async () => {
    const page = await console.signedIn('#/check');
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
    await page.getByText('This file can’t be opened').waitFor();
    expect(sent).toEqual([]);
    await page.context().close();
  });

  describe.each([390, 768, 1280])('at %d px', (width) => {
    it.each(['light', 'dark'] as const)(
      'shows nothing that axe finds wrong in %s, and scrolls no page sideways',
      async (colorScheme) => {
        const [request] = await withTwoCandidates(`PRIV-${width}-${colorScheme}`);
        const there = await TestRequest.in(console.app, 'available', {
          details: { ticketId: `PRIV-A-${width}-${colorScheme}` },
        });
        const page = await console.signedIn('', {
          options: { colorScheme, viewport: { width, height: 900 } },
          roles: allRoles,
        });
        const places = [
          ['#/queue/open', '.queue-table'],
          [`#/${request.id}`, '.timeline'],
          [`#/${request.id}/decision`, '.compare'],
          [`#/${there.id}/delivery`, '.numbered'],
          [`#/${there.id}/custody`, '.custody table'],
          [`#/${there.id}/messages`, '.tab-body > :not(.skeleton)'],
          ['#/statistics', '.tiles'],
          ['#/check', '.form'],
        ] as const;
        for (const [hash, selector] of places) {
          await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
          await page.locator(selector).first().waitFor();
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
          expect({ hash, wide, hidden, broken, found: await violations(page) }).toEqual({
            hash,
            wide: 0,
            hidden: 0,
            broken: 0,
            found: [],
          });
        }
        await page.context().close();
      },
      120_000,
    );
  });
});
