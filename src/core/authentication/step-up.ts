/** Methods of identity verification. */
export const stepUpMethods = ['sms', 'totp', 'oidc', 'officer'] as const;
export type StepUpMethod = (typeof stepUpMethods)[number];

/** How an officer checks an identity, in place of a code or a login. */
export const checkMethods = ['inPerson', 'byVideo', 'byPost'] as const;

/** What the company requires before data is exported or downloaded. */
export interface StepUpPolicy {
  /** Methods that the portal may offer, in this order. */
  offered: readonly StepUpMethod[];
  /**
   * Whether a code by text message is sufficient by itself. Numbers can be taken over: NIST SP 800-63B
   * section 3.1.3.3 restricts authentication by the telephone network.
   */
  isSmsSufficient: boolean;
}

/** What a person can be verified by. */
export interface EnrolledMethods {
  /** Whether a number on file receives text messages. */
  hasPhone: boolean;
  /** Whether an authenticator app is enrolled. */
  hasTotp: boolean;
  /** Whether the company's login can identify them: it is configured, and its claim is on file. */
  hasLogin: boolean;
}

/** Methods that a person can use, in the order of the policy. */
export function usableMethods(
  { offered }: StepUpPolicy,
  { hasPhone, hasTotp, hasLogin }: EnrolledMethods,
): StepUpMethod[] {
  const has: Record<StepUpMethod, boolean> = {
    sms: hasPhone,
    totp: hasTotp,
    oidc: hasLogin,
    // Usable once an officer has issued a code, which nobody can request here.
    officer: false,
  };
  return offered.filter((method) => has[method]);
}

/** Whether the completed methods are sufficient. */
export const isSufficient = (
  completedMethods: readonly StepUpMethod[],
  { isSmsSufficient }: Pick<StepUpPolicy, 'isSmsSufficient'>,
): boolean => completedMethods.some((method) => method !== 'sms' || isSmsSufficient);
