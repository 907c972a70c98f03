import { SignedWebhooks } from '../adapters/messaging/webhooks';
import type { WebhooksConfig } from '../config/webhooks';
import type { WebhookSender } from '../ports';
import type { SecretFactory } from './keys';

/** Sends webhooks; null where no secret is shared with the ticketing system. */
export const webhookSenderOf = (
  config: WebhooksConfig,
  secretOf: SecretFactory,
): WebhookSender | null =>
  config.kind === 'none' ? null : new SignedWebhooks(secretOf('WEBHOOK_SECRET', config.secret));
