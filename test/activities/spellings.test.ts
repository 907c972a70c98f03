import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { withOtherSpellings } from '../../local/genesys/spellings';
import { createAdvanceSearches } from '../../src/activities/advance-searches';
import { createPlanPages } from '../../src/activities/plan-pages';
import { createPlanSearches } from '../../src/activities/plan-searches';
import { createResolveContact } from '../../src/activities/resolve-contact';
import type { AppContext } from '../../src/composition/app-context';
import { parseRequestBody } from '../../src/core/api/request-body';
import { pageBlob } from '../../src/core/package/blob-names';
import type {
  RequestDetails,
  RequestRecord,
  Source,
  StoredChange,
  StoredRequest,
} from '../../src/ports';
import { requestEnvironment } from '../helpers/exports';
import { simulatorSource } from '../helpers/simulator-source';

const now = new Date();
const seed = 17;
const generated = withOtherSpellings(generateOrganisation({ seed, conversations: 12, now }), {
  seed,
  now,
});
const { organisation, spelled, subject } = generated;

let simulator: GenesysSimulator;
beforeAll(async () => {
  simulator = await GenesysSimulator.start({
    organisation,
    settings: { callsPerMinute: 100_000, jobDuration: 0 },
  });
});
afterAll(() => simulator.stop());

const sourceOf = (): Source => simulatorSource(simulator);

/** A request by these identifiers as it was accepted, in memory. */
function requestBy(...identifiers: { type: string; value: string }[]) {
  const request = requestEnvironment(sourceOf());
  const given = { ticketId: 'T', receivedAt: now.toISOString(), rights: ['access'], identifiers };
  let details = {
    ...parseRequestBody(given, null),
    name: null,
    contactMatches: null,
    contact: null,
    decision: null,
  } as unknown as RequestDetails;
  const { settings, ledger } = request.env;
  const env = {
    ...request.env,
    authenticators: {
      authenticatorIdOf: () => 'id',
      isEnrolled: () => Promise.resolve(false),
    },
    login: null,
    settings: {
      ...settings,
      authentication: { stepUp: { offered: ['sms'], isSmsSufficient: true }, loginClaim: 'email' },
    },
    ledger: {
      ...ledger,
      details: () => Promise.resolve(details),
      changeDetails: (_id: string, change: (stored: StoredRequest) => StoredChange) => {
        const stored = { details, record: request.record as unknown as RequestRecord };
        ({ details } = change(stored));
        return Promise.resolve({ ...stored, details });
      },
    },
  } as unknown as AppContext;
  return { ...request, env, detailsNow: () => details };
}

type Request = ReturnType<typeof requestBy>;

async function resolve(request: Request): Promise<string> {
  Object.assign(request.record, { state: 'identifying' });
  const outcome = await createResolveContact(request.env)({ requestId: 'request' });
  if (outcome.kind !== 'done') throw new Error('The request is closed.');
  return outcome.value.outcome;
}

/** Ids of the conversations that are found, with whose they are judged to be. */
async function search(request: Request): Promise<Map<string, string>> {
  Object.assign(request.record, { state: 'exporting' });
  const { env, blobs } = request;
  const planned = await createPlanSearches(env)({ requestId: 'request' });
  if (planned.kind !== 'done') throw new Error('The request is closed.');
  for (let group = 1; group <= planned.value.groups; group += 1) {
    // Started, and then read: a job of the simulator is done at once.
    await createAdvanceSearches(env)({ requestId: 'request', group });
    await createAdvanceSearches(env)({ requestId: 'request', group });
  }
  const pages = await createPlanPages(env)({ requestId: 'request' });
  if (pages.kind !== 'done') throw new Error('The request is closed.');
  const found = Array.from({ length: pages.value.pages }, (_, i) => {
    const page = blobs.get(pageBlob(i + 1).name) ?? '[]';
    return JSON.parse(page) as { judgement: string; conversation: { conversationId: string } }[];
  }).flat();
  return new Map(
    found.map(({ judgement, conversation }) => [conversation.conversationId, judgement]),
  );
}

const withinReach = new Date(now.getTime() - 5 * 364 * 86_400_000).toISOString();
const idsOf = (ownerId: string): string[] =>
  organisation.conversations
    .filter((one) => one.ownerId === ownerId && one.start > withinReach)
    .map(({ id }) => id)
    .sort();

describe('a person whose line or mailbox is spelled in several ways', () => {
  it.each(spelled.map((person) => [person.about, person] as const))(
    'is found without a question, with all their conversations and no other: %s',
    async (_about, { contact, asked }) => {
      const request = requestBy(asked);
      // Some of them could not be written to, which is another question.
      expect(['found', 'noAuthenticationMethod']).toContain(await resolve(request));
      expect(request.detailsNow().contactMatches?.candidates.map(({ id }) => id)).toEqual([
        contact.id,
      ]);
      const found = await search(request);
      const theirs = [...found].filter(([, judgement]) => judgement === 'subject');
      expect(theirs.map(([id]) => id).sort()).toEqual(idsOf(contact.id));
      const doubtful = [...found].filter(([, judgement]) => judgement !== 'subject');
      for (const [id] of doubtful) expect(idsOf(contact.id)).not.toContain(id);
    },
    60_000,
  );

  it('has conversations of somebody else by the same number, which are doubtful', async () => {
    const merged = spelled.at(-1);
    const request = requestBy(merged?.asked ?? { type: 'phone', value: '' });
    await resolve(request);
    const found = await search(request);
    const doubtful = [...found].filter(([, judgement]) => judgement === 'beforeContact');
    expect(doubtful).toHaveLength(2);
  });

  it('and who is the subject of the organisation, has all of them found as well', async () => {
    const request = requestBy({ type: 'phone', value: subject.phones[0]?.e164 ?? '' });
    expect(await resolve(request)).toBe('found');
    const found = await search(request);
    expect([...found.keys()].sort()).toEqual(idsOf(subject.id));
    expect(new Set(found.values())).toEqual(new Set(['subject']));
  });
});

describe('a person with near matches only', () => {
  const tagged = 'ana+shop@mail.example';
  const change = (contact: (typeof organisation.contacts)[number]): void => {
    organisation.contacts.push(contact);
  };
  const [model] = spelled;
  if (!model) throw new Error('There is nobody.');
  const person = (id: string, phones: object[], emails: string[]) =>
    ({
      ...model.contact,
      id,
      handles: [],
      phones,
      emails: emails.map((address) => ({ kind: 'personalEmail', address })),
    }) as (typeof organisation.contacts)[number];
  const switchboard = '+49301234567';
  beforeAll(() => {
    change(
      person(
        '00000000-0000-4000-8000-000000000001',
        [{ kind: 'workPhone', e164: switchboard, extension: 99 }],
        ['behind@mail.example'],
      ),
    );
    change(person('00000000-0000-4000-8000-000000000002', [], ['ana@mail.example']));
    change(
      person(
        '00000000-0000-4000-8000-000000000003',
        [{ kind: 'cellPhone', e164: '+4915133334444' }],
        ['direct@mail.example'],
      ),
    );
  });

  it.each([
    ['an address with a tag', { type: 'email', value: tagged }],
    ['a switchboard’s number', { type: 'phone', value: switchboard }],
    [
      'a switchboard’s number with the extension',
      { type: 'phone', value: `${switchboard} ext. 99` },
    ],
    ['a direct number with an extension', { type: 'phone', value: '+4915133334444 ext. 1' }],
  ])('is decided on by an officer: %s', async (_name, asked) => {
    const request = requestBy(asked);
    expect(await resolve(request)).toBe('nearMatch');
    expect(request.detailsNow().contactMatches?.candidates).toHaveLength(1);
    expect(request.detailsNow().contact).toBeNull();
  });

  it('beside an exact match of another contact leaves an officer to choose', async () => {
    const request = requestBy(
      { type: 'email', value: 'direct@mail.example' },
      { type: 'email', value: tagged },
    );
    expect(await resolve(request)).toBe('ambiguousContact');
  });

  it('beside an exact match of the same contact is no question', async () => {
    const request = requestBy(
      { type: 'email', value: 'direct@mail.example' },
      { type: 'phone', value: '+4915133334444 ext. 1' },
    );
    expect(await resolve(request)).toBe('found');
  });

  it('who is found by their mailbox has an officer decide on their number behind a switchboard', async () => {
    const request = requestBy({ type: 'email', value: 'behind@mail.example' });
    expect(await resolve(request)).toBe('sharedIdentifier');
    expect(request.detailsNow().contactMatches?.shared).toEqual([switchboard]);
  });
});
