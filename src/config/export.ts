import { z } from 'zod';
import { group } from './combine';
import { flag, integer } from './formats';
import { withDefault } from './setting';
import { topic } from './topic';

export const exporting = topic(
  'Export',
  'What is exported, and at which pace.',
  group({
    isPaused: withDefault('PAUSE_COLLECTIONS', flag, {
      default: 'false',
      description:
        'Whether new exports wait, as before a deployment or a move; see [upgrades.md](upgrades.md#pausing-new-collections).',
    }),
    audioFormat: withDefault('AUDIO_FORMAT', z.enum(['mp3', 'wav']), {
      default: 'mp3',
      description:
        'Format of audio that is exported one by one: all of it with `RECORDING_EXPORTER=formatted`, else recordings that had to be restored.',
    }),
    restoreArchived: withDefault('RESTORE_ARCHIVED', flag, {
      default: 'false',
      description: 'Whether archived recordings are restored and exported, or listed as archived.',
    }),
    sentiment: withDefault('EXPORT_SENTIMENT', flag, {
      default: 'true',
      description: 'Whether sentiment measured in calls is exported.',
    }),
    summaries: withDefault('EXPORT_SUMMARIES', flag, {
      default: 'true',
      description: 'Whether summaries written by the language model of Genesys Cloud are exported.',
    }),
    secureAttributes: withDefault('EXPORT_SECURE_ATTRIBUTES', flag, {
      default: 'false',
      description:
        'Whether secure attributes of conversations are exported, masked; see [redaction.md](redaction.md#what-is-left-out-altogether).',
    }),
    evaluations: withDefault('EXPORT_EVALUATIONS', flag, {
      default: 'false',
      description:
        'Whether evaluations of how agents have handled a conversation are exported, masked; see [redaction.md](redaction.md#what-is-left-out-altogether).',
    }),
    deletionHold: withDefault('DELETION_HOLD', flag, {
      default: 'false',
      description:
        "Whether Genesys Cloud is told to delete none of the person's recordings until the package is complete.",
    }),
    failuresAllowed: withDefault('FAILURES_ALLOWED', integer(0, 10_000), {
      default: '0',
      unit: 'items',
      description:
        'Failed items with which a package may be released without an officer. The report lists each.',
    }),
    conversationsPerPage: withDefault('CONVERSATIONS_PER_PAGE', integer(1, 100), {
      default: '50',
      unit: 'conversations',
      description: 'Conversations in one page, which becomes one part of the package.',
    }),
    concurrency: withDefault('EXPORT_CONCURRENCY', integer(1, 16), {
      default: '4',
      unit: 'pages',
      description: 'Pages of a request that are exported at the same time.',
    }),
    pollSeconds: withDefault('POLL_SECONDS', z.coerce.number().min(0.1).max(300), {
      default: '10',
      unit: 'seconds',
      description: 'Pause between two polls of jobs and recordings.',
    }),
    recordingWaitMinutes: withDefault('RECORDING_WAIT_MINUTES', integer(1, 1440), {
      default: '120',
      unit: 'minutes',
      description: 'How long a page waits for recordings that Genesys Cloud prepares.',
    }),
    sourceWaitHours: withDefault('SOURCE_WAIT_HOURS', integer(1, 168), {
      default: '24',
      unit: 'hours',
      description: 'How long a step waits while Genesys Cloud does not answer.',
    }),
  }),
);
