import { z } from 'zod';
import { alternatives, where } from './combine';
import { httpsOrLoopback, list, text } from './formats';
import { required, withDefault, withFallback, type ValueOf } from './setting';
import { topic } from './topic';

const none: string[] = [];

export const customerLogin = topic(
  "Customers' login",
  "The company's own login (OpenID Connect), by which customers can verify their identity.",
  where(
    alternatives({
      none: {},
      openIdConnect: {
        issuer: required('CUSTOMER_LOGIN_ISSUER', httpsOrLoopback, {
          description: 'Issuer of the login. Redirect address: `PORTAL_ORIGIN/portal/callback`.',
          example: 'https://login.shop.example',
        }),
        clientId: required('CUSTOMER_LOGIN_CLIENT_ID', text, {
          description: 'Client id of this app.',
        }),
        clientSecret: required('CUSTOMER_LOGIN_CLIENT_SECRET', text, {
          description: 'Secret of that client.',
        }),
        acr: withFallback(
          'CUSTOMER_LOGIN_ACR',
          list,
          { value: none, text: 'any' },
          {
            description:
              'Authentication context classes, separated by commas; a sign-in must be of one of them. This or `CUSTOMER_LOGIN_AMR` is needed.',
            example: 'urn:shop:strong',
          },
        ),
        amr: withFallback(
          'CUSTOMER_LOGIN_AMR',
          list,
          { value: none, text: 'any' },
          {
            description:
              'Authentication methods (RFC 8176), separated by commas; a sign-in must have used one of them.',
            example: 'mfa',
          },
        ),
        claim: withDefault('CUSTOMER_LOGIN_CLAIM', z.enum(['email', 'phone_number']), {
          default: 'email',
          description:
            'Verified claim that must be on file for the person: `email` or `phone_number`.',
        }),
      },
    }),
    (login) =>
      login.kind === 'none' || login.acr.length + login.amr.length > 0
        ? null
        : 'CUSTOMER_LOGIN_ACR is not set, nor is CUSTOMER_LOGIN_AMR: one of them says how strong a sign-in must be',
  ),
);

export type CustomerLoginConfig = ValueOf<typeof customerLogin>;
