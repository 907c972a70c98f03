import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Officer } from '../helpers/officer';
import { eventually, root, Scenario } from '../helpers/scenario';

/** Runs `verify-custody`; returns its exit code and output. */
const verify = (args: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'dist/local/verify-custody.js'), ...args]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => done({ code, output }));
  });

describe('the custody record of a whole request', () => {
  let scenario: Scenario;
  let requestId: string;
  let document: { entries: Record<string, unknown>[] };
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
    requestId = await scenario.request();
    await scenario.fulfil(requestId);
    const officer = new Officer(scenario);
    await officer.post(`/${requestId}/recall`, { justification: 'Sent to Maria by mistake.' });
    await scenario.untilState(requestId, 'recalled');
    document = await eventually('the deletion', async () => {
      const found = await officer.read<typeof document>(`/${requestId}/custody`);
      return found.entries.some(({ event }) => event === 'deleted') && found;
    });
  }, 120_000);
  afterAll(() => scenario.stop());

  it('contains every search, match, verification, link and deletion, and no personal data', () => {
    const events = document.entries.map(({ event, to }) =>
      typeof to === 'string' ? `to ${to}` : event,
    );
    expect(events).toEqual(
      expect.arrayContaining([
        'to received',
        'matched',
        'messageSent',
        'codeSent',
        'stepUpAccepted',
        'searched',
        'to available',
        'passphraseShown',
        'linkMinted',
        'to recalled',
        'keyDestroyed',
        'downloadsLogged',
        'deleted',
      ]),
    );
    const text = JSON.stringify(document.entries);
    for (const secret of [scenario.email, scenario.phone, scenario.generated.subject.id, 'Maria'])
      expect(text).not.toContain(secret);
  });

  it('is checked by a command of its own, which detects changes', async () => {
    const file = join(scenario.state, 'custody.json');
    writeFileSync(file, JSON.stringify(document));
    expect(await verify([file])).toMatchObject({ code: 3 });
    const signed = await verify([file, '--issuer', scenario.stack.hostUrl]);
    expect(signed).toMatchObject({ code: 0 });
    expect(signed.output).toContain('the chain holds');
    const copy = structuredClone(document);
    copy.entries.splice(3, 1);
    writeFileSync(file, JSON.stringify(copy));
    expect((await verify([file])).code).toBe(1);
    const cut = structuredClone(document);
    cut.entries.pop();
    writeFileSync(file, JSON.stringify(cut));
    expect((await verify([file])).code).toBe(1);
    const other = { ...document, requestId: '00000000-0000-0000-0000-000000000000' };
    writeFileSync(file, JSON.stringify(other));
    expect((await verify([file, '--issuer', scenario.stack.hostUrl])).code).toBe(1);
    expect((await verify([])).code).toBe(2);
  });

  it('loses the names and justifications of officers at the end of their retention, and still holds', async () => {
    const custody = () =>
      new Officer(scenario).read<{ annotations: unknown[]; isIntact: boolean }>(
        `/${requestId}/custody`,
      );
    await scenario.runTimer('purgeExpired');
    expect((await custody()).annotations).toHaveLength(1);
    await scenario.advanceClock(1096 * 86_400_000);
    await scenario.runTimer('purgeExpired');
    await eventually(
      'the deletion of annotations',
      async () => (await custody()).annotations.length === 0,
    );
    expect((await custody()).isIntact).toBe(true);
  });
});
