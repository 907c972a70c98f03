import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { createFindDoubtful } from '../../src/activities/find-doubtful';
import { createGatherEvidence } from '../../src/activities/gather-evidence';
import { createPlanPages } from '../../src/activities/plan-pages';
import { createResolveContact } from '../../src/activities/resolve-contact';
import type { AppContext } from '../../src/composition/app-context';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import type { SubjectFilter } from '../../src/core/genesys/subject-filter';
import { countBlob, pageBlob, searchBlob } from '../../src/core/package/blob-names';
import type { PageConversation } from '../../src/core/package/page';
import type { ActivityResult } from '../../src/core/results';
import { decideContact } from '../../src/functions/officer/decisions';
import type { OfficerRequests } from '../../src/functions/officer/officer-requests';
import type {
  RequestDetails,
  RequestRecord,
  SearchRecord,
  StoredChange,
  StoredRequest,
} from '../../src/ports';
import { countConversations } from '../../src/services/conversation-counts';
import { DoubtfulConversations, type DoubtfulSlice } from '../../src/services/doubtful';
import { batchesToCount, filtersOf } from '../../src/services/search-filters';
import { fakeSource, requestEnvironment } from './exports';
import { contactSourceOf, type People } from './people';

const requestId = 'request';
const key = Buffer.alloc(32);
const search: SearchRecord = {
  key: '0000',
  filter: 0,
  window: { from: '2015-01-01', to: '2026-01-01' },
  state: 'done',
  jobId: null,
  attempts: 1,
  found: 0,
  parts: 1,
};

/** Whether a search by one of its predicates finds a conversation: values are compared as they are. */
const isFoundBy =
  ({ predicates }: SubjectFilter) =>
  ({ participants }: SourceConversation): boolean =>
    participants.some((participant) =>
      predicates.some(({ dimension, value }) =>
        dimension.toLowerCase().includes('externalcontactid')
          ? participant.externalContactId === value
          : (participant.sessions ?? []).some((session) => session[dimension] === value),
      ),
    );

const valueOf = <T>(result: ActivityResult<T>): T => {
  if (result.kind !== 'done') throw new Error(JSON.stringify(result));
  return result.value;
};

/** A request of generated people, taken through the real activities and the real handler of decisions. */
export class PeopleRequest {
  outcome = '';
  details: RequestDetails;
  readonly record: RequestRecord;
  private readonly env: AppContext;

  constructor(
    private readonly people: People,
    verifiedBy: 'oidc' | 'officer' | 'sms',
  ) {
    const { source } = fakeSource({
      ...contactSourceOf(people),
      dataSubjects: () => Promise.resolve(null),
    });
    const { env, record } = requestEnvironment(source);
    const { settings, ledger } = env;
    this.record = record as unknown as RequestRecord;
    Object.assign(record, {
      ...{ state: 'identifying', receivedAt: '2026-11-20T12:00:00.000Z', verifiedBy },
      ...{ verificationRequestedAt: null, verifiedAt: null, extendedAt: null, releasedAt: null },
    });
    this.details = {
      identifiers: people.asked,
      ...{ name: null, contactMatches: null, contact: null, noContact: null, decision: null },
      ...{ timeZone: 'UTC', locale: 'en' },
    } as unknown as RequestDetails;
    this.env = {
      ...env,
      authenticators: { authenticatorIdOf: () => 'id', isEnrolled: () => Promise.resolve(false) },
      login: {},
      settings: {
        ...settings,
        authentication: {
          stepUp: { offered: ['sms'], isSmsSufficient: true },
          loginClaim: 'email',
        },
      },
      ledger: {
        ...ledger,
        details: () => Promise.resolve(this.details),
        changeDetails: (_id: string, change: (stored: StoredRequest) => StoredChange) =>
          this.change(change),
      },
    } as unknown as AppContext;
  }

  private change(change: (stored: StoredRequest) => StoredChange): Promise<StoredRequest> {
    const changed = change({ details: this.details, record: { ...this.record } });
    this.details = changed.details;
    Object.assign(this.record, changed.change);
    return Promise.resolve({ details: this.details, record: { ...this.record } });
  }

  /** Finds out who is meant, as far as that is clear. */
  async resolve(): Promise<void> {
    const resolved = async () =>
      valueOf(await createResolveContact(this.env)({ requestId })).outcome;
    this.outcome = await resolved();
    if (this.outcome !== 'nobodyFound') return;
    await this.count();
    this.outcome = await resolved();
  }

  private async count(): Promise<void> {
    const { env, people } = this;
    const batches = await batchesToCount(env, { record: this.record });
    for (const [i, { identifiers, filter }] of batches.entries()) {
      const found = people.talks.map(({ conversation }) => conversation).filter(isFoundBy(filter));
      const results = (async function* () {
        yield await Promise.resolve(found);
      })();
      const counts = await countConversations(identifiers, results);
      const own = { ...search, key: `000${i}`, filter: i };
      await env.searches.put(requestId, [own]);
      await env.scratch.write(requestId, countBlob(own.key), key, counts ?? []);
    }
    valueOf(await createGatherEvidence(env)({ requestId }));
  }

  /** Whether the person was invited and has proven who they are. */
  get isVerified(): boolean {
    return this.record.verificationRequestedAt !== null;
  }

  /** The person is invited, proves who they are, and the searches begin. */
  async verify(): Promise<void> {
    const at = '2026-11-24T12:00:00.000Z';
    Object.assign(this.record, { verificationRequestedAt: at, verifiedAt: at, state: 'exporting' });
    await this.export();
  }

  /** Searches where that is not done, lists what is doubtful, and plans pages once nothing is open. */
  async export(): Promise<void> {
    const { env, record, people } = this;
    const call = `call ${record.exportAttempts}`;
    valueOf(await createBeginExportAttempt(env)({ requestId, call }));
    if ((await env.searches.list(requestId)).length === 0) {
      const filters = await filtersOf(env, { record });
      const found = people.talks
        .map(({ conversation }) => conversation)
        .filter((one) => filters.some((filter) => isFoundBy(filter)(one)));
      await env.scratch.write(requestId, searchBlob(search.key, 1), key, found);
      await env.searches.put(requestId, [{ ...search, found: found.length }]);
    }
    const { undecided } = valueOf(await createFindDoubtful(env)({ requestId }));
    this.undecided = undecided;
    if (undecided === 0) valueOf(await createPlanPages(env)({ requestId }));
  }

  /** Doubtful conversations that are waited for. */
  undecided = 0;

  /** Posts answers of an officer. @returns whether they were taken */
  async decide(answers: Record<string, unknown>): Promise<boolean> {
    const body = JSON.stringify({ justification: 'Asked.', ...answers });
    const headers = { 'Content-Type': 'application/json' };
    const request = new Request('http://127.0.0.1', { method: 'POST', headers, body });
    const requests = { actionOf: () => ({}), changed: () => Promise.resolve({}) };
    const handler = decideContact(this.env, requests as unknown as OfficerRequests);
    try {
      await handler({ request, record: { ...this.record } } as never);
    } catch (error) {
      if (error instanceof Error && error.constructor.name === 'HttpProblem') return false;
      throw error;
    }
    return true;
  }

  /** The doubtful conversations, once they are listed. */
  async doubtful(): Promise<DoubtfulSlice['conversations']> {
    const owner = { record: { requestId }, keys: { dataKey: key } };
    const all = await DoubtfulConversations.of(this.env, owner);
    const slice = await all?.slice(null, {}, { cursor: null, limit: 200 });
    return slice?.conversations ?? [];
  }

  /** The conversations that pages are planned of. */
  async planned(): Promise<PageConversation[]> {
    const pages = Array.from({ length: this.record.pages ?? 0 }, (_, i) => pageBlob(i + 1));
    const contents = await Promise.all(
      pages.map((page) => this.env.scratch.read(requestId, page, key)),
    );
    return contents.flatMap((content) => content ?? []);
  }
}
