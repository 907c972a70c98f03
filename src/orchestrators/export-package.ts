import { awaitChildren, OrchestrationFailure, startChild, type Orchestration } from './call';
import { awaitVerdicts } from './await-verdicts';
import { now, type RequestRun } from './request-run';
import { searchConversations } from './search-conversations';

/**
 * Steps 4 to 8 of `fulfilRequest`: finds the conversations, exports them and writes the package.
 * @returns false when an officer has made another decision meanwhile: the export has to be repeated
 */
export function* exportPackage(run: RequestRun): Orchestration<boolean> {
  const { step, requestId } = run;
  yield* probeSource(run);
  const call = now(run).toISOString();
  const { attempt } = yield* step('beginExportAttempt', { requestId, call });

  yield* searchConversations(run, (group) => childId(`search-${group}`, attempt));
  if (!(yield* awaitVerdicts(run))) return false;
  const { pages, conversations } = yield* step('planPages', { requestId });
  run.context.df.setCustomStatus({ step: 'exporting', pages, conversations });
  yield* exportConversations(run, attempt, pages);

  // An incomplete package is never released.
  const { isComplete, isCurrent } = yield* step('reconcile', { requestId });
  if (!isCurrent) return false;
  if (!isComplete) throw new OrchestrationFailure('packageIncomplete');
  yield* step('moveRequest', { requestId, to: 'packaging' });
  yield* writePackage(run);
  // An officer may have decided just before the state was `packaging`; later decisions are refused.
  return (yield* step('reconcile', { requestId })).isCurrent;
}

/** @throws OrchestrationFailure when the client lacks a permission, or does not see a division */
export function* probeSource({ step, requestId }: RequestRun): Orchestration<void> {
  const { problem } = yield* step('probeSource', { requestId });
  if (problem !== null) throw new OrchestrationFailure(problem);
}

/** Exports the pages by a bounded number of workers, and in parallel the records of the person. */
function* exportConversations(
  { context, input }: RequestRun,
  attempt: number,
  pages: number,
): Orchestration<void> {
  const person = startChild(context, 'exportPersonRecords', input, childId('person', attempt));
  const workers = numbersTo(Math.min(input.limits.exportConcurrency, pages)).map((worker) => {
    const workerInput = { ...input, attempt, pages, page: worker };
    const id = childId(`worker-${worker}`, attempt);
    return startChild(context, 'exportWorker', workerInput, id);
  });
  yield* awaitChildren(context, [person, ...workers]);
}

/** Writes the package metadata, commits the package and reads the whole of it back. */
function* writePackage({ step, requestId }: RequestRun): Orchestration<void> {
  yield* step('writePackageMetadata', { requestId });
  yield* step('commitPackage', { requestId });
  for (let from: number | null = 0; from !== null;)
    ({ next: from } = yield* step('verifyPackage', { requestId, from }));
}

/** Suffix of a child's instance id, different in each attempt. */
const childId = (name: string, attempt: number): string =>
  attempt === 1 ? name : `${name}-${attempt}`;

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
