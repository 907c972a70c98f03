import { violations } from '../helpers/browser';
import {
  describeConsole,
  hold,
  reason,
  reasonIn,
  refreshed,
  withDoubtful,
  withTwoCandidates,
} from '../helpers/console-tests';
import { decisionCalls, unknownId } from '../helpers/decision-calls';
import { TestRequest } from '../helpers/http-requests';
import { eventually } from '../helpers/eventually';

describeConsole('a decision that an officer has begun', ({ console, open }) => {
  const { decide } = decisionCalls(() => console().app);
  it('stays in the form on the person when conversations are saved', async () => {
    const [request, ids] = await withDoubtful(console(), 'PRIV-BOTH');
    const page = await open(request, 'decision');
    await page.locator('.who-again > summary').click();
    const who = page.locator('.who');
    await who.getByText('In person', { exact: true }).click();
    await reasonIn(page, '.who').fill('Has no phone.');
    await page.locator('.conversations tbody tr').first().getByText('Include').click();
    await reasonIn(page, '.doubtful').fill(reason);
    await page.getByRole('button', { name: 'Save, decide later' }).click();
    await page.locator('.doubtful .save-bar').getByText('Saved at').waitFor();
    expect(await reasonIn(page, '.who').inputValue()).toBe('Has no phone.');
    // Of two forms on a page each says what it saves, and none has its heading twice.
    expect(await page.getByText('Who made this request?').count()).toBe(1);
    await who.getByRole('button', { name: 'Save who made the request' }).click();
    await eventually('the second save', async () => {
      const { decision } = await request.details();
      return decision?.method === 'officer';
    });
    expect((await request.details()).decision?.conversations).toMatchObject({
      [String(ids[0])]: { verdict: 'include' },
    });
    // Only the region of the page tells that it is saved, and when.
    expect(await who.locator('[aria-live]').allInnerTexts()).not.toContainEqual(
      expect.stringContaining('Saved'),
    );
  });

  describe('while another officer decides', () => {
    const overtaken = 'Another decision was saved meanwhile, so yours wasn’t.';

    it('is not saved over what they have decided, which is shown, until it is saved again', async () => {
      const [request, one, other] = await withTwoCandidates(console(), 'PRIV-TWO');
      const page = await open(request, 'decision');
      await page.locator('.compare input').first().check();
      await reasonIn(page, '.who').fill(reason);
      expect((await decide(request, { contactIds: [other.id], method: 'officer' })).status).toBe(
        200,
      );
      await page.getByRole('button', { name: 'Save the decision' }).click();
      const decided = page.getByRole('region', { name: 'What was decided' });
      await decided.getByText('Contact B', { exact: true }).waitFor();
      await page.getByText(overtaken, { exact: false }).waitFor();
      expect((await request.details()).decision?.contactIds).toEqual([other.id]);
      await decided.getByRole('button', { name: 'Change the decision' }).click();
      expect(await page.locator('.compare input').first().isChecked()).toBe(true);
      await page.getByRole('button', { name: 'Save the decision' }).click();
      await page.getByText('Decision saved.').waitFor({ state: 'attached' });
      expect((await request.details()).decision?.contactIds).toEqual([one.id]);
      expect(await page.getByText(overtaken, { exact: false }).count()).toBe(0);
      console().complaints.length = 0;
    });

    it('is refused also where the page has read theirs by itself, and says so where it is saved', async () => {
      const [request, ids] = await withDoubtful(console(), 'PRIV-THREE');
      const page = await open(request, 'decision');
      const first = page.locator('.conversations tbody tr').first();
      await first.getByText('Include').click();
      await reasonIn(page, '.doubtful').fill(reason);
      const [conversationId = ''] = ids;
      const theirs = { conversations: [{ conversationId, verdict: 'withhold' }] };
      expect((await decide(request, theirs)).status).toBe(200);
      const read = page.waitForResponse(/\/decision$/);
      await page.clock.fastForward(refreshed * 1000);
      await (await read).finished();
      await page.getByRole('button', { name: 'Save, decide later' }).click();
      const bar = page.locator('.doubtful .save-bar');
      await bar.getByText(overtaken, { exact: false }).waitFor();
      await page.getByRole('region', { name: 'What was decided' }).waitFor();
      const verdict = async () =>
        (await request.details()).decision?.conversations[conversationId]?.verdict;
      expect(await verdict()).toBe('withhold');
      await page.getByRole('button', { name: 'Save, decide later' }).click();
      await bar.getByText('Saved at').waitFor();
      expect(await verdict()).toBe('include');
      console().complaints.length = 0;
    });
  });

  it('is left as it was only while nothing of it is being saved', async () => {
    const [request] = await withTwoCandidates(console(), 'PRIV-SAVING');
    const page = await open(request, 'decision');
    await page.locator('.compare input').first().check();
    await reasonIn(page, '.who').fill(reason);
    await page.getByRole('button', { name: 'Save the decision' }).click();
    await page.getByRole('button', { name: 'Change the decision' }).click();
    await page.locator('.who').getByText('In person', { exact: true }).click();
    await reasonIn(page, '.who').fill('Has no phone.');
    const keep = page.getByRole('button', { name: 'Change nothing' });
    expect(await keep.isEnabled()).toBe(true);
    const letGo = await hold(page, '**/decision', 'POST');
    await page.getByRole('button', { name: 'Save the decision' }).click();
    await page.locator('.who [aria-busy="true"]').waitFor();
    expect(await keep.isEnabled()).toBe(false);
    await letGo();
    await page.getByRole('region', { name: 'What was decided' }).waitFor();
    expect((await request.details()).decision?.method).toBe('officer');
  });

  it('stays while its officer looks at another tab of the request', async () => {
    const [request] = await withDoubtful(console(), 'PRIV-TABS');
    const page = await open(request, 'decision');
    await page.locator('.conversations tbody tr').first().getByText('Include').click();
    await reasonIn(page, '.doubtful').fill(reason);
    await page.locator('.who-again > summary').click();
    await page.locator('.who').getByText('In person', { exact: true }).click();
    await page.locator('.tabs').getByRole('link', { name: 'Messages' }).click();
    await page.locator('.doubtful').waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByText('1 included', { exact: false }).first().waitFor();
    expect(await reasonIn(page, '.doubtful').inputValue()).toBe(reason);
    await page.locator('.who-again > summary').click();
    await page.getByText('An officer confirms who they are.').waitFor();
  });

  it('is not shown as decided once its form is closed', async () => {
    const [request] = await withDoubtful(console(), 'PRIV-CLOSED');
    const page = await open(request, 'decision');
    await page.locator('.who-again > summary').click();
    const method = page.locator('.card.method');
    await method.getByText('In person', { exact: true }).click();
    await method.getByText('An officer checks who they are', { exact: false }).waitFor();
    await reasonIn(page, '.doubtful').fill(reason);
    await page.getByRole('button', { name: /^Save and/ }).click();
    await page.getByRole('region', { name: 'What was decided' }).waitFor();
    await method.getByText('A code by text message, an app', { exact: false }).waitFor();
  });

  it('stays while the state of the request changes', async () => {
    const request = await TestRequest.in(console().app, 'identifying', {
      details: { ticketId: 'PRIV-MOVES' },
    });
    const page = await open(request, 'decision');
    await page.getByRole('button', { name: 'Decide without being asked' }).click();
    await page.locator('.who').getByText('In person', { exact: true }).click();
    await reasonIn(page, '.who').fill('Has no phone.');
    await request.storeDoubtful();
    await request.move('exporting');
    await page.clock.fastForward(refreshed * 1000);
    await page.locator('.request-head').getByText('Collecting').waitFor();
    // By now there are conversations as well; their form is another one.
    await page.locator('.doubtful').waitFor();
    await page.locator('.who-again > summary').click();
    expect(await reasonIn(page, '.who').inputValue()).toBe('Has no phone.');
    expect(await page.locator('.who').getByLabel('In person', { exact: true }).isChecked()).toBe(
      true,
    );
  });

  it('begins with the contact that is clear, and says which mailbox is invited', async () => {
    const request = await TestRequest.in(console().app, 'needsDecision', {
      details: { ticketId: 'PRIV-CLEAR' },
      record: { reason: 'noAuthenticationMethod' },
    });
    const page = await open(request, 'decision');
    await page
      .getByText('You choose contact A, and this proof: Code, app or login on file.')
      .waitFor();
    // The request gives no name, so none is compared.
    const names = page.getByRole('row', { name: /^Name/ }).getByRole('cell');
    expect((await names.allInnerTexts())[0]).toBe('No name given');
    expect(await names.locator('.mark-of').count()).toBe(0);
    const invited = 'An invitation goes by email to: Mailbox z•••@m•••.example.';
    await page.getByText(invited, { exact: false }).waitFor();
    await page.locator('details.others > summary').click();
    const mailbox = page.getByRole('region', { name: /^Mailbox/ });
    await mailbox.getByText('Don’t search it').click();
    await page.getByText('There’s no mailbox to send an invitation to.').waitFor();
  });

  it('without the contact that was chosen is not saved as if that were still meant', async () => {
    const request = await TestRequest.in(console().app, 'needsDecision', {
      details: { ticketId: 'PRIV-NOBODY' },
      record: { reason: 'noAuthenticationMethod' },
    });
    const page = await open(request, 'decision');
    await page.locator('.compare input').first().uncheck();
    await page.locator('.who').getByText('In person', { exact: true }).click();
    await reasonIn(page, '.who').fill(reason);
    await page.getByRole('button', { name: 'Save the decision' }).click();
    await page.getByText('Choose a contact first.').waitFor();
    expect((await request.details()).decision).toBeNull();
  });

  it('compares a contact that is chosen, however many match', async () => {
    const person = (await TestRequest.in(console().app, 'needsDecision')).person.contact;
    const candidates = [1, 2, 3, 4].map((number) => ({
      ...person,
      id: unknownId.replace(/0$/, String(number)),
    }));
    const request = await TestRequest.in(console().app, 'needsDecision', {
      details: {
        ticketId: 'PRIV-FOUR',
        contactMatches: { candidates, shared: [], isPartial: false, isNearMatch: false },
      },
    });
    await decide(request, { contactIds: [candidates[3]?.id] });
    const page = await open(request, 'decision');
    await page.locator('.who-again > summary').click();
    expect(await page.locator('.compare thead label').allInnerTexts()).toEqual(
      ['A', 'B', 'C', 'D'].map((letter) => `Contact ${letter}`),
    );
  });

  it('says whether the person has confirmed who they are, and speaks of no invitation once they have', async () => {
    const verifiedAt = '2026-01-02T03:04:00.000Z';
    const request = await TestRequest.in(console().app, 'exporting', {
      details: { ticketId: 'PRIV-PROVEN' },
      record: { verifiedAt, verifiedBy: 'sms' },
    });
    const page = await open(request, 'decision');
    await page.getByRole('button', { name: 'Decide without being asked' }).click();
    const proven = /They confirmed who they are on .*2026.* \(text message\)\./;
    await page.locator('.who .save-bar').getByText(proven).waitFor();
    expect(await page.getByText('An invitation goes by email to', { exact: false }).count()).toBe(
      0,
    );
    await decide(request, { method: 'officer' });
    await page.clock.fastForward(refreshed * 1000);
    await page.getByRole('button', { name: 'Change nothing' }).click();
    await page.getByRole('region', { name: 'What was decided' }).getByText(proven).waitFor();
    // Whoever approves a hand-over sees it as well.
    await page.evaluate(`location.hash = '#/${request.id}/delivery'`);
    const step = page.locator('.hand-over li').first();
    await step.getByText(proven).waitFor();
    await step.getByText('No officer has checked who the person is.', { exact: false }).waitFor();
    await step.getByText('Proof: In person', { exact: true }).waitFor();
  });

  it('says that the person has been invited, and has not confirmed who they are', async () => {
    const request = await TestRequest.in(console().app, 'awaitingVerification', {
      details: { ticketId: 'PRIV-INVITED' },
    });
    const page = await open(request, 'decision');
    await page.getByRole('button', { name: 'Decide without being asked' }).click();
    const bar = page.locator('.who .save-bar');
    await bar.getByText('They haven’t confirmed who they are yet.', { exact: false }).waitFor();
    expect(await bar.getByText('An invitation goes', { exact: false }).count()).toBe(0);
  });

  it('is offered only what the server would take', async () => {
    const [request] = await withTwoCandidates(console(), 'PRIV-METHODS');
    const page = await console().signedIn('#/check');
    await page.route('**/decision', async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, methods: ['officer'] } });
    });
    await page.evaluate(`location.hash = '#/${request.id}/decision'`);
    const method = page.locator('.card.method');
    await method.waitFor();
    expect(await method.locator('label').allInnerTexts()).toEqual([
      'Code, app or login on file',
      'In person',
    ]);
    expect(await violations(page)).toEqual([]);
  });
});
