import type { AgentForm } from '../core/redaction/policy';
import { Sanitiser } from '../core/redaction/sanitiser';
import type { Environment } from '../services/environment';

/** A sanitiser by the policy of the settings. A user has one pseudonym within a request, and another in each. */
export const sanitiserFor = (
  {
    keys,
    settings: {
      export: { policy },
    },
  }: Pick<Environment, 'keys' | 'settings'>,
  requestId: string,
  form: AgentForm = policy.agents,
): Sanitiser =>
  new Sanitiser(
    policy,
    (userId) => `agent-${keys.keyedHash(`agent/${requestId}`, userId).slice(0, 8)}`,
    form,
  );
