import { settled, violations } from '../helpers/browser';
import {
  describeConsole,
  reason,
  tabTo,
  withDoubtful,
  withTwoCandidates,
} from '../helpers/console-tests';
import { doubtfulConversation } from '../helpers/http-requests';
import { eventually } from '../helpers/eventually';

describeConsole('the decision in the officers’ console', ({ console, open }) => {
  describe('who made a request', () => {
    it('is decided by keyboard alone, with masked values compared in words', async () => {
      const [request, one] = await withTwoCandidates(console(), 'PRIV-WHO');
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
      const names = page.getByRole('row', { name: /^Name/ }).getByRole('cell');
      expect((await names.allInnerTexts())[0]).toMatch(/^Z••• S••• \d•••$/);
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
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByRole('alert').getByText('Choose a contact first.').waitFor();
      await tabTo(page, '.compare input');
      await page.keyboard.press('Space');
      await page
        .getByText('You choose contact A, and this proof: Code, app or login on file.')
        .waitFor();
      // What was missing is not said any longer than it is.
      expect(await page.getByRole('alert').count()).toBe(0);
      await tabTo(page, '.save-bar .button.primary');
      await page.keyboard.press('Enter');
      // It is said at the field, which has the focus then.
      const field = page.getByRole('textbox', { name: /^Reason/ });
      await field.and(page.locator(':focus')).waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await page.locator('.save-bar .field .error').getByText('Enter a reason first.').waitFor();
      await page.keyboard.type(reason);
      expect(await page.locator('.save-bar .error').count()).toBe(0);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Decision saved.').waitFor();
      expect((await request.details()).decision?.contactIds).toEqual([one.id]);
      expect((await request.events()).at(-1)).toBe('decided 1 onFile');
      // Nothing waits any more: what was decided is there to read, and no form.
      const decided = page.getByRole('region', { name: 'What was decided' });
      await decided.getByText('Contact A', { exact: true }).waitFor();
      await decided.getByText('Chose contact A. Proof: Code, app or login on file').waitFor();
      await decided.getByText(reason).waitFor();
      await decided.getByText(/^Ms Privacy, /).waitFor();
      await page.getByText('Saved at').waitFor();
      expect(await page.locator('h2:focus').innerText()).toBe('What was decided');
      expect(await page.locator('.save-bar').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.locator('.who-again > summary').click();
      expect(await page.locator('.compare input').first().isDisabled()).toBe(true);
      await decided.getByRole('button', { name: 'Change the decision' }).click();
      await page.locator('h2#who:focus').waitFor();
      // While it is changed nothing says that there is nothing to do, and there is a way back.
      expect(await page.getByText('Nothing to do.').count()).toBe(0);
      await page.locator('.compare input').nth(1).check();
      await page.getByRole('button', { name: 'Change nothing' }).click();
      await page.getByText('Nothing to do.').waitFor();
      expect(await page.locator('h2:focus').innerText()).toBe('What was decided');
      await decided.getByRole('button', { name: 'Change the decision' }).click();
      expect(await page.locator('.compare input').nth(1).isChecked()).toBe(false);
      await page.locator('.compare input').nth(1).check();
      await page.getByRole('button', { name: 'Save the decision' }).waitFor();
    });

    it('shows names and numbers once somebody says why, and the custody record says so before', async () => {
      const [request, one, second] = await withTwoCandidates(console(), 'PRIV-REVEAL');
      const page = await open(request, 'decision');
      await page.getByRole('button', { name: 'Show names and numbers…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Show names and numbers?' });
      expect(await dialog.getByRole('button', { name: 'Show them' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Show them' }).click();
      await page.getByText(`Same · ${String(one.firstName)} ${String(one.lastName)}`).waitFor();
      await page.getByText('Names and numbers are shown.').waitFor();
      const named = page.getByRole('row', { name: /^Name/ }).getByRole('cell').first();
      expect(await named.innerText()).toBe(`${String(one.firstName)} ${String(one.lastName)}`);
      // Everywhere: in the comparison, where the code goes, and where the invitation goes.
      const email = page.getByRole('row', { name: /^Email/ });
      expect(await email.getByRole('cell').last().innerText()).toBe(
        `Differs · ${second.emails[0] ?? ''}`,
      );
      const code = `Text message to ${one.phones[0]?.number ?? ''}. Others have this number, too.`;
      await page
        .getByRole('row', { name: /^The code/ })
        .getByText(code)
        .first()
        .waitFor();
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
      const invited = `An invitation goes by email to: Mailbox ${second.emails[0] ?? ''}.`;
      await page.getByText(invited, { exact: false }).waitFor();
      await page.getByText('We don’t search by what only contact A has.').waitFor();
      // By the mailbox of contact A nothing is searched, so nothing is asked about it.
      await page.locator('details.others > summary').click();
      const mailbox = page.getByRole('region', { name: `Mailbox ${one.emails[0] ?? ''} (given` });
      await mailbox.getByText('The contact you chose doesn’t have it', { exact: false }).waitFor();
      expect(await mailbox.getByRole('radio').count()).toBe(0);
      const own = page.getByRole('region', { name: `Mailbox ${second.emails[0] ?? ''} (on file` });
      expect(await own.getByRole('radio').count()).toBe(3);
      await page.getByRole('textbox', { name: /^Reason/ }).fill(reason);
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('Decision saved.').waitFor();
      const { decision } = await request.details();
      expect(decision?.contactIds).toEqual([second.id]);
      expect(Object.values(decision?.identifiers ?? {})).toMatchObject([{ verdict: 'include' }]);
      const decided = page.getByRole('region', { name: 'What was decided' });
      await decided
        .getByText(`Phone ${one.phones[0]?.number ?? ''} (given in the request, on file for`)
        .waitFor();
      await page.getByRole('link', { name: 'Custody record' }).click();
      const record = page.getByRole('table', { name: 'Custody record, newest first' });
      await record.getByRole('row', { name: /Ms Privacy Looked at names and numbers/ }).waitFor();
      const chosen = record.getByRole('row', { name: /Ms Privacy Chose contact B/ });
      expect(await chosen.innerText()).toContain(reason);
      const text = await page.locator('main').innerText();
      expect(text).not.toContain(String(one.lastName));
      expect(text).not.toMatch(/\dT\d\d:|identifiersRevealed|stateChanged/);
    });

    it('says what the server refuses, and leaves what was chosen', async () => {
      const [request] = await withTwoCandidates(console(), 'PRIV-REFUSED');
      const page = await open(request, 'decision');
      await page.locator('.compare input').first().check();
      await page.getByText('Company login', { exact: true }).click();
      await page.getByRole('textbox', { name: /^Reason/ }).fill(reason);
      await page.route('**/decision', (route) =>
        route.fulfill({ status: 409, json: { code: 'loginNotConfigured', title: 'No login.' } }),
      );
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('Your company has set up no customer login.').waitFor();
      expect(await page.locator('.compare input').first().isChecked()).toBe(true);
      console().complaints.length = 0;
    });
  });

  describe('doubtful conversations', () => {
    it('six of them are decided by keyboard alone: a choice for a group keeps what was decided by row, and says so', async () => {
      const [request, ids, other] = await withDoubtful(console(), 'PRIV-SIX');
      const page = await open(request, 'decision');
      await page
        .getByRole('heading', { name: '6 conversations may belong to someone else' })
        .waitFor();
      await page.getByText('6 undecided', { exact: false }).first().waitFor();
      // What is chosen and not saved stays in the list that is read from the server.
      const shown = page.locator('.conversations select').first().locator('option');
      expect(await shown.allInnerTexts()).toEqual([
        'Undecided or not saved',
        'All',
        'Included',
        'Left out',
      ]);
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
        .getByRole('region', { name: 'Decide by other contact' })
        .getByText('Leave out')
        .click();
      await page.getByText('3 left out', { exact: false }).first().waitFor();
      // The whole identifier, which keeps the choices on rows until these are chosen, too.
      const group = page.getByRole('region', { name: 'Decide by number or mailbox' });
      await group.getByText('Include').click();
      await page.getByText('All are decided, not saved yet.').waitFor();
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
      // What was decided is there to read, below headings that ask for nothing any more.
      expect(await page.getByLabel('Show').inputValue()).toBe('all');
      await page.locator('.conversations tbody tr').nth(5).waitFor();
      await page.getByRole('heading', { name: '6 doubtful conversations' }).waitFor();
      await page.getByRole('region', { name: 'By number or mailbox' }).waitFor();
      await page.getByRole('region', { name: 'By other contact' }).waitFor();
    });

    it('a selection is decided at once, undecided ones are named, and going on leaves them out', async () => {
      const [request, ids] = await withDoubtful(console(), 'PRIV-SELECT');
      const page = await open(request, 'decision');
      const rows = page.locator('.conversations tbody tr');
      await rows.nth(0).getByRole('checkbox').check();
      await rows.nth(1).getByRole('checkbox').check();
      await page.getByText('2 selected').waitFor();
      await page.locator('.selection').getByRole('button', { name: 'Leave out' }).click();
      await page.getByText('4 are still undecided.').waitFor();
      await page.getByRole('textbox', { name: /^Reason/ }).fill(reason);
      await page.getByRole('button', { name: 'Save, decide later' }).click();
      await page.getByText('Decision saved.').waitFor();
      // Some are left for later, so the form stays, and shows what is saved.
      await page.locator('.doubtful .save-bar').getByText('Saved at').waitFor();
      expect((await request.details()).decision?.undecided).toBe('wait');
      await page.getByText('4 undecided', { exact: false }).first().waitFor();
      await settled(page);
      expect(await rows.count()).toBe(4);
      // What is said of a choice or of the saving is said by one region.
      expect(await page.locator('.doubtful [aria-live]').count()).toBe(0);
      // A choice for the group leaves the rows that were decided one by one.
      const group = page.getByRole('region', { name: 'Decide by number or mailbox' });
      await group.getByText('Include').click();
      await group.getByText('2 rows differ').waitFor();
      await page.getByText('2 left out', { exact: false }).first().waitFor();
      await page.getByText('2 are still undecided.').waitFor();
      await page.getByRole('textbox', { name: /^Reason/ }).fill(reason);
      await page.getByRole('button', { name: /^Save and/ }).click();
      await eventually('the second save', async () => {
        const { decision } = await request.details();
        return decision?.undecided === 'withhold';
      });
      const { decision } = await request.details();
      expect(Object.keys(decision?.conversations ?? {}).sort()).toEqual(ids.slice(0, 2).sort());
      const kept = page.getByRole('region', { name: 'What was decided' });
      await kept.getByText(/^2 included, 2 left out/).waitFor();
    });

    it('that are still undecided are shown from the first on once others were saved', async () => {
      const [request, , other] = await withDoubtful(console(), 'PRIV-PAGES');
      const page = await console().signedIn('#/check');
      let decisionVersion = 0;
      await page.route('**/decision', async (route) => {
        if (route.request().method() === 'POST') {
          decisionVersion += 1;
          return route.fulfill({ json: { decisionVersion } });
        }
        const evidence = (await (await route.fetch()).json()) as object;
        const undecided = decisionVersion === 0 ? 30 : 25;
        const doubtful = {
          ...{ total: 3000, undecided, included: 3000 - undecided, withheld: 0 },
          ...{ byIdentifier: [], byContact: [{ contactId: other, total: 3000, undecided }] },
        };
        return route.fulfill({ json: { ...evidence, doubtful, decisionVersion } });
      });
      await page.route('**/decision/conversations?*', async (route) => {
        const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
        const total = decisionVersion === 0 ? 30 : 25;
        const conversations = Array.from({ length: Math.min(25, total - from) }, (_, i) => ({
          ...doubtfulConversation({ otherContacts: [other] }),
          ...{ conversationId: `00000000-0000-4000-8000-${String(from + i).padStart(12, '0')}` },
          ...{ tiedBy: [1], verdict: null, own: null },
        }));
        const next = from + 25 < total ? String(from + 25) : null;
        return route.fulfill({ json: { conversations, total, next } });
      });
      await page.evaluate(`location.hash = '#/${request.id}/decision'`);
      await page.locator('.conversations').getByRole('button', { name: 'Next page' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('26 to 30 of 30').waitFor();
      // The button is gone with its page: who uses a keyboard goes on in the table.
      await page.locator('.conversations:focus').waitFor();
      await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
      await page.locator('.selection').getByRole('button', { name: 'Include' }).click();
      await page
        .locator('.doubtful')
        .getByRole('textbox', { name: /^Reason/ })
        .fill(reason);
      await page.getByRole('button', { name: 'Save, decide later' }).click();
      await page.getByText('1 to 25 of 25').waitFor();
    });

    it('thousands are read a page at a time, in German, with the filters of the server', async () => {
      const [request, ids, other] = await withDoubtful(console(), 'PRIV-VIELE');
      const german = await open(request, 'decision', { options: { locale: 'de-DE' } });
      await german.getByText('6 Gespräche können jemand anderem gehören').waitFor();
      // The totals of six are read beside the table; of thousands they are not.
      await german.getByText('6 offen', { exact: true }).waitFor();
      await settled(german);
      const listed: string[] = [];
      const decided: unknown[] = [];
      await german.route('**/decision', async (route) => {
        if (route.request().method() === 'POST') {
          decided.push(route.request().postDataJSON());
          return route.fulfill({ json: { decisionVersion: 1 } });
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
          ...{ tiedBy: [1], verdict: null, own: null },
        }));
        return route.fulfill({ json: { conversations, total: 2400, next: String(from + 25) } });
      });
      await german.reload();
      await german.getByText('2.400 Gespräche können jemand anderem gehören').waitFor();
      await german.getByText('ein anderer Kontakt ist beteiligt').first().waitFor();
      expect(await german.locator('main').innerText()).not.toMatch(/\dT\d\d:/);
      expect(await violations(german)).toEqual([]);
      await german.getByRole('button', { name: 'Nächste Seite' }).click();
      await german.getByText('26 bis 50 von 2.400').waitFor();
      await german.getByLabel('Anzeigen').selectOption('Alle');
      await german.getByText('1 bis 25 von 2.400').waitFor();
      await german.getByRole('combobox', { name: 'Anderer Kontakt' }).selectOption('Kontakt B');
      await german.getByText('1 bis 25 von 2.400').waitFor();
      expect(listed).toEqual(['undecided', 'undecided  25', '', other]);
      const row = german.locator('.conversations tbody tr').nth(1);
      await row.getByText('Weglassen').click();
      await german
        .getByRole('region', { name: 'Nach Nummer oder Adresse entscheiden' })
        .getByText('Einbeziehen')
        .click();
      await german.getByText('Was Sie gewählt haben, zählt mit, sobald Sie speichern.').waitFor();
      await german.getByRole('textbox', { name: /^Grund/ }).fill(reason);
      await german.getByRole('button', { name: 'Speichern und sammeln' }).click();
      await german.getByText('Entscheidung gespeichert.').waitFor();
      expect(decided).toEqual([
        {
          identifiers: [{ identifier: 1, verdict: 'include' }],
          conversations: [
            { conversationId: '00000000-0000-4000-8000-000000000001', verdict: 'withhold' },
          ],
          keepsOwn: true,
          undecided: 'withhold',
          basedOn: 0,
          justification: reason,
        },
      ]);
      await german.unrouteAll({ behavior: 'wait' });
      await german.context().close();
    });
  });
});
