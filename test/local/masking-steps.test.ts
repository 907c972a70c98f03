import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../helpers/root';

interface Counted {
  name: string;
  /** Of the step that has most; none where every step is over at once. */
  blocks: number;
  /** Of all steps. */
  all: number;
}

const run = promisify(execFile);

/** Bytes of each load. What is done for all of them at once goes far beyond the bound. */
const bytes = 400_000;
/** Of one whose work for each thing is a single block. */
const more = 4_000_000;
/** Of the kinds that go twice and more beyond the bound with less. */
const [some, few] = [120_000, 60_000];

/** Blocks of code between two pauses: some milliseconds of work, however large the load is. */
const mostBlocks = 500_000;

/** Kinds of load that are tried; `npm run test:long` tries all. */
const loads: [kind: string, bytes: number][] =
  process.env['MASKING_LOADS'] === 'all'
    ? [
        ['', bytes],
        ['an address without end', more],
      ]
    : [
        ['recipients in', some],
        ['a folded field', few],
        ['printable in one line', few],
        ['one text of card', few],
        ['JSON', few],
      ];

describe('masking', () => {
  it.each(loads)(
    'does no more between two pauses, however much there is to mask: %s, %d bytes',
    async (kind, length) => {
      const script = join(root, 'dist/local/masking-steps.js');
      const { stdout } = await run(process.execPath, [script, String(length), kind]);
      const counted = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Counted);
      expect(counted).not.toEqual([]);
      expect(counted.filter(({ blocks, all }) => all <= mostBlocks || blocks > mostBlocks)).toEqual(
        [],
      );
    },
    20 * 60_000,
  );
});
