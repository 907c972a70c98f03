import type { Generated } from '../../local/genesys/generate';
import type { OrgRecording } from '../../local/genesys/organisation';
import { Subject } from '../../local/portal-client';
import { organisationOf } from '../helpers/organisation';
import { type Downloaded, Scenario, type Status } from '../helpers/scenario';

const organisation = (): Generated => organisationOf(8, 41);

/** The subject's audio recordings that can be found, one of each conversation. */
const audioOf = ({ organisation: { conversations }, subject }: Generated): OrgRecording[] =>
  conversations
    .filter(({ ownerId, start }) => ownerId === subject.id && start > '2022')
    .flatMap(({ recordings }) => recordings.slice(0, 1))
    .filter(({ media }) => media === 'audio');

/** Makes requests of one person, one after the other, with what the source holds changed between them. */
class Requests {
  private mails = 0;
  private tickets = 0;

  constructor(readonly scenario: Scenario) {}

  /** A request up to the state wanted. */
  async until(state: string): Promise<Status> {
    const { scenario } = this;
    this.tickets += 1;
    scenario.simulator.state.transcodes.clear();
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    const requestId = await scenario.request({ ticketId: `T-${this.tickets}` });
    this.mails += 1;
    await scenario.stepUp(this.mails);
    const status = await scenario.untilState(requestId, state);
    if (state === 'available') {
      // The second mail belongs to this request; the next one counts its own.
      this.mails += 1;
      await scenario.link(this.mails);
    }
    return status;
  }

  async package(): Promise<{ status: Status; downloaded: Downloaded }> {
    const status = await this.until('available');
    await this.scenario.stepUp(this.mails);
    return { status, downloaded: await this.scenario.fetchPackage() };
  }

  /** Calls that were made since this was asked for. */
  watch(): () => { method: string; operation: string; status: number }[] {
    const from = this.scenario.exchanges.length;
    return () =>
      this.scenario.exchanges
        .slice(from)
        .map(({ method, operation, status }) => ({ method, operation: operation ?? '', status }));
  }
}

let scenario: Scenario;
let requests: Requests;

/** Keeps what a test changes of the source from the next one, whichever that is. */
function keepApart({ organisation: { conversations } }: Generated): void {
  const kept = conversations.flatMap(({ recordings }) =>
    recordings.map((recording) => ({ recording, before: { ...recording } })),
  );
  beforeEach(() => {
    for (const { recording, before } of kept) Object.assign(recording, before);
    const { settings, state } = scenario.simulator;
    settings.hidden = [];
    settings.missingPermissions = [];
    state.restorations.clear();
    scenario.simulator.setFaults([]);
  });
}

const start = async (options: Parameters<typeof Scenario.start>[0]): Promise<void> => {
  scenario = await Scenario.start(options);
  requests = new Requests(scenario);
};
const wavFiles = ({ names }: Downloaded): string[] =>
  names.filter((name) => /\/audio-\d+\.wav$/.test(name));
const allExported = ({ progress }: Status): void => {
  expect(progress.audio['expected']).toBeGreaterThan(3);
  expect(progress.audio['exported']).toBe(progress.audio['expected']);
};

describe('recordings whose media is not at hand', () => {
  const generated = organisation();
  beforeAll(() => start({ generated }));
  afterAll(() => scenario.stop());
  keepApart(generated);
  const [first, second, third] = audioOf(generated);

  it('are listed with the reason: archived ones, and those that retention has deleted', async () => {
    if (!first || !second || !third) throw new Error('too few recordings');
    first.fileState = 'DELETED';
    second.fileState = 'ARCHIVED';
    third.fileState = 'ARCHIVED';
    const { progress, availability } = await requests.until('available');
    expect([progress.audio['archived'], progress.audio['expired']]).toEqual([2, 1]);
    const text = availability?.join(' ') ?? '';
    expect(text).toContain('2 recordings archived in the source and not restored');
    expect(text).toContain('1 recording deleted in the source by its retention rules');
  });

  it('are not exported where the source would hand over what it leaves of them', async () => {
    for (const recording of audioOf(generated)) recording.isSensitive = true;
    scenario.simulator.settings.missingPermissions = ['recording:recording:viewSensitiveData'];
    const { reasonCode, missingPermissions, progress } = await requests.until('failed');
    expect(reasonCode).toBe('sourcePermissionMissing');
    expect(missingPermissions).toEqual(['recording:recording:viewSensitiveData']);
    expect(progress.audio['exported']).toBe(0);
  });
});

describe('recordings in batches', () => {
  const generated = organisation();
  beforeAll(() =>
    start({
      generated,
      settings: {
        RECORDING_EXPORTER: 'batch',
        RESTORE_ARCHIVED: 'true',
        CONVERSATIONS_PER_PAGE: '20',
      },
    }),
  );
  afterAll(() => scenario.stop());
  keepApart(generated);

  it('take a call or two for a page of them', async () => {
    const calls = requests.watch();
    const status = await requests.until('available');
    allExported(status);
    const isForAudio = ({ operation }: { operation: string }): boolean =>
      operation.includes('/batchrequests');
    expect(calls().filter(isForAudio).length).toBeLessThan(status.progress.audio['expected'] ?? 0);
  });

  it('are asked for anew when a batch is gone or a transfer breaks, and come once', async () => {
    const fault = (match: string, kind: 'jobExpired' | 'truncated' | 'urlExpired') => ({
      match,
      fault: kind,
      after: 0,
      times: 1,
      milliseconds: 0,
    });
    scenario.simulator.setFaults([
      fault('^GET .*/batchrequests/', 'jobExpired'),
      fault('^GET /media/', 'truncated'),
      fault('^GET /media/.*wav', 'urlExpired'),
    ]);
    const { status, downloaded } = await requests.package();
    expect(scenario.simulator.faults.isSpent).toBe(true);
    expect(new Set(downloaded.names).size).toBe(downloaded.names.length);
    expect(wavFiles(downloaded)).toHaveLength(status.progress.audio['expected'] ?? -1);
    allExported(status);
  });

  it('are restored one by one, waited for and exported where they are archived', async () => {
    for (const recording of audioOf(generated).slice(0, 2)) recording.fileState = 'ARCHIVED';
    allExported(await requests.until('available'));
    expect(scenario.simulator.state.restorations.size).toBe(2);
  });

  it('stop the release when a batch does not hand over what was asked for', async () => {
    scenario.simulator.settings.hidden = audioOf(generated).map(({ id }) => id);
    expect((await requests.until('failed')).reasonCode).toBe('packageIncomplete');
  });
});

describe('recordings by the bulk export', () => {
  const generated = organisation();
  const jobs = (calls: { method: string; operation: string; status: number }[]) =>
    calls.filter(
      ({ method, operation }) => method === 'POST' && operation === '/api/v2/recording/jobs',
    );
  beforeAll(() =>
    start({
      generated,
      bulk: true,
      // A job takes four seconds in all, in which it is asked about a few times.
      settings: { CONVERSATIONS_PER_PAGE: '2', POLL_SECONDS: '0.4' },
      // Long enough for a third page to come while two jobs are under way.
      simulator: { jobDuration: 2000 },
    }),
  );
  afterAll(() => scenario.stop());
  keepApart(generated);

  it('stop the release when the job says that it has failed with some', async () => {
    const [, last] = audioOf(generated).reverse();
    scenario.simulator.settings.hidden = [last?.id ?? ''];
    const { reasonCode, progress } = await requests.until('failed');
    expect([reasonCode, progress.audio['failed']]).toEqual(['packageIncomplete', 1]);
  });

  it('wait while the organisation has two jobs, try a failed one again, and come once', async () => {
    // As if nothing had been exported before: another organisation's folder.
    scenario.simulator.state.organisation.id = '00000000-0000-4000-a000-00000000000b';
    await scenario.stack.restartHost();
    scenario.simulator.setFaults([
      {
        match: '^GET .*/recording/jobs/[^/]+$',
        fault: 'jobFailed',
        after: 1,
        times: 1,
        milliseconds: 0,
      },
    ]);
    const calls = requests.watch();
    const { status, downloaded } = await requests.package();
    allExported(status);
    expect(wavFiles(downloaded)).toHaveLength(status.progress.audio['expected'] ?? -1);
    expect(jobs(calls()).some((job) => job.status === 400)).toBe(true);
    expect(scenario.simulator.faults.isSpent).toBe(true);
    // No job of the export is deleted: that would cancel it. The check of permissions deletes one that
    // there is not, and its own, which is never executed.
    const deleted = calls().filter(({ method }) => method === 'DELETE');
    expect(deleted.map((call) => call.status)).toEqual([404, 204]);
  });

  it('are exported anew for a later request, because those of an earlier one are deleted', async () => {
    const calls = requests.watch();
    allExported(await requests.until('available'));
    const executed = calls().filter(
      ({ method, operation }) =>
        method === 'PUT' && operation.startsWith('/api/v2/recording/jobs/'),
    );
    // The check of permissions executes a job that there is not.
    expect(executed.filter(({ status }) => status === 404)).toHaveLength(1);
    expect(executed.filter(({ status }) => status < 300).length).toBeGreaterThan(0);
  });
});
