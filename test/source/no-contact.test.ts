import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withUnknownPeople } from '../../local/genesys/no-contact';
import { extractPackage } from '../../local/open-package';
import { Officer } from '../helpers/officer';
import { hitsIn, logsOf } from '../helpers/privacy';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

describe('somebody of whom there is no contact', () => {
  const generated = withUnknownPeople(organisationOf(4, 41), { seed: 41, now: new Date() });
  const { stranger } = generated.unknown;
  const { phone, email, whatsapp } = stranger.asked;
  const unused = '+4930555000111';
  // The scenario plays them: nothing of this is in the organisation.
  const subject = {
    ...generated.subject,
    id: stranger.ownerId,
    lastName: 'Nowhere on file',
    phones: [{ kind: 'cellPhone' as const, e164: phone }],
    emails: [{ kind: 'personalEmail' as const, address: email }],
  };

  let scenario: Scenario;
  let officer: Officer;
  /** Messages and calls of the source that were there before the test. */
  let before: { messages: number; exchanges: number };
  beforeAll(async () => {
    scenario = await Scenario.start({
      generated: { organisation: generated.organisation, subject },
    });
    officer = new Officer(scenario);
  });
  afterAll(() => scenario.stop());
  beforeEach(async () => {
    const { length: messages } = await scenario.messages();
    before = { messages, exchanges: scenario.exchanges.length };
  });
  const told = async (): Promise<string[]> =>
    (await scenario.messages())
      .slice(before.messages)
      .map(({ to }) => to)
      .filter((to) => !to.startsWith('privacy@'));

  it('receives what a code to a number of their conversations proves, and of the rest a statement', async () => {
    const identifiers = [
      { type: 'phone', value: phone },
      { type: 'email', value: email },
      { type: 'whatsapp', value: whatsapp },
      { type: 'phone', value: unused },
    ];
    const requestId = await scenario.request({ ticketId: 'T-code', identifiers });
    const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
    expect(reasonCode).toBe('noContact');
    expect(await told()).toEqual([]);
    // Nothing of a conversation was read but by searches.
    const ids = generated.organisation.conversations.map(({ id }) => id);
    const read = scenario.exchanges
      .slice(before.exchanges)
      .filter(({ path }) => ids.some((id) => path.includes(id)));
    expect(read).toEqual([]);

    const include = (...numbers: number[]) =>
      numbers.map((identifier) => ({ identifier, verdict: 'include' }));
    const decide = (change: Record<string, unknown>) =>
      officer.post(`/${requestId}/decision`, { justification: 'They called.', ...change });
    const bySms = { method: 'sms', inviteTo: 2 };
    const refused = await decide({ ...bySms, identifiers: include(2, 4), codeTo: 4 });
    expect(refused).toMatchObject({ status: 409, code: 'codeToNotPossible' });
    const decided = await decide({ ...bySms, identifiers: include(1, 2), codeTo: 1 });
    expect(decided.status).toBe(200);
    // Once invited, they are written to where they were, and are somebody.
    const withhold = [1, 2].map((identifier) => ({ identifier, verdict: 'withhold' }));
    await scenario.untilStep(requestId, 'waitForVerification');
    for (const later of [{ inviteTo: null }, { codeTo: null }, { identifiers: withhold }])
      expect(await decide(later)).toMatchObject({ status: 409, code: 'subjectAlreadyInvited' });

    const { folder } = await scenario.fulfil(requestId);
    expect(new Set(await told())).toEqual(new Set([email, phone]));
    const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const table = textOf('data/conversations.csv');
    for (const id of stranger.conversations.phone) expect(table).toContain(id);
    const report = textOf('availability-report.json');
    const { counts, missing } = JSON.parse(report) as {
      counts: { conversation: Record<string, number>; contact: Record<string, number> };
      missing: { kind: string; reason: string }[];
    };
    expect(counts.conversation).toMatchObject({
      exported: stranger.conversations.phone.length,
      withheld: stranger.conversations.email.length,
    });
    const lines = missing.map(({ kind, reason }) => `${kind} ${reason}`);
    expect(lines.filter((line) => line !== 'summary noSummary').sort()).toEqual([
      'contact noContactRecord',
      ...stranger.conversations.email.map(() => 'conversation notVerified'),
    ]);
    const everything = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => textOf(name))
      .join('\n');
    for (const id of [...stranger.conversations.email, ...stranger.conversations.whatsapp])
      expect(everything).not.toContain(id);
    const stated = (await scenario.status(requestId)).availability?.join(' ');
    expect(stated).toContain('There is no contact record of you.');
    expect(stated).toContain('The code proves that number only.');
    const profile = JSON.parse(textOf('data/profile.json')) as Record<string, unknown>;
    expect(profile).not.toHaveProperty('id');
    expect(profile).toMatchObject({ phones: [{ number: phone }], emails: [email] });
    expect(JSON.parse(textOf('data/contact.json'))).toEqual([]);

    for (const file of logsOf(scenario))
      expect(hitsIn(scenario, readFileSync(file, 'utf8'), [whatsapp])).toEqual([]);
  }, 300_000);

  it('receives what an officer has named, who has checked in person who they are', async () => {
    const justified = { justification: 'They came to the shop.' };
    const requestId = await scenario.request({
      ticketId: 'T-inPerson',
      identifiers: Object.entries(stranger.asked).map(([type, value]) => ({ type, value })),
    });
    await scenario.untilState(requestId, 'needsDecision');
    const named = [1, 3].map((identifier) => ({ identifier, verdict: 'include' }));
    const decision = { ...justified, identifiers: named, method: 'officer' };
    expect(await officer.post(`/${requestId}/decision`, decision)).toMatchObject({ status: 200 });
    await scenario.untilStep(requestId, 'waitForVerification');
    const identity = { ...justified, checkMethod: 'inPerson' };
    expect(await officer.post(`/${requestId}/identity`, identity)).toMatchObject({ status: 200 });
    await scenario.untilState(requestId, 'available');
    expect(await told()).toEqual([]);

    const handed = await officer.post(`/${requestId}/deliver`, justified);
    const file = join(scenario.state, 'handed.zip');
    const bytes = await (await fetch(String(handed['url']))).arrayBuffer();
    writeFileSync(file, Buffer.from(bytes));
    const folder = join(scenario.state, 'handed');
    await extractPackage(file, String(handed['passphrase']), folder);
    const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const inside = generated.organisation.conversations
      .map(({ id }) => id)
      .filter((id) => textOf('data/conversations.csv').includes(id));
    const { phone: calls, whatsapp: chats } = stranger.conversations;
    expect(inside.sort()).toEqual([...calls, ...chats].sort());
    const profile = JSON.parse(textOf('data/profile.json')) as Record<string, unknown>;
    expect(profile['notSearched']).toEqual([
      { type: 'email', value: email, reason: 'notConfirmed' },
    ]);
  }, 300_000);
});
