import { buildSync } from 'esbuild';
import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { root } from '../helpers/root';

const { dependencies, devDependencies, engines } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'devDependencies' | 'engines', Record<string, string>>;
/** Name of the package of a module: `@azure/identity`, `jose`. */
const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

describe('what is deployed', () => {
  const files = fastGlob.sync('src/**/*.ts', {
    cwd: root,
    ignore: ['src/web/{portal,officer,shared,viewer}/**'],
  });
  const imports = files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /^(?:import|export)(?! type)[^;]*?from '([^']+)'|import\('([^']+)'\)/gm,
      ),
    ].map((found) => ({ file, module: found[1] ?? found[2] ?? '' })),
  );

  it('imports no package that is a development dependency', () => {
    const foreign = imports.filter(({ module }) => !module.startsWith('.') && !isBuiltin(module));
    expect(foreign.length).toBeGreaterThan(30);
    const missing = foreign.filter(({ module }) => dependencies[packageOf(module)] === undefined);
    expect(missing).toEqual([]);
  });

  it('imports nothing of local/, which stands in for Azure and Genesys Cloud', () => {
    expect(imports.filter(({ module }) => /(^|\/)local\//.test(module))).toEqual([]);
  });
});

describe('the unit tests', () => {
  it('load nothing of local/ and no SDK, so that they start at once', () => {
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: fastGlob.sync('test/unit/**/*.test.ts', { cwd: root }),
      outdir: 'unused',
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      packages: 'external',
    });
    const files = Object.keys(metafile.inputs);
    expect(files).toContain('src/core/time/time.ts');
    expect(files.filter((file) => file.startsWith('local/'))).toEqual([]);
    const packages = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports)
      .map(({ path }) => packageOf(path))
      .filter((name) => !isBuiltin(name));
    expect(packages).toContain('fast-check');
    const sdks =
      /^(@azure\/|@aws-sdk\/|@opentelemetry\/|durable-functions|purecloud-|azurite|nodemailer)/;
    expect([...new Set(packages.filter((name) => sdks.test(name)))]).toEqual([]);
  });
});

describe('the Node that the app needs', () => {
  const text = (file: string): string => readFileSync(join(root, file), 'utf8');

  it('is the one that the project brings, that it is built for, and that runs it in Azure', () => {
    const major = /^>=(\d+)$/.exec(engines['node'] ?? '')?.[1] ?? '';
    expect(devDependencies['node']).toMatch(new RegExp(`^\\^${major}\\.`));
    expect(text('scripts/build.mjs')).toContain(`target: 'node${major}'`);
    expect(text('scripts/check-node.cjs')).toContain(`major < ${major}`);
    expect(text('infra/modules/app.bicep')).toContain(`name: 'node', version: '${major}'`);
  });

  it('is not needed to install the project', () => {
    expect(text('.npmrc')).not.toMatch(/engine-strict/);
  });
});
