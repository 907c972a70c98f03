import { FileRefusedError, SourceError } from '../core/errors';
import { jsonText } from '../core/package/json-text';
import type { PartWriter } from '../ports';

/** Where entries go. */
export type EntryWriter = Pick<PartWriter, 'add' | 'atomically'>;

export const text = (value: string): Buffer => Buffer.from(value, 'utf8');

export const json = (value: unknown): Buffer => text(jsonText(value));

/**
 * A file as it comes.
 * @throws SourceError `again` when it ends without a byte: that is no file
 */
export async function* notEmpty(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isEmpty = true;
  for await (const chunk of content) {
    isEmpty &&= chunk.length === 0;
    yield chunk;
  }
  if (isEmpty)
    throw new SourceError({ kind: 'retryLater', afterSeconds: 10, reason: 'sourceUnavailable' });
}

/**
 * An attachment as it comes.
 * @param length in bytes that the source has announced, where it has
 * @throws FileRefusedError when it is empty, unless it should be
 */
export async function* attachment(
  content: AsyncIterable<Buffer>,
  length: unknown,
): AsyncGenerator<Buffer> {
  let isEmpty = true;
  for await (const chunk of content) {
    isEmpty &&= chunk.length === 0;
    yield chunk;
  }
  if (isEmpty && length !== 0) throw new FileRefusedError();
}

/** What comes of a file; why it cannot be had when it is refused for good. */
export async function unlessRefused<T>(
  work: () => Promise<T>,
): Promise<{ got: T } | { refused: FileRefusedError['reason'] }> {
  try {
    return { got: await work() };
  } catch (error) {
    if (error instanceof FileRefusedError) return { refused: error.reason };
    throw error;
  }
}

/** The whole of a stream, for what is small. */
export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
