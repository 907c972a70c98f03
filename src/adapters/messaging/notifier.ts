import { createTransport, type Transporter } from 'nodemailer';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { MessageNotAcceptedError, MessageRefusedError, SourceError } from '../../core/errors';
import { logoId } from '../../core/messages/messages';
import type { Secret } from '../keys/secret';
import type { Email, Notifier } from '../../ports';
import type { CallBudget } from '../genesys/budget';

const timeout = 15_000;

/** A picture that goes with every mail. */
export interface Logo {
  contentType: string;
  content: Buffer;
}

const logoTypes: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

/** @throws Error when the file is neither PNG nor JPEG */
export function readLogo(path: string): Logo {
  const contentType = logoTypes[extname(path).toLowerCase()];
  if (contentType === undefined) throw new Error('The logo is neither PNG nor JPEG.');
  return { contentType, content: readFileSync(path) };
}

/** Sends mails. */
export type Mailer = Pick<Notifier, 'email'>;
/** Sends text messages. */
export type Texter = Pick<Notifier, 'sms'>;

/** Email by SMTP (RFC 5321). A reply of 5xx to a recipient is for good. */
export class SmtpMailer implements Mailer {
  private mail: Transporter;

  /** @param address `smtp://user:password@host:port` */
  constructor(
    private readonly address: Secret,
    private readonly from: string,
    private readonly logo: Logo | null,
  ) {
    this.mail = this.connect();
  }

  private connect(): Transporter {
    const options = { from: this.from, connectionTimeout: timeout, socketTimeout: timeout };
    return createTransport(this.address.value, options as object);
  }

  async email(message: Email): Promise<void> {
    const { logo } = this;
    const attachments = logo
      ? [{ cid: logoId, filename: 'logo', contentType: logo.contentType, content: logo.content }]
      : [];
    try {
      await this.mail.sendMail({ from: this.from, ...message, attachments });
    } catch (error) {
      // The transport's error repeats the recipient: only its numbers are read.
      const { responseCode, code } = error as { responseCode?: number; code?: string };
      if (code === 'EAUTH' && (await this.address.renew())) {
        this.mail = this.connect();
        return this.email(message);
      }
      if (code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500)
        throw new MessageRefusedError('The mail server refuses the address.');
      throw new MessageNotAcceptedError('The mail server did not take the message.');
    }
  }
}

/**
 * Text messages by an HTTP gateway that takes `POST {"to": E.164, "text": string}` with the header
 * `Idempotency-Key` and answers 2xx; 400 and 422 refuse the number for good.
 */
export class GatewayTexter implements Texter {
  constructor(private readonly url: string) {}

  async sms({ to, text, operationId }: Parameters<Notifier['sms']>[0]): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': operationId },
      body: JSON.stringify({ to, text }),
      signal: AbortSignal.timeout(timeout),
      redirect: 'error',
    }).catch(() => null);
    if (response?.status === 400 || response?.status === 422)
      throw new MessageRefusedError('The gateway refuses the number.');
    if (!response?.ok)
      throw new MessageNotAcceptedError('The text message gateway did not take the message.');
  }
}

/**
 * Both, within the provider's quota: what is too much now is not taken, and is sent later by who
 * holds the intent.
 */
export class QuotaNotifier implements Notifier {
  constructor(
    private readonly mailer: Mailer,
    private readonly texter: Texter,
    private readonly quota: CallBudget,
  ) {}

  async email(message: Email): Promise<void> {
    await this.take();
    await this.mailer.email(message);
  }

  async sms(message: Parameters<Notifier['sms']>[0]): Promise<void> {
    await this.take();
    await this.texter.sms(message);
  }

  private async take(): Promise<void> {
    try {
      await this.quota.acquire();
    } catch (error) {
      if (error instanceof SourceError) throw new MessageNotAcceptedError('The quota is used up.');
      throw error;
    }
  }
}
