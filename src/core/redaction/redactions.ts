import type { Policy } from './policy';

/**
 * What was masked: why, by the codes `agent`, `otherPerson`, `cardNumber` and `pattern:NAME`, and
 * `agentName` and `otherPersonName` for names in running text; then where, as file and field; and how often. Never what.
 */
export type Redactions = Record<string, Record<string, number>>;

/** Where something was masked. */
export interface Place {
  /** Name of the file in the package; `*` in it where the same is masked in most files of a kind. */
  file: string;
  /** Names of the fields that lead to the value, `[]` for an element of a list. */
  field: string;
}

/** What stands between file and field of a place: no character of a JSON Pointer's fragment is lost. */
const mark = '#';

/** Counts a value that was masked. */
export function noteRedaction(
  redactions: Redactions,
  reason: string,
  { file, field }: Place,
  count = 1,
): void {
  const places = (redactions[reason] ??= {});
  const place = `${file}${mark}${field}`;
  places[place] = (places[place] ?? 0) + count;
}

/** The redactions of two parts of a package. */
export function addRedactions(one: Redactions, other: Redactions): Redactions {
  const sum = structuredClone(one);
  for (const [reason, places] of Object.entries(other)) {
    const known = (sum[reason] ??= {});
    for (const [place, count] of Object.entries(places)) known[place] = (known[place] ?? 0) + count;
  }
  return sum;
}

const total = (places: Record<string, number>): number =>
  Object.values(places).reduce((sum, count) => sum + count, 0);

/** How often something was masked, by the code of why. */
export const countRedactions = (redactions: Redactions): Record<string, number> =>
  Object.fromEntries(Object.entries(redactions).map(([reason, places]) => [reason, total(places)]));

const reasonWords: Record<string, string> = {
  agent: 'Name or id of an agent of the company, who has a right to privacy, too',
  cardNumber: 'Number of a payment card',
  agentName: 'Name of an agent of the company in what was said or written',
  otherPerson: 'Somebody else from outside who took part: name and addresses',
  otherPersonName: 'Name of somebody else from outside in what was said or written',
  unreadableMailPart: 'Part of a mail that is a text and cannot be read',
};

/** Counted with what was masked, and nothing that was: attachments of mails that stay as they are. */
export const mailAttachmentNotRead = 'mailAttachmentNotRead';

const inOrder = <T>(record: Record<string, T>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => a.localeCompare(b));

/** `redaction-log.json`: what was masked in the package, why, where and how often. */
export function redactionLog(policy: Policy, redactions: Redactions, createdAt: string): object {
  const { patterns, singleNames, ...rest } = policy;
  const { [mailAttachmentNotRead]: notRead = {}, ...masked } = redactions;
  const mailAttachments = total(notRead);
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
    redactions: inOrder(masked).map(([reason, places]) => ({
      reason,
      justification:
        reasonWords[reason] ??
        `Found by the company's pattern “${reason.slice('pattern:'.length)}”`,
      count: total(places),
      places: inOrder(places).map(([place, count]) => {
        const at = place.indexOf(mark);
        return { file: place.slice(0, at), field: place.slice(at + 1), count };
      }),
    })),
    // What was not looked into, and may hold what is masked elsewhere.
    ...(mailAttachments === 0 ? {} : { notExamined: { mailAttachments } }),
  };
}
