import { z } from 'zod';
import { group } from './combine';
import { integer } from './formats';
import { optional, withDefault } from './setting';
import { topic } from './topic';

export const search = topic(
  'Search',
  'How people and their conversations are looked for.',
  group({
    defaultPhoneRegion: optional(
      'DEFAULT_PHONE_REGION',
      z.string().regex(/^[A-Z]{2}$/, 'must be a two-letter country code'),
      {
        description:
          'Country of phone numbers without a country code. Without it, such numbers are refused.',
        example: 'DE',
        local: 'DE',
      },
    ),
    mailboxOwners: withDefault('MAILBOX_OWNERS', z.enum(['permanent', 'changing']), {
      default: 'permanent',
      description:
        'Whether a mailbox that the company knows may be given to a new owner, as phone numbers are: with `changing`, a conversation by a mailbox alone that is older than the contact’s record is doubtful.',
    }),
    years: withDefault('SEARCH_YEARS', integer(1, 20), {
      default: '7',
      unit: 'years',
      description: 'How far back conversations are searched.',
    }),
    windowDays: withDefault('SEARCH_WINDOW_DAYS', integer(7, 366), {
      default: '366',
      unit: 'days',
      description:
        'Interval of a search job to begin with. What Genesys Cloud refuses is cut, and the app remembers what it takes.',
    }),
  }),
);
