import { z } from 'zod';
import { extensionReasons, refusalReasons } from '../messages/statutory-notices';

/** Bodies of the calls that officers and programs of the company make. */

const justification = z.string().trim().min(1).max(2000);
export const decisionBody = z.strictObject({
  candidate: z.int().min(1),
  sharedIdentifiers: z.enum(['exclude', 'include']).default('exclude'),
  doubtfulConversations: z.enum(['withhold', 'include']).default('withhold'),
  method: z.enum(['oidc', 'officer']).nullable().default(null),
  justification,
});
export const reasonBody = z.strictObject({ justification });
/** What the person is told beside the reason; in their language, as the officer writes it. */
const explanation = z.string().trim().min(1).max(2000).nullable().default(null);
export const extendBody = z.strictObject({
  reason: z.enum(extensionReasons),
  explanation,
  justification,
});
export const refuseBody = z
  .strictObject({ reason: z.enum(refusalReasons), explanation, justification })
  .refine((body) => body.reason !== 'asExplained' || body.explanation !== null, {
    path: ['explanation'],
    message: 'is needed for this reason',
  });
export const identityBody = z.strictObject({
  /** How it was checked who they are. */
  how: z.enum(['inPerson', 'byVideo', 'byPost']),
  /** Whether somebody else acts for the person: a parent, a guardian, a lawyer. */
  isRepresentative: z.boolean().default(false),
  justification,
});
export const retryBody = z.strictObject({
  justification,
  /** Whether the package may lack as many items as have failed by now; the report names each. */
  acceptFailures: z.boolean().default(false),
});

const contactId = z.uuid();
const organisation = z.string().min(1).max(64).optional();
/** An authenticator app of a contact, by the contact's id in the source. */
export const enrolBody = z.strictObject({ contactId, organisation });
export const confirmBody = z.strictObject({
  contactId,
  organisation,
  code: z.string().regex(/^\d{6}$/),
});
export const emptyBody = z.strictObject({});
