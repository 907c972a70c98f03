import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { lookalikes } from '../helpers/card-lookalikes';
import { cardTexts, fits, publishedNumbers } from '../helpers/card-texts';

/** How many texts of each sort; more where somebody wants finer figures. */
const count = Number(process.env['CARD_TEXTS'] ?? 5000);
const seed = Number(process.env['CARD_SEED'] ?? 1);
/** A hundred thousand take minutes. */
jest.setTimeout(30 * 60_000);
const leastRecall = 0.999;
const mostFalse = 0.001;

const mask = (value: unknown): unknown =>
  typeof value === 'string'
    ? new Sanitiser(defaultPolicy, (id) => id).text(value)
    : new Sanitiser(defaultPolicy, (id) => id).document(value);

/** The digits that somebody can read in a text, tags and codes taken away. */
const digitsIn = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/<!--.*?-->/gs, (comment) => (comment.length > 16 ? comment : ''))
    .replaceAll(/<(?!input|a |!--)[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/&#x[0-9a-f]+;|%[0-9A-F]{2}|\\u[0-9a-f]{4}/g, ' ')
    .replaceAll(/\D/g, '');

/** Whether a half of a card number is still there. */
const isLeft = (masked: unknown, card: string): boolean => {
  const digits = digitsIn(masked);
  return digits.includes(card.slice(0, 8)) || digits.includes(card.slice(-8));
};

/** Kinds of texts, and how many of each were masked or were not as they should be. */
class Tally {
  private readonly kinds = new Map<string, { all: number; wrong: number; example: string }>();

  note(kind: string, isWrong: boolean, example: unknown): void {
    const known = this.kinds.get(kind) ?? { all: 0, wrong: 0, example: '' };
    known.all += 1;
    if (isWrong) known.wrong += 1;
    if (isWrong && known.example === '') known.example = JSON.stringify(example);
    this.kinds.set(kind, known);
  }

  get all(): number {
    return [...this.kinds.values()].reduce((sum, { all }) => sum + all, 0);
  }

  get wrong(): number {
    return [...this.kinds.values()].reduce((sum, { wrong }) => sum + wrong, 0);
  }

  /** What went wrong, kind by kind. */
  get faults(): string[] {
    return [...this.kinds]
      .filter(([, { wrong }]) => wrong > 0)
      .map(([kind, { all, wrong, example }]) => `${kind}: ${wrong} of ${all}, as ${example}`);
  }
}

function report(name: string, tally: Tally): void {
  if (process.env['CARD_TEXTS'] === undefined) return;
  process.stderr.write(`${name}: ${tally.wrong} of ${tally.all}\n${tally.faults.join('\n')}\n`);
}

describe('the corpus', () => {
  it('has published numbers with check digits that fit', () => {
    expect(publishedNumbers.filter((number) => !fits(number))).toEqual([]);
  });

  it('has its card numbers where they can be found', () => {
    for (const { value, card, kind } of cardTexts(seed, count))
      // A number of JSON that is beyond 2^53 has lost its last digits.
      if (kind !== 'JSON number' || card.length < 17) expect(digitsIn(value)).toContain(card);
  });
});

describe(`of ${count} generated texts`, () => {
  it(`at least ${leastRecall} of the card numbers are masked`, () => {
    const missed = new Tally();
    for (const { kind, value, card } of cardTexts(seed, count))
      missed.note(kind, isLeft(mask(value), card), value);
    report('left in the clear', missed);
    expect(missed.all).toBeGreaterThanOrEqual(count);
    expect({ ok: missed.wrong <= missed.all * (1 - leastRecall), faults: missed.faults }).toEqual({
      ok: true,
      faults: missed.faults,
    });
  });

  it('nothing but the card number is masked', () => {
    const changed = new Tally();
    for (const { kind, value, masked } of cardTexts(seed, count))
      if (masked !== undefined) changed.note(kind, mask(value) !== masked, [value, mask(value)]);
    report('more or less masked than the card', changed);
    expect({ ok: changed.wrong <= changed.all * 0.01, faults: changed.faults }).toEqual({
      ok: true,
      faults: changed.faults,
    });
  });
});

describe(`of ${count} lookalikes`, () => {
  it(`fewer than ${mostFalse} are masked`, () => {
    const wrong = new Tally();
    for (const { kind, value } of lookalikes(seed, count)) {
      const masked = mask(value);
      wrong.note(kind, JSON.stringify(masked) !== JSON.stringify(value), value);
    }
    report('wrongly masked', wrong);
    expect({ ok: wrong.wrong < wrong.all * mostFalse, faults: wrong.faults }).toEqual({
      ok: true,
      faults: wrong.faults,
    });
  });
});
