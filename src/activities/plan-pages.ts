import { countItems, failed, newItem, withheld, type Item } from '../core/package/items';
import { bulkBlob, pageBlob, partManifestsOf } from '../core/package/blob-names';
import { pageLength } from '../core/package/limits';
import type { PageConversation } from '../core/package/page';
import type { RequestRecord } from '../core/request/record';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { isDoubt, type Decision } from '../core/subject/decision';
import { verdictOn } from '../core/subject/verdicts';
import { tiesOf } from '../core/subject/matching';
import { withheldAs } from '../core/subject/unanswered';
import type { ItemLedger, KeyStore, Ledger, ScratchStore, SearchLedger, Settings } from '../ports';
import { holdPage } from '../services/deletion-hold';
import { foundConversations, type FoundConversation } from '../services/found-conversations';
import { readScratch } from '../services/scratch';
import { readSubject } from '../services/subject';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';

/** The item of a conversation of which nothing is exported yet. */
export function plannedItem({ number, judgement, withheldAs: reason }: PageConversation): Item {
  const item = newItem(number, 'conversation', 1, null);
  if (judgement === 'notReadable' || judgement === 'tooDeep') return failed(item, judgement);
  return reason === null ? item : withheld(item, reason);
}

export interface PlanPagesServices extends ActivityServices {
  items: Pick<ItemLedger, 'put' | 'putCounts' | 'delete'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
  scratch: Pick<ScratchStore, 'read' | 'write' | 'delete' | 'deleteAll'>;
  searches: Pick<SearchLedger, 'list'>;
  settings: Pick<Settings, 'export'> & { search: Pick<Settings['search'], 'mailboxOwners'> };
}

type On = OnOpenRequest<'planPages', PlanPagesServices>;
type Planned = NonNullable<RequestRecord['planned']>;

/**
 * Goes through the search results in order of time, numbers what is the person's and stores it in
 * pages. Every conversation becomes an expected item; one that may be another person's is exported or
 * withheld by what is decided on it, and one that cannot be processed has failed. Pages of an earlier
 * attempt stay, but those on which another decision changes something.
 */
export const createPlanPages = openRequestActivity<'planPages', PlanPagesServices>(
  'planPages',
  async (on) => {
    const { record } = on;
    const { conversations, pages, planned } = record;
    const verdicts = await Verdicts.of(on);
    if (conversations === null || pages === null) return plan(on, verdicts);
    // Once an attempt: a run that comes late would plan what is being exported.
    if (planned?.attempt !== record.exportAttempts) await planAgain(on, verdicts, pages);
    return { conversations, pages };
  },
);

/** What is decided on doubtful conversations, and how many it was asked about. */
class Verdicts {
  private doubtful = 0;
  private left = 0;
  private leftByPolicy = 0;
  private readonly withheld: ReadonlySet<string>;

  private constructor(
    readonly subject: SubjectIdentifiers,
    private readonly decision: Decision | null,
    readonly planned: Planned,
  ) {
    this.withheld = new Set(decision?.rightsOfOthers?.conversations);
  }

  static async of({ record, services }: On): Promise<Verdicts> {
    const { mailboxOwners } = services.settings.search;
    const { subject, details } = await readSubject(services, record, mailboxOwners);
    const { decisionVersion, unanswered, exportAttempts: attempt } = record;
    return new Verdicts(subject, details.decision, { attempt, decisionVersion, unanswered });
  }

  /** Why a conversation is left out; null for one that is exported, or cannot be judged. */
  on({ conversation, judgement }: FoundConversation): PageConversation['withheldAs'] {
    if (judgement === 'notVerified') return judgement;
    if (this.withheld.has(conversation.conversationId)) return 'rightsOfOthers';
    if (!isDoubt(judgement)) return null;
    const verdict = verdictOn(tiesOf(conversation, this.subject), this.decision);
    const reason = withheldAs(judgement, verdict, this.planned.unanswered);
    this.doubtful += 1;
    if (reason !== null) this.left += 1;
    if (verdict === null && this.planned.unanswered === 'byPolicy') this.leftByPolicy += 1;
    return reason;
  }

  /** What the request's record keeps. */
  get change() {
    return { planned: this.planned, withheldByPolicy: this.leftByPolicy };
  }

  /** What the custody record says. */
  get detail(): Record<string, number | string> {
    const { unanswered } = this.planned;
    if (this.doubtful === 0) return {};
    return {
      doubtful: this.doubtful,
      withheld: this.left,
      ...(unanswered === null ? {} : { unanswered }),
    };
  }
}

async function plan(on: On, verdicts: Verdicts): Promise<{ conversations: number; pages: number }> {
  const { record, services } = on;
  const { source } = on.organisation;
  const { requestId } = record;
  const searches = await services.searches.list(requestId);
  const found = searches.reduce((total, search) => total + search.found, 0);
  const length = pageLength(found, services.settings.export.conversationsPerPage);
  let number = 0;
  let pages = 0;
  let unprotectedConversations = 0;
  let page: PageConversation[] = [];
  const store = async (): Promise<void> => {
    pages += 1;
    await services.scratch.write(requestId, pageBlob(pages), on.keys.dataKey, page);
    unprotectedConversations += await holdPage({ ...services, source }, on, pages, page);
    await putItems(on, pages, page);
    page = [];
  };
  for await (const one of foundConversations(services, on, verdicts.subject)) {
    number += 1;
    page.push({ number, ...one, withheldAs: verdicts.on(one) });
    if (page.length === length) await store();
  }
  if (page.length > 0) await store();
  const detail = { conversations: number, windows: searches.length, ...verdicts.detail };
  const change = { conversations: number, pages, unprotectedConversations, ...verdicts.change };
  await services.ledger.note(requestId, { event: 'searched', detail }, change);
  return { conversations: number, pages };
}

async function putItems({ record, services }: On, page: number, content: PageConversation[]) {
  const items = content.map(plannedItem);
  await services.items.put(record.requestId, page, items);
  await services.items.putCounts(record.requestId, page, countItems(items));
}

/** Exports pages again on which a conversation is left out that was not, or the other way round. */
async function planAgain(on: On, verdicts: Verdicts, pages: number): Promise<void> {
  const { record, services } = on;
  const { planned } = record;
  const { decisionVersion, unanswered } = verdicts.planned;
  const isSame = planned?.decisionVersion === decisionVersion && planned.unanswered === unanswered;
  if (isSame) {
    await services.ledger.update(record.requestId, { planned: verdicts.planned });
    return;
  }
  for (let page = 1; page <= pages; page += 1) await planPageAgain(on, verdicts, page);
  const fact = { event: 'doubtfulSettled', detail: verdicts.detail } as const;
  await services.ledger.note(record.requestId, fact, verdicts.change);
}

async function planPageAgain(on: On, verdicts: Verdicts, page: number): Promise<void> {
  const { items, scratch } = on.services;
  const { requestId } = on.record;
  const before = await readScratch(on.services, on, pageBlob(page));
  const after = before.map((entry) => ({ ...entry, withheldAs: verdicts.on(entry) }));
  if (after.every((entry, i) => entry.withheldAs === before[i]?.withheldAs)) return;
  await scratch.deleteAll(requestId, partManifestsOf(page));
  // Its jobs were started for the conversations of before.
  await scratch.delete(requestId, bulkBlob(page));
  await items.delete(requestId, page);
  await putItems(on, page, after);
  // Last: as long as it says what was before, another run does all of this again.
  await scratch.write(requestId, pageBlob(page), on.keys.dataKey, after);
}
