import { CommunicationMailer } from '../adapters/messaging/communication-services';
import { SmtpMailer, type Logo, type Mailer } from '../adapters/messaging/notifier';
import type { MailConfig } from '../config/mail';
import type { AppIdentity } from './identity';
import type { SecretFactory } from './keys';

interface MailParts {
  /** Sent with each email; null for none. */
  logo: Logo | null;
  secretOf: SecretFactory;
  /** Of the app, where the settings name no secret. */
  identity: AppIdentity;
}

export function mailerOf(
  { transport, from }: MailConfig,
  { logo, secretOf, identity }: MailParts,
): Mailer {
  switch (transport.kind) {
    case 'smtp':
      return new SmtpMailer(secretOf('SMTP_URL', transport.url), from, logo);
    case 'communicationServices':
      return new CommunicationMailer({ services: transport.services, identity }, from, logo);
  }
}
