import { z } from 'zod';
import { isTimeZone } from '../core/time/local-time';
import { group } from './combine';
import { flag, integer, jsonFile } from './formats';
import { withDefault, withFallback } from './setting';
import { topic } from './topic';

const datesMessage = 'must be a file with a JSON list of dates such as "2026-12-25"';
const dates = jsonFile(
  z.array(z.iso.date()).transform((days): ReadonlySet<string> => new Set(days)),
  { message: datesMessage, invalidContent: () => datesMessage },
);

export const legalClock = topic(
  'Legal clock',
  'How the deadline of a request is counted.',
  group({
    timeZone: withDefault(
      'CONTROLLER_TIME_ZONE',
      z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin'),
      {
        default: 'UTC',
        description: 'Time zone (IANA) in which the days of the deadline are counted.',
        example: 'Europe/Berlin',
      },
    ),
    holidays: withFallback(
      'HOLIDAY_FILE',
      dates,
      { value: new Set<string>(), text: 'none' },
      {
        description: 'File with a JSON list of public holidays, as dates.',
        example: 'holidays.json',
      },
    ),
    isSuspendedByVerification: withDefault('VERIFICATION_SUSPENDS_CLOCK', flag, {
      default: 'false',
      description:
        'Whether the time that the person takes to verify their identity does not count. Both dates are kept.',
    }),
    warningDays: withDefault('DEADLINE_WARNING_DAYS', integer(1, 30), {
      default: '7',
      unit: 'days',
      description: 'Days before the deadline from which on the officer is warned every day.',
    }),
  }),
);
