#!/usr/bin/env node
import { checkMethods } from '../core/authentication/step-up';
import {
  extensionReasons,
  officerCancellationReasons,
  refusalReasons,
} from '../core/messages/statutory-notices';
import { listViews } from '../core/request/request-list';
import { isFinal, requestStates, type RequestState } from '../core/request/states';
import { mailboxChecks, mandateKinds } from '../core/subject/requester';
import { verdicts } from '../core/subject/verdicts';
import { partKinds } from '../core/subject/withheld-parts';
import { answersOf } from './answers';
import { Api, NotReachableError, RefusedError, tokenSource, UsageError } from './api';
import { custodyExportText, exportCustody, sinceOf } from './custody-export';
import { idOf, numberOf, oneOf, Options } from './options';
import { requestsIn, viewOf, type ListedRequest } from './request-pages';
import {
  bars,
  codeText,
  custodyText,
  deliveryText,
  diagnosticsText,
  requestsText,
  statusText,
  type DeliveryView,
  type StatusView,
} from './print';
import {
  conversationsText,
  evidenceText,
  revealedText,
  type ConversationView,
  type EvidenceView,
  type RevealedView,
} from './print-decision';
import { Screen } from './screen';
import { settingsOf } from './settings-file';

const help = `data-portability COMMAND [options]

  requests [--state STATE]           requests that have not ended, by their legal deadline, or those in a
                                     state; --view VIEW is one of ${listViews.join(', ')}
  status ID                          state, deadline and progress of a request
  watch ID [--seconds N]             the same, with a progress bar for each source, until it ends
  decision ID                        what a decision is made by; identifiers and candidates have numbers
  decision ID conversations          the conversations that may be another person's;
                                     --verdict undecided|include|withhold, --identifier N,
                                     --contact CONTACT-ID
  decide ID                          adds answers to the decision, at least one of those below, and prints
                                     the state before they take effect: ask status ID again
    --contact CONTACT-ID             who is meant; several when they are one person
    --identifier N=VERDICT           whether an identifier is theirs: include or withhold
    --of-contact CONTACT-ID=VERDICT  the conversations that carry another contact
    --conversation ID=VERDICT        a conversation; --conversations-from FILE has an id and a verdict a line
    --keep-own                       answers on conversations of before stay as they are, whatever is said
                                     of their identifiers and contacts
    --method METHOD                  how they prove who they are: sms, oidc, officer, or onFile (null in
                                     the API), by what is on file
    --code-to N, --invite-to N       where codes and the invitation go, of a person without a contact record
    --withhold-kind KIND             withholds a kind of data for the rights of others:
                                     ${partKinds.join(', ')}
    --withhold-conversation ID       withholds a conversation for the rights of others; both replace what was
                                     withheld so before, and --withhold-nothing takes all of it back
    --without-undecided              goes on without the conversations that nobody has decided on;
                                     --wait-for-undecided takes that back
  confirm-identity ID --check-method METHOD
                                     says that you have checked who the person is: inPerson, byVideo
                                     or byPost; --representative when somebody acts for them
  check-mandate ID --mandate KIND --check-method METHOD --mailbox-check CHECK
                                     says that you have checked who asks for the person: KIND is
                                     ${mandateKinds.slice(0, 3).join(', ')},
                                     ${mandateKinds.slice(3).join(', ')};
                                     CHECK is ${mailboxChecks.join(', ')}
  code ID                            a code to hand over, valid for an hour in the portal
  approve ID                         approves that another officer hands a package over
  release-again ID                   makes an available package available for its whole time again; the
                                     person is told
  deliver ID                         link and passphrase of an available package, to hand over
  reveal ID                          names and identifiers in clear, until a request has ended; needs
                                     --justification, and the custody record says who saw them
  retry ID [--accept-failures]       retries a failed request
  extend ID --reason CODE            ${extensionReasons.join(', ')}; --explanation TEXT
  refuse ID --reason CODE            ${refusalReasons.join(', ')};
                                     --explanation TEXT
  cancel ID --reason CODE            ${officerCancellationReasons.join(', ')};
                                     --explanation TEXT
  recall ID                          destroys the key of a released package
  custody ID                         custody record of a request
  custody export --since DAY --out FOLDER
                                     writes the signed records of all requests that have ended since, each to
                                     a file, without names; goes on where it was interrupted; ends with 1 if
                                     one was changed
  notices --preview                  every notice that people are sent of an extension or the end of a request,
                                     in all languages, or with --locale TAG in one; needs no app;
                                     --settings FILE for the company's name
  doctor [--settings FILE]           looks for wrong settings in FILE, which has the form of
                                     local.settings.json, or in the environment; references to
                                     Key Vault in it are read as you
    --app NAME --resource-group RG   or in the app of this name in Azure, read by az as you;
                                     --subscription ID where az has chosen another

  --url URL        the app (or PORTABILITY_URL)
  --justification TEXT       needed by every command that changes something or hands something out; kept beside the
                             custody record
  --json           JSON on standard output; through npm call it as npm run --silent cli -- ...
  --scope SCOPE    such as api://CLIENT-ID/.default, with az login (or PORTABILITY_SCOPE);
  --token-file F   or an access token in a file (or PORTABILITY_TOKEN)

Exit codes: 0 done; 1 the app refused, an access token that is not valid included, or doctor found a problem;
2 the command was not understood, or neither a token nor a scope is given; 3 the app cannot be reached, or az login
has signed nobody in; 4 a watched request ended without a package.
`;

const given = Options.of(process.argv.slice(2));
const options = given instanceof Error ? Options.none : given;
const [command, requestId, part] = options.positionals;

const isJson = options.isSet('json');
const print = (value: unknown, asText: string): void =>
  void process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${asText}\n`);

function api(): Api {
  const url = options.text('url') ?? process.env['PORTABILITY_URL'];
  if (!url) throw new UsageError('Set --url or PORTABILITY_URL to the address of the app.');
  const token = tokenSource(process.env, {
    tokenFile: options.text('token-file'),
    scope: options.text('scope'),
  });
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
  const answer = await send<StatusView>(path, body);
  print(answer, statusText(answer));
  return 0;
}

const send = <T>(path: string, body: object = {}): Promise<T> =>
  api().post<T>(`/${id()}/${path}`, {
    justification: options.needed('justification'),
    ...body,
  });

/** A reason that the person is told, and its explanation. */
const ending = (reasons: readonly string[]): object => ({
  reasonCode: oneOf('reason', reasons, options.needed('reason')),
  explanation: options.text('explanation') ?? null,
});

async function showEvidence(): Promise<number> {
  const evidence = await api().get<EvidenceView>(`/${id()}/decision`);
  print(evidence, evidenceText(evidence));
  return 0;
}

/** Most conversations in one answer of the app. */
const pageLength = 200;

async function showConversations(): Promise<number> {
  oneOf('decision ID', ['conversations'], part ?? '');
  const query = new URLSearchParams({ limit: String(pageLength) });
  const [verdict, identifier, contact] = [
    options.text('verdict'),
    options.one('identifier'),
    options.one('contact'),
  ];
  if (verdict !== undefined)
    query.set('verdict', oneOf('verdict', ['undecided', ...verdicts], verdict));
  if (identifier !== undefined) query.set('identifier', String(numberOf('identifier', identifier)));
  if (contact !== undefined) query.set('contact', idOf('contact', contact));
  const from = api();
  const conversations: ConversationView[] = [];
  for (let next: string | null = ''; next !== null;) {
    if (next !== '') query.set('cursor', next);
    const path = `/${id()}/decision/conversations?${query.toString()}`;
    const page: { conversations: ConversationView[]; next: string | null } = await from.get(path);
    conversations.push(...page.conversations);
    next = page.next;
  }
  print(conversations, conversationsText(conversations));
  return 0;
}

async function showCustody(): Promise<number> {
  const record = await api().get<Parameters<typeof custodyText>[0]>(`/${id()}/custody`);
  print(record, custodyText(record));
  return 0;
}

async function exportRecords(): Promise<number> {
  const since = sinceOf(options.needed('since'));
  const result = await exportCustody(api(), since, options.needed('out'));
  print(result, custodyExportText(result));
  return result.broken.length === 0 ? 0 : 1;
}

const commands: Record<string, () => Promise<number>> = {
  async requests() {
    const [state, view] = [options.text('state'), options.text('view')];
    const wanted = state === undefined ? null : oneOf('state', requestStates, state);
    const ofState = wanted === null ? 'open' : viewOf(wanted);
    const shown: ListedRequest[] = [];
    for await (const request of requestsIn(
      api(),
      view === undefined ? ofState : oneOf('view', listViews, view),
    ))
      if (wanted === null || request.state === wanted) shown.push(request);
    print(shown, requestsText(shown));
    return 0;
  },
  async status() {
    const status = await statusOf(api());
    print(status, statusText(status));
    return 0;
  },
  watch,
  decision: () => (part === undefined ? showEvidence() : showConversations()),
  async decide() {
    const calls = answersOf(options);
    const last = calls.pop();
    // In their order: going on without the undecided comes last.
    for (const answers of calls) await send('decision', answers);
    return act('decision', last);
  },
  async reveal() {
    const answer = await send<RevealedView>('decision/reveal');
    print(answer, revealedText(answer));
    return 0;
  },
  'confirm-identity': () =>
    act('identity', {
      checkMethod: oneOf('check-method', checkMethods, options.needed('check-method')),
      isRepresentative: options.isSet('representative'),
    }),
  'check-mandate': () =>
    act('mandate', {
      mandate: oneOf('mandate', mandateKinds, options.needed('mandate')),
      checkMethod: oneOf('check-method', checkMethods, options.needed('check-method')),
      mailboxCheck: oneOf('mailbox-check', mailboxChecks, options.needed('mailbox-check')),
    }),
  async code() {
    const answer = await send<{ code: string }>('code');
    print(answer, codeText(answer));
    return 0;
  },
  approve: () => act('approve'),
  async deliver() {
    const answer = await send<DeliveryView>('deliver');
    print(answer, deliveryText(answer));
    return 0;
  },
  'release-again': () => act('release'),
  retry: () => act('retry', { acceptFailures: options.isSet('accept-failures') }),
  extend: () => act('extend', ending(extensionReasons)),
  refuse: () => {
    if (options.text('reason') === 'rightsOfOthers')
      throw new UsageError(
        'The rights of others withhold parts, and refuse nothing: decide ID --withhold-kind KIND or --withhold-conversation ID.',
      );
    return act('refuse', ending(refusalReasons));
  },
  cancel: () => act('cancel', ending(officerCancellationReasons)),
  recall: () => act('recall'),
  custody: () => (requestId === 'export' ? exportRecords() : showCustody()),
  async notices() {
    if (!options.isSet('preview')) throw new UsageError('--preview is needed.');
    const { noticePreviews, noticesText } = await import('./notices.js');
    const settings = settingsOf(options.text('settings'), process.env);
    const previews = noticePreviews(settings, options.text('locale'));
    print(previews, noticesText(previews));
    return 0;
  },
  async doctor() {
    const settings = await examinedSettings();
    // Loaded here only, where there is something to examine: it loads every adapter.
    const { diagnose } = await import('./doctor.js');
    const { withVaultSecrets } = await import('../composition/vault-references.js');
    const diagnostics = await diagnose(await withVaultSecrets(settings));
    print(diagnostics, diagnosticsText(diagnostics));
    return diagnostics.some(({ outcome }) => outcome === 'problem') ? 1 : 0;
  },
};

/** The settings that the command line names: in Azure, in a file, or the environment. */
async function examinedSettings(): Promise<Record<string, string | undefined>> {
  const [name, file] = [options.text('app'), options.text('settings')];
  if (name === undefined) return settingsOf(file, process.env);
  if (file !== undefined) throw new UsageError('--app and --settings exclude each other.');
  const { settingsOfApp } = await import('./app-settings.js');
  const resourceGroup = options.needed('resource-group');
  return settingsOfApp({ name, resourceGroup, subscription: options.text('subscription') });
}

async function watch(): Promise<number> {
  const seconds = Number(options.text('seconds') ?? 5);
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
  if (options.isSet('help') || run === undefined) {
    process.stdout.write(help);
    return options.isSet('help') ? 0 : 2;
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
