import { codeFrom, Subject } from '../../local/portal-client';
import { HttpProxy } from '../helpers/fault-proxy';
import { privacyTests } from '../helpers/privacy';
import { eventually, Scenario } from '../helpers/scenario';

const minute = 60_000;
const hour = 60 * minute;
const otherCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000');

describe('codes, sessions and links that are too old, and guesses that are too many', () => {
  let scenario: Scenario;
  let requestId: string;
  let link: string;
  let mails = 0;
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
  });
  afterAll(() => scenario.stop());
  const count = async (kind: 'email' | 'sms') =>
    (await scenario.messages()).filter((message) => message.kind === kind).length;
  beforeEach(async () => {
    mails = (await count('email')) + 1;
    requestId = await scenario.request({ ticketId: `T-${mails}` });
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    link = await scenario.link(mails);
    await scenario.person.open(link);
  });
  afterEach(async () => {
    // The second mail belongs to this request; the next one counts its own.
    if ((await scenario.status(requestId)).state === 'available') await scenario.link(mails + 1);
  });

  it('takes a code for ten minutes, and a new one after them', async () => {
    const stale = await scenario.code();
    await scenario.advanceClock(11 * minute);
    await expect(scenario.person.verify(stale)).rejects.toMatchObject({
      code: 'codeExpired',
    });
    const fresh = await scenario.code();
    await scenario.person.verify(fresh);
    await scenario.untilState(requestId, 'available');
  });

  it('ends a session after a quarter of an hour without use; the link opens another', async () => {
    await scenario.advanceClock(14 * minute);
    await scenario.person.call('GET', 'request');
    await scenario.advanceClock(14 * minute);
    await scenario.person.call('GET', 'request');
    await scenario.advanceClock(16 * minute);
    await expect(scenario.person.call('GET', 'request')).rejects.toMatchObject({
      status: 401,
      code: 'sessionEnded',
    });
    const view = await new Subject(scenario.stack.hostUrl).open(link);
    expect(view.step).toBe('verify');
  });

  it('asks for a new code for the download, however lately one was entered', async () => {
    await scenario.person.verify(await scenario.code());
    await scenario.untilState(requestId, 'available');
    await expect(scenario.person.link()).rejects.toMatchObject({
      code: 'stepUpRequired',
    });
  });

  it('locks out after fifteen wrong codes, for a day, whoever opens the link', async () => {
    let last = '';
    for (let round = 0; round < 3; round += 1) {
      last = await scenario.code();
      for (let guess = 0; guess < 5; guess += 1) {
        const isLast = round === 2 && guess === 4;
        await expect(scenario.person.verify(otherCode(last))).rejects.toMatchObject({
          code: isLast ? 'lockedOut' : 'codeWrong',
        });
      }
    }
    const other = new Subject(scenario.stack.hostUrl);
    await other.open(link);
    await expect(other.verify(last)).rejects.toMatchObject({
      status: 429,
      code: 'lockedOut',
    });
    await expect(other.call('POST', 'code')).rejects.toMatchObject({ code: 'tooManyCodes' });
    expect((await scenario.status(requestId)).state).toBe('awaitingVerification');
    await scenario.advanceClock(24 * hour);
    await scenario.stepUp(mails);
    await scenario.untilState(requestId, 'available');
  });

  it('sends five codes an hour and no more', async () => {
    const before = await count('sms');
    for (let sent = 0; sent < 5; sent += 1) await scenario.code();
    await expect(scenario.person.call('POST', 'code')).rejects.toMatchObject({
      status: 429,
      code: 'tooManyCodes',
    });
    expect(await count('sms')).toBe(before + 5);
  });

  it('sends a code that was not taken as soon as the gateway is back, and the same one', async () => {
    await scenario.refuseMessages(true);
    const before = await count('sms');
    expect(await scenario.person.call('POST', 'code')).toMatchObject({ isQueued: true });
    expect(await scenario.person.call('POST', 'code')).toMatchObject({ isQueued: true });
    await scenario.refuseMessages(false);
    await scenario.sweep();
    await eventually('the code', async () => (await count('sms')) > before);
    await scenario.sweep();
    // Of two codes that waited the newer one is sent, once.
    expect(await count('sms')).toBe(before + 1);
    await scenario.person.verify(codeFrom(await scenario.messages(), scenario.phone) ?? '');
  });
});

describe('a permission that is missing after the person was found', () => {
  let scenario: Scenario;
  let mails = 0;
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
  });
  afterAll(() => scenario.stop());

  it.each([
    ['searches', ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view']],
    ['the retention setting', ['analytics:dataRetention:view']],
    ['conversations', ['conversation:communication:view']],
    ['recordings', ['recording:recording:view', 'recording:recordingSegment:view']],
  ])('fails the request for %s, and is never taken for "there is none"', async (_name, missing) => {
    mails += 1;
    scenario.simulator.settings.missingPermissions = [];
    const requestId = await scenario.request({ ticketId: `T-${mails}` });
    await scenario.stepUp(mails);
    scenario.simulator.settings.missingPermissions = missing;
    const { reasonCode } = await scenario.untilState(requestId, 'failed');
    expect(reasonCode).toBe('sourcePermissionMissing');
  });
});

describe.each([
  ['an hour fast', hour],
  ['an hour slow', -hour],
])('a machine whose clock is %s', (_name, clockError) => {
  it('searches up to the present of the source, and makes links that live minutes', async () => {
    const scenario = await Scenario.start({ conversations: 3, clockError });
    try {
      const requestId = await scenario.request();
      const { names } = await scenario.fulfil(requestId);
      expect(names).toContain('data/conversations/0003/conversation.json');
      const { searched } = await scenario.status(requestId);
      expect(Math.abs(Date.parse(searched?.to ?? '') - Date.now())).toBeLessThan(2 * minute);
      const link = await scenario.person.link('page');
      const life = Date.parse(link.expiresAt) - Date.now();
      expect(life).toBeGreaterThan(8 * minute);
      expect(life).toBeLessThan(11 * minute);
    } finally {
      await scenario.stop();
    }
  });
});

describe('a request to which everything happens', () => {
  let scenario: Scenario;
  let requestId: string;
  let blobs: HttpProxy;
  let tables: HttpProxy;
  beforeAll(async () => {
    scenario = await Scenario.start({
      conversations: 5,
      simulator: { outage: true },
      between: async (ports) => {
        blobs = await HttpProxy.start(ports.blob);
        tables = await HttpProxy.start(ports.table);
        return { blob: blobs.port, table: tables.port };
      },
    });
    const waitsFor = (reason: string) =>
      eventually(reason, async () => {
        const { waiting } = await scenario.status(requestId);
        return waiting?.reasonCode === reason;
      });
    const goOn = (what: string, look: () => Promise<boolean>) =>
      eventually(what, async () => {
        await scenario.advanceClock(31_000);
        return look();
      });
    requestId = await scenario.request();
    await waitsFor('sourceUnavailable');
    await scenario.refuseMessages(true);
    scenario.simulator.settings.outage = false;
    await goOn('a refused mail', async () => {
      const { waiting } = await scenario.status(requestId);
      return waiting?.reasonCode === 'messageNotAccepted';
    });
    await scenario.refuseMessages(false);
    await goOn('the mail', async () => (await scenario.messages()).length > 0);
    await scenario.person.open(await scenario.link());
    await scenario.refuseMessages(true);
    await scenario.person.call('POST', 'code').catch(() => undefined);
    await scenario.refuseMessages(false);
    // Everything that the source lists and then does not hand over makes the request fail.
    const { organisation } = scenario.generated;
    scenario.simulator.settings.hidden = organisation.conversations.flatMap(({ recordings }) =>
      recordings.map(({ id }) => id),
    );
    blobs.trap = {
      matches: (call) => call.startsWith('PUT') && call.includes('/scratch/'),
      when: 'before',
      act: () => {
        blobs.isDown = true;
        return Promise.resolve();
      },
    };
    await scenario.person.verify(await scenario.code());
    await waitsFor('storageUnavailable');
    blobs.isDown = false;
    await goOn('the end', async () => (await scenario.status(requestId)).state === 'failed');
    expect(blobs.sprung).toBe(1);
  }, 120_000);
  afterAll(async () => {
    await scenario.stop();
    await Promise.all([blobs.stop(), tables.stop()]);
  });

  it('fails with the reason', async () => {
    expect((await scenario.status(requestId)).reasonCode).toBe('packageIncomplete');
  });

  describe('leaves of the person, errors included,', () => {
    privacyTests(
      () => scenario,
      () => requestId,
    );
  });
});
