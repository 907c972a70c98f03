import type { Generated } from '../../local/genesys/generate';
import { withSharedLines } from '../../local/genesys/shared-lines';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { InboxMessage } from '../../local/inbox/inbox';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { foundOf, organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

const othersOf = ({ organisation, subject }: Generated) =>
  organisation.contacts.filter(({ id }) => id !== subject.id);

/** Ways in which another person comes near, and what the request must come to. */
const cases: {
  name: string;
  change: (generated: Generated) => void;
  body?: (generated: Generated) => Record<string, unknown>;
  reason: string;
}[] = [
  {
    name: 'a phone that two contacts share',
    change: (generated) => {
      const [phone] = generated.subject.phones;
      if (phone) othersOf(generated)[5]?.phones.push({ ...phone });
    },
    reason: 'sharedIdentifier',
  },
  {
    name: 'a mailbox that two contacts share, and that is asked for',
    change: (generated) => {
      const [email] = generated.subject.emails;
      if (email)
        othersOf(generated)[5]?.emails.push({ kind: 'otherEmail', address: email.address });
    },
    reason: 'ambiguousContact',
  },
  {
    name: 'a mailbox that differs in case only between two contacts',
    change: (generated) => {
      const address = generated.subject.emails[0]?.address.toUpperCase() ?? '';
      othersOf(generated)[5]?.emails.push({ kind: 'otherEmail', address });
    },
    reason: 'ambiguousContact',
  },
  {
    name: 'a mailbox that differs in a plus tag from the one on file',
    change: () => undefined,
    body: ({ subject }) => ({
      identifiers: [{ type: 'email', value: subject.emails[0]?.address.replace('@', '+news@') }],
    }),
    reason: 'nearMatch',
  },
  {
    name: 'a name that is not the contact',
    change: () => undefined,
    body: () => ({ name: 'Somebody Else' }),
    reason: 'nameDiffers',
  },
  {
    name: 'identifiers of two people with the same name',
    change: () => undefined,
    body: (generated) => ({
      identifiers: [
        { type: 'email', value: generated.subject.emails[0]?.address },
        { type: 'email', value: othersOf(generated)[0]?.emails[0]?.address },
      ],
    }),
    reason: 'ambiguousContact',
  },
];

const allText = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');

describe('a request that could be of the wrong person', () => {
  const generated = organisationOf(3);
  const { contacts } = generated.organisation;
  const before = structuredClone(contacts);
  let scenario: Scenario;
  let tickets = 0;
  let sentBefore = 0;
  beforeAll(async () => {
    scenario = await Scenario.start({ generated });
  });
  afterAll(() => scenario.stop());
  beforeEach(async () => {
    contacts.forEach((contact, i) => Object.assign(contact, structuredClone(before[i])));
    tickets += 1;
    sentBefore = (await scenario.messages()).length;
  });
  afterEach(() => new Officer(scenario).endRequests());
  const request = (change: Record<string, unknown>): Promise<string> =>
    scenario.request({ ticketId: `T-${tickets}`, ...change });
  const toOthers = async (): Promise<InboxMessage[]> =>
    (await scenario.messages()).slice(sentBefore).filter(({ to }) => to !== 'privacy@shop.example');

  it.each(cases)('$name: nothing is sent or released without a decision', async (wrong) => {
    wrong.change(generated);
    const requestId = await request(wrong.body?.(generated) ?? {});
    const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
    expect(reasonCode).toBe(wrong.reason);
    expect(await toOthers()).toEqual([]);
    expect(scenario.exchanges.some(({ path }) => path.includes('/conversations'))).toBe(false);
  });

  it('a name in other letters and order is still theirs', async () => {
    const requestId = await request({ name: 'SCHNEIDER, María' });
    await scenario.untilState(requestId, 'awaitingVerification');
  });

  it('a number without country code is refused at the door', async () => {
    const body = scenario.body({ identifiers: [{ type: 'phone', value: '0151 11234567' }] });
    expect((await scenario.post(body)).status).toBe(400);
  });
});

describe('the wrong person', () => {
  /**
   * An organisation in which somebody else had the person's number before, and one of their conversations
   * carries a contact that is not them.
   */
  const nearbyOrganisation = () => {
    const generated = organisationOf(8);
    const { subject } = generated;
    const own = foundOf(generated);
    const [recycled, split] = own;
    const other = othersOf(generated)[5];
    if (!recycled || !split || !other) throw new Error('too small an organisation');
    // Before the contact there was, somebody else called by the number.
    for (const conversation of own) {
      if (conversation !== recycled && conversation !== split) conversation.linked = true;
    }
    recycled.linked = false;
    recycled.ownerId = other.id;
    subject.created = new Date(Date.parse(recycled.start) + 1000).toISOString();
    // Was merged into this contact once, and belongs to another since.
    split.linked = true;
    split.ownerId = other.id;
    // Nothing can be searched by these.
    subject.typedPhones.push({ kind: 'workPhone', display: '0170 1234567' });
    subject.otherIdentifiers.push({ type: 'ExternalId', value: 'customer-1' });
    return { generated, recycled, split, other };
  };
  const justified = { justification: 'Asked the team.' };
  interface Listed {
    conversationId: string;
    doubt: string;
    tiedBy: number[];
  }
  /** Calls about one of the conversations: its details, recordings, texts. */
  const readingsOf = ({ exchanges, generated }: Scenario): string[] =>
    exchanges
      .map(({ path }) => path)
      .filter((path) => generated.organisation.conversations.some(({ id }) => path.includes(id)));
  const searchesOf = ({ exchanges }: Scenario): number =>
    exchanges.filter(({ method, path }) => method === 'POST' && path.includes('/details/jobs'))
      .length;

  it('a recycled number and a split contact: nothing is read before an officer decides, and what they leave out is listed', async () => {
    const { generated, recycled, split, other } = nearbyOrganisation();
    const scenario = await Scenario.start({ generated });
    const officer = new Officer(scenario);
    try {
      const requestId = await scenario.request();
      await scenario.stepUp();
      const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
      expect(reasonCode).toBe('doubtfulConversations');
      expect(readingsOf(scenario)).toEqual([]);
      await scenario.untilStep(requestId, 'waitForVerdicts');
      const isAsked = ({ to, text }: InboxMessage): boolean =>
        to === 'privacy@shop.example' && text.includes(requestId);
      expect((await scenario.messages()).filter(isAsked)).toHaveLength(1);
      const path = `/${requestId}/decision/conversations?verdict=undecided`;
      const listed = await officer.read<{
        conversations: { conversationId: string; doubt: string; otherContacts: string[] }[];
      }>(path);
      const doubts = listed.conversations.map((one) => [
        ...[one.conversationId, one.doubt, one.otherContacts.join()],
      ]);
      expect(doubts).toContainEqual([recycled.id, 'beforeContact', '']);
      expect(doubts.filter(([, doubt]) => doubt === 'otherContact')).toEqual([
        [expect.any(String), 'otherContact', other.id],
      ]);
      for (const secret of [scenario.email, scenario.phone, generated.subject.lastName])
        expect(JSON.stringify(listed)).not.toContain(secret);
      const searches = searchesOf(scenario);
      const answered = await officer.post(`/${requestId}/decision`, {
        ...justified,
        contacts: [{ contactId: other.id, verdict: 'withhold' }],
        conversations: [{ conversationId: recycled.id, verdict: 'withhold' }],
      });
      expect(answered.status).toBe(200);
      const status = await eventually('the package', async () => {
        const present = await scenario.status(requestId);
        return present.state === 'available' && present;
      });
      expect(searchesOf(scenario)).toBe(searches);
      expect(readingsOf(scenario).length).toBeGreaterThan(0);
      const { folder } = await scenario.download();
      expect(status.progress.conversation['withheld']).toBe(2);
      const report = status.availability?.join(' ') ?? '';
      expect(report).toMatch(/older than the contact’s record/);
      expect(report).toMatch(/another contact is part of it/);
      expect(report).toContain(
        'A privacy officer has looked at 2 conversations that may be another',
      );
      expect(report).toContain(
        'Searched by 3 of 5 identifiers on file. Not searched by: 1 phone number (not readable as it is stored); 1 identifier of the type ExternalId (conversations cannot be searched by this type).',
      );
      expect(JSON.stringify(status)).not.toMatch(/0170 1234567|customer-1/);
      const profile = readFileSync(join(folder, 'data/profile.json'), 'utf8');
      expect(JSON.parse(profile)).toMatchObject({
        notSearched: [
          { type: 'phone', value: '0170 1234567', reason: 'notReadable' },
          { type: 'ExternalId', value: 'customer-1', reason: 'notSearchable' },
        ],
      });
      const text = allText(folder);
      for (const { id } of [recycled, split, other]) expect(text).not.toContain(id);
    } finally {
      await scenario.stop();
    }
  });

  it('the same, where policy asks nobody: left out, and the report says so', async () => {
    const { generated, recycled, split, other } = nearbyOrganisation();
    const scenario = await Scenario.start({
      generated,
      settings: { DOUBTFUL_CONVERSATIONS: 'withhold' },
    });
    try {
      const requestId = await scenario.request();
      const { folder } = await scenario.fulfil(requestId);
      const status = await scenario.status(requestId);
      expect(status.progress.conversation['withheld']).toBe(2);
      const report = status.availability?.join(' ') ?? '';
      expect(report).toContain('2 conversations may be another person’s and were left out');
      expect(report).toContain('Nobody was asked');
      expect(report).not.toContain('privacy officer');
      const text = allText(folder);
      for (const { id } of [recycled, split, other]) expect(text).not.toContain(id);
    } finally {
      await scenario.stop();
    }
  });

  it('one person in two records, whose lines somebody else has too: exactly what officers have included is exported', async () => {
    const generated = withSharedLines(organisationOf(3, 51), { seed: 51, now: new Date() });
    const { organisation, subject, shared } = generated;
    const { partner, second, conversations: made } = shared;
    const scenario = await Scenario.start({ generated });
    const officer = new Officer(scenario);
    try {
      const mailboxes = [subject, second].map(({ emails }) => emails[0]?.address);
      const requestId = await scenario.request({
        identifiers: mailboxes.map((value) => ({ type: 'email', value })),
      });
      const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
      expect(reasonCode).toBe('ambiguousContact');
      const decide = (change: Record<string, unknown>) =>
        officer.post(`/${requestId}/decision`, { ...justified, ...change });
      const isTaken = async (change: Record<string, unknown>): Promise<void> =>
        expect(await decide(change)).toMatchObject({ status: 200 });
      await isTaken({ contactIds: [subject.id, second.id] });
      await scenario.stepUp();
      await scenario.untilStep(requestId, 'waitForVerdicts');

      const undecided = async (): Promise<Listed[]> => {
        const path = `/${requestId}/decision/conversations?verdict=undecided`;
        return (await officer.read<{ conversations: Listed[] }>(path)).conversations;
      };
      const doubtful = await undecided();
      const byLines = [made.ownByHome, made.othersByHome, made.ownByOffice, made.othersByOffice];
      const doubtsOf = (doubt: string): string[] =>
        doubtful.filter((one) => one.doubt === doubt).map(({ conversationId }) => conversationId);
      expect(doubtsOf('sharedIdentifier').sort()).toEqual(byLines.flat().sort());
      expect(doubtsOf('otherContact').sort()).toEqual(
        [...made.linkedToPartner, ...made.conference].sort(),
      );
      expect(readingsOf(scenario)).toEqual([]);

      // The line at home is theirs but for two calls, and the partner is not, but for a conference.
      const numberOf = (id: string | undefined): number | undefined =>
        doubtful.find(({ conversationId }) => conversationId === id)?.tiedBy[0];
      const verdictOf = (verdict: string, ids: string[]) =>
        ids.map((conversationId) => ({ conversationId, verdict }));
      await isTaken({
        identifiers: [{ identifier: numberOf(made.ownByHome[0]), verdict: 'include' }],
        contacts: [{ contactId: partner.id, verdict: 'withhold' }],
        conversations: [
          ...verdictOf('withhold', made.othersByHome),
          ...verdictOf('include', made.conference),
        ],
      });
      const byOffice = [...made.ownByOffice, ...made.othersByOffice].sort();
      await eventually('the line at the office alone', async () => {
        const open = (await undecided()).map(({ conversationId }) => conversationId);
        return JSON.stringify(open.sort()) === JSON.stringify(byOffice);
      });
      expect(readingsOf(scenario)).toEqual([]);
      await isTaken({ undecided: 'withhold' });
      await eventually('the package', async () => {
        return (await scenario.status(requestId)).state === 'available';
      });
      const { folder } = await scenario.download();

      const aYearAgo = new Date(Date.now() - 365 * 86_400_000).toISOString();
      const expected = organisation.conversations
        .filter(({ ownerId, start }) => ownerId === subject.id && start > aYearAgo)
        .map(({ id }) => id)
        .filter((id) => !byOffice.includes(id))
        .concat(made.bySecond);
      const text = allText(folder);
      const inside = organisation.conversations
        .map(({ id }) => id)
        .filter((id) => text.includes(id));
      expect(inside.sort()).toEqual(expected.sort());
      const report = readFileSync(join(folder, 'availability-report.json'), 'utf8');
      const { missing } = JSON.parse(report) as { missing: { kind: string; reason: string }[] };
      const left = missing.filter(({ kind }) => kind === 'conversation');
      expect(left.map(({ reason }) => reason).sort()).toEqual([
        ...['notDecided', 'notDecided', 'otherContact'],
        ...['sharedIdentifier', 'sharedIdentifier'],
      ]);
    } finally {
      await scenario.stop();
    }
  }, 300_000);
});
