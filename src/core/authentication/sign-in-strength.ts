/** How strong and how recent the sign-in of somebody must be. Empty, or null: any. */
export interface SignInRequirement {
  /** Accepted authentication context classes: claim `acr` (OpenID Connect Core 1.0, section 2). */
  acr: readonly string[];
  /** Accepted authentication methods: claim `amr` (RFC 8176). */
  amr: readonly string[];
  /** Authentication context of Microsoft Entra Conditional Access: claim `acrs`. */
  context: string | null;
  /** Greatest age of the sign-in in seconds: claim `auth_time`. */
  maxAgeSeconds: number | null;
}

/** Seconds by which clocks of the directory and of this app may differ. */
const skewSeconds = 60;

/** A claim that is one text or a list of texts. */
const textsOf = (claim: unknown): string[] =>
  (Array.isArray(claim) ? (claim as unknown[]) : [claim]).filter((one) => typeof one === 'string');

/**
 * Whether the claims of a verified token say that the sign-in was as strong and as recent as required.
 * Each part of the requirement has to be met; a claim that is missing meets none.
 * @param now seconds since 1970
 */
export function isStrongEnough(
  claims: Readonly<Record<string, unknown>>,
  { acr, amr, context, maxAgeSeconds }: SignInRequirement,
  now: number,
): boolean {
  const { acr: contextClass, amr: methods, acrs, auth_time: at } = claims;
  if (acr.length > 0 && !(typeof contextClass === 'string' && acr.includes(contextClass)))
    return false;
  if (amr.length > 0 && !(Array.isArray(methods) && textsOf(methods).some((m) => amr.includes(m))))
    return false;
  if (context !== null && !textsOf(acrs).includes(context)) return false;
  if (maxAgeSeconds === null) return true;
  return (
    typeof at === 'number' && at <= now + skewSeconds && now - at <= maxAgeSeconds + skewSeconds
  );
}
