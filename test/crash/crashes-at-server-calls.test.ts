import { FaultyStack } from '../helpers/faulty-stack';
import type { Trap } from '../helpers/fault-proxy';
import { eventually } from '../helpers/scenario';

let at: FaultyStack;
beforeAll(async () => {
  at = await FaultyStack.start();
}, 120_000);
afterAll(() => at.stop());

const calls =
  (...parts: string[]) =>
  (call: string): boolean =>
    parts.every((part) => call.includes(part));

describe('a crash at a call to storage', () => {
  const points: [string, 'blobs' | 'tables', Omit<Trap, 'act'>][] = [
    [
      'in the start request, once the ledger has it',
      'tables',
      { matches: calls('POST', '$batch'), when: 'after' },
    ],
    [
      'during a code check, once the code is used up',
      'tables',
      { matches: calls('PUT', 'codesAndSessions', "'code'"), when: 'after' },
    ],
    [
      'while blocks are staged',
      'blobs',
      { matches: calls('PUT', '/packages/', 'comp=block&'), when: 'after' },
    ],
    [
      'after the blocks and before the part manifest',
      'blobs',
      { matches: calls('PUT', '/part-p'), when: 'before' },
    ],
    [
      'after the part manifest and before the ledger',
      'blobs',
      { matches: calls('PUT', '/part-p'), when: 'after' },
    ],
    ['before the commit', 'blobs', { matches: calls('PUT', 'comp=blocklist'), when: 'before' }],
    ['after the commit', 'blobs', { matches: calls('PUT', 'comp=blocklist'), when: 'after' }],
  ];

  it.each(points)(
    '%s: same content, nobody stuck',
    async (_name, which, trap) => {
      const proxy = which === 'blobs' ? at.blobs : at.tables;
      const before = { sprung: proxy.sprung, restarts: at.client.restarts.length };
      proxy.trap = { ...trap, act: () => at.scenario.stack.killHost() };
      expect(await at.client.fulfil(at.nextTicket())).toEqual(at.expected);
      expect(proxy.sprung).toBe(before.sprung + 1);
      expect(at.client.restarts.length).toBe(before.restarts + 1);
    },
    120_000,
  );
});

describe('a crash while mail is sent', () => {
  it('may repeat the mail, with the same message id, and nothing else', async () => {
    const before = at.mail.sprung;
    at.mail.trap = { text: 'DATA', act: () => at.scenario.stack.killHost() };
    expect(await at.client.fulfil(at.nextTicket())).toEqual(at.expected);
    expect(at.mail.sprung).toBe(before + 1);
  }, 120_000);
});

describe('servers that are away and come back', () => {
  it('mail: the invitation comes when the server is back, and the status says what is waited for', async () => {
    at.mail.isDown = true;
    const mails = () =>
      at.scenario.messages().then((all) => all.filter(({ kind }) => kind === 'email').length);
    const before = await mails();
    const requestId = await at.client.request(at.nextTicket());
    await eventually(
      'the note',
      async () =>
        (await at.scenario.status(requestId)).waiting?.reasonCode === 'messageNotAccepted',
    );
    at.mail.isDown = false;
    await at.scenario.advanceClock(31_000);
    await eventually('the mail', async () => (await mails()) === before + 1);
    await at.scenario.untilState(requestId, 'awaitingVerification');
  }, 120_000);

  it('storage: a request is refused with 503 and nothing of it is kept, and taken when storage is back', async () => {
    at.tables.isDown = true;
    const ticketId = at.nextTicket();
    const refused = await at.scenario.post(at.scenario.body({ ticketId }));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      503,
      'storageUnavailable',
    ]);
    at.tables.isDown = false;
    expect(await at.client.fulfil(ticketId)).toEqual(at.expected);
  }, 120_000);

  it('storage: an export that loses it goes on when it is back', async () => {
    at.blobs.trap = {
      matches: calls('PUT', '/packages/', 'comp=block&'),
      when: 'before',
      act: () => {
        at.blobs.isDown = true;
        setTimeout(() => (at.blobs.isDown = false), 1500);
        return Promise.resolve();
      },
    };
    expect(await at.client.fulfil(at.nextTicket())).toEqual(at.expected);
    expect(at.blobs.isDown).toBe(false);
  }, 120_000);
});
