import {
  expectedOf,
  itemKinds,
  type Item,
  type ItemCounts,
  type ItemKind,
  type KindCounts,
} from './items';

/** The data availability report: what is in the package, what is not, and why. */
export interface AvailabilityReport {
  format: 'data-availability-report';
  version: 1;
  createdAt: string;
  /** The stretch of time that was searched. */
  searched: { from: string; to: string; windows: number };
  /** Time before which the source cannot be searched; null when it did not say. */
  reach: string | null;
  searchableUntil: string | null;
  auditReach: string | null;
  counts: ItemCounts;
  /** The report in sentences, in the order in which a person would say them. */
  sentences: string[];
  /** Every expected item that is not in the package. */
  missing: { conversation: number; kind: ItemKind; status: string; reason: string }[];
}

export interface AvailabilityFacts {
  /** Name of the organisation of the source that was asked, and of those that were not. */
  organisation: string;
  otherOrganisations: string[];
  /** Divisions that the source was proven to show. */
  shownDivisions: string[];
  /** Conversations that the source could have deleted while they were collected. */
  unprotected: number;
  /** What policy leaves out altogether. */
  leftOut: string[];
  createdAt: string;
  searched: { from: string; to: string; windows: number };
  reach: string | null;
  /** Time up to which the source could be searched; null when it did not say. */
  searchableUntil: string | null;
  /** Time before which the audit trail is gone in the source; null when it was not asked. */
  auditReach: string | null;
  counts: ItemCounts;
  /** Participant attributes that policy left out. */
  attributesWithheld: number;
  missing: Pick<Item, 'conversation' | 'kind' | 'status' | 'reason'>[];
}

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** Each follows "3 recordings", or stands alone. */
const reasons: Record<string, string> = {
  noTranscript: 'without a transcript in the source',
  noSummary: 'without a summary in the source',
  noSentiment: 'without a measured sentiment in the source',
  voicemailNotReadable:
    'kept as voicemail only, which the source plays to the agents that it was left for, and hands out to nobody else',
  transcriptInstead: 'withheld by policy, whose transcript is given instead where there is one',
  voicesInOneChannel: 'withheld by policy, because the voice of the agent is in the same channel',
  mergedAway: 'merged into the contact and no longer kept apart by the source',
  noLongerHeld: 'no longer held by the source as text',
  recordedOnly: 'held by the source as a recording only, which is in the package',
  otherContact: 'withheld until a privacy officer decides, because another contact is part of it',
  beforeContact:
    "withheld until a privacy officer decides, because it is older than the contact's record and tied to it by an address only",
  notDelivered: 'listed by the source and not handed over',
  notListed: 'marked as recorded and not listed by the source',
  notWhole: 'in a list that the source calls incomplete',
  queryRefused: 'refused by the source',
  archivedInSource: 'archived in the source and not restored',
  deletedInSource: 'deleted in the source by its retention rules',
  brokenInSource: 'broken in the source',
  preparationTimedOut: 'not prepared by the source in the time allowed',
  transferFailed: 'not transferred',
};

/** Words for a reason code. An unknown code is shown as it is, never hidden. */
export const reasonText = (code: string): string => reasons[code] ?? `missing (${code})`;

/** What the report calls each kind, one thing of it, and several. */
const words: Record<ItemKind, [label: string, one: string, many: string]> = {
  conversation: ['Conversations', 'interaction', 'interactions'],
  audio: ['Audio', 'recording', 'recordings'],
  screen: ['Screen recordings', 'recording', 'recordings'],
  transcript: ['Transcripts', 'recording', 'recordings'],
  email: ['Emails', 'email', 'emails'],
  message: ['Messages', 'thread', 'threads'],
  attachment: ['Attachments of messages', 'file', 'files'],
  chat: ['Web chats', 'chat', 'chats'],
  emailRecording: ['Recorded emails', 'recording', 'recordings'],
  messageRecording: ['Recorded messages', 'recording', 'recordings'],
  otherRecording: ['Other recordings', 'recording', 'recordings'],
  survey: ['Surveys', 'answer', 'answers'],
  summary: ['Summaries', 'interaction', 'interactions'],
  sentiment: ['Sentiment of calls', 'interaction', 'interactions'],
  voicemail: ['Voicemail', 'voicemail', 'voicemails'],
  recordedAttachment: ['Attachments of recorded messages', 'file', 'files'],
  contact: ['Records of the contact', 'record', 'records'],
  note: ['Notes on the contact', 'note', 'notes'],
  journeySession: ['Visits to the website', 'visit', 'visits'],
  campaignContact: ['Outbound campaigns', 'entry', 'entries'],
  auditQuery: ['Audit trail', 'query', 'queries'],
};

/** Kinds that the report speaks of even where there are none. */
const alwaysNamed: readonly ItemKind[] = ['conversation', 'audio', 'transcript', 'note'];

/** What the report calls a kind. */
export const kindLabel = (kind: ItemKind): string => words[kind][0];

/** Nothing when there is nothing to say of a kind. */
function kindSentences(
  kind: ItemKind,
  counts: KindCounts,
  missing: AvailabilityFacts['missing'],
): string[] {
  const [label, one, many] = words[kind];
  const expected = expectedOf(counts);
  if (expected + counts.absent === 0 && !alwaysNamed.includes(kind)) return [];
  const all = expected + counts.absent;
  const byReason = new Map<string, number>();
  for (const item of missing) {
    if (item.kind !== kind) continue;
    const reason = item.reason ?? 'unknown';
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const why = [...byReason].map(
    ([reason, count]) => `${plural(count, one, many)} ${reasonText(reason)}`,
  );
  const rest = why.length === 0 ? '' : `; ${why.join('; ')}`;
  return [`${label}: ${counts.exported} of ${plural(all, one, many)}${rest}.`];
}

/** What no count shows: the source leaves out, without a word, what the client may not see. */
const ofDivisions = (shown: string[]): string =>
  shown.length === 0
    ? 'Not provable: whether the source holds more in divisions that it does not show to this app.'
    : `Proven to be shown to this app: the ${shown.length === 1 ? 'division' : 'divisions'} ${shown.join(', ')}. Not provable: whether the source holds more in others.`;

/** Writes the report from the ledger's counts. Pure: the same facts give the same report. */
export function availabilityReport(facts: AvailabilityFacts): AvailabilityReport {
  const sentences = itemKinds.flatMap((kind) =>
    kindSentences(kind, facts.counts[kind], facts.missing),
  );
  if (facts.otherOrganisations.length > 0) {
    const [isOrAre, it] =
      facts.otherOrganisations.length === 1 ? ['is', 'It has'] : ['are', 'Each has'];
    sentences.push(
      `Searched: the organisation ${facts.organisation}. ${facts.otherOrganisations.join(', ')} ${isOrAre} not part of this package. ${it} to be asked by a request of its own.`,
    );
  }
  if (facts.leftOut.length > 0) sentences.push(`Left out by policy: ${facts.leftOut.join(', ')}.`);
  if (facts.unprotected > 0) {
    sentences.push(
      `${plural(facts.unprotected, 'interaction', 'interactions')} could not be protected from deletion in the source while this package was made.`,
    );
  }
  if (facts.attributesWithheld > 0) {
    sentences.push(
      `${plural(facts.attributesWithheld, 'attribute', 'attributes')} of participants ${facts.attributesWithheld === 1 ? 'was' : 'were'} left out by policy.`,
    );
  }
  if (facts.reach !== null && facts.reach > facts.searched.from) {
    sentences.push(
      `Conversations before ${facts.reach.slice(0, 10)} cannot be searched in the source; the search covered ${facts.searched.from.slice(0, 10)} to ${facts.searched.to.slice(0, 10)}.`,
    );
  }
  if (facts.searchableUntil !== null && facts.searchableUntil < facts.searched.to) {
    sentences.push(
      `Conversations after ${facts.searchableUntil.slice(0, 16).replace('T', ' ')} UTC could not be searched yet.`,
    );
  }
  if (facts.auditReach !== null) {
    sentences.push(
      `Changes to the contact's record before ${facts.auditReach.slice(0, 10)} are not kept by the source.`,
    );
  }
  sentences.push(ofDivisions(facts.shownDivisions));
  return {
    format: 'data-availability-report',
    version: 1,
    createdAt: facts.createdAt,
    searched: facts.searched,
    reach: facts.reach,
    searchableUntil: facts.searchableUntil,
    auditReach: facts.auditReach,
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
      `<tr><td>${item.conversation === 0 ? '' : item.conversation}</td><td>${escapeHtml(kindLabel(item.kind))}</td><td>${item.status}</td><td>${escapeHtml(reasonText(item.reason))}</td></tr>`,
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
