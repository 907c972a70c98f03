import { PartWriter } from '../adapters/package/part-writer';
import { SourceError, RequestClosedError } from '../core/errors';
import type { CollectedRow } from '../core/package/conversation-row';
import { countItems, itemKey, type Item } from '../core/package/items';
import {
  collectionOf,
  partManifestBlob,
  pageBlob,
  partName,
  viewerPageOf,
} from '../core/package/blob-names';
import { addRedactions, type Redactions } from '../core/redaction/sanitiser';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import type { PartManifest } from '../ports';
import { viewerScript, type ViewerTexts } from '../core/package/viewer-data';
import { text } from '../export/entries';
import {
  runActivity,
  openRequest,
  type Environment,
  type OpenRequest,
} from '../services/environment';
import { exportBatches, isBatched, type WantedRecording } from '../export/batches';
import { exportBulk } from '../export/bulk';
import { exportDocuments } from '../export/conversation';
import { exportRecording, isArchived, isRecording } from '../export/recordings';
import type { PageConversation } from './plan-pages';
import { sanitiserFor } from '../export/sanitiser';
import { subjectOf } from './searches';

/** An activity ends its part after this long, so that a lost worker costs little. */
const partBudget = 4 * 60_000;
/** How often it looks whether an officer has stopped the request. */
const lookAgain = 10_000;

/**
 * Exports what is ready of a page as one part of the package. Storing the part's fragment is what
 * makes it count: an attempt that falls before leaves blocks that nobody commits, and one that falls
 * after is found done.
 */
export const createExportPage = (env: Environment) => (input: ActivityInput<'exportPage'>) =>
  runActivity(env, input.requestId, async (env): Promise<ActivityOutput<'exportPage'>> => {
    const { requestId, page, round } = input;
    const request = await openRequest(env, requestId);
    // A lane of an earlier collection, whose story ended before it did: another one does its pages.
    if (request.record.exportAttempts !== collectionOf(round)) throw new RequestClosedError();
    const key = request.keys.dataKey;
    const blob = partManifestBlob(partName(page, round));
    let manifest = (await env.scratch.read(requestId, blob, key)) as PartManifest | null;
    if (manifest === null) {
      manifest = await writePart(env, request, input);
      if (
        manifest.entries.length > 0 &&
        !(await env.scratch.writeOnce(requestId, blob, key, manifest))
      ) {
        manifest = (await env.scratch.read(requestId, blob, key)) as PartManifest;
      }
    }
    await env.items.put(requestId, page, manifest.items);
    const items = await env.items.list(requestId, page);
    await env.items.putCounts(requestId, page, countItems(items));
    return { waiting: items.filter(({ status }) => status === 'pending').length };
  });

/** Writes what is ready. When the source stops withProblemDetails, what was written so far is the part. */
async function writePart(
  env: Environment,
  request: OpenRequest,
  { page, round, isLast }: ActivityInput<'exportPage'>,
): Promise<PartManifest> {
  const { requestId } = request.record;
  const conversations = (await env.scratch.read(
    requestId,
    pageBlob(page),
    request.keys.dataKey,
  )) as PageConversation[];
  const items = new Map(
    (await env.items.list(requestId, page)).map((item) => [itemKey(item), item]),
  );
  const writer = new PartWriter(
    env.packages,
    requestId,
    partName(page, round),
    request.keys.passphrase,
  );
  const changed = new Map<string, Item>();
  const rows: CollectedRow[] = [];
  const note = (item: Item): void => {
    if (items.get(itemKey(item)) !== item) changed.set(itemKey(item), item);
    items.set(itemKey(item), item);
  };
  const { timeZone } = await env.ledger.details(request.record);
  const subject = await subjectOf(env, request);
  let redactions: Redactions = {};
  const viewerPage = viewerPageOf(partName(page, round));
  const texts: ViewerTexts[] = [];
  const endsAt = Date.now() + partBudget;
  let lookAt = Date.now() + lookAgain;
  const stopIfAsked = async (): Promise<void> => {
    if (Date.now() < lookAt) return;
    await openRequest(env, requestId);
    lookAt = Date.now() + lookAgain;
  };
  try {
    for (const entry of conversations) {
      await stopIfAsked();
      const own = [...items.values()].filter((item) => item.conversation === entry.number);
      const main = own.find((item) => item.kind === 'conversation');
      if (main?.status === 'pending') {
        const sanitiser = sanitiserFor(env, requestId);
        const documents = await writer.atomically(() =>
          exportDocuments(env, writer, entry, main, { timeZone, subject, sanitiser }),
        );
        redactions = addRedactions(redactions, sanitiser.redactions);
        documents.items.forEach(note);
        rows.push({ ...documents.row, page: viewerPage });
        texts.push(documents.texts);
      }
      if (Date.now() > endsAt) break;
    }
    const { recordingExporter } = env.settings.export;
    const conversationOf = new Map(
      conversations.map((entry) => [entry.number, entry.conversation]),
    );
    const wanted = [...items.values()]
      .filter((item) => isRecording(item) && item.status === 'pending')
      .map((item) => {
        const conversation = conversationOf.get(item.conversation);
        return {
          item,
          conversationId: conversation?.conversationId ?? '',
          start: conversation?.conversationStart ?? '',
        };
      });
    const isTogether = ({ item }: WantedRecording): boolean =>
      recordingExporter !== 'formatted' && isBatched(item) && !isArchived(item);
    for (const { item, conversationId } of wanted.filter((one) => !isTogether(one))) {
      if (Date.now() > endsAt) break;
      await stopIfAsked();
      const siblings = [...items.values()].filter(
        ({ conversation }) => conversation === item.conversation,
      );
      const sanitiser = sanitiserFor(env, requestId);
      const asked = { item, conversationId, siblings, sanitiser };
      const results = await exportRecording(env, writer, asked, isLast);
      results.forEach(note);
      // What is tried again is masked again.
      if (results.some(({ status }) => status === 'exported'))
        redactions = addRedactions(redactions, sanitiser.redactions);
    }
    const together = wanted.filter(isTogether);
    if (together.length > 0) {
      const exportTogether = recordingExporter === 'bulkS3' ? exportBulk : exportBatches;
      const results = await exportTogether(env, writer, request, { page, isLast }, together);
      results.forEach(note);
    }
  } catch (error) {
    const isPassing = error instanceof SourceError && error.outcome.kind === 'retryLater';
    if (!isPassing || changed.size === 0) throw error;
  }
  if (texts.length > 0)
    await writer.add(viewerPage, text(viewerScript(viewerPage, texts)), 'deflate');
  return { ...(await writer.finish()), items: [...changed.values()], rows, redactions };
}
