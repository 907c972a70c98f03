import { signal, type Signal } from '@preact/signals';
import type { Choice } from './conversation-choices';
import type { DraftChanges } from './decision-draft';

/** What an officer has begun of a decision and not saved yet. */
export interface BegunDecision {
  /** Of the person. */
  changes: Signal<DraftChanges>;
  reason: Signal<string>;
  /** Of the doubtful conversations. */
  choices: Signal<readonly Choice[]>;
  choicesReason: Signal<string>;
  /** Version of the decision that the officer saw when they began; null while nothing is begun. */
  basedOn: Signal<number | null>;
  /** Whether some of it is being saved: until the page shows that, nothing else is, and nothing is left. */
  isSaving: Signal<boolean>;
  /** Whether the last save was refused because of another decision, which is shown since. */
  isOvertaken: Signal<boolean>;
}

/** By request, for as long as the page is open: a look at something else takes nothing from anybody. */
const begun = new Map<string, BegunDecision>();

/** What is begun of the decision on a request. */
export function begunOf(requestId: string): BegunDecision {
  const found = begun.get(requestId) ?? {
    changes: signal<DraftChanges>({}),
    reason: signal(''),
    choices: signal<readonly Choice[]>([]),
    choicesReason: signal(''),
    basedOn: signal<number | null>(null),
    isSaving: signal(false),
    isOvertaken: signal(false),
  };
  begun.set(requestId, found);
  return found;
}

/** Whether an officer has begun something that would be lost with the page. */
export const isAnythingBegun = (): boolean =>
  [...begun.values()].some(
    (one) => hasChoices(one) || one.reason.value + one.choicesReason.value !== '',
  );

/** Forgets all of it: what one officer has begun is nobody else's. */
export const forgetBegun = (): void => begun.clear();

/** Leaves everything as it is decided. */
export function leave({
  changes,
  reason,
  choices,
  choicesReason,
  isOvertaken,
}: BegunDecision): void {
  changes.value = {};
  reason.value = '';
  choices.value = [];
  choicesReason.value = '';
  isOvertaken.value = false;
}

/** Keeps what is begun tied to the decision that was shown when it was begun. @param shown its version */
export function tie(one: BegunDecision, shown: number): void {
  const { basedOn } = one;
  basedOn.value = hasChoices(one) ? (basedOn.peek() ?? shown) : null;
}

function hasChoices({ changes, choices }: BegunDecision): boolean {
  const { identifiers = {}, ...others } = changes.value;
  return choices.value.length + Object.keys(others).length + Object.keys(identifiers).length > 0;
}
