import type { Translator } from '../i18n/translator';
import type { AvailabilityReport, MissingItem } from './availability-report';
import { reasonText } from './availability-sentences';
import type { Column } from './csv-columns';

/** Columns of `availability-report.csv`, in order. */
export const missingColumns: readonly Column<keyof MissingItem>[] = [
  {
    name: 'conversation',
    type: 'integer',
    description: 'Number of the conversation in this package; 0 for records of the person',
  },
  { name: 'kind', type: 'string', description: 'What is missing' },
  {
    name: 'status',
    type: 'string',
    description: 'absent, expired, archived, withheld or failed',
  },
  { name: 'reason', type: 'string', description: 'Why it is missing' },
];

/** Rows of `availability-report.csv`, with the reasons in the translator's language. */
export const missingRows = (
  { missing }: AvailabilityReport,
  translator: Translator,
): MissingItem[] =>
  missing.map((item) => ({ ...item, reason: reasonText(item.reason, translator) }));
