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
