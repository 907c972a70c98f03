import { z } from 'zod';
import { extensionReasons, refusalReasons } from '../messages/statutory-notices';

/** Bodies of the calls of officers and of the company's programs. */

/** Why an officer does something, in their words; it stays in the custody record. */
const justification = z.string().trim().min(1).max(2000);
/** Id of a contact in the source. */
const contactId = z.guid();

export const decisionBody = z.strictObject({
  contactId,
  sharedIdentifiers: z.enum(['exclude', 'include']).default('exclude'),
  doubtfulConversations: z.enum(['withhold', 'include']).default('withhold'),
  method: z.enum(['oidc', 'officer']).nullable().default(null),
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
