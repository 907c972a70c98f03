import { Ajv2020 } from 'ajv/dist/2020';
import { spawn } from 'node:child_process';
import { copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { organisationOf } from '../helpers/organisation';
import { root } from '../helpers/root';
import { type Downloaded, Scenario } from '../helpers/scenario';

interface Ran {
  code: number | null;
  output: string;
}

/** Runs `verify-package`, with text on its standard input. */
function verify(args: string[], input: string): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'dist/local/verify-package.js'), ...args]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => done({ code, output }));
  });
}

describe('a package with hostile content', () => {
  const generated = organisationOf(18, 61);
  let scenario: Scenario;
  let downloaded: Downloaded;
  let notice: string;
  const json = (name: string): unknown =>
    JSON.parse(readFileSync(join(downloaded.folder, name), 'utf8'));

  beforeAll(async () => {
    const { organisation, subject } = generated;
    const own = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
    for (const [i, queue] of organisation.queues.entries())
      queue.name = ['=cmd|calc', '+1', '@SUM(A1)', '-2\t3'][i] ?? '=';
    organisation.users.forEach((user, i) => (user.name = `\u202e=HYPERLINK("x")${i}`));
    for (const conversation of own) {
      conversation.wrapUpCode = '=1+1";\r\n<script>alert(1)</script>';
      for (const { transcript } of conversation.recordings)
        transcript?.forEach((phrase) => (phrase.text += ' <script>alert(2)</script> --> \ud800'));
      for (const message of conversation.messages) {
        message.attachment = {
          id: message.id.replace(/^./, '0'),
          name: `../../..\\${'x'.repeat(300)}\u0007\u202egnp.exe`,
          contentType: 'image/png',
          text: '',
        };
      }
      for (const email of conversation.emails)
        email.subject = '<img src=x onerror=alert(3)>\r\nBcc: somebody@else.example';
    }
    scenario = await Scenario.start({
      generated,
      settings: {
        PRIVACY_NOTICE_FILE: join(root, 'README.md'),
        CONTROLLER_NAME: 'Shop\r\nEvil: yes',
      },
    });
    notice = readFileSync(join(root, 'README.md'), 'utf8');
    const requestId = await scenario.request({ timeZone: 'Europe/Berlin' });
    downloaded = await scenario.fulfil(requestId);
  }, 120_000);
  afterAll(() => scenario.stop());

  it('holds documents that its own JSON Schemas describe', () => {
    const ajv = new Ajv2020({ strict: false });
    const check = (document: string, schema: string): void => {
      const validate = ajv.compile(json(`schemas/${schema}.schema.json`) as object);
      expect({ document, valid: validate(json(document)), errors: validate.errors }).toEqual({
        document,
        valid: true,
        errors: null,
      });
    };
    check('data/files.json', 'files');
    check('data/conversations.json', 'conversations');
    check('availability-report.json', 'availability-report');
    check('redaction-log.json', 'redaction-log');
    check('processing-information.json', 'processing-information');
    for (const name of downloaded.names.filter((one) => one.endsWith('/conversation.json')))
      check(name, 'conversation');
    for (const name of ['contact', 'notes', 'website-visits', 'campaigns', 'audit-trail'])
      check(`data/${name}.json`, 'records');
  });

  it('is a Data Package whose resources are there and whose tables have the columns it says', () => {
    const { resources, name } = json('datapackage.json') as {
      name: string;
      resources: {
        name: string;
        path: string;
        schema?: { fields: { name: string }[] };
        articles?: string[];
      }[];
    };
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(resources.filter(({ path }) => path.includes('spreadsheet'))).toEqual([]);
    for (const resource of resources) {
      expect(downloaded.names).toContain(resource.path);
      if (!resource.schema) continue;
      const head = readFileSync(join(downloaded.folder, resource.path), 'utf8').split('\r\n')[0];
      expect(head).toBe(resource.schema.fields.map((field) => field.name).join(','));
    }
  });

  it('has a twin of each table that no spreadsheet takes for a formula', () => {
    const twin = readFileSync(join(downloaded.folder, 'data/conversations-spreadsheet.csv'));
    expect([...twin.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(twin.toString('utf8')).not.toMatch(/(^|,)"?[=+@-][A-Za-z0-9(]/m);
    const raw = readFileSync(join(downloaded.folder, 'data/conversations.csv'), 'utf8');
    expect(raw).toMatch(/,"?=cmd|,@SUM|,\+1/);
    expect(raw).toMatch(/\+0[12]:00,/);
    expect(raw).toContain('Europe/Berlin');
  });

  it('has no name with a path, a control character or a mark of direction in it', () => {
    for (const name of downloaded.names) {
      expect(name).toMatch(/^[a-z0-9/.-]+$/);
      expect(name).not.toContain('..');
    }
    expect(downloaded.names.filter((name) => name.includes('attachment')).length).toBeGreaterThan(
      0,
    );
  });

  it('holds the notice, and a bag whose information has one line for each thing', () => {
    expect(readFileSync(join(downloaded.folder, 'privacy-notice.md'), 'utf8')).toBe(notice);
    const info = readFileSync(join(downloaded.folder, 'bag-info.txt'), 'utf8');
    expect(info).toContain('Source-Organization: Shop Evil: yes\n');
    expect(info.trim().split('\n')).toHaveLength(5);
  });

  it('is signed by a key that is published', async () => {
    const ran = await verify(
      [downloaded.file, '--issuer', scenario.stack.hostUrl],
      downloaded.passphrase,
    );
    expect(ran.output).toContain('The signature is by the key given.');
    expect(ran.code).toBe(0);
  });

  it('is checked with a file of keys, with none, and with those of somebody else', async () => {
    const answer = await fetch(`${scenario.stack.hostUrl}/.well-known/jwks.json`);
    const keys = (await answer.json()) as { keys: { x: string; d?: string }[] };
    expect(keys.keys[0]).not.toHaveProperty('d');
    const jwks = join(downloaded.folder, '..', 'jwks.json');
    writeFileSync(jwks, JSON.stringify(keys));
    const { file, passphrase } = downloaded;
    expect((await verify([file, '--jwks', jwks], passphrase)).code).toBe(0);
    expect(await verify([file], passphrase)).toMatchObject({
      code: 3,
      output: expect.stringContaining('Signer not checked') as string,
    });
    const other = Object.assign({}, keys.keys[0], {
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    });
    writeFileSync(jwks, JSON.stringify({ keys: [other] }));
    const refused = await verify([file, '--jwks', jwks], passphrase);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('signature');
  });

  it('is refused with another passphrase, when a byte is changed, and when it is no package', async () => {
    const { file, passphrase } = downloaded;
    expect((await verify([file], 'wrong')).code).toBe(1);
    const damaged = join(downloaded.folder, '..', 'damaged.zip');
    copyFileSync(file, damaged);
    const size = readFileSync(damaged).length;
    writeSync(openSync(damaged, 'r+'), Buffer.from([1, 2, 3, 4]), 0, 4, Math.floor(size / 2));
    expect((await verify([damaged], passphrase)).code).toBe(1);
    expect((await verify([join(root, 'README.md')], passphrase)).code).toBe(1);
    expect((await verify([], passphrase)).code).toBe(2);
    expect((await verify(['nowhere.zip'], passphrase)).code).toBe(2);
  });

  it('warns of a passphrase on the command line', async () => {
    const { file, passphrase } = downloaded;
    const ran = await verify([file, '--passphrase', passphrase], '');
    expect(ran.output).toContain('others on this machine can read');
    expect(ran.code).toBe(3);
  });
});
