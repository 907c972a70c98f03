import { group } from './combine';
import { integer, list } from './formats';
import { withDefault, withFallback } from './setting';
import { topic } from './topic';

export const limits = topic(
  'Message limits',
  'Quotas of the providers, and limits against SMS pumping fraud.',
  group({
    emailsPerMinute: withDefault('EMAILS_PER_MINUTE', integer(1, 10_000), {
      default: '30',
      unit: 'emails per minute',
      description:
        'Emails that the provider accepts. Others wait. The default is what Azure Communication Services allow a domain of your own at first.',
    }),
    emailsPerHour: withDefault('EMAILS_PER_HOUR', integer(1, 600_000), {
      default: '100',
      unit: 'emails per hour',
      description: 'The same, by the hour. An email counts against both.',
    }),
    textsPerMinute: withDefault('TEXT_MESSAGES_PER_MINUTE', integer(1, 10_000), {
      default: '60',
      unit: 'messages per minute',
      description: 'Text messages that the provider accepts. Others wait.',
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
