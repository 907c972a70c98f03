/** Ways in which somebody proves who they are. */
export const stepUpMethods = ['sms', 'totp', 'oidc', 'officer'] as const;
export type StepUpMethod = (typeof stepUpMethods)[number];

/** What the company asks of who wants their data. */
export interface StepUpPolicy {
  /** Methods that the portal may offer, in the order in which it does. */
  offered: readonly StepUpMethod[];
  /**
   * Whether a code by text message is enough by itself. Numbers can be taken over (NIST SP 800-63B
   * section 3.1.3.3 calls the telephone network a restricted way).
   */
  isSmsSufficient: boolean;
}

/** What there is of a person to prove themselves by. */
export interface EnrolledMethods {
  /** Whether a number on file takes text messages. */
  hasPhone: boolean;
  /** Whether an authenticator app was enrolled. */
  hasTotp: boolean;
  /** Whether the company's own login can know them: it is set up, and they have a mailbox or number on file. */
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
    // An officer gives out codes of their own; nobody can ask for one here.
    officer: false,
  };
  return offered.filter((method) => has[method]);
}

/** Whether the methods that somebody has passed are enough. */
export const isSufficient = (
  completedMethods: readonly StepUpMethod[],
  { isSmsSufficient }: Pick<StepUpPolicy, 'isSmsSufficient'>,
): boolean => completedMethods.some((method) => method !== 'sms' || isSmsSufficient);
