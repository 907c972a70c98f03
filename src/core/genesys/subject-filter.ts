import type { SubjectIdentifiers } from '../subject/contact';
import type { IdentifierType } from '../subject/identifiers';
import { formsOf, storedFormsOf } from '../subject/spellings';

export interface DimensionPredicate {
  type: 'dimension';
  dimension: string;
  operator: 'matches';
  value: string;
}

/** Segment filter of an analytics query: one `or` over all identifiers of the person. */
export interface SubjectFilter {
  type: 'or';
  predicates: DimensionPredicate[];
}

const contactDimensions = ['externalContactId', 'canonicalExternalContactId'];
const phoneDimensions = [
  'ani',
  'dnis',
  'sessionDnis',
  'remote',
  'addressFrom',
  'addressTo',
  'callbackNumber',
];
const addressDimensions = ['addressFrom', 'addressTo', 'remote'];

/**
 * Predicates that one query has at most. The API document states no limit; a query of this length is
 * far below the sizes of request that it refuses.
 */
export const predicatesPerFilter = 200;

/**
 * The filter that finds a person's conversations, by every spelling of their identifiers. It asks for
 * numbers with and without `tel:`, and for those of WhatsApp without `+` as well: the form differs by
 * channel and is not documented.
 */
export function subjectFilter(identifiers: SubjectIdentifiers): SubjectFilter {
  const predicates = (dimensions: string[], values: string[]): DimensionPredicate[] =>
    dimensions.flatMap((dimension) =>
      [...new Set(values)].map(
        (value) => ({ type: 'dimension', dimension, operator: 'matches', value }) as const,
      ),
    );
  const { contactIds, phones, emails, handles } = identifiers;
  const forms = (type: IdentifierType, values: string[]): string[] =>
    values.flatMap((value) => formsOf({ type, value }));
  return {
    type: 'or',
    predicates: [
      ...predicates(contactDimensions, contactIds),
      ...predicates(
        phoneDimensions,
        forms('phone', phones).flatMap((phone) => [`tel:${phone}`, phone]),
      ),
      ...predicates(addressDimensions, [
        ...forms('email', emails),
        ...handles.flatMap(storedFormsOf),
      ]),
    ],
  };
}

/**
 * The filter in as many parts as its length needs, each of which is searched by itself. Most people
 * have one: a second doubles the jobs of the search.
 */
export function subjectFilters(identifiers: SubjectIdentifiers): SubjectFilter[] {
  const { type, predicates } = subjectFilter(identifiers);
  const parts = Math.max(1, Math.ceil(predicates.length / predicatesPerFilter));
  return Array.from({ length: parts }, (_, i) => ({
    type,
    predicates: predicates.slice(i * predicatesPerFilter, (i + 1) * predicatesPerFilter),
  }));
}
