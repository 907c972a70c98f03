import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../helpers/root';
import { textOf, workflowOf, type Job } from '../helpers/workflows';

/** A folder for commands, which come before all others. */
function withCommands<T>(
  commands: Record<string, string>,
  work: (folder: string, env: NodeJS.ProcessEnv) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'az-'));
  try {
    for (const [name, script] of Object.entries(commands)) {
      writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    return work(folder, {
      ...process.env,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      PAUSE: '0',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An `az` that answers from a table, by the beginning of what it is asked. */
function azOf(answers: Record<string, string>): string {
  const cases = Object.entries(answers)
    .map(([begin, answer]) => `"${begin}"*) printf '%s' '${answer}' ;;`)
    .join('\n');
  return `case "$*" in\n${cases}\n*) echo "az $*" >&2; exit 9 ;;\nesac`;
}

/** Runs a script with an `az` that answers from a table. */
function runWith(answers: Record<string, string>, script: string, args: string[]) {
  return withCommands({ az: azOf(answers) }, (_folder, env) => {
    const { status, stdout, stderr } = spawnSync(join(root, script), args, {
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  });
}

describe('the smoke test of a pipeline', () => {
  interface Task {
    task?: string;
    inputs?: { inlineScript?: string; azureSubscription?: string };
    env?: Record<string, string>;
  }
  const [stage] = (
    parse(textOf('azure-pipelines.yml')) as {
      stages: {
        stage: string;
        jobs: { strategy?: { runOnce: { deploy: { steps: Task[] } } } }[];
      }[];
    }
  ).stages.filter((one) => one.stage === 'deploy');
  const tasks = stage?.jobs[0]?.strategy?.runOnce.deploy.steps ?? [];
  const ofAzure = tasks.findLast(({ task }) => task === 'AzureCLI@2');
  const { steps: ofGitHub } = workflowOf('.github/workflows/deploy.yml').jobs['deploy'] as Job;
  const onGitHub = ofGitHub.at(-1);

  const pipelines: [string, string, Record<string, string>][] = [
    ['GitHub Actions', onGitHub?.run ?? '', onGitHub?.env ?? {}],
    ['Azure Pipelines', ofAzure?.inputs?.inlineScript ?? '', ofAzure?.env ?? {}],
  ];
  const scope = 'api://officers/.default';
  const asked = `account get-access-token --scope ${scope} --query accessToken --output tsv`;

  /** Runs the last step as it stands in the file, with a directory that gives a token or none. */
  function run(script: string, readiness: string, isGiven = true) {
    const commands = {
      az: azOf(isGiven ? { [asked]: 'token-of-the-pipeline' } : {}),
      node: 'echo "node $* token=${SMOKE_TOKEN:-none}"',
    };
    return withCommands(commands, (folder, env) => {
      writeFileSync(
        join(folder, 'outputs.txt'),
        `app=a\norigin=https://p.example\nscope=${scope}\n`,
      );
      symlinkSync(join(root, 'scripts'), join(folder, 'scripts'));
      // GitHub runs bash with these options; the scripts of Azure Pipelines set them.
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
        {
          encoding: 'utf8',
          cwd: folder,
          env: { ...env, ORIGIN: 'https://p.example', SCOPE: scope, READINESS: readiness },
        },
      );
      return { status, stdout, stderr };
    });
  }

  it.each(pipelines)('asks whether the app is ready, with a token for it: %s', (_name, script) => {
    for (const readiness of ['', 'on', '$(readiness)'])
      expect(run(script, readiness)).toEqual({
        status: 0,
        stdout: 'node scripts/smoke.mjs https://p.example token=token-of-the-pipeline\n',
        stderr: '',
      });
  });

  it.each(pipelines)('asks without a token only where that is chosen: %s', (_name, script) => {
    expect(run(script, 'off', false)).toMatchObject({
      status: 0,
      stdout: 'node scripts/smoke.mjs https://p.example token=none\n',
    });
  });

  it.each(pipelines)('fails without a token, and says what to assign: %s', (_name, script) => {
    const { status, stdout, stderr } = run(script, '', false);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Readiness.Read');
  });

  it.each(pipelines)('is given the token by no output and no file: %s', (_name, script, env) => {
    expect(script).not.toMatch(/GITHUB_|##vso|echo|>/);
    expect(Object.keys(env)).toContain('READINESS');
    expect(JSON.stringify(env)).not.toContain('SMOKE_TOKEN');
  });

  it('signs in anew: what a sign-in by federated identity asks with ends after minutes', () => {
    const logins = ofGitHub.map(({ uses = '' }) => uses.startsWith('azure/login@'));
    expect(logins.lastIndexOf(true)).toBe(ofGitHub.length - 2);
    expect(ofGitHub.at(-2)?.with).toEqual(
      ofGitHub.find(({ uses = '' }) => uses.startsWith('azure/login@'))?.with,
    );
    expect(tasks.filter(({ task }) => task === 'AzureCLI@2')).toHaveLength(2);
    expect(ofAzure?.inputs?.azureSubscription).toBe('data-portability');
  });
});

describe('the release of Azure Pipelines', () => {
  const [, script = ''] =
    /- bash: \|\n((?: {20}.*\n)+) {18}displayName: Release\n/.exec(textOf('azure-pipelines.yml')) ??
    [];
  const git = (folder: string, ...args: string[]): void => {
    const own = [
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@shop.example',
      '-c',
      'commit.gpgsign=false',
    ];
    const { status, stderr } = spawnSync('git', [...own, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([args, status, stderr]).toEqual([args, 0, expect.anything()]);
  };

  /** Runs the step in a repository with these commits; those with a name of a version are tagged so. */
  function notesOf(commits: [subject: string, tag?: string][]): { notes: string; stdout: string } {
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    try {
      git(folder, 'init', '--quiet');
      for (const [subject, tag] of commits) {
        git(folder, 'commit', '--quiet', '--allow-empty', '--message', subject);
        if (tag !== undefined) git(folder, 'tag', tag);
      }
      writeFileSync(join(folder, 'SHA256SUMS'), 'abc  app.zip\n');
      const env = { ...process.env, PACKAGE: folder, PWD: folder };
      const { stdout, stderr } = spawnSync('bash', ['-c', script], {
        cwd: folder,
        encoding: 'utf8',
        env,
      });
      expect(stderr).toBe('');
      return { stdout, notes: readFileSync(join(folder, 'notes.md'), 'utf8') };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const heading = '# What was deployed\n\n    abc  app.zip\n\n';

  it('names hashes, and what has changed since the version before', () => {
    const { notes, stdout } = notesOf([
      ['one', 'v1.0.0'],
      ['two'],
      ['other', 'x1'],
      ['three', 'v1.1.0'],
    ]);
    expect(notes).toBe(`${heading}- three\n- other\n- two\n`);
    expect(stdout).toMatch(
      /^##vso\[task\.uploadsummary\]\/.*\/notes\.md\n##vso\[build\.addbuildtag\]/,
    );
  });

  it('names everything the first time', () => {
    expect(notesOf([['one'], ['two', 'v1.0.0']]).notes).toBe(`${heading}- two\n- one\n`);
  });
});

describe('the scripts that pipelines run', () => {
  const show = 'deployment group show --name data-portability --resource-group privacy';
  it('print the outputs of a deployment as those of a step', () => {
    const { status, stdout } = runWith(
      {
        'deployment group create --name data-portability --resource-group privacy --parameters p.bicepparam --output none':
          '',
        [`${show} --query properties.outputs.functionAppName.value`]: 'privacy-abc\n',
        [`${show} --query properties.outputs.portalOrigin.value`]: 'https://privacy.shop.example\n',
        [`${show} --query properties.outputs.officerScope.value`]: 'api://officers/.default\n',
      },
      'scripts/deploy-resources.sh',
      ['privacy', 'p.bicepparam'],
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout:
        'app=privacy-abc\norigin=https://privacy.shop.example\nscope=api://officers/.default\n',
    });
  });

  it('print nothing and fail where the deployment fails', () => {
    const { status, stdout } = runWith({}, 'scripts/deploy-resources.sh', ['privacy', 'p']);
    expect({ status, stdout }).toEqual({ status: 9, stdout: '' });
  });

  const references = '/sites/app/config/configreferences/appsettings';
  const answers = (unread: string): Record<string, string> => ({
    'functionapp show --resource-group privacy --name app --query id': '/sites/app',
    [`rest --method post --url ${references}/refresh?api-version=2022-03-01`]: '',
    [`rest --method get --url ${references}?api-version=2022-03-01`]: unread,
  });

  it('go on when the app can read every secret', () => {
    const result = runWith(answers(''), 'scripts/check-references.sh', ['privacy', 'app']);
    expect(result).toMatchObject({ status: 0, stdout: 'The app can read every secret.\n' });
  });

  it('stop at settings whose secrets the app cannot read, and say what to do', () => {
    const { status, stderr } = runWith(answers('HASH_KEY'), 'scripts/check-references.sh', [
      'privacy',
      'app',
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('HASH_KEY');
    expect(stderr).toContain('npm run secrets -- --group privacy --app app');
  });
});
