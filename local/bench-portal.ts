/**
 * `npm run bench:portal -- [--runs 5] [--json]`: how long somebody on a slow phone waits from opening the link until
 * they can ask for a code: 1.6 Mbit/s, 150 ms round trip, a processor slowed four times (Chromium's own
 * throttling), the app warm, the browser's cache empty; the median of the runs counts. It also says how many
 * bytes have come. The last line is one of JSON. Needs Chromium, which `CHROMIUM` names or the path has.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { postRequest } from './bench-request';
import { root } from './root';
import { chromiumPath } from './tools';
import { generateOrganisation } from './genesys/generate';
import { linkFrom } from './portal-client';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';
import { until } from './until';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

/** The phone and its connection: "slow 4G" of Chromium's own tools, and a processor of some years ago. */
const bitsPerSecond = 1.6e6;
const roundTripMs = 150;
const slowdown = 4;

interface Run {
  milliseconds: number;
  bytes: number;
}

/** Opens the link in a browser without a cache, and waits until the form can be used. */
async function open(browser: Browser, link: string): Promise<Run> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'en',
  });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: roundTripMs,
      downloadThroughput: bitsPerSecond / 8,
      uploadThroughput: bitsPerSecond / 8,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    const start = performance.now();
    await page.goto(link, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Send the code' }).waitFor();
    return { milliseconds: performance.now() - start, bytes };
  } finally {
    await context.close();
  }
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'bench-portal-'));
  const stack = await Stack.start({
    root,
    state,
    ports: await freePorts(),
    genesysArguments: ['--seed', '1', '--conversations', '3'],
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const { subject } = generateOrganisation({ seed: 1, conversations: 3, now: new Date() });
    const email = subject.emails[0]?.address ?? '';
    const { messages } = await postRequest(stack, email);
    const link = await until('the invitation', async () => linkFrom(await messages(), email));
    // The first one warms the app.
    await open(browser, link);
    const runs: Run[] = [];
    for (let i = 0; i < Number(options.runs); i += 1) {
      const run = await open(browser, link);
      runs.push(run);
      say(`${Math.round(run.milliseconds)} ms, ${Math.round(run.bytes / 1000)} kB`);
    }
    const result = {
      milliseconds: Math.round(median(runs.map(({ milliseconds }) => milliseconds))),
      bytes: median(runs.map(({ bytes }) => bytes)),
      runs: runs.length,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await browser.close();
    await stack.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
