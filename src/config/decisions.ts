import { z } from 'zod';
import { group } from './combine';
import { withDefault } from './setting';
import { topic } from './topic';

export const decisions = topic(
  'Decisions',
  'What privacy officers are asked, and how long an export waits for them.',
  group({
    doubtful: withDefault('DOUBTFUL_CONVERSATIONS', z.enum(['ask', 'withhold']), {
      default: 'ask',
      description:
        'Whether an officer decides on conversations that may be another person’s before the export goes on, or, with `withhold`, they are left out without asking. The report says which.',
    }),
    estates: withDefault('ESTATE_REQUESTS', z.enum(['refuse', 'representative']), {
      default: 'refuse',
      description:
        'Whether a request for somebody who has died is refused when it is posted, or handled as that of a representative. The GDPR does not apply to them (recital 27); the law of a member state may.',
    }),
    atDeadline: withDefault('UNDECIDED_AT_DEADLINE', z.enum(['wait', 'release']), {
      default: 'wait',
      description:
        'Whether an export waits for an officer’s answers beyond the deadline or, with `release`, goes on without the conversations that nobody has decided on, `DEADLINE_WARNING_DAYS` before the deadline.',
    }),
  }),
);
