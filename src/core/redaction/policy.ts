import { z } from 'zod';
import { problemOf } from './patterns';

const patternName = z
  .string()
  .regex(/^[\w -]{1,40}$/, 'is letters, digits, spaces, hyphens; 40 at most');

/** An expression that can be searched in a time that is bounded by the length of a text. */
const expression = z
  .string()
  .max(500)
  .check(({ value, issues }) => {
    const problem = problemOf(value);
    if (problem !== null) issues.push({ code: 'custom', input: value, message: problem });
  });

const agentForms = ['name', 'firstName', 'role', 'pseudonym'] as const;
export type AgentForm = (typeof agentForms)[number];

const soundRules = ['mute', 'keep', 'withhold'] as const;
/** What becomes of a recording in which something is said that is masked in its transcript. */
export type SoundRule = (typeof soundRules)[number];

/**
 * Policy for the data of other people: what a package leaves out, and what is masked in it. The
 * defaults are safe in the EU: the identity of employees is protected (CJEU C-579/21), and payment
 * cards are masked.
 */
export const policySchema = z.strictObject({
  version: z.literal(1),
  /**
   * The other voice of a call, on which regulators differ: export the whole recording, its transcript
   * instead, or only the person's channel where channels were recorded separately.
   */
  callAudio: z.enum(['full', 'transcriptOnly', 'customerChannel']).default('full'),
  /** How agents are named in conversations and notes, and in the audit trail. */
  agents: z.enum(agentForms).default('pseudonym'),
  agentsInAudits: z.enum(agentForms).default('pseudonym'),
  /** Names and addresses of other participants outside the company. */
  otherPeople: z.enum(['mask', 'keep']).default('mask'),
  /**
   * Words by which people in the texts of a conversation are masked that have them in their name there:
   * whole names are masked without. For names that are no other word.
   */
  singleNames: z
    .array(z.string().regex(/^[\p{L}\p{M}'’-]{2,40}$/u, 'is one word of a name'))
    .max(1000)
    .default([]),
  /** Payment card numbers, recognised by their check digit (ISO/IEC 7812). */
  cardNumbers: z.enum(['mask', 'keep']).default('mask'),
  /** Attached files that hold no text, so that nothing can be masked in them: images, documents, archives. */
  attachments: z.enum(['keep', 'withhold']).default('keep'),
  /** Further secrets: a regular expression, and the name that replaces its matches. */
  patterns: z
    .array(
      z.strictObject({
        name: patternName,
        pattern: expression,
      }),
    )
    .max(50)
    .default([]),
  /**
   * Where words of a transcript are masked: whether the same passage of the recording is made silent, kept,
   * or the whole recording withheld; by why they are masked. Voices of employees are in the calls by
   * `callAudio`: their names alone are no reason to cut them.
   */
  soundOfMaskedPassages: z
    .strictObject({
      cardNumbers: z.enum(soundRules).default('mute'),
      patterns: z.enum(soundRules).default('mute'),
      otherPeople: z.enum(soundRules).default('mute'),
      staff: z.enum(soundRules).default('keep'),
    })
    .prefault({}),
});

export type Policy = z.infer<typeof policySchema>;

/**
 * What is wrong in a policy: the place of each problem, and of a pattern its name and why it is refused.
 * Nothing else of the policy is told.
 * @param content the policy as it was read
 */
export function policyProblems(content: unknown, error: z.ZodError): string[] {
  return error.issues.map(({ code, path, message }) => {
    const place = path.join('.') || 'its top';
    const [list, index, field] = path;
    if (list !== 'patterns' || field !== 'pattern' || code !== 'custom') return place;
    const parsed = z.looseObject({ patterns: z.array(z.unknown()) }).safeParse(content);
    const name = z
      .looseObject({ name: patternName })
      .safeParse(parsed.data?.patterns[Number(index)]).data?.name;
    return `${place}${name === undefined ? '' : ` (${name})`} ${message}`;
  });
}

export const defaultPolicy: Policy = policySchema.parse({ version: 1 });
