import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';

const root = join(__dirname, '../..');
const configFile = join(root, '.dependency-cruiser.cjs');

interface Import {
  from: string;
  to: string;
  isTypeOnly?: true;
}
interface Summary {
  violations: { from: string; to: string; rule: { name: string } }[];
  ruleSetUsed: { forbidden: { name: string }[] };
}

/** Imports that break each rule. Files of different entries have different names. */
const forbidden: Record<string, Import[]> = {
  'no-circle': [
    { from: 'src/core/circle/a.ts', to: 'src/core/circle/b.ts' },
    { from: 'src/core/circle/type-a.ts', to: 'src/core/circle/type-b.ts', isTypeOnly: true },
  ],
  'nothing-deployed-imports-local': [
    { from: 'src/composition/local.ts', to: 'local/simulator.ts' },
    { from: 'src/composition/test.ts', to: 'test/helper.ts' },
  ],
  'layer-core': [{ from: 'src/core/x.ts', to: 'src/ports/x.ts', isTypeOnly: true }],
  'layer-ports': [{ from: 'src/ports/y.ts', to: 'src/services/x.ts', isTypeOnly: true }],
  'layer-orchestrators': [
    { from: 'src/orchestrators/x.ts', to: 'src/activities/x.ts' },
    { from: 'src/orchestrators/y.ts', to: 'src/ports/x.ts', isTypeOnly: true },
  ],
  'layer-services': [
    { from: 'src/services/y.ts', to: 'src/adapters/x.ts' },
    { from: 'src/services/files.ts', to: 'src/app-folder.ts' },
  ],
  'layer-export': [
    { from: 'src/export/x.ts', to: 'src/adapters/x.ts' },
    { from: 'src/export/y.ts', to: 'src/activities/x.ts' },
  ],
  'layer-activities': [{ from: 'src/activities/y.ts', to: 'src/adapters/x.ts' }],
  'layer-functions': [
    { from: 'src/functions/x.ts', to: 'src/adapters/x.ts', isTypeOnly: true },
    { from: 'src/functions/y.ts', to: 'src/activities/x.ts' },
  ],
  'layer-adapters': [{ from: 'src/adapters/y.ts', to: 'src/services/x.ts' }],
  'layer-config': [{ from: 'src/config/x.ts', to: 'src/adapters/x.ts' }],
  'layer-composition': [{ from: 'src/composition/x.ts', to: 'src/cli/x.ts' }],
  'layer-web': [{ from: 'src/web/x.ts', to: 'src/ports/x.ts', isTypeOnly: true }],
  'layer-cli': [{ from: 'src/cli/y.ts', to: 'src/adapters/x.ts' }],
  'app-registers': [{ from: 'src/app.ts', to: 'src/adapters/x.ts' }],
  'registration-registers': [{ from: 'src/registration.ts', to: 'src/adapters/x.ts' }],
  'functions-and-orchestrators': [
    { from: 'src/functions/z.ts', to: 'src/orchestrators/fulfil-request.ts' },
  ],
  'activities-and-orchestrators': [
    { from: 'src/activities/z.ts', to: 'src/orchestrators/fulfil-request.ts' },
  ],
  'pure-core': [
    { from: 'src/core/io.ts', to: 'node:fs' },
    { from: 'src/orchestrators/io.ts', to: 'node:crypto' },
  ],
};

/** What closes the circles: each circle is reported once. */
const closing: Import[] = [
  { from: 'src/core/circle/b.ts', to: 'src/core/circle/a.ts' },
  { from: 'src/core/circle/type-b.ts', to: 'src/core/circle/type-a.ts', isTypeOnly: true },
];

/** Imports that look like forbidden ones, and are allowed. */
const allowed: Import[] = [
  { from: 'src/orchestrators/z.ts', to: 'src/core/z.ts' },
  { from: 'src/ports/z.ts', to: 'src/core/z.ts', isTypeOnly: true },
  { from: 'src/services/z.ts', to: 'src/ports/x.ts', isTypeOnly: true },
  { from: 'src/export/z.ts', to: 'src/services/x.ts' },
  { from: 'src/activities/a.ts', to: 'src/export/z.ts' },
  { from: 'src/activities/b.ts', to: 'src/orchestrators/activity-types.ts', isTypeOnly: true },
  { from: 'src/functions/a.ts', to: 'src/services/x.ts' },
  { from: 'src/functions/b.ts', to: 'src/orchestrators/activity-types.ts' },
  { from: 'src/functions/durable.ts', to: 'src/orchestrators/fulfil-request.ts' },
  { from: 'src/adapters/z.ts', to: 'src/ports/x.ts', isTypeOnly: true },
  { from: 'src/adapters/files.ts', to: 'src/app-folder.ts' },
  { from: 'src/adapters/io.ts', to: 'node:fs' },
  { from: 'src/composition/z.ts', to: 'src/adapters/x.ts' },
  { from: 'src/cli/z.ts', to: 'src/composition/z.ts' },
  { from: 'src/web/z.ts', to: 'src/core/z.ts' },
  { from: 'local/stack.ts', to: 'src/adapters/x.ts' },
];

describe('the rules for layers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  let summary: Summary;

  beforeAll(() => {
    writeTree(folder, [...Object.values(forbidden).flat(), ...closing, ...allowed]);
    summary = cruise(folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const reported = (rule: string): string[] =>
    summary.violations
      .filter(({ rule: { name } }) => name === rule)
      .map(({ from, to }) => `${from} ${to}`);

  it('have an example each', () => {
    expect(Object.keys(forbidden).sort()).toEqual(
      summary.ruleSetUsed.forbidden.map(({ name }) => name).sort(),
    );
  });

  it.each(Object.entries(forbidden))('report what breaks %s', (rule, imports) => {
    const expected = imports.map(({ from, to }) => `${from} ${to.replace(/^node:/, '')}`);
    expect(reported(rule).sort()).toEqual(expected.sort());
  });

  it('report nothing else', () => {
    const ofAllowed = new Set(allowed.map(({ from }) => from));
    expect(summary.violations.filter(({ from }) => ofAllowed.has(from))).toEqual([]);
  });
});

/** Writes files that import each other. */
function writeTree(folder: string, imports: readonly Import[]): void {
  const contents = new Map<string, string[]>();
  const linesOf = (file: string): string[] => {
    const lines = contents.get(file) ?? [];
    contents.set(file, lines);
    return lines;
  };
  for (const { from, to, isTypeOnly } of imports) {
    const isBuiltin = to.startsWith('node:');
    const path = posix.relative(posix.dirname(from), to).replace(/\.ts$/, '');
    const module = isBuiltin ? to : path.startsWith('.') ? path : `./${path}`;
    linesOf(from).push(
      isBuiltin
        ? `import * as builtin from '${module}';\nexport const used = builtin;`
        : isTypeOnly
          ? `import type { T as Imported } from '${module}';\nexport type Used = Imported;`
          : `import { value as imported } from '${module}';\nexport const used = imported;`,
    );
    if (!isBuiltin) linesOf(to);
  }
  for (const [file, lines] of contents) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    const own = ['export type T = string;', 'export const value = 1;'];
    writeFileSync(join(folder, file), [...lines, ...own, ''].join('\n'));
  }
  writeFileSync(join(folder, 'tsconfig.json'), readFileSync(join(root, 'tsconfig.json')));
}

function cruise(folder: string): Summary {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...['src', 'local', '--config', configFile, '--output-type', 'json'],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: Summary }).summary;
}
