/** States of a request, in the order of its life. The words are those of the API and the portal. */
export const requestStates = [
  'received',
  'awaitingVerification',
  'identifying',
  'needsDecision',
  'exporting',
  'packaging',
  'available',
  'delivered',
  'expired',
  'cancelled',
  'refused',
  'unverified',
  'noDataFound',
  'recalled',
  'failed',
] as const;

export type RequestState = (typeof requestStates)[number];

const stopped = ['cancelled', 'refused', 'failed'] as const;

/** From each state, the states that may follow it. A state with none is final. */
const transitions: Record<RequestState, readonly RequestState[]> = {
  received: ['awaitingVerification', 'needsDecision', 'noDataFound', ...stopped],
  awaitingVerification: ['identifying', 'needsDecision', 'unverified', ...stopped],
  identifying: ['exporting', 'needsDecision', 'noDataFound', ...stopped],
  needsDecision: ['awaitingVerification', 'identifying', 'exporting', 'unverified', ...stopped],
  exporting: ['packaging', ...stopped],
  packaging: ['available', 'exporting', ...stopped],
  available: ['delivered', 'expired', 'recalled', 'failed'],
  delivered: ['expired', 'recalled', 'failed'],
  failed: ['received', 'exporting', 'cancelled', 'refused'],
  expired: [],
  cancelled: [],
  refused: [],
  unverified: [],
  noDataFound: [],
  recalled: [],
};

/** Whether a request may go from one state to another. Staying is not a transition. */
export const mayFollow = (from: RequestState, to: RequestState): boolean =>
  transitions[from].includes(to);

/** States into which an officer puts a request, whatever is under way. */
export const closedStates = ['cancelled', 'refused', 'recalled'] as const;
export type ClosedState = (typeof closedStates)[number];

export const isClosed = (state: RequestState): boolean =>
  (closedStates as readonly RequestState[]).includes(state);

/** Whether nothing follows a state any more. */
export const isFinal = (state: RequestState): boolean => transitions[state].length === 0;
