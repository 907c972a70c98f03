/** States of a request, in the order of its life. The words are those of the API and the portal. */
export const requestStates = [
  'received',
  'awaitingVerification',
  'identifying',
  'needsDecision',
  'collecting',
  'packaging',
  'available',
  'delivered',
  'expired',
  'cancelled',
  'refused',
  'unverified',
  'nothingHeld',
  'recalled',
  'failed',
] as const;

export type RequestState = (typeof requestStates)[number];

const stopped = ['cancelled', 'refused', 'failed'] as const;

/** From each state, the states that may follow it. A state with none is final. */
const transitions: Record<RequestState, readonly RequestState[]> = {
  received: ['awaitingVerification', 'needsDecision', 'nothingHeld', ...stopped],
  awaitingVerification: ['identifying', 'needsDecision', 'unverified', ...stopped],
  identifying: ['collecting', 'needsDecision', 'nothingHeld', ...stopped],
  needsDecision: ['awaitingVerification', 'identifying', 'collecting', 'unverified', ...stopped],
  collecting: ['packaging', ...stopped],
  packaging: ['available', 'collecting', ...stopped],
  available: ['delivered', 'expired', 'recalled', 'failed'],
  delivered: ['expired', 'recalled', 'failed'],
  failed: ['received', 'collecting', 'cancelled', 'refused'],
  expired: [],
  cancelled: [],
  refused: [],
  unverified: [],
  nothingHeld: [],
  recalled: [],
};

/** Whether a request may go from one state to another. Staying is not a transition. */
export const mayFollow = (from: RequestState, to: RequestState): boolean =>
  transitions[from].includes(to);

/** States into which an officer puts a request, whatever is under way. */
export const stoppedStates = ['cancelled', 'refused', 'recalled'] as const;
export type StoppedState = (typeof stoppedStates)[number];

export const isStopped = (state: RequestState): boolean =>
  (stoppedStates as readonly RequestState[]).includes(state);

/** Whether nothing follows a state any more. */
export const isFinal = (state: RequestState): boolean => transitions[state].length === 0;
