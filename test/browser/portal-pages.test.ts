import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Browser, Page, Request } from 'playwright-core';
import type { Reply } from '../../local/page-server';
import { brandAccents } from '../../src/core/brand-colours';
import { endStates } from '../../src/core/request/states';
import {
  describeInBrowser,
  startBrowser,
  violations,
  violationsOfColour,
} from '../helpers/browser';
import { eventually } from '../helpers/eventually';
import { blue, ended, Pages, progress, ready, verify } from '../helpers/portal-pages';

describeInBrowser('the pages of the portal', () => {
  let browser: Browser;
  let served: Pages;
  let page: Page;
  const refused: string[] = [];
  const viewport = { width: 390, height: 844 };
  // The portal's page stores nothing: each test loads it anew, which is a third of the work of a page of its own.
  beforeAll(async () => {
    [browser, served] = await Promise.all([startBrowser(), Pages.start()]);
    const context = await browser.newContext({
      ...{ viewport, locale: 'en-GB', timezoneId: 'Europe/Berlin' },
    });
    page = await context.newPage();
    // What the server refuses is noted by the browser itself.
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of \d+|ERR_/.test(message.text()))
        refused.push(message.text());
    });
    page.on('pageerror', (error) => refused.push(error.message));
    await page.clock.install();
  });
  afterEach(async () => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: null });
    served.calls.length = 0;
    served.colour = blue;
    expect(refused.splice(0)).toEqual([]);
  });
  afterAll(() => served.stop());

  const showing = async (view: object, at = '2026-11-28T12:00:00.000Z'): Promise<void> => {
    served.api = () => ({ status: 200, body: view });
    // Timers run, and the time of day stands still until a test sets another: it depends on no machine's pace.
    await page.clock.setFixedTime(at);
    await page.goto(`${served.url}/portal`);
    await page.locator('h1').waitFor();
  };
  const main = (): Promise<string> => page.locator('main').innerText();
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();

  it.each<[string, object]>([
    ['verify', verify],
    ['locked', { ...verify, lockedUntil: { sms: '2026-11-29T10:00:00.000Z' } }],
    ['progress', progress],
    ['ready', ready],
    ...endStates.map((state): [string, object] => [state, ended(state)]),
  ])(
    'have nothing that axe finds wrong, nor a sideways scroll, in light and in dark: %s',
    async (_name, view) => {
      await showing(view);
      for (const details of await page.locator('summary').all()) await details.click();
      // 320 and 640 are what 1280 pixels are at 400 and 200 %.
      for (const width of [320, 640, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([width, overflow]).toEqual([width, 0]);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violationsOfColour(page)).toEqual([]);
    },
  );

  it.each(['#e2001a', '#6a5300', '#000000'])(
    'show the controller’s colour, by day and at night: %s',
    async (colour) => {
      served.colour = colour;
      const shown: string[] = [];
      await showing(ready);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const style = `getComputedStyle(document.querySelector('.button.primary')).backgroundColor`;
        shown.push(await page.evaluate<string>(style));
        expect(await violationsOfColour(page)).toEqual([]);
      }
      const { day, night } = brandAccents(colour);
      const rgb = (hex: string): string =>
        `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
      expect(shown).toEqual([rgb(day.accent), rgb(night.accent)]);
    },
  );

  it('say what is in the package in the words of its report', async () => {
    const kind = { about: 'kind', kind: 'transcript', exported: 91, of: 175 };
    const missing = [{ reason: 'noTranscript', count: 84 }];
    const all = { about: 'kind', kind: 'conversation', exported: 200, of: 200, missing: [] };
    const complaint = { about: 'complaint', contact: 'privacy@shop.example', authority: null };
    await showing({ ...ready, statements: [all, { ...kind, missing }, complaint] });
    await page.getByText('What’s in it, and what’s missing').click();
    const text = await page.locator('details[open]').innerText();
    expect(text).toContain('All 200 conversations, with gaps in one kind of data');
    expect(text).toMatch(/Transcripts\s+91 of 175 recordings/);
    expect(text).toContain('84 recordings. The contact centre never wrote down what was said.');
    expect(text).toMatch(/Conversations\s+all 200 conversations/);
    expect(text).toMatch(/What you can do[^]*privacy@shop.example/);
    expect(await violations(page)).toEqual([]);
  });

  it('send another code after a minute, and say until when not', async () => {
    await showing(verify);
    served.api = () => ({ status: 202, body: { isQueued: false } });
    await press('Send the code');
    await page.getByText('I haven’t received a text message').click();
    const again = page.getByRole('button', { name: 'Send another code' });
    expect(await again.isDisabled()).toBe(true);
    await page.getByText('You can ask for another code in 60 seconds.').waitFor();
    await page.clock.setFixedTime('2026-11-28T12:00:59.000Z');
    await page.getByText('You can ask for another code in 1 second.').waitFor();
    expect(await again.isDisabled()).toBe(true);
    await page.clock.setFixedTime('2026-11-28T12:01:00.000Z');
    await again.click();
    // The form of the other code begins closed.
    await page
      .locator('details:not([open]) > summary', { hasText: 'I haven’t received a text message' })
      .click();
    await page.getByText(/in \d+ seconds/).waitFor();
    expect(served.calls.filter((call) => call === 'code')).toHaveLength(2);
  });

  it('ask the server for nothing while a code is not whole', async () => {
    await showing({ ...verify, isCodeSent: true });
    for (const [typed, said] of [
      ['', 'You haven’t entered a code'],
      ['4821 09', 'That isn’t a whole code'],
    ] as const) {
      await page.getByLabel('Code from the text message').fill(typed);
      await press('Continue');
      await page.getByRole('alert').filter({ hasText: said }).waitFor();
    }
    expect(served.calls).not.toContain('verify');
    expect(await page.title()).toContain('Check your phone');
  });

  it('say when no more codes are taken, until when, and lead to the other ways', async () => {
    await showing({ ...verify, isCodeSent: true });
    const until = '2026-11-29T13:30:00.000Z';
    served.api = () => ({ status: 429, body: { code: 'lockedOut', lockedUntil: until } });
    await page.getByLabel('Code from the text message').fill('48210937');
    await press('Continue');
    await page.getByRole('heading', { name: 'Too many wrong codes' }).waitFor();
    expect(await main()).toContain('You can try again from 29 November 2026 at 14:30.');
    expect(await main()).toContain('privacy@shop.example');
    await press('Confirm in another way');
    await press('Authenticator app');
    await page.getByLabel('Code from the app').waitFor();
  });

  it.each([
    [503, 'storageUnavailable'],
    [429, 'tooManyRequests'],
  ])(
    'keep what they knew while the server answers by %d, and say since when',
    async (status, code) => {
      await showing(progress);
      expect(await main()).toContain('About 9 minutes left');
      expect(await main()).toMatch(/148 of 200[\s\S]*119 of 175[\s\S]*Emails\s+30/);
      served.api = () => ({ status, body: { code } });
      await page.clock.runFor(3000);
      await page.getByText('We can’t reach the server.').waitFor();
      expect(await main()).toMatch(/from 13:00/);
      expect(await main()).toContain('148 of 200');
      // It is asked again after every failure, and not only after the first one.
      const failed = served.calls.length;
      await eventually('further questions', async () => {
        await page.clock.runFor(3000);
        return served.calls.length >= failed + 3;
      });
      expect(await main()).toMatch(/from 13:00/);
      served.api = () => ({ status: 200, body: { ...progress, timeLeft: { kind: 'unknown' } } });
      await page.clock.runFor(3000);
      await page.getByText('We can’t say yet how long this will take').waitFor();
      expect(await main()).not.toContain('We can’t reach the server.');
    },
  );

  it('take back a time that was not kept', async () => {
    await showing({ ...progress, timeLeft: { kind: 'about', minutes: 1 } });
    await page.getByText('About 1 minute left').waitFor();
    await page.clock.setFixedTime('2026-11-28T12:02:01.000Z');
    served.api = () => ({ status: 200, body: progress });
    await page.clock.runFor(3000);
    await page.getByText('It’s taking longer than we thought').waitFor();
  });

  it('warn in the last day, and tell of the end when it comes while they are open', async () => {
    await showing(ready);
    expect(await page.locator('.until').getAttribute('class')).toBe('until');
    expect(await main()).toMatch(/Available until Wednesday,? 2 December 2026, 14:15\./);
    await showing(ready, '2026-12-01T13:15:00.000Z');
    expect(await page.locator('.until').getAttribute('class')).toBe('until warn');
    served.api = () => ({ status: 401, body: { code: 'sessionEnded' } });
    await page.clock.setFixedTime('2026-12-02T13:15:00.000Z');
    await press('Show the passphrase');
    await page.getByRole('heading', { name: 'Your data is no longer available' }).waitFor();
    expect(await main()).toContain('PRIV-1');
  });

  it('tell of the end by the law of the request, also where the page finds it by itself', async () => {
    await showing({ ...ready, law: 'ccpa' });
    served.api = () => ({ status: 401, body: { code: 'sessionEnded' } });
    await page.clock.setFixedTime('2026-12-02T13:15:00.000Z');
    await press('Show the passphrase');
    await page.getByRole('heading', { name: 'Your data is no longer available' }).waitFor();
    const complain = page.locator('a[href="https://cppa.ca.gov/webapplications/complaint"]');
    expect(await complain.count()).toBe(1);
  });

  it('lead to what is wrong with a code each time, and leave the focus where it is otherwise', async () => {
    await showing({ ...verify, isCodeSent: true });
    const summary = page.getByRole('alert').filter({ hasText: 'That isn’t a whole code' });
    const isFocused = async (): Promise<boolean> =>
      (await summary.and(page.locator(':focus')).count()) === 1;
    await page.getByLabel('Code from the text message').fill('4821');
    for (const time of [1, 2]) {
      await page.getByLabel('Code from the text message').press('Enter');
      await eventually(`the focus, ${time}`, isFocused);
      await page.getByLabel('Code from the text message').focus();
    }
    const language = page.locator('select');
    await language.focus();
    await language.selectOption('de');
    await page.getByText('Der Code ist nicht vollständig').first().waitFor();
    // What would take the focus does so after the page was drawn.
    await page.clock.runFor(200);
    await page.locator('select:focus').waitFor();
  });

  it('say once, where it belongs, what went wrong', async () => {
    await showing(ready);
    await page.getByText('Use an authenticator app next time').click();
    served.api = () => ({ status: 503, body: { code: 'storageUnavailable' } });
    await press('Set up an app');
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.locator('details').getByRole('alert').innerText()).toContain(
      'We can’t do this right now.',
    );
  });

  it('ask the server for nothing while the first code of an app is not whole, nor twice', async () => {
    await showing(ready);
    await page.getByText('Use an authenticator app next time').click();
    served.api = () => ({ status: 200, body: { secret: 'ABCDEFGH', uri: 'otpauth://totp/x' } });
    await press('Set up an app');
    const field = page.getByLabel('Code from the app');
    for (const [typed, said] of [
      ['', 'You haven’t entered a code'],
      ['123 45', 'Enter all 6 digits'],
      // A recovery code is none of the app that is being set up.
      ['abcde-fghjk', 'Enter all 6 digits'],
    ] as const) {
      await field.fill(typed);
      await press('Confirm');
      await page.getByText(said).first().waitFor();
      // What is wrong takes the focus each time: until it has, a key may not be the field's.
      await page.locator('.error-summary:focus').waitFor();
    }
    expect(served.calls).not.toContain('app/confirm');
    let answer = (_reply: Reply): void => undefined;
    served.api = () => new Promise<Reply>((done) => (answer = done));
    await field.fill('123-456');
    await field.press('Enter');
    await field.press('Enter');
    await eventually('the question', () => Promise.resolve(served.calls.includes('app/confirm')));
    answer({ status: 200, body: { recoveryCodes: ['ABCDEFGHJK'] } });
    await page.getByText('Recovery codes').waitFor();
    expect(served.calls.filter((call) => call === 'app/confirm')).toHaveLength(1);
  });

  it('say why a request was refused, by which law, and what to do', async () => {
    await showing(ended('refused', { explanation: 'This is the fifth in two months.' }));
    const text = await main();
    expect(text).toContain('repeat others too often (Art. 12(5) GDPR).');
    expect(text).toContain('This is the fifth in two months.');
    expect(text).toMatch(/What you can do[\s\S]*privacy@shop.example[\s\S]*Go to court/);
    expect(await page.getByRole('link', { name: 'Find the one for you' }).count()).toBe(1);
  });

  it('say what was searched for, and where, when nothing was found', async () => {
    await showing(ended('noDataFound'));
    const text = await main();
    expect(text).toContain('the phone number ending in 12 and the email address p•••@m•••.example');
    expect(text).toContain('from November 2021 to November 2026');
    const again = page.getByRole('link', { name: 'Ask with another number' });
    expect(await again.getAttribute('href')).toBe('/portal/request');
  });

  it('speak the language that is chosen, and load no other before', async () => {
    const loaded: string[] = [];
    const note = (request: Request): void => {
      const tag = /languages\/(\w+)$/.exec(request.url())?.[1];
      if (tag !== undefined) loaded.push(tag);
    };
    page.on('request', note);
    await showing(verify);
    expect(loaded).toEqual(['en']);
    await page.getByLabel('Language').selectOption('fr');
    await page.getByRole('heading', { name: 'Confirmez que c’est bien vous' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    expect(loaded).toEqual(['en', 'fr']);
    page.off('request', note);
  });
});

describeInBrowser('the page on which people ask for their data', () => {
  let browser: Browser;
  let served: Pages;
  let page: Page;
  const refused: string[] = [];
  const secrets = { hmacSignatureSecret: 'one', hmacKeySignatureSecret: 'other' };
  let sent: { solution: string; [field: string]: unknown }[];
  /** What the next answers to what is sent are. */
  let answers: Reply[];

  beforeAll(async () => {
    [browser, served] = await Promise.all([startBrowser(), Pages.start()]);
    served.api = async (path, body) => {
      if (path === 'intake/puzzle')
        return {
          status: 200,
          body: await createChallenge({
            algorithm: 'PBKDF2/SHA-256',
            cost: 1000,
            counter: 50,
            deriveKey,
            ...secrets,
          }),
        };
      sent.push(JSON.parse(body) as (typeof sent)[number]);
      return answers.shift() ?? { status: 202, body: { reference: '7K4MX-92QDA' } };
    };
    // The page stores nothing: each test loads it anew.
    page = await browser.newPage({
      viewport: { width: 390, height: 844 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of \d+/.test(message.text()))
        refused.push(message.text());
    });
    page.on('pageerror', (error) => refused.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url)) refused.push(request.url());
    });
  });
  beforeEach(async () => {
    sent = [];
    answers = [];
    served.calls.length = 0;
    await page.goto(`${served.url}/portal/request`);
    await page.getByRole('heading', { name: 'Ask for your data' }).waitFor();
  });
  afterEach(() => expect(refused.splice(0)).toEqual([]));
  afterAll(() => served.stop());

  const fill = async (): Promise<void> => {
    await page.getByLabel('Your full name').fill('Maria Schneider');
    await page.getByLabel('Email address you’ve used with us').fill('maria@mail.example');
  };
  const press = (name: string) => page.getByRole('button', { name }).click();

  it('solves its puzzle in a worker from the first key on, and asks nobody else', async () => {
    expect(served.calls).toEqual([]);
    await page.getByLabel('Your full name').focus();
    await page.getByText('Checked: you’re not a robot').waitFor();
    await fill();
    await page.getByLabel('Phone number you’ve used with us').fill('+49 171 5550166');
    await press('Add another address or number');
    await page.getByLabel('Another email address or phone number').fill('m@else.example');
    expect(await violations(page)).toEqual([]);
    await press('Check your answers');
    await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('m@else.example');
    expect(await violations(page)).toEqual([]);
    await press('Send the request');
    await page.getByRole('heading', { name: 'We’ve received your request' }).waitFor();
    await page.getByText('7K4MX-92QDA').waitFor();
    expect(await violations(page)).toEqual([]);
    const [{ solution = '', ...rest } = {}] = sent;
    expect(rest).toEqual({
      name: 'Maria Schneider',
      identifiers: [
        { type: 'email', value: 'maria@mail.example' },
        { type: 'phone', value: '+49 171 5550166' },
        { type: 'email', value: 'm@else.example' },
      ],
      locale: 'en',
      timeZone: 'Europe/Berlin',
    });
    const payload = JSON.parse(Buffer.from(solution, 'base64').toString()) as Pick<
      Parameters<typeof verifySolution>[0],
      'challenge' | 'solution'
    >;
    expect(await verifySolution({ ...payload, deriveKey, ...secrets })).toMatchObject({
      verified: true,
    });
  });

  it('says what is missing before anything is sent, and leads to it', async () => {
    await press('Check your answers');
    const summary = page.getByRole('alert');
    await summary.getByRole('link', { name: 'Enter your full name' }).click();
    await page.locator('#name:focus').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('shows at its field what the server does not take', async () => {
    await fill();
    await page.getByLabel('Phone number you’ve used with us').fill('0171 5550166');
    await press('Check your answers');
    const errors = [{ pointer: '/identifiers/1/value', detail: 'is not a phone number' }];
    answers = [{ status: 400, body: { code: 'invalidBody', errors } }];
    await press('Send the request');
    await page
      .getByRole('alert')
      .getByText('Enter the phone number with its country code, like +49 30 123456')
      .waitFor();
    expect(await page.getByLabel('Your full name').inputValue()).toBe('Maria Schneider');
  });

  it('solves another puzzle by itself when the first is too old', async () => {
    await fill();
    await press('Check your answers');
    answers = [{ status: 403, body: { code: 'puzzleExpired' } }];
    await press('Send the request');
    await page.getByRole('heading', { name: 'We’ve received your request' }).waitFor();
    expect(new Set(sent.map(({ solution }) => solution)).size).toBe(2);
  });

  it('says whom to write to when a limit is reached', async () => {
    await fill();
    await press('Check your answers');
    answers = [{ status: 429, body: { code: 'intakeFull' } }];
    await press('Send the request');
    const alert = page.getByRole('alert');
    await alert.getByText('We can’t take any more requests here today.').waitFor();
    await alert.getByRole('link', { name: 'privacy@shop.example' }).waitFor();
  });
});
