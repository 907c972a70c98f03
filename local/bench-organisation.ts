import { generateOrganisation, withMergedContact } from './genesys/generate';
import type { OrgContact, Organisation } from './genesys/organisation';

/** People beside the subject in a generated organisation. */
const crowdSize = 15;
/** Seconds of audio in 40 KB. */
const meanSeconds = 12;

/**
 * An organisation to export from, the same for the same numbers but for its present.
 * @param conversations of the subject
 * @param ofOthers conversations of all other people together
 */
export const benchOrganisation = (
  conversations: number,
  ofOthers: number,
): { organisation: Organisation; subject: OrgContact } =>
  withMergedContact(
    generateOrganisation({
      ...{ seed: 1, conversations, meanSeconds, now: new Date() },
      conversationsOfOthers: Math.ceil(ofOthers / crowdSize),
    }),
  );
