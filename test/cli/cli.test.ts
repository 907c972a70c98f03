import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programToken } from '../../local/identity/sign-in';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { root } from '../helpers/root';
import { Scenario } from '../helpers/scenario';

describe('the command line', () => {
  let scenario: Scenario;
  let token: string;
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
    token = await programToken(scenario.stack.issuer, 'officer');
  }, 90_000);
  afterAll(() => scenario.stop());

  const request = async (ticketId: string): Promise<string> => {
    const requestId = await scenario.request({ ticketId });
    await scenario.untilStep(requestId, 'waitForVerification');
    return requestId;
  };

  /** Runs a command as an officer. */
  function cli(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const file = join(scenario.state, 'token');
    writeFileSync(file, token);
    const child = spawn(
      process.execPath,
      ['dist/src/cli/main.js', ...args, '--url', scenario.stack.hostUrl, '--token-file', file],
      { cwd: root, env: { ...process.env, PORTABILITY_TOKEN: '' } },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    return new Promise((done) => child.once('exit', (code) => done({ code, out, err })));
  }
  const justification = ['--justification', 'as agreed'];

  it('watches a request until its package is available, and recalls it', async () => {
    const requestId = await request('CLI-1');
    const watching = cli('watch', requestId, '--seconds', '0.2');
    expect(await cli('status', requestId)).toMatchObject({ code: 0 });
    const listed = await cli('requests', '--state', 'awaitingVerification', '--json');
    expect((JSON.parse(listed.out) as { requestId: string }[]).map((one) => one.requestId)).toEqual(
      [requestId],
    );
    expect(
      await cli('extend', requestId, '--reason', 'complexity', ...justification),
    ).toMatchObject({
      code: 0,
      out: expect.stringContaining('(extended)') as string,
    });
    const identity = { checkMethod: 'inPerson', justification: 'as agreed' };
    await new Officer(scenario).post(`/${requestId}/identity`, identity);
    const watched = await watching;
    expect(watched.code).toBe(0);
    expect(watched.out).toMatch(/conversation +█+ 3\/3/);
    expect(watched.out).toContain('available');
    const recalled = await cli('recall', requestId, ...justification, '--json');
    expect(JSON.parse(recalled.out)).toMatchObject({ state: 'recalled' });
    const custody = await cli('custody', requestId);
    expect(custody.out).toContain('The record is intact.');
    expect(custody.out).toContain('as agreed');
  });

  it('decides by the evidence, and shows names only with a reason', async () => {
    const other = scenario.generated.organisation.contacts.find(
      ({ id }) => id !== scenario.generated.subject.id,
    );
    const mailboxes = [scenario.email, other?.emails[0]?.address ?? ''];
    const requestId = await scenario.request({
      ticketId: 'CLI-3',
      identifiers: mailboxes.map((value) => ({ type: 'email', value })),
    });
    await scenario.untilState(requestId, 'needsDecision');
    const shown = await cli('decision', requestId);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('needsDecision: ambiguousContact');
    expect(shown.out).toMatch(/1 {2}email .*•••@.* given {2}candidate 1/);
    for (const mailbox of mailboxes) expect(shown.out).not.toContain(mailbox);
    expect((await cli('decision', requestId, 'conversations')).out).toContain(
      'There are no such conversations.',
    );
    expect((await cli('reveal', requestId)).code).toBe(2);
    const revealed = await cli('reveal', requestId, ...justification);
    for (const mailbox of mailboxes) expect(revealed.out).toContain(mailbox);
    const decided = await cli(
      ...['decide', requestId, '--contact', scenario.generated.subject.id, ...justification],
    );
    expect(decided).toMatchObject({ code: 0, err: '' });
    expect((await cli('decision', requestId)).out).toContain('CHOSEN');
    const { out } = await cli('custody', requestId);
    expect(out).toContain('identifiersRevealed');
    expect(out).toContain('decided');
    await cli('cancel', requestId, '--reason', 'withdrawn', ...justification);
  });

  it('has exit codes for scripts', async () => {
    const requestId = await request('CLI-2');
    const retry = await cli('retry', requestId, ...justification, '--json');
    expect(retry.code).toBe(1);
    expect(JSON.parse(retry.err)).toMatchObject({ code: 'notFailed' });
    expect((await cli('refuse', requestId, '--reason', 'holidays', ...justification)).code).toBe(2);
    expect((await cli('cancel', requestId)).err).toContain('--reason is needed');
    expect((await cli('cancel', requestId, '--reason', 'withdrawn')).err).toContain(
      '--justification is needed',
    );
    expect((await cli('dance')).code).toBe(2);
    expect((await cli('requests', '--colour', 'red')).code).toBe(2);
    expect(
      (
        await cli(
          'decide',
          requestId,
          '--contact',
          '00000000-0000-4000-8000-000000000000',
          ...justification,
        )
      ).code,
    ).toBe(1);
    expect(await cli('refuse', requestId, '--reason', 'excessive', ...justification)).toMatchObject(
      {
        code: 0,
      },
    );
    await eventually('the refusal', async () => (await cli('watch', requestId)).code === 4);
    expect((await cli('--help')).out).toContain('doctor');
  });

  it('reports that the app cannot be reached', async () => {
    const child = spawn(
      process.execPath,
      ['dist/src/cli/main.js', 'requests', '--url', 'http://127.0.0.1:9'],
      { cwd: root, env: { ...process.env, PORTABILITY_TOKEN: 'token' } },
    );
    expect(await new Promise((done) => child.once('exit', done))).toBe(3);
  });

  it('runs the doctor on a settings file', async () => {
    const file = join(scenario.state, 'settings.json');
    const values = { ...scenario.stack.appSettings, MAIL_FROM: 'nobody' };
    writeFileSync(file, JSON.stringify({ Values: values }));
    const { code, out } = await cli('doctor', '--settings', file);
    expect(code).toBe(1);
    expect(out).toContain('PROBLEM  mail.MAIL_FROM: MAIL_FROM is not a mailbox.');
    expect(out).toContain('Set it to an address such as');
    expect((await cli('doctor', '--settings', '/nowhere')).code).toBe(2);
  });
});
