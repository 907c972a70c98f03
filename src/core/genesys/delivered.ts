import { isShallow } from './reading';
import type { SourceTranscript } from '../package/webvtt';

/*
 * Whether an answer holds what was asked for. The source answers with 200 and an empty body, or with ids
 * alone, where it has nothing (ConversationSummariesGetResponse, ConversationMetrics and Survey of the API
 * document require no field): such an answer is not an item.
 */

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** Fields that say which thing is meant, and nothing of it. */
const references: ReadonlySet<string> = new Set([
  'id',
  'selfUri',
  'conversation',
  'conversationId',
  'contactListId',
  'status',
]);

/** Whether a value is more than nothing: a text, a number, or something that holds such. */
function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value !== 'object' || value === null) return value !== undefined && value !== null;
  return Object.values(value).some(isFilled);
}

/** Whether a record says anything besides which one it is. What is too deep to tell does. */
export const hasContent = (record: unknown): boolean =>
  !isShallow(record) ||
  Object.entries(fieldsOf(record)).some(
    ([name, value]) => !references.has(name) && isFilled(value),
  );

const summaryTexts = ['text', 'editedSummary', 'reason', 'followup', 'resolution'];

/** Whether the answer about summaries (ConversationSummariesGetResponse) holds the text of any. */
export function hasSummary(answer: unknown): boolean {
  if (!isShallow(answer)) return true;
  const { summary, sessionSummaries } = fieldsOf(answer);
  const sessions: unknown[] = Array.isArray(sessionSummaries) ? sessionSummaries : [];
  return [summary, ...sessions].some((one) =>
    summaryTexts.some((name) => isFilled(fieldsOf(one)[name])),
  );
}

/** Whether the answer about a conversation's speech (ConversationMetrics) holds anything measured. */
export function hasSentiment(answer: unknown): boolean {
  if (!isShallow(answer)) return true;
  const { sentimentScore, empathyScores, participantMetrics } = fieldsOf(answer);
  return [sentimentScore, empathyScores, participantMetrics].some(isFilled);
}

/** Whether anything is said in a transcript. */
export const hasPhrases = ({ transcripts }: SourceTranscript): boolean =>
  (transcripts ?? []).some(({ phrases }) => (phrases ?? []).length > 0);

/** Whether a survey (Survey) holds answers, whatever its status is. */
export const hasAnswers = (survey: unknown): boolean =>
  !isShallow(survey) || isFilled(fieldsOf(survey)['answers']);
