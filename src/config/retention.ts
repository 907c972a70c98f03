import { group } from './combine';
import { integer } from './formats';
import { withDefault } from './setting';
import { topic } from './topic';

export const retention = topic(
  'Retention and monitoring',
  'When the app cleans up by itself, and when it raises an alert.',
  group({
    failedRequestDays: withDefault('FAILED_REQUEST_DAYS', integer(1, 365), {
      default: '30',
      unit: 'days',
      description:
        'Days after which a failed request that nobody retries is cancelled, and what it collected is deleted.',
    }),
    stalledHours: withDefault('STALLED_HOURS', integer(1, 168), {
      default: '6',
      unit: 'hours',
      description: 'Hours without progress after which an export counts as stalled.',
    }),
    historyDays: withDefault('HISTORY_RETENTION_DAYS', integer(1, 365), {
      default: '7',
      unit: 'days',
      description: 'How long histories of completed orchestrations are kept.',
    }),
    annotationDays: withDefault('ANNOTATION_RETENTION_DAYS', integer(1, 3650), {
      default: '1095',
      unit: 'days',
      description:
        "How long after a request was cleaned up the officers' names and justifications are kept beside its custody record.",
    }),
    proofYears: withDefault('PROOF_RETENTION_YEARS', integer(1, 10), {
      default: '3',
      unit: 'years',
      description:
        'How long after its last entry the custody record of a request is kept as proof of what was asked for, when and how it was answered. Then nothing is left of the request.',
    }),
  }),
);
