import { group } from './combine';
import { httpsOrLoopback, integer } from './formats';
import { required, withDefault } from './setting';
import { topic } from './topic';

export const portal = topic(
  'Portal',
  'Where people reach the app.',
  group({
    origin: required(
      'PORTAL_ORIGIN',
      httpsOrLoopback.transform((url) => new URL(url).origin),
      {
        description: 'Origin of the app as people see it; https, except on loopback.',
        example: 'https://privacy.shop.example',
        local: 'http://127.0.0.1:7071',
      },
    ),
    callsPerMinute: withDefault('PORTAL_CALLS_PER_MINUTE', integer(10, 100_000), {
      default: '60',
      unit: 'calls per minute',
      description:
        'POST calls of the portal that are allowed from one address (of IPv6: from one network of 64 bits). Raise it where many people share one.',
    }),
  }),
);
