/** Why something that an officer wants to save is not saved. */

/** What the form itself lacks. */
export type Missing = 'contact' | 'change' | 'reason';

/**
 * Why the last try has failed: what the form lacked, what the server has said of what was sent, or that somebody
 * else was faster.
 */
export type Refused =
  | { by: 'form'; missing: Missing }
  | { by: 'server'; text: string; of: string }
  | { by: 'others'; text: string };

/** What would be sent, as far as it says what is missing. */
interface Given {
  isChanged: boolean;
  /** Whether somebody is chosen; true where nobody can be. */
  isChosen: boolean;
  /** Whether somebody was chosen before. */
  wasChosen: boolean;
  reason: string;
}

/** What a form lacks, the first thing to do first; null where it can be sent. */
export function missingFrom({ isChanged, isChosen, wasChosen, reason }: Given): Missing | null {
  // Nobody is no choice: what was chosen before would stay.
  if (!isChosen && (wasChosen || !isChanged)) return 'contact';
  if (!isChanged) return 'change';
  return reason.trim() === '' ? 'reason' : null;
}

/**
 * The last refusal while it is still true: what was given since is missing no more, and of something else than
 * was sent the server has said nothing.
 * @param now what is missing, and what would be sent, as text
 */
export function stillRefused(
  refused: Refused | null,
  now: { missing: Missing | null; sends: string },
): Refused | null {
  // That somebody was faster stays true until it is saved again.
  if (refused === null || refused.by === 'others') return refused;
  const isTrue = refused.by === 'form' ? refused.missing === now.missing : refused.of === now.sends;
  return isTrue ? refused : null;
}
