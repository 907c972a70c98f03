import {
  batchesByIdentifier,
  batchesOf,
  type IdentifierBatch,
} from '../core/genesys/filter-batches';
import type { SearchPurpose } from '../core/genesys/search-purpose';
import { subjectFilter, type SubjectFilter } from '../core/genesys/subject-filter';
import { identifiersInQuestion } from '../core/subject/resolve-contact';
import type { Ledger, RequestRecord } from '../ports';
import { readSubject } from './subject';

/** What choosing the filters of a search uses. */
export interface FilterServices {
  ledger: Pick<Ledger, 'details'>;
}

/** The identifiers that a request gives, in the filters by which their conversations are counted. */
export async function batchesToCount(
  { ledger }: FilterServices,
  { record }: { record: RequestRecord },
): Promise<IdentifierBatch[]> {
  const { identifiers } = await ledger.details(record);
  return batchesByIdentifier(identifiersInQuestion(identifiers, []));
}

/**
 * The filters that find the conversations of a request: of its person, or of the identifiers that it
 * gives where they are only counted.
 */
export async function filtersOf(
  services: FilterServices,
  request: { record: RequestRecord },
  purpose: SearchPurpose = 'export',
): Promise<SubjectFilter[]> {
  if (purpose === 'count')
    return (await batchesToCount(services, request)).map(({ filter }) => filter);
  return batchesOf(subjectFilter((await readSubject(services, request.record)).subject));
}
