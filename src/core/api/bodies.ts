import { z } from 'zod';

import { extensionReasons, refusalReasons } from '../messages/statutory-notices';
import { chosenMethods, verdicts } from '../subject/decision';

/** Bodies of the calls of officers and of the company's programs. */

/** Why an officer does something, in their words; it stays in the custody record. */
const justification = z.string().trim().min(1).max(2000);
/** Id of a contact in the source. */
const contactId = z.guid();

const verdict = z.enum(verdicts);
/** Number of an identifier in the evidence, from 1. */
const identifier = z.int().min(1);

/** Answers on a request; what is absent stays as it was decided before. */
export const decisionBody = z.strictObject({
  /** Candidates that are the person; several when they are one person. The first is written to. */
  contactIds: z.array(contactId).min(1).max(20).exactOptional(),
  /** Whether an identifier is the person's, where a conversation carries no other contact. */
  identifiers: z.array(z.strictObject({ identifier, verdict })).max(200).exactOptional(),
  /** Whether the doubtful conversations of another contact are the person's. */
  contacts: z.array(z.strictObject({ contactId, verdict })).max(500).exactOptional(),
  conversations: z
    .array(z.strictObject({ conversationId: z.guid(), verdict }))
    .max(1000)
    .exactOptional(),
  method: z.enum(chosenMethods).nullable().exactOptional(),
  /** Number that codes go to and mailbox that is invited, of a person without a contact record. */
  codeTo: identifier.nullable().exactOptional(),
  inviteTo: identifier.nullable().exactOptional(),
  /** Whether the export goes on without the conversations that nobody has decided on. */
  undecided: z.enum(['wait', 'withhold']).exactOptional(),
  justification,
});
export const justificationBody = z.strictObject({ justification });
/** Explanation of the reason that the person receives, in their language. */
const explanation = z.string().trim().min(1).max(2000).nullable().default(null);
export const extendBody = z.strictObject({
  reasonCode: z.enum(extensionReasons),
  explanation,
  justification,
});
export const refuseBody = z
  .strictObject({ reasonCode: z.enum(refusalReasons), explanation, justification })
  .refine((body) => body.reasonCode !== 'asExplained' || body.explanation !== null, {
    path: ['explanation'],
    message: 'is required for this reason code',
  });
export const identityBody = z.strictObject({
  /** How the officer has checked the identity. */
  checkMethod: z.enum(['inPerson', 'byVideo', 'byPost']),
  /** Whether a representative acts for the person: a parent, a guardian, a lawyer. */
  isRepresentative: z.boolean().default(false),
  justification,
});
export const retryBody = z.strictObject({
  justification,
  /** Whether the package may be released without the items that have failed; the report lists them. */
  acceptFailures: z.boolean().default(false),
});

const organisation = z.string().min(1).max(64).optional();
/** The contact whose authenticator app is meant. */
export const enrolBody = z.strictObject({ contactId, organisation });
export const confirmBody = z.strictObject({
  contactId,
  organisation,
  code: z.string().regex(/^\d{6}$/),
});
export const emptyBody = z.strictObject({});
