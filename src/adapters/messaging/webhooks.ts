import { createHmac } from 'node:crypto';
import type { WebhookSender } from '../../ports';
import type { Secret } from '../keys/secret';
import type { GuardedFetch } from '../network/guarded-fetch';

const timeout = 15_000;

/**
 * Sends events as Standard Webhooks (https://www.standardwebhooks.com): signed, with an id that is the
 * same for every attempt. Redirects are not followed. A host that may not be called, because it has come
 * to stand in another network, counts as one that does not answer.
 */
export class SignedWebhooks implements WebhookSender {
  /**
   * @param secret shared with the receiver: `whsec_` and base64
   * @param fetch calls the hosts that webhooks may be sent to
   */
  constructor(
    private readonly secret: Secret,
    private readonly fetch: GuardedFetch,
  ) {}

  async send(url: string, id: string, body: string): Promise<'delivered' | 'retry' | 'gone'> {
    const status = await this.post(url, id, body);
    const isRefused = status === 401 || status === 403;
    const last = isRefused && (await this.secret.renew()) ? await this.post(url, id, body) : status;
    if (last >= 200 && last < 300) return 'delivered';
    return last === 410 ? 'gone' : 'retry';
  }

  /** @returns status of the response; 0 without one */
  private async post(url: string, id: string, body: string): Promise<number> {
    const timestamp = Math.floor(Date.now() / 1000);
    const response = await this.fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(this.secret.value, `${id}.${timestamp}.${body}`),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    }).catch(() => null);
    await response?.body?.cancel();
    return response?.status ?? 0;
  }
}

/**
 * Signature of version 1: HMAC-SHA256 in base64
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * @param secret `whsec_` and the key in base64
 */
function signatureOf(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
