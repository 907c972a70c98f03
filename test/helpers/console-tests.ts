import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Contact } from '../../src/core/subject/contact';
import { describeInBrowser, settled, startBrowser } from './browser';
import { Console, type SignIn } from './console';
import { doubtfulConversation, newPerson, TestRequest } from './http-requests';

/** What tests of the officers' console share: one browser and one app for each file. */

/** A reason as officers give it. */
export const reason = 'Known by ticket.';

/** Seconds until the page of a request asks the server again. */
export const refreshed = 16;

export interface ConsoleTests {
  /** The app and its browser, once the tests have begun. */
  console: () => Console;
  /** The page of a request, signed in. */
  open: (request: TestRequest, tab?: string, signIn?: SignIn) => Promise<Page>;
}

/** Tests in a browser; after each of them no page may have complained. */
export function describeConsole(name: string, tests: (on: ConsoleTests) => void): void {
  describeInBrowser(name, () => {
    let browser: Browser;
    let console: Console;
    beforeAll(async () => {
      browser = await startBrowser();
      console = await Console.start(browser);
    }, 120_000);
    afterAll(() => console.stop());
    afterEach(async () => {
      expect(console.complaints.splice(0)).toEqual([]);
      await console.takeBack();
    });
    tests({
      console: () => console,
      open: (request, tab = '', signIn = {}) =>
        console.signedIn(`#/${request.id}${tab === '' ? '' : `/${tab}`}`, signIn),
    });
  });
}

/** Goes on with Tab until something has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor({ state: 'attached' });
  for (let i = 0; i < 80; i += 1) {
    if (
      await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)})`)
    )
      return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${selector}.`);
}

/** Goes on to another place of the console, once all that it shows has come. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
  await settled(page);
}

/** Chooses an action of the menu. @returns the dialog that asks before it is done */
export async function ask(page: Page, action: string, title: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.locator('.menu').getByRole('button', { name: action }).click();
  return page.getByRole('dialog', { name: title });
}

/** A request that two contacts match, who share a number. */
export async function withTwoCandidates(
  { app }: Console,
  ticketId: string,
): Promise<[TestRequest, Contact, Contact]> {
  const [one, other] = [newPerson(), newPerson()];
  const shared = one.contact.phones;
  const second = { ...other.contact, firstName: 'Max', phones: shared };
  const request = await TestRequest.in(app, 'needsDecision', {
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
}

/** A request with six of them: four by a shared number, two that carry somebody else. */
export async function withDoubtful(
  { app }: Console,
  ticketId: string,
): Promise<[TestRequest, string[], string]> {
  const request = await TestRequest.in(app, 'needsDecision', {
    details: { ticketId },
    record: { reason: 'doubtfulConversations' },
  });
  const details = await request.details();
  const contact = details.contactMatches?.candidates[0] ?? null;
  await app.parts.ledger.changeDetails(request.id, (stored) => ({
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
}

/**
 * Keeps back what a page asks for at an address.
 * @param method of the calls that are kept back
 * @returns lets them go, and keeps nothing back any more
 */
export async function hold(
  page: Page,
  address: string | RegExp,
  method: 'GET' | 'POST' = 'GET',
): Promise<() => Promise<void>> {
  let letGo = (): void => undefined;
  const until = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(address, async (route) => {
    if (route.request().method() === method) await until;
    await route.continue();
  });
  return async () => {
    letGo();
    await page.unrouteAll({ behavior: 'wait' });
  };
}

/** The field of the reason in a part of the decision. */
export const reasonIn = (page: Page, part: string): Locator =>
  page.locator(part).getByRole('textbox', { name: /^Reason/ });
