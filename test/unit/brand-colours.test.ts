import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brandAccents, brandStyle, grounds } from '../../src/core/brand-colours';
import { contrastOf } from '../../src/core/contrast';
import { root } from '../helpers/root';

const tokens = new Map(
  [
    ...readFileSync(join(root, 'src/web/shared/tokens.css'), 'utf8').matchAll(
      /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
    ),
  ].map(([, name = '', day = '', night = '']) => [name, { day, night }] as const),
);

describe('the controller’s colour in the portal', () => {
  const colours = fc
    .integer({ min: 0, max: 0xffffff })
    .map((value) => `#${value.toString(16).padStart(6, '0')}`);

  it('can be read on every ground by day and at night, and so can words on it, whatever it is', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const accents = brandAccents(colour);
        for (const time of ['day', 'night'] as const) {
          const { accent, ink, soft } = accents[time];
          const pairs = [
            ...Object.values(grounds[time]).map((ground) => [accent, ground]),
            ...[
              [accent, soft],
              [ink, accent],
            ],
            ...['ink', 'ink-2'].map((name) => [tokens.get(name)?.[time] ?? '', soft]),
          ];
          for (const [one = '', other = ''] of pairs)
            expect([one, other, contrastOf(one, other) >= 4.5]).toEqual([one, other, true]);
        }
      }),
      { examples: [['#0b5c8a'], ['#000000'], ['#ffffff'], ['#ffff00'], ['#757575'], ['#e60000']] },
    );
  });

  it('stays as it is where it can be read', () => {
    const { day } = brandAccents('#0b5c8a');
    expect(day.accent).toBe('#0b5c8a');
    // At night it keeps its hue.
    const parts = [1, 3, 5].map((at) =>
      parseInt(brandAccents('#0b5c8a').night.accent.slice(at, at + 2), 16),
    );
    expect(parts[0]).toBeLessThan(parts[1] ?? 0);
    expect(parts[1]).toBeLessThan(parts[2] ?? 0);
  });

  it('is measured on the grounds that the pages have', () => {
    for (const name of ['surface', 'ground', 'sunken'] as const)
      expect(tokens.get(name)).toEqual({ day: grounds.day[name], night: grounds.night[name] });
  });

  it('stands in for tokens that the pages have', () => {
    const named = [...brandStyle('#0b5c8a').matchAll(/--([\w-]+):/g)].map(([, name = '']) => name);
    expect(named).toEqual(['accent', 'accent-ink', 'accent-soft']);
    expect(named.every((name) => tokens.has(name))).toBe(true);
  });
});
