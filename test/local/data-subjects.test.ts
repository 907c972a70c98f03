import { withUnknownPeople } from '../../local/genesys/no-contact';
import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import type { Identifier } from '../../src/core/subject/identifiers';
import { simulatorSource } from '../helpers/simulator-source';

const now = new Date();
const { organisation, subject, unknown } = withUnknownPeople(
  generateOrganisation({ seed: 5, conversations: 4, now }),
  { seed: 5, now },
);
const { stranger, hidden } = unknown;
const dialerContactId = {
  id: '22222222-2222-4222-8222-222222222222',
  contactListId: '11111111-1111-4111-8111-111111111111',
};
organisation.dialerContacts.push({
  ...dialerContactId,
  ownerId: stranger.ownerId,
  phone: stranger.asked.phone,
  data: {},
});

describe('the search for data subjects', () => {
  let simulator: GenesysSimulator;
  beforeAll(async () => {
    simulator = await GenesysSimulator.start({
      organisation,
      settings: { callsPerMinute: 100_000, inaccessibleDivisions: [hidden.divisionId] },
    });
  });
  afterAll(() => simulator.stop());

  const subjectsOf = (type: Identifier['type'], value: string): Promise<unknown[] | null> =>
    simulatorSource(simulator).dataSubjects({ type, value });

  const { phone, email, whatsapp } = stranger.asked;
  const [onFile] = subject.emails;
  const row = { dialerContactId, phoneNumbers: [phone] };

  it.each<[string, Identifier['type'], string, unknown]>([
    ['a number of calls and a campaign', 'phone', phone, [row, { phoneNumbers: [phone] }]],
    ['a mailbox of mails, once', 'email', email, [{ emailAddresses: [email] }]],
    [
      'a network’s id',
      'whatsapp',
      whatsapp.slice(1),
      [{ socialHandle: { type: 'WHATSAPP', value: whatsapp.slice(1) } }],
    ],
    ['another spelling of it', 'whatsapp', whatsapp, []],
    ['a number as a network’s id', 'whatsapp', phone, []],
    ['a number of nobody', 'phone', '+4930555000111', []],
    ['a contact that is not seen', 'phone', hidden.asked.phone, []],
    ['a type that it does not know', 'line', 'U0', null],
  ])('finds by %s what is known under it', async (_name, type, value, expected) => {
    expect(await subjectsOf(type, value)).toEqual(expected);
  });

  it('finds a contact that is seen', async () => {
    expect(await subjectsOf('email', onFile?.address ?? '')).toContainEqual(
      expect.objectContaining({ externalContactId: subject.id }),
    );
  });
});
