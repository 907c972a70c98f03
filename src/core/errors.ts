import type { UnreadableReason } from './package/items';
import { failureCodes, waitReasons, type FailureCode, type WaitReason } from './results';

/**
 * An external system did not do what was asked of it. Messages hold codes only: never responses,
 * addresses, tokens or personal data.
 */
export class SourceError extends Error {
  constructor(
    readonly outcome:
      | { kind: 'retryLater'; afterSeconds: number; reason: WaitReason }
      | { kind: 'failed'; code: FailureCode },
    /** Names of permissions that the source says are missing; its answer may name none. */
    readonly permissions: readonly string[] = [],
  ) {
    super(outcome.kind === 'retryLater' ? outcome.reason : outcome.code);
  }
}

/**
 * A file cannot be had: the source refuses it for good, under every address that it gives for it, or its
 * address is not one that may be called.
 */
export class FileRefusedError extends SourceError {
  constructor(
    readonly reason: 'notDelivered' | 'hostNotAllowed' | 'tooLarge' = 'notDelivered',
    /** Host of an address that may not be called; null for other reasons. */
    readonly host: string | null = null,
  ) {
    super({ kind: 'failed', code: 'sourceAnswerUnexpected' });
  }
}

/** A mail server or text message gateway did not accept a message. It can be retried. */
export class MessageNotAcceptedError extends Error {
  /** @param afterSeconds when it is worth another try */
  constructor(
    message?: string,
    readonly afterSeconds = 30,
  ) {
    super(message);
  }
}

/** A mail server or text message gateway refuses the address for good. */
export class MessageRefusedError extends Error {}

/** A sign-in was refused. The code says why, and repeats nothing that the provider said. */
export class LoginRefusedError extends Error {
  constructor(readonly code: 'noIdToken' | 'answerRefused' | 'notStrongEnough') {
    super(code);
  }
}

/** Nobody has begun the sign-in that an answer is for, or not in this browser, or it has been finished. */
export class NoLoginPendingError extends LoginRefusedError {
  constructor() {
    super('answerRefused');
  }
}

/** A record was changed concurrently, or is not in the state that a change requires. */
export class ConflictError extends Error {}

/** For what is read of a personal part: null where that, or its key, was deleted. */
export function nullIfDeleted(error: unknown): null {
  if (error instanceof ConflictError) return null;
  throw error;
}

/** An officer has cancelled, refused or recalled the request: work in progress ends. */
export class RequestClosedError extends Error {}

/** Operators have paused new collections: the export of a request does not begin. */
export class CollectionsPausedError extends Error {}

/** Storage does not answer or is overloaded: the same call is worth repeating. */
export class StorageUnavailableError extends Error {}

/** A rate limit is reached, and nothing of it becomes free within the time that a caller waits. */
export class RateLimitedError extends Error {
  /** @param afterSeconds when the limit may be asked again */
  constructor(readonly afterSeconds: number) {
    super('rateLimited');
  }
}

/** What was read back is not what was written. */
export class IntegrityError extends Error {}

/** Content of the source that cannot be processed. It holds nothing of the content. */
export class UnreadableError extends Error {
  constructor(readonly reason: UnreadableReason) {
    super(reason);
  }
}

/**
 * Codes that may be told of an error: words of programs, never of what they were given. Codes of
 * Node.js, of Azure Storage and Key Vault, and ours.
 */
const tellableCodes: ReadonlySet<unknown> = new Set<string>([
  ...failureCodes,
  ...waitReasons,
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH'],
  ...['ENETUNREACH', 'ENOENT', 'EACCES', 'ENOSPC', 'EMFILE', 'ENOMEM', 'ABORT_ERR', 'EMAXLEN'],
  ...['ERR_STRING_TOO_LONG', 'ERR_BUFFER_TOO_LARGE', 'ERR_OUT_OF_RANGE', 'ERR_INVALID_URL'],
  ...['REQUEST_SEND_ERROR', 'PARSE_ERROR', 'AuthenticationFailed', 'AuthorizationFailure'],
  ...['AuthorizationPermissionMismatch', 'InsufficientAccountPermissions', 'AccountIsDisabled'],
  ...['ContainerNotFound', 'BlobNotFound', 'TableNotFound', 'ResourceNotFound', 'KeyNotFound'],
  ...['InvalidBlockList', 'BlockCountExceedsLimit', 'RequestBodyTooLarge', 'EntityTooLarge'],
  ...['PropertyValueTooLarge', 'InvalidInput', 'OutOfRangeInput', 'ConditionNotMet', 'Forbidden'],
  ...['ServerBusy', 'OperationTimedOut', 'InternalError', 'LeaseIdMissing', 'Throttled'],
]);

/**
 * Class of what was thrown. It is told by the prototype, which is the program's; the field `name` may
 * be written by a library from what a server answered.
 */
export function classOf(thrown: unknown): string {
  if (thrown === undefined || thrown === null) return String(thrown);
  const prototype = Object.getPrototypeOf(Object(thrown)) as { constructor?: unknown } | null;
  const maker = prototype?.constructor;
  return typeof maker === 'function' && /^[A-Za-z]\w{0,59}$/.test(maker.name)
    ? maker.name
    : 'Error';
}

/** Fields of an error that may hold a status and a code; the client of tables hides its own deep. */
interface Fields {
  statusCode?: unknown;
  code?: unknown;
  details?: { odataError?: { code?: unknown } };
  cause?: unknown;
  stack?: unknown;
  message?: unknown;
}
const fieldsOf = (thrown: unknown): Fields => Object(thrown) as Fields;

/** What may be told of an error: its class, its HTTP status and codes from a closed list. */
export function tellable(thrown: unknown): string {
  if (thrown instanceof ActivityError) return thrown.told;
  const { statusCode, code, details } = fieldsOf(thrown);
  const isStatus = Number.isInteger(statusCode) && /^[1-5]\d\d$/.test(String(statusCode));
  const codes = [code, fieldsOf(details?.odataError).code];
  return [
    classOf(thrown),
    ...(isStatus ? [String(statusCode)] : []),
    ...codes.filter((one) => tellableCodes.has(one)).map(String),
  ].join(' ');
}

/** What may be told of an error and of those that caused it. */
export function tellableCauses(thrown: unknown): string {
  const told = [tellable(thrown)];
  for (let { cause } = fieldsOf(thrown); cause !== undefined && told.length < 5;) {
    told.push(tellable(cause));
    ({ cause } = fieldsOf(cause));
  }
  return told.join(', caused by ');
}

/** A line of a stack (V8's stack trace API): the function, if it has a name, and the place. */
const frame =
  /^ {4}at (?:(?:async |new )*([\w$.<>#]+)(?: \[as [\w$]+\])? )?\(?(?:file:\/\/)?([^\s()]+:\d+:\d+)\)?$/;

/** Where an error was thrown: functions and places in files, and nothing of the message. */
export function stackOf(thrown: unknown): string[] {
  const { stack, message } = fieldsOf(thrown);
  const text = typeof stack === 'string' ? stack : '';
  // A message may have lines of its own, and what looks like a stack in them.
  const shown = typeof message === 'string' && message !== '' ? text.indexOf(message) : -1;
  const lines = text.slice(shown < 0 ? 0 : shown + String(message).length).split('\n');
  const places = lines.slice(lines.findLastIndex((line) => !line.startsWith('    at ')) + 1);
  return places.flatMap((line) => {
    const [, name, place] = frame.exec(line) ?? [];
    if (place === undefined) return [];
    // The last parts of a path say which file it is.
    const file = place.split(/[\\/]/).slice(-2).join('/');
    return [name === undefined ? file : `${name} (${file})`];
  });
}

/**
 * What leaves an activity in place of an error that nobody expects. Messages and stacks of such are
 * stored in clear in the task hub, and those of engines and libraries repeat what they were given.
 */
export class ActivityError extends Error {
  /** The class of the error and its codes. */
  readonly told: string;

  constructor(thrown: unknown) {
    const told = tellable(thrown);
    const message = `internalError: ${told}`;
    super(message);
    this.told = told;
    this.stack = message;
  }
}
