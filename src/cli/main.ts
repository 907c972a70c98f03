#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { extensionReasons, refusalReasons } from '../core/messages/statutory-notices';
import { isFinal, requestStates, type RequestState } from '../core/request/states';
import { Api, NotReachableError, RefusedError, tokenSource, UsageError } from './api';
import {
  bars,
  custodyText,
  diagnosticsText,
  requestsText,
  statusText,
  type StatusView,
} from './print';
import { Screen } from './screen';

const help = `data-portability COMMAND [options]

  requests [--state STATE]           all requests, newest first
  status ID                          state, deadline and progress of a request
  watch ID [--seconds N]             the same, with a progress bar for each source, until it ends
  decide ID --contact CONTACT-ID     the contact that is meant; --shared include, --doubtful include,
                                     --method oidc|officer
  retry ID [--accept-failures]       retries a failed request
  extend ID --reason CODE            ${extensionReasons.join(', ')}; --explanation TEXT
  refuse ID --reason CODE            ${refusalReasons.join(', ')};
                                     --explanation TEXT
  cancel ID, recall ID               ends a request; destroys the key of a released package
  custody ID                         custody record of a request
  doctor [--settings FILE]           looks for wrong settings in FILE, which has the form of
                                     local.settings.json, or in the environment

  --url URL        the app (or PORTABILITY_URL)
  --justification TEXT       needed by every command that changes something; kept beside the custody record
  --json           JSON on standard output
  --scope SCOPE    such as api://CLIENT-ID/.default, with az login (or PORTABILITY_SCOPE);
  --token-file F   or an access token in a file (or PORTABILITY_TOKEN)

Exit codes: 0 done; 1 the app refused, or doctor found a problem; 2 the command was not understood;
3 the app cannot be reached, or nobody is signed in; 4 a watched request ended without a package.
`;

const flags = ['json', 'accept-failures', 'help'] as const;
const texts = [
  ...[
    'url',
    'scope',
    'token-file',
    'justification',
    'state',
    'seconds',
    'contact',
    'shared',
    'doubtful',
  ],
  ...['method', 'reason', 'explanation', 'settings'],
];
/** The parsed command line, or why it is not understood. */
function commandLine(): { values: Record<string, unknown>; positionals: string[] } | Error {
  const declared: Record<string, { type: 'boolean' | 'string' }> = {};
  for (const name of flags) declared[name] = { type: 'boolean' };
  for (const name of texts) declared[name] = { type: 'string' };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: declared });
    return { values, positionals };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
const given = commandLine();
const { values: options, positionals } =
  given instanceof Error ? { values: {} as Record<string, unknown>, positionals: [] } : given;
const [command, requestId] = positionals;

const text = (name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};
const isSet = (name: (typeof flags)[number]): boolean => options[name] === true;
function needed(name: string): string {
  const value = text(name);
  if (value === undefined || value === '') throw new UsageError(`--${name} is needed.`);
  return value;
}
function oneOf<T extends string>(name: string, values: readonly T[], value: string): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} is one of ${values.join(', ')}.`);
  return found;
}

const isJson = isSet('json');
const print = (value: unknown, asText: string): void =>
  void process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${asText}\n`);

function api(): Api {
  const url = text('url') ?? process.env['PORTABILITY_URL'];
  if (!url) throw new UsageError('Set --url or PORTABILITY_URL to the address of the app.');
  const token = tokenSource(process.env, { tokenFile: text('token-file'), scope: text('scope') });
  return new Api(url.replace(/\/$/, ''), token);
}
function id(): string {
  if (requestId === undefined) throw new UsageError('The id of a request is missing.');
  return encodeURIComponent(requestId);
}

const statusOf = async (from: Api): Promise<StatusView> =>
  (await from.get<{ status: StatusView }>(`/${id()}/decision`)).status;

/** Runs an officer's action, and prints the status of the request after it. */
async function act(path: string, body: object = {}): Promise<number> {
  const answer = await api().post<StatusView>(`/${id()}/${path}`, {
    justification: needed('justification'),
    ...body,
  });
  print(answer, statusText(answer));
  return 0;
}

const commands: Record<string, () => Promise<number>> = {
  async requests() {
    const wanted = text('state');
    if (wanted !== undefined) oneOf<RequestState>('state', requestStates, wanted);
    const { requests } = await api().get<{ requests: StatusView[] }>('');
    const shown = requests.filter(({ state }) => wanted === undefined || state === wanted);
    print(shown, requestsText(shown));
    return 0;
  },
  async status() {
    const status = await statusOf(api());
    print(status, statusText(status));
    return 0;
  },
  watch,
  async decide() {
    const contactId = needed('contact');
    const method = text('method');
    return act('decision', {
      contactId,
      sharedIdentifiers: oneOf('shared', ['exclude', 'include'], text('shared') ?? 'exclude'),
      doubtfulConversations: oneOf(
        'doubtful',
        ['withhold', 'include'],
        text('doubtful') ?? 'withhold',
      ),
      method: method === undefined ? null : oneOf('method', ['oidc', 'officer'], method),
    });
  },
  retry: () => act('retry', { acceptFailures: isSet('accept-failures') }),
  extend: () =>
    act('extend', {
      reasonCode: oneOf('reason', extensionReasons, needed('reason')),
      explanation: text('explanation') ?? null,
    }),
  refuse: () =>
    act('refuse', {
      reasonCode: oneOf('reason', refusalReasons, needed('reason')),
      explanation: text('explanation') ?? null,
    }),
  cancel: () => act('cancel'),
  recall: () => act('recall'),
  async custody() {
    const record = await api().get<Parameters<typeof custodyText>[0]>(`/${id()}/custody`);
    print(record, custodyText(record));
    return 0;
  },
  async doctor() {
    // Loaded here only: it loads every adapter.
    const { diagnose, settingsOf } = await import('./doctor.js');
    const diagnostics = await diagnose(settingsOf(text('settings'), process.env));
    print(diagnostics, diagnosticsText(diagnostics));
    return diagnostics.some(({ outcome }) => outcome === 'problem') ? 1 : 0;
  },
};

async function watch(): Promise<number> {
  const seconds = Number(text('seconds') ?? 5);
  if (!(seconds > 0)) throw new UsageError('--seconds is a number above 0.');
  const from = api();
  const screen = new Screen(isJson ? null : process.stdout);
  let shown = '';
  for (;;) {
    const status = await statusOf(from);
    const { state, reasonCode } = status;
    const isThere = state === 'available' || state === 'delivered';
    const isOver = isThere || state === 'failed' || isFinal(state as RequestState);
    const line = [state, reasonCode].filter(Boolean).join(': ');
    if (line !== shown) screen.line(line);
    shown = line;
    if (!isOver) screen.progress(bars(status));
    else {
      screen.finish(bars(status));
      if (isJson) print(status, '');
      return isThere ? 0 : 4;
    }
    await new Promise((done) => setTimeout(done, seconds * 1000));
  }
}

async function main(): Promise<number> {
  if (given instanceof Error) throw new UsageError(given.message);
  const run = command === undefined ? undefined : commands[command];
  if (isSet('help') || run === undefined) {
    process.stdout.write(help);
    return isSet('help') ? 0 : 2;
  }
  return run();
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const details = error instanceof RefusedError ? error.problem : { title: message };
    process.stderr.write(isJson ? `${JSON.stringify(details)}\n` : `${message}\n`);
    if (error instanceof UsageError) process.exitCode = 2;
    else process.exitCode = error instanceof NotReachableError ? 3 : 1;
  },
);
