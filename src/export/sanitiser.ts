import { pseudonymOf } from '../core/redaction/marks';
import { Sanitiser, type SanitiserOptions } from '../core/redaction/sanitiser';
import type { ExportSettings, KeyStore } from '../ports';

/** What a sanitiser is made with. */
export interface SanitiserServices {
  keys: Pick<KeyStore, 'keyedHash'>;
  settings: { export: Pick<ExportSettings, 'policy'> };
}

/** A sanitiser by the policy of the settings. A user has one pseudonym within a request, and another in each. */
export const sanitiserFor = (
  {
    keys,
    settings: {
      export: { policy },
    },
  }: SanitiserServices,
  requestId: string,
  options: SanitiserOptions = {},
): Sanitiser =>
  new Sanitiser(
    policy,
    (userId) => pseudonymOf(keys.keyedHash(`agent/${requestId}`, userId)),
    options,
  );
