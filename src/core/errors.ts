import type { FailureCode, WaitReason } from './results';

/**
 * Something outside did not do what was asked of it. Messages hold codes only, never answers,
 * addresses, tokens or anything of a person.
 */
export class SourceError extends Error {
  constructor(
    readonly outcome:
      | { kind: 'again'; afterSeconds: number; reason: WaitReason }
      | { kind: 'failed'; code: FailureCode },
  ) {
    super(outcome.kind === 'again' ? outcome.reason : outcome.code);
  }
}

/** A mail server or text message gateway did not take a message. It names no address. */
export class MessageNotTakenError extends Error {}

/** A sign-in that is not taken; the code says why, and nothing of what the provider said. */
export class LoginRefusedError extends Error {
  constructor(readonly code: 'noIdToken' | 'answerRefused' | 'notStrongEnough') {
    super(code);
  }
}

/** A mail server or gateway will never take a message: the address is refused. */
export class MessageRefusedError extends Error {}

/** A record was changed by somebody else meanwhile, or is not in the state that a change needs. */
export class ConflictError extends Error {}

/** An officer has cancelled, refused or recalled the request: whatever is under way ends. */
export class StoppedError extends Error {}

/** What was read back is not what was written. */
export class IntegrityError extends Error {}
