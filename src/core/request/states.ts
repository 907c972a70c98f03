/** States of a request, as API and portal name them. */
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

/** The states that a request ends in. */
export const endStates = [
  'expired',
  'cancelled',
  'refused',
  'unverified',
  'noDataFound',
  'recalled',
] as const satisfies readonly RequestState[];

export type EndState = (typeof endStates)[number];

/** The states that may follow each state. A state that none follows is final. */
const transitions: Record<RequestState, readonly RequestState[]> = {
  received: [
    'awaitingVerification',
    'needsDecision',
    'noDataFound',
    'cancelled',
    'refused',
    'failed',
  ],
  awaitingVerification: [
    'identifying',
    'needsDecision',
    'unverified',
    'cancelled',
    'refused',
    'failed',
  ],
  identifying: ['exporting', 'needsDecision', 'noDataFound', 'cancelled', 'refused', 'failed'],
  needsDecision: [
    'awaitingVerification',
    'identifying',
    'exporting',
    'unverified',
    'cancelled',
    'refused',
    'failed',
  ],
  exporting: ['packaging', 'needsDecision', 'cancelled', 'refused', 'failed'],
  packaging: ['available', 'exporting', 'cancelled', 'refused', 'failed'],
  available: ['delivered', 'expired', 'recalled', 'failed'],
  // An officer may release the package again, to somebody who has lost what they downloaded.
  delivered: ['available', 'expired', 'recalled', 'failed'],
  failed: ['received', 'exporting', 'cancelled', 'refused'],
  expired: [],
  cancelled: [],
  refused: [],
  unverified: [],
  noDataFound: [],
  recalled: [],
};

/** Whether a request may move from one state to another. Staying in a state is no transition. */
export const mayFollow = (from: RequestState, to: RequestState): boolean =>
  transitions[from].includes(to);

/** States in which an officer has closed a request, whatever work was in progress. */
const closedStates: readonly RequestState[] = ['cancelled', 'refused', 'recalled'];

export const isClosed = (state: RequestState): boolean => closedStates.includes(state);

/** Whether no state follows. */
export const isFinal = (state: RequestState): state is EndState => transitions[state].length === 0;

/** Whether data of a request is being collected. */
export const isUnderWay = (state: RequestState): boolean =>
  state === 'exporting' || state === 'packaging';
