import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generated } from '../../local/genesys/generate';
import { Subject } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { foundOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

const day = 86_400_000;
/** Milliseconds that no test waits for: recordings are ready when the test says so. */
const neverReady = 600_000;

interface Evidence {
  isNeeded: boolean;
  reasonCode: string | null;
  candidates: { contactId: string; matches: { verdict: string }[] }[];
  decision: object | null;
}

const decided = { justification: 'Spoke with the person.' };

const others = ({ organisation, subject }: Generated) =>
  organisation.contacts.filter(({ id }) => id !== subject.id);

let scenario: Scenario;
let officer: Officer;
beforeAll(async () => {
  // Two of the three pages are exported at once: one has not been begun while recordings are waited for.
  scenario = await Scenario.start({
    conversations: 6,
    // A person who has called and written.
    seed: 26,
    settings: { CONVERSATIONS_PER_PAGE: '2', EXPORT_CONCURRENCY: '2' },
  });
  officer = new Officer(scenario);
});
afterEach(() => officer.endRequests());
afterAll(() => scenario.stop());

describe('an officer', () => {
  let mails = 0;
  const subjectId = () => scenario.generated.subject.id;
  const twoPeople = () => [
    { type: 'email', value: scenario.email },
    { type: 'email', value: others(scenario.generated)[0]?.emails[0]?.address },
  ];
  const invited = async (ticketId: string): Promise<string> => {
    const toPerson = ({ to }: { to: string }): boolean => to === scenario.email;
    mails = (await scenario.messages()).filter(toPerson).length + 1;
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    return scenario.request({ ticketId });
  };

  it('sees why a decision is needed and the candidates, without names, addresses or content', async () => {
    const requestId = await scenario.request({ ticketId: 'T-two', identifiers: twoPeople() });
    await scenario.untilState(requestId, 'needsDecision');
    const evidence = await officer.read<Evidence>(`/${requestId}/decision`);
    expect(evidence).toMatchObject({
      isNeeded: true,
      reasonCode: 'ambiguousContact',
      decision: null,
    });
    expect(evidence.candidates.map(({ contactId }) => contactId)).toEqual([
      scenario.generated.subject.id,
      others(scenario.generated)[0]?.id,
    ]);
    expect(evidence.candidates.map(({ matches }) => matches.map(({ verdict }) => verdict))).toEqual(
      [
        ['same', 'differs'],
        ['differs', 'same'],
      ],
    );
    const text = JSON.stringify(evidence);
    for (const secret of [scenario.email, scenario.phone, scenario.generated.subject.lastName])
      expect(text).not.toContain(secret);
  });

  it('decides who is meant, and only that person is invited', async () => {
    const requestId = await scenario.request({ ticketId: 'T-decide', identifiers: twoPeople() });
    await scenario.untilState(requestId, 'needsDecision');
    const before = (await scenario.messages()).length;
    expect(
      (await officer.post(`/${requestId}/decision`, { ...decided, contactIds: [subjectId()] }))
        .status,
    ).toBe(200);
    await eventually(
      'the invitation',
      async () => (await scenario.status(requestId)).state === 'awaitingVerification',
    );
    const toPeople = ({ to }: { to: string }): boolean => to !== 'privacy@shop.example';
    const sent = (await scenario.messages()).slice(before).filter(toPeople);
    expect(sent.map(({ to }) => to)).toEqual([scenario.email]);
    const { custody, isIntact } = await officer.read<{
      custody: { event: string }[];
      isIntact: boolean;
    }>(`/${requestId}/custody`);
    expect(isIntact).toBe(true);
    expect(custody).toContainEqual(
      expect.objectContaining({
        event: 'decided',
        annotation: { displayName: 'officer', justification: decided.justification },
      }),
    );
  });

  it('is reminded of a request that waits, and it never goes on by itself', async () => {
    const requestId = await scenario.request({ ticketId: 'T-remind', identifiers: twoPeople() });
    await scenario.untilState(requestId, 'needsDecision');
    const reminders = async () =>
      (await scenario.messages()).filter(
        ({ to, text }) => to === 'privacy@shop.example' && text.includes(requestId),
      ).length;
    // Once at once, then every three days.
    for (const count of [2, 3]) {
      await scenario.untilStep(requestId, 'waitForDecision');
      await scenario.advanceClock(3 * day + 2000);
      await eventually('the reminder', async () => (await reminders()) === count);
    }
    expect((await scenario.status(requestId)).state).toBe('needsDecision');
  });

  it('cancels a request that waits: nothing of the person is left, and the link opens nothing', async () => {
    const requestId = await invited('T-cancel');
    const link = await scenario.link(mails);
    expect(
      (
        await officer.post(`/${requestId}/cancel`, {
          reasonCode: 'withdrawn',
          justification: 'By phone.',
        })
      ).status,
    ).toBe(200);
    await scenario.untilState(requestId, 'cancelled');
    await eventually('the end of the link', () =>
      scenario.person.open(link).then(
        () => false,
        (error: { code: string }) => error.code === 'invitationNotFound',
      ),
    );
    expect((await officer.post(`/${requestId}/retry`, { justification: 'x' })).code).toBe(
      'notFailed',
    );
    await eventually('the end of the evidence', async () => {
      const { candidates } = await officer.read<{ candidates: unknown[] }>(
        `/${requestId}/decision`,
      );
      return candidates.length === 0;
    });
  });

  it('recalls a package: it cannot be opened any more, by nobody', async () => {
    const requestId = await invited('T-recall');
    await scenario.stepUp(mails);
    await scenario.untilState(requestId, 'available');
    await scenario.stepUp(mails + 1);
    const { url } = await scenario.person.link();
    expect(
      (await officer.post(`/${requestId}/recall`, { justification: 'Wrong person.' })).status,
    ).toBe(200);
    await expect(scenario.person.call('POST', 'passphrase')).rejects.toMatchObject({
      code: 'sessionEnded',
    });
    await eventually('the end of the package', async () => (await fetch(url)).status === 404);
    expect((await scenario.status(requestId)).state).toBe('recalled');
    expect(
      (await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification: 'x' }))
        .code,
    ).toBe('wrongState');
  });

  it('takes a request up again that had failed before anybody was found, from the start', async () => {
    const { settings } = scenario.simulator;
    settings.missingPermissions = ['externalContacts:contact:view'];
    const requestId = await scenario.request({ ticketId: 'T-permission' });
    await scenario.untilState(requestId, 'failed');
    settings.missingPermissions = [];
    await officer.post(`/${requestId}/retry`, { justification: 'Granted.' });
    await scenario.untilState(requestId, 'awaitingVerification');
  });
});

describe('a collection', () => {
  beforeEach(() => Object.assign(scenario.simulator.settings, { transcodeDuration: 100 }));

  /** Makes a request of the person; says which mail is the next. */
  const ask = async (ticketId: string): Promise<{ requestId: string; next: number }> => {
    scenario.simulator.state.transcodes.clear();
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    const next = (await scenario.mailsToPerson()).length + 1;
    return { requestId: await scenario.request({ ticketId }), next };
  };
  /** The same of a person who proves who they are. */
  const begin = async (ticketId: string): Promise<{ requestId: string; next: number }> => {
    const { requestId, next } = await ask(ticketId);
    await scenario.stepUp(next);
    return { requestId, next: next + 1 };
  };
  const collecting = (requestId: string): Promise<boolean> =>
    eventually('the collection', async () => {
      const { progress } = await scenario.status(requestId);
      return (progress.audio['pending'] ?? 0) > 0;
    });
  const downloadedNames = async (next: number): Promise<string[]> => {
    await scenario.stepUp(next);
    return (await scenario.fetchPackage()).names;
  };

  it('follows a decision that is corrected meanwhile: what was collected under the first one is collected anew', async () => {
    const { subject } = scenario.generated;
    const home = subject.phones[1];
    if (!home) throw new Error('the subject has one number only');
    const other = others(scenario.generated)[5];
    const first = foundOf(scenario.generated).find(({ channel }) => channel === 'voice');
    if (!other || !first) throw new Error('the subject has no call');
    const before = { phones: other.phones, linked: first.linked, address: first.address };
    // Nothing but the shared number ties this call to the person.
    other.phones = [...other.phones, { ...home }];
    Object.assign(first, { linked: false, address: home.e164 });
    scenario.simulator.settings.transcodeDuration = neverReady;
    try {
      const { requestId, next } = await ask('T-corrected');
      await scenario.untilState(requestId, 'needsDecision');
      // The request gives a mailbox, number 1; the numbers on file follow, the shared one is the second.
      const answer = (verdict: 'include' | 'withhold') => ({
        ...decided,
        contactIds: [subject.id],
        identifiers: [{ identifier: 3, verdict }],
      });
      await officer.post(`/${requestId}/decision`, answer('withhold'));
      await scenario.stepUp(next);
      const collected = await eventually('the collection', async () => {
        const { progress, conversations } = await scenario.status(requestId);
        return (progress.audio['pending'] ?? 0) > 0 && conversations;
      });
      expect(collected).toBe(5);
      const corrected = answer('include');
      expect((await officer.post(`/${requestId}/decision`, corrected)).status).toBe(200);
      scenario.simulator.settings.transcodeDuration = 0;
      const { conversations } = await scenario.untilState(requestId, 'available');
      expect(conversations).toBe(6);
      await scenario.stepUp(next + 1);
      const { folder, names } = await scenario.fetchPackage();
      expect(new Set(names).size).toBe(names.length);
      const table = readFileSync(join(folder, 'data/conversations.csv'), 'utf8');
      expect(table).toContain(first.id);
      expect((await officer.post(`/${requestId}/decision`, corrected)).code).toBe('tooLate');
    } finally {
      other.phones = before.phones;
      Object.assign(first, { linked: before.linked, address: before.address });
    }
  });

  it('that failed is taken up again: it collects what was missing and nothing twice, once the source hands it over', async () => {
    const { organisation, subject } = scenario.generated;
    const own = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
    const recording = own.flatMap(({ recordings }) => recordings.map(({ id }) => id)).at(-1);
    const email = own.flatMap(({ emails }) => emails.map(({ id }) => id)).at(-1);
    if (!recording || !email) throw new Error('the subject has not called and written');
    scenario.simulator.settings.hidden = [recording, email];
    const { requestId, next } = await begin('T-failed');
    const failed = await scenario.untilState(requestId, 'failed');
    expect(failed.reasonCode).toBe('packageIncomplete');
    scenario.simulator.settings.hidden = [];
    expect((await officer.post(`/${requestId}/retry`, { justification: 'Repaired.' })).status).toBe(
      200,
    );
    await scenario.untilState(requestId, 'available');
    const names = await downloadedNames(next);
    expect(new Set(names).size).toBe(names.length);
    const status = await scenario.status(requestId);
    for (const counts of Object.values(status.progress)) expect(counts['failed']).toBe(0);
    expect(status.conversations).toBe(6);
  });

  it('whose orchestration an operator has ended is told again, and nothing comes twice', async () => {
    scenario.simulator.settings.transcodeDuration = neverReady;
    const { requestId, next } = await begin('T-ended');
    await collecting(requestId);
    const { url, keys } = scenario.stack.operations;
    const ended = await fetch(
      `${url}/runtime/webhooks/durabletask/instances/request-${requestId}/terminate?reason=x`,
      { method: 'POST', headers: { 'x-functions-key': keys.durable } },
    );
    expect(ended.status).toBe(202);
    // Its sub-orchestrations go on beside the new ones, as children do on Azure.
    await scenario.sweep();
    await eventually('the new ones', async () => {
      const { runtimeStatus, historyEvents } = await scenario.durable<{
        runtimeStatus: string;
        historyEvents: { Name?: string }[];
      }>(`instances/request-${requestId}?showHistory=true`);
      const isExporting = historyEvents.some(({ Name: name }) => name === 'exportWorker');
      return runtimeStatus === 'Running' && isExporting;
    });
    scenario.simulator.settings.transcodeDuration = 0;
    await scenario.untilState(requestId, 'available');
    const names = await downloadedNames(next);
    expect(new Set(names).size).toBe(names.length);
    const { progress } = await scenario.status(requestId);
    expect(progress.audio['exported']).toBe(progress.audio['expected']);
    expect(progress.conversation['exported']).toBe(6);
  });

  it('that is cancelled stops within a minute, and leaves nothing', async () => {
    scenario.simulator.settings.transcodeDuration = neverReady;
    const { requestId } = await begin('T-cancelled');
    await collecting(requestId);
    await officer.post(`/${requestId}/cancel`, {
      reasonCode: 'withdrawn',
      justification: 'Withdrawn.',
    });
    const cancelledAt = Date.now();
    await eventually('the end', async () => {
      const instance = await scenario.durable<{ runtimeStatus: string }>(
        `instances/request-${requestId}`,
      );
      return instance.runtimeStatus === 'Completed';
    });
    expect(Date.now() - cancelledAt).toBeLessThan(60_000);
    const calls = scenario.exchanges.length;
    await scenario.advanceClock(day);
    await scenario.sweep();
    expect(scenario.exchanges.length).toBe(calls);
    const status = await scenario.status(requestId);
    expect(status.state).toBe('cancelled');
    expect(status.progress.audio['expected']).toBe(0);
  });
});
