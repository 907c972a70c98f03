/** A request from the intake page that the ticketing system has not received yet, without what was entered. */
export interface WaitingIntake {
  /** What the person was shown. It says nothing about them. */
  reference: string;
  /** When it was entered (ISO 8601). */
  at: string;
  /** How often it was sent. */
  attempts: number;
  /** When it is sent next (ISO 8601). */
  nextAt: string;
}

/** The same with what was entered. */
export interface PendingIntake extends WaitingIntake {
  /** The event, encrypted by the key store in the context of the reference. */
  encrypted: string;
}

/** Requests from the intake page, until the ticketing system has them. */
export interface IntakeStore {
  put(intake: PendingIntake): Promise<void>;
  list(): Promise<WaitingIntake[]>;
  /** What was entered, as it was put; null where it is gone. */
  content(reference: string): Promise<string | null>;
  delete(reference: string): Promise<void>;
}

/** What became of a solved puzzle. `id` names the puzzle, so that it counts once. */
export type PuzzleCheck = { kind: 'solved'; id: string } | { kind: 'wrong' } | { kind: 'expired' };

/** Puzzles that cost a computer some work and a person nothing, against programs that flood the page. */
export interface Puzzles {
  /** A puzzle of the app, signed, with the time until which its solution is taken. */
  issue(): Promise<object>;
  /** @param solution as the page sends it: JSON in base64 */
  check(solution: string): Promise<PuzzleCheck>;
  /** Seconds for which a puzzle can be solved. */
  readonly seconds: number;
}
