import { z } from 'zod';
import { laws, type Law } from '../core/request/clocks/period';
import { isTimeZone } from '../core/time/local-time';
import { group } from './combine';
import { flag, integer, jsonFile } from './formats';
import { withDefault, withFallback } from './setting';
import { topic } from './topic';

const days = z.array(z.iso.date()).transform((all): ReadonlySet<string> => new Set(all));

/** Public holidays: those of every law, or those of each. */
interface Holidays {
  readonly holidays: ReadonlySet<string>;
  readonly holidaysByLaw?: Partial<Record<Law, ReadonlySet<string>>>;
}
const noHolidays: Holidays = { holidays: new Set() };
const datesMessage =
  'must be a file with a JSON list of dates such as "2026-12-25", or with such a list for each law';
const dates = jsonFile(
  z.union([
    days.transform((holidays): Holidays => ({ holidays })),
    z
      .partialRecord(z.enum(laws), days)
      .transform((holidaysByLaw): Holidays => ({ ...noHolidays, holidaysByLaw })),
  ]),
  { message: datesMessage, invalidContent: () => datesMessage },
);

export const holidays = withFallback(
  'HOLIDAY_FILE',
  dates,
  { value: noHolidays, text: 'none' },
  {
    description:
      'File with a JSON list of public holidays, as dates; or, where requests name several laws, an object with such a list for each: `gdpr`, `ukGdpr`, `ccpa`. Not set: `controller/holidays.json`, where it was deployed.',
    example: 'holidays.json',
  },
);

export const legalClock = topic(
  'Legal clock',
  'How the deadline of a request is counted.',
  group({
    law: withDefault('PRIVACY_LAW', z.enum(laws), {
      default: 'gdpr',
      description:
        'The law by which the deadline of a request is counted that names none in `law`: `gdpr` (one month), `ukGdpr` (one month) or `ccpa` (45 days; receipt confirmed within 10 business days).',
    }),
    timeZone: withDefault(
      'CONTROLLER_TIME_ZONE',
      z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin'),
      {
        default: 'UTC',
        description: 'Time zone (IANA) in which the days of the deadline are counted.',
        example: 'Europe/Berlin',
      },
    ),
    holidays,
    isSuspendedByVerification: withDefault('VERIFICATION_SUSPENDS_CLOCK', flag, {
      default: 'false',
      description:
        'Whether the time that the person takes to verify their identity does not count: by `gdpr` the period is suspended, by `ukGdpr` it begins when their identity is verified, by `ccpa` it always counts. Both dates are kept.',
    }),
    warningDays: withDefault('DEADLINE_WARNING_DAYS', integer(1, 30), {
      default: '7',
      unit: 'days',
      description: 'Days before the deadline from which on the officer is warned every day.',
    }),
  }),
);
