import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Trial } from '../../local/policy-trial';
import { main } from '../../local/try-policy';
import { root } from '../helpers/root';

const card = '4111 1111 1111 1111';
const removed = '[card number removed]';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const policyOf = (change: object): string => write('policy.json', { version: 1, ...change });

async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await main(
    args,
    (line) => lines.push(line),
    (line) => errors.push(line),
  );
  return { code, output: lines.join('\n'), errors: errors.join('\n') };
}

/** Files of every kind, as of an unpacked package. */
function writeData(): string {
  const words = 'words that nobody looks for, '.repeat(40);
  write('package/bagit.txt', 'BagIt');
  write('package/index.html', card);
  write('package/data/conversations/0001/conversation.json', {
    messages: [{ text: `${words}my card is ${card} and staff number 77-123, ${words}` }],
    words,
  });
  write(
    'package/data/conversations/0001/attachment-1.txt',
    `first\nstaff number 77-124\nlast ${card}\n`,
  );
  write(
    'package/data/conversations/0001/email-1.eml',
    `From: zoe@home.example\r\nTo: bob@other.example\r\nSubject: Hello\r\n\r\nCard ${card}\r\n`,
  );
  write('package/data/conversations/0001/audio-1.mp3', card);
  write('package/data/conversations/0002/conversation.json', '[not JSON');
  return join(folder, 'package');
}

const staff = { name: 'staff number', pattern: '\\b77-\\d{3}\\b' };

describe('trying a policy', () => {
  it('shows what it changes in every kind of file, before and after, and changes nothing', async () => {
    const data = writeData();
    const file = join(data, 'data/conversations/0001/conversation.json');
    const before = readFileSync(file);
    const { code, output, errors } = await run('--policy', policyOf({ patterns: [staff] }), data);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain('data/conversations/0001/conversation.json\n  /messages/0/text');
    expect(output).toMatch(/- ….*my card is 4111 1111 1111 1111 and staff number 77-123,.*…/);
    expect(output).toMatch(
      /\+ ….*\[card number removed\] and staff number \[staff number removed\],.*…/,
    );
    expect(output).toContain(
      '  line 2\n    - staff number 77-124\n    + staff number [staff number removed]',
    );
    expect(output).toContain(`    + last ${removed}`);
    expect(output).toContain(`Card ${removed}`);
    expect(output).toContain('bob@other.example');
    expect(output).toContain('another.person@masked.invalid');
    expect(output).toContain('  cardNumber: 3\n');
    expect(output).toContain('  pattern:staff number: 2\n');
    expect(output).toMatch(/staff number: 2 times, 0\.\d\d % of the characters/);
    expect(output).toContain('hold no text: 1 files (attachments: keep)');
    expect(output).not.toContain('index.html');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('counts each pattern by itself, also where another finds the same', async () => {
    const file = write('a.txt', `${'x '.repeat(500)}77-123`);
    const patterns = [staff, { name: 'digits', pattern: '\\d{3}' }];
    const { output, code } = await run('--policy', policyOf({ patterns }), '--json', file);
    const trial = JSON.parse(output) as Trial;
    expect(code).toBe(0);
    expect(trial.patterns).toEqual([
      { name: 'staff number', matches: 1, share: 6 / 1006, warning: null },
      { name: 'digits', matches: 1, share: 3 / 1006, warning: null },
    ]);
    expect(trial.masked).toEqual({ 'pattern:staff number': 1 });
    expect(trial).toMatchObject({ files: 1, characters: 1006, notExamined: [], unreadable: [] });
    expect(trial.changes).toHaveLength(1);
  });

  it.each([
    ['nothing', 'QQ\\d+', 'Warning: it finds nothing.'],
    ['too much', '[^\\n]', 'Warning: it finds more than 5.00 % of all characters.'],
  ])('warns of a pattern that finds %s, and ends with 1', async (_what, pattern, warning) => {
    const patterns = [{ name: 'odd', pattern }];
    const { code, output } = await run('--policy', policyOf({ patterns }), writeData());
    expect(output).toContain(warning);
    expect(code).toBe(1);
  });

  it('warns of too much above the share that the documentation names, and not at it', async () => {
    const patterns = [{ name: 'x', pattern: 'x' }];
    const codeFor = async (count: number): Promise<number> => {
      const file = write('a.txt', `${'x'.repeat(count)}${'-'.repeat(100 - count)}`);
      return (await run('--policy', policyOf({ patterns }), file)).code;
    };
    expect([await codeFor(5), await codeFor(6)]).toEqual([0, 1]);
    expect(readFileSync(join(root, 'docs/redaction.md'), 'utf8')).toContain('more than 5 %');
  });

  it('takes what the simulated Genesys Cloud holds when no folder is named', async () => {
    const patterns = [{ name: 'greeting', pattern: 'Good morning' }];
    const { code, output } = await run('--policy', policyOf({ patterns }), '--json');
    const trial = JSON.parse(output) as Trial;
    expect(code).toBe(0);
    expect(trial.files).toBeGreaterThan(200);
    expect(trial.patterns[0]?.matches).toBeGreaterThan(10);
    expect(trial.masked['agent']).toBeGreaterThan(100);
  });

  it('keeps the mailboxes of the person in mails', async () => {
    const { output } = await run(
      '--policy',
      policyOf({}),
      '--email',
      'zoe@home.example',
      writeData(),
    );
    expect(output).not.toContain('- From: zoe@home.example');
    expect(output).toContain('- To: bob@other.example');
  });

  it.each<[string, () => string[], string]>([
    ['no policy', () => [], 'Name a policy.'],
    ['a policy that is not there', () => ['--policy', 'nowhere.json'], 'is not a file of JSON'],
    [
      'a policy that is refused',
      () => ['--policy', policyOf({ patterns: [{ name: 'bad', pattern: '(?=(a+)+$)b' }] })],
      'patterns.0.pattern (bad) looks ahead or behind',
    ],
    ['an option that is not known', () => ['--what'], 'npm run try-policy'],
    [
      'a folder that is not there',
      () => ['--policy', policyOf({}), join(folder, 'nowhere')],
      'There is no file or folder',
    ],
  ])('ends with 2, and says why, for %s', async (_what, args, message) => {
    const { code, output, errors } = await run(...args());
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(message);
    expect(errors).toContain('npm run try-policy -- --policy FILE');
  });
});
