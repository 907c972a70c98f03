import { z } from 'zod';
import { alternatives } from './combine';
import { flag, list } from './formats';
import { required, withDefault, type ValueOf } from './setting';
import { topic } from './topic';

export const webhooks = topic(
  'Webhooks',
  'Signed notifications to the ticketing system; see [webhooks.md](webhooks.md).',
  alternatives({
    none: {},
    signed: {
      secret: required(
        'WEBHOOK_SECRET',
        z.string().regex(/^whsec_[A-Za-z0-9+/=]{32,}$/, 'must be whsec_ followed by base64'),
        { description: 'Secret that webhooks are signed with: `whsec_` followed by base64.' },
      ),
      hosts: required('WEBHOOK_HOSTS', list.pipe(z.array(z.string()).min(1)), {
        description:
          'Hosts that webhooks may be sent to, separated by commas; with a port where it is not 443.',
        example: 'tickets.shop.example',
      }),
      mayBePrivate: withDefault('WEBHOOK_HOSTS_PRIVATE', flag, {
        default: 'false',
        description:
          'Whether the hosts of `WEBHOOK_HOSTS` may stand in a private network. Otherwise nothing is sent to a host whose name leads into one.',
      }),
    },
  }),
);

export type WebhooksConfig = ValueOf<typeof webhooks>;
