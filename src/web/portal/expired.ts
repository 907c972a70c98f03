import type { EndedView, View } from './portal-api';

/**
 * How a package ended that a page has shown, as the page can say it by itself.
 * @param last what the server has said last
 * @param now in milliseconds
 * @returns null while the time of the package lasts, and for other pages
 */
export function expiredOf(last: View | null, now: number): EndedView | null {
  if (last?.step !== 'download' || now < Date.parse(last.availableUntil)) return null;
  const { availableUntil, history, law, reference } = last;
  return {
    step: 'ended',
    state: 'expired',
    law,
    reasonCode: 'notFetched',
    explanation: null,
    endedAt: availableUntil,
    availableUntil,
    searched: null,
    identifiers: [],
    reference,
    history,
  };
}
