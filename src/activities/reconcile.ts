import { isSearchCurrent } from '../core/request/record';
import { isAccountedFor } from '../core/package/items';
import type { ItemLedger, Settings } from '../ports';
import { requestActivity, type ActivityServices } from './activity';

export interface ReconcileServices extends ActivityServices {
  items: Pick<ItemLedger, 'counts'>;
  settings: Pick<Settings, 'completeness'>;
}

/** Checks whether every expected item is in the package, or accounted for as the policy allows. */
export const createReconcile = requestActivity<'reconcile', ReconcileServices>(
  'reconcile',
  async ({ record, services: { items, settings } }) => {
    const counts = await items.counts(record.requestId);
    const conversations = Object.values(counts.conversation).reduce((a, b) => a + b, 0);
    const failuresAllowed = Math.max(
      settings.completeness.failuresAllowed,
      record.acceptedFailures,
    );
    return {
      isComplete: conversations === record.conversations && isAccountedFor(counts, failuresAllowed),
      isCurrent:
        isSearchCurrent(record) && record.planned?.decisionVersion === record.decisionVersion,
    };
  },
);
