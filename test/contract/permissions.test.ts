import { readFileSync } from 'node:fs';
import { operations } from '../../local/genesys/operations';
import { provenByCall } from '../../src/core/genesys/permissions';
import { contractPath, hasContract } from '../helpers/outside-inputs';

interface Required {
  type: 'ANY' | 'ALL';
  permissions: string[];
}
interface Api {
  paths: Record<string, Record<string, { 'x-inin-requires-permissions'?: Required }>>;
}

/** What the API document requires of a client that calls an operation; null for nothing. */
function requiredOf(method: string, path: string): Required | null {
  const { paths } = JSON.parse(readFileSync(contractPath, 'utf8')) as Api;
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${path} is not an operation.`);
  return operation['x-inin-requires-permissions'] ?? null;
}

(hasContract ? describe : describe.skip)(
  `permissions against the API document${hasContract ? '' : ` (skipped: ${contractPath} is not at hand)`}`,
  () => {
    it.each(operations.map((one) => [`${one.method} ${one.path}`, one] as const))(
      'are required by the simulator as by the document: %s',
      (_name, { method, path, permissions }) => {
        const required = requiredOf(method, path);
        const { all = [], any = [] } = permissions;
        // With one permission, all and any are the same.
        const isAll = required?.type === 'ALL' || required?.permissions.length === 1;
        const given = isAll && all.length === 0 ? any : isAll ? all : any;
        expect([...given].sort()).toEqual([...(required?.permissions ?? [])].sort());
        expect([...all, ...any].sort()).toEqual([...given].sort());
      },
    );

    it.each(provenByCall.map((probe) => [probe.operation, probe] as const))(
      'are proven by a call that nothing else opens: %s',
      (_name, probe) => {
        const { operation, permissions } = probe;
        const alternatives = 'alternatives' in probe ? probe.alternatives : [];
        const [method = '', path = ''] = operation.split(/[ ?]/);
        const required = requiredOf(method, path);
        const isExact = operation.includes('deletionprotection');
        // Either opens that call; what each action requires stands in the words of the document.
        const opening = isExact
          ? ['apply', 'revoke'].map((action) => `recording:deletionProtection:${action}`)
          : [...permissions, ...alternatives];
        expect([...(required?.permissions ?? [])].sort()).toEqual([...opening].sort());
        if (permissions.length > 1) expect(required?.type).toBe('ALL');
      },
    );
  },
);
