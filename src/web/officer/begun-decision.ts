import { signal, type Signal } from '@preact/signals';
import type { Answers } from '../../core/api/bodies';
import { ApiProblem } from '../shared/api';
import type { Choice } from './conversation-choices';
import type { DraftChanges } from './decision-draft';
import type { RequestView } from './request-view';

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

/** Whether a save was refused because another decision was made since the one that it is based on. */
export const isOvertaken = (problem: unknown): boolean =>
  problem instanceof ApiProblem && problem.code === 'decisionChanged';

/** Answers that are saved together, and why. */
interface Save {
  calls: readonly Answers[];
  why: string;
  /** Version of the decision that is shown. */
  shown: number;
  /** What follows: the page is read again, and what is saved is taken off what is begun. */
  then: () => Promise<void>;
}

/**
 * Saves answers, each call based on the one before.
 * @throws ApiProblem if the server refuses them; after another decision once the page shows that
 */
export async function saveAnswers(
  { begun: { basedOn, isSaving, isOvertaken: overtaken }, calls: { decide }, reload }: RequestView,
  { calls, why, shown, then }: Save,
): Promise<void> {
  let version = basedOn.peek() ?? shown;
  isSaving.value = true;
  overtaken.value = false;
  try {
    for (const answers of calls) {
      version = (await decide(answers, why, version)).decisionVersion;
      basedOn.value = version;
    }
    await then();
  } catch (problem) {
    if (isOvertaken(problem)) {
      await reload();
      overtaken.value = true;
      // From now on it is based on what the page shows.
      basedOn.value = null;
    }
    throw problem;
  } finally {
    isSaving.value = false;
  }
}
