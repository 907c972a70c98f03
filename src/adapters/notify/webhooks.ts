import { Webhook } from 'standardwebhooks';
import type { WebhookSender } from '../../ports';

const timeout = 15_000;

/**
 * Sends events as Standard Webhooks (https://www.standardwebhooks.com): signed, with an id that is the
 * same for every try. Redirects are not followed.
 */
export class SignedWebhooks implements WebhookSender {
  private readonly webhook: Webhook;

  /** @param secret shared with the receiver: `whsec_` and base64 */
  constructor(secret: string) {
    this.webhook = new Webhook(secret);
  }

  async send(url: string, id: string, body: string): Promise<'delivered' | 'again' | 'gone'> {
    const now = new Date();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': this.webhook.sign(id, now, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return 'delivered';
    return response?.status === 410 ? 'gone' : 'again';
  }
}
