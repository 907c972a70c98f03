import { jsonText } from '../core/package/json-text';
import type { PartWriter } from '../ports';

/** Where entries go. */
export type EntryWriter = Pick<PartWriter, 'add' | 'atomically'>;

export const text = (value: string): Buffer => Buffer.from(value, 'utf8');

export const json = (value: unknown): Buffer => text(jsonText(value));

/** The whole of a stream, for what is small. */
export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Ending of a file's name, to go on with in the package; `.bin` where it has none. */
export const endingOf = (name: string | undefined): string =>
  (/\.[A-Za-z0-9]{1,8}$/.exec(name ?? '')?.[0] ?? '.bin').toLowerCase();
