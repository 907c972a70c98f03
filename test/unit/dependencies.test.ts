import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { root } from '../helpers/scenario';

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
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

  it('needs no package that is for development only', () => {
    const foreign = imports.filter(({ module }) => !module.startsWith('.') && !isBuiltin(module));
    expect(foreign.length).toBeGreaterThan(30);
    const missing = foreign.filter(({ module }) => dependencies[packageOf(module)] === undefined);
    expect(missing).toEqual([]);
  });

  it('needs nothing of what stands in for Azure and Genesys Cloud on one machine', () => {
    expect(imports.filter(({ module }) => /(^|\/)local\//.test(module))).toEqual([]);
  });
});
