import type { Officer } from '../core/authentication/officer';
import type { StepUpMethod } from '../core/authentication/step-up';

export type CodeCheck = 'accepted' | 'wrong' | 'expired' | 'lockedOut';

/** Who gives a code out: the app by text message, or an officer in person. */
export type CodePurpose = 'sms' | 'officer';

export type CodeIssue = { kind: 'issued'; code: string; number: number } | { kind: 'tooMany' };

export interface Session {
  requestId: string;
  /** Methods that were passed in this session. */
  completedMethods: StepUpMethod[];
  /** When they were enough (ISO 8601); null for who has not proven who they are. */
  verifiedAt: string | null;
}

/** What has to do with proving who somebody is: invitations, codes, sessions. All single-use or short. */
export interface CodeAndSessionStore {
  putInvitation(requestId: string, token: string): Promise<void>;
  /** Request of an invitation, or null. */
  invitation(token: string): Promise<string | null>;
  /** Makes a code of eight digits and stores its hash. */
  issueCode(requestId: string, purpose: CodePurpose, codeKey: Buffer): Promise<CodeIssue>;
  /** The code of that number again, for a message that has to be repeated. */
  repeatCode(number: number, codeKey: Buffer): string;
  /** Whether a code was given out that is good now. */
  hasCode(requestId: string, purpose: CodePurpose): Promise<boolean>;
  checkCode(requestId: string, purpose: CodePurpose, code: string): Promise<CodeCheck>;
  /** Checks a code of an authenticator app under the same limits on wrong tries. */
  checkByApp(requestId: string, check: () => Promise<boolean>): Promise<CodeCheck>;
  /** A new session of somebody who has passed these methods. */
  startSession(requestId: string, completedMethods: StepUpMethod[]): Promise<string>;
  /** A session as it is when it starts now. */
  sessionOf(requestId: string, completedMethods: StepUpMethod[]): Session;
  /** The session of a token, kept alive by this use; null when there is none or it has ended. */
  session(token: string): Promise<Session | null>;
  endSession(token: string): Promise<void>;
  endAll(requestId: string): Promise<void>;
}

export interface Enrolment {
  /** The secret in base 32, to be typed. */
  secret: string;
  /** The same as an address that apps read from a QR code (otpauth://). */
  uri: string;
}

/** Authenticator apps of people. A factor belongs to a contact, whatever request it is about. */
export interface Authenticators {
  /** Opaque id of a contact's factor. */
  authenticatorIdOf(organisation: string, contactId: string): string;
  isEnrolled(authenticatorId: string): Promise<boolean>;
  /** Makes a new secret in place of any before; it counts once it is confirmed. */
  enrol(authenticatorId: string): Promise<Enrolment>;
  /** Takes the first code of a new secret. Returns recovery codes, or null when the code is wrong. */
  confirm(authenticatorId: string, code: string): Promise<string[] | null>;
  /** Whether this is the app's code now, or a recovery code; each is taken once. */
  check(authenticatorId: string, code: string): Promise<boolean>;
  remove(authenticatorId: string): Promise<void>;
}

/** A sign-in that was begun: where to send the browser, and what to hold against what comes back. */
export interface LoginStart {
  url: string;
  state: string;
  nonce: string;
  verifier: string;
}

export type LoginClaims = Record<string, unknown>;

/** A login by OpenID Connect. */
export interface LoginProvider {
  begin(): Promise<LoginStart>;
  /**
   * @param query of the address that the provider sent the browser back to
   * @throws LoginRefusedError
   */
  finish(query: string, start: LoginStart): Promise<LoginClaims>;
}

/** Who the company's officers are. */
export interface OfficerDirectory {
  /** The officer of an access token; null when it is not valid. */
  ofToken(token: string): Promise<Officer | null>;
  /** The officer of claims that were checked already. */
  ofClaims(claims: LoginClaims): Officer | null;
}
