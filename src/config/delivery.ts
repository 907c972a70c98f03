import { group } from './combine';
import { integer } from './formats';
import { withDefault } from './setting';
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
  }),
);
