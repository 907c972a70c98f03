import { alternatives } from './combine';
import { httpsOrLoopback, integer, list, reason, text } from './formats';
import { optional, required, withDefault, withFallback, type ValueOf } from './setting';
import { topic } from './topic';

const none: string[] = [];

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
          'Audience of access tokens, where it is neither `api://` followed by the client id nor that id.',
        example: 'api://privacy',
      }),
      context: optional('OFFICER_AUTHENTICATION_CONTEXT', text, {
        description:
          'Authentication context of Conditional Access (`acrs`) that a sign-in must have met, such as one that asks for two factors. Where the portal is not on loopback, this, `OFFICER_ACR` or `OFFICER_AMR` is needed.',
        example: 'c1',
      }),
      acr: withFallback(
        'OFFICER_ACR',
        list,
        { value: none, text: 'any' },
        {
          description:
            'Authentication context classes (`acr`), separated by commas; a sign-in must be of one of them.',
        },
      ),
      amr: withFallback(
        'OFFICER_AMR',
        list,
        { value: none, text: 'any' },
        {
          description:
            'Authentication methods (`amr`, RFC 8176), separated by commas; a sign-in must have used one of them.',
          example: 'mfa',
        },
      ),
      signInMinutes: withDefault('OFFICER_SIGN_IN_MINUTES', integer(1, 480), {
        default: '60',
        unit: 'minutes',
        description:
          'Oldest sign-in (`auth_time`) that begins a session of the page, and that an access token of a person may come from. The directory must put `auth_time` into its tokens.',
      }),
      oneFactorReason: optional('OFFICER_ONE_FACTOR_REASON', reason, {
        description:
          'Why officers may sign in with one factor where the portal is not on loopback. `doctor` shows it.',
      }),
    },
  }),
);

export type OfficersConfig = ValueOf<typeof officers>;
