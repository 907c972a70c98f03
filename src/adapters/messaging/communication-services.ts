import { EmailClient, type EmailClientOptions } from '@azure/communication-email';
import { SmsClient } from '@azure/communication-sms';
import type { TokenCredential } from '@azure/identity';
import { createHash } from 'node:crypto';
import { MessageNotAcceptedError, MessageRefusedError } from '../../core/errors';
import { lazy } from '../../core/lazy';
import { logoId } from '../../core/messages/email-html';
import { uuidOf } from '../../core/uuid';
import type { Email, Logo, TextMessage } from '../../ports';
import type { Mailer, Texter } from './notifier';

/** Where the service is, and who calls it. */
export interface CommunicationServices {
  /** Endpoint, which the identity may call, or a connection string. */
  services: string;
  identity: TokenCredential;
}

/** Options of the SDK's clients, such as how they make HTTP calls. */
type ClientOptions = Pick<EmailClientOptions, 'httpClient'>;

/**
 * The SDK would wait within an activity for as long as a used-up quota says, an hour perhaps. Messages
 * are repeated by whoever holds their intent.
 */
const retryOptions = { maxRetries: 0 };

const isEndpoint = (services: string): boolean => services.startsWith('https://');

/** Id of the operation that sends an email: the same when the email is sent again. */
const operationIdOf = (messageId: string): string =>
  uuidOf(createHash('sha256').update(messageId).digest('hex'));

/** What the services write of a recipient that they cannot take: a code, a text, or the name of a field. */
const namesRecipient = /recipient|email address/i;
const namesSender = /sender/i;

/** Whether a refused call (400) was refused for its recipient. */
function isOfRecipient({ statusCode, code, message, details }: Refusal): boolean {
  if (statusCode !== 400) return false;
  const text = JSON.stringify([code, message, details]);
  return namesRecipient.test(text) && !namesSender.test(text);
}

interface Refusal {
  statusCode?: number | undefined;
  name?: string;
  code?: string;
  message?: string;
  details?: unknown;
  response?: { headers: { get: (name: string) => string | undefined } };
}

/** Longest time, in seconds, for which a refusal is believed. */
const longestPause = 3600;

/** Seconds that a used-up quota asks to wait; undefined where it says nothing. */
function pauseOf({ statusCode, response }: Refusal): number | undefined {
  const seconds = Number(response?.headers.get('retry-after'));
  return statusCode === 429 && seconds > 0 ? Math.min(seconds, longestPause) : undefined;
}

/**
 * Only what is about the recipient is refused for good. Anything else is about how the services are set up
 * (`DomainNotLinked`, an unknown sender, a missing role), or passes by itself. An email that was accepted
 * and could not be delivered ends in a plain error, a failed connection in a RestError. Texts of the
 * service may repeat the recipient, so none of them is passed on.
 */
function refusalOf(error: unknown): Error {
  const refusal = error as Refusal;
  return refusal.name === 'Error' || isOfRecipient(refusal)
    ? new MessageRefusedError('Communication Services refused the address.')
    : new MessageNotAcceptedError(
        'Communication Services did not accept the message.',
        pauseOf(refusal),
      );
}

/** Email by Azure Communication Services. An operation id keeps a repeated email from being sent twice. */
export class CommunicationMailer implements Mailer {
  private readonly client: () => EmailClient;

  constructor(
    { services, identity }: CommunicationServices,
    private readonly from: string,
    private readonly logo: Logo | null,
    options: ClientOptions = {},
  ) {
    this.client = lazy(() =>
      isEndpoint(services)
        ? new EmailClient(services, identity, { ...options, retryOptions })
        : new EmailClient(services, { ...options, retryOptions }),
    );
  }

  async email({ to, subject, text, html, messageId }: Email): Promise<void> {
    const { logo } = this;
    const message = {
      senderAddress: this.from,
      recipients: { to: [{ address: to }] },
      content: { subject, plainText: text, html },
      ...(logo
        ? {
            attachments: [
              {
                name: 'logo',
                contentType: logo.contentType,
                contentInBase64: logo.content.toString('base64'),
                contentId: logoId,
              },
            ],
          }
        : {}),
    };
    try {
      const poller = await this.client().beginSend(message, {
        operationId: operationIdOf(messageId),
      });
      await poller.pollUntilDone();
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** Text messages by Azure Communication Services. */
export class CommunicationTexter implements Texter {
  private readonly client: () => SmsClient;

  /** @param from number or name of the sender */
  constructor(
    { services, identity }: CommunicationServices,
    private readonly from: string,
    options: ClientOptions = {},
  ) {
    this.client = lazy(() =>
      isEndpoint(services)
        ? new SmsClient(services, identity, { ...options, retryOptions })
        : new SmsClient(services, { ...options, retryOptions }),
    );
  }

  async sms({ to, text }: TextMessage): Promise<void> {
    const results = await this.client()
      .send({ from: this.from, to: [to], message: text })
      .catch((error: unknown) => {
        throw refusalOf(error);
      });
    const [result] = results;
    if (result?.successful) return;
    // This status is the one of the recipient.
    throw refusalOf({ statusCode: result?.httpStatusCode, code: 'recipient' });
  }
}
