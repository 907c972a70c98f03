import {
  countRedactions,
  mutedRecording,
  notExamined,
  splitRedactions,
  type Redactions,
  type UnexaminedKind,
} from '../redaction/redactions';
import { isDoubt } from '../subject/decision';
import type { UnsearchedIdentifier, UnsearchedReason } from '../subject/contact';
import {
  GroundList,
  groundOf,
  groundOfMasking,
  type ChosenGround,
  type Ground,
  type Grounded,
  type LeftOut,
} from './grounds';
import {
  expectedOf,
  itemKinds,
  type Item,
  type ItemCounts,
  type ItemKind,
  type KindCounts,
} from './items';

/** One statement of the data availability report, independent of a language. */
export type Statement =
  | {
      about: 'kind';
      kind: ItemKind;
      exported: number;
      of: number;
      missing: { reason: string; count: number }[];
    }
  | { about: 'noContactRecord' | 'onlyNumberProven' | 'onlyLoginProven' }
  | { about: 'otherOrganisations'; organisation: string; others: string[] }
  | { about: 'leftOut'; what: LeftOut[] }
  | { about: 'identifiersNotSearched'; identifiers: UnsearchedCount[]; searched: number }
  | { about: CountedFact; count: number }
  /** Why something is withheld or masked, and how to complain of it. */
  | { about: 'ground'; ground: Ground; what: Grounded[] }
  | { about: 'complaint'; contact: string; authority: string | null }
  | { about: 'redacted'; reasons: { reason: string; count: number }[] }
  | { about: 'notExamined'; what: UnexaminedKind; count: number }
  | { about: 'searchableFrom'; searchableFrom: string; from: string; to: string }
  | { about: 'indexedUntil'; indexedUntil: string }
  | { about: 'auditRetainedFrom'; auditRetainedFrom: string }
  | { about: 'divisions'; visible: string[] }
  | { about: 'refusedHosts'; hosts: string[] }
  | { about: 'declaredPermissions' | 'unprovenPermissions'; permissions: string[] };

/** What the report states as a number, where it is not 0. */
export type CountedFact =
  | 'withheldByOfficer'
  | 'withheldByPolicy'
  | 'unprotectedConversations'
  | 'attributesWithheld'
  | 'recordingsMuted';

/** How many identifiers of a type were not searched by, for one reason. */
export interface UnsearchedCount {
  type: string;
  reason: UnsearchedReason;
  count: number;
}

/** What the report is made from. */
export interface AvailabilityFacts {
  /** Organisation of the source that was searched. */
  organisation: string;
  /** Organisations that were not searched. */
  otherOrganisations: string[];
  /** Divisions that the app was proven to see. */
  visibleDivisions: string[];
  /** Permissions of the app at the source: declared and not proven, or not provable. */
  declaredPermissions: string[];
  unprovenPermissions: string[];
  /** Whether the source has a contact record of the person, and what a code alone has proven without. */
  contactRecord: 'found' | 'none' | 'noneAndOnlyNumberProven' | 'noneAndOnlyLoginProven';
  /** Identifiers of the person that conversations were searched by. */
  searchedIdentifiers: number;
  /** Identifiers that the source holds of the person and nothing was searched by. */
  notSearched: readonly UnsearchedIdentifier[];
  /** Doubtful conversations that were left out by policy, without asking an officer. */
  withheldByPolicy: number;
  /** Conversations that the source could have deleted during the export. */
  unprotectedConversations: number;
  /** Hosts at which files stand that were not fetched, because they are not allowed. */
  refusedHosts: string[];
  leftOut: LeftOut[];
  /** On which grounds the company leaves out participant attributes, and what it leaves out altogether. */
  chosenGrounds: Record<'attributes' | LeftOut, ChosenGround>;
  /** Whom to write to, and the supervisory authority where it is named. */
  complaint: { contact: string; authority: string | null };
  createdAt: string;
  searched: { from: string; to: string; windows: number };
  /** Time before which the source cannot be searched; null when it did not say. */
  searchableFrom: string | null;
  /** Time up to which the source could be searched; null when it did not say. */
  indexedUntil: string | null;
  /** Time before which the source has deleted the audit trail; null when it was not asked. */
  auditRetainedFrom: string | null;
  counts: ItemCounts;
  /** Participant attributes that policy withheld. */
  attributesWithheld: number;
  /** What was masked, and what nobody could look into. */
  redactions: Redactions;
  /** An unknown reason is shown as it is. */
  missing: (Pick<Item, 'conversation' | 'kind' | 'status'> & { reason: string | null })[];
}

/** Kinds that the report states even when there are no items. */
const alwaysStated: readonly ItemKind[] = ['conversation', 'audio', 'transcript', 'note'];

/** Everything that the report states, from the counts of the ledger. */
export function statementsOf(facts: AvailabilityFacts): Statement[] {
  const statements = itemKinds.flatMap((kind) =>
    kindStatements(kind, facts.counts[kind], facts.missing),
  );
  if (facts.contactRecord !== 'found') statements.push({ about: 'noContactRecord' });
  if (facts.contactRecord === 'noneAndOnlyNumberProven')
    statements.push({ about: 'onlyNumberProven' });
  if (facts.contactRecord === 'noneAndOnlyLoginProven')
    statements.push({ about: 'onlyLoginProven' });
  const { organisation, otherOrganisations: others, searched } = facts;
  if (others.length > 0) statements.push({ about: 'otherOrganisations', organisation, others });
  // Their values stand in the profile alone: the statements are shown to the ticketing system, too.
  if (facts.notSearched.length > 0)
    statements.push({
      about: 'identifiersNotSearched',
      identifiers: unsearchedCounts(facts.notSearched),
      searched: facts.searchedIdentifiers,
    });
  if (facts.leftOut.length > 0) statements.push({ about: 'leftOut', what: facts.leftOut });
  for (const [about, count] of countsOf(facts)) {
    if (count > 0) statements.push({ about, count });
  }
  statements.push(...redactionStatements(facts.redactions), ...groundStatements(facts));
  const { refusedHosts: hosts } = facts;
  if (hosts.length > 0) statements.push({ about: 'refusedHosts', hosts });
  const { searchableFrom, indexedUntil, auditRetainedFrom } = facts;
  if (searchableFrom !== null && searchableFrom > searched.from) {
    const { from, to } = searched;
    statements.push({ about: 'searchableFrom', searchableFrom, from, to });
  }
  if (indexedUntil !== null && indexedUntil < searched.to)
    statements.push({ about: 'indexedUntil', indexedUntil });
  if (auditRetainedFrom !== null)
    statements.push({ about: 'auditRetainedFrom', auditRetainedFrom });
  // No count shows this: the source silently omits what its client may not see.
  statements.push({ about: 'divisions', visible: facts.visibleDivisions });
  for (const about of ['declaredPermissions', 'unprovenPermissions'] as const) {
    if (facts[about].length > 0) statements.push({ about, permissions: facts[about] });
  }
  return statements;
}

function countsOf(facts: AvailabilityFacts): [CountedFact, number][] {
  const { missing, withheldByPolicy, unprotectedConversations, attributesWithheld, redactions } =
    facts;
  const doubtful = missing.filter(({ reason }) => reason !== null && isDoubt(reason));
  return [
    ['withheldByOfficer', doubtful.length - withheldByPolicy],
    ['withheldByPolicy', withheldByPolicy],
    ['unprotectedConversations', unprotectedConversations],
    ['attributesWithheld', attributesWithheld],
    ['recordingsMuted', countRedactions(redactions)[mutedRecording] ?? 0],
  ];
}

/** On which ground each thing is withheld or masked; with a ground, how to complain. */
function groundStatements(facts: AvailabilityFacts): Statement[] {
  const { missing, redactions, leftOut, chosenGrounds, attributesWithheld, complaint } = facts;
  const list = new GroundList();
  for (const item of missing) list.add(groundOf(item), item.kind);
  for (const [reason] of splitRedactions(redactions).masked)
    list.add(groundOfMasking(reason), 'texts');
  if (attributesWithheld > 0) list.add(chosenGrounds.attributes, 'attributes');
  for (const one of leftOut) list.add(chosenGrounds[one], one);
  const found = list.all.map((one): Statement => ({ about: 'ground', ...one }));
  return found.length === 0 ? [] : [...found, { about: 'complaint', ...complaint }];
}

function redactionStatements(redactions: Redactions): Statement[] {
  const { masked, unexamined } = splitRedactions(redactions);
  const counts = countRedactions(redactions);
  const reasons = masked.map(([reason]) => ({ reason, count: counts[reason] ?? 0 }));
  const notLookedInto = unexamined.map(([what]): Statement => {
    const count = counts[notExamined(what)] ?? 0;
    return { about: 'notExamined', what, count };
  });
  return [
    ...(reasons.length === 0 ? [] : [{ about: 'redacted' as const, reasons }]),
    ...notLookedInto,
  ];
}

function unsearchedCounts(notSearched: readonly UnsearchedIdentifier[]): UnsearchedCount[] {
  const counts = new Map<string, UnsearchedCount>();
  for (const { type, reason } of notSearched) {
    const key = `${type}/${reason}`;
    counts.set(key, { type, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** The statement on a kind; none when there are no items and the kind is not always stated. */
function kindStatements(
  kind: ItemKind,
  counts: KindCounts,
  missing: AvailabilityFacts['missing'],
): Statement[] {
  const of = expectedOf(counts) + counts.absent;
  if (of === 0 && !alwaysStated.includes(kind)) return [];
  const byReason = new Map<string, number>();
  for (const item of missing) {
    if (item.kind !== kind) continue;
    const reason = item.reason ?? 'unknown';
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const reasons = [...byReason].map(([reason, count]) => ({ reason, count }));
  return [{ about: 'kind', kind, exported: counts.exported, of, missing: reasons }];
}
