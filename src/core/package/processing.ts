import { z } from 'zod';
import { itemKinds, type ItemCounts, type ItemKind } from './items';

/**
 * What a controller has to say of its processing (Art. 15(1) and (2) GDPR), by kinds of data, and which part
 * of it concerns the data of a package.
 */

/** Kinds of data as a person knows them, with the kinds of items that each consists of. */
export const processedKinds = {
  contact: ['contact'],
  conversations: ['conversation', 'secureAttributes', 'evaluation'],
  recordings: ['audio', 'voicemail', 'otherRecording'],
  screenRecordings: ['screen'],
  transcripts: ['transcript', 'summary', 'sentiment'],
  emails: ['email', 'emailRecording'],
  messages: ['message', 'chat', 'messageRecording', 'attachment', 'recordedAttachment'],
  surveys: ['survey'],
  notes: ['note'],
  websiteVisits: ['journeySession'],
  campaigns: ['campaignContact'],
  auditTrail: ['auditQuery'],
} as const satisfies Record<string, readonly ItemKind[]>;

export type ProcessedKind = keyof typeof processedKinds;
export const processedKindNames = Object.keys(processedKinds) as [
  ProcessedKind,
  ...ProcessedKind[],
];

const line = z.string().trim().min(1).max(4000);
const languageTag = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
/** A text by its language (BCP 47). */
const texts = z.record(languageTag, line);

const part = z.strictObject({
  /** The kinds of data that the part is about. */
  kinds: z.array(z.enum(processedKindNames)).min(1),
  /** Art. 15(1)(a). */
  purposes: texts,
  /** Art. 15(1)(b). */
  categories: texts,
  /** Art. 15(1)(c): by name, not by kind only (CJEU C-154/21). */
  recipients: z.array(z.strictObject({ name: line, role: texts })),
  /** Art. 15(1)(d): how long, or how that is determined. */
  retention: texts,
  /** Art. 15(1)(g): where the data comes from. */
  source: texts,
  /** Art. 15(1)(h): logic, significance and consequences of automated decisions; null where there are none. */
  automatedDecisions: texts.nullable(),
  /** Art. 15(2): countries outside the EEA, and the safeguards of Art. 46; empty where there are none. */
  transfers: z.array(z.strictObject({ country: texts, safeguards: texts })),
});

const content = z.strictObject({
  version: z.literal(1),
  /** Languages in which every text is given; the first one is shown where none is the person's. */
  languages: z.array(languageTag).min(1),
  parts: z.array(part).min(1),
});

/** The file of `PROCESSING_FILE`: every kind of data once, and every text in every language that it names. */
export const processingSchema = content.check(({ value, issues }) => {
  const report = (path: (string | number)[], message: string): void => {
    issues.push({ code: 'custom', input: undefined, path, message });
  };
  const named = value.parts.flatMap(({ kinds }) => kinds);
  for (const kind of processedKindNames) {
    const count = named.filter((one) => one === kind).length;
    if (count !== 1) report(['parts', kind], count === 0 ? 'is in no part' : 'is in several parts');
  }
  for (const [path, given] of textsIn(value.parts, ['parts']))
    for (const language of value.languages)
      if (given[language] === undefined) report([...path, language], 'is missing');
});

export type Processing = z.infer<typeof processingSchema>;

type Texts = z.infer<typeof texts>;

/** Every text of a file, with the way to it. */
function textsIn(value: unknown, path: (string | number)[]): [(string | number)[], Texts][] {
  const given = texts.safeParse(value);
  if (given.success) return [[path, given.data]];
  if (Array.isArray(value)) return value.flatMap((one, i) => textsIn(one, [...path, i]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key]));
}

/** Names what is wrong in a file by its place, never by its content. */
export const processingProblems = (_content: unknown, { issues }: z.ZodError): string[] =>
  issues.map(({ path, code, message }) =>
    [path.join('.') || 'its top', ...(code === 'custom' ? [message] : [])].join(' '),
  );

/** A part in one language. */
const partView = z.strictObject({
  kinds: z.array(z.enum(processedKindNames)),
  purposes: z.string(),
  categories: z.string(),
  recipients: z.array(z.strictObject({ name: z.string(), role: z.string() })),
  retention: z.string(),
  source: z.string(),
  automatedDecisions: z.string().nullable(),
  transfers: z.array(z.strictObject({ country: z.string(), safeguards: z.string() })),
});

/** The information on the processing of the data that is in a package, in one language. */
export const processingViewSchema = z.strictObject({
  format: z.literal('processing-information'),
  version: z.literal(1),
  language: z.string().describe('Language of the texts (BCP 47)'),
  controller: z.strictObject({
    name: z.string(),
    contact: z.string(),
    supervisoryAuthority: z.string().nullable(),
  }),
  parts: z.array(partView),
});
export type ProcessingView = z.infer<typeof processingViewSchema>;

/**
 * The language of the file that a person is shown: their own, as a whole (`pt-BR`) or by its language (`pt`),
 * else the first of the file.
 */
const languageOf = (languages: readonly string[], wanted: string): string => {
  const known = [wanted, wanted.split('-')[0] ?? ''].find((tag) => languages.includes(tag));
  return known ?? languages[0] ?? wanted;
};

/**
 * What concerns the data of a package: parts about kinds of data of which something is in it.
 * @param counts of the items of the package
 */
export function processingView(
  { languages, parts }: Processing,
  controller: ProcessingView['controller'],
  { counts, language: wanted }: { counts: ItemCounts; language: string },
): ProcessingView {
  const language = languageOf(languages, wanted);
  const say = (given: Texts): string => given[language] ?? '';
  const isThere = (kind: ProcessedKind): boolean =>
    processedKinds[kind].some((one) => counts[one].exported > 0);
  const views = parts.map((one) => ({
    kinds: one.kinds.filter(isThere),
    purposes: say(one.purposes),
    categories: say(one.categories),
    recipients: one.recipients.map(({ name, role }) => ({ name, role: say(role) })),
    retention: say(one.retention),
    source: say(one.source),
    automatedDecisions: one.automatedDecisions && say(one.automatedDecisions),
    transfers: one.transfers.map((to) => ({
      country: say(to.country),
      safeguards: say(to.safeguards),
    })),
  }));
  return {
    format: 'processing-information',
    version: 1,
    language,
    controller,
    parts: views.filter(({ kinds }) => kinds.length > 0),
  };
}

/** Kinds of items that no kind of data has: none, or a part of a package would go unexplained. */
export const unexplainedKinds = (): ItemKind[] => {
  const explained: readonly ItemKind[] = Object.values(processedKinds).flat();
  return itemKinds.filter((kind) => !explained.includes(kind));
};
