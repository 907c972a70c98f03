import { randomUUID } from 'node:crypto';
import { countItems, exported, failed, newItem } from '../../src/core/package/items';
import { violations } from '../helpers/browser';
import { ask, describeConsole, goTo, reason } from '../helpers/console-tests';
import { decisionCalls } from '../helpers/decision-calls';
import { TestRequest } from '../helpers/http-requests';

describeConsole('the actions of the officers’ console', ({ console, open }) => {
  describe('a package', () => {
    it('is recalled after its ticket was typed, and the dialog says what had been downloaded', async () => {
      const request = await TestRequest.in(console().app, 'available', {
        details: { ticketId: 'PRIV-RECALL' },
      });
      await request.move('delivered');
      await console().app.parts.ledger.note(request.id, { event: 'downloadReported' });
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
    });

    it('is handed over by two officers, of whom the first one cannot approve', async () => {
      const request = await TestRequest.in(console().app, 'awaitingVerification', {
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
      await console().app.parts.ledger.update(request.id, { verifiedBy: 'officer' });
      await first.reload();
      await first
        .getByText('Someone else must approve: you’ve confirmed who the person is.')
        .waitFor();
      expect(await first.getByRole('button', { name: 'Approve the hand-over' }).count()).toBe(0);
      expect(await first.getByRole('button', { name: 'Hand over…' }).count()).toBe(0);
      const second = await console().signedIn('', { name: 'Olivia Meyer' });
      await second.getByRole('link', { name: 'Review: PRIV-HAND' }).click();
      await second.getByText(/^Ben Okafor, .*, in person\.$/).waitFor();
      await second.getByText('Passport, at the counter.').waitFor();
      expect(await violations(second)).toEqual([]);
      await second.getByRole('button', { name: 'Approve the hand-over' }).click();
      const missing = second.getByRole('alert').getByText('Enter a reason first.');
      await missing.waitFor();
      await second.getByLabel('Why?').fill('Spoke to the branch.');
      await missing.waitFor({ state: 'detached' });
      await second.getByRole('button', { name: 'Approve the hand-over' }).click();
      await second.getByText(/^You, .*\.$/).waitFor();
      // Whoever has approved neither hands over nor gives out a code.
      await second.getByText('Another officer must approve first.').waitFor();
      const code = second.getByRole('button', { name: 'Give out a portal code…' });
      await code.waitFor({ state: 'detached' });
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
      await first.getByText('At the counter.', { exact: true }).waitFor();
      expect(await request.events()).toContain('handedOver twoOfficers');
      await first.context().close();
    });

    it('is opened with a code that an officer reads out', async () => {
      const request = await TestRequest.in(console().app, 'available', {
        details: { ticketId: 'PRIV-CODE' },
      });
      const page = await open(request, 'delivery');
      await page.getByRole('button', { name: 'Give out a portal code…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Give out a portal code?' });
      await dialog.getByLabel('Why?').fill(reason);
      await dialog.getByRole('button', { name: 'Show a code' }).click();
      const code = await page
        .getByRole('dialog', { name: 'Read this code out' })
        .locator('output')
        .innerText();
      expect(code).toMatch(/^\S{6,}$/);
    });
  });

  describe('a failed request', () => {
    it('says what is missing, and is released without it once somebody accepts the gaps', async () => {
      const request = await TestRequest.in(console().app, 'failed', {
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
      await console().app.parts.items.put(request.id, 1, items);
      await console().app.parts.items.putCounts(request.id, 1, countItems(items));
      const page = await open(request);
      await page.getByText('3 items couldn’t be copied.').waitFor();
      await page.getByText('3 failed').waitFor();
      expect(await violations(page)).toEqual([]);
      // The sentences of the report are in the language of the page.
      const german = await open(request, '', { options: { locale: 'de-DE' } });
      await german.getByRole('button', { name: 'Bericht vorab ansehen' }).click();
      const report = german.getByRole('dialog', { name: 'Was der Bericht jetzt sagen würde' });
      await report.getByText('Alle Sätze').click();
      await report
        .locator('ul[lang="de"]')
        .getByText(/^Gespräche: 1 von 1/)
        .waitFor();
      expect(await violations(german)).toEqual([]);
      await german.context().close();
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
    });
  });

  it('is refused where the request has moved on, and the page shows at once where to', async () => {
    const request = await TestRequest.in(console().app, 'failed', {
      details: { ticketId: 'PRIV-MOVED' },
    });
    const page = await open(request);
    const dialog = await ask(page, 'Retry…', 'Retry this request?');
    await dialog.getByLabel('Why?').fill(reason);
    await request.move('cancelled');
    await dialog.getByRole('button', { name: 'Retry now' }).click();
    await dialog.getByText('Nothing was changed.').waitFor();
    await page.locator('.request-head').getByText('Cancelled').waitFor();
    console().complaints.length = 0;
  });

  it('never takes back what another officer has withheld meanwhile', async () => {
    const { decide } = decisionCalls(() => console().app);
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-PARTS' },
    });
    const page = await open(request);
    const parts = await ask(page, 'Withhold parts…', 'Withhold parts for the rights of others?');
    await parts.getByLabel('Notes', { exact: true }).check();
    await parts.getByLabel('Why?').fill(reason);
    await decide(request, { rightsOfOthers: { kinds: ['campaigns'], conversations: [] } });
    const confirm = parts.getByRole('button', { name: 'Withhold these parts' });
    await confirm.click();
    await parts.getByText('Another decision was saved meanwhile', { exact: false }).waitFor();
    await parts.locator('label', { hasText: 'Campaigns' }).locator('input:checked').waitFor();
    expect(await parts.getByLabel('Why?').inputValue()).toBe(reason);
    await confirm.click();
    await parts.waitFor({ state: 'detached' });
    expect((await request.details()).decision?.rightsOfOthers?.kinds.toSorted()).toEqual([
      ...['campaigns', 'notes'],
    ]);
    console().complaints.length = 0;
  });

  describe('the other actions', () => {
    it('extends the period with the new last day and the letter in the person’s language', async () => {
      const request = await TestRequest.in(console().app, 'exporting', {
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
    });

    it('refuses only with what the person is told, and says so in their rights', async () => {
      const request = await TestRequest.in(console().app, 'exporting', {
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
    });

    it('withholds parts, cancels, retries, releases again and checks a mandate', async () => {
      const request = await TestRequest.in(console().app, 'exporting', {
        details: { ticketId: 'PRIV-PARTS' },
      });
      const page = await open(request);
      const ids = [randomUUID(), randomUUID()];
      const parts = await ask(page, 'Withhold parts…', 'Withhold parts for the rights of others?');
      await parts.getByLabel('Notes', { exact: true }).check();
      await parts.getByLabel('Why?').fill(reason);
      await parts.getByRole('button', { name: 'Withhold these parts' }).click();
      await parts.waitFor({ state: 'detached' });
      expect((await request.details()).decision?.rightsOfOthers?.kinds).toEqual(['notes']);
      // What is withheld already is in the form: saving it takes its place.
      await ask(page, 'Withhold parts…', 'Withhold parts for the rights of others?');
      await parts.getByLabel('Campaigns').waitFor();
      expect(await parts.getByLabel('Notes', { exact: true }).isChecked()).toBe(true);
      await parts.getByLabel('Campaigns').check();
      await parts.getByLabel('Single conversations').fill(ids.join('\n'));
      await parts.getByLabel('Why?').fill(reason);
      await parts.getByRole('button', { name: 'Withhold these parts' }).click();
      await parts.waitFor({ state: 'detached' });
      expect((await request.details()).decision?.rightsOfOthers).toEqual({
        kinds: ['notes', 'campaigns'],
        conversations: ids,
      });
      await ask(page, 'Withhold parts…', 'Withhold parts for the rights of others?');
      await parts.getByLabel('Campaigns').waitFor();
      expect(await parts.getByLabel('Single conversations').inputValue()).toBe(ids.join('\n'));
      // The form begins with the kinds, which come with the answer.
      await parts.getByLabel('Recordings of calls').and(page.locator(':focus')).waitFor();
      await parts.getByRole('button', { name: 'Change nothing' }).click();
      await parts.waitFor({ state: 'detached' });
      const cancel = await ask(page, 'Cancel the request…', 'Cancel this request?');
      await cancel.getByLabel('Why?').fill(reason);
      await cancel.getByRole('button', { name: 'Cancel the request' }).click();
      await cancel.waitFor({ state: 'detached' });
      expect((await request.record()).state).toBe('cancelled');

      const again = await TestRequest.in(console().app, 'failed', {
        details: { ticketId: 'PRIV-AGAIN' },
      });
      await goTo(page, `#/${again.id}`);
      const retry = await ask(page, 'Retry…', 'Retry this request?');
      await retry.getByLabel('Why?').fill(reason);
      await retry.getByRole('button', { name: 'Retry now' }).click();
      await retry.waitFor({ state: 'detached' });
      expect((await again.record()).state).toBe('exporting');

      const there = await TestRequest.in(console().app, 'available', {
        details: { ticketId: 'PRIV-THERE' },
      });
      await there.move('delivered');
      await goTo(page, `#/${there.id}`);
      const release = await ask(page, 'Release again…', 'Release this package again?');
      await release.getByLabel('Why?').fill(reason);
      await release.getByRole('button', { name: 'Release again' }).click();
      await release.waitFor({ state: 'detached' });
      expect((await there.record()).state).toBe('available');
      // A copy is out, whatever is released after it.
      const recall = await ask(page, 'Recall the package…', 'Recall this package?');
      await recall.getByText('One copy is already out.').waitFor();
      await recall.getByRole('button', { name: 'Keep the package' }).click();
      await recall.waitFor({ state: 'detached' });

      const acted = await TestRequest.in(console().app, 'needsDecision', {
        details: { ticketId: 'PRIV-MANDATE', requester: { email: 'rep@mail.example', name: null } },
        record: { reason: 'mandateUnchecked', requester: { capacity: 'guardian', mandate: null } },
      });
      await goTo(page, `#/${acted.id}`);
      const mandate = await ask(page, 'Confirm the mandate…', 'Have you checked the mandate?');
      await mandate.getByLabel('Mandate').selectOption('guardianship');
      await mandate.getByLabel('Why?').fill(reason);
      await mandate.getByRole('button', { name: 'Confirm the mandate' }).click();
      await mandate.waitFor({ state: 'detached' });
      expect((await acted.record()).requester?.mandate).toBe('guardianship');
    });
  });
});
