import { createTransport } from 'nodemailer';
import type { MailAnswer, MailProbe } from '../../ports/mail-probe';
import type { Secret } from '../keys/secret';

/** Longest wait for a server, in milliseconds. */
const timeout = 10_000;

/** Signs in to an SMTP server. */
export class SmtpProbe implements MailProbe {
  constructor(private readonly address: Secret) {}

  async transport(): Promise<MailAnswer> {
    const server = createTransport(this.address.value, {
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
    } as object);
    try {
      await server.verify();
      return 'accepted';
    } catch (error) {
      return (error as { code?: string }).code === 'EAUTH' ? 'credentialsRefused' : 'noAnswer';
    } finally {
      server.close();
    }
  }
}

/** Reaches Azure Communication Services. They say only when an email is sent whether they know the sender. */
export class CommunicationProbe implements MailProbe {
  /** @param services endpoint, or a connection string with one */
  constructor(private readonly services: string) {}

  async transport(): Promise<MailAnswer> {
    const endpoint = /(?:^|;)\s*endpoint=([^;]+)/i.exec(this.services)?.[1] ?? this.services;
    const init: RequestInit = { redirect: 'manual', signal: AbortSignal.timeout(timeout) };
    return fetch(endpoint, init).then(
      () => 'accepted',
      () => 'noAnswer',
    );
  }
}
