/**
 * `npm run bench:large -- --gib N --sink|--azurite [--read-every N] [--json]`: writes a package of this size with the app's
 * writer from generated media of realistic sizes, and reads it back: into a sink that looks at the order of
 * blocks and keeps nothing but the present part, or into Azurite, which needs so much room on the disk.
 * `--read-every` reads back one page of so many, from the sink.
 *
 * `npm run bench:large -- --conversations N --among M [--calls N] [--concurrency N] [--json]`: the whole app
 * exports one person's conversations out of so many; what is measured beside the time is what could reach a
 * limit of Azure: histories, rows, blocks, memory.
 *
 * `npm run bench:large -- --portal --gib N --conversations N [--json]`: opens a package of this size in the
 * portal, in Chromium, by ranges. Its media but one recording are holes.
 *
 * `npm run bench:large -- --last-part --conversations N [--json]`: tables, report and viewer data of a package of so
 * many conversations, of which no other part exists.
 *
 * The last line is one of JSON.
 */
import { parseArgs } from 'node:util';
import { writeLastPart } from './large/last-part';
import { writeIntoAzurite, writeIntoSink } from './large/package-writing';
import { openInPortal } from './large/portal';
import { exportLarge } from './large/whole-app';

const { values } = parseArgs({
  options: {
    gib: { type: 'string', default: '1' },
    sink: { type: 'boolean', default: false },
    azurite: { type: 'boolean', default: false },
    'read-every': { type: 'string', default: '1' },
    'last-part': { type: 'boolean', default: false },
    portal: { type: 'boolean', default: false },
    conversations: { type: 'string', default: '0' },
    among: { type: 'string', default: '0' },
    calls: { type: 'string', default: '6000' },
    concurrency: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});

const began = performance.now();
function say(line: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  if (!values.json) process.stdout.write(`${seconds} s: ${line}\n`);
}

function measure(): Promise<Record<string, unknown>> {
  const gib = Number(values.gib);
  const conversations = Number(values.conversations);
  if (values.sink) return writeIntoSink(gib, Number(values['read-every']), say);
  if (values.azurite) return writeIntoAzurite(gib, say);
  if (values.portal) return openInPortal(gib, conversations, say);
  if (values['last-part']) return writeLastPart(conversations);
  if (conversations === 0)
    throw new Error(
      'Say what is measured: --sink, --azurite, --portal, --last-part or --conversations N.',
    );
  const { among, calls, concurrency } = values;
  const numbers = { among: Number(among), calls: Number(calls), concurrency: Number(concurrency) };
  return exportLarge({ conversations, ...numbers }, say);
}

measure()
  .then((measured) => process.stdout.write(`${JSON.stringify(measured)}\n`))
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
