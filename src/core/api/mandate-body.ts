import { z } from 'zod';
import { checkMethods } from '../authentication/step-up';
import { mailboxChecks, mandateKinds } from '../subject/requester';
import { justificationBody } from './bodies';

/** What an officer has checked of somebody who asks for the person. */
export const mandateBody = justificationBody.extend({
  mandate: z.enum(mandateKinds),
  /** How the mandate, and who shows it, was checked. */
  checkMethod: z.enum(checkMethods),
  /** How it was made sure that the mailbox is theirs. */
  mailboxCheck: z.enum(mailboxChecks),
});
