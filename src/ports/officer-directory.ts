import type { Officer } from '../core/authentication/officer-roles';
import type { LoginClaims } from './login';

/** Knows who the company's officers are. */
export interface OfficerDirectory {
  /** The officer of an access token; null when the token is not valid. */
  ofToken(token: string): Promise<Officer | null>;
  /** The officer of claims that were verified already. */
  ofClaims(claims: LoginClaims): Officer | null;
}
