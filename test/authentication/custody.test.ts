import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { root } from '../helpers/root';
import { Scenario } from '../helpers/scenario';

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
  let document: { entries: Record<string, unknown>[]; checkpoints: unknown[] };
  /** The record before the recall. */
  let older: typeof document;
  let packageHash: string;
  beforeAll(async () => {
    scenario = await Scenario.start({
      conversations: 3,
      // Longer than what officers wrote, whatever the year.
      settings: { PROOF_RETENTION_YEARS: '4' },
    });
    requestId = await scenario.request();
    const { file } = await scenario.fulfil(requestId);
    packageHash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const officer = new Officer(scenario);
    older = await officer.read(`/${requestId}/custody`);
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

  it('names the released package by its hash and size, and the redaction policy', () => {
    const entry = document.entries.find(({ event }) => event === 'packageVerified');
    expect(entry?.['detail']).toEqual({
      sha256: packageHash,
      bytes: expect.any(Number) as number,
      redactionPolicy: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
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

  it('is signed every night, and loses the names and justifications of officers at the end of their retention', async () => {
    const custody = () =>
      new Officer(scenario).read<{
        annotations: unknown[];
        checkpoints: unknown[];
        isIntact: boolean;
      }>(`/${requestId}/custody`);
    await scenario.runJobs('purgeExpired', 'reviewCustody');
    expect((await custody()).annotations).toHaveLength(1);
    await eventually('the checkpoint', async () => (await custody()).checkpoints.length > 0);
    const { checkpoints } = await custody();
    const folder = join(scenario.state, 'checkpoints');
    mkdirSync(folder);
    writeFileSync(join(folder, `${requestId}.json`), JSON.stringify(checkpoints[0]));
    const file = join(scenario.state, 'older.json');
    writeFileSync(file, JSON.stringify(older));
    const issuer = ['--issuer', scenario.stack.hostUrl];
    // Signed, and authentic at its time: only a later checkpoint shows that it was cut.
    expect(await verify([file, ...issuer])).toMatchObject({ code: 0 });
    expect(await verify([file, ...issuer, '--checkpoints', folder])).toMatchObject({ code: 1 });
    writeFileSync(file, JSON.stringify(await custody()));
    expect(await verify([file, ...issuer, '--checkpoints', folder])).toMatchObject({ code: 0 });
    await scenario.advanceClock(1096 * 86_400_000);
    await scenario.runJobs('purgeExpired');
    await eventually(
      'the deletion of annotations',
      async () => (await custody()).annotations.length === 0,
    );
    expect((await custody()).isIntact).toBe(true);
  });
});
