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
