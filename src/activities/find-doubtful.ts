import { isDoubt } from '../core/subject/decision';
import { isSearchCurrent } from '../core/request/record';
import { doubtfulConversation, type DoubtfulConversation } from '../core/subject/doubtful';
import { addSeconds } from '../core/time/time';
import { decisionTimes, unansweredOf } from '../core/subject/unanswered';
import type { KeyStore, Ledger, ScratchStore, SearchLedger, Settings } from '../ports';
import { DoubtfulConversations } from '../services/doubtful';
import { foundConversations } from '../services/found-conversations';
import { readSubject } from '../services/subject';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';

export interface FindDoubtfulServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  searches: Pick<SearchLedger, 'list'>;
  settings: Pick<Settings, 'decisions' | 'legalClock'> & {
    search: Pick<Settings['search'], 'mailboxOwners'>;
  };
}

/**
 * Lists the conversations that may be another person's, once, and counts those that an officer still
 * has to decide on: none where the company's policy, an officer or the legal deadline says that the
 * export goes on without them.
 */
export const createFindDoubtful = openRequestActivity<'findDoubtful', FindDoubtfulServices>(
  'findDoubtful',
  async (on) => {
    const { record, services } = on;
    const { clock, ledger, settings } = services;
    const { requestId, decisionVersion } = record;
    const isCurrent = isSearchCurrent(record);
    if (!isCurrent)
      return { undecided: 0, isCurrent, decisionVersion, remindAt: null, releaseAt: null };
    const doubtful = (await DoubtfulConversations.of(services, on)) ?? (await list(on));
    const { decision } = await ledger.details(record);
    const now = clock.now();
    const times = decisionTimes(record, settings.decisions, settings.legalClock, now);
    const unanswered = unansweredOf(decision, settings.decisions, times, now);
    await ledger.update(requestId, { unanswered, resolvedDecisionVersion: decisionVersion });
    return {
      undecided: unanswered === null ? doubtful.summary(decision).undecided : 0,
      isCurrent,
      decisionVersion,
      // A durable timer may fire a second early, and must not remind twice.
      remindAt: times.remindAt > addSeconds(now, 5) ? times.remindAt.toISOString() : null,
      releaseAt: times.releaseAt?.toISOString() ?? null,
    };
  },
);

/** What is listed is small: only the conversations themselves are never in memory all at once. */
async function list(
  on: OnOpenRequest<'findDoubtful', FindDoubtfulServices>,
): Promise<DoubtfulConversations> {
  const { services, record } = on;
  const { subject } = await readSubject(services, record, services.settings.search.mailboxOwners);
  const doubtful: DoubtfulConversation[] = [];
  for await (const { conversation, judgement } of foundConversations(services, on, subject)) {
    if (isDoubt(judgement)) doubtful.push(doubtfulConversation(conversation, subject, judgement));
  }
  return DoubtfulConversations.store(services, on, doubtful);
}
