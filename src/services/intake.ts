import { randomBytes } from 'node:crypto';
import {
  intakeAlertHours,
  intakeDays,
  intakeDelay,
  intakeEventOf,
  intakeIdentifiers,
  type IntakeBody,
} from '../core/api/intake';
import type { FieldProblem } from '../core/api/request-body';
import { alertLine, intakeLine } from '../core/request/log-lines';
import { addDays, addHours, addSeconds, atTime, secondsPerDay } from '../core/time/time';
import type {
  Clock,
  IntakeStore,
  KeyStore,
  PendingIntake,
  Puzzles,
  RateLimiter,
  Settings,
  WaitingIntake,
  WebhookSender,
} from '../ports';

/** What taking a request from the intake page uses. Nothing of it knows who is a customer. */
export interface IntakeServices {
  clock: Clock;
  intakes: Pick<IntakeStore, 'put'>;
  keys: Pick<KeyStore, 'encryptWithMasterKey'>;
  puzzles: Pick<Puzzles, 'check' | 'seconds'>;
  rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  /** Country of phone numbers without a country code; null to refuse them. */
  defaultPhoneRegion: string | null;
}

/** How many requests are taken in a day. */
export type IntakeLimits = Pick<NonNullable<Settings['intake']>, 'perAddressPerDay' | 'perDay'>;

export type IntakeOutcome =
  | { kind: 'taken'; reference: string }
  | { kind: 'invalid'; problems: FieldProblem[] }
  /** The puzzle was not solved, not in time, or its solution was used before. */
  | { kind: 'puzzleWrong' | 'puzzleExpired' }
  /** No more are taken today: from this address, or at all. */
  | { kind: 'tooMany' | 'full' };

/**
 * Takes a request from the intake page: stores it, encrypted, for its way to the ticketing system. Nothing is
 * looked up, and nothing is searched: the answer and the work are the same whoever is meant.
 * @param network of the caller
 */
export async function takeIntake(
  services: IntakeServices,
  limits: IntakeLimits,
  body: IntakeBody,
  network: string,
): Promise<IntakeOutcome> {
  const { clock, intakes, keys, puzzles, rateLimiter } = services;
  // First, so that who has mistyped a number need not solve another puzzle.
  const { identifiers, problems } = intakeIdentifiers(
    body.identifiers,
    services.defaultPhoneRegion,
  );
  if (problems.length > 0) return { kind: 'invalid', problems };
  const check = await puzzles.check(body.solution);
  if (check.kind !== 'solved')
    return { kind: check.kind === 'wrong' ? 'puzzleWrong' : 'puzzleExpired' };
  // It is remembered for longer than it is valid.
  if (!(await rateLimiter.tryAcquire('intakePuzzle', check.id, 1, 2 * puzzles.seconds)))
    return { kind: 'puzzleExpired' };
  const { perAddressPerDay, perDay } = limits;
  if (!(await rateLimiter.tryAcquire('intakeAddress', network, perAddressPerDay, secondsPerDay)))
    return { kind: 'tooMany' };
  if (!(await rateLimiter.tryAcquire('intake', 'all', perDay, secondsPerDay)))
    return { kind: 'full' };
  const at = clock.now().toISOString();
  const reference = newReference();
  const event = JSON.stringify(intakeEventOf(body, identifiers, { reference, at }));
  const encrypted = await keys.encryptWithMasterKey(event, contextOf(reference));
  await intakes.put({ reference, at, attempts: 0, nextAt: at, encrypted });
  return { kind: 'taken', reference };
}

/** What sending requests from the intake page to the ticketing system uses. */
export interface IntakeDeliveryServices {
  clock: Clock;
  intakes: IntakeStore;
  keys: Pick<KeyStore, 'decryptWithMasterKey'>;
  settings: Pick<Settings, 'intake'>;
  /** Null where no secret is shared with the ticketing system. */
  webhooks: WebhookSender | null;
}

/** Most requests that are sent in one run; the next run goes on. */
const perRun = 20;

/** Where lines are written of what was not sent. */
export interface IntakeLog {
  warn(line: string): void;
}

/**
 * Sends the ticketing system what was entered on the intake page, and deletes it when it was accepted, or when
 * its time is over. What cannot be sent now is sent again later.
 */
export async function deliverIntakes(
  services: IntakeDeliveryServices,
  log: IntakeLog,
): Promise<void> {
  const now = services.clock.now();
  const waiting = await services.intakes.list();
  const due = waiting
    .filter(({ nextAt }) => nextAt <= now.toISOString())
    .sort((one, other) => (one.nextAt < other.nextAt ? -1 : 1))
    .slice(0, perRun);
  const deliver = (one: WaitingIntake): Promise<void> =>
    deliverOne(services, one, log).catch((error: unknown) => {
      log.warn(intakeLine(one.reference, 'notStored', error));
    });
  await Promise.all(due.map(deliver));
}

async function deliverOne(
  services: IntakeDeliveryServices,
  waiting: WaitingIntake,
  log: IntakeLog,
): Promise<void> {
  const { clock, intakes } = services;
  const { reference } = waiting;
  const encrypted = await intakes.content(reference);
  if (encrypted === null) return;
  const intake: PendingIntake = { ...waiting, encrypted };
  if (await isDelivered(services, intake, log)) return intakes.delete(reference);
  const attempts = intake.attempts + 1;
  const nextAt = addSeconds(clock.now(), intakeDelay(attempts));
  if (nextAt < addDays(atTime(intake.at), intakeDays))
    return intakes.put({ ...intake, attempts, nextAt: nextAt.toISOString() });
  await intakes.delete(reference);
  log.warn(alertLine('intakeUndelivered', reference));
  log.warn(intakeLine(reference, 'deleted'));
}

/**
 * Sends what was entered, and says whether it was accepted. A receiver that is gone for good does not end it: a
 * person waits for an answer.
 */
async function isDelivered(
  { keys, settings, webhooks }: IntakeDeliveryServices,
  { reference, encrypted }: PendingIntake,
  log: IntakeLog,
): Promise<boolean> {
  if (settings.intake === null || webhooks === null) return false;
  const failed =
    (code: 'notDecrypted' | 'notSent') =>
    (error: unknown): null => {
      log.warn(intakeLine(reference, code, error));
      return null;
    };
  const event = await keys
    .decryptWithMasterKey(encrypted, contextOf(reference))
    .catch(failed('notDecrypted'));
  if (event === null) return false;
  const { webhook } = settings.intake;
  const answer = await webhooks
    .send(webhook, `intake_${reference}`, event)
    .catch(failed('notSent'));
  return answer === 'delivered';
}

/**
 * Once an hour, whether or not the intake page is offered: what waits since it was offered ends in time, too.
 */
export async function watchIntakes(
  services: IntakeDeliveryServices,
  log: IntakeLog,
): Promise<void> {
  if (services.settings.intake === null) await deliverIntakes(services, log);
  await monitorIntakes(services, log);
}

/** Logs an alert for each request from the intake page that could not be delivered for an hour. */
export async function monitorIntakes(
  {
    clock,
    intakes,
  }: Pick<IntakeDeliveryServices, 'clock'> & { intakes: Pick<IntakeStore, 'list'> },
  log: IntakeLog,
): Promise<void> {
  const since = addHours(clock.now(), -intakeAlertHours).toISOString();
  for (const { reference, at } of await intakes.list())
    if (at <= since) log.warn(alertLine('intakeUndelivered', reference));
}

/** The context in which the key store encrypts an event. */
const contextOf = (reference: string): string => `intake ${reference}`;

/** Letters and digits that nobody confuses when they are read out (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ten random letters and digits, in two groups. */
function newReference(): string {
  const letters = [...randomBytes(10)].map((byte) => alphabet[byte % alphabet.length] ?? '');
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}
