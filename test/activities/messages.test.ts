import type * as Invite from '../../src/activities/invite';
import type * as RemindOfficer from '../../src/activities/remind-officer';
import { HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { createInvite } = outside.app<typeof Invite>('activities/invite');
const { createRemindOfficer } = outside.app<typeof RemindOfficer>('activities/remind-officer');

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ OFFICER_LOCALE: 'de' });
}, 60_000);
afterEach(() => jest.restoreAllMocks());
afterAll(() => app.stop());

const done = { kind: 'done', value: null };
const away = new Error('The vault does not answer.');

/** What is kept of the messages of a request. */
async function kept(request: TestRequest): Promise<object[]> {
  const { wrappedSecret } = await request.record();
  const { dataKey } = await app.parts.keys.unwrap(wrappedSecret ?? '');
  return app.parts.outbox.list(request.id, dataKey);
}

describe('a message', () => {
  it.each(['failed', 'needsDecision'] as const)(
    'to the officer goes out although the key of the request cannot be had: %s',
    async (state) => {
      const request = await TestRequest.in(app, state);
      const before = app.mailbox.emails.length;
      const vault = jest.spyOn(app.parts.keys, 'unwrap').mockRejectedValue(away);
      const remind = createRemindOfficer(app.parts);
      for (let i = 0; i < 2; i += 1) expect(await remind({ requestId: request.id })).toEqual(done);
      expect(app.mailbox.emails.slice(before)).toHaveLength(1);
      vault.mockRestore();
      expect(await kept(request)).toMatchObject([{ state: 'sent', content: null }]);
    },
  );

  it('to the officer is in their language, and kept as it was sent where the key can be had', async () => {
    const request = await TestRequest.in(app, 'failed');
    await createRemindOfficer(app.parts)({ requestId: request.id });
    const mail = app.mailbox.emails.at(-1);
    expect(mail?.subject).toBe('Eine Datenanfrage ist gescheitert');
    expect(mail?.html).toContain('<html lang="de">');
    const { subject, text } = mail ?? {};
    expect(await kept(request)).toMatchObject([{ content: { text: { subject, text } } }]);
  });

  it('to the person is kept under the key that was unwrapped for its work', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const vault = jest.spyOn(app.parts.keys, 'unwrap');
    await createInvite(app.parts)({ requestId: request.id });
    // Once for the activity, once for the personal part.
    expect(vault).toHaveBeenCalledTimes(2);
    expect(await kept(request)).toMatchObject([{ key: 'invitation', state: 'sent' }]);
  });
});
