import { smsNumberOf } from '../core/subject/reachability';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { MessageNotAcceptedError } from '../core/errors';
import { secondsPerDay } from '../core/time/time';
import type {
  CodeAndSessionStore,
  KeyStore,
  Outbox,
  RateLimiter,
  RequestDetails,
  RequestRecord,
  Settings,
} from '../ports';
import { codeKeyOf, textCode, type CodeMessageServices } from './messaging';

/** What sending a code by text message uses. */
export type CodeSendingServices = CodeMessageServices & {
  keys: Pick<KeyStore, 'unwrap'>;
  codesAndSessions: Pick<CodeAndSessionStore, 'issueCode'>;
  outbox: Pick<Outbox, 'settle'>;
  rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  settings: Pick<Settings, 'authentication'>;
};

export type CodeDelivery =
  /** A queued code is sent by the outbox while it is valid. */
  | { kind: 'sent' | 'queued'; phone: string }
  /** The limits per number, country and day are reached, or the country is not allowed. */
  | { kind: 'smsLimitReached' }
  /** The request has had its codes of this hour, or is locked out. */
  | { kind: 'tooManyCodes' };

/** Limits codes by number, country and day, against SMS pumping fraud. */
async function isWithinLimits(
  { rateLimiter, settings }: CodeSendingServices,
  phone: string,
): Promise<boolean> {
  const { perNumberPerDay, perCountryPerDay, countries } = settings.authentication.codeLimits;
  const country = parsePhoneNumberFromString(phone)?.country ?? 'none';
  return (
    (countries === null || countries.has(country)) &&
    (await rateLimiter.tryAcquire('number', phone, perNumberPerDay, secondsPerDay)) &&
    (await rateLimiter.tryAcquire('country', country, perCountryPerDay, secondsPerDay))
  );
}

/** Sends a new code to the number on file. It replaces the code before. */
export async function sendCode(
  services: CodeSendingServices,
  record: RequestRecord,
  details: RequestDetails,
): Promise<CodeDelivery> {
  const { keys, codesAndSessions, outbox } = services;
  const phone = (details.contact && smsNumberOf(details.contact)) ?? '';
  const requestKeys = await keys.unwrap(record.wrappedSecret ?? '');
  if (!(await isWithinLimits(services, phone))) return { kind: 'smsLimitReached' };
  const issued = await codesAndSessions.issueCode(record.requestId, 'sms', requestKeys.codeKey);
  if (issued.kind === 'tooMany') return { kind: 'tooManyCodes' };
  // A code that still waits to be sent would be wrong when it arrives.
  if (issued.number > 1)
    await outbox.settle(record.requestId, codeKeyOf(issued.number - 1), 'superseded');
  try {
    await textCode(services, { record, keys: requestKeys }, details, issued.number);
  } catch (error) {
    if (!(error instanceof MessageNotAcceptedError)) throw error;
    return { kind: 'queued', phone };
  }
  return { kind: 'sent', phone };
}
