import { countBlob, counts } from '../core/package/blob-names';
import type { Identifier } from '../core/subject/identifiers';
import { noEvidence, sumOf, type IdentifierEvidence } from '../core/subject/no-contact';
import { identifiersInQuestion } from '../core/subject/resolve-contact';
import { identifierKey, storedFormsOf } from '../core/subject/spellings';
import type { ContactRecordSource, KeyStore, Ledger, ScratchStore, SearchLedger } from '../ports';
import { readScratch } from '../services/scratch';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';

export interface GatherEvidenceServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'changeDetails'>;
  scratch: Pick<ScratchStore, 'read' | 'deleteAll'>;
  searches: Pick<SearchLedger, 'list' | 'deleteAll'>;
}

type On = OnOpenRequest<'gatherEvidence', GatherEvidenceServices>;

/**
 * Stores what the source holds under the identifiers of a person without a contact record: what the
 * searches have counted and, as a cross-check, how many data subjects the source itself names. The
 * custody record says what was searched. Then it deletes the searches: the export has its own.
 */
export const createGatherEvidence = openRequestActivity<'gatherEvidence', GatherEvidenceServices>(
  'gatherEvidence',
  async (on) => {
    const { requestId } = on.input;
    const { ledger, scratch, searches } = on.services;
    const { noContact, identifiers } = await ledger.details(on.record);
    if (!noContact) await gather(on, identifiersInQuestion(identifiers, []));
    await searches.deleteAll(requestId);
    await scratch.deleteAll(requestId, counts);
    return null;
  },
);

async function gather(on: On, identifiers: readonly Identifier[]): Promise<void> {
  const { input, record, organisation, services } = on;
  const counted = await countedOf(on, identifiers);
  const subjects = await subjectsOf(organisation.source, identifiers);
  const { searched } = record;
  await services.ledger.changeDetails(input.requestId, ({ details }) => ({
    details: { ...details, noContact: { identifiers: counted, subjects } },
    fact: {
      event: 'conversationsCounted',
      detail: {
        identifiers: counted.length,
        withConversations: counted.filter(({ conversations }) => conversations > 0).length,
        ...(subjects === null ? {} : { dataSubjects: subjects }),
        ...(searched === null ? {} : searched),
      },
    },
  }));
}

/** What all searches have counted by each identifier. */
async function countedOf(
  on: On,
  identifiers: readonly Identifier[],
): Promise<IdentifierEvidence[]> {
  const evidence = new Map(
    identifiers.map(identifierKey).map((key) => [key, noEvidence(key)] as const),
  );
  for (const { key: search, state } of await on.services.searches.list(on.input.requestId)) {
    if (state !== 'done') continue;
    for (const counted of await readScratch(on.services, on, countBlob(search))) {
      const before = evidence.get(counted.key);
      if (before !== undefined) evidence.set(counted.key, sumOf(before, counted));
    }
  }
  return [...evidence.values()];
}

/** How many data subjects the source names for the identifiers, in every spelling of them. */
async function subjectsOf(
  source: Pick<ContactRecordSource, 'dataSubjects'>,
  identifiers: readonly Identifier[],
): Promise<number | null> {
  const subjects = new Set<string>();
  let isAsked = false;
  for (const identifier of identifiers) {
    for (const value of new Set(storedFormsOf(identifier))) {
      const named = await source.dataSubjects({ type: identifier.type, value });
      isAsked ||= named !== null;
      for (const subject of named ?? []) subjects.add(JSON.stringify(subject));
    }
  }
  return isAsked ? subjects.size : null;
}
