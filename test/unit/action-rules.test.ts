import { actionsFor } from '../../src/web/officer/action-rules';

type Summary = Parameters<typeof actionsFor>[0];

const summaryOf = (change: object): Summary =>
  ({
    ...{ state: 'available', ticketId: 'T-1', failedItems: null, availableUntil: null },
    clock: { extendableUntil: null, dueAt: '2026-12-23T12:00:00.000Z' },
    ...{ status: { requester: null }, hasApproved: false },
    ...change,
  }) as unknown as Summary;

describe('what officers may do with a request', () => {
  const may = (role: string): boolean => role === 'Requests.Deliver';

  it.each<[string, object, boolean]>([
    ['a request that is open', {}, true],
    ['one whose hand-over they have approved', { hasApproved: true }, false],
    ['one that has ended', { state: 'cancelled' }, false],
    ['one whose data is deleted', { ticketId: null }, false],
  ])('is a code for %s, or not, as the server has it', (_, change, isOffered) => {
    expect(actionsFor(summaryOf(change), may).includes('code')).toBe(isOffered);
  });
});
