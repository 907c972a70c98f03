import { BlobServiceClient } from '@azure/storage-blob';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestEnd, parseEnd } from '../../src/core/package/zip-end';
import { storageLogOf } from '../azurite';
import { benchOrganisation } from '../bench-organisation';
import {
  durableInstances,
  processOf,
  provenRequest,
  reachedBy,
  stepOf,
  type DurableInstance,
  type Reached,
} from '../bench-request';
import { phasesOf } from '../cost/phases';
import { storageTally } from '../cost/storage-requests';
import { GenesysSimulator } from '../genesys/simulator';
import { root } from '../root';
import { freePorts } from '../stack/ports';
import { Stack } from '../stack/stack';
import { until } from '../until';
import { peakMemory } from './memory';
import { largestRows } from './table-rows';

export interface WholeAppCase {
  /** Conversations of the person, and of all others together. */
  conversations: number;
  among: number;
  /** Calls of Genesys Cloud that are allowed in two seconds. */
  calls: number;
  concurrency: number;
}

const rateWindowSeconds = 2;
/** How long the export may take, in seconds. */
const mostSeconds = 6 * 3600;

type Say = (line: string) => void;

/** Exports one person's conversations with the whole app; the simulator runs in this process. */
export async function exportLarge(one: WholeAppCase, say: Say): Promise<Record<string, unknown>> {
  const { organisation, subject } = benchOrganisation(one.conversations, one.among);
  let calls = 0;
  const simulator = await GenesysSimulator.start({
    organisation,
    settings: { callsPerMinute: one.calls, rateWindow: rateWindowSeconds * 1000 },
    onExchange: ({ status }) => (calls += status === 429 ? 0 : 1),
  });
  say(`${organisation.conversations.length} conversations in the organisation`);
  const state = mkdtempSync(join(tmpdir(), 'bench-large-'));
  let stack: Stack | undefined;
  try {
    stack = await Stack.start({
      root,
      state,
      ports: await freePorts(),
      genesysArguments: null,
      genesysUrl: simulator.url,
      settings: {
        GENESYS_CALLS_PER_MINUTE: String(one.calls),
        GENESYS_RATE_WINDOW_SECONDS: String(rateWindowSeconds),
        RECORDING_EXPORTER: 'batch',
        EXPORT_CONCURRENCY: String(one.concurrency),
        POLL_SECONDS: '1',
      },
    });
    const exported = await untilPackage(stack, reachedBy(subject), say);
    say('the package is there; tables are read');
    const storage = storageTally(readFileSync(storageLogOf(state), 'utf8').split('\n'));
    return {
      ...one,
      inOrganisation: organisation.conversations.length,
      ...exported,
      calls,
      callsPerConversation: calls / one.conversations,
      storagePerConversation: storage.total / one.conversations,
      rows: await largestRows(stack.connectionString),
    };
  } finally {
    await stack?.stop();
    await simulator.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

async function untilPackage(
  stack: Stack,
  person: Reached,
  say: Say,
): Promise<Record<string, unknown>> {
  const { requestId } = await provenRequest(stack, person);
  const app = await processOf(stack);
  const from = Date.now();
  const memory = new Map<string, number>();
  let before = '';
  await until(
    'the package',
    async () => {
      const step = await stepOf(stack, requestId);
      // Until it is forgotten, the peak is that of the step before.
      memory.set(before, Math.max(memory.get(before) ?? 0, peakMemory(app)));
      if (step !== before) {
        say(step);
        forgetPeak(app);
      }
      before = step;
      return step === 'waitForExpiry' ? true : null;
    },
    mostSeconds,
  );
  const seconds = (Date.now() - from) / 1000;
  const instances = await durableInstances(stack);
  return {
    seconds,
    phases: phasesOf(instances, requestId),
    peakMemoryMiB: Object.fromEntries(memory),
    longestHistory: longestHistory(instances),
    package: await packageOf(stack.connectionString, requestId),
  };
}

/** Has the kernel measure the peak of a process anew (proc(5), clear_refs). */
const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** The orchestration with the most events, and the most bytes that the history of one takes. */
function longestHistory(instances: readonly DurableInstance[]): Record<string, number> {
  const bytes = instances.map(({ historyEvents }) => JSON.stringify(historyEvents).length);
  return {
    events: Math.max(...instances.map(({ historyEvents }) => historyEvents.length)),
    bytes: Math.max(...bytes),
    orchestrations: instances.length,
  };
}

async function packageOf(connection: string, requestId: string): Promise<Record<string, number>> {
  const blob = BlobServiceClient.fromConnectionString(connection)
    .getContainerClient('packages')
    .getBlockBlobClient(`${requestId}.zip`);
  const { committedBlocks = [] } = await blob.getBlockList('committed');
  const bytes = committedBlocks.reduce((sum, { size }) => sum + size, 0);
  const tail = await blob.downloadToBuffer(bytes - longestEnd, longestEnd);
  return { bytes, blocks: committedBlocks.length, directoryBytes: parseEnd(tail)?.size ?? 0 };
}
