import { UnreadableError } from '../../core/errors';

/**
 * Runs what reads or composes a mail: libraries that do nothing but that, so that whatever they throw
 * is about the mail. Its message may repeat what stands in it.
 * @throws UnreadableError in place of everything
 */
export async function readingMail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // More parts, or parts in one another, than the parser goes through.
    const isTooDeep = (error as { code?: unknown }).code === 'EMAXLEN';
    throw new UnreadableError(isTooDeep ? 'tooDeep' : 'notReadable');
  }
}
