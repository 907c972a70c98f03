import { z } from 'zod';
import { secondsPerDay } from '../time/time';
import { normaliseEmail, parsePhone } from '../subject/identifiers';
import { isTimeZone } from '../time/local-time';
import type { FieldProblem } from './request-body';
import { webhookDelay } from './webhooks';

/** A mailbox or a number, as somebody writes it on the intake page. */
const writtenIdentifier = z.strictObject({
  type: z.enum(['email', 'phone']),
  value: z.string().trim().min(3).max(254),
});

const locale = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'is a language such as en or en-GB');
const timeZone = z.string().max(64).refine(isTimeZone, 'is not a time zone such as Europe/Berlin');

/** What the intake page sends. Unknown fields are refused. */
export const intakeBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** The first one is a mailbox, by which the person can be answered. */
  identifiers: z.array(writtenIdentifier).min(1).max(10),
  locale,
  timeZone,
  /** The solved puzzle, as ALTCHA writes it: JSON in base64. */
  solution: z.string().min(1).max(4096),
});

export type IntakeBody = z.infer<typeof intakeBody>;
type WrittenIdentifier = z.infer<typeof writtenIdentifier>;

/** An identifier as `POST /api/requests` takes it. */
export interface IntakeIdentifier {
  type: 'email' | 'phone';
  value: string;
}

/**
 * What the ticketing system is sent: the body of `POST /api/requests` but for the ticket, which it opens. The
 * only webhook that contains personal data.
 */
export const intakeEvent = z.object({
  type: z.literal('intake.received'),
  timestamp: z.iso.datetime(),
  data: z.object({
    /** What the person was shown; the same whenever the event is sent again. */
    reference: z.string(),
    request: z.object({
      receivedAt: z.iso.datetime(),
      rights: z.array(z.enum(['access', 'portability'])),
      name: z.string(),
      identifiers: z.array(z.object({ type: z.enum(['email', 'phone']), value: z.string() })),
      locale: z.string(),
      timeZone: z.string(),
    }),
  }),
});

export type IntakeEvent = z.infer<typeof intakeEvent>;

/**
 * Brings what was written into the form in which `POST /api/requests` takes it, each identifier once.
 * @param defaultRegion country of phone numbers without a country code; null to refuse them
 * @returns what cannot be used, by its place; the problems never repeat what was written
 */
export function intakeIdentifiers(
  written: readonly WrittenIdentifier[],
  defaultRegion: string | null,
): { identifiers: IntakeIdentifier[]; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const read = new Map<string, IntakeIdentifier>();
  for (const [i, { type, value: text }] of written.entries()) {
    const value = type === 'email' ? normaliseEmail(text) : normalPhone(text, defaultRegion);
    if (value === null)
      problems.push({ pointer: `/identifiers/${i}/value`, detail: details[type] });
    else read.set(`${type} ${value}`, { type, value });
  }
  if (written[0]?.type !== 'email')
    problems.push({ pointer: '/identifiers/0/type', detail: 'is not email' });
  return { identifiers: [...read.values()], problems };
}

const details = {
  email: 'is not an email address',
  phone: 'is not a phone number with a country code, such as +49 30 123456',
};

function normalPhone(text: string, defaultRegion: string | null): string | null {
  const phone = parsePhone(text, defaultRegion);
  if (phone === null) return null;
  return phone.extension === null ? phone.number : `${phone.number};ext=${phone.extension}`;
}

/** The event of what was entered. */
export const intakeEventOf = (
  { name, locale: language, timeZone: zone }: Pick<IntakeBody, 'name' | 'locale' | 'timeZone'>,
  identifiers: IntakeIdentifier[],
  { reference, at }: { reference: string; at: string },
): IntakeEvent => ({
  type: 'intake.received',
  timestamp: at,
  data: {
    reference,
    request: {
      receivedAt: at,
      rights: ['access', 'portability'],
      name,
      identifiers,
      locale: language,
      timeZone: zone,
    },
  },
});

/** Days after which what could not be delivered is deleted. */
export const intakeDays = 7;
/** Hours after which what could not be delivered is an alert. */
export const intakeAlertHours = 1;

/** Seconds to wait after a number of attempts: as for other webhooks, then a day. */
export const intakeDelay = (attempts: number): number => webhookDelay(attempts) ?? secondsPerDay;
