import { z } from 'zod';

/** Whether a text is a regular expression that can be searched for in Unicode text. */
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
 * What of other people is left out of a package, and what is masked in it. The defaults are on the
 * safe side in the EU: the identity of employees is theirs (CJEU C-579/21), and nobody else's card is
 * in a text by right.
 */
export const policySchema = z.strictObject({
  version: z.literal(1),
  /**
   * Positions that regulators took on the other voice of a call: the whole recording, its transcript
   * instead, or the channel of the person alone, where channels were recorded apart.
   */
  callAudio: z.enum(['full', 'transcriptOnly', 'customerChannel']).default('full'),
  /** How agents are called in conversations and notes, and in the audit trail. */
  agents: z.enum(agentForms).default('pseudonym'),
  agentsInAudits: z.enum(agentForms).default('pseudonym'),
  /** Names and addresses of others who took part from outside. */
  otherPeople: z.enum(['mask', 'keep']).default('mask'),
  /** Numbers of payment cards, told by their check digit (ISO/IEC 7812). */
  cardNumbers: z.enum(['mask', 'keep']).default('mask'),
  /** Further secrets, each a regular expression with the name that takes its place. */
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
