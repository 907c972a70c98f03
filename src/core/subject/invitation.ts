import type { Verdict } from './verdicts';

/** Where the invitation goes: the rule of the app, and of the console that says it before. */

/** What says whether an identifier on file is written to. */
export interface Writable {
  /** Whether contacts other than a candidate have it, too. */
  isShared: boolean;
  /** An officer's answer on it; null without one. */
  verdict: Verdict | null;
}

/** Whether an identifier on file is written to: nobody else has it, or an officer has said that it is theirs. */
export const isWrittenTo = ({ isShared, verdict }: Writable): boolean =>
  verdict === 'include' || (verdict === null && !isShared);

/**
 * The mailbox that messages go to: among those that are written to the one that the request gives, else the
 * first.
 * @param mailboxes of the contact that is written to, in the order on file
 */
export function invitationGoesTo<T extends Writable & { isGiven: boolean }>(
  mailboxes: readonly T[],
): T | undefined {
  const possible = mailboxes.filter(isWrittenTo);
  return possible.find(({ isGiven }) => isGiven) ?? possible[0];
}
