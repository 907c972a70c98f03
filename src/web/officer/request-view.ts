import type { Signal } from '@preact/signals';
import type { ActionName } from './action-rules';
import type { BegunDecision } from './begun-decision';
import type { RequestCalls, WholeSummary } from './officer-api';
import type { Again } from './resource';

/** What every tab of a request works with. */
export interface RequestView {
  summary: WholeSummary;
  calls: RequestCalls;
  /** When what a tab shows is read again: once something has happened to the request, and after each action. */
  again: Again;
  /** Reads again all that is shown of the request. */
  reload: () => Promise<void>;
  /** Asks before an action is done. */
  ask: (action: ActionName) => void;
  /** What the officer has begun of the decision. */
  begun: BegunDecision;
  /** Whether the officer decides although nothing waits for it. */
  isChanging: Signal<boolean>;
}
