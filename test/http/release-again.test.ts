import type * as Announce from '../../src/activities/announce';
import type * as RemindOfExpiry from '../../src/activities/remind-of-expiry';
import type * as ReadRequest from '../../src/activities/read-request';
import type { ActivityOutput } from '../../src/orchestrators/activity-types';
import type * as Sweep from '../../src/services/sweep';
import type { Orchestrations } from '../../src/ports';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { createAnnounce } = outside.app<typeof Announce>('activities/announce');
const { createRemindOfExpiry } = outside.app<typeof RemindOfExpiry>('activities/remind-of-expiry');
const { createReadRequest } = outside.app<typeof ReadRequest>('activities/read-request');
const { sweep } = outside.app<typeof Sweep>('services/sweep');

const justification = 'They have lost the file.';
const hour = 3_600_000;
const day = 24 * hour;

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start();
}, 60_000);
afterEach(() => {
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());

const release = async (request: TestRequest): Promise<Answer> =>
  read(
    await app.post(
      `${request.path}/release`,
      { justification },
      await app.bearer('Requests.Deliver'),
    ),
  );
const after = (milliseconds: number): string =>
  new Date(app.clock.now().getTime() + milliseconds).toISOString();

const announce = (request: TestRequest) => createAnnounce(app.parts)({ requestId: request.id });
const remind = (request: TestRequest) => createRemindOfExpiry(app.parts)({ requestId: request.id });
async function readOf(request: TestRequest): Promise<ActivityOutput<'readRequest'>> {
  const result = await createReadRequest(app.parts)({ requestId: request.id });
  if (result.kind !== 'done') throw new Error(result.kind);
  return result.value;
}
/** Subjects of the emails to the person. */
const mailsTo = ({ person }: TestRequest): string[] =>
  app.mailbox.emails.filter(({ to }) => to === person.email).map(({ subject }) => subject);
const ready = 'Your data from Example Mail Order is ready';
const soonDeleted = 'Your data from Example Mail Order will be deleted soon';

describe('a package that is released again', () => {
  it('is available for its whole time once more, which the custody record says', async () => {
    const request = await TestRequest.in(app, 'available');
    const before = await request.entries();
    app.clock.advance(6 * day);
    const { status, body } = await release(request);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'available', availableUntil: after(7 * day) });
    expect((await request.entries()).slice(before.length)).toMatchObject([
      { event: 'releasedAgain', detail: { hours: 168 }, at: after(0) },
    ]);
    expect(await request.record()).toMatchObject({ releases: 2, exportAttempts: 0 });
    expect(request.calls()).toEqual(['raise requestChanged']);
    app.clock.advance(-6 * day);
  });

  it('is available again after it was downloaded', async () => {
    const request = await TestRequest.in(app, 'delivered');
    const { entries } = { entries: (await request.entries()).length };
    expect((await release(request)).body).toMatchObject({ state: 'available' });
    expect((await request.entries()).slice(entries)).toMatchObject([
      { event: 'stateChanged', from: 'delivered', to: 'available' },
      { event: 'releasedAgain' },
    ]);
  });

  it('was downloaded, as officers see it, also while it is there once more', async () => {
    const request = await TestRequest.in(app, 'available');
    const headers = await app.bearer('Requests.Read');
    const openedAt = async (): Promise<unknown> =>
      (await read(await app.fetch(`${request.path}/summary`, { headers }))).body['openedAt'];
    expect(await openedAt()).toBeNull();
    await release(request);
    expect(await openedAt()).toBeNull();
    await request.move('delivered');
    const at = app.clock.now().toISOString();
    app.clock.advance(hour);
    await release(request);
    expect(await openedAt()).toBe(at);
    app.clock.advance(-hour);
  });

  it.each([
    ['has expired', 7 * day, '409 notAvailable'],
    ['is about to be deleted', 7 * day - 30_000, '409 notAvailable'],
    ['lives for another two minutes', 7 * day - 120_000, '200 undefined'],
  ])('is none that %s', async (_name, passed, expected) => {
    const request = await TestRequest.in(app, 'available');
    app.clock.advance(passed);
    const { status, code } = await release(request);
    expect(`${status} ${String(code)}`).toBe(expected);
    app.clock.advance(-passed);
  });

  it('is none of which nothing is stored', async () => {
    const request = await TestRequest.in(app, 'available');
    await app.parts.packages.delete(request.id);
    expect((await release(request)).code).toBe('notAvailable');
  });

  it.each([
    ['gdpr', '2026-12-24T00:00:00Z'],
    ['ccpa', '2027-01-08T00:00:00Z'],
  ] as const)('is none after the legal period, by %s', async (law, dueAt) => {
    const passed = Date.parse(dueAt) - app.clock.now().getTime();
    const availableUntil = after(passed + day);
    const request = await TestRequest.in(app, 'delivered', { law, record: { availableUntil } });
    const before = await request.entries();
    app.clock.advance(passed);
    expect((await release(request)).code).toBe('tooLate');
    expect(await request.entries()).toEqual(before);
    app.clock.advance(-1);
    expect((await release(request)).status).toBe(200);
    app.clock.advance(1 - passed);
  });

  it('is announced once for each release, and the sweeper makes up for a lost event', async () => {
    const request = await TestRequest.in(app, 'available');
    const notified: string[] = [];
    const orchestrations = {
      ensureFulfilment: () => Promise.resolve(),
      ensureWebhooks: () => Promise.resolve(),
      notify: (requestId: string) => Promise.resolve(void notified.push(requestId)),
    } as unknown as Orchestrations;
    await announce(request);
    await announce(request);
    expect(mailsTo(request)).toEqual([ready]);
    await sweep(app.parts, orchestrations, console);
    expect(notified).not.toContain(request.id);
    expect(await readOf(request)).toMatchObject({ isAnnounced: true });
    await release(request);
    expect(await readOf(request)).toMatchObject({ isAnnounced: false });
    await sweep(app.parts, orchestrations, console);
    expect(notified).toContain(request.id);
    await announce(request);
    await announce(request);
    expect(await readOf(request)).toMatchObject({ isAnnounced: true });
    expect(mailsTo(request)).toEqual([ready, ready]);
  });
});

describe('the reminder before the end', () => {
  it('is sent once for each release, also when its activity is repeated', async () => {
    const request = await TestRequest.in(app, 'available');
    expect((await readOf(request)).expiryReminderAt).toBe(after(6 * day));
    await remind(request);
    expect((await readOf(request)).expiryReminderAt).toBeNull();
    // As after a crash before the reminder was noted.
    await app.parts.ledger.update(request.id, { remindedRelease: 0 });
    await remind(request);
    expect(mailsTo(request)).toEqual([soonDeleted]);
    app.clock.advance(hour);
    await release(request);
    expect((await readOf(request)).expiryReminderAt).toBe(after(6 * day));
    await remind(request);
    expect(mailsTo(request)).toEqual([soonDeleted, soonDeleted]);
    app.clock.advance(-hour);
  });

  it('names the time until which the package can be had, in the zone of the person', async () => {
    const request = await TestRequest.in(app, 'available');
    await remind(request);
    const mail = app.mailbox.emails.findLast(({ to }) => to === request.person.email);
    expect(mail?.text).toContain('November 30, 2026');
    expect(mail?.text).toContain('(Europe/Berlin)');
    expect(mail?.text).toContain(`/portal#${request.token}`);
  });

  it('is not sent to somebody who has downloaded the package', async () => {
    const request = await TestRequest.in(app, 'delivered');
    expect((await readOf(request)).expiryReminderAt).toBeNull();
    await remind(request);
    expect(mailsTo(request)).toEqual([]);
  });

  it('is tried again while no mail server takes it, and given up with the package', async () => {
    const request = await TestRequest.in(app, 'available');
    app.mailbox.answer = 'notNow';
    expect(await remind(request)).toMatchObject({ kind: 'retryLater' });
    app.clock.advance(7 * day);
    expect(await remind(request)).toMatchObject({ kind: 'done' });
    app.clock.advance(-7 * day);
    expect(mailsTo(request)).toEqual([]);
  });

  it('goes to the officer who hands over, where the person has no mailbox', async () => {
    const request = await TestRequest.in(app, 'available', { contact: { emails: [] } });
    const before = app.mailbox.emails.length;
    await remind(request);
    expect(app.mailbox.emails.slice(before)).toMatchObject([
      { to: 'privacy@shop.example', subject: 'A data package is ready to hand over' },
    ]);
  });
});
