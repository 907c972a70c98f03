import { z } from 'zod';
import { extensionReasons, refusalReasons } from './letters';

/** Bodies of the calls that officers and programs of the company make. */

const reasonText = z.string().trim().min(1).max(2000);
export const decisionBody = z.strictObject({
  candidate: z.int().min(1),
  sharedIdentifiers: z.enum(['exclude', 'include']).default('exclude'),
  doubtfulConversations: z.enum(['withhold', 'include']).default('withhold'),
  method: z.enum(['oidc', 'officer']).nullable().default(null),
  why: reasonText,
});
export const reasonBody = z.strictObject({ why: reasonText });
/** What the person is told beside the reason; in their language, as the officer writes it. */
const explanation = z.string().trim().min(1).max(2000).nullable().default(null);
export const extendBody = z.strictObject({
  reason: z.enum(extensionReasons),
  explanation,
  why: reasonText,
});
export const refuseBody = z
  .strictObject({ reason: z.enum(refusalReasons), explanation, why: reasonText })
  .refine((body) => body.reason !== 'asExplained' || body.explanation !== null, {
    path: ['explanation'],
    message: 'is needed for this reason',
  });
export const identityBody = z.strictObject({
  /** How it was checked who they are. */
  how: z.enum(['inPerson', 'byVideo', 'byPost']),
  /** Whether somebody else acts for the person: a parent, a guardian, a lawyer. */
  isRepresentative: z.boolean().default(false),
  why: reasonText,
});
export const retryBody = z.strictObject({
  why: reasonText,
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
