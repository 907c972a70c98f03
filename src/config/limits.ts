import { group } from './combine';
import { integer, list } from './formats';
import { withDefault, withFallback } from './setting';
import { topic } from './topic';

export const limits = topic(
  'Message limits',
  'Quotas of the providers, and limits against SMS pumping fraud.',
  group({
    messagesPerMinute: withDefault('MESSAGES_PER_MINUTE', integer(1, 10_000), {
      default: '60',
      unit: 'messages per minute',
      description: 'Emails and text messages that the providers accept. Others wait.',
    }),
    codesPerNumberPerDay: withDefault('SMS_CODES_PER_NUMBER_PER_DAY', integer(1, 100), {
      default: '10',
      unit: 'codes per day',
      description: 'Codes sent to one number, over all requests.',
    }),
    codesPerCountryPerDay: withDefault('SMS_CODES_PER_COUNTRY_PER_DAY', integer(1, 1_000_000), {
      default: '1000',
      unit: 'codes per day',
      description: 'Codes sent to one country.',
    }),
    countries: withFallback(
      'SMS_COUNTRIES',
      list.transform((codes): ReadonlySet<string> | null => new Set(codes)),
      { value: null, text: 'all' },
      {
        description: 'Countries (ISO 3166) that codes are sent to, separated by commas.',
        example: 'DE,AT,CH',
      },
    ),
  }),
);
