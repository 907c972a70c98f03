import { itemKinds, itemReasons } from '../package/items';
import {
  localDay,
  personEntries,
  viewerChannels,
  type RowKind,
  type ViewerRow,
} from '../package/viewer-rows';
import { isCalendarDay } from '../time/calendar';

/** Where somebody is in the viewer: all of it stands in the address, so that Back works. */
export interface Place {
  view: (typeof views)[number];
  /** What is open of the view: a row, or a list of the person; empty for none. */
  id: string;
  filter: RowFilter;
  /** What is searched for. */
  query: string;
}

export const views = ['summary', 'conversations', 'about', 'missing', 'rights'] as const;

/** Which rows are shown; an empty value means all. */
export interface RowFilter {
  /** None for all. */
  kinds: readonly RowKind[];
  /** First and last day, in the time zone of the package. */
  from: string;
  to: string;
  /** Kind and reason of what is missing, as `ViewerRow.gaps` has it. */
  gap: string;
}

export const allRows: RowFilter = { kinds: [], from: '', to: '', gap: '' };

const kinds: readonly string[] = [...viewerChannels, ...personEntries];
const isKind = (value: string): value is RowKind => kinds.includes(value);
const isGap = (value: string): boolean => {
  const [kind, reason, ...others] = value.split(':');
  const isReason = reason === 'unknown' || itemReasons.some((one) => one === reason);
  return itemKinds.some((one) => one === kind) && isReason && others.length === 0;
};

/** Reads an address such as `/conversations/12?from=2025-11-01`; what is wrong in it is left out. */
export function readPlace(address: string): Place {
  const [path = '', search = ''] = address.split(/\?(.*)/s);
  const [, name = '', id = ''] = path.split('/');
  const values = new URLSearchParams(search);
  const value = (key: string): string => values.get(key) ?? '';
  const [from, to, gap] = [value('from'), value('to'), value('gap')];
  return {
    view: views.find((view) => view === name) ?? 'summary',
    id: /^[a-z0-9-]+$/i.test(id) ? id : '',
    filter: {
      kinds: value('kind').split(',').filter(isKind),
      from: isCalendarDay(from) ? from : '',
      to: isCalendarDay(to) ? to : '',
      gap: isGap(gap) ? gap : '',
    },
    query: value('q'),
  };
}

/** The address of a place, behind `#`. */
export function addressOf({ view, id = '', filter = allRows, query = '' }: Partial<Place>): string {
  const { kinds, from, to, gap } = filter;
  const values = new URLSearchParams(
    Object.entries({ kind: kinds.join(','), from, to, gap, q: query }).filter(
      ([, value]) => value !== '',
    ),
  );
  const search = values.size === 0 ? '' : `?${values.toString()}`;
  const path = [view === 'summary' ? '' : view, id].filter(Boolean).join('/');
  return `/${path}${search}`;
}

/** Whether all rows are shown. */
export const isEverything = ({ kinds, from, to, gap }: RowFilter): boolean =>
  kinds.length === 0 && [from, to, gap].every((value) => value === '');

/** Whether a row is shown. */
export function isShown(row: ViewerRow, filter: RowFilter, timeZone: string): boolean {
  const { kinds, from, to, gap } = filter;
  if (kinds.length > 0 && !kinds.includes(row.kind)) return false;
  if (gap !== '' && row.gaps?.includes(gap) !== true) return false;
  if (from === '' && to === '') return true;
  const day = localDay(row.at, timeZone);
  return day !== '' && day >= from && (to === '' || day <= to);
}

/** Whether a script of rows may hold rows that are shown, by its days. */
export const mayHold = (
  page: { from: string; to: string },
  { from, to }: Pick<RowFilter, 'from' | 'to'>,
): boolean =>
  // Rows without a time come last and have no day.
  page.to === '' ||
  ((from === '' || page.to >= from) && (to === '' || page.from === '' || page.from <= to));
