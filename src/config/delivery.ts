import { z } from 'zod';
import { handOverPolicies, type HandOverPolicy } from '../core/custody/hand-over';
import { isLoopback } from '../core/loopback';
import { group } from './combine';
import { integer, reason } from './formats';
import { optional, withDefault, withFallback, type ValueOf } from './setting';
import { topic } from './topic';

export const delivery = topic(
  'Delivery',
  'How long a package and its links live.',
  group({
    availabilityHours: withDefault('AVAILABILITY_HOURS', integer(24, 720), {
      default: '168',
      unit: 'hours',
      description: 'How long a package can be downloaded: from a day to 30 days.',
    }),
    reminderHours: withDefault('AVAILABILITY_REMINDER_HOURS', integer(1, 168), {
      default: '24',
      unit: 'hours',
      description:
        'Hours before the end of that time at which a person who has not downloaded the package is reminded once; half of the time where that is less.',
    }),
    portalLinkMinutes: withDefault('PORTAL_LINK_MINUTES', integer(1, 60), {
      default: '10',
      unit: 'minutes',
      description: 'Life of a link that the portal downloads by, and renews.',
    }),
    browserLinkMinutes: withDefault('BROWSER_LINK_MINUTES', integer(1, 1440), {
      default: '60',
      unit: 'minutes',
      description:
        'Life of a link that the browser downloads by itself, and of one that an officer hands over.',
    }),
    handOver: withFallback(
      'HAND_OVER_BY',
      z.enum(handOverPolicies).nullable(),
      { value: null, text: '`twoOfficers`; `oneOfficer` where the portal is on loopback' },
      {
        description:
          'Who may hand over a package, or open the portal by a code, for somebody who does not prove by themselves who they are: `twoOfficers`, of whom one approves what the other confirmed, or `oneOfficer`.',
      },
    ),
    oneOfficerReason: optional('HAND_OVER_BY_ONE_REASON', reason, {
      description:
        'Why one officer is enough, with `HAND_OVER_BY=oneOfficer`. Needed where the portal is not on loopback. `doctor` shows it.',
    }),
  }),
);

export type DeliveryConfig = ValueOf<typeof delivery>;

/** Who may hand a package over: one officer is enough where nobody else can reach the portal. */
export const handOverOf = (config: {
  delivery: Pick<DeliveryConfig, 'handOver'>;
  portal: { origin: string };
}): HandOverPolicy =>
  config.delivery.handOver ?? (isLoopback(config.portal.origin) ? 'oneOfficer' : 'twoOfficers');
