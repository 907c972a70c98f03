import { SignedWebhooks } from '../adapters/messaging/webhooks';
import { guardedFetch } from '../adapters/network/guarded-fetch';
import type { WebhooksConfig } from '../config/webhooks';
import { isLoopback } from '../core/loopback';
import type { WebhookSender } from '../ports';
import type { SecretFactory } from './keys';

/** Sends webhooks; null where no secret is shared with the ticketing system. */
export const webhookSenderOf = (
  config: WebhooksConfig,
  secretOf: SecretFactory,
): WebhookSender | null =>
  config.kind === 'none'
    ? null
    : new SignedWebhooks(secretOf('WEBHOOK_SECRET', config.secret), fetchOf(config));

const fetchOf = ({ hosts, mayBePrivate }: Extract<WebhooksConfig, { kind: 'signed' }>) =>
  guardedFetch({
    isAllowed: (host) => hosts.includes(host),
    allowsLoopback: hosts.some((host) => isLoopback(`http://${host}`)),
    allowsPrivate: mayBePrivate,
  });
