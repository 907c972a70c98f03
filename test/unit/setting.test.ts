import { z } from 'zod';
import { required } from '../../src/config/setting';
import { SettingsSource } from '../../src/config/source';

describe('what is wrong with a setting', () => {
  const number = z.string().transform(Number);

  it.each<[string, z.ZodType<unknown>, string, string]>([
    ['one of several forms', z.union([z.literal('a'), z.literal('b')]), 'Zelda', 'is not valid'],
    ['a multiple', number.pipe(z.number().multipleOf(5)), '4711', 'is not valid'],
    ['a number', number.pipe(z.number()), 'Zelda', 'must be a number'],
    ['a smaller number', number.pipe(z.number().max(9)), '4711', 'must be at most 9'],
    ['a longer text', z.string().min(9), 'Zelda', 'must be at least 9'],
    ['one of some words', z.enum(['a', 'b']), 'Zelda', 'must be one of a, b'],
    ['an address', z.url(), 'Zelda', 'must be a URL'],
  ])('is said without its value, where it is to be %s', (_, schema, value, problem) => {
    const source = new SettingsSource({ NAME: value });
    required('NAME', schema, { description: 'x' }).read(source);
    expect(source.problems).toEqual([`NAME ${problem}`]);
  });
});
