import { EntraOfficers } from '../adapters/authentication/officers';
import { OpenIdLogin } from '../adapters/authentication/openid-login';
import type { OfficersConfig } from '../config/officers';
import type { LoginProvider, OfficerDirectory } from '../ports';
import type { SecretFactory } from './keys';

export interface OfficerSignIn {
  directory: OfficerDirectory;
  login: LoginProvider;
}

/** The directory of officers and its sign-in; null where none is set. */
export function officerSignInOf(
  config: OfficersConfig,
  portalOrigin: string,
  secretOf: SecretFactory,
): OfficerSignIn | null {
  switch (config.kind) {
    case 'none':
      return null;
    case 'directory': {
      const { issuer, tenant, clientId, clientSecret, audience } = config;
      const signIn = {
        acr: config.acr,
        amr: config.amr,
        context: config.context,
        maxAgeSeconds: config.signInMinutes * 60,
      };
      return {
        directory: new EntraOfficers({
          issuer,
          tenant,
          // Microsoft Entra ID names an API by its client id in tokens of version 2.
          audiences: audience === null ? [`api://${clientId}`, clientId] : [audience],
          signIn,
        }),
        login: new OpenIdLogin({
          issuer,
          clientId,
          clientSecret: secretOf('OFFICER_CLIENT_SECRET', clientSecret),
          redirectUri: `${portalOrigin}/portal/officer/callback`,
          scope: 'openid profile',
          signIn,
        }),
      };
    }
  }
}
