import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decisionBody, refuseBody } from '../../src/core/api/bodies';
import { openApiDocument } from '../../src/core/api/openapi';
import { apiOperations } from '../../src/core/api/operations';
import { apiReferencePage } from '../../src/core/api/reference-page';
import { isAllowedCallback, webhookBody } from '../../src/core/api/webhooks';

const root = resolve(__dirname, '../..');
const document = openApiDocument('https://privacy.shop.example', '1.0.0');

describe('the reference page of the API', () => {
  it('says of every call who may make it', () => {
    const html = apiReferencePage(document);
    for (const { access, id } of apiOperations) {
      const [section = ''] = html.split(`<section id="${id}">`)[1]?.split('</section>') ?? [];
      const caller = { key: '(function key)', anonymous: '(anonymous)' }[access as string];
      expect({ id, isNamed: section.includes(caller ?? `(role ${access})`) }).toEqual({
        id,
        isNamed: true,
      });
    }
  });
});

describe('problem codes', () => {
  /** Text of the sources under some folders of `src`. */
  const sourceOf = (...folders: string[]): string =>
    fastGlob
      .sync(
        folders.map((folder) => `src/${folder}/**/*.ts`),
        { cwd: root },
      )
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
  const raised = (text: string): Set<string> =>
    new Set(
      [...text.matchAll(/(?:new HttpProblem|super)\(\s*\d+,\s*'(\w+)'/g)].map(
        ([, code]) => code ?? '',
      ),
    );
  const portal = JSON.parse(readFileSync(join(root, 'src/locales/en/portal.json'), 'utf8')) as {
    problems: Record<string, string>;
  };
  /** Of the pages themselves, which no program calls, and of any call at all. */
  const others = [
    ...['originRefused', 'tooManyRequests', 'directoryNotConfigured', 'logoNotConfigured'],
    'languageNotFound',
    'internalError',
  ];

  it('that calls of the API end with are described, and no others', () => {
    const described = new Set(
      Object.values(document.paths)
        .flatMap((methods) => Object.values(methods))
        .flatMap(({ responses }) => Object.values(responses))
        .flatMap(({ description }) => /Codes: (.*)\.$/.exec(description)?.[1]?.split(', ') ?? []),
    );
    const api = raised(sourceOf('functions/api', 'functions/officer', 'functions/shared'));
    for (const code of others) api.delete(code);
    expect([...described].sort()).toEqual([...api].sort());
  });

  it('of the portal have a text for the person, and every text has a code', () => {
    const pages = sourceOf('functions', 'web', 'core');
    const ofPortal = raised(sourceOf('functions/portal'));
    for (const code of others) ofPortal.delete(code);
    expect([...ofPortal].filter((code) => !(code in portal.problems))).toEqual([]);
    expect(
      Object.keys(portal.problems).filter(
        (code) => !pages.includes(`'${code}'`) && !pages.includes(`=${code}'`),
      ),
    ).toEqual([]);
  });
});

describe('bodies of officers', () => {
  const justification = 'Known by ticket.';

  it('name the contact by its id, and by no number', () => {
    const contactId = '6f0c7f5e-2f7b-4c39-9c5a-0d2f1b8a7e11';
    expect(decisionBody.safeParse({ contactIds: [contactId], justification }).success).toBe(true);
    expect(decisionBody.safeParse({ contactIds: [1], justification }).success).toBe(false);
    expect(decisionBody.safeParse({ contactIds: ['1'], justification }).success).toBe(false);
    expect(decisionBody.safeParse({ candidate: 1, justification }).success).toBe(false);
  });

  it('explain a refusal whose code says nothing by itself', () => {
    const body = { reasonCode: 'asExplained', justification };
    expect(refuseBody.safeParse(body).success).toBe(false);
    expect(refuseBody.safeParse({ ...body, explanation: 'Asked last week.' }).success).toBe(true);
  });
});

describe('webhooks', () => {
  it('carry the state and the code of its reason', () => {
    const event = { sequence: 3, at: '2026-11-24T09:00:00.000Z', attempts: 0 } as const;
    const body = webhookBody(
      'id',
      { ...event, to: 'failed', reasonCode: 'packageIncomplete', state: 'pending' },
      'REQ-4711',
    );
    expect(JSON.parse(body)).toEqual({
      type: 'request.failed',
      timestamp: event.at,
      data: {
        requestId: 'id',
        ticketId: 'REQ-4711',
        state: 'failed',
        reasonCode: 'packageIncomplete',
        sequence: 3,
      },
    });
  });

  it.each([
    ['https://tickets.example/hook', true],
    ['http://127.0.0.1:8080/hook', true],
    ['http://[::1]:8080/hook', true],
    ['http://tickets.example/hook', false],
    ['https://user@tickets.example/hook', false],
    ['https://elsewhere.example/hook', false],
    ['nonsense', false],
  ])('may go to %s: %s', (url, isAllowed) => {
    const hosts = ['tickets.example', '127.0.0.1:8080', '[::1]:8080'];
    expect(isAllowedCallback(url, hosts)).toBe(isAllowed);
  });
});
