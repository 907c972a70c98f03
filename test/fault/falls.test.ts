import { generateOrganisation } from '../../local/genesys/generate';
import { Determined } from '../helpers/determined';
import { HttpProxy, TcpProxy, type Trap } from '../helpers/fault-proxy';
import { eventually, Scenario } from '../helpers/scenario';

const generated = generateOrganisation({ seed: 21, conversations: 8, now: new Date() });

let scenario: Scenario;
let blobs: HttpProxy;
let tables: HttpProxy;
let mail: TcpProxy;
let determined: Determined;
let expected: string[];
let ticket = 0;
const nextTicket = (): string => `T-${(ticket += 1)}`;

beforeAll(async () => {
  scenario = await Scenario.start({
    generated,
    settings: { PAGE_CONVERSATIONS: '3', PAGE_LANES: '2' },
    between: async (ports) => {
      blobs = await HttpProxy.start(ports.blob);
      tables = await HttpProxy.start(ports.table);
      mail = await TcpProxy.start(ports.smtp);
      return { blob: blobs.port, table: tables.port, smtp: mail.port };
    },
  });
  determined = new Determined(scenario);
  expected = await determined.fulfil(nextTicket());
}, 120_000);
afterAll(async () => {
  await determined.stop();
  await scenario.stop();
  await Promise.all([blobs.stop(), tables.stop(), mail.stop()]);
});

const kill = (): Promise<void> => scenario.stack.killHost();
const calls =
  (...parts: string[]) =>
  (call: string): boolean =>
    parts.every((part) => call.includes(part));

describe('a fall at a call to storage', () => {
  const points: [string, 'blobs' | 'tables', Omit<Trap, 'act'>][] = [
    [
      'in the start request, once the ledger has it',
      'tables',
      { matches: calls('POST', '/requests'), when: 'after' },
    ],
    [
      'during a code check, once the code is used up',
      'tables',
      { matches: calls('PUT', 'access', "'code'"), when: 'after' },
    ],
    [
      'while blocks are staged',
      'blobs',
      { matches: calls('PUT', '/packages/', 'comp=block&'), when: 'after' },
    ],
    [
      'after the blocks and before the fragment',
      'blobs',
      { matches: calls('PUT', '/part-p'), when: 'before' },
    ],
    [
      'after the fragment and before the ledger',
      'blobs',
      { matches: calls('PUT', '/part-p'), when: 'after' },
    ],
    ['before the commit', 'blobs', { matches: calls('PUT', 'comp=blocklist'), when: 'before' }],
    ['after the commit', 'blobs', { matches: calls('PUT', 'comp=blocklist'), when: 'after' }],
  ];

  it.each(points)(
    '%s: same content, nobody stuck',
    async (_name, which, trap) => {
      const proxy = which === 'blobs' ? blobs : tables;
      const before = { sprung: proxy.sprung, restarts: determined.restarts.length };
      proxy.trap = { ...trap, act: kill };
      expect(await determined.fulfil(nextTicket())).toEqual(expected);
      expect(proxy.sprung).toBe(before.sprung + 1);
      expect(determined.restarts.length).toBe(before.restarts + 1);
    },
    120_000,
  );
});

describe('a fall while mail is sent', () => {
  it('may repeat the mail, with the same message id, and nothing else', async () => {
    const before = mail.sprung;
    mail.trap = { text: 'DATA', act: kill };
    expect(await determined.fulfil(nextTicket())).toEqual(expected);
    expect(mail.sprung).toBe(before + 1);
  }, 120_000);
});

describe('a fall of the host by itself', () => {
  const fallAt = async (...points: string[]): Promise<void> => {
    const before = determined.restarts.length;
    determined.faults.push(...points);
    await kill();
    await eventually('a host with the fault in it', () =>
      Promise.resolve(determined.faults.length < points.length && scenario.stack.isHostRunning),
    );
    expect(await determined.fulfil(nextTicket())).toEqual(expected);
    expect(determined.restarts.length).toBeGreaterThanOrEqual(before + points.length + 1);
  };

  it('twice in a row: same content, nobody stuck', async () => {
    await fallAt('beforeResult:exportPage', 'afterResult:exportPage');
  }, 120_000);

  it.each([
    ['before a result is stored', 'beforeResult:exportPage'],
    ['after a result is stored', 'afterResult:exportPage'],
    ['between ledger and event', 'beforeEvent:requestChanged'],
    ['after the event', 'afterEvent:requestChanged'],
    ['before the orchestration is started', 'beforeStart:fulfilRequest'],
    ['after the orchestration is stored', 'afterStart:fulfilRequest'],
    ['during a timer', 'duringTimer:searchGroup'],
    ['when a timer fires', 'beforeTimer:searchGroup'],
    ['before a child tells its parent', 'before:completed:exportLane'],
    ['after a child has ended', 'after:completed:searchGroup'],
  ])(
    '%s: same content, nobody stuck',
    async (_name, point) => {
      await fallAt(point);
    },
    120_000,
  );
});

describe('a fall when a lane begins a new history', () => {
  it.each(['before:continuedAsNew:exportLane', 'after:continuedAsNew:exportLane'])(
    '%s: same content, nobody stuck',
    async (point) => {
      const many = await Scenario.start({
        generated: generateOrganisation({ seed: 22, conversations: 65, now: new Date() }),
        settings: { PAGE_CONVERSATIONS: '1', PAGE_LANES: '1', POLL_SECONDS: '1' },
        simulator: { transcodeDuration: 0 },
      });
      const persistent = new Determined(many);
      try {
        const undisturbed = await persistent.fulfil('T-undisturbed');
        persistent.faults.push(point);
        await many.stack.killHost();
        await eventually('a host with the fault in it', () =>
          Promise.resolve(persistent.faults.length === 0 && many.stack.isHostRunning),
        );
        expect(await persistent.fulfil('T-fallen')).toEqual(undisturbed);
        expect(persistent.restarts).toEqual([point, '']);
      } finally {
        await persistent.stop();
        await many.stop();
      }
    },
    180_000,
  );
});

describe('servers that are away and come back', () => {
  it('mail: the invitation comes when the server is back, and the status says what is waited for', async () => {
    mail.isDown = true;
    const mails = () =>
      scenario.messages().then((all) => all.filter(({ kind }) => kind === 'email').length);
    const before = await mails();
    const requestId = await determined.request(nextTicket());
    await eventually(
      'the note',
      async () => (await scenario.status(requestId)).waiting?.reason === 'messageNotTaken',
    );
    mail.isDown = false;
    await scenario.advanceClock(31_000);
    await eventually('the mail', async () => (await mails()) === before + 1);
    await scenario.untilState(requestId, 'awaitingVerification');
  }, 120_000);

  it('storage: a request is refused with 503 and nothing of it is kept, and taken when storage is back', async () => {
    tables.isDown = true;
    const ticketId = nextTicket();
    const refused = await scenario.post(scenario.body({ ticketId }));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      503,
      'storageUnavailable',
    ]);
    tables.isDown = false;
    expect(await determined.fulfil(ticketId)).toEqual(expected);
  }, 120_000);

  it('storage: an export that loses it goes on when it is back', async () => {
    blobs.trap = {
      matches: calls('PUT', '/packages/', 'comp=block&'),
      when: 'before',
      act: () => {
        blobs.isDown = true;
        setTimeout(() => (blobs.isDown = false), 5000);
        return Promise.resolve();
      },
    };
    expect(await determined.fulfil(nextTicket())).toEqual(expected);
    expect(blobs.isDown).toBe(false);
  }, 120_000);
});
