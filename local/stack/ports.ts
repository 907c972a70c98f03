import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export interface StackPorts {
  host: number;
  genesys: number;
  identity: number;
  inbox: number;
  smtp: number;
  blob: number;
  queue: number;
  table: number;
}

/** Below the ports that systems give to outgoing connections, which could take one in between. */
const [lowestPort, highestPort] = [12_000, 32_000];

/**
 * Tests in several processes take ports at the same time: each chooses from an interval of its own.
 * Between the choice and the server that listens nothing else keeps a port free.
 */
function portRange(): [number, number] {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0);
  const length = (highestPort - lowestPort) / 4;
  const from = lowestPort + (worker % 4) * length;
  return worker === 0 ? [lowestPort, highestPort] : [from, from + length];
}

/** Ports that were chosen by this process, whether something listens there yet or not. */
const chosenPorts = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => done(true));
  });
  if (isListening) await new Promise((done) => server.close(done));
  return isListening;
}

/** Ports that nobody uses now, chosen at random so that several stacks may start at once. */
export async function freePorts(wanted: Partial<StackPorts> = {}): Promise<StackPorts> {
  const names = ['host', 'genesys', 'identity', 'inbox', 'smtp', 'blob', 'queue', 'table'] as const;
  const ports = new Map<string, number>(Object.entries(wanted));
  for (const name of names) {
    while (!ports.has(name)) {
      const port = randomInt(...portRange());
      if (chosenPorts.has(port)) continue;
      chosenPorts.add(port);
      if (await isFree(port)) ports.set(name, port);
    }
  }
  return Object.fromEntries(ports) as unknown as StackPorts;
}
