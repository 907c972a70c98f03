import { route } from '../shared/route';
import { listViews, type ListView } from '../../core/request/request-list';
import type { ListChoice } from './officer-api';

/** Places of the console, as their addresses say. */

export const requestTabs = ['overview', 'decision', 'delivery', 'custody', 'messages'] as const;
export type RequestTab = (typeof requestTabs)[number];

export type Place =
  | { kind: 'queue'; choice: ListChoice; from: number }
  | { kind: 'request'; requestId: string; tab: RequestTab }
  | { kind: 'statistics' }
  | { kind: 'check' };

const isOneOf = <T extends string>(known: readonly T[], text: string | undefined): text is T =>
  known.some((one) => one === text);

/** The place that an address names; the queue where it names none. */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.split('?');
  const [first = '', second] = path.split('/').filter(Boolean);
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(first))
    return {
      kind: 'request',
      requestId: first,
      tab: isOneOf(requestTabs, second) ? second : 'overview',
    };
  if (first === 'statistics' || first === 'check') return { kind: first };
  const given = new URLSearchParams(query);
  const text = (name: string): string | undefined => given.get(name) ?? undefined;
  return {
    kind: 'queue',
    // Without the text of its page it is the first one.
    from: given.has('page') ? Math.max(1, Number(given.get('from')) || 1) : 1,
    choice: {
      view: isOneOf(listViews, second) ? second : 'open',
      sourceSystem: text('sourceSystem'),
      reason: text('reason'),
      locale: text('locale'),
      dueWithinDays: text('dueWithinDays'),
      page: text('page'),
    },
  };
}

export const place = (): Place => placeOf(route.value);

/** The list that was last looked at, for the way back. */
let lastQueue = '';
export const keepQueue = (address: string): string => (lastQueue = address);
export const lastQueueAddress = (): string => lastQueue || queueAddress('open');

/** Address of a list of requests. */
export function queueAddress(view: ListView, choice: Partial<ListChoice> = {}, from = 1): string {
  const { view: _, ...filter } = choice;
  const given = Object.entries({ ...filter, ...(from > 1 ? { from: String(from) } : {}) });
  const query = new URLSearchParams(
    given.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as [string, string]],
    ),
  ).toString();
  return `#/queue/${view}${query === '' ? '' : `?${query}`}`;
}

export const requestAddress = (requestId: string, tab: RequestTab = 'overview'): string =>
  tab === 'overview' ? `#/${requestId}` : `#/${requestId}/${tab}`;
