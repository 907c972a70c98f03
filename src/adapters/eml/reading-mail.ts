import { UnreadableError } from '../../core/errors';

/**
 * Runs what reads or composes a mail: libraries that do nothing but that, so that whatever they throw
 * is about the mail. Its message may repeat what stands in it.
 * @throws UnreadableError in place of everything
 */
export async function readingMail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new UnreadableError('notReadable');
  }
}
