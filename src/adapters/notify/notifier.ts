import { createTransport, type Transporter } from 'nodemailer';
import { MessageNotTakenError } from '../../core/errors';
import type { Notifier } from '../../ports';

export interface NotifierOptions {
  smtpUrl: string;
  from: string;
  smsGatewayUrl: string;
}

const timeout = 15_000;

/**
 * Email by SMTP; text messages by an HTTP gateway that takes `POST {"to": E.164, "text": string}`
 * and answers 2xx. Both throw MessageNotTakenError
 * when it was not taken.
 */
export class SmtpAndGatewayNotifier implements Notifier {
  private readonly mail: Transporter;

  constructor(private readonly options: NotifierOptions) {
    this.mail = createTransport(options.smtpUrl, {
      from: options.from,
      connectionTimeout: timeout,
      socketTimeout: timeout,
    } as object);
  }

  async email(message: {
    to: string;
    subject: string;
    text: string;
    messageId: string;
  }): Promise<void> {
    try {
      await this.mail.sendMail({ from: this.options.from, ...message });
    } catch {
      // The transport's error repeats the recipient.
      throw new MessageNotTakenError('The mail server did not take the message.');
    }
  }

  async sms(message: { to: string; text: string }): Promise<void> {
    const response = await fetch(this.options.smsGatewayUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(timeout),
      redirect: 'error',
    }).catch(() => null);
    if (!response?.ok)
      throw new MessageNotTakenError('The text message gateway did not take the message.');
  }
}
