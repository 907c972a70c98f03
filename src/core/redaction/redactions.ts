import type { Policy } from './policy';

/**
 * What was masked: why, by a code; then where, as file and field; and how often. Never what. The codes are
 * `agent`, `otherPerson`, and `agentName` and `otherPersonName` for names in running text, `cardNumber`,
 * `unreadableMailPart`, `attachmentWithheld` and `pattern:NAME`.
 * `mutedRecording` counts recordings with silent passages, and `notExamined:KIND` (see `notExamined`) what
 * stays as it is, because nobody could look into it.
 */
export type Redactions = Record<string, Places>;

/** How often, by file and field. */
type Places = Record<string, number>;

/** Where something was masked. */
export interface Place {
  /** Name of the file in the package; `*` in it where the same is masked in most files of a kind. */
  file: string;
  /** Names of the fields that lead to the value, `[]` for an element of a list. */
  field: string;
}

/** What is exported without a look into it. */
export const unexaminedKinds = ['attachment', 'recording', 'screen'] as const;
export type UnexaminedKind = (typeof unexaminedKinds)[number];

const unexaminedPrefix = 'notExamined:';

/** The code under which is counted what stays as it is, because nobody could look into it. */
export const notExamined = (kind: UnexaminedKind): string => `${unexaminedPrefix}${kind}`;

/** The code under which recordings with silent passages are counted, beside why they are silent. */
export const mutedRecording = 'mutedRecording';

/** What stands between file and field of a place: no character of a JSON Pointer's fragment is lost. */
const mark = '#';

const splitPlace = (place: string): Place => {
  const at = place.indexOf(mark);
  return { file: place.slice(0, at), field: place.slice(at + 1) };
};

/** Most places that are named for a reason; more are named by the kind of their file. */
export const mostPlaces = 1_000;

/** `data/conversations/0007/attachment-3.txt` as `data/conversations/*\/attachment-*`. */
const kindOfFile = (file: string): string =>
  file.replace(/(?<=conversations\/)[^/]+/, '*').replace(/-\d+\.\w+$/, '-*');

/** How places are named: each by itself; by the kind of file and the field; by the kind of file alone. */
const groupings: readonly ((place: Place) => Place)[] = [
  (place) => place,
  ({ file, field }) => ({ file: kindOfFile(file), field }),
  ({ file }) => ({ file: kindOfFile(file), field: '*' }),
];

/** How a place is named, as far as it tells by itself. */
function groupingOf(place: string): number {
  if (place.endsWith(`${mark}*`)) return 2;
  const star = place.indexOf('*');
  return star >= 0 && star < place.indexOf(mark) ? 1 : 0;
}

/** Counts by place, of which all are named as those that are grouped most. */
function sumOf(counts: readonly (readonly [string, number])[]): Places {
  const least = counts.reduce((most, [place]) => Math.max(most, groupingOf(place)), 0);
  let places: Places = {};
  for (const toPlace of groupings.slice(least)) {
    places = {};
    for (const [place, count] of counts) {
      const { file, field } = toPlace(splitPlace(place));
      const own = `${file}${mark}${field}`;
      places[own] = (places[own] ?? 0) + count;
    }
    if (Object.keys(places).length <= mostPlaces) break;
  }
  return places;
}

/** Counts a value that was masked. */
export function noteRedaction(
  redactions: Redactions,
  reason: string,
  { file, field }: Place,
  count = 1,
): void {
  const places = (redactions[reason] ??= {});
  const place = `${file}${mark}${field}`;
  const known = places[place];
  if (known !== undefined) {
    places[place] = known + count;
    return;
  }
  const all = [place, ...Object.keys(places)];
  const isApart = all.length <= mostPlaces && all.every((one) => groupingOf(one) === 0);
  if (isApart) places[place] = count;
  else redactions[reason] = sumOf([...Object.entries(places), [place, count]]);
}

/** The redactions of two parts of a package. */
export function addRedactions(one: Redactions, other: Redactions): Redactions {
  const sum = structuredClone(one);
  for (const [reason, places] of Object.entries(other))
    sum[reason] = sumOf([...Object.entries(sum[reason] ?? {}), ...Object.entries(places)]);
  return sum;
}

const total = (places: Places): number =>
  Object.values(places).reduce((sum, count) => sum + count, 0);

/** How often something was masked or not examined, by the code of why. */
export const countRedactions = (redactions: Redactions): Record<string, number> =>
  Object.fromEntries(Object.entries(redactions).map(([reason, places]) => [reason, total(places)]));

/** The same in two lists: what was masked by reason, and what nobody could look into by kind. */
export function splitRedactions(redactions: Redactions): {
  masked: [reason: string, places: Places][];
  unexamined: [kind: UnexaminedKind, places: Places][];
} {
  const unexamined = unexaminedKinds.flatMap((kind): [UnexaminedKind, Places][] => {
    const places = redactions[notExamined(kind)];
    return places === undefined ? [] : [[kind, places]];
  });
  const masked = inOrder(redactions).filter(
    ([reason]) => reason !== mutedRecording && !reason.startsWith(unexaminedPrefix),
  );
  return { masked, unexamined };
}

/** Codes of why something was masked, besides those of the policy's patterns. */
export const redactionReasons = [
  'agent',
  'agentName',
  'attachmentWithheld',
  'cardNumber',
  'otherPerson',
  'otherPersonName',
  'unreadableMailPart',
] as const;
export type RedactionReason = (typeof redactionReasons)[number];

const reasonWords: Record<RedactionReason, string> = {
  agent: 'Name or id of an agent of the company, who has a right to privacy, too',
  attachmentWithheld: 'File within a mail that nobody could look into, left out by policy',
  cardNumber: 'Number of a payment card',
  agentName: 'Name of an agent of the company in what was said or written',
  otherPerson: 'Somebody else from outside who took part: name and addresses',
  otherPersonName: 'Name of somebody else from outside in what was said or written',
  unreadableMailPart: 'Part of a mail that is a text and cannot be read',
};

const patternPrefix = 'pattern:';

/** Name of the policy's pattern that a code stands for; null for every other code. */
export const patternName = (reason: string): string | null =>
  reason.startsWith(patternPrefix) ? reason.slice(patternPrefix.length) : null;

const inOrder = <T>(record: Record<string, T>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => a.localeCompare(b));

const countedPlaces = (places: Places) => ({
  count: total(places),
  places: inOrder(places).map(([place, count]) => ({ ...splitPlace(place), count })),
});

/** `redaction-log.json`: what was masked in the package, why, where and how often. */
export function redactionLog(policy: Policy, redactions: Redactions, createdAt: string): object {
  const { patterns, singleNames, ...rest } = policy;
  const { masked, unexamined } = splitRedactions(redactions);
  return {
    format: 'redaction-log',
    version: 1,
    createdAt,
    // Expressions would tell what is looked for; their names are in the texts.
    policy: {
      ...rest,
      singleNames: singleNames.length,
      patterns: patterns.map(({ name }) => name),
    },
    redactions: masked.map(([reason, places]) => ({
      reason,
      justification:
        (reasonWords as Record<string, string>)[reason] ??
        `Found by the company's pattern “${patternName(reason) ?? reason}”`,
      ...countedPlaces(places),
    })),
    // What was not looked into, and may hold what is masked elsewhere.
    notExamined: unexamined.map(([kind, places]) => ({ kind, ...countedPlaces(places) })),
  };
}
