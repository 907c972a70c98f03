import type { EntryRecord } from '../ports';

/** Where entries go. */
export interface EntryWriter {
  add(
    name: string,
    content: Buffer | AsyncIterable<Buffer>,
    compression: 'deflate' | 'store',
  ): Promise<EntryRecord>;
  /** Writes several entries, or none of them when the work fails. */
  atomically<T>(work: () => Promise<T>): Promise<T>;
}

export const text = (value: string): Buffer => Buffer.from(value, 'utf8');

/** A value as it stands in the package: indented, with a line break at its end. */
export const json = (value: unknown): Buffer => text(`${JSON.stringify(value, null, 2)}\n`);

/** The whole of a stream, for what is small. */
export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Ending of a file's name, to go on with in the package; `.bin` where it has none. */
export const endingOf = (name: string | undefined): string =>
  (/\.[A-Za-z0-9]{1,8}$/.exec(name ?? '')?.[0] ?? '.bin').toLowerCase();
