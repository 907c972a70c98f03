import type { ReadinessReason } from '../core/api/readiness';
import { SourceError } from '../core/errors';
import type { KeyStore } from '../ports';
import type { StorageProbe } from '../ports/storage-probe';

/** Largest difference of clocks, in seconds, that signatures and links of minutes tolerate. */
const largestSkew = 60;

/**
 * Seconds by which this machine's clock is ahead of another's.
 * @param there the current time of the other clock: a Date header, or its time
 * @returns null when it is unknown, or the difference is tolerable
 */
export function skewOf(there: string | Date | null | undefined, now: Date): number | null {
  const time = there instanceof Date ? there.getTime() : Date.parse(there ?? '');
  const skew = Math.round((now.getTime() - time) / 1000);
  return Math.abs(skew) > largestSkew ? skew : null;
}

/** Why storage failed, as far as it can be told. */
export const storageFailure = (
  storage: Pick<StorageProbe, 'isForbidden'>,
  error: unknown,
): Extract<ReadinessReason, 'forbidden' | 'noAnswer'> =>
  storage.isForbidden(error) ? 'forbidden' : 'noAnswer';

/** Why Genesys Cloud failed, as far as it can be told. */
export function sourceFailure(
  error: unknown,
): Extract<ReadinessReason, 'credentialsRefused' | 'noAnswer'> {
  const outcome = error instanceof SourceError ? error.outcome : null;
  return outcome?.kind === 'failed' && outcome.code === 'sourceCredentialsRefused'
    ? 'credentialsRefused'
    : 'noAnswer';
}

/** Wraps a secret that is used for nothing, and unwraps it. @throws Error when the key cannot be used */
export async function tryWrapping(keys: Pick<KeyStore, 'createSecret' | 'unwrap'>): Promise<void> {
  await keys.unwrap(await keys.createSecret());
}

/** Signs what is no package. @throws Error when the key cannot be used, or none is published */
export async function trySigning(keys: Pick<KeyStore, 'sign' | 'publicKeys'>): Promise<void> {
  await keys.sign(Buffer.from('trial'), 'https://trial.invalid');
  if ((await keys.publicKeys()).keys.length === 0) throw new Error('No public key.');
}

/** Whether a text has the form of a mailbox. */
export const isMailbox = (text: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);

/** Domains that are kept for examples and tests, and those of Azure, whose records are Microsoft's. */
const notOwn = /(?:^|\.)(?:example|test|invalid|localhost|local|azurecomm\.net)$/i;

/**
 * The domain of a mailbox, of which somebody sets DNS records.
 * @returns null when the text is no mailbox, or its domain is one of examples (RFC 2606) or of Azure
 */
export function domainOf(mailbox: string): string | null {
  if (!isMailbox(mailbox)) return null;
  const domain = mailbox.slice(mailbox.indexOf('@') + 1).replace(/\.$/, '');
  return notOwn.test(domain) ? null : domain;
}
