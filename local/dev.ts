/**
 * `npm run dev`: everything up on fixed ports, and it stays up until Ctrl-C. State is kept in
 * `.local/dev` between runs; `npm run reset` forgets it. With `--https` the portal is at
 * https://localhost:7443, with a certificate of its own that the browser asks about.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generateOrganisation } from './genesys/generate';
import { startHttps } from './https';
import { programToken } from './identity/sign-in';
import { root } from './root';
import type { StackPorts } from './stack/ports';
import { Stack } from './stack/stack';

const { values: options } = parseArgs({
  options: {
    conversations: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    org: { type: 'string' },
    https: { type: 'boolean', default: false },
    state: { type: 'string', default: '.local/dev' },
  },
});

const httpsPort = 7443;
const ports: StackPorts = {
  host: 7071,
  inbox: 8025,
  smtp: 1025,
  genesys: 8080,
  identity: 8090,
  blob: 10000,
  queue: 10001,
  table: 10002,
};
/** Calls a minute that the simulator allows here; the real service allows 300. */
const callsPerMinute = '3000';

async function main(): Promise<void> {
  const source =
    options.org === undefined
      ? ['--seed', options.seed, '--conversations', options.conversations]
      : ['--org', resolve(options.org)];
  const origin = options.https
    ? `https://localhost:${httpsPort}`
    : `http://127.0.0.1:${ports.host}`;
  const stack = await Stack.start({
    root,
    state: resolve(options.state),
    ports,
    genesysArguments: [...source, '--calls-per-minute', callsPerMinute],
    settings: {
      GENESYS_CALLS_PER_MINUTE: callsPerMinute,
      POLL_SECONDS: '2',
      PORTAL_ORIGIN: origin,
    },
  });
  const https = options.https
    ? await startHttps(resolve(options.state), httpsPort, ports.host)
    : null;
  const now = new Date();
  const { subject } = generateOrganisation({ seed: Number(options.seed), conversations: 1, now });
  const email =
    options.org === undefined ? (subject.emails[0]?.address ?? '') : 'SOMEBODY@IN.YOUR.FILE';
  const body = JSON.stringify({
    // A ticket has one request, and requests are kept from one start to the next.
    ticketId: `TICKET-${Math.floor(now.getTime() / 1000)}`,
    receivedAt: now.toISOString(),
    rights: ['access', 'portability'],
    identifiers: [{ type: 'email', value: email }],
  });
  const token = await programToken(stack.issuer, 'officer');
  process.stdout.write(`
  app      ${stack.hostUrl}
  portal   ${origin}/portal   (open it by the link in the mail)
  inbox    ${stack.inboxUrl}
  Genesys  http://127.0.0.1:${ports.genesys}   simulated, at ${callsPerMinute} calls a minute; the real one allows 300
  state    ${resolve(options.state)}, logs beside it

A request, as a ticketing system posts it:

  curl -i ${stack.hostUrl}/api/requests -H 'Content-Type: application/json' \\
    -H 'x-functions-key: ${stack.keys.function}' \\
    -d '${body}'

What a privacy officer sees of it:

  ${origin}/portal/officer   (sign in as whoever you like), or by a token of an hour:

  curl ${stack.hostUrl}/api/requests -H 'Authorization: Bearer ${token}'

  or with the command line:

  export PORTABILITY_URL=${stack.hostUrl} PORTABILITY_TOKEN=${token}
  npm run --silent cli -- requests

A week passes at once (codes, sessions and packages end):

  curl -X POST ${stack.hostUrl}/admin/local/clock -H 'x-functions-key: ${stack.keys.master}' \\
    -d '{"advanceMilliseconds": 604800000}'

Ctrl-C stops everything.
`);
  const stop = (): void => {
    process.stdout.write('Stopping ...\n');
    https?.close();
    void stack.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
