import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const { inputsOf, isBuilt, noteBuilt } = jest.requireActual<{
  inputsOf: (root: string) => Promise<string>;
  isBuilt: (root: string) => Promise<boolean>;
  noteBuilt: (root: string, read: string) => Promise<void>;
}>('../../scripts/built.mjs');

describe('what is built', () => {
  let root: string;
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'built-'));
    for (const path of ['src/app.ts', 'dist/src/app.js', 'node_modules/.package-lock.json'])
      write(path, 'first');
    await noteBuilt(root, await inputsOf(root));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is not built again', async () => {
    expect(await isBuilt(root)).toBe(true);
    write('docs/local.md', 'read by no build');
    write('src/app.ts', 'first');
    expect(await isBuilt(root)).toBe(true);
  });

  it.each([
    ['a source has changed', 'src/app.ts'],
    ['a source has come', 'src/more.ts'],
    ['a text has come', 'src/web/locales/de/portal.json'],
    ['a file of the controller has come', 'controller/holidays.json'],
    ['a script has come', 'scripts/build.mjs'],
    ['the local host has changed', 'local/host/host.ts'],
    ['settings of the host have come', 'host.json'],
    ['other packages are installed', 'node_modules/.package-lock.json'],
    ['what was made has changed', 'dist/src/app.js'],
    ['there is what was not made', 'dist/src/.other.js'],
    ['it is not known what was built', 'node_modules/.cache/build.json'],
  ])('is built again where %s', async (_what, path) => {
    write(path, 'second');
    expect(await isBuilt(root)).toBe(false);
  });

  it.each(['src/app.ts', 'dist/src/app.js', 'node_modules/.cache/build.json'])(
    'is built again without %s',
    async (path) => {
      rmSync(join(root, path));
      expect(await isBuilt(root)).toBe(false);
    },
  );

  it('is built again where a source has changed during the build', async () => {
    const read = await inputsOf(root);
    write('src/app.ts', 'second');
    await noteBuilt(root, read);
    expect(await isBuilt(root)).toBe(false);
  });
});
