import { setImmediate as othersFirst } from 'node:timers/promises';
import { UnreadableError } from '../core/errors';
import type { UnreadableReason } from '../core/package/items';
import { JsonMarks } from '../core/redaction/json-marks';
import type { Sanitiser } from '../core/redaction/sanitiser';
import { isUtf16, kindOfFile, lastCut, wideCharsetOf } from '../core/redaction/text-files';
import { collect } from './entries';

/** How long the event loop may wait for masking: half of what it may wait for anything. */
const longestStretchMs = 10;

/** Does work in steps, and lets others go on between them when it has taken long enough. */
export async function inPieces<T>(work: Generator<void, T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - began < longestStretchMs) continue;
    await othersFirst();
    began = performance.now();
  }
}

/**
 * A document of the source, masked, without keeping others waiting.
 * @param path where it stands in its file, for the log
 * @throws UnreadableError when it cannot be processed
 */
export const maskDocument = <T>(sanitiser: Sanitiser, value: T, path = ''): Promise<T> =>
  inPieces(sanitiser.documentInSteps(value, path));

/** The same; why the document cannot be processed, when it cannot. */
export async function attemptToMask<T>(
  sanitiser: Sanitiser,
  value: T,
  path: string,
): Promise<{ value: T } | { problem: UnreadableReason }> {
  try {
    return { value: await maskDocument(sanitiser, value, path) };
  } catch (error) {
    if (error instanceof UnreadableError) return { problem: error.reason };
    throw error;
  }
}

/** What is known of a file before it is read. */
export interface FileDescription {
  /** Name of the file where it comes from. */
  name: string;
  contentType?: string | undefined;
}

/** Bytes of a text file that are masked at a time, so that no file is held as a whole. */
const pieceBytes = 1024 * 1024;
/** Bytes before and behind a piece that are seen with it. */
const seenAround = 4096;

/** A file masked in pieces, of which each is seen with what stands around it. */
async function* maskedPieces(
  sanitiser: Sanitiser,
  content: AsyncIterable<Buffer>,
  json: JsonMarks | null,
): AsyncGenerator<Buffer> {
  let before = Buffer.alloc(0);
  let held: Buffer[] = [];
  let length = 0;
  let wanted = pieceBytes;
  const mask = async (body: Buffer, after: Buffer): Promise<Buffer> => {
    if (before.length === 0 && after.length === 0)
      return Buffer.from(await inPieces(sanitiser.bytesInSteps(body, json)));
    const piece = { before, body, after };
    const { bytes, covered } = await inPieces(sanitiser.pieceInSteps(piece, json));
    const seen = body.subarray(-seenAround);
    before = Buffer.from(seen.subarray(lastCut(seen, seenAround / 2)));
    held = [after.subarray(covered)];
    length = after.length - covered;
    return Buffer.from(bytes);
  };
  for await (const chunk of content) {
    held.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    const bytes = Buffer.concat(held);
    const cut = isUtf16(bytes) ? 0 : lastCut(bytes, bytes.length - seenAround);
    held = [bytes];
    if (cut > 0) yield await mask(bytes.subarray(0, cut), bytes.subarray(cut));
    wanted = (cut > 0 ? length : 2 * length) + pieceBytes;
  }
  yield await mask(Buffer.concat(held), Buffer.alloc(0));
}

/**
 * A file as it comes; masked when it holds text, of which every byte stays that is not masked.
 * An empty file stays empty.
 * @param sanitiser of the file: it notes what was masked there
 */
export async function* maskedFile(
  sanitiser: Sanitiser,
  content: AsyncIterable<Buffer>,
  { name, contentType }: FileDescription,
): AsyncGenerator<Buffer> {
  if (kindOfFile(name, contentType) !== 'text') {
    yield* content;
    return;
  }
  const json = /json/i.test(`${contentType ?? ''} ${name}`) ? new JsonMarks() : null;
  const charset = wideCharsetOf(contentType ?? '');
  if (charset !== null) {
    yield await inPieces(sanitiser.wholeInSteps(await collect(content), charset, json));
    return;
  }
  yield* maskedPieces(sanitiser, content, json);
}
