import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployed, root } from '../helpers/root';
import { AppWorker } from '../helpers/worker';

const example = (
  JSON.parse(readFileSync(join(root, 'local.settings.example.json'), 'utf8')) as {
    Values: Record<string, string>;
  }
).Values;

describe('the functions of the app', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'names-'));
  let names: string[];
  beforeAll(async () => {
    const keyFile = join(scratch, 'request-key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'));
    const worker = await AppWorker.start(deployed, { ...example, LOCAL_KEY_FILE: keyFile });
    names = worker.functions.map(({ name }) => name);
    await worker.stop();
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('are triggers of every kind', () => {
    expect(names).toEqual(
      expect.arrayContaining(['createRequest', 'fulfilRequest', 'cleanUp', 'runJobs']),
    );
  });

  it('have names that differ in more than case, which the Functions host ignores', () => {
    const lowerCased = names.map((name) => name.toLowerCase());
    const repeated = lowerCased.filter((name, index) => lowerCased.indexOf(name) !== index);
    expect(repeated).toEqual([]);
  });

  it('have names that the Functions host accepts', () => {
    expect(names.filter((name) => !/^[a-z][a-z0-9_-]{0,127}$/i.test(name))).toEqual([]);
  });
});
