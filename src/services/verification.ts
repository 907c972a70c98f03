import { provenByLogin } from '../core/authentication/login';
import { isSufficient, type StepUpMethod } from '../core/authentication/step-up';
import { isClosed } from '../core/request/states';
import { hasRecord } from '../core/subject/contact';
import { secondsPerDay } from '../core/time/time';
import type {
  Authenticators,
  CodeAndSessionStore,
  CodeCheck,
  CodePurpose,
  Ledger,
  LoginClaims,
  RateLimiter,
  RequestRecord,
  Session,
  Settings,
} from '../ports';

/** What verification uses. */
export interface VerificationServices {
  ledger: Pick<Ledger, 'get' | 'details' | 'changeDetails' | 'note' | 'update'>;
  codesAndSessions: Pick<CodeAndSessionStore, 'checkCode' | 'checkByApp' | 'sessionOf'>;
  authenticators: Pick<Authenticators, 'authenticatorIdOf' | 'check'>;
  rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  settings: Pick<Settings, 'authentication'>;
}

/** Whose identity is being verified, and by which methods it has been so far. */
export interface VerificationSubject {
  requestId: string;
  completedMethods: StepUpMethod[];
}

/** A code that somebody has entered. */
export type CodeAttempt = { requestId: string; code: string } & (
  | { method: CodePurpose }
  /** A code of the authenticator app that belongs to a contact. */
  | { method: 'totp'; organisation: string; contactId: string }
);

/**
 * Checks a code under the limits on wrong attempts. Wrong codes and the first lock-out of a method in a day
 * are recorded; expired codes and further attempts during a lock-out are not, so that a flood of attempts
 * cannot fill the custody record.
 */
export async function checkCode(
  services: VerificationServices,
  attempt: CodeAttempt,
): Promise<CodeCheck> {
  const { requestId, method } = attempt;
  const check = await resultOf(services, attempt);
  if (check === 'wrong') await recordRefusal(services, requestId, method);
  if (
    check === 'lockedOut' &&
    (await services.rateLimiter.tryAcquire('lockedOut', `${requestId}/${method}`, 1, secondsPerDay))
  )
    await services.ledger.note(requestId, { event: 'stepUpLockedOut', detail: { method } });
  return check;
}

async function resultOf(
  { codesAndSessions, authenticators }: VerificationServices,
  attempt: CodeAttempt,
): Promise<CodeCheck> {
  const { requestId, code } = attempt;
  if (attempt.method !== 'totp') return codesAndSessions.checkCode(requestId, attempt.method, code);
  const id = await authenticators.authenticatorIdOf(attempt.organisation, attempt.contactId);
  return codesAndSessions.checkByApp(requestId, () => authenticators.check(id, code));
}

/**
 * Checks whether a sign-in by the company's login belongs to the person of an open request. A sign-in that
 * does not is recorded. Of a person without a contact record it proves the identifier that it names, which
 * is kept; another one, although an officer has named both, is not theirs by that.
 */
export async function checkLogin(
  services: VerificationServices,
  requestId: string,
  claims: LoginClaims,
): Promise<boolean> {
  const { ledger, settings } = services;
  const record = await ledger.get(requestId, 'whole');
  if (record === null || record.wrappedSecret === null || isClosed(record.state)) return false;
  const { contact, loginProved } = await ledger.details(record);
  const proven = contact && provenByLogin(contact, claims, settings.authentication.loginClaim);
  if (contact === null || proven === null || (loginProved ?? proven) !== proven) {
    await recordRefusal(services, requestId, 'oidc');
    return false;
  }
  if (!hasRecord(contact) && loginProved === undefined)
    await ledger.changeDetails(requestId, ({ details }) => ({
      // Of two sign-ins at once, the first counts.
      details: { ...details, loginProved: details.loginProved ?? proven },
    }));
  return true;
}

const recordRefusal = (
  { ledger }: VerificationServices,
  requestId: string,
  method: StepUpMethod,
): Promise<void> => ledger.note(requestId, { event: 'stepUpRefused', detail: { method } });

export interface CompletedMethod {
  /** The session that somebody with these methods may start. */
  session: Session;
  record: RequestRecord;
  /** Whether the request was verified by this method: its orchestration waits for that. */
  isNewlyVerified: boolean;
}

/**
 * Records that somebody has completed a method, and that the request is verified when the methods are
 * sufficient.
 * @returns null if the request was closed meanwhile
 */
export async function completeMethod(
  { ledger, codesAndSessions, settings }: VerificationServices,
  { requestId, completedMethods }: VerificationSubject,
  method: StepUpMethod,
): Promise<CompletedMethod | null> {
  const methods = [...completedMethods.filter((one) => one !== method), method];
  const session = codesAndSessions.sessionOf(requestId, methods);
  await ledger.note(requestId, { event: 'stepUpAccepted', detail: { method } });
  // Who completes a method is shown the personal part next.
  const record = await ledger.get(requestId, 'whole');
  if (record === null || isClosed(record.state)) return null;
  const isNewlyVerified =
    record.verifiedAt === null && isSufficient(methods, settings.authentication.stepUp);
  if (!isNewlyVerified) return { session, record, isNewlyVerified };
  // Of two methods that are completed at once, and of an officer's confirmation, the first counts.
  const verified = await ledger.update(requestId, ({ verifiedAt }) =>
    verifiedAt === null ? { verifiedAt: session.verifiedAt, verifiedBy: method } : {},
  );
  return { session, record: verified, isNewlyVerified };
}
