/** Whom an access token stands for: somebody who has signed in, or a program. */
export type TokenBearer = 'person' | 'program';

/** Claims of an ID token (OpenID Connect Core 1.0, sections 2 and 3.3), which no access token has. */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash', 's_hash'] as const;

/**
 * Tells access tokens from all others that a directory signs with the same keys for the same audience:
 * an ID token says who has signed in, and must open nothing.
 *
 * By its type it is an access token with `at+jwt` (RFC 9068). Microsoft Entra ID gives every token the
 * type `JWT`; its access tokens of a person carry `scp`, those of a program `idtyp` with `app`, or, where
 * that optional claim is not configured, the way in which the program has authenticated (`azpacr`) and
 * the same `sub` and `oid`.
 * @returns null when it is not an access token
 */
export function bearerOf(
  type: string | undefined,
  claims: Readonly<Record<string, unknown>>,
): TokenBearer | null {
  if (idTokenClaims.some((name) => claims[name] !== undefined)) return null;
  const { scp, scope, idtyp, azpacr, client_id: client, oid, roles, sub } = claims;
  const isAccessToken = type !== undefined && /^(application\/)?at\+jwt$/i.test(type);
  const isOther = type !== undefined && !isAccessToken && type.toUpperCase() !== 'JWT';
  if (isOther) return null;
  const isOfPerson = typeof scp === 'string' && scp !== '';
  if (isOfPerson) return idtyp === 'app' ? null : 'person';
  if (isAccessToken)
    return idtyp === 'app' || (typeof client === 'string' && client === sub) ? 'program' : 'person';
  if (!Array.isArray(roles) || scope !== undefined) return null;
  const isOfProgram =
    idtyp === 'app' ||
    (idtyp === undefined &&
      (azpacr === '1' || azpacr === '2') &&
      typeof oid === 'string' &&
      oid === sub);
  return isOfProgram ? 'program' : null;
}
