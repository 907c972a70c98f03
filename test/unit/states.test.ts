import {
  isClosed,
  isFinal,
  isUnderWay,
  mayFollow,
  requestStates,
  type RequestState,
} from '../../src/core/request/states';

describe('request states', () => {
  it('lead from every state to a final state', () => {
    for (const state of requestStates) {
      const reached = new Set([state]);
      for (const from of reached)
        requestStates.filter((to) => mayFollow(from, to)).forEach((to) => reached.add(to));
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  it('allow a release only after packaging or again after a delivery, and nothing after a final state', () => {
    expect(requestStates.filter((from) => mayFollow(from, 'available'))).toEqual([
      'packaging',
      'delivered',
    ]);
    for (const from of requestStates.filter(isFinal)) {
      expect(requestStates.filter((to) => mayFollow(from, to))).toEqual([]);
    }
  });

  it('allow an export only after the identity was verified', () => {
    const before = requestStates.filter((from) => mayFollow(from, 'exporting'));
    expect(before.sort()).toEqual(['failed', 'identifying', 'needsDecision', 'packaging']);
  });

  /** What may follow each state: a word for each, in the order of the states. */
  const following: Record<RequestState, string> = {
    received: 'awaitingVerification needsDecision cancelled refused noDataFound failed',
    awaitingVerification: 'identifying needsDecision cancelled refused unverified failed',
    identifying: 'needsDecision exporting cancelled refused noDataFound failed',
    needsDecision: 'awaitingVerification identifying exporting cancelled refused unverified failed',
    exporting: 'needsDecision packaging cancelled refused failed',
    packaging: 'exporting available cancelled refused failed',
    available: 'delivered expired recalled failed',
    delivered: 'available expired recalled failed',
    expired: '',
    cancelled: '',
    refused: '',
    unverified: '',
    noDataFound: '',
    recalled: '',
    failed: 'received exporting cancelled refused',
  };

  it('follow each other as the table says, and in no other way', () => {
    expect(requestStates).toEqual(Object.keys(following));
    for (const from of requestStates)
      expect([from, requestStates.filter((to) => mayFollow(from, to)).join(' ')]).toEqual([
        from,
        following[from],
      ]);
  });

  it('are final when none follows, and closed when an officer has ended the request', () => {
    expect(requestStates.filter(isFinal)).toEqual(
      requestStates.filter((state) => following[state] === ''),
    );
    expect(requestStates.filter(isClosed)).toEqual(['cancelled', 'refused', 'recalled']);
  });

  it('are under way while data is collected', () => {
    expect(requestStates.filter(isUnderWay)).toEqual(['exporting', 'packaging']);
  });
});
