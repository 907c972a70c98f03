import { HttpProxy } from '../helpers/fault-proxy';
import { privacyTests } from '../helpers/privacy';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

describe('a request to which everything happens', () => {
  let scenario: Scenario;
  let requestId: string;
  let blobs: HttpProxy;
  let tables: HttpProxy;
  beforeAll(async () => {
    scenario = await Scenario.start({
      // Its log is read as well.
      ownStorage: true,
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
