import { generateOrganisation } from '../../local/genesys/generate';
import { Determined } from '../helpers/determined';
import { HttpProxy, TcpProxy, type Trap } from '../helpers/fault-proxy';
import { Scenario } from '../helpers/scenario';

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
    for (const point of points) {
      determined.nextFault = point;
      await kill();
      // The next host comes up with the fault in it.
      while (determined.nextFault !== undefined || !scenario.stack.isHostRunning) {
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    expect(await determined.fulfil(nextTicket())).toEqual(expected);
    expect(determined.restarts.length).toBeGreaterThanOrEqual(before + points.length + 1);
  };

  it.each([
    ['before a result is stored', 'beforeResult:exportPage'],
    ['after a result is stored', 'afterResult:exportPage'],
    ['between ledger and event', 'beforeEvent:identityVerified'],
    ['after the event', 'afterEvent:identityVerified'],
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
