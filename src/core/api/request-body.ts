import { z } from 'zod';
import {
  normaliseEmail,
  normaliseHandle,
  parsePhone,
  socialNetworks,
  type Identifier,
  type IdentifierType,
} from '../subject/identifiers';
import { laws } from '../request/clocks/period';
import { rights } from '../request/record';
import { requesterCapacities } from '../subject/requester';
import { isTimeZone } from '../time/local-time';

const identifier = z.strictObject({
  type: z.enum(['email', 'phone', ...socialNetworks]),
  value: z.string().min(3).max(254),
});

/** Digits that the name of a system may have, such as those of a version: fewer than a number to call. */
const mostDigits = 5;

/**
 * Name of a system, such as `Jira` or `ServiceNow (EU)`. It is kept in clear for as long as the request, so
 * nothing is taken that could hold an address, a number or a sentence about somebody.
 */
const sourceSystem = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._()/&+-]*$/u,
    'is the name of a system: letters, digits, spaces and . _ - ( ) / & +',
  )
  .refine(
    (name) => name.replaceAll(/\P{N}/gu, '').length <= mostDigits,
    `has more than ${mostDigits} digits: it is the name of a system, never personal data`,
  );

/** Body of `POST /api/requests`. Unknown fields are refused. */
export const requestBody = z.strictObject({
  ticketId: z.string().trim().min(1).max(128),
  /** Which system posts the request, where there are several; never personal data. */
  sourceSystem: sourceSystem.optional(),
  receivedAt: z.iso.datetime({ offset: true }),
  rights: z.array(z.enum(rights)).min(1),
  /** The law that the request is answered under; that of the settings if left out. */
  law: z.enum(laws).optional(),
  identifiers: z.array(identifier).min(1).max(20),
  /** Who asks for the person, who is a child, has died, or is represented; absent when they ask themselves. */
  requester: z
    .strictObject({
      capacity: z.enum(requesterCapacities),
      email: z
        .string()
        .max(254)
        .refine((text) => normaliseEmail(text) !== null, 'is not an email address'),
      name: z.string().trim().min(1).max(200).optional(),
    })
    .optional(),
  /** Address that receives a webhook for every change of state. */
  callback: z.url().max(500).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  /** Organisation of the source that is searched; the default one if left out. */
  organisation: z.string().min(1).max(64).optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'is a language such as en or en-GB')
    .default('en'),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'is not a time zone such as Europe/Berlin')
    .default('UTC'),
});

export type RequestBody = z.infer<typeof requestBody>;

export interface FieldProblem {
  /** JSON pointer (RFC 6901) to the field. */
  pointer: string;
  detail: string;
}

/** A body that is not valid, with every problem. None of them repeats what was sent. */
export class InvalidBodyError extends Error {
  constructor(readonly problems: FieldProblem[]) {
    super('The body is not a valid request.');
  }
}

/**
 * Checks a body and normalises its identifiers.
 * @throws InvalidBodyError
 */
export function parseRequestBody(
  value: unknown,
  defaultRegion: string | null,
): { body: RequestBody; identifiers: Identifier[] } {
  const result = requestBody.safeParse(value);
  if (!result.success) throw new InvalidBodyError(result.error.issues.flatMap(problemsOf));
  const problems: FieldProblem[] = [];
  const identifiers = result.data.identifiers.flatMap(({ type, value: text }, i): Identifier[] => {
    const normal = normalise(type, text, defaultRegion);
    if (normal !== null) return [normal];
    problems.push({ pointer: `/identifiers/${i}/value`, detail: refusals[type] ?? 'is not an id' });
    return [];
  });
  if (problems.length > 0) throw new InvalidBodyError(problems);
  return { body: result.data, identifiers };
}

const refusals: Partial<Record<IdentifierType, string>> = {
  email: 'is not an email address',
  phone: 'is not a phone number with a country code, such as +49 30 123456',
};

function normalise(
  type: IdentifierType,
  text: string,
  defaultRegion: string | null,
): Identifier | null {
  if (type === 'phone') {
    const phone = parsePhone(text, defaultRegion);
    if (phone === null) return null;
    const { number: value, extension } = phone;
    return { type, value, ...(extension === null ? {} : { extension }) };
  }
  const value = type === 'email' ? normaliseEmail(text) : normaliseHandle(type, text);
  return value === null ? null : { type, value };
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const pointer = issue.path.map((part) => `/${String(part)}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${key}`,
      detail: 'is not a field of a request',
    }));
  }
  return [{ pointer, detail: issue.message }];
}
