import type { Formats } from '../i18n/formats';
import type { Translator, Values } from '../i18n/translator';
import { kindLabel, sentenceOf } from './availability-sentences';
import type { Statement } from './availability-statements';
import type { ItemKind } from './items';
import type { MissingGroup } from './missing-groups';
import { gapCode } from './viewer-rows';

/** The data availability report as a page: a verdict, what is incomplete and why, what is complete, and the rest. */

/** What the report is made from. */
export interface ReportFacts {
  controller: string;
  createdAt: string;
  searched: { from: string; to: string };
  statements: readonly Statement[];
  groups: readonly MissingGroup[];
}

export interface ReportPage {
  title: string;
  lead: string;
  made: string;
  incomplete: ReportKind[];
  complete: ReportKind[];
  /** Headings of `incomplete` and `complete`. */
  incompleteTitle: string;
  completeTitle: string;
  /** What was left out, what is out of reach, what cannot be proven, and what one can do. */
  sections: { key: ReportSection; title: string; lines: string[] }[];
}

export interface ReportKind {
  kind: ItemKind;
  label: string;
  exported: number;
  all: number;
  /** "91 of 175 recordings" */
  count: string;
  gaps: ReportGap[];
}

export interface ReportGap {
  /** Kind and reason, as rows of the viewer name it. */
  code: string;
  /** "84 recordings" */
  what: string;
  why: string;
  /** Where they come from, and from when to when; empty where that says nothing. */
  where: string;
  count: number;
  /** "Show the 84"; null where there is no conversation to show. */
  show: string | null;
}

export const reportSections = ['leftOut', 'outOfReach', 'notProven', 'whatToDo'] as const;
export type ReportSection = (typeof reportSections)[number];

type Words = Translator & Pick<Formats, 'number' | 'list' | 'day' | 'dateTime'>;

/**
 * Why something is missing, as a sentence of its own. A code without words is shown as it is, never hidden.
 * @param code `unknown` where no reason is known
 */
export const reasonWords = (code: string, { t, has }: Translator): string =>
  has(`report.why.${code}`) ? t(`report.why.${code}`) : t('report.unknownWhy', { code });

/** In which section each statement stands; kinds have a place of their own. */
const sectionOf: Readonly<Record<Exclude<Statement['about'], 'kind'>, ReportSection>> = {
  leftOut: 'leftOut',
  ground: 'leftOut',
  redacted: 'leftOut',
  recordingsMuted: 'leftOut',
  attributesWithheld: 'leftOut',
  withheldByOfficer: 'leftOut',
  withheldByPolicy: 'leftOut',
  noContactRecord: 'outOfReach',
  onlyNumberProven: 'outOfReach',
  onlyLoginProven: 'outOfReach',
  otherOrganisations: 'outOfReach',
  identifiersNotSearched: 'outOfReach',
  searchableFrom: 'outOfReach',
  indexedUntil: 'outOfReach',
  auditRetainedFrom: 'outOfReach',
  refusedHosts: 'outOfReach',
  notExamined: 'notProven',
  unprotectedConversations: 'notProven',
  divisions: 'notProven',
  declaredPermissions: 'notProven',
  unprovenPermissions: 'notProven',
  complaint: 'whatToDo',
};

/** The report in words, for the page in the package and for the viewer alike. */
export function reportPage(facts: ReportFacts, words: Words): ReportPage {
  const { controller, createdAt, searched, statements, groups } = facts;
  const values = {
    controller,
    at: dateTimeOf(createdAt, words),
    from: dayOf(searched.from, words),
    to: dayOf(searched.to, words),
  };
  return { ...reportContents(statements, groups, words), made: words.t('report.madeOn', values) };
}

/** What the report says, without when it was made: for the portal, too, which shows it before the package is opened. */
export function reportContents(
  statements: readonly Statement[],
  groups: readonly MissingGroup[],
  words: Words,
): Omit<ReportPage, 'made'> {
  const t = (key: string, values: Values = {}): string => words.t(`report.${key}`, values);
  const kinds = statements.flatMap((one) =>
    one.about === 'kind' ? [kindOf(one, groups, words)] : [],
  );
  const incomplete = kinds.filter(({ gaps }) => gaps.length > 0);
  const complete = kinds.filter(({ gaps }) => gaps.length === 0);
  return {
    title: verdict(kinds, incomplete.length, words),
    lead: t(leadOf(kinds, incomplete.length)),
    incomplete,
    complete,
    incompleteTitle: t('incomplete', { count: incomplete.length }),
    completeTitle: t('complete', { count: complete.length }),
    sections: reportSections.flatMap((key) => {
      const lines = sectionLines(statements, key, words);
      return lines.length === 0 ? [] : [{ key, title: t(`sections.${key}`), lines }];
    }),
  };
}

/** The lines of one section of the report. */
export const sectionLines = (
  statements: readonly Statement[],
  section: ReportSection,
  words: Words,
): string[] =>
  statements.flatMap((one) =>
    one.about !== 'kind' && sectionOf[one.about] === section ? [lineOf(one, words)] : [],
  );

/** A statement for a person, to whom the names of permissions say nothing. */
const lineOf = (statement: Statement, words: Words): string =>
  statement.about === 'declaredPermissions' || statement.about === 'unprovenPermissions'
    ? words.t(`report.permissions.${statement.about}`)
    : sentenceOf(statement, words);

const isDate = (iso: string): boolean => !Number.isNaN(Date.parse(iso));
const dayOf = (iso: string, { day }: Words): string => (isDate(iso) ? day(iso) : '');
const dateTimeOf = (iso: string, { dateTime }: Words): string => (isDate(iso) ? dateTime(iso) : '');

function kindOf(
  { kind, exported, of, missing }: Extract<Statement, { about: 'kind' }>,
  groups: readonly MissingGroup[],
  words: Words,
): ReportKind {
  const all = Math.max(
    of,
    missing.reduce((total, { count }) => total + count, exported),
  );
  const things = words.t(`report.kinds.${kind}`, { count: all });
  const values = { count: all, exported, all, things };
  const key = all === 0 ? 'countNone' : exported === all ? 'countAll' : 'countOf';
  return {
    kind,
    label: kindLabel(kind, words),
    exported,
    all,
    count: words.t(`report.${key}`, values),
    gaps: missing.map(({ reason, count }) => {
      const group = groups.find((one) => one.kind === kind && one.reason === reason);
      return gapOf({ kind, reason, count, group }, words);
    }),
  };
}

function gapOf(
  {
    kind,
    reason,
    count,
    group,
  }: { kind: ItemKind; reason: string; count: number; group: MissingGroup | undefined },
  words: Words,
): ReportGap {
  const things = words.t(`report.kinds.${kind}`, { count });
  return {
    code: gapCode(kind, reason),
    what: words.t('report.countThings', { n: count, things }),
    why: reasonWords(reason, words),
    where: group === undefined ? '' : whereOf(group, words),
    count,
    show: group === undefined || group.from === null ? null : words.t('report.show', { count }),
  };
}

function whereOf({ queues, from, to }: MissingGroup, words: Words): string {
  const named = queues.map(({ queue, count }) => words.t('report.inQueue', { queue, n: count }));
  const parts = named.length === 0 ? [] : [words.t('report.among', { what: words.list(named) })];
  if (from !== null && to !== null && from !== to)
    parts.push(words.t('report.between', { from: words.day(from), to: words.day(to) }));
  return parts.join(' ');
}

/** What the package holds, in one line. */
function verdict(kinds: readonly ReportKind[], incomplete: number, words: Words): string {
  const t = (key: string, count: number, values: Values = {}): string =>
    words.t(`report.verdict.${key}`, { count, ...values });
  const conversations = kinds.find(({ kind }) => kind === 'conversation');
  const { exported = 0, all = 0 } = conversations ?? {};
  const first =
    all === 0 ? t('none', 0) : exported === all ? t('all', all) : t('some', all, { exported, all });
  const second = incomplete === 0 ? t('nothingMissing', 0) : t('gaps', incomplete);
  return words.t('report.verdict.both', { first, second });
}

function leadOf(kinds: readonly ReportKind[], incomplete: number): string {
  if (incomplete === 0) return 'leads.complete';
  const conversations = kinds.find(({ kind }) => kind === 'conversation');
  return conversations?.gaps.length === 0 ? 'leads.gaps' : 'leads.partly';
}
