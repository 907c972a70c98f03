import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineControllerFolder } from '../../src/composition/controller-files';
import { checkController } from '../../src/cli/checks-controller';
import { withDeployedFiles, withFilesOfFolder } from '../../src/config/controller-files';
import { root } from '../helpers/root';

const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
const jpeg = Buffer.from('ffd8ffe000104a46', 'hex');

/** A file, by its content; or a copy of one of the project. */
type Content = string | Buffer | { copyOf: string };
const processing: Content = { copyOf: 'controller/processing.example.json' };

let world: string;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'controller-'));
});
afterEach(() => rmSync(world, { recursive: true }));

/** A folder with these files. */
function folderWith(files: Record<string, Content>): string {
  const folder = join(world, 'controller');
  mkdirSync(join(folder, 'locales'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'object' && 'copyOf' in content)
      copyFileSync(join(root, content.copyOf), join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  if (!Object.keys(files).some((name) => name.startsWith('locales/')))
    rmSync(join(folder, 'locales'), { recursive: true });
  return folder;
}

const everything: Record<string, Content> = {
  'processing.json': processing,
  'redaction-policy.json': { copyOf: 'policies/transcript-only.json' },
  'holidays.json': { copyOf: 'controller/holidays.example.json' },
  'logo.png': png,
  'privacy-notice.pdf': '%PDF-1.7',
  'locales/pt-BR.json': '{"name": "Português"}',
};

describe("the controller's files", () => {
  it('are found with their names, without explanations and examples', () => {
    const folder = folderWith({
      ...everything,
      'README.md': 'What lies here.',
      'processing.example.json': '{}',
      '.gitkeep': '',
    });
    expect(examineControllerFolder(folder)).toEqual({
      files: Object.keys(everything).sort(),
      missing: [],
      problems: [],
    });
  });

  it('are missing what the app needs, and nothing else, where there is no folder', () => {
    expect(examineControllerFolder(join(world, 'none'))).toEqual({
      files: [],
      missing: ['processing.json'],
      problems: [],
    });
  });

  it.each<[string, Record<string, Content>, RegExp]>([
    [
      'a file of another name',
      { 'procesing.json': processing },
      /^procesing\.json is not a file that/,
    ],
    ['JSON that is none', { 'processing.json': '{' }, /^processing\.json is not a file of JSON$/],
    [
      'processing that is not described',
      { 'processing.json': '{}' },
      /^processing\.json does not say/,
    ],
    [
      'a policy of an unknown field',
      { 'redaction-policy.json': '{"maskEverything": true}' },
      /^redaction-policy\.json is not a policy: see/,
    ],
    ['a day that is none', { 'holidays.json': '["2027-02-30"]' }, /^holidays\.json must be a file/],
    ['a logo that is none', { 'logo.png': 'GIF89a' }, /^logo\.png is neither PNG nor JPEG$/],
    ['a logo under another name', { 'logo.png': jpeg }, /^logo\.png is neither PNG nor JPEG$/],
    ['two logos', { 'logo.png': png, 'logo.jpg': jpeg }, /^logo\.png and logo\.jpg are there/],
    ['a catalog that is none', { 'locales/pt.json': '[]' }, /^locales has a file that is not/],
    [
      'a catalog of no language',
      { 'locales/portuguese_.json': '{}' },
      /is not named by a language/,
    ],
    ['a file in place of a folder', { locales: 'pt' }, /^locales is not a folder$/],
  ])('are refused with %s', (_what, files, problem) => {
    const { locales, ...others } = files;
    const folder = folderWith(others);
    if (locales !== undefined) writeFileSync(join(folder, 'locales'), locales as string);
    expect(examineControllerFolder(folder).problems).toEqual([expect.stringMatching(problem)]);
  });

  it('are refused as links, which would be other files where the app is deployed', () => {
    const folder = folderWith({});
    symlinkSync(join(root, 'controller/processing.example.json'), join(folder, 'processing.json'));
    expect(examineControllerFolder(folder).problems).toEqual(['processing.json is not a file']);
  });

  it('are never quoted in what is wrong with them', () => {
    const folder = folderWith({
      'processing.json': '{"version": 1, "secretName": "Zelda"}',
      'redaction-policy.json': '{"Zelda": 1',
      'locales/pt.json': 'Zelda',
    });
    const { problems } = examineControllerFolder(folder);
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('Zelda');
  });
});

interface Staged {
  files: { path: string; size: number; sha256: string }[];
  sha256: string;
  missing: string[];
}

/** Runs `stageController` as `npm run package` does. */
function stage(from: string, to: string): { staged: Staged | null; problem: string } {
  const script = `import { stageController } from ${JSON.stringify(join(root, 'scripts/stage-controller.mjs'))};
    console.log(JSON.stringify(await stageController(${JSON.stringify({ from, to })})));`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { cwd: world, encoding: 'utf8' },
  );
  return { staged: status === 0 ? (JSON.parse(stdout) as Staged) : null, problem: stderr };
}

describe("staging the controller's files", () => {
  it('copies them with a list of their hashes, by which the app finds them', () => {
    const to = join(world, 'deploy/controller');
    const { staged } = stage(folderWith(everything), to);
    const paths = Object.keys(everything).sort();
    expect(staged?.files.map(({ path }) => path)).toEqual(paths);
    expect(readdirSync(to).sort()).toEqual(
      ['holidays.json', 'locales', 'logo.png', 'manifest.json', 'privacy-notice.pdf'].concat(
        'processing.json',
        'redaction-policy.json',
      ),
    );
    const hashOf = (content: string | Buffer): string =>
      createHash('sha256').update(content).digest('hex');
    const lines = paths.map((path) => `${hashOf(readFileSync(join(to, path)))}  ${path}\n`);
    expect(staged?.sha256).toBe(hashOf(lines.join('')));
    expect(withDeployedFiles({ HOLIDAY_FILE: 'own.json', LOCALES_FOLDER: '' }, to)).toEqual({
      PROCESSING_FILE: `${to}/processing.json`,
      REDACTION_POLICY_FILE: `${to}/redaction-policy.json`,
      HOLIDAY_FILE: 'own.json',
      BRAND_LOGO_FILE: `${to}/logo.png`,
      PRIVACY_NOTICE_FILE: `${to}/privacy-notice.pdf`,
      LOCALES_FOLDER: `${to}/locales`,
    });
  });

  it('leaves nothing of what was staged before', () => {
    const to = join(world, 'deploy/controller');
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, 'holidays.json'), '[]');
    const { staged } = stage(folderWith({}), to);
    expect(staged).toMatchObject({ files: [], missing: ['processing.json'] });
    expect(existsSync(to)).toBe(false);
    expect(withDeployedFiles({ A: '1' }, to)).toEqual({ A: '1' });
  });

  it('copies nothing where a file is wrong, and names it', () => {
    const to = join(world, 'deploy/controller');
    const { staged, problem } = stage(folderWith({ 'processing.json': '{}' }), to);
    expect(staged).toBeNull();
    expect(problem).toContain('processing.json does not say');
    expect(existsSync(to)).toBe(false);
  });
});

describe('the settings of deployed files', () => {
  it('are not set where the portal is on loopback, so that demo and tests are the same everywhere', () => {
    const to = join(world, 'deploy/controller');
    stage(folderWith(everything), to);
    const local = { PORTAL_ORIGIN: 'http://127.0.0.1:7071' };
    expect(withDeployedFiles(local, to)).toEqual(local);
    const known = { PORTAL_ORIGIN: 'https://privacy.shop.example' };
    expect(withDeployedFiles(known, to)).toHaveProperty('PROCESSING_FILE');
  });
});

describe('the settings of files that are not deployed yet', () => {
  it('are not set by the folder of the project', () => {
    expect(withDeployedFiles({}, folderWith(everything))).toEqual({});
  });

  it('are set by a folder that is named, for the doctor', () => {
    const folder = folderWith({ 'processing.json': processing });
    expect(withFilesOfFolder({}, folder)).toEqual({ PROCESSING_FILE: `${folder}/processing.json` });
    expect(withFilesOfFolder({ A: '1' }, join(world, 'none'))).toEqual({ A: '1' });
    const local = { PORTAL_ORIGIN: 'http://127.0.0.1:7071' };
    expect(withFilesOfFolder(local, folder)).toEqual(local);
  });
});

describe("the doctor's check of the controller's files", () => {
  const outcomes = (settings: Record<string, string>, folder: string): string[] =>
    checkController(settings, folder).map(({ outcome, message }) => `${outcome}: ${message}`);
  const portal = { PORTAL_ORIGIN: 'https://privacy.shop.example' };

  it('names what is missing, outside loopback and where no setting names another file', () => {
    const folder = join(world, 'none');
    const named = { ...portal, PROCESSING_FILE: `${folder}/processing.json` };
    const missing = [
      `problem: ${folder}/processing.json is missing, which a portal that is not on loopback needs.`,
    ];
    expect(outcomes(portal, folder)).toEqual(missing);
    expect(outcomes(named, folder)).toEqual(missing);
    expect(outcomes({ ...portal, PROCESSING_FILE: '/etc/ours.json' }, folder)).toEqual([]);
    expect(outcomes({ PORTAL_ORIGIN: 'http://127.0.0.1:7071' }, folder)).toEqual([]);
  });

  it('names what is wrong on loopback as well, and says how many would be deployed', () => {
    const wrong = folderWith({ 'logo.png': 'no image' });
    expect(outcomes({ PORTAL_ORIGIN: 'http://127.0.0.1:7071' }, wrong)).toEqual([
      `problem: ${wrong}/logo.png is neither PNG nor JPEG.`,
    ]);
    writeFileSync(join(wrong, 'logo.png'), png);
    copyFileSync(join(root, 'controller/processing.example.json'), join(wrong, 'processing.json'));
    expect(outcomes(portal, wrong)).toEqual([`ok: Files of ${wrong} that would be deployed: 2.`]);
  });
});

describe('npm run controller:check', () => {
  const check = (folder: string): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/controller-check.mjs', folder],
      { cwd: root, encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  };

  it('ends well with what the app needs', () => {
    const { status, output } = check(folderWith({ 'processing.json': processing }));
    expect(output).toMatch(/^found {4}.*processing\.json$/m);
    expect(status).toBe(0);
  });

  it('names what is missing and what is wrong, and ends with 1', () => {
    const { status, output } = check(folderWith({ 'logo.png': 'no image' }));
    expect(output).toMatch(/^missing {2}.*processing\.json$/m);
    expect(output).toMatch(/^wrong {4}.*logo\.png is neither/m);
    expect(status).toBe(1);
  });
});
