import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endStates } from '../../src/core/request/states';
import { root } from '../helpers/root';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const justification = ['--justification', 'as agreed'];

describe('the command line of decisions', () => {
  let server: Server;
  let folder: string;
  /** What was called, in its order. */
  let calls: { method: string; url: string; body: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { method = '', url = '' } = request;
        const body = JSON.parse(text || '{}') as Record<string, unknown>;
        calls.push({ method, url, body });
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(answerTo(url)));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  beforeEach(() => {
    calls = [];
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
    rmSync(folder, { recursive: true });
  });

  /** Three pages of conversations, a code, a package, and a status for everything else. */
  function answerTo(url: string): object {
    if (url.endsWith('/code')) return { code: '12345678' };
    if (url.endsWith('/deliver'))
      return {
        ...{ url: 'https://packages.example/1', expiresAt: '2026-01-02T03:04:05.000Z' },
        ...{ passphrase: 'TEST-TEST', bytes: 5 },
      };
    if (!url.includes('/decision/conversations'))
      return {
        requestId: id(9),
        state: 'needsDecision',
        reasonCode: 'x',
        receivedAt: '2026-01-01',
      };
    const page = Number(new URLSearchParams(url.split('?')[1]).get('cursor') ?? 0);
    const conversation = {
      ...{ conversationId: id(page), startedAt: '2026-01-02T03:04:05.000Z', channels: [] },
      ...{ queues: [], direction: null, doubt: 'otherContact', tiedBy: [], otherContacts: [] },
      verdict: null,
    };
    return { conversations: [conversation], total: 3, next: page < 2 ? String(page + 1) : null };
  }

  function cli(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const { port } = server.address() as AddressInfo;
    const child = spawn(
      process.execPath,
      ['dist/src/cli/main.js', ...args, '--url', `http://127.0.0.1:${port}`],
      { cwd: root, env: { ...process.env, PORTABILITY_TOKEN: 'token' } },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
  }

  it('pages through all doubtful conversations, with the filters given', async () => {
    const listed = await cli(
      ...['decision', id(9), 'conversations', '--verdict', 'undecided'],
      ...['--identifier', '2', '--contact', id(5), '--json'],
    );
    expect(listed.code).toBe(0);
    const conversations = JSON.parse(listed.out) as { conversationId: string }[];
    expect(conversations.map((one) => one.conversationId)).toEqual([id(0), id(1), id(2)]);
    const filters = `limit=200&verdict=undecided&identifier=2&contact=${id(5)}`;
    expect(calls.map(({ url }) => url.split('?')[1])).toEqual([
      filters,
      `${filters}&cursor=1`,
      `${filters}&cursor=2`,
    ]);
    expect((await cli('decision', id(9), 'conversations')).out.trim().split('\n')).toHaveLength(4);
  });

  it('sends every answer with its justification, many conversations in several calls', async () => {
    const file = join(folder, 'conversations');
    writeFileSync(file, Array.from({ length: 1001 }, (_, i) => `${id(i)} withhold`).join('\n'));
    const decided = await cli(
      ...['decide', id(9), '--contact', id(1), '--contact', id(2), '--identifier', '1=include'],
      ...['--conversations-from', file, '--without-undecided', ...justification],
    );
    expect(decided).toMatchObject({ code: 0, err: '' });
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST /api/requests/${id(9)}/decision`,
      `POST /api/requests/${id(9)}/decision`,
    ]);
    const [first, last] = calls.map(({ body }) => body);
    expect(first).toMatchObject({
      justification: 'as agreed',
      contactIds: [id(1), id(2)],
      identifiers: [{ identifier: 1, verdict: 'include' }],
    });
    expect(first?.['conversations']).toHaveLength(1000);
    expect(last).toEqual({
      justification: 'as agreed',
      conversations: [{ conversationId: id(1000), verdict: 'withhold' }],
      undecided: 'withhold',
    });
  });

  it('confirms that an officer has checked an identity', async () => {
    const checked = ['confirm-identity', id(9), '--check-method', 'inPerson', ...justification];
    expect(await cli(...checked)).toMatchObject({ code: 0, err: '' });
    expect(await cli(...checked, '--representative')).toMatchObject({ code: 0, err: '' });
    const body = { justification: 'as agreed', checkMethod: 'inPerson' };
    const call = { method: 'POST', url: `/api/requests/${id(9)}/identity` };
    expect(calls).toEqual([
      { ...call, body: { ...body, isRepresentative: false } },
      { ...call, body: { ...body, isRepresentative: true } },
    ]);
  });

  it('confirms that an officer has checked for whom somebody acts', async () => {
    const checked = [
      ...['check-mandate', id(9), '--mandate', 'lawyer', '--check-method', 'byVideo'],
      ...['--mailbox-check', 'onMandate', ...justification],
    ];
    expect(await cli(...checked)).toMatchObject({ code: 0, err: '' });
    const answers = { mandate: 'lawyer', checkMethod: 'byVideo', mailboxCheck: 'onMandate' };
    expect(calls).toEqual([
      {
        ...{ method: 'POST', url: `/api/requests/${id(9)}/mandate` },
        body: { justification: 'as agreed', ...answers },
      },
    ]);
  });

  it('gives a code, and link and passphrase of a package, to hand over', async () => {
    const code = await cli('code', id(9), ...justification);
    expect(code).toMatchObject({
      code: 0,
      out: 'code        12345678, valid for an hour\n',
      err: '',
    });
    expect(await cli('approve', id(9), ...justification)).toMatchObject({ code: 0, err: '' });
    const delivered = await cli('deliver', id(9), ...justification);
    expect(delivered).toMatchObject({ code: 0, err: '' });
    expect(delivered.out.split('\n')).toEqual([
      'link        https://packages.example/1, until 2026-01-02T03:04:05.000Z',
      'passphrase  TEST-TEST',
      'size        5 bytes',
      '',
    ]);
    const json = await cli('code', id(9), ...justification, '--json');
    expect(JSON.parse(json.out)).toEqual({ code: '12345678' });
    const body = { justification: 'as agreed' };
    expect(calls).toEqual(
      ['code', 'approve', 'deliver', 'code'].map((path) => ({
        method: 'POST',
        url: `/api/requests/${id(9)}/${path}`,
        body,
      })),
    );
  });

  it('previews the notices in the language asked for, and calls nothing', async () => {
    const file = join(folder, 'settings.json');
    writeFileSync(file, JSON.stringify({ Values: { CONTROLLER_NAME: 'Kaufhaus Nord' } }));
    const german = await cli('notices', '--preview', '--locale', 'de', '--settings', file);
    expect(german).toMatchObject({ code: 0, err: '' });
    expect(german.out).toContain('Kaufhaus Nord');
    expect(german.out).toContain('Art. 12 Abs. 3 DSGVO');
    const json = await cli('notices', '--preview', '--locale', 'de', '--json');
    const previews = JSON.parse(json.out) as { language: string; kind: string }[];
    expect(new Set(previews.map(({ language }) => language))).toEqual(new Set(['de']));
    expect(new Set(previews.map(({ kind }) => kind))).toEqual(new Set(['extended', ...endStates]));
    expect(await cli('notices', '--preview', '--locale', 'xx')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--locale is one of') as string,
    });
    expect(calls).toEqual([]);
  });

  it.each([
    [
      'an identity that nobody says how they have checked',
      ['confirm-identity', id(9), ...justification],
    ],
    [
      'an unknown way to check an identity',
      ['confirm-identity', id(9), '--check-method', 'byMail', ...justification],
    ],
    ['no reason to confirm an identity', ['confirm-identity', id(9), '--check-method', 'byPost']],
    [
      'a mandate that is none',
      [
        ...['check-mandate', id(9), '--mandate', 'friendship', '--check-method', 'byVideo'],
        ...['--mailbox-check', 'onMandate', ...justification],
      ],
    ],
    [
      'a mandate whose mailbox nobody has checked',
      [
        ...['check-mandate', id(9), '--mandate', 'lawyer', '--check-method', 'byVideo'],
        ...justification,
      ],
    ],
    [
      'a refusal that withholds parts only',
      ['refuse', id(9), '--reason', 'rightsOfOthers', ...justification],
    ],
    ['notices that nobody asks to see', ['notices']],
    ['no reason for a code', ['code', id(9)]],
    ['no reason to approve a hand-over', ['approve', id(9)]],
    ['no reason to hand a package over', ['deliver', id(9)]],
    ['an unknown verdict', ['decide', id(9), '--identifier', '1=maybe', ...justification]],
    ['an unknown number', ['decide', id(9), '--code-to', 'two', ...justification]],
    ['no answer', ['decide', id(9), ...justification]],
    ['no justification', ['decide', id(9), '--contact', id(1)]],
    ['a filter of none', ['decision', id(9), 'conversations', '--verdict', 'maybe']],
    [
      'a filter twice',
      ['decision', id(9), 'conversations', '--identifier', '1', '--identifier', '2'],
    ],
    ['something else than conversations', ['decision', id(9), 'calls']],
    ['no reason to see names', ['reveal', id(9)]],
  ])('sends nothing of %s', async (_, args) => {
    expect(await cli(...args)).toMatchObject({ code: 2, out: '' });
    expect(calls).toEqual([]);
  });
});
