import { contrastOf } from './contrast';

/** Contrast of words to what is behind them (WCAG 2.2, success criterion 1.4.3, AA). */
const leastContrast = 4.5;

/** What stands behind words and controls by day and at night, as `src/web/shared/tokens.css` has it. */
export const grounds = {
  day: { surface: '#ffffff', ground: '#f5f6f8', sunken: '#eceff3' },
  night: { surface: '#18202a', ground: '#10161c', sunken: '#232d38' },
} as const;

export interface Accent {
  /** Of links, buttons and the focus. */
  accent: string;
  /** Of words on it. */
  ink: string;
  /** Of what is chosen or stressed, behind words. */
  soft: string;
}

/** A colour with some of another in it. @param share of the other, 0 to 1 */
function mixed(colour: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [own, added] = [colour, other].map((one) => parseInt(one.slice(at, at + 2), 16));
    return Math.round((own ?? 0) * (1 - share) + (added ?? 0) * share);
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** How much of the accent is in what is chosen or stressed. */
const softness = { day: 0.12, night: 0.15 } as const;

/** The nearest colour in which words can be read on every ground, and on which words can. */
function accentOf(colour: string, time: keyof typeof grounds): Accent {
  const { surface, ground, sunken } = grounds[time];
  const [ink, towards] = time === 'day' ? [surface, '#000000'] : [ground, '#ffffff'];
  for (let share = 0; ; share += 0.02) {
    const accent = mixed(colour, towards, Math.min(1, share));
    const soft = mixed(surface, accent, softness[time]);
    const isLegible = [surface, ground, sunken, soft].every(
      (one) => contrastOf(accent, one) >= leastContrast,
    );
    if (isLegible || share >= 1) return { accent, ink, soft };
  }
}

/**
 * The controller's colour as the portal shows it by day and at night: it is made darker or lighter where words
 * could not be read in it.
 * @param colour such as `#0b5c8a`
 */
export const brandAccents = (colour: string): Record<keyof typeof grounds, Accent> => ({
  day: accentOf(colour, 'day'),
  night: accentOf(colour, 'night'),
});

/** The style sheet that gives a page the controller's colour, in place of that of `tokens.css`. */
export function brandStyle(colour: string): string {
  const { day, night } = brandAccents(colour);
  const token = (name: string, key: keyof Accent): string =>
    `  --${name}: light-dark(${day[key]}, ${night[key]});\n`;
  const tokens = [
    token('accent', 'accent'),
    token('accent-ink', 'ink'),
    token('accent-soft', 'soft'),
  ];
  return `:root {\n${tokens.join('')}}\n`;
}
