import { z } from 'zod';
import { stepUpMethods } from '../core/authentication/step-up';
import { group, where } from './combine';
import { flag, integer, list } from './formats';
import { withDefault } from './setting';
import { topic } from './topic';

/** Methods that the portal can offer; a code of an officer is handed out, not offered. */
const methods = list.pipe(z.array(z.enum(stepUpMethods).exclude(['officer'])).min(1));

export const stepUp = topic(
  'Identity verification',
  'How people prove who they are.',
  where(
    group({
      methods: withDefault('STEP_UP_METHODS', methods, {
        default: 'sms,totp',
        description:
          "Authentication methods that the portal offers, in this order, separated by commas: `sms`, `totp` (authenticator app), `oidc` (the company's own login).",
        example: 'oidc,totp,sms',
      }),
      isSmsSufficient: withDefault('SMS_IS_SUFFICIENT', flag, {
        default: 'true',
        description:
          'Whether a code by text message is enough. If not, another method is asked for as well.',
      }),
      verificationDays: withDefault('VERIFICATION_DAYS', integer(1, 30), {
        default: '7',
        unit: 'days',
        description: 'Time that the person has to verify their identity.',
      }),
      reminderDays: withDefault('REMINDER_DAYS', integer(1, 14), {
        default: '3',
        unit: 'days',
        description:
          'Time after which an invited person is reminded once, and an officer is reminded, repeatedly, of a request that needs a decision.',
      }),
    }),
    ({ isSmsSufficient, methods: offered }) =>
      isSmsSufficient || offered.some((method) => method !== 'sms')
        ? null
        : 'STEP_UP_METHODS must offer more than sms where SMS_IS_SUFFICIENT is false',
  ),
);
