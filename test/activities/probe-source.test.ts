import { createProbeSource } from '../../src/activities/probe-source';
import { createExportPage } from '../../src/activities/export-page';
import type { AppContext } from '../../src/composition/app-context';
import { SourceError } from '../../src/core/errors';
import { pageBlob } from '../../src/core/package/blob-names';
import { newItem } from '../../src/core/package/items';
import type { PermissionProof, Source } from '../../src/ports';
import { conversationIn, fakeSource, requestEnvironment } from '../helpers/exports';

const proven: PermissionProof = { missing: [], undeclared: [], declared: [], unproven: [] };
const away = () =>
  new SourceError({ kind: 'retryLater', afterSeconds: 1, reason: 'sourceUnavailable' });

function requestOf(answers: Partial<Source>, state = 'awaitingVerification') {
  const { env, record } = requestEnvironment(fakeSource(answers).source);
  record['state'] = state;
  record['missingPermissions'] = [];
  const ledger = {
    ...env.ledger,
    move: (_id: string, to: string) => Promise.resolve(void (record['state'] = to)),
  };
  return { env: { ...env, ledger } as AppContext, record };
}

describe('the check of permissions', () => {
  it.each<[string, () => Promise<PermissionProof>]>([
    ['waits for the source', () => Promise.reject(away())],
    ['is passed', () => Promise.resolve(proven)],
  ])(
    'says that the person has proven who they are while it %s',
    async (_name, provePermissions) => {
      const { env, record } = requestOf({ provePermissions });
      await createProbeSource(env)({ requestId: 'request' });
      expect(record['state']).toBe('identifying');
    },
  );

  it('leaves another state as it is', async () => {
    const { env, record } = requestOf(
      { provePermissions: () => Promise.resolve(proven) },
      'exporting',
    );
    await createProbeSource(env)({ requestId: 'request' });
    expect(record['state']).toBe('exporting');
  });

  it('stops the request by what is missing, and by what nobody proved or declared', async () => {
    const proof = { ...proven, missing: ['a:b:c'], undeclared: ['d:e:f'], unproven: ['g:h:i'] };
    const { env, record } = requestOf({ provePermissions: () => Promise.resolve(proof) });
    expect(await createProbeSource(env)({ requestId: 'request' })).toEqual({
      kind: 'done',
      value: { problem: 'sourcePermissionMissing' },
    });
    expect(record).toMatchObject({
      missingPermissions: ['a:b:c', 'd:e:f'],
      unprovenPermissions: ['g:h:i'],
    });
  });

  it('lets a request go on by what the operator has declared, and keeps that for the report', async () => {
    const proof = { ...proven, declared: ['d:e:f'] };
    const { env, record } = requestOf({ provePermissions: () => Promise.resolve(proof) });
    expect(await createProbeSource(env)({ requestId: 'request' })).toEqual({
      kind: 'done',
      value: { problem: null },
    });
    expect(record).toMatchObject({ missingPermissions: [], declaredPermissions: ['d:e:f'] });
  });
});

describe('a call that is refused after the check', () => {
  const refused = new SourceError({ kind: 'failed', code: 'sourcePermissionMissing' }, ['x:y:z']);

  it.each<[string, () => Promise<PermissionProof>, string[]]>([
    [
      'names all that are missing',
      () => Promise.resolve({ ...proven, missing: ['a:b:c', 'd:e:f'] }),
      ['a:b:c', 'd:e:f', 'x:y:z'],
    ],
    ['names what it said itself where the source is away', () => Promise.reject(away()), ['x:y:z']],
  ])('%s', async (_name, provePermissions, names) => {
    const { env, record } = requestOf(
      { provePermissions, conversation: () => Promise.reject(refused) },
      'exporting',
    );
    await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), [conversationIn('voice')]);
    await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
    const input = { requestId: 'request', page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await createExportPage(env)(input)).toEqual({
      kind: 'failed',
      code: 'sourcePermissionMissing',
    });
    expect(record['missingPermissions']).toEqual(names);
  });
});
