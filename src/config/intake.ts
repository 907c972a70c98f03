import { z } from 'zod';
import { choice } from './combine';
import { httpsOrLoopback, integer } from './formats';
import { required, withDefault, type ValueOf } from './setting';
import { topic } from './topic';

export const intake = topic(
  'Intake',
  'A page at `/portal/request` on which people ask for their data themselves; see [portal.md](portal.md#intake).',
  choice(
    withDefault('INTAKE', z.enum(['false', 'true']), {
      default: 'false',
      description:
        'Whether the page is offered. What is entered there goes to the ticketing system, which opens a ticket and submits the request as always.',
    }),
    {
      false: {},
      true: {
        webhook: required('INTAKE_WEBHOOK_URL', httpsOrLoopback, {
          description:
            'Address of the ticketing system that receives what was entered, signed as all webhooks are. Its host must be one of `WEBHOOK_HOSTS`.',
          example: 'https://tickets.shop.example/privacy-requests',
        }),
        perAddressPerDay: withDefault('INTAKE_PER_ADDRESS_PER_DAY', integer(1, 1000), {
          default: '5',
          unit: 'requests per day',
          description:
            'Requests that are taken from one address (of IPv6: from one network of 64 bits). Raise it where many people share one.',
        }),
        perDay: withDefault('INTAKE_PER_DAY', integer(1, 100_000), {
          default: '200',
          unit: 'requests per day',
          description: 'Requests that are taken from all addresses together.',
        }),
      },
    },
  ),
);

export type IntakeConfig = ValueOf<typeof intake>;
