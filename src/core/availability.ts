import { expectedOf, type Item, type ItemCounts, type ItemKind, type KindCounts } from './items';

/** The data availability report: what is in the package, what is not, and why. */
export interface AvailabilityReport {
  format: 'data-availability-report';
  version: 1;
  createdAt: string;
  /** The stretch of time that was searched. */
  searched: { from: string; to: string; windows: number };
  /** Time before which the source cannot be searched; null when it did not say. */
  reach: string | null;
  counts: ItemCounts;
  /** The report in sentences, in the order in which a person would say them. */
  sentences: string[];
  /** Every expected item that is not in the package. */
  missing: { conversation: number; kind: ItemKind; status: string; reason: string }[];
}

export interface AvailabilityFacts {
  createdAt: string;
  searched: { from: string; to: string; windows: number };
  reach: string | null;
  counts: ItemCounts;
  missing: Pick<Item, 'conversation' | 'kind' | 'status' | 'reason'>[];
}

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const reasons: Record<string, string> = {
  noTranscript: 'had no transcript in the source',
  otherContact: 'also belong to another contact and are withheld until a privacy officer decides',
  notDelivered: 'are listed by the source, which did not hand them over',
  notListed: 'were marked as recorded, and the source lists no recording',
  preparationTimedOut: 'were still being prepared by the source when the time for it was over',
  transferFailed: 'could not be transferred',
};

/** Words for a reason code. An unknown code is shown as it is, never hidden. */
export const reasonText = (code: string): string => reasons[code] ?? `are missing (${code})`;

function kindSentence(label: string, thing: [string, string], counts: KindCounts): string {
  const expected = expectedOf(counts);
  const rest = expected - counts.exported;
  const of = `${label}: ${counts.exported} of ${plural(expected, thing[0], thing[1])}`;
  return rest === 0
    ? `${of}.`
    : `${of}; ${rest} ${rest === 1 ? 'is' : 'are'} listed in the report with the reason.`;
}

/** Writes the report from the ledger's counts. Pure: the same facts give the same report. */
export function availabilityReport(facts: AvailabilityFacts): AvailabilityReport {
  const { conversation, audio, transcript } = facts.counts;
  const sentences = [
    kindSentence('Conversations', ['interaction', 'interactions'], conversation),
    kindSentence('Audio', ['recording', 'recordings'], audio),
    transcript.absent > 0
      ? `Transcripts: ${transcript.exported} of ${transcript.exported + transcript.absent} recordings; ${plural(transcript.absent, 'recording', 'recordings')} ${reasonText('noTranscript')}.`
      : kindSentence('Transcripts', ['recording', 'recordings'], transcript),
  ];
  if (facts.reach !== null && facts.reach > facts.searched.from) {
    sentences.push(
      `Conversations before ${facts.reach.slice(0, 10)} cannot be searched in the source; the search covered ${facts.searched.from.slice(0, 10)} to ${facts.searched.to.slice(0, 10)}.`,
    );
  }
  sentences.push(
    'Texts of emails and messages, screen recordings, contact notes, surveys and the audit trail are not part of this version of the package.',
  );
  return {
    format: 'data-availability-report',
    version: 1,
    createdAt: facts.createdAt,
    searched: facts.searched,
    reach: facts.reach,
    counts: facts.counts,
    sentences,
    missing: facts.missing.map(({ conversation: number, kind, status, reason }) => ({
      conversation: number,
      kind,
      status,
      reason: reason ?? 'unknown',
    })),
  };
}

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The report as a page that needs nothing else: no script, no network. */
export function availabilityHtml(report: AvailabilityReport): string {
  const rows = report.missing.map(
    (item) =>
      `<tr><td>${item.conversation}</td><td>${item.kind}</td><td>${item.status}</td><td>${escapeHtml(reasonText(item.reason))}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? '<p>Nothing that the source lists is missing.</p>'
      : `<table><caption>Not in this package</caption><thead><tr><th scope="col">Conversation</th><th scope="col">Kind</th><th scope="col">Status</th><th scope="col">Why</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Data availability report</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; margin: 1rem 0 0.5rem; }
th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); vertical-align: top; }
</style>
</head>
<body>
<h1>Data availability report</h1>
<p>Made ${escapeHtml(report.createdAt)}. Searched from ${escapeHtml(report.searched.from)} to ${escapeHtml(report.searched.to)} in ${report.searched.windows} windows.</p>
<ul>${report.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
${table}
</body>
</html>
`;
}
