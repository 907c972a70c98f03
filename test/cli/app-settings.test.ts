import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../helpers/root';

const folder = mkdtempSync(join(tmpdir(), 'az-'));
afterAll(() => rmSync(folder, { recursive: true }));
const calls = join(folder, 'calls');

/** Stands in for the Azure CLI: prints this, and notes how it was called. */
function standIn(printed: string, code = 0): void {
  const script = [
    '#!/bin/sh',
    // Nothing that a test has printed has a quotation mark of the shell.
    `printf '%s\\0' "$@" > '${calls}'`,
    `printf '%s' '${printed}'`,
    `exit ${code}`,
  ];
  writeFileSync(join(folder, 'az'), script.join('\n'));
  chmodSync(join(folder, 'az'), 0o755);
}
const rowsOf = (settings: Record<string, string | null>): string =>
  JSON.stringify(
    Object.entries(settings).map(([name, value]) => ({ name, slotSetting: false, value })),
  );

const path = [folder, dirname(process.execPath)].join(delimiter);

/** Where Node keeps what it has compiled. */
const { NODE_COMPILE_CACHE = '' } = process.env;

/** Runs `doctor` with no settings in the environment. */
function doctor(
  args: readonly string[],
  PATH = path,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'doctor', ...args], {
    cwd: root,
    env: { PATH, NODE_COMPILE_CACHE },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
}
const named = ['--app', 'privacy-app', '--resource-group', 'privacy (eu)'];

describe('the doctor of a deployed app', () => {
  it('examines the settings that az has of it', async () => {
    standIn(
      rowsOf({
        GENESYS_CLIENT_SECRET: '@Microsoft.KeyVault(VaultName=v;SecretName=s)',
        SEARCH_YEARS: 's3cret',
        OFFICER_ISSUER: null,
      }),
    );
    const { code, out, err } = await doctor([...named, '--subscription', 'a-b', '--json']);
    expect([code, err]).toEqual([1, '']);
    const messages = (JSON.parse(out) as { message: string }[]).map(({ message }) => message);
    expect(messages).toContainEqual(
      expect.stringMatching(/^GENESYS_CLIENT_SECRET is a reference to Key Vault/),
    );
    expect(messages).toContainEqual(expect.stringMatching(/^SEARCH_YEARS /));
    expect(out).not.toContain('s3cret');
    expect(readFileSync(calls, 'utf8').split('\0')).toEqual([
      ...['functionapp', 'config', 'appsettings', 'list'],
      ...['--name=privacy-app', '--resource-group=privacy (eu)', '--subscription=a-b'],
      ...['--output=json', ''],
    ]);
  });

  it.each([
    ['az fails', () => standIn(rowsOf({ HASH_KEY: 's3cret' }), 1)],
    ['az prints no list', () => standIn('{"HASH_KEY":"s3cret"}')],
    ['az prints no JSON', () => standIn('s3cret')],
  ])('says how to reach them when %s, and nothing of what it printed', async (_name, arrange) => {
    arrange();
    const { code, out, err } = await doctor(named);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('Try az login');
    expect(err).not.toContain('s3cret');
  });

  it('says that az is missing', async () => {
    expect(await doctor(named, join(folder, 'empty'))).toEqual({
      code: 3,
      out: '',
      err: 'The Azure CLI (az) is not installed.\n',
    });
  });

  it.each([
    [['--app', 'privacy-app'], '--resource-group is needed.'],
    [[...named, '--settings', 'local.settings.json'], 'exclude each other'],
    [['--app=--debug', '--resource-group', 'rg'], '--app is no name.'],
    [['--app', 'a;touch b', '--resource-group', 'rg'], '--app is no name.'],
    [['--app', 'app', '--resource-group', '$(id)'], '--resource-group is no name.'],
  ])('refuses %j without calling az', async (args, said) => {
    rmSync(calls, { force: true });
    standIn('[]');
    const { code, err } = await doctor(args);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(() => readFileSync(calls)).toThrow('ENOENT');
  });
});
