/**
 * `npm run bench:masking -- [--json] [--megabytes 10] [--rounds 5] [--mail 4]`: how fast texts are masked,
 * as a ratio to what JSON takes to parse and write the same text, and how long the event loop waits at
 * most; then the longest stretch without a pause in mails, documents and files of so many megabytes that
 * hold as much to mask as they can. The last line is one of JSON.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nobody, type KnownPeople, type Trace } from '../src/core/redaction/people/known';
import { defaultPolicy } from '../src/core/redaction/policy';
import { countRedactions } from '../src/core/redaction/redactions';
import { Sanitiser } from '../src/core/redaction/sanitiser';
import { maskDocument } from '../src/export/masking';
import { loads, type Load } from './masking-load';
import { randomOf } from './random';

const megabyte = 1_000_000;

interface Case {
  name: string;
  make: (bytes: number) => unknown;
  /** Who is looked for. */
  people?: KnownPeople;
}

const words =
  'please find the order of Monday attached and call me back when somebody is there thank you Maria'.split(
    ' ',
  );

/** Words with a number after every tenth of them, a tenth of the characters digits, now and then a card. */
function* sentences(seed: number): Generator<string> {
  const random = randomOf(seed);
  const int = (most: number): number => Math.floor(random() * most);
  for (let i = 0; ; i += 1) {
    const text = Array.from({ length: 10 }, () => words[int(words.length)] ?? '').join(' ');
    const number = i % 200 === 0 ? '4111 1111 1111 1111' : String(int(1e6));
    yield `${text} ${number}. `;
  }
}

function textOf(bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const sentence of sentences(1)) {
    if (length >= bytes) return parts.join('');
    parts.push(sentence);
    length += sentence.length;
  }
  return '';
}

const inParts = (text: string, length: number): string[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
    text.slice(i * length, (i + 1) * length),
  );

/** As many people as a conversation with several transfers has. */
const known: KnownPeople = {
  own: { ids: ['contact-1'], names: ['Maria Schneider'], addresses: ['+4915111123456'] },
  lines: ['+498001234567'],
  traces: Array.from({ length: 20 }, (_, i): Trace[] => {
    const role = i % 2 === 0 ? 'staff' : 'other';
    const letters = String.fromCharCode(97 + i);
    return [
      { role, kind: 'id', value: `00000000-0000-4000-9000-${String(i).padStart(12, '0')}` },
      { role, kind: 'name', value: `Ada${letters} Brandt${letters}` },
      { role, kind: 'address', value: `ada.${letters}@shop.example` },
      { role, kind: 'address', value: `tel:+49305550${1000 + i}` },
    ];
  }).flat(),
};

const texts: readonly Case[] = [
  { name: 'one text', make: (bytes) => ({ text: textOf(bytes) }) },
  {
    name: 'messages',
    make: (bytes) => ({
      messages: inParts(textOf(bytes), 200).map((text, i) => ({
        id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
        timestamp: '2026-11-25T12:00:00.000Z',
        normalizedMessage: { type: 'Text', text },
      })),
    }),
  },
  {
    name: 'one HTML body',
    make: (bytes) => ({
      htmlBody: inParts(textOf(bytes), 100)
        .map((text) => `<p class="x">${text}&nbsp;<b>bold</b> &amp; more</p>`)
        .join('\n')
        .slice(0, bytes),
    }),
  },
  // The densest that can be: every digit begins a number.
  {
    name: 'single digits',
    make: (bytes) => ({ text: '4 1 7 3 9 2 5 6 '.repeat(Math.ceil(bytes / 16)) }),
  },
];
const cases: readonly Case[] = [
  ...texts,
  ...texts.map((one) => ({ ...one, name: `${one.name}, 20 people known`, people: known })),
];

/** Processor time of this process so far, which other processes do not lengthen. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Runs work beside a counter of the event loop: how long it took, and the most that was worked while the
 * loop waited.
 */
async function timed(work: () => Promise<void>): Promise<{ ms: number; longestWaitMs: number }> {
  let isDone = false;
  let longestWaitMs = 0;
  const watch = async (): Promise<void> => {
    for (let last = processorMs(); !isDone; last = processorMs()) {
      await immediate();
      longestWaitMs = Math.max(longestWaitMs, processorMs() - last);
    }
  };
  const watching = watch();
  await immediate();
  const from = performance.now();
  await work();
  const ms = performance.now() - from;
  isDone = true;
  await watching;
  return { ms, longestWaitMs };
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
const least = (values: readonly number[]): number => Math.min(...values);

/** Both ways take turns, and the fastest of each counts: what slows the machine slows both. */
async function compare(
  { name, make, people = nobody }: Case,
  bytes: number,
  rounds: number,
): Promise<object> {
  const value = make(bytes);
  const written = JSON.stringify(value);
  const json: number[] = [];
  const masking: { ms: number; longestWaitMs: number }[] = [];
  let cards = 0;
  for (let round = 0; round < rounds; round += 1) {
    json.push((await timed(() => Promise.resolve(void JSON.stringify(JSON.parse(written))))).ms);
    const sanitiser = new Sanitiser(defaultPolicy, (id) => id, { people });
    masking.push(await timed(async () => void (await maskDocument(sanitiser, value))));
    cards = countRedactions(sanitiser.redactions)['cardNumber'] ?? 0;
  }
  const ms = least(masking.map((one) => one.ms));
  return {
    name,
    megabytes: rounded(written.length / megabyte, 1),
    digits: written.replaceAll(/\D/g, '').length,
    cards,
    ratioToJson: rounded(ms / least(json)),
    secondsPerMegabyte: rounded(ms / 1000 / (written.length / megabyte), 4),
    longestWaitMs: rounded(least(masking.map((one) => one.longestWaitMs)), 1),
  };
}

/**
 * The longest stretch between two pauses. Every round takes the same steps; of each the shortest time
 * counts, because other work and collections of garbage lengthen some of them only.
 */
function longestStretch({ name, work }: Load, bytes: number, rounds: number): object {
  const make = work(bytes);
  const best: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const steps = make();
    for (let number = 0, done = false; !done; number += 1) {
      const from = performance.now();
      done = steps.next().done === true;
      best[number] = Math.min(best[number] ?? Infinity, performance.now() - from);
    }
  }
  const longestStretchMs = rounded(
    best.reduce((most, one) => Math.max(most, one), 0),
    1,
  );
  const seconds = rounded(best.reduce((sum, one) => sum + one, 0) / 1000);
  return { name, megabytes: bytes / megabyte, pauses: best.length, seconds, longestStretchMs };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      megabytes: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '5' },
      mail: { type: 'string', default: '4' },
    },
  });
  const rounds = Number(values.rounds);
  const say = (result: object): void =>
    void (values.json || process.stdout.write(`${JSON.stringify(result)}\n`));
  const results: object[] = [];
  for (const one of cases) {
    const result = await compare(one, Number(values.megabytes) * megabyte, rounds);
    say(result);
    results.push(result);
  }
  const stretches: object[] = [];
  for (const load of loads) {
    const result = longestStretch(load, Number(values.mail) * megabyte, Math.min(rounds, 3));
    say(result);
    stretches.push(result);
  }
  process.stdout.write(`${JSON.stringify({ cases: results, stretches })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
