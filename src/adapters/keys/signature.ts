/** A JWS without its content, which is stored beside it (RFC 7515 appendix F). */
export function detached(jws: string): string {
  const [header = '', , signature = ''] = jws.split('.');
  return `${header}..${signature}`;
}
