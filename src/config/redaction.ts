import { z } from 'zod';
import type { AttributeAllowList } from '../core/redaction/attributes';
import { defaultPolicy, policyProblems, policySchema } from '../core/redaction/policy';
import { group } from './combine';
import { jsonFile, list } from './formats';
import { withFallback } from './setting';
import { topic } from './topic';

const policyFile = jsonFile(policySchema, {
  message: 'is not a file of JSON',
  invalidContent: (problems) => `is not a policy: see ${problems}`,
  problemsOf: policyProblems,
});

const attributes = z.union([
  z
    .string()
    .trim()
    .pipe(z.literal('*').transform((): AttributeAllowList => 'all')),
  list.transform((names): AttributeAllowList => new Set(names)),
]);

export const redaction = topic(
  'Redaction',
  'What of other people is masked or left out.',
  group({
    policy: withFallback(
      'REDACTION_POLICY_FILE',
      policyFile,
      {
        value: defaultPolicy,
        text: 'agents by pseudonym, cards and other people masked',
      },
      {
        description: 'Redaction policy, a JSON file; see `policies/`.',
        example: 'policies/transcript-only.json',
      },
    ),
    attributes: withFallback(
      'PARTICIPANT_ATTRIBUTES',
      attributes,
      { value: new Set<string>(), text: 'none' },
      {
        description: 'Participant attributes that are exported, separated by commas; `*` for all.',
        example: 'orderNumber,language',
      },
    ),
  }),
);
