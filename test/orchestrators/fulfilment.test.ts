import { day, expectEnd, hour, orchestration } from '../helpers/orchestration';
import { invited, verified } from '../helpers/stages';

/** Activities that fulfil a request, with what the custom status says while each runs. */
const toInvitation = [
  ['readRequest', 'readRequest'],
  ['resolveContact', 'resolveContact'],
  ['invite', 'invite'],
  ['moveRequest', 'moveRequest'],
  ['readRequest', 'readRequest'],
];
const toPackage = [
  ['readRequest', 'readRequest'],
  ['probeSource', 'probeSource'],
  ['beginExportAttempt', 'beginExportAttempt'],
  ['planSearches', 'planSearches'],
  ['advanceSearches', 'searching'],
  ['findDoubtful', 'findDoubtful'],
  ['planPages', 'planPages'],
  ['exportPerson', 'exporting'],
  ['exportPage', 'exporting'],
  ['reconcile', 'reconcile'],
  ['moveRequest', 'moveRequest'],
  ['writePackageMetadata', 'writePackageMetadata'],
  ['commitPackage', 'commitPackage'],
  ['verifyPackage', 'verifyPackage'],
  ['reconcile', 'reconcile'],
  ['release', 'release'],
  ['announce', 'announce'],
  ['readRequest', 'readRequest'],
];
const toEnd = [
  ['readRequest', 'readRequest'],
  ['sendEndNotice', 'sendEndNotice'],
  ['cleanUp', 'cleanUp'],
  ['moveRequest', 'moveRequest'],
];

describe('a request that is fulfilled', () => {
  it('goes through its steps in order, and its custom status names each', async () => {
    const run = orchestration();
    const steps = () =>
      run.calls.map(({ name, status }) => [name, (status as { step: string }).step]);
    await run.start();
    expect(steps()).toEqual(toInvitation);
    expect(run.step).toBe('waitForVerification');
    await run.change((request) => (request.isVerified = true));
    expect(steps()).toEqual([...toInvitation, ...toPackage]);
    expect(run.step).toBe('waitForExpiry');
    await run.pass(7 * day);
    expect(steps()).toEqual([...toInvitation, ...toPackage, ...toEnd]);
    expectEnd(run, 'expired');
    expect(run.request).toMatchObject({
      isStored: false,
      messages: ['invitation', 'available', 'end expired'],
    });
    expect(run.request.states).toEqual([
      'received',
      'awaitingVerification',
      'identifying',
      'exporting',
      'packaging',
      'available',
      'expired',
    ]);
  });

  it('counts groups, pages and conversations in its custom status, and nothing else', async () => {
    const run = await verified({ groups: 3, pages: 7 });
    await run.pass(7 * day);
    const statuses = run.calls.map(({ status }) => status);
    expect(statuses).toContainEqual({ step: 'searching', groups: 3 });
    expect(statuses).toContainEqual({ step: 'exporting', pages: 7, conversations: 350 });
    const counted = statuses.filter((status) => Object.keys(status as object).length > 1);
    expect(new Set(counted.map((status) => JSON.stringify(status))).size).toBe(2);
  });

  it('gives every activity the id of the request, and the moves their states', async () => {
    const run = await verified();
    await run.pass(7 * day);
    for (const { input } of run.calls) expect(input.requestId).toBe(run.requestId);
    expect(run.callsOf('moveRequest').map(({ input }) => input)).toEqual(
      ['awaitingVerification', 'packaging', 'expired'].map((to) => ({
        requestId: run.requestId,
        to,
      })),
    );
  });

  it('exports nothing before the person has verified their identity', async () => {
    const run = await invited();
    await run.pass(7 * day - hour);
    await run.raise();
    expect(run.names).not.toContain('probeSource');
    expect(run.suffixes).toEqual(['']);
  });

  it('runs every orchestrator that a request needs, each under an id that follows from it', async () => {
    const run = await verified({ groups: 2, pages: 2 });
    expect(run.suffixes).toEqual([
      '',
      '-search-1',
      '-search-2',
      '-person',
      '-worker-1',
      '-worker-2',
    ]);
    for (const suffix of run.suffixes.slice(1)) {
      const child = run.instanceOf(suffix);
      expect(child.status).toBe('Completed');
      expect(JSON.parse(child.output ?? '')).toEqual({ kind: 'done' });
    }
  });

  it('reads the package back part by part until the end', async () => {
    const run = orchestration();
    run.next('verifyPackage', { kind: 'done', value: { next: 40 } });
    run.next('verifyPackage', { kind: 'done', value: { next: 80 } });
    await verified({}, run);
    expect(run.callsOf('verifyPackage').map(({ input }) => input.from)).toEqual([0, 40, 80]);
    expect(run.request.state).toBe('available');
  });

  it('exports no page where no conversation is found, and the records of the person anyway', async () => {
    const run = await verified({ pages: 0 });
    expect(run.names).not.toContain('exportPage');
    expect(run.callsOf('exportPerson')).toHaveLength(1);
    expect(run.request.state).toBe('available');
  });

  it('searches no group where nothing is planned', async () => {
    const run = await verified({ groups: 0 });
    expect(run.suffixes).toEqual(['', '-person', '-worker-1']);
    expect(run.request.state).toBe('available');
  });
});

describe('a request that is started again', () => {
  it('does not invite again who has verified their identity', async () => {
    const run = orchestration();
    run.request.move('awaitingVerification');
    run.request.isVerified = true;
    await run.start();
    expect(run.names).not.toContain('invite');
    expect(run.names).not.toContain('resolveContact');
    expect(run.request.state).toBe('available');
  });

  it.each(['available', 'delivered'] as const)(
    'exports nothing again whose package is %s, and waits for its end',
    async (state) => {
      const run = await verified();
      if (state === 'delivered') run.request.move('delivered');
      const before = run.names.length;
      await run.terminate();
      await run.pass(3 * day);
      await run.start();
      expect(run.names.slice(before)).toEqual([
        'readRequest',
        'release',
        'announce',
        'readRequest',
      ]);
      expect(run.request.state).toBe(state);
      await run.pass(4 * day);
      expectEnd(run, 'expired');
    },
  );

  it.each(['cancelled', 'refused'] as const)(
    'only cleans up when it was %s while no instance ran',
    async (state) => {
      const run = orchestration();
      run.request.move(state);
      await run.start();
      expect(run.names).toEqual(['readRequest', 'readRequest', 'sendEndNotice', 'cleanUp']);
      expectEnd(run, state);
    },
  );
});
