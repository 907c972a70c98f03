import { z } from 'zod';
import { chosenGrounds, type ChosenGround } from '../core/package/grounds';
import type { AttributeAllowList } from '../core/redaction/attributes';
import { defaultPolicy, policyProblems, policySchema } from '../core/redaction/policy';
import { group } from './combine';
import { jsonFile, list } from './formats';
import { withDefault, withFallback, type Setting } from './setting';
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
    .pipe(z.literal('none').transform((): AttributeAllowList => new Set())),
  z
    .string()
    .trim()
    .pipe(z.literal('*').transform((): AttributeAllowList => 'all')),
  list.transform((names): AttributeAllowList => new Set(names)),
]);

const ground = (name: string, what: string): Setting<ChosenGround> =>
  withDefault(name, z.enum(chosenGrounds), {
    default: 'onRequest',
    description: `The ground on which ${what}, as the report says: ${chosenGrounds.map((one) => `\`${one}\``).join(', ')}; see [redaction.md](redaction.md#what-is-left-out-altogether). Needed unless \`PORTAL_ORIGIN\` is on loopback.`,
  });

export const policy = withFallback(
  'REDACTION_POLICY_FILE',
  policyFile,
  {
    value: defaultPolicy,
    text: 'agents by pseudonym, cards and other people masked',
  },
  {
    description:
      'Redaction policy, a JSON file; see `policies/`. Not set: `controller/redaction-policy.json`, where it was deployed.',
    example: 'policies/transcript-only.json',
  },
);

export const redaction = topic(
  'Redaction',
  'What of other people is masked or left out.',
  group({
    policy,
    attributes: withFallback(
      'PARTICIPANT_ATTRIBUTES',
      attributes,
      { value: new Set<string>(), text: 'none' },
      {
        description:
          'Participant attributes that are exported, separated by commas; `*` for all, `none` for none. Needed unless `PORTAL_ORIGIN` is on loopback.',
        example: 'orderNumber,language',
      },
    ),
    attributesGround: ground(
      'PARTICIPANT_ATTRIBUTES_GROUND',
      'participant attributes that are not exported are left out',
    ),
    secureAttributesGround: ground(
      'SECURE_ATTRIBUTES_GROUND',
      'secure attributes are left out, unless `EXPORT_SECURE_ATTRIBUTES` is true',
    ),
    evaluationsGround: ground(
      'EVALUATIONS_GROUND',
      'evaluations of agents are left out, unless `EXPORT_EVALUATIONS` is true',
    ),
  }),
);
