import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { root } from '../helpers/root';
import {
  keptByUpload,
  shippedByAction,
  shippedByAzd,
  shippedByFunc,
  type Shipment,
} from '../helpers/shipping';

const { filesLeftOut, filesOf } = jest.requireActual<{
  filesLeftOut: (paths: readonly string[]) => string[];
  filesOf: (folder: string) => Promise<string[]>;
}>('../../scripts/shipping.mjs');

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

interface AzureYaml {
  services: {
    app: { host: string; language: string; project: string; dist: string; remoteBuild?: boolean };
  };
  hooks: Record<
    string,
    Record<'posix' | 'windows', { run: string; shell: string; interactive?: boolean }>
  >;
  workflows: { up: { azd: string }[] };
}
const azure = parse(textOf('azure.yaml')) as AzureYaml;
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Every tool, as the project uses it. */
const tools: Record<string, (shipment: Shipment) => readonly string[]> = {
  azd: (shipment) => shippedByAzd(shipment, azure.services.app.remoteBuild),
  'Functions Core Tools': shippedByFunc,
  'functions-action': (shipment) => shippedByAction(shipment, false),
  'functions-action that respects .funcignore': (shipment) => shippedByAction(shipment, true),
  'upload-artifact': keptByUpload,
};

describe('the rules of the tools that deploy', () => {
  const checkout = [
    'dist/src/app.js',
    'node_modules/durable-functions/lib/src/app.js',
    'src/app.ts',
    'host.json',
  ];

  it('read one .funcignore in three ways, so the project has none', () => {
    const shipment = { files: checkout, funcignore: 'src\ntest\n' };
    expect(shippedByAzd(shipment)).toEqual(['host.json']);
    expect(shippedByFunc(shipment)).toEqual([...checkout.slice(0, 2), 'host.json']);
    expect(shippedByAction(shipment, false)).toEqual(checkout);
    expect(() => textOf('.funcignore')).toThrow('ENOENT');
  });

  it.each<[string, string, string, boolean]>([
    ['a name from the start only', 'docs', 'lib/docs/a.md', true],
    ['a name up to the end of a word', 'docs', 'docs-old/a.md', false],
    ['a star within a folder', '*.map', 'app/main.js.map', true],
    ['what is taken back', 'app\n!app/keep.js', 'app/keep.js', true],
  ])('of the Core Tools: %s', (_rule, funcignore, file, isShipped) => {
    expect(shippedByFunc({ files: [file], funcignore })).toEqual(isShipped ? [file] : []);
  });

  it('of azd leave packages out, unless nothing is built remotely', () => {
    const shipment = { files: ['node_modules/a/index.js', 'host.json'] };
    expect(shippedByAzd(shipment)).toEqual(['host.json']);
    expect(shippedByAzd(shipment, false)).toEqual(shipment.files);
  });
});

describe('names that some tool leaves out', () => {
  it('are all known: what has none of them is shipped whole by every tool', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '.azure',
        '.git',
        '.vscode',
        '.funcignore',
        '.gitignore',
        '.env',
        'node_modules',
      ),
      fc.constantFrom(
        'local.settings.json',
        'Local.Settings.json',
        'project.lock.json',
        'app',
        'src',
      ),
      fc.stringMatching(/^[\w.-]{1,8}$/),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
        const left = new Set(filesLeftOut(paths));
        const files = paths.filter((one) => !left.has(one));
        for (const shipped of Object.values(tools)) expect(shipped({ files })).toEqual(files);
      }),
    );
  });

  it('are no others than those that some tool leaves out', () => {
    const names = [
      'app/.hidden',
      'app/local.settings.json',
      'project.lock.json',
      'node_modules/a.js',
    ];
    expect(filesLeftOut(names)).toEqual(names);
    expect(
      filesLeftOut(['app/app.js', 'packages/a.cjs', 'host.json', 'a.local.settings.json']),
    ).toEqual([]);
  });
});

/** A folder as `npm run package` stages it, with the controller's files. */
class Staged {
  readonly folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  readonly deploy = join(this.folder, 'dist/deploy');
  readonly controller = join(this.folder, 'controller');

  constructor() {
    this.write('dist/deploy/host.json', '{}');
    this.write('dist/deploy/package.json', '{"main": "app/app.js"}');
    this.write('dist/deploy/app/app.js', 'ready();');
    this.write('dist/deploy/app/web/portal/portal.html', '<p>');
    mkdirSync(this.controller);
    copyFileSync(
      join(root, 'controller/processing.example.json'),
      join(this.controller, 'processing.json'),
    );
    this.copyProcessing();
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  copyProcessing(): void {
    const content = readFileSync(join(this.controller, 'processing.json'), 'utf8');
    this.write('dist/deploy/controller/processing.json', content);
  }

  check(): { status: number | null; output: string } {
    const args = ['scripts/deploy-check.mjs', this.deploy, this.controller];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  }

  /** @returns what the command prints: the hash of the file */
  zip(name: string): string {
    const args = ['scripts/zip.mjs', this.deploy, join(this.folder, name)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split(' ')[0] ?? '';
  }
}

describe('the check before anything is deployed', () => {
  let staged: Staged;
  beforeEach(() => {
    staged = new Staged();
  });
  afterEach(() => rmSync(staged.folder, { recursive: true }));

  it('passes what is whole, and every tool ships exactly that', async () => {
    expect(staged.check()).toEqual({
      status: 0,
      output: expect.stringContaining('5 files') as string,
    });
    const files = await filesOf(staged.deploy);
    for (const shipped of Object.values(tools)) expect(shipped({ files })).toEqual(files);
  });

  it.each<[string, (deployed: Staged) => void, RegExp]>([
    ['no main file', ({ deploy }) => rmSync(join(deploy, 'app/app.js')), /app\/app\.js is missing/],
    [
      'a file that a tool leaves out',
      (deployed) => deployed.write('dist/deploy/app/.env', ''),
      /app\/\.env would be left out/,
    ],
    [
      'no file of the controller that is needed',
      ({ controller }) => rmSync(join(controller, 'processing.json')),
      /controller\/processing\.json is missing: see docs\/controller\.md/,
    ],
    [
      'a file of the controller that is wrong',
      (deployed) => deployed.write('controller/holidays.json', '{'),
      /controller\/holidays\.json must be a file/,
    ],
    [
      'a file of the controller that is not beside the app',
      (deployed) => deployed.write('controller/holidays.json', '["2027-12-25"]'),
      /deploy\/controller\/holidays\.json is missing: run npm run package/,
    ],
    [
      'an older file of the controller beside the app',
      (deployed) => deployed.write('dist/deploy/controller/processing.json', '{}'),
      /deploy\/controller\/processing\.json is older/,
    ],
  ])('stops at %s', (_what, change, problem) => {
    change(staged);
    const { status, output } = staged.check();
    expect(output).toMatch(problem);
    expect(status).toBe(1);
  });
});

describe('what npm run package has staged', () => {
  it('is shipped whole by every tool', async () => {
    const files = await filesOf(join(root, 'dist/deploy'));
    expect(files).toEqual(expect.arrayContaining(['host.json', 'package.json']));
    for (const [tool, shipped] of Object.entries(tools))
      expect([tool, shipped({ files })]).toEqual([tool, files]);
  });
});

describe('the ZIP file of what is deployed', () => {
  it('has the same bytes for the same files', () => {
    const [one, other] = [new Staged(), new Staged()];
    try {
      const hash = one.zip('a.zip');
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(other.zip('b.zip')).toBe(hash);
      other.write('dist/deploy/app/app.js', 'other();');
      expect(other.zip('b.zip')).not.toBe(hash);
    } finally {
      for (const { folder } of [one, other]) rmSync(folder, { recursive: true });
    }
  });
});

describe('azure.yaml', () => {
  const { app } = azure.services;

  it('ships dist/deploy as it is', () => {
    expect(join(app.project, app.dist)).toBe('dist/deploy');
    expect(app).toMatchObject({ host: 'function', language: 'js', remoteBuild: false });
  });

  it('lets azd install and build in a folder of its own, by the same command as every way', () => {
    const service = JSON.parse(textOf(join(app.project, 'package.json'))) as {
      scripts: Record<string, string>;
      dependencies?: object;
    };
    expect(service.scripts).toEqual({ build: 'npm --prefix ../.. run package' });
    expect(service.dependencies).toBeUndefined();
    expect(textOf(join(app.project, '.npmrc'))).toBe('package-lock=false\n');
  });

  it('checks before it creates, and asks for secrets before it deploys, on every system', () => {
    expect(azure.workflows.up).toEqual([{ azd: 'provision' }, { azd: 'deploy --all' }]);
    const commands = Object.entries(azure.hooks).map(([hook, { posix, windows }]) => {
      expect(windows.run).toBe(posix.run);
      expect([posix.shell, windows.shell]).toEqual(['sh', 'pwsh']);
      return [hook, posix.run];
    });
    expect(Object.fromEntries(commands)).toEqual({
      preprovision: 'npm ci && npm run deploy:check',
      postprovision: 'npm run secrets',
      postdeploy: 'npm run smoke',
    });
    expect(azure.hooks['postprovision']?.posix.interactive).toBe(true);
    for (const script of ['deploy:check', 'secrets', 'smoke'])
      expect(scripts).toHaveProperty(script);
  });
});

describe('infra/main.parameters.json', () => {
  const { parameters } = JSON.parse(textOf('infra/main.parameters.json')) as {
    parameters: Record<string, { value: string }>;
  };
  const template = textOf('infra/main.bicep');
  /** A parameter needs a value unless it has a default or may be null. */
  const declared = [...template.matchAll(/^param (\w+) ([^\s?]+)(\?)?( = )?/gm)].map(
    ([, name = '', , mayBeNull, hasDefault]) => ({
      name,
      isNeeded: mayBeNull === undefined && hasDefault === undefined,
    }),
  );

  it('names parameters of the template only, and each that has no default', () => {
    const names = Object.keys(parameters);
    expect(declared.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(declared.length).toBeGreaterThan(names.length);
    const needed = declared.filter(({ isNeeded }) => isNeeded).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(needed));
  });

  it('takes each from a variable of its own, so that the template’s default holds without it', () => {
    const variables = Object.values(parameters).map(({ value }) => value);
    for (const value of variables) expect(value).toMatch(/^\$\{[A-Z_]+(=privacy)?\}$/);
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('is described with every variable that has to be set, and those that may be', () => {
    const text = textOf('docs/deployment.md');
    for (const { value } of Object.values(parameters)) {
      const [, variable = ''] = /^\$\{([A-Z_]+)/.exec(value) ?? [];
      expect(text).toContain(`${variable}`);
    }
  });
});
