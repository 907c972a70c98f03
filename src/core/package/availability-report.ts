import {
  expectedOf,
  itemKinds,
  type Item,
  type ItemCounts,
  type ItemKind,
  type KindCounts,
} from './items';
import type { Translator } from '../i18n/translator';

/** The data availability report: what is in the package, what is not, and why. */
export interface AvailabilityReport {
  format: 'data-availability-report';
  version: 2;
  createdAt: string;
  /** Language of the sentences (BCP 47). */
  language: string;
  /** The stretch of time that was searched. */
  searched: { from: string; to: string; windows: number };
  /** Time before which the source cannot be searched; null when it did not say. */
  reach: string | null;
  indexedUntil: string | null;
  auditRetainedFrom: string | null;
  counts: ItemCounts;
  /** What the sentences say, as data. */
  statements: Statement[];
  /** The report in sentences, in the order in which a person would say them. */
  sentences: string[];
  /** Every expected item that is not in the package. */
  missing: { conversation: number; kind: ItemKind; status: string; reason: string }[];
}

/** One thing that the report says, in no language. */
export type Statement =
  | {
      about: 'kind';
      kind: ItemKind;
      exported: number;
      of: number;
      missing: { reason: string; count: number }[];
    }
  | { about: 'otherOrganisations'; organisation: string; others: string[] }
  | { about: 'leftOut'; what: LeftOut[] }
  | { about: 'unprotectedConversations' | 'attributesWithheld'; count: number }
  | { about: 'reach'; reach: string; from: string; to: string }
  | { about: 'indexedUntil'; until: string }
  | { about: 'auditRetainedFrom'; reach: string }
  | { about: 'divisions'; shown: string[] };

/** What policy leaves out altogether. */
export type LeftOut = 'summaries' | 'sentiment' | 'secureAttributes' | 'evaluations';

export interface AvailabilityFacts {
  /** Name of the organisation of the source that was asked, and of those that were not. */
  organisation: string;
  otherOrganisations: string[];
  /** Divisions that the source was proven to show. */
  visibleDivisions: string[];
  /** Conversations that the source could have deleted while they were collected. */
  unprotectedConversations: number;
  leftOut: LeftOut[];
  createdAt: string;
  searched: { from: string; to: string; windows: number };
  reach: string | null;
  /** Time up to which the source could be searched; null when it did not say. */
  indexedUntil: string | null;
  /** Time before which the audit trail is gone in the source; null when it was not asked. */
  auditRetainedFrom: string | null;
  counts: ItemCounts;
  /** Participant attributes that policy left out. */
  attributesWithheld: number;
  /** A code that is not known any more is shown as it is. */
  missing: (Pick<Item, 'conversation' | 'kind' | 'status'> & { reason: string | null })[];
}

/** Kinds that the report speaks of even where there are none. */
const alwaysNamed: readonly ItemKind[] = ['conversation', 'audio', 'transcript', 'note'];

/** What the report calls a kind. */
export const kindLabel = (kind: ItemKind, translator: Translator): string =>
  translator.t(`report.kinds.${kind}.label`);

/** Catalog for a reason code. An unknown code is shown as it is, never hidden. */
export const reasonText = (code: string, translator: Translator): string => {
  const path = `report.reasons.${code}`;
  return translator.has(path) ? translator.t(path) : translator.t('report.unknownReason', { code });
};

/** Nothing when there is nothing to say of a kind. */
function kindStatements(
  kind: ItemKind,
  counts: KindCounts,
  missing: AvailabilityFacts['missing'],
): Statement[] {
  const of = expectedOf(counts) + counts.absent;
  if (of === 0 && !alwaysNamed.includes(kind)) return [];
  const byReason = new Map<string, number>();
  for (const item of missing) {
    if (item.kind !== kind) continue;
    const reason = item.reason ?? 'unknown';
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const reasons = [...byReason].map(([reason, count]) => ({ reason, count }));
  return [{ about: 'kind', kind, exported: counts.exported, of, missing: reasons }];
}

/** Everything that the report has to say, from the ledger's counts. */
export function statementsOf(facts: AvailabilityFacts): Statement[] {
  const statements = itemKinds.flatMap((kind) =>
    kindStatements(kind, facts.counts[kind], facts.missing),
  );
  const { organisation, otherOrganisations: others, searched } = facts;
  if (others.length > 0) statements.push({ about: 'otherOrganisations', organisation, others });
  if (facts.leftOut.length > 0) statements.push({ about: 'leftOut', what: facts.leftOut });
  for (const about of ['unprotectedConversations', 'attributesWithheld'] as const) {
    if (facts[about] > 0) statements.push({ about, count: facts[about] });
  }
  if (facts.reach !== null && facts.reach > searched.from) {
    const { from, to } = searched;
    statements.push({ about: 'reach', reach: facts.reach, from, to });
  }
  if (facts.indexedUntil !== null && facts.indexedUntil < searched.to)
    statements.push({ about: 'indexedUntil', until: facts.indexedUntil });
  if (facts.auditRetainedFrom !== null)
    statements.push({ about: 'auditRetainedFrom', reach: facts.auditRetainedFrom });
  // What no count shows: the source leaves out, without a word, what the client may not see.
  statements.push({ about: 'divisions', shown: facts.visibleDivisions });
  return statements;
}

const dayOf = (iso: string): string => iso.slice(0, 10);
const minuteOf = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** A statement as a person would say it. */
export function sentenceOf(statement: Statement, translator: Translator): string {
  const say = (key: string, values: Parameters<Translator['t']>[1]): string =>
    translator.t(`report.${key}`, values);
  switch (statement.about) {
    case 'kind': {
      const { kind, exported, of, missing } = statement;
      const things = (count: number): string => say(`kinds.${kind}`, { count });
      const justification = missing.map(({ reason, count }) => {
        const values = { count, things: things(count), reason: reasonText(reason, translator) };
        return `; ${say('kindMissing', values)}`;
      });
      const label = kindLabel(kind, translator);
      return say('kind', { label, exported, of, things: things(of), rest: justification.join('') });
    }
    case 'otherOrganisations': {
      const { organisation, others } = statement;
      return say('otherOrganisations', {
        organisation,
        others: others.join(', '),
        count: others.length,
      });
    }
    case 'leftOut':
      return say('leftOut', {
        what: statement.what.map((one) => say(`leftOutNames.${one}`, {})).join(', '),
      });
    case 'unprotectedConversations':
    case 'attributesWithheld':
      return say(statement.about, { count: statement.count });
    case 'reach':
      return say('reach', {
        reach: dayOf(statement.reach),
        from: dayOf(statement.from),
        to: dayOf(statement.to),
      });
    case 'indexedUntil':
      return say('indexedUntil', { until: minuteOf(statement.until) });
    case 'auditRetainedFrom':
      return say('auditRetainedFrom', { reach: dayOf(statement.reach) });
    case 'divisions':
      return statement.shown.length === 0
        ? say('divisionsUnproven', {})
        : say('divisionsShown', {
            names: statement.shown.join(', '),
            count: statement.shown.length,
          });
  }
}

/** Writes the report. Pure: the same facts give the same report. */
export function availabilityReport(
  facts: AvailabilityFacts,
  translator: Translator,
): AvailabilityReport {
  const statements = statementsOf(facts);
  return {
    format: 'data-availability-report',
    version: 2,
    createdAt: facts.createdAt,
    language: translator.tag,
    searched: facts.searched,
    reach: facts.reach,
    indexedUntil: facts.indexedUntil,
    auditRetainedFrom: facts.auditRetainedFrom,
    counts: facts.counts,
    statements,
    sentences: statements.map((statement) => sentenceOf(statement, translator)),
    missing: facts.missing.map(({ conversation: number, kind, status, reason }) => ({
      conversation: number,
      kind,
      status,
      reason: reason ?? 'unknown',
    })),
  };
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The report as a page that needs nothing else: no script, no network. */
export function availabilityHtml(report: AvailabilityReport, translator: Translator): string {
  const say = (key: string, values: Parameters<Translator['t']>[1] = {}): string =>
    escapeHtml(translator.t(`report.${key}`, values));
  const rows = report.missing.map(
    (item) =>
      `<tr><td>${item.conversation === 0 ? '' : item.conversation}</td><td>${escapeHtml(kindLabel(item.kind, translator))}</td><td>${item.status}</td><td>${escapeHtml(reasonText(item.reason, translator))}</td></tr>`,
  );
  const head = ['columnConversation', 'columnKind', 'columnStatus', 'columnWhy']
    .map((key) => `<th scope="col">${say(key)}</th>`)
    .join('');
  const table =
    rows.length === 0
      ? `<p>${say('nothingMissing')}</p>`
      : `<table><caption>${say('missing')}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const { createdAt, searched } = report;
  return `<!doctype html>
<html lang="${escapeHtml(translator.tag)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${say('title')}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; margin: 1rem 0 0.5rem; }
th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); vertical-align: top; }
</style>
</head>
<body>
<h1>${say('title')}</h1>
<p>${say('made', { createdAt, ...searched })}</p>
<ul>${report.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
${table}
</body>
</html>
`;
}
