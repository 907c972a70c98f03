import type { ActionName } from './action-rules';
import type { RequestCalls, WholeSummary } from './officer-api';

/** What every tab of a request works with. */
export interface RequestView {
  summary: WholeSummary;
  calls: RequestCalls;
  /** Reads the request again. */
  reload: () => Promise<void>;
  /** Asks before an action is done. */
  ask: (action: ActionName) => void;
}
