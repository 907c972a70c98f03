import { withUnknownPeople, type UnknownPerson } from '../../local/genesys/no-contact';
import { countBlob, counts } from '../../src/core/package/blob-names';
import { withAnswers, type DecisionChange } from '../../src/core/subject/decision';
import type { NoContactEvidence } from '../../src/core/subject/no-contact';
import type { AppContext } from '../../src/composition/compose';
import { AppWorld } from '../helpers/app-world';
import { openPackage, storedOf } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { RequestDriver } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

const now = new Date();
const generated = withUnknownPeople(organisationOf(4, 31), { seed: 31, now });
const { organisation } = generated;
const { stranger, hidden } = generated.unknown;
const listId = '11111111-1111-4111-8111-111111111111';
/** Somebody of whom there is a row of a campaign and nothing else. */
const campaignPhone = '+4930555111222';
organisation.dialerContacts.push({
  id: '22222222-2222-4222-8222-222222222222',
  contactListId: listId,
  ownerId: '33333333-3333-4333-8333-333333333333',
  phone: campaignPhone,
  data: { name: 'Nobody', phone: campaignPhone },
});
// Only one of the stranger's numbers is in a campaign by which they could be found as well.
const rowOf = (id: string, phone: string) => ({
  id,
  contactListId: listId,
  ownerId: stranger.ownerId,
  phone,
  data: { phone },
});
organisation.dialerContacts.push(
  rowOf('44444444-4444-4444-8444-444444444444', stranger.asked.phone),
);

let world: AppWorld;
let tickets = 0;
beforeAll(async () => {
  world = await AppWorld.start({
    generated,
    settings: { CONVERSATIONS_PER_PAGE: '4', SEARCH_WINDOW_DAYS: '200' },
    simulator: { inaccessibleDivisions: [hidden.divisionId] },
  });
  startMovingTime();
}, 120_000);
afterAll(async () => {
  stopMovingTime();
  await world.stop();
});

type Given = Record<string, string>;

/** A request of somebody, as far as nobody is found. */
async function asked(identifiers: Given) {
  const driver = new RequestDriver(world, `N-${(tickets += 1)}`, {
    body: {
      identifiers: Object.entries(identifiers).map(([type, value]) => ({ type, value })),
    },
  });
  await driver.submit();
  expect((await driver.activity('resolveContact', {})).outcome).toBe('nobodyFound');
  return driver;
}

/** The same, as far as the evidence is there. */
async function counted(identifiers: Given) {
  const driver = await asked(identifiers);
  await driver.count();
  await driver.activity('gatherEvidence', {});
  const { outcome } = await driver.activity('resolveContact', {});
  return { driver, outcome };
}

const appOf = async (driver: RequestDriver): Promise<AppContext> => (await driver.present()).app;

async function recordOf(driver: RequestDriver) {
  const { ledger } = await appOf(driver);
  const record = await ledger.get(driver.requestId);
  if (record === null) throw new Error('The request is gone.');
  return record;
}

async function detailsOf(driver: RequestDriver) {
  return (await appOf(driver)).ledger.details(await recordOf(driver));
}

const key = (type: string, value: string): string => `${type}:${value}`;

/** What an officer posts. */
async function decide(driver: RequestDriver, change: DecisionChange): Promise<string> {
  const { ledger, clock } = await appOf(driver);
  await ledger.changeDetails(driver.requestId, ({ record, details }) => {
    const version = record.decisionVersion + 1;
    const at = clock.now().toISOString();
    const decision = withAnswers(details.decision, change, version, at);
    return { details: { ...details, decision }, change: { decisionVersion: version } };
  });
  return (await driver.activity('resolveContact', {})).outcome;
}

const included = (...keys: string[]): Pick<DecisionChange, 'identifiers'> => ({
  identifiers: keys.map((one) => ({ key: one, verdict: 'include' })),
});

/** Ids and addresses of everything that a person said or wrote. */
const secretsOf = ({ ownerId, asked: addresses }: UnknownPerson): string[] => [
  ...Object.values(addresses).map((address) => address.replace('+', '')),
  ...organisation.conversations
    .filter((conversation) => conversation.ownerId === ownerId)
    .flatMap(({ id, communicationId }) => [id, communicationId]),
];

const startsOf = (ids: readonly string[]): string[] =>
  organisation.conversations
    .filter(({ id }) => ids.includes(id))
    .map(({ start }) => start)
    .sort();

const evidenceOf = (identifier: string, ids: readonly string[]) => ({
  key: identifier,
  conversations: ids.length,
  from: startsOf(ids)[0] ?? null,
  to: startsOf(ids).at(-1) ?? null,
});

const { phone, email, whatsapp } = stranger.asked;
const strangersKeys = {
  phone: key('phone', phone),
  email: key('email', email),
  whatsapp: key('whatsapp', whatsapp),
};
const unused = '+4930555000111';

describe('the count of conversations of somebody without a contact', () => {
  it('is by identifier, with the first and the last time, in whatever spelling it is asked for', async () => {
    const spelled = phone.replace(/^\+49(\d{3})/, '+49 (0)$1-');
    const { driver, outcome } = await counted({
      phone: spelled,
      email: email.toUpperCase(),
      whatsapp: whatsapp.slice(1),
    });
    expect(outcome).toBe('noContact');
    const { noContact } = await detailsOf(driver);
    expect(noContact).toEqual<NoContactEvidence>({
      identifiers: [
        evidenceOf(strangersKeys.phone, stranger.conversations.phone),
        evidenceOf(strangersKeys.email, stranger.conversations.email),
        evidenceOf(strangersKeys.whatsapp, stranger.conversations.whatsapp),
      ],
      // By number, by mailbox and by WhatsApp, and a row of a campaign.
      subjects: 4,
    });
  });

  it('stores nothing else of them, neither in a blob nor in a row, and in the end no search', async () => {
    const driver = await asked({ phone, email });
    await driver.count();
    const { searches, scratch, keys } = await appOf(driver);
    const { requestId } = driver;
    const stored = await storedOf(world.storage.connectionString, requestId);
    const blobs = stored.filter((name) => name.startsWith('scratch '));
    const rows = await searches.list(requestId);
    // All blobs are counts, one for each search, and hold what is written here and nothing else.
    expect(blobs).toEqual(rows.map((row) => `scratch ${countBlob(row.key).name}`));
    const { dataKey } = await keys.unwrap((await recordOf(driver)).wrappedSecret ?? '');
    const contents = await Promise.all(
      rows.map((row) => scratch.read(requestId, countBlob(row.key), dataKey)),
    );
    for (const one of contents.flatMap((content) => content ?? []))
      expect(Object.keys(one)).toEqual(['key', 'conversations', 'from', 'to']);
    expect(rows.every(({ found, parts }) => found === 0 && parts === 0)).toBe(true);
    const text = JSON.stringify([contents, rows]);
    for (const secret of secretsOf(stranger).slice(3)) expect(text).not.toContain(secret);
    await driver.activity('gatherEvidence', {});
    expect(await searches.list(requestId)).toEqual([]);
    expect(await scratch.list(requestId, counts)).toEqual([]);
    const kinds = (await storedOf(world.storage.connectionString, requestId)).map((name) =>
      name.replace(/-?\d.*$/, ''),
    );
    expect(new Set(kinds)).toEqual(new Set(['requests custody', 'requests request']));
  });

  it('is not repeated, and not lost, when its last step runs again', async () => {
    const { driver } = await counted({ phone });
    const before = await detailsOf(driver);
    const calls = world.exchanges.length;
    await driver.activity('gatherEvidence', {});
    expect((await detailsOf(driver)).noContact).toEqual(before.noContact);
    expect(world.exchanges).toHaveLength(calls);
  });

  it('says that there is no data where nothing is held, and what was searched', async () => {
    const { driver, outcome } = await counted({ phone: unused, email: 'unused@mail.example' });
    expect(outcome).toBe('noDataFound');
    await driver.activity('cleanUp', {});
    await driver.activity('moveRequest', { to: 'noDataFound' });
    const { ledger } = await appOf(driver);
    const { entries } = await ledger.custody(driver.requestId);
    const { searched } = await recordOf(driver);
    expect(entries.find(({ event }) => event === 'conversationsCounted')?.detail).toEqual({
      identifiers: 2,
      withConversations: 0,
      dataSubjects: 0,
      ...searched,
    });
  });

  it('does not say so where the source names a data subject, or cannot be asked for one', async () => {
    const inCampaign = await counted({ phone: campaignPhone });
    expect(inCampaign.outcome).toBe('noContact');
    expect((await detailsOf(inCampaign.driver)).noContact?.subjects).toBe(1);
    const line = await counted({ line: 'U0000000000000' });
    expect(line.outcome).toBe('noDataFound');
    expect((await detailsOf(line.driver)).noContact?.subjects).toBeNull();
  });

  it('is not made where a division is declared and not seen', async () => {
    const driver = await asked({ phone: hidden.asked.phone });
    const { organisations } = await appOf(driver);
    const [main] = organisations.values();
    const declared = new Map([['sales', hidden.contact.id]]);
    Object.assign(main ?? {}, { divisionContacts: declared });
    await expect(driver.count()).rejects.toThrow('sourceDivisionInaccessible');
    expect((await detailsOf(driver)).noContact).toBeUndefined();
    Object.assign(main ?? {}, { divisionContacts: new Map() });
  });
});

describe('a decision on somebody without a contact', () => {
  const both = included(strangersKeys.phone, strangersKeys.email);
  const bySms = { method: 'sms', codeTo: strangersKeys.phone } as const;
  let driver: RequestDriver | undefined;

  it.each<[string, DecisionChange, string]>([
    ['names nobody', { method: 'officer' }, 'noContact'],
    [
      'leaves everything out',
      { identifiers: [{ key: strangersKeys.phone, verdict: 'withhold' }] },
      'noContact',
    ],
    ['names who is verified in person', { ...both, method: 'officer' }, 'found'],
    ['says how and not to which mailbox', { ...both, ...bySms }, 'noAuthenticationMethod'],
    ['says no method', { ...both, inviteTo: strangersKeys.email }, 'noAuthenticationMethod'],
    [
      'sends codes to a mailbox',
      { ...both, method: 'sms', codeTo: strangersKeys.email, inviteTo: strangersKeys.email },
      'noAuthenticationMethod',
    ],
    [
      'invites a number',
      { ...both, ...bySms, inviteTo: strangersKeys.phone },
      'noAuthenticationMethod',
    ],
    [
      'invites a mailbox that it does not name',
      { ...included(strangersKeys.phone), ...bySms, inviteTo: strangersKeys.email },
      'noAuthenticationMethod',
    ],
    ['says all of it', { ...both, ...bySms, inviteTo: strangersKeys.email }, 'found'],
  ])('that %s', async (_name, change, expected) => {
    // Counted once: every row begins with what was counted, and no answer.
    driver ??= (await counted({ phone, email, whatsapp: unused })).driver;
    const { ledger } = await appOf(driver);
    await ledger.changeDetails(driver.requestId, ({ details }) => ({
      details: { ...details, decision: null, contact: null },
    }));
    expect(await decide(driver, change)).toBe(expected);
    expect((await detailsOf(driver)).contact === null).toBe(expected === 'noContact');
  });

  it('cannot send codes to a number that no conversation carries', async () => {
    const { driver: other } = await counted({ phone: unused, email });
    const change = {
      ...included(key('phone', unused), strangersKeys.email),
      method: 'sms',
      codeTo: key('phone', unused),
      inviteTo: strangersKeys.email,
    } as const;
    expect(await decide(other, change)).toBe('noAuthenticationMethod');
    const { contact } = await detailsOf(other);
    expect(contact).toMatchObject({ phones: [], emails: [email] });
  });
});

/** From the decision to the package. */
async function fulfilled(driver: RequestDriver, verify: () => Promise<unknown>) {
  await driver.activity('invite', {});
  await driver.activity('moveRequest', { to: 'awaitingVerification' });
  await verify();
  await driver.export();
  const app = await appOf(driver);
  const files = await openPackage(app, driver.requestId);
  const record = await recordOf(driver);
  const items = (
    await Promise.all(
      Array.from({ length: (record.pages ?? 0) + 1 }, (_, page) =>
        app.items.list(driver.requestId, page),
      ),
    )
  ).flat();
  return { ...files, record, items };
}

describe('the export of somebody without a contact', () => {
  it('is of what a code to one number has proven, and of nothing else', async () => {
    const { driver } = await counted({ phone, email, whatsapp });
    const outcome = await decide(driver, {
      ...included(strangersKeys.phone, strangersKeys.email),
      method: 'sms',
      codeTo: strangersKeys.phone,
      inviteTo: strangersKeys.email,
    });
    expect(outcome).toBe('found');
    const calls = world.exchanges.length;
    const messages = world.inbox.messages.length;
    const { texts, items, record } = await fulfilled(driver, () => driver.proveIdentity());
    const sent = world.inbox.messages.slice(messages).map(({ kind, to }) => `${kind} ${to}`);
    expect(sent).toEqual([`email ${email}`, `sms ${phone}`]);
    const conversations = items.filter(({ kind }) => kind === 'conversation');
    const statusOf = conversations.map(({ status, reason }) => `${status} ${reason ?? ''}`).sort();
    expect(statusOf).toEqual([
      ...stranger.conversations.phone.map(() => 'exported '),
      ...stranger.conversations.email.map(() => 'withheld notVerified'),
    ]);
    for (const id of stranger.conversations.phone) expect(texts).toContain(id);
    for (const id of [...stranger.conversations.email, ...stranger.conversations.whatsapp])
      expect(texts).not.toContain(id);
    // No contact record is no failure, and nothing was asked that only a contact's id would find.
    const person = items.filter(({ conversation }) => conversation === 0);
    expect(person.map(({ kind, status, reason }) => [kind, status, reason])).toEqual([
      ['campaignContact', 'exported', null],
      ['contact', 'absent', 'noContactRecord'],
    ]);
    const paths = world.exchanges.slice(calls).map(({ path }) => path);
    expect(paths.filter((path) => path.includes('/contacts//'))).toEqual([]);
    // Rows of campaigns are asked for by what is proven alone.
    const named = world.exchanges
      .slice(calls)
      .filter(({ path }) => path.endsWith('/gdpr/subjects'))
      .map(({ query }) => query['searchValue']);
    expect(named).toContain(phone);
    expect(named).not.toContain(email);
    const audited = world.exchanges
      .slice(calls)
      .filter(({ method, path }) => method === 'POST' && path.includes('/audits/query'));
    expect(audited).toEqual([]);
    const searches = world.exchanges
      .slice(calls)
      .filter(({ path }) => path.endsWith('/conversations/details/jobs'));
    for (const { requestBody } of searches) {
      expect(JSON.stringify(requestBody)).not.toContain('ontactId');
      expect(JSON.stringify(requestBody)).not.toContain('"value":""');
    }
    expect(texts).not.toMatch(/"id": ?""/);
    expect(record.availability?.map(({ about }) => about)).toEqual(
      expect.arrayContaining(['noContactRecord', 'onlyNumberProven', 'identifiersNotSearched']),
    );
  });

  it('is of all that the officer named when they were verified in person', async () => {
    const { driver } = await counted({ phone, email });
    await decide(driver, {
      ...included(strangersKeys.phone, strangersKeys.email),
      method: 'officer',
    });
    const messages = world.inbox.messages.length;
    const { items, record } = await fulfilled(driver, async () => {
      const { ledger } = await appOf(driver);
      await ledger.note(
        driver.requestId,
        { event: 'identityChecked' },
        { verifiedAt: now.toISOString(), verifiedBy: 'officer' },
      );
    });
    expect(world.inbox.messages).toHaveLength(messages);
    const conversations = items.filter(({ kind }) => kind === 'conversation');
    expect(conversations.map(({ status }) => status)).toEqual(
      [...stranger.conversations.phone, ...stranger.conversations.email].map(() => 'exported'),
    );
    const stated = record.availability?.map(({ about }) => about);
    expect(stated).toContain('noContactRecord');
    expect(stated).not.toContain('onlyNumberProven');
  });

  it('withholds conversations of a contact in a division that is not seen, until each is answered for', async () => {
    const { phone: number } = hidden.asked;
    const { driver, outcome } = await counted({ phone: number });
    expect(outcome).toBe('noContact');
    const { noContact } = await detailsOf(driver);
    expect(noContact?.identifiers[0]?.conversations).toBe(hidden.conversations.phone.length);
    await decide(driver, { ...included(key('phone', number)), method: 'officer' });
    const [first = ''] = hidden.conversations.phone;
    await decide(driver, {
      contacts: [{ contactId: hidden.contact.id, verdict: 'withhold' }],
      conversations: [{ conversationId: first, verdict: 'include' }],
    });
    const { items } = await fulfilled(driver, async () => {
      const { ledger } = await appOf(driver);
      const verified = { verifiedAt: now.toISOString(), verifiedBy: 'officer' } as const;
      await ledger.update(driver.requestId, verified);
    });
    const conversations = items.filter(({ kind }) => kind === 'conversation');
    expect(conversations.map(({ status, reason }) => reason ?? status).sort()).toEqual([
      'exported',
      'otherContact',
      'otherContact',
    ]);
  });

  it('stays of the number that was proven when the officer names another one later', async () => {
    const { driver } = await counted({ phone, whatsapp, email });
    await decide(driver, {
      ...included(strangersKeys.phone, strangersKeys.email),
      method: 'sms',
      codeTo: strangersKeys.phone,
      inviteTo: strangersKeys.email,
    });
    const { items } = await fulfilled(driver, async () => {
      await driver.proveIdentity();
      const { ledger, clock } = await appOf(driver);
      await ledger.changeDetails(driver.requestId, ({ details }) => {
        const change: DecisionChange = {
          identifiers: [{ key: strangersKeys.phone, verdict: 'withhold' }],
          codeTo: strangersKeys.email,
        };
        const decision = withAnswers(details.decision, change, 2, clock.now().toISOString());
        const versions = { decisionVersion: 2, subjectVersion: 2 };
        return { details: { ...details, decision }, change: versions };
      });
    });
    const conversations = items.filter(({ kind }) => kind === 'conversation');
    expect(conversations.map(({ reason }) => reason)).toEqual(
      stranger.conversations.email.map(() => 'notVerified'),
    );
  });
});
