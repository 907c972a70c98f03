import type {
  CodeCheck,
  CodePurpose,
  CodesStanding,
  CodeStanding,
} from '../core/authentication/codes';
import type { StepUpMethod } from '../core/authentication/step-up';

export type { CodeCheck, CodePurpose, CodesStanding, CodeStanding };

export type CodeIssue = { kind: 'issued'; code: string; number: number } | { kind: 'tooMany' };

export interface Session {
  requestId: string;
  /** Authentication methods that were completed in this session. */
  completedMethods: StepUpMethod[];
  /** When they became sufficient (ISO 8601); null before that. */
  verifiedAt: string | null;
}

/** What is left of a session whose request has ended: it opens nothing, and says of which request it was. */
export interface EndedSession {
  requestId: string;
  /** Whether its step-up was complete. */
  wasVerified: boolean;
}

/** Invitations, one-time codes and sessions of the portal. All are single-use or short-lived. */
export interface CodeAndSessionStore {
  putInvitation(requestId: string, token: string): Promise<void>;
  /** The request that an invitation is for, or null. */
  invitation(token: string): Promise<string | null>;
  /** Makes a code of eight digits and stores its hash. */
  issueCode(requestId: string, purpose: CodePurpose, codeKey: Buffer): Promise<CodeIssue>;
  /** The code of that number again, for a message that has to be repeated. */
  repeatCode(number: number, codeKey: Buffer): string;
  checkCode(requestId: string, purpose: CodePurpose, code: string): Promise<CodeCheck>;
  /** How things stand with the codes of a request, by one read. */
  standing(requestId: string): Promise<CodesStanding>;
  /** Checks a code of an authenticator app under the same limits on wrong attempts. */
  checkByApp(requestId: string, check: () => Promise<boolean>): Promise<CodeCheck>;
  /** Starts a session for a person who has completed these methods. Returns its token. */
  startSession(requestId: string, completedMethods: StepUpMethod[]): Promise<string>;
  /** The session that `startSession` would store now. */
  sessionOf(requestId: string, completedMethods: StepUpMethod[]): Session;
  /** The session of a token, whose idle time begins anew; null when there is none or it has expired. */
  session(token: string): Promise<Session | null>;
  endSession(token: string): Promise<void>;
  /** What is left of a session after its request has ended; null when there is none. */
  endedSession(token: string): Promise<EndedSession | null>;
  /**
   * Deletes every invitation, code and session of a request. Who was signed in can be told for a day that the
   * request has ended, and nothing else.
   */
  endAll(requestId: string): Promise<void>;
}
