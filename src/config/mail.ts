import { z } from 'zod';
import { alternatives, group } from './combine';
import { communicationServices } from './communication-services';
import { required, type ValueOf } from './setting';
import { topic } from './topic';

export const mail = topic(
  'Email',
  'How emails are sent: by an SMTP server, or by Azure Communication Services.',
  group({
    transport: alternatives({
      smtp: {
        url: required(
          'SMTP_URL',
          z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://'),
          {
            description:
              'SMTP server, with user and password where it asks for them; `smtps://` for TLS from the start, `smtp://` for STARTTLS, without which nothing is sent but on loopback.',
            example: 'smtps://user:password@mail.shop.example',
            local: 'smtp://127.0.0.1:1025',
          },
        ),
      },
      communicationServices: { services: communicationServices },
    }),
    from: required('MAIL_FROM', z.string().min(3), {
      description: 'Sender of emails.',
      example: 'privacy@shop.example',
      local: 'privacy@your-company.example',
    }),
  }),
);

export type MailConfig = ValueOf<typeof mail>;
