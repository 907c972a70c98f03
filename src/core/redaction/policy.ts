import { z } from 'zod';

/** Whether a text is a regular expression for Unicode text. */
function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'gu');
    return text !== '';
  } catch {
    return false;
  }
}

const agentForms = ['name', 'firstName', 'role', 'pseudonym'] as const;
export type AgentForm = (typeof agentForms)[number];

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
  /** Further secrets: a regular expression, and the name that replaces its matches. */
  patterns: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w -]{1,40}$/, 'is letters, digits, spaces, hyphens; 40 at most'),
        pattern: z.string().max(500).refine(isPattern, 'is not a regular expression'),
      }),
    )
    .max(50)
    .default([]),
});

export type Policy = z.infer<typeof policySchema>;

export const defaultPolicy: Policy = policySchema.parse({ version: 1 });
