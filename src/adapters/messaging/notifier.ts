import { createTransport, type Transporter } from 'nodemailer';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { MessageNotAcceptedError, MessageRefusedError, RateLimitedError } from '../../core/errors';
import { lazy } from '../../core/lazy';
import { isLoopback } from '../../core/loopback';
import { logoId } from '../../core/messages/email-html';
import type { Secret } from '../keys/secret';
import type { Email, Logo, Notifier, RateLimitLease, TextMessage } from '../../ports';

const timeout = 15_000;

export type { Logo };

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

/** Sends emails. */
export type Mailer = Pick<Notifier, 'email'>;
/** Sends text messages. */
export type Texter = Pick<Notifier, 'sms'>;

/** Email by SMTP (RFC 5321). A reply of 5xx to a recipient refuses the address for good. */
export class SmtpMailer implements Mailer {
  private mail: () => Transporter;

  /** @param address `smtp://user:password@host:port` */
  constructor(
    private readonly address: Secret,
    private readonly from: string,
    private readonly logo: Logo | null,
  ) {
    this.mail = this.connection();
  }

  private connection(): () => Transporter {
    return lazy(() => {
      const url = this.address.value;
      // A server on this machine may speak in clear; to any other, nothing is sent without TLS.
      const options = { requireTLS: !isLoopback(url), connectionTimeout: timeout };
      return createTransport({ url, socketTimeout: timeout, ...options } as object);
    });
  }

  async email(message: Email): Promise<void> {
    const { logo } = this;
    const attachments = logo
      ? [{ cid: logoId, filename: 'logo', contentType: logo.contentType, content: logo.content }]
      : [];
    try {
      // As an object it is one address, whatever a list of addresses would make of its text.
      const to = { name: '', address: message.to };
      await this.mail().sendMail({ from: this.from, ...message, to, attachments });
    } catch (error) {
      // The transport's error repeats the recipient, so only its codes are read.
      const { responseCode, code } = error as { responseCode?: number; code?: string };
      if (code === 'EAUTH' && (await this.address.renew())) {
        this.mail = this.connection();
        return this.email(message);
      }
      if (code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500)
        throw new MessageRefusedError('The mail server refused the address.');
      throw new MessageNotAcceptedError('The mail server did not accept the message.');
    }
  }
}

/**
 * Text messages by an HTTP gateway that accepts `POST {"to": E.164, "text": string}` with the header
 * `Idempotency-Key` and answers 2xx; 400 and 422 refuse the number for good.
 */
export class GatewayTexter implements Texter {
  constructor(private readonly url: string) {}

  async sms({ to, text, operationId }: TextMessage): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': operationId },
      body: JSON.stringify({ to, text }),
      signal: AbortSignal.timeout(timeout),
      redirect: 'error',
    }).catch(() => null);
    if (response?.status === 400 || response?.status === 422)
      throw new MessageRefusedError('The gateway refused the number.');
    if (!response?.ok)
      throw new MessageNotAcceptedError('The text message gateway did not accept the message.');
  }
}

type Quota = Pick<RateLimitLease, 'acquire'>;

/** The quotas of the providers; a message counts against each one of its kind. */
export interface MessageQuotas {
  /** The shortest window first: what a longer one refuses has cost little. */
  emails: readonly Quota[];
  texts: readonly Quota[];
}

/**
 * Sends emails and text messages within the provider's quotas. A message beyond one is not accepted now;
 * whoever holds its intent sends it later.
 */
export class QuotaNotifier implements Notifier {
  constructor(
    private readonly mailer: Mailer,
    private readonly texter: Texter,
    private readonly quotas: MessageQuotas,
  ) {}

  async email(message: Email): Promise<void> {
    await acquire(this.quotas.emails);
    await this.mailer.email(message);
  }

  async sms(message: TextMessage): Promise<void> {
    await acquire(this.quotas.texts);
    await this.texter.sms(message);
  }
}

/** @throws MessageNotAcceptedError when a quota is used up, with the time until it is not */
async function acquire(quotas: readonly Quota[]): Promise<void> {
  try {
    for (const quota of quotas) await quota.acquire();
  } catch (error) {
    if (error instanceof RateLimitedError)
      throw new MessageNotAcceptedError('The quota is used up.', error.afterSeconds);
    throw error;
  }
}
