/**
 * `npm run demo`: one request, from the ticket's HTTP call to the opened package. It starts the
 * whole product on this machine, posts a request, plays the person unless `--interactive` is given,
 * and stops everything when it is done.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { kindLabel } from '../src/core/package/availability-sentences';
import { itemKinds, type ItemKind } from '../src/core/package/items';
import { isFinal, type RequestState } from '../src/core/request/states';
import { fallbackLocale, translator } from '../src/core/i18n/translator';
import { loadLocales } from '../src/adapters/locales';
import { Screen } from '../src/cli/screen';
import { readFaults } from './genesys/faults';
import { generateOrganisation } from './genesys/generate';
import {
  isWithinReach,
  readOrganisation,
  type OrgContact,
  type Organisation,
} from './genesys/organisation';
import { withOtherSpellings } from './genesys/spellings';
import { programToken } from './identity/sign-in';
import type { InboxMessage } from './inbox/inbox';
import { extractPackage } from './open-package';
import { root } from './root';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';
import { codeFrom, linkFrom, Subject } from './portal-client';
import { until } from './until';

/** Calls a minute that the simulator allows here; the real service allows 300. */
const callsPerMinute = 3000;
/** Where a request stops that does not end with a package. */
const hasStopped = (state: RequestState): boolean =>
  isFinal(state) || state === 'failed' || state === 'needsDecision';

const { values: options } = parseArgs({
  options: {
    conversations: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    org: { type: 'string' },
    media: { type: 'string', default: 'mp3' },
    exporter: { type: 'string', default: 'formatted' },
    faults: { type: 'string' },
    interactive: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    state: { type: 'string', default: '.local/demo' },
  },
});

interface Counts {
  expected: number;
  exported: number;
}
interface Status {
  requestId: string;
  state: RequestState;
  reasonCode: string | null;
  progress: Record<ItemKind, Counts>;
  availability: string[] | null;
  packageBytes: number | null;
}

const english = translator(loadLocales(null), fallbackLocale);
const screen = new Screen(options.json ? null : process.stdout);
const state = resolve(options.state);
const startedAt = Date.now();
let isStopping = false;

/** @throws Error naming the option that is wrong */
function checkedOptions(): { conversations: number; seed: number; media: 'mp3' | 'wav' } {
  const whole = (name: 'conversations' | 'seed', low: number): number => {
    const value = Number(options[name]);
    if (!Number.isInteger(value) || value < low)
      throw new Error(`--${name} must be a whole number from ${low}.`);
    return value;
  };
  if (options.media !== 'mp3' && options.media !== 'wav')
    throw new Error('--media must be mp3 or wav.');
  if (!['formatted', 'batch', 'bulkS3'].includes(options.exporter))
    throw new Error('--exporter must be formatted, batch or bulkS3.');
  if (options.interactive && options.json)
    throw new Error('--interactive and --json exclude each other.');
  return { conversations: whole('conversations', 1), seed: whole('seed', 0), media: options.media };
}

/** The organisation and the person who asks: in a file, whoever has the most conversations. */
function organisationOf(
  conversations: number,
  seed: number,
  now: Date,
): { organisation: Organisation; subject: OrgContact } {
  if (options.org === undefined)
    return withOtherSpellings(generateOrganisation({ seed, conversations, now }), { seed, now });
  const organisation = readOrganisation(options.org);
  const count = (contact: OrgContact): number =>
    organisation.conversations.filter(({ ownerId }) => ownerId === contact.id).length;
  const [subject] = [...organisation.contacts].sort((a, b) => count(b) - count(a));
  if (!subject) throw new Error(`${options.org} has no contact.`);
  return { organisation, subject };
}

async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}.`);
  return (await response.json()) as T;
}

/** Waits for something that comes by itself; says where the logs are when it does not. */
const untilFound = <T>(what: string, find: () => Promise<T | null>): Promise<T> =>
  until(`${what}; the logs are in ${state}`, find);

async function main(): Promise<void> {
  const { conversations, seed, media } = checkedOptions();
  const now = new Date();
  if (options.faults !== undefined) readFaults(options.faults);
  const { organisation, subject } = organisationOf(conversations, seed, now);
  const email = subject.emails[0]?.address ?? '';
  const phone = subject.phones[0]?.e164 ?? '';
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const ports = await freePorts();

  screen.line(
    `${subject.firstName} ${subject.lastName} asks ${organisation.name} for all their data.`,
  );
  screen.line();
  screen.line(
    'This demo starts the whole product on this machine, posts the request as a ticketing',
  );
  screen.line(
    'system would, proves who is asking with a code sent to the phone on file, exports every',
  );
  screen.line('conversation of seven years, writes one encrypted package, downloads and opens it.');
  if (options.interactive)
    screen.line(
      'You play the person: open the inbox in a browser and follow the link in the mail.',
    );
  screen.line();
  screen.line(`  app     http://127.0.0.1:${ports.host}   portal at /portal`);
  screen.line(`  inbox   http://127.0.0.1:${ports.inbox}   mail and text messages`);
  screen.line(
    `  Genesys http://127.0.0.1:${ports.genesys}   simulated, at ${callsPerMinute} calls a minute; the real one allows 300`,
  );
  screen.line();

  const source =
    options.org === undefined
      ? ['--seed', options.seed, '--conversations', options.conversations]
      : ['--org', resolve(options.org)];
  const stack = await Stack.start({
    root,
    state,
    ports,
    genesysArguments: [
      ...source,
      '--now',
      now.toISOString(),
      '--calls-per-minute',
      String(callsPerMinute),
      ...(options.faults === undefined ? [] : ['--faults', resolve(options.faults)]),
    ],
    ...(options.exporter === 'bulkS3' ? { s3Port: (await freePorts()).genesys } : {}),
    settings: {
      GENESYS_CALLS_PER_MINUTE: String(callsPerMinute),
      AUDIO_FORMAT: media,
      RECORDING_EXPORTER: options.exporter,
      POLL_SECONDS: '2',
      // Bars move with each page.
      CONVERSATIONS_PER_PAGE: '20',
      CONTROLLER_NAME: organisation.name,
    },
  });
  const stop = (): void => {
    isStopping = true;
    screen.line('Stopping ...');
    void stack.stop().then(() => process.exit(130));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const result = await run(stack, email, phone);
    if (result !== null) report(result, organisation, subject, now);
  } finally {
    await stack.stop();
  }
}

interface Result {
  requestId: string;
  package: string;
  /** File of the keys by which the signature is checked (RFC 7517). */
  keys: string;
  passphrase: string;
  extracted: string;
  status: Status;
  files: number;
}

/** Null when a person plays: then it is their browser that downloads. */
async function run(stack: Stack, email: string, phone: string): Promise<Result | null> {
  let shownMessages = 0;
  const messages = async (): Promise<InboxMessage[]> => {
    const all = await getJson<InboxMessage[]>(`${stack.inboxUrl}/messages`);
    for (const message of all.slice(shownMessages)) {
      const kind = message.kind === 'sms' ? 'text message' : 'email';
      screen.line(`  ✉ ${kind} to ${message.to}: ${message.subject ?? message.text}`);
    }
    shownMessages = all.length;
    return all;
  };

  const response = await fetch(`${stack.hostUrl}/api/requests`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'x-functions-key': stack.keys.function },
    body: JSON.stringify({
      ticketId: 'DEMO-1',
      receivedAt: new Date().toISOString(),
      rights: ['access', 'portability'],
      identifiers: [
        { type: 'email', value: email },
        ...(phone === '' ? [] : [{ type: 'phone', value: phone }]),
      ],
    }),
  });
  if (response.status !== 202)
    throw new Error(`POST /api/requests answered ${response.status}: ${await response.text()}`);
  const { requestId } = (await response.json()) as { requestId: string };
  screen.line(`→ POST /api/requests: accepted as request ${requestId}`);

  const person = new Subject(stack.hostUrl);
  /** Opens the newest mail's link and enters the code that comes by text message. */
  const stepUp = async (mails: number): Promise<void> => {
    const link = await untilFound('the email', async () => {
      const all = await messages();
      return all.filter(({ kind, to }) => kind === 'email' && to === email).length >= mails
        ? linkFrom(all, email)
        : null;
    });
    await person.open(link);
    const before = (await messages()).filter(({ kind }) => kind === 'sms').length;
    await person.call('POST', 'code');
    const code = await untilFound('the text message', async () => {
      const all = await messages();
      return all.filter(({ kind }) => kind === 'sms').length > before ? codeFrom(all, phone) : null;
    });
    await person.verify(code);
    screen.line('✓ the code is right: it is them');
  };
  const status = (): Promise<Status> =>
    getJson<Status>(`${stack.hostUrl}/api/requests/${requestId}`, {
      'x-functions-key': stack.keys.function,
    });

  const goOn = (): Promise<void> => goOnWithoutDoubtful(stack, requestId);
  if (options.interactive) {
    await follow(status, messages, goOn);
    screen.line();
    screen.line('Follow the second mail to download. Everything stays up until Ctrl-C.');
    for (;;) {
      await messages();
      await delay(1000);
    }
  }
  await stepUp(1);
  const last = await follow(status, messages, goOn);
  await stepUp(2);
  const { passphrase } = await person.call<{ passphrase: string }>('POST', 'passphrase');
  const { url } = await person.link();
  const file = join(state, 'package.zip');
  const download = await fetch(url);
  if (!download.ok || download.body === null)
    throw new Error(`The download answered ${download.status}.`);
  await pipeline(Readable.fromWeb(download.body), createWriteStream(file));
  const extracted = join(state, 'extracted');
  const files = await extractPackage(file, passphrase, extracted);
  // The app that publishes them ends with the demo.
  const keys = join(state, 'jwks.json');
  const published = await getJson<object>(`${stack.hostUrl}/.well-known/jwks.json`);
  writeFileSync(keys, JSON.stringify(published));
  const where = { package: file, keys, extracted };
  return { requestId, ...where, passphrase, status: last, files: files.length };
}

/** Plays the privacy officer, who leaves out what may be another person's. */
async function goOnWithoutDoubtful(stack: Stack, requestId: string): Promise<void> {
  const response = await fetch(`${stack.hostUrl}/api/requests/${requestId}/decision`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await programToken(stack.issuer, 'officer')}`,
    },
    body: JSON.stringify({
      undecided: 'withhold',
      justification: 'Calls from before the person had the number.',
    }),
  });
  if (!response.ok)
    throw new Error(`The decision answered ${response.status}: ${await response.text()}`);
  screen.line('✓ a privacy officer leaves out what may be another person’s');
}

/**
 * Shows a bar for each source until the package is available.
 * @param goOn decides on doubtful conversations
 */
async function follow(
  status: () => Promise<Status>,
  messages: () => Promise<unknown>,
  goOn: () => Promise<void>,
): Promise<Status> {
  let isDecided = false;
  let shownState = '';
  for (;;) {
    const now = await status();
    if (now.state !== shownState) screen.line(`→ ${now.state}`);
    shownState = now.state;
    const isLast = now.state === 'available';
    const bars = itemKinds
      .map((kind) => ({ kind, ...now.progress[kind] }))
      .filter(({ expected }) => expected > 0)
      .map(({ kind, exported, expected }) => ({
        label: kindLabel(kind, english),
        done: exported,
        total: expected,
      }));
    if (isLast) screen.finish(bars);
    else screen.progress(bars);
    await messages();
    if (isLast) return now;
    if (now.reasonCode === 'doubtfulConversations') {
      if (!isDecided) await goOn();
      isDecided = true;
    } else if (hasStopped(now.state))
      throw new Error(`The request ended as ${now.state} (${now.reasonCode ?? 'no reason'}).`);
    await delay(500);
  }
}

/** 7-Zip under the name that it has on this machine: Debian and Homebrew call it 7zz. */
const sevenZip = (): string =>
  spawnSync('7zz', { stdio: 'ignore' }).error === undefined ? '7zz' : '7z';

/** Compares with the organisation, which knows the truth, and says how it went. */
function report(result: Result, organisation: Organisation, subject: OrgContact, now: Date): void {
  const own = organisation.conversations.filter(
    (conversation) => conversation.ownerId === subject.id && isWithinReach(conversation, now),
  );
  const { progress } = result.status;
  const recorded = own.flatMap((conversation) => conversation.recordings);
  const audio = recorded.filter(({ media }) => media === 'audio');
  const count = (kind: ItemKind, expected: number) => ({
    expected,
    exported: progress[kind].exported,
  });
  const outcome = {
    conversations: count('conversation', own.length),
    audio: count('audio', audio.length),
    transcripts: count('transcript', audio.filter(({ transcript }) => transcript !== null).length),
    screens: count('screen', recorded.filter(({ media }) => media === 'screen').length),
    chats: count('chat', recorded.filter(({ media }) => media === 'chat').length),
    emails: count('email', own.flatMap(({ emails }) => emails).length),
    messageThreads: count('message', own.filter(({ messages }) => messages.length > 0).length),
    surveys: count('survey', own.filter(({ survey }) => survey !== undefined).length),
    summaries: count('summary', own.filter(({ summary }) => summary !== undefined).length),
    notes: count('note', subject.notes.length),
  };
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const { requestId, package: file, keys, passphrase, extracted } = result;
  screen.line();
  for (const sentence of result.status.availability ?? []) screen.line(`  ${sentence}`);
  screen.line();
  screen.line(
    `Done in ${seconds} s: ${result.files} files, read back from an encrypted package of ${result.status.packageBytes ?? 0} bytes.`,
  );
  screen.line(`The passphrase is ${passphrase}`);
  screen.line();
  screen.line('Go on with:');
  screen.line(`  ls -R ${extracted}`);
  screen.line(`  ${sevenZip()} x -p${passphrase} ${file}`);
  screen.line(`  echo ${passphrase} | npm run --silent verify-package -- ${file} --jwks ${keys}`);
  screen.line('  npm run dev            everything up, and it stays up');
  const isWhole = Object.values(outcome).every(({ expected, exported }) => expected === exported);
  if (!isWhole) process.exitCode = 1;
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ requestId, package: file, passphrase, extracted, ...outcome, seconds })}\n`,
    );
  } else if (!isWhole) screen.line('The package does not hold what the organisation holds.');
}

main().catch((error: unknown) => {
  // What was under way has nobody to answer it.
  if (isStopping) return;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
