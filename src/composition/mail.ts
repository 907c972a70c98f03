import { CommunicationMailer } from '../adapters/messaging/communication-services';
import { SmtpMailer, type Logo, type Mailer } from '../adapters/messaging/notifier';
import type { MailConfig } from '../config/mail';
import type { SecretFactory } from './keys';

/** @param logo sent with each email; null for none */
export function mailerOf(
  { transport, from }: MailConfig,
  logo: Logo | null,
  secretOf: SecretFactory,
): Mailer {
  switch (transport.kind) {
    case 'smtp':
      return new SmtpMailer(secretOf('SMTP_URL', transport.url), from, logo);
    case 'communicationServices':
      return new CommunicationMailer(transport.services, from, logo);
  }
}
