import { group } from './combine';
import { integer } from './formats';
import { withDefault } from './setting';
import { topic } from './topic';

export const delivery = topic(
  'Delivery',
  'How long a package and its links live.',
  group({
    availabilityHours: withDefault('AVAILABILITY_HOURS', integer(24, 168), {
      default: '168',
      unit: 'hours',
      description: 'How long a package can be downloaded.',
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
