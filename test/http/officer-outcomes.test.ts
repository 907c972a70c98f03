import type { HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { officerCalls, startOfficerApp } from '../helpers/officer-actions';
import { outside } from '../helpers/outside-jest';

const { TableClient } = outside.tables;

let app: HttpApp;
beforeAll(async () => {
  app = await startOfficerApp();
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());
const { act, get, statusOf } = officerCalls(() => app);
/** Rows of a request that are read one by one while something is done. */
async function rowsRead(request: TestRequest, work: () => Promise<unknown>): Promise<unknown[]> {
  const reads = jest.spyOn(TableClient.prototype, 'getEntity');
  await work();
  const rows = reads.mock.calls.filter(([partition]) => partition === request.id);
  reads.mockRestore();
  return rows.map(([, row]) => row);
}

describe('a page about a request', () => {
  it.each([
    ['exporting', 'summary'],
    ['needsDecision', 'decision'],
    ['needsDecision', 'decision/conversations'],
    ['exporting', 'letter?letter=refused&reasonCode=excessive'],
  ] as const)('has its row read once: in %s, for %s', async (state, path) => {
    const request = await TestRequest.in(app, state);
    await request.storeDoubtful();
    const rows = await rowsRead(request, async () =>
      expect((await get(`${request.path}/${path}`)).status).toBe(200),
    );
    expect(rows).toEqual(['request']);
  });
});

/** In the form of an id, and the id of no contact. */
const unknownContact = '00000000-0000-4000-8000-000000000000';

describe('a decision', () => {
  it('names a candidate of the request', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const refused = await act(request, 'decide', { contactIds: [unknownContact] });
    expect(refused).toMatchObject({ status: 400, code: 'contactNotACandidate' });
    expect((await request.details()).decision).toBeNull();
    expect((await act(request, 'decide', { justification: undefined })).code).toBe('invalidBody');
    await act(request, 'decide');
    expect((await request.details()).decision).toEqual({
      contactIds: [request.person.contact.id],
      identifiers: {},
      contacts: {},
      conversations: {},
      method: null,
      codeTo: null,
      inviteTo: null,
      undecided: 'wait',
      at: app.clock.now().toISOString(),
    });
  });

  it('is answered after the request was read once before it and once after it', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    const rows = await rowsRead(request, async () =>
      expect((await act(request, 'decide')).status).toBe(200),
    );
    expect(rows).toEqual(['request', 'request']);
  });

  it('is by the number of the candidate in the custody record, and by no id', async () => {
    const first = { ...(await TestRequest.in(app, 'received')).person.contact };
    const request = await TestRequest.in(app, 'needsDecision');
    const { contact } = request.person;
    const contactMatches = {
      candidates: [first, contact],
      shared: [],
      isPartial: false,
      isNearMatch: false,
    };
    await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
      details: { ...details, contactMatches },
    }));
    await act(request, 'decide');
    expect((await request.entries()).at(-1)).toMatchObject({
      event: 'decided',
      detail: { candidates: '2' },
    });
    expect(JSON.stringify(await request.entries())).not.toContain(contact.id);
  });

  it('cannot change whom another contact was invited for', async () => {
    const other = { ...(await TestRequest.in(app, 'received')).person.contact };
    const at = app.clock.now().toISOString();
    for (const [state, verificationRequestedAt, expected] of [
      ['awaitingVerification', at, '409 subjectAlreadyInvited'],
      ['exporting', at, '409 subjectAlreadyInvited'],
      ['needsDecision', at, '409 subjectAlreadyInvited'],
      ['needsDecision', null, '200 undefined'],
    ] as const) {
      const request = await TestRequest.in(app, state, { record: { verificationRequestedAt } });
      const { contact } = request.person;
      const contactMatches = {
        candidates: [contact, other],
        shared: [],
        isPartial: false,
        isNearMatch: false,
      };
      await app.parts.ledger.changeDetails(request.id, ({ details }) => ({
        details: { ...details, contact, contactMatches },
      }));
      const { status, code } = await act(request, 'decide', { contactIds: [other.id] });
      expect(`${state}: ${status} ${String(code)}`).toBe(`${state}: ${expected}`);
    }
  });

  it('may let the login of the company verify the person, where there is one', async () => {
    const request = await TestRequest.in(app, 'needsDecision');
    expect((await act(request, 'decide', { method: 'oidc' })).status).toBe(200);
    expect((await request.details()).decision?.method).toBe('oidc');
  });
});

describe('a refusal', () => {
  it('keeps its reason for the person, and explains what no code says', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const without = await act(request, 'refuse', { reasonCode: 'asExplained', explanation: null });
    expect(without.body['errors']).toEqual([
      { pointer: '/explanation', detail: 'is required for this reason code' },
    ]);
    expect((await act(request, 'refuse', { reasonCode: 'holidays' })).code).toBe('invalidBody');
    const rights = await act(request, 'refuse', { reasonCode: 'rightsOfOthers' });
    expect(rights.body['errors']).toEqual([
      {
        pointer: '/reasonCode',
        detail:
          'withholds parts and refuses nothing: name them by rightsOfOthers in a decision (recital 63 GDPR)',
      },
    ]);
    await act(request, 'refuse', { reasonCode: 'asExplained', explanation: 'See § 34 BDSG.' });
    expect((await request.details()).statutoryNotices).toEqual({
      extended: null,
      refused: { code: 'asExplained', explanation: 'See § 34 BDSG.' },
    });
  });
});

describe('what is withheld for the rights of others', () => {
  const conversation = '00000000-0000-4000-8000-00000000000a';

  it('is a part of the data, and the rest goes on', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const count = (await request.entries()).length;
    const parts = { kinds: ['notes'], conversations: [conversation] };
    const given = { contactIds: undefined, rightsOfOthers: parts };
    expect((await act(request, 'decide', given)).status).toBe(200);
    expect((await request.details()).decision?.rightsOfOthers).toEqual(parts);
    expect(await request.record()).toMatchObject({ state: 'exporting', subjectVersion: 1 });
    expect(await request.events(count)).toEqual(['decided notes 1']);
    const back = { contactIds: undefined, rightsOfOthers: { kinds: ['notes'] } };
    expect((await act(request, 'decide', back)).status).toBe(200);
    expect(await request.record()).toMatchObject({ decisionVersion: 2, subjectVersion: 1 });
    const wrong = { contactIds: undefined, rightsOfOthers: { kinds: ['everything'] } };
    expect((await act(request, 'decide', wrong)).code).toBe('invalidBody');
  });
});

describe('a cancellation', () => {
  it('keeps its reason for the person, and explains what no code says', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const without = await act(request, 'cancel', { reasonCode: 'asExplained' });
    expect(without.body['errors']).toEqual([
      { pointer: '/explanation', detail: 'is required for this reason code' },
    ]);
    expect((await act(request, 'cancel', { reasonCode: undefined })).code).toBe('invalidBody');
    const explained = { reasonCode: 'asExplained', explanation: 'We met in person.' };
    expect((await act(request, 'cancel', explained)).status).toBe(200);
    expect((await request.details()).statutoryNotices.cancelled).toEqual({
      code: 'asExplained',
      explanation: 'We met in person.',
    });
  });

  it('is possible of a request whose personal part is lost', async () => {
    const request = await TestRequest.in(app, 'failed');
    await request.cleanUp();
    expect((await act(request, 'cancel')).status).toBe(200);
    expect((await request.record()).state).toBe('cancelled');
  });
});

describe('an extension', () => {
  const day = 86_400_000;

  it('is notified to the person at once, and is possible once', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const count = (await request.entries()).length;
    const { status, body } = await act(request, 'extend', { explanation: 'Ten years of calls.' });
    expect([status, body]).toEqual([200, { ...(await statusOf(request)), subjectNotified: true }]);
    expect(body['legalClock']).toMatchObject({ isExtended: true });
    expect(await request.events(count)).toEqual([
      'extended complexity',
      'messageSent extended email',
    ]);
    expect((await request.record()).extendedAt).toBe(app.clock.now().toISOString());
    const mails = app.mailbox.emails.filter(({ to }) => to === request.person.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('Ten years of calls.');
    expect(await act(request, 'extend')).toMatchObject({ status: 409, code: 'alreadyExtended' });
    expect(app.mailbox.emails.filter(({ to }) => to === request.person.email)).toHaveLength(1);
  });

  it('stands although the mail server does not accept the notice, which is sent later', async () => {
    const request = await TestRequest.in(app, 'exporting');
    app.mailbox.answer = 'notNow';
    const { status, body } = await act(request, 'extend');
    expect([status, body['subjectNotified']]).toEqual([200, false]);
    expect((await request.record()).extendedAt).not.toBeNull();
    const pending = await app.parts.outbox.pending();
    expect(pending.filter(({ requestId }) => requestId === request.id)).toMatchObject([
      { key: 'extended' },
    ]);
  });

  it.each([
    ['has no mailbox on file', { contact: { emails: [] } }, 'accepted'],
    ['has a mailbox that refuses it', {}, 'refused'],
  ] as const)(
    'asks the officer to write to a person who %s',
    async (_name, arrangement, answer) => {
      const contact = 'contact' in arrangement ? { emails: [] as string[] } : {};
      const request = await TestRequest.in(app, 'exporting', { contact });
      const before = app.mailbox.emails.length;
      if (answer === 'refused') {
        const email = app.mailbox.email.bind(app.mailbox);
        const refusing = jest.spyOn(app.mailbox, 'email').mockImplementation((message) => {
          app.mailbox.answer = message.to === request.person.email ? 'refused' : 'accepted';
          return email(message);
        });
        expect((await act(request, 'extend')).body['subjectNotified']).toBe(false);
        refusing.mockRestore();
      } else expect((await act(request, 'extend')).body['subjectNotified']).toBe(false);
      expect(app.mailbox.emails.slice(before).map(({ to }) => to)).toEqual([
        'privacy@shop.example',
      ]);
    },
  );

  it('is too late when the person can no longer be notified within a month of the receipt', async () => {
    const { extendableUntil } = (await statusOf(await TestRequest.in(app, 'exporting')))[
      'legalClock'
    ] as { extendableUntil: string };
    const receivedAt = '2026-11-23T08:00:00.000Z';
    expect(extendableUntil > receivedAt).toBe(true);
    const request = await TestRequest.in(app, 'exporting');
    app.clock.advance(Date.parse(extendableUntil) - app.clock.now().getTime() - 1);
    const last = await TestRequest.in(app, 'exporting');
    expect((await act(last, 'extend')).status).toBe(200);
    app.clock.advance(1);
    const { code, body } = await act(request, 'extend');
    expect([code, body['title']]).toEqual([
      'tooLate',
      'An extension must be notified before the period ends without it.',
    ]);
    app.clock.advance(-40 * day);
  });
});

describe('a request under another law', () => {
  it.each([
    ['ukGdpr', '2026-12-24', '2027-02-24', 'Art. 12A(3) UK GDPR'],
    ['ccpa', '2027-01-08', '2027-02-22', '§ 1798.130(a)(2)'],
  ] as const)('is due, extended and notified by %s', async (law, due, extended, cited) => {
    const request = await TestRequest.in(app, 'exporting', { law });
    const dayOf = (clock: unknown): string => (clock as { dueAt: string }).dueAt.slice(0, 10);
    const before = (await statusOf(request))['legalClock'];
    expect([dayOf(before), before]).toMatchObject([due, { law }]);
    const { body } = await act(request, 'extend');
    expect(dayOf(body['legalClock'])).toBe(extended);
    const mail = app.mailbox.emails.findLast(({ to }) => to === request.person.email);
    expect(mail?.text).toContain(cited);
    expect(mail?.text).not.toContain('12(3) GDPR');
  });
});
