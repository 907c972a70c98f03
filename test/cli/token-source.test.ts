import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenSource, UsageError } from '../../src/cli/api';

describe('the access token of the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'token-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read of its file for each call, as it changes', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n');
    const token = tokenSource({ PORTABILITY_TOKEN: 'other' }, { tokenFile, scope: 'api://x' });
    expect(await token()).toBe('first');
    writeFileSync(tokenFile, ' second \n');
    expect(await token()).toBe('second');
  });

  it('is that of the environment without a file', async () => {
    const token = tokenSource({ PORTABILITY_TOKEN: 'given', PORTABILITY_SCOPE: 'api://x' }, {});
    expect(await token()).toBe('given');
  });

  it.each([{}, { PORTABILITY_TOKEN: '' }, { PORTABILITY_SCOPE: '' }])(
    'is nowhere with %p, which says what to choose',
    (env) => {
      expect(() => tokenSource(env, {})).toThrow(UsageError);
      expect(() => tokenSource(env, {})).toThrow('--token-file, or PORTABILITY_TOKEN');
    },
  );
});
