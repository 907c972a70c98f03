import { EmailClient, type EmailClientOptions } from '@azure/communication-email';
import { SmsClient } from '@azure/communication-sms';
import { DefaultAzureCredential } from '@azure/identity';
import { createHash } from 'node:crypto';
import { MessageNotAcceptedError, MessageRefusedError } from '../../core/errors';
import { logoId } from '../../core/messages/messages';
import type { Email, Notifier } from '../../ports';
import type { Logo, Mailer, Texter } from './notifier';

/** Options of the SDK's clients, such as how they make HTTP calls. */
type ClientOptions = Pick<EmailClientOptions, 'httpClient' | 'retryOptions'>;

const isEndpoint = (services: string): boolean => services.startsWith('https://');

/** A UUID that is the same for the same text, as an operation id must be when a message is repeated. */
const uuidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
    .slice(0, 36);

/**
 * What passes by itself may be tried again; what the service calls wrong is refused for good. A mail
 * that was taken and could not be delivered ends in a plain error, one of the connection in a RestError.
 */
function refusalOf(error: unknown): Error {
  const { statusCode, name } = error as { statusCode?: number; name?: string };
  const isForGood = statusCode === 400 || statusCode === 404 || name === 'Error';
  return isForGood
    ? new MessageRefusedError('Communication Services refuse the address.')
    : new MessageNotAcceptedError('Communication Services did not take the message.');
}

/** Email by Azure Communication Services. An operation id keeps a repeat from being sent twice. */
export class CommunicationMailer implements Mailer {
  private readonly client: EmailClient;

  /** @param services endpoint, reached by the app's identity, or a connection string */
  constructor(
    services: string,
    private readonly from: string,
    private readonly logo: Logo | null,
    options: ClientOptions = {},
  ) {
    this.client = isEndpoint(services)
      ? new EmailClient(services, new DefaultAzureCredential(), options)
      : new EmailClient(services, options);
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
      const poller = await this.client.beginSend(message, { operationId: uuidOf(messageId) });
      await poller.pollUntilDone();
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** Text messages by Azure Communication Services. */
export class CommunicationTexter implements Texter {
  private readonly client: SmsClient;

  /**
   * @param services endpoint, reached by the app's identity, or a connection string
   * @param from number or name that the messages come from
   */
  constructor(
    services: string,
    private readonly from: string,
    options: ClientOptions = {},
  ) {
    this.client = isEndpoint(services)
      ? new SmsClient(services, new DefaultAzureCredential(), options)
      : new SmsClient(services, options);
  }

  async sms({ to, text }: Parameters<Notifier['sms']>[0]): Promise<void> {
    const results = await this.client
      .send({ from: this.from, to: [to], message: text })
      .catch((error: unknown) => {
        throw refusalOf(error);
      });
    const [result] = results;
    if (!result?.successful) throw refusalOf({ statusCode: result?.httpStatusCode });
  }
}
