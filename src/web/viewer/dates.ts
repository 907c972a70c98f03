import { useMemo } from 'preact/hooks';
import { formatTag } from '../../core/i18n/formats';
import { lazy } from '../../core/lazy';
import { useWords } from '../shared/words';
import { useViewer } from './context';

/** Dates as only the viewer writes them, in the time zone of the package. */
export interface ViewerDates {
  /** `14 Nov` */
  dayMonth: (iso: string) => string;
  /** `14 Nov 2026, 05:37` */
  short: (iso: string) => string;
  /** `05:37 CET` */
  timeWithZone: (iso: string) => string;
  /** `Nov 2026`, of a day without a time zone. */
  monthYear: (day: string) => string;
}

const orNothing =
  (format: () => Intl.DateTimeFormat): ((iso: string) => string) =>
  (iso) => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? '' : format().format(time);
  };

export function viewerDates(tag: string, timeZone: string): ViewerDates {
  const made = (options: Intl.DateTimeFormatOptions) =>
    orNothing(lazy(() => new Intl.DateTimeFormat(formatTag(tag), { timeZone, ...options })));
  return {
    dayMonth: made({ day: 'numeric', month: 'short' }),
    short: made({ dateStyle: 'medium', timeStyle: 'short' }),
    timeWithZone: made({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    monthYear: made({ month: 'short', year: 'numeric', timeZone: 'UTC' }),
  };
}

export function useDates(): ViewerDates {
  const { tag } = useWords();
  const { timeZone } = useViewer().data.index;
  return useMemo(() => viewerDates(tag, timeZone), [tag, timeZone]);
}
