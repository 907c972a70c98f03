import { translator, type Locales } from '../../src/core/i18n/translator';

const plural = { one: '{count} call in {place}', other: '{count} calls in {place}' };
const locales: Locales = {
  en: { name: 'English', list: { calls: plural, share: 'Share: {share}' } },
  de: { name: 'Deutsch', list: { calls: { one: '{count} Anruf', other: '{count} Anrufe' } } },
};

describe('the translator', () => {
  it.each([
    ['en', 'list.calls', { count: 1, place: '1000' }, '1 call in 1000'],
    ['en', 'list.calls', { count: 12_345, place: 'Ulm' }, '12,345 calls in Ulm'],
    ['de', 'list.calls', { count: 12_345 }, '12.345 Anrufe'],
    ['de', 'list.share', { share: 0.5 }, 'Share: 0,5'],
    ['en', 'list.calls', {}, ' calls in '],
  ] as const)(
    'in %s writes the numbers of %s as readers of the language do, and texts as they are',
    (tag, path, values, expected) => {
      expect(translator(locales, tag).t(path, values)).toBe(expected);
    },
  );
});
