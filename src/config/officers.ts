import { alternatives } from './combine';
import { httpsOrLoopback, text } from './formats';
import { optional, required, type ValueOf } from './setting';
import { topic } from './topic';

export const officers = topic(
  'Officers',
  'The directory whose accounts officers sign in with (Microsoft Entra ID). Without one, nobody can decide, extend, refuse or recall.',
  alternatives({
    none: {},
    directory: {
      issuer: required('OFFICER_ISSUER', httpsOrLoopback, {
        description: 'Issuer of the tokens.',
        example: 'https://login.microsoftonline.com/TENANT/v2.0',
        local: 'https://login.microsoftonline.com/YOUR-TENANT/v2.0',
      }),
      tenant: optional('OFFICER_TENANT', text, {
        description: 'Tenant (`tid`) that tokens must be of.',
      }),
      clientId: required('OFFICER_CLIENT_ID', text, {
        description:
          "The app's registration in the directory. Redirect address: `PORTAL_ORIGIN/portal/officer/callback`.",
        local: "the app's registration",
      }),
      clientSecret: required('OFFICER_CLIENT_SECRET', text, {
        description: 'Secret of that registration.',
        local: 'its secret',
      }),
      audience: optional('OFFICER_AUDIENCE', text, {
        description:
          'Audience of access tokens, where it is not `api://` followed by the client id.',
        example: 'api://privacy',
      }),
    },
  }),
);

export type OfficersConfig = ValueOf<typeof officers>;
