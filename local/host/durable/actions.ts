/**
 * The actions that an orchestrator's replay asks for, and the arithmetic of the tasks they become.
 * Pure: everything here follows from durable-functions 3.5 (actions/*.js, RetryableTask.js,
 * LongTimerTask.js), which allots sequence ids on its own side and expects the host to allot the same.
 */

const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  WhenAny: 11,
  WhenAll: 12,
} as const;

export interface RetryOptions {
  firstRetryIntervalInMilliseconds: number;
  maxNumberOfAttempts: number;
  backoffCoefficient?: number;
  maxRetryIntervalInMilliseconds?: number;
}

/** An action as the SDK writes it. */
export interface Action {
  actionType: number;
  functionName?: string;
  input?: unknown;
  instanceId?: string;
  version?: string;
  retryOptions?: RetryOptions;
  fireAt?: string;
  isCanceled?: boolean;
  externalEventName?: string;
  compoundActions?: Action[];
}

/** What an orchestrator's replay returned (OrchestratorState of the SDK). */
export interface OrchestratorState {
  isDone: boolean;
  actions: Action[][];
  output?: unknown;
  error?: string;
  customStatus?: unknown;
}

/** An action that needs a sequence id. `input` is the JSON text that the target will be given. */
export type Leaf =
  | { kind: 'activity'; name: string; input: string; retry: RetryOptions | null }
  | {
      kind: 'subOrchestration';
      name: string;
      input: string;
      instanceId: string | null;
      version: string | null;
      retry: RetryOptions | null;
    }
  | { kind: 'timer'; fireAt: string };

/** A feature of Durable Functions that this host does not have. */
export class UnsupportedActionError extends Error {}

/** The orchestrator asked for something else than it had asked for at the same place before. */
export class NonDeterminismError extends Error {}

/**
 * Text of a payload. Strings arrive from the SDK as JSON already (its Utils.processInput encodes
 * them once more); a missing input is JSON null.
 */
const payload = (input: unknown): string =>
  typeof input === 'string' ? input : JSON.stringify(input ?? null);

function leafOf(action: Action): { leaf: Leaf; isCanceled: boolean } | null {
  const name = action.functionName ?? '';
  const retry = action.retryOptions ?? null;
  switch (action.actionType) {
    case ActionType.CallActivity:
    case ActionType.CallActivityWithRetry:
      return {
        leaf: { kind: 'activity', name, input: payload(action.input), retry },
        isCanceled: false,
      };
    case ActionType.CallSubOrchestrator:
    case ActionType.CallSubOrchestratorWithRetry:
      return {
        leaf: {
          kind: 'subOrchestration',
          name,
          input: JSON.stringify(action.input ?? null),
          instanceId: action.instanceId ?? null,
          version: action.version ?? null,
          retry,
        },
        isCanceled: false,
      };
    case ActionType.CreateTimer:
      return {
        leaf: { kind: 'timer', fireAt: new Date(action.fireAt ?? 0).toISOString() },
        isCanceled: action.isCanceled ?? false,
      };
    case ActionType.WaitForExternalEvent:
    case ActionType.ContinueAsNew:
      return null;
    default:
      throw new UnsupportedActionError(
        `The local host does not run durable actions of type ${action.actionType} (entities and callHttp).`,
      );
  }
}

/** Every action that takes a sequence id, in the order in which the SDK allots them. */
export function leavesOf(actions: Action[]): { leaf: Leaf; isCanceled: boolean }[] {
  return actions.flatMap((action) => {
    if (action.actionType === ActionType.WhenAll || action.actionType === ActionType.WhenAny) {
      return leavesOf(action.compoundActions ?? []);
    }
    const leaf = leafOf(action);
    return leaf ? [leaf] : [];
  });
}

/** Input of the next generation as JSON text, when the orchestrator continued as new; else null. */
export function continueAsNewInput(actions: Action[]): string | null {
  const action = actions.find((a) => a.actionType === ActionType.ContinueAsNew);
  return action ? payload(action.input) : null;
}

/**
 * Compares what was recorded with what this replay asks for.
 * @throws NonDeterminismError when the replay asks for less, or for something else.
 */
export function assertSameActions(
  recorded: readonly Leaf[],
  asked: readonly { leaf: Leaf }[],
): void {
  recorded.forEach((before, index) => {
    const now = asked[index]?.leaf;
    if (JSON.stringify(now) !== JSON.stringify(before)) {
      throw new NonDeterminismError(
        `Non-Deterministic workflow detected: action ${index} was ${describe(before)}, and this replay asks for ${now ? describe(now) : 'nothing'}.`,
      );
    }
  });
}

const describe = (leaf: Leaf): string =>
  leaf.kind === 'timer' ? `a timer at ${leaf.fireAt}` : `${leaf.kind} '${leaf.name}'`;

/**
 * Delay before attempt `attempt + 1`, in milliseconds, or null when attempts are used up: then one
 * more timer that fires at once is expected before the error surfaces (RetryInterceptor's dummy
 * timer, which RetryableTask.js waits for).
 */
export function retryDelay(options: RetryOptions, attempt: number): number | null {
  if (attempt >= options.maxNumberOfAttempts) return null;
  const delay =
    options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (attempt - 1);
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? Number.POSITIVE_INFINITY);
}

/** Longest timer that fires in one step, and the length of the intervals of a longer one. */
export const maximumShortTimer = { milliseconds: 6 * 86_400_000, text: '6.00:00:00' };
export const longTimerInterval = { milliseconds: 3 * 86_400_000, text: '3.00:00:00' };

/** When the next interval of a timer ends: the timer's own time, or one interval from now. */
export function nextInterval(now: string, finalFireAt: string): string {
  const remaining = Date.parse(finalFireAt) - Date.parse(now);
  return remaining > maximumShortTimer.milliseconds
    ? new Date(Date.parse(now) + longTimerInterval.milliseconds).toISOString()
    : finalFireAt;
}

/** Whether the SDK treats a timer as a long one, whose intervals take a sequence id each. */
export const isLongTimer = (now: string, fireAt: string): boolean =>
  Date.parse(fireAt) - Date.parse(now) > maximumShortTimer.milliseconds;
