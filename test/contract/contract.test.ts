import type { Exchange } from '../../local/genesys/dispatcher';
import { operations } from '../../local/genesys/operations';
import { withOtherSpellings } from '../../local/genesys/spellings';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';
import { contractPath, hasContract } from '../helpers/outside-inputs';
import { Contract } from './contract';

/** Objects whose property names are data, not fields. */
const maps = ['attributes', 'data', 'mediaUris', 'messageParams'];

interface Place {
  holder: Record<string, unknown>;
  field: string;
}

/** Every field of a JSON value at any depth, except inside declared maps. */
function fieldsOf(value: unknown): Place[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (value === null || typeof value !== 'object') return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([field, inner]) => [
    { holder, field },
    ...(maps.includes(field) ? [] : fieldsOf(inner)),
  ]);
}

function rename({ holder, field }: Place): () => void {
  const value = holder[field];
  delete holder[field];
  holder[`${field}Renamed`] = value;
  return () => {
    delete holder[`${field}Renamed`];
    holder[field] = value;
  };
}

(hasContract ? describe : describe.skip)(
  `requests and responses against the API document${hasContract ? '' : ` (skipped: ${contractPath} is not at hand)`}`,
  () => {
    let scenario: Scenario;
    let contract: Contract;
    let exchanges: Exchange[];

    /** Calls the operations that the app does not call, so that every one is checked. */
    async function callTheRest(): Promise<void> {
      const { url } = scenario.simulator;
      const login = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${btoa('simulator-client:simulator-secret')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token: token } = (await login.json()) as { access_token: string };
      const { subject, organisation } = scenario.generated;
      const recorded = organisation.conversations.find(({ recordings }) =>
        recordings.some(({ channels }) => channels === 2),
      );
      if (recorded) recorded.secureAttributes = { contract: 'A-1' };
      const surveyed = organisation.conversations.find(({ survey }) => survey !== undefined);
      const get = (path: string) =>
        fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
      const paths = [
        '/api/v2/externalcontacts/contacts?q=Schneider&pageSize=5&expand=identifiers,division',
        `/api/v2/externalcontacts/contacts/${subject.id}?expand=identifiers`,
        `/api/v2/externalcontacts/contacts/${subject.id}/identifiers`,
        '/api/v2/externalcontacts/contacts/00000000-0000-4000-a000-000000000000',
        '/api/v2/analytics/conversations/details/jobs/availability',
        `/api/v2/conversations/${recorded?.id ?? ''}/secureattributes`,
        `/api/v2/quality/evaluations/query?conversationId=${surveyed?.id ?? ''}&pageSize=100&pageNumber=1&expandAnswerTotalScores=true`,
        `/api/v2/conversations/${recorded?.id ?? ''}/recordings?formatId=MP3&maxWaitMs=1`,
      ];
      for (const path of paths) await get(path);
      const send = (method: string, path: string, body: unknown) =>
        fetch(`${url}${path}`, {
          method,
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
      const recordingId = recorded?.recordings[0]?.id ?? '';
      const batch = await send('POST', '/api/v2/recording/batchrequests', {
        batchDownloadRequestList: [{ conversationId: recorded?.id ?? '', recordingId }],
      });
      const { id: batchId } = (await batch.json()) as { id: string };
      await get(`/api/v2/recording/batchrequests/${batchId}`);
      await send('PUT', `/api/v2/conversations/${recorded?.id ?? ''}/recordings/${recordingId}`, {
        archiveDate: '2030-01-01T00:00:00.000Z',
      });
      await new Promise((done) => setTimeout(done, 400));
      await get(paths.at(-1) ?? '');
      await get(`/api/v2/recording/batchrequests/${batchId}`);
      await get('/api/v2/organizations/me');
      await get(`/api/v2/externalcontacts/contacts/${subject.id}/unresolved?expand=identifiers`);
      const conversationIds = [recorded?.id ?? ''];
      for (const isProtected of ['true', 'false']) {
        const path = '/api/v2/recordings/deletionprotection';
        await send('PUT', `${path}?protect=${isProtected}`, { conversationIds });
        await send('POST', path, { conversationIds });
      }
      scenario.simulator.settings.hidden = [recordingId];
      const job = await send('POST', '/api/v2/recording/jobs', {
        action: 'EXPORT',
        integrationId: 'simulator-integration',
        conversationQuery: {
          interval: '2020-01-01T00:00:00Z/2030-01-01T00:00:00Z',
          conversationFilters: [
            {
              type: 'or',
              predicates: [
                { type: 'dimension', dimension: 'conversationId', value: recorded?.id ?? '' },
              ],
            },
          ],
        },
      });
      const { id: jobId } = (await job.json()) as { id: string };
      await new Promise((done) => setTimeout(done, 200));
      await get(`/api/v2/recording/jobs/${jobId}`);
      await send('PUT', `/api/v2/recording/jobs/${jobId}`, { state: 'PROCESSING' });
      await get(`/api/v2/recording/jobs/${jobId}/failedrecordings?pageSize=100&pageNumber=1`);
      await fetch(`${url}/api/v2/organizations/nobody`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      scenario.simulator.settings.callsPerMinute = 0;
      await get(paths[0] ?? '');
      scenario.simulator.settings.callsPerMinute = 30_000;
      await fetch(`${url}${paths[0] ?? ''}`);
    }

    beforeAll(async () => {
      contract = new Contract();
      const now = new Date();
      const generated = withOtherSpellings(organisationOf(20), { seed: 7, now });
      scenario = await Scenario.start({ generated });
      const requestId = await scenario.request();
      await scenario.stepUp();
      await scenario.untilState(requestId, 'available');
      await callTheRest();
      exchanges = scenario.exchanges.filter(({ operation }) => operation !== null);
    }, 120_000);
    afterAll(() => scenario.stop());

    it('cover every operation of the simulator', () => {
      const called = new Set(
        exchanges.map(({ method, operation }) => `${method} ${operation ?? ''}`),
      );
      expect([...called].sort()).toEqual(
        operations.map(({ method, path }) => `${method} ${path}`).sort(),
      );
      expect(new Set(exchanges.map(({ status }) => status))).toEqual(
        new Set([200, 202, 204, 400, 401, 404, 429]),
      );
    });

    it('are all valid', () => {
      expect([...new Set(exchanges.flatMap((exchange) => contract.problems(exchange)))]).toEqual(
        [],
      );
    });

    it('are not valid once any field has another name', () => {
      const kinds = new Map(
        exchanges.map((e) => [`${e.method} ${e.operation ?? ''} ${e.status}`, e]),
      );
      let mutations = 0;
      for (const [kind, exchange] of kinds) {
        const isRefused = exchange.status >= 400 && exchange.status !== 404;
        const places = [
          ...fieldsOf(exchange.responseBody),
          ...(isRefused ? [] : fieldsOf(exchange.requestBody)),
          ...Object.keys(exchange.query).map((field) => ({
            holder: exchange.query,
            field,
          })),
        ];
        for (const place of places) {
          const undo = rename(place);
          const problems = contract.problems(exchange);
          undo();
          if (problems.length === 0)
            throw new Error(`${kind}: ${place.field} may be called anything`);
          mutations += 1;
        }
      }
      expect(mutations).toBeGreaterThan(300);
    });

    it('are not valid with an unknown path, parameter, status or method', () => {
      const [exchange] = exchanges;
      if (!exchange) throw new Error('no exchange');
      expect(
        contract.problems({ ...exchange, operation: '/api/v2/recording/exports' }),
      ).not.toEqual([]);
      expect(contract.problems({ ...exchange, query: { undeclared: '1' } })).not.toEqual([]);
      expect(contract.problems({ ...exchange, status: 299 })).not.toEqual([]);
      expect(contract.problems({ ...exchange, method: 'PATCH' })).not.toEqual([]);
    });

    it('have no operation of the simulator that the document lacks', () => {
      const unknown = operations.filter(({ method, path }) =>
        contract
          .problems({
            method,
            operation: path,
            path,
            query: {},
            requestBody: undefined,
            status: 200,
            responseBody: undefined,
          })
          .some((problem) => problem.endsWith('is not an operation')),
      );
      expect(unknown).toEqual([]);
    });
  },
);
