import { analyticsOperations } from './api/analytics';
import { auditOperations } from './api/audits';
import { bulkOperations } from './api/bulk';
import { contactOperations } from './api/contacts';
import { conversationOperations } from './api/conversations';
import { deletionProtectionOperations } from './api/deletion-protection';
import { digitalOperations } from './api/digital';
import { historyOperations } from './api/history';
import { batchOperations } from './api/recording-batches';
import { recordingOperations } from './api/recordings';
import { transcriptOperations } from './api/transcripts';
import type { Operation } from './operation';

/** Every operation of the Platform API that the simulator offers. */
export const operations: Operation[] = [
  ...contactOperations,
  ...analyticsOperations,
  ...conversationOperations,
  ...digitalOperations,
  ...historyOperations,
  ...auditOperations,
  ...bulkOperations,
  ...recordingOperations,
  ...deletionProtectionOperations,
  ...batchOperations,
  ...transcriptOperations,
];

const matchers = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** The operation that a call addresses, with the parameters of its path; null when there is none. */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; parameters: Record<string, string> } | null {
  for (const { operation, pattern } of matchers) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match) return { operation, parameters: { ...match.groups } };
  }
  return null;
}
