import type { Translator } from '../i18n/translator';
import { sentenceOf } from './availability-sentences';
import { statementsOf, type AvailabilityFacts, type Statement } from './availability-statements';
import type { ItemCounts, ItemKind } from './items';

/** The data availability report: what the package holds, what it lacks, and why. */
export interface AvailabilityReport {
  format: 'data-availability-report';
  version: 1;
  createdAt: string;
  /** Language of the sentences (BCP 47). */
  language: string;
  /** Interval that was searched. */
  searched: { from: string; to: string; windows: number };
  /** Time before which the source cannot be searched; null when it did not say. */
  searchableFrom: string | null;
  indexedUntil: string | null;
  auditRetainedFrom: string | null;
  counts: ItemCounts;
  /** What the sentences say, as data. */
  statements: Statement[];
  /** The report in sentences. */
  sentences: string[];
  /** Every expected item that is not in the package. */
  missing: MissingItem[];
}

export interface MissingItem {
  /** Number of the conversation; 0 for records of the person. */
  conversation: number;
  kind: ItemKind;
  status: string;
  reason: string;
}

/** Makes the report. The same facts give the same report. */
export function availabilityReport(
  facts: AvailabilityFacts,
  translator: Translator,
): AvailabilityReport {
  const statements = statementsOf(facts);
  const { createdAt, searched, searchableFrom, indexedUntil, auditRetainedFrom, counts } = facts;
  return {
    format: 'data-availability-report',
    version: 1,
    createdAt,
    language: translator.tag,
    searched,
    searchableFrom,
    indexedUntil,
    auditRetainedFrom,
    counts,
    statements,
    sentences: statements.map((statement) => sentenceOf(statement, translator)),
    missing: facts.missing.map(({ conversation, kind, status, reason }) => ({
      conversation,
      kind,
      status,
      reason: reason ?? 'unknown',
    })),
  };
}
