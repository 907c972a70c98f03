import type { Answers } from '../../core/api/bodies';
import { ApiProblem } from '../shared/api';
import type { RequestView } from './request-view';

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
