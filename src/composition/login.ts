import { OpenIdLogin } from '../adapters/authentication/openid-login';
import type { CustomerLoginConfig } from '../config/customer-login';
import type { LoginProvider } from '../ports';
import type { AuthenticationSettings } from '../ports/settings';
import type { SecretFactory } from './keys';

/** Oldest sign-in of a customer that counts. */
const maxAgeSeconds = 300;

/** The company's own login for its customers; null without one. */
export function customerLoginOf(
  config: CustomerLoginConfig,
  portalOrigin: string,
  secretOf: SecretFactory,
): LoginProvider | null {
  switch (config.kind) {
    case 'none':
      return null;
    case 'openIdConnect':
      return new OpenIdLogin({
        issuer: config.issuer,
        clientId: config.clientId,
        clientSecret: secretOf('CUSTOMER_LOGIN_CLIENT_SECRET', config.clientSecret),
        redirectUri: `${portalOrigin}/portal/callback`,
        scope: config.claim === 'email' ? 'openid email' : 'openid phone',
        signIn: { acr: config.acr, amr: config.amr, context: null, maxAgeSeconds },
      });
  }
}

/** The claim that is compared with the contact on file; without a login, none is. */
export const loginClaimOf = (config: CustomerLoginConfig): AuthenticationSettings['loginClaim'] =>
  config.kind === 'none' ? 'email' : config.claim;
