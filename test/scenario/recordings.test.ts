import { generateOrganisation, type Generated } from '../../local/genesys/generate';
import type { OrgRecording } from '../../local/genesys/organisation';
import { Subject } from '../../local/subject';
import { Scenario, type Status } from '../helpers/scenario';

/** An organisation in which some of the subject's audio recordings are as a test wants them. */
function organisationWith(count: number, change: (recording: OrgRecording) => void): Generated {
  const generated = generateOrganisation({ seed: 41, conversations: 8, now: new Date() });
  generated.organisation.conversations
    .filter(({ ownerId, start }) => ownerId === generated.subject.id && start > '2022')
    .flatMap(({ recordings }) => recordings.slice(0, 1))
    .filter(({ media }) => media === 'audio')
    .slice(0, count)
    .forEach(change);
  return generated;
}

async function run(
  options: Parameters<typeof Scenario.start>[0],
  state: string,
  look: (status: Status, scenario: Scenario) => Promise<void> | void,
): Promise<void> {
  const scenario = await Scenario.start(options);
  try {
    const requestId = await scenario.request();
    await scenario.stepUp();
    await look(await scenario.untilState(requestId, state), scenario);
  } finally {
    await scenario.stop();
  }
}

const archive = (recording: OrgRecording): void => {
  recording.fileState = 'ARCHIVED';
};

describe('recordings whose media is not at hand', () => {
  it('are listed with the reason: archived ones, and those that retention has deleted', async () => {
    let next = 0;
    const generated = organisationWith(3, (recording) => {
      recording.fileState = next === 0 ? 'DELETED' : 'ARCHIVED';
      next += 1;
    });
    await run({ generated }, 'available', ({ progress, availability }) => {
      expect([progress.audio['archived'], progress.audio['expired']]).toEqual([2, 1]);
      const text = availability?.join(' ') ?? '';
      expect(text).toContain('2 recordings archived in the source and not restored');
      expect(text).toContain('1 recording deleted in the source by its retention rules');
    });
  });

  it('are restored, waited for and exported where policy says so', async () => {
    const settings = { RESTORE_ARCHIVED: 'true' };
    await run(
      { generated: organisationWith(2, archive), settings },
      'available',
      ({ progress }, { simulator }) => {
        expect(progress.audio['archived']).toBe(0);
        expect(progress.audio['exported']).toBe(progress.audio['expected']);
        expect(simulator.state.restorations.size).toBe(2);
      },
    );
  });

  it('stop the release where the source leaves them out silently', async () => {
    const generated = organisationWith(2, (recording) => {
      recording.isSensitive = true;
    });
    const simulator = { missingPermissions: ['recording:recording:viewSensitiveData'] };
    await run({ generated, simulator }, 'failed', ({ reason, progress }) => {
      expect(reason).toBe('packageIncomplete');
      expect(progress.audio['failed']).toBe(2);
    });
  });
});

describe('recordings in batches', () => {
  const settings = { RECORDING_EXPORTER: 'batch' };
  const generated = organisationWith(0, archive);

  it('take fewer calls than one by one', async () => {
    const calls: Record<string, number> = {};
    for (const exporter of ['batch', 'formatted']) {
      await run(
        { generated, settings: { RECORDING_EXPORTER: exporter } },
        'available',
        (_status, { exchanges }) => {
          calls[exporter] = exchanges.filter(
            ({ operation }) =>
              operation?.includes('/batchrequests') === true ||
              operation?.endsWith('/recordings/{recordingId}') === true,
          ).length;
        },
      );
    }
    expect(calls['batch']).toBeLessThan(calls['formatted'] ?? 0);
  });

  it('are asked for anew when a batch is gone or a transfer breaks, and come once', async () => {
    await run({ generated, settings }, 'available', async ({ progress }, scenario) => {
      const { names } = await scenario.download();
      expect(names.filter((name) => name.endsWith('.wav'))).toHaveLength(
        progress.audio['expected'] ?? 0,
      );
    });
    const scenario = await Scenario.start({ generated, settings });
    try {
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
      const requestId = await scenario.request();
      const { names } = await scenario.fulfil(requestId);
      expect(scenario.simulator.faults.isSpent).toBe(true);
      expect(new Set(names).size).toBe(names.length);
      const { progress } = await scenario.status(requestId);
      expect(progress.audio['exported']).toBe(progress.audio['expected']);
    } finally {
      await scenario.stop();
    }
  });

  it('stop the release when a batch does not hand over what was asked for', async () => {
    const hidden = generated.organisation.conversations
      .filter(({ ownerId }) => ownerId === generated.subject.id)
      .flatMap(({ recordings }) => recordings.map(({ id }) => id));
    await run({ generated, settings, simulator: { hidden } }, 'failed', ({ reason }) => {
      expect(reason).toBe('packageIncomplete');
    });
  });
});

describe('recordings by the bulk export', () => {
  const generated = organisationWith(0, archive);
  const jobs = ({ exchanges }: Scenario) =>
    exchanges.filter(
      ({ method, operation }) => method === 'POST' && operation === '/api/v2/recording/jobs',
    );

  it('come from the bucket, each once; a second request finds them there', async () => {
    const scenario = await Scenario.start({ generated, bulk: true });
    try {
      const requestId = await scenario.request();
      const { names } = await scenario.fulfil(requestId);
      const { progress } = await scenario.status(requestId);
      const audio = names.filter((name) => name.endsWith('.wav'));
      expect(audio).toHaveLength(progress.audio['expected'] ?? -1);
      expect(progress.audio['exported']).toBe(progress.audio['expected']);
      const asked = jobs(scenario);
      expect(asked.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
      // No finished job is deleted: that would cancel it.
      expect(
        scenario.exchanges
          .filter(({ method }) => method === 'DELETE')
          .every(({ path }) => path.includes('/details/jobs/')),
      ).toBe(true);
      scenario.adopt(new Subject(scenario.stack.hostUrl));
      const second = await scenario.request({ ticketId: 'T-2' });
      await scenario.stepUp(3);
      await scenario.untilState(second, 'available');
      expect(jobs(scenario)).toHaveLength(asked.length);
    } finally {
      await scenario.stop();
    }
  });

  it('wait while the organisation has two jobs under way, and try a failed one again', async () => {
    const settings = { PAGE_CONVERSATIONS: '2', PAGE_LANES: '4' };
    const scenario = await Scenario.start({
      generated,
      bulk: true,
      settings,
      simulator: { jobDuration: 1500 },
    });
    try {
      scenario.simulator.setFaults([
        {
          match: '^GET .*/recording/jobs/[^/]+$',
          fault: 'jobFailed',
          after: 1,
          times: 1,
          milliseconds: 0,
        },
      ]);
      const requestId = await scenario.request();
      await scenario.stepUp();
      const { progress } = await scenario.untilState(requestId, 'available');
      expect(progress.audio['exported']).toBe(progress.audio['expected']);
      expect(jobs(scenario).some(({ status }) => status === 400)).toBe(true);
      expect(scenario.simulator.faults.isSpent).toBe(true);
    } finally {
      await scenario.stop();
    }
  });

  it('stop the release when the job says that it has failed with some', async () => {
    const hidden = generated.organisation.conversations
      .filter(({ ownerId }) => ownerId === generated.subject.id)
      .flatMap(({ recordings }) =>
        recordings.filter(({ media }) => media === 'audio').map(({ id }) => id),
      )
      .slice(0, 3);
    await run(
      { generated, bulk: true, simulator: { hidden } },
      'failed',
      ({ reason, progress }) => {
        expect(reason).toBe('packageIncomplete');
        expect(progress.audio['failed']).toBeGreaterThan(0);
      },
    );
  });
});
