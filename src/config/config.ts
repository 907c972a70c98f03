import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AttributeAllowList } from '../core/redaction/attributes';
import { isTimeZone } from '../core/time/local-time';
import { stepUpMethods } from '../core/authentication/step-up';
import { defaultPolicy, policySchema } from '../core/redaction/policy';

const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const isLoopback = (text: string): boolean => {
  const host = URL.canParse(text) ? new URL(text).hostname : '';
  return host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
};
const secureOrLoopback = z
  .url()
  .refine(
    (text) => text.startsWith('https://') || isLoopback(text),
    'must be https, except on loopback',
  );
const region = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is a host name such as mypurecloud.de');

const allowList = (text: string): AttributeAllowList =>
  text.trim() === '*'
    ? 'all'
    : new Set(
        text
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      );

const organisationName = z
  .string()
  .regex(/^[\w -]{1,64}$/, 'is letters, digits, spaces, hyphens; 64 at most');

/** `division=contact id`, separated by commas. */
const divisionContacts = z.string().transform((text, context) => {
  const divisions = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name, id] = /^\s*([^=]+?)\s*=\s*([0-9a-fA-F-]{36})\s*$/.exec(part) ?? [];
    if (name === undefined || id === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'is `division=contact id`, separated by commas',
      });
      return z.NEVER;
    }
    divisions.set(name, id);
  }
  return divisions;
});

const furtherOrganisation = z.strictObject({
  name: organisationName,
  environment: region,
  gatewayUrl: z.url().refine(isLoopback).optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  exportIntegrationId: z.string().min(1).optional(),
  divisionContacts: divisionContacts.optional(),
});
const moreOrganisations = z.string().transform((text, context) => {
  try {
    const result = z.array(furtherOrganisation).safeParse(JSON.parse(text));
    if (result.success) return result.data;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
  }
  context.addIssue({
    code: 'custom',
    message: 'is a JSON list of {name, environment, clientId, clientSecret}',
  });
  return z.NEVER;
});

/** A file of JSON; what is wrong in it is named by its place, never by its content. */
const policyFile = z.string().transform((path, context) => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a file of JSON' });
    return z.NEVER;
  }
  const result = policySchema.safeParse(value);
  if (result.success) return result.data;
  const places = result.error.issues.map((issue) => issue.path.join('.') || 'its top').join(', ');
  context.addIssue({ code: 'custom', message: `is not a policy: see ${places}` });
  return z.NEVER;
});

/** A file with a JSON list of dates. */
const holidayFile = z.string().transform((path, context): ReadonlySet<string> => {
  try {
    return new Set(z.array(z.iso.date()).parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'is not a file with a JSON list of dates such as "2026-12-25"',
    });
    return z.NEVER;
  }
});

/** Catalog of a list, separated by commas. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
);

/** Methods that can be offered; what an officer gives out is not offered, but given. */
const methods = list.pipe(z.array(z.enum(stepUpMethods).exclude(['officer'])).min(1));

/** A check that is made also when another setting is wrong: every problem is named at once. */
const always = (): boolean => true;

/** Every setting of the app, in the order of the README's table. */
const settings = z
  .object({
    GENESYS_REGION: region.default('mypurecloud.com'),
    GENESYS_GATEWAY_URL: z
      .url()
      .refine(isLoopback, 'is for a simulator on loopback only')
      .optional(),
    GENESYS_CLIENT_ID: z.string().min(1),
    GENESYS_CLIENT_SECRET: z.string().min(1),
    GENESYS_ORGANISATION: organisationName.default('main'),
    GENESYS_DIVISION_CONTACTS: divisionContacts.default(() => new Map()),
    GENESYS_ADDITIONAL_ORGANISATIONS: moreOrganisations.default([]),
    GENESYS_CALLS_PER_MINUTE: integer(20, 100_000).default(300),
    GENESYS_RATE_WINDOW_SECONDS: integer(1, 60).default(60),
    STORAGE_CONNECTION_STRING: z.string().min(1).optional(),
    STORAGE_ACCOUNT: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, 'is the name of a storage account')
      .optional(),
    LOCAL_KEY_FILE: z.string().min(1).optional(),
    KEY_VAULT_URL: secureOrLoopback.optional(),
    HASH_KEY: z
      .base64('is 32 bytes in base64')
      .refine((text) => Buffer.from(text, 'base64').length === 32, 'is 32 bytes in base64')
      .optional(),
    PORTAL_ORIGIN: secureOrLoopback.transform((text) => new URL(text).origin),
    SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\//, 'starts with smtp:// or smtps://')
      .optional(),
    MAIL_FROM: z.string().min(3),
    SMS_GATEWAY_URL: secureOrLoopback.optional(),
    COMMUNICATION_SERVICES: z.string().min(8).optional(),
    SMS_FROM: z.string().min(1).optional(),
    MESSAGES_PER_MINUTE: integer(1, 10_000).default(60),
    CONTROLLER_NAME: z.string().min(1),
    CONTROLLER_CONTACT: z.string().min(1),
    CONTROLLER_TIME_ZONE: z
      .string()
      .refine(isTimeZone, 'is not a time zone such as Europe/Berlin')
      .default('UTC'),
    HOLIDAY_FILE: holidayFile.default(() => new Set<string>()),
    VERIFICATION_SUSPENDS_CLOCK: z.stringbool().default(false),
    DEADLINE_WARNING_DAYS: integer(1, 30).default(7),
    BRAND_COLOUR: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #0b5c8a')
      .default('#0b5c8a'),
    BRAND_LOGO_FILE: z.string().refine(existsSync, 'is not a file').optional(),
    PRIVACY_NOTICE_FILE: z.string().refine(existsSync, 'is not a file').optional(),
    LOCALES_FOLDER: z.string().refine(existsSync, 'is not a folder').optional(),
    STEP_UP_METHODS: methods.default(['sms', 'totp']),
    SMS_IS_SUFFICIENT: z.stringbool().default(true),
    CUSTOMER_LOGIN_ISSUER: secureOrLoopback.optional(),
    CUSTOMER_LOGIN_CLIENT_ID: z.string().min(1).optional(),
    CUSTOMER_LOGIN_CLIENT_SECRET: z.string().min(1).optional(),
    CUSTOMER_LOGIN_ACR: list.default([]),
    CUSTOMER_LOGIN_AMR: list.default([]),
    CUSTOMER_LOGIN_CLAIM: z.enum(['email', 'phone_number']).default('email'),
    SMS_CODES_PER_NUMBER_PER_DAY: integer(1, 100).default(10),
    SMS_CODES_PER_COUNTRY_PER_DAY: integer(1, 1_000_000).default(1000),
    SMS_COUNTRIES: list.optional(),
    PORTAL_CALLS_PER_MINUTE: integer(10, 100_000).default(60),
    OFFICER_ISSUER: secureOrLoopback.optional(),
    OFFICER_TENANT: z.string().min(1).optional(),
    OFFICER_CLIENT_ID: z.string().min(1).optional(),
    OFFICER_CLIENT_SECRET: z.string().min(1).optional(),
    OFFICER_AUDIENCE: z.string().min(1).optional(),
    WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/=]{32,}$/, 'is whsec_ and base64')
      .optional(),
    WEBHOOK_HOSTS: list.default([]),
    DEFAULT_PHONE_REGION: z
      .string()
      .regex(/^[A-Z]{2}$/, 'is a two-letter country code')
      .optional(),
    SEARCH_YEARS: integer(1, 20).default(7),
    SEARCH_WINDOW_DAYS: integer(1, 31).default(31),
    RECORDING_EXPORTER: z.enum(['formatted', 'batch', 'bulkS3']).default('formatted'),
    S3_BUCKET: z.string().min(3).optional(),
    S3_REGION: z.string().min(1).default('eu-central-1'),
    S3_ENDPOINT: z.url().refine(isLoopback, 'is for an emulator on loopback only').optional(),
    S3_ROLE_ARN: z
      .string()
      .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'is the ARN of a role')
      .optional(),
    S3_TOKEN_SCOPE: z.string().min(1).optional(),
    GENESYS_EXPORT_INTEGRATION_ID: z.string().min(1).optional(),
    AUDIO_FORMAT: z.enum(['mp3', 'wav']).default('mp3'),
    RESTORE_ARCHIVED: z.stringbool().default(false),
    CONVERSATIONS_PER_PAGE: integer(1, 100).default(20),
    EXPORT_CONCURRENCY: integer(1, 16).default(4),
    POLL_SECONDS: z.coerce.number().min(0.1).max(300).default(10),
    RECORDING_WAIT_MINUTES: integer(1, 1440).default(120),
    SOURCE_WAIT_HOURS: integer(1, 168).default(24),
    VERIFICATION_DAYS: integer(1, 30).default(7),
    REMINDER_DAYS: integer(1, 14).default(3),
    AVAILABILITY_HOURS: integer(24, 168).default(168),
    FAILED_DAYS: integer(1, 365).default(30),
    STALLED_HOURS: integer(1, 168).default(6),
    HISTORY_DAYS: integer(1, 365).default(7),
    ANNOTATION_RETENTION_DAYS: integer(1, 3650).default(1095),
    PORTAL_LINK_MINUTES: integer(1, 60).default(10),
    BROWSER_LINK_MINUTES: integer(1, 1440).default(60),
    FAILURES_ALLOWED: integer(0, 10_000).default(0),
    DELETION_HOLD: z.stringbool().default(false),
    EXPORT_SENTIMENT: z.stringbool().default(true),
    EXPORT_SUMMARIES: z.stringbool().default(true),
    REDACTION_POLICY_FILE: policyFile.default(defaultPolicy),
    PARTICIPANT_ATTRIBUTES: z.string().default('').transform(allowList),
    CLOCK_OFFSET_FILE: z.string().min(1).optional(),
    STORAGE_LOG_FILE: z.string().min(1).optional(),
    LOG_WORKSPACE_ID: z.uuid('is the customer id of a workspace').optional(),
  })
  .refine((value) => value.RECORDING_EXPORTER !== 'bulkS3' || value.S3_BUCKET !== undefined, {
    path: ['S3_BUCKET'],
    message: 'is needed for the bulk export',
  })
  .refine((value) => value.S3_ROLE_ARN === undefined || value.S3_TOKEN_SCOPE !== undefined, {
    path: ['S3_TOKEN_SCOPE'],
    message: 'is needed with S3_ROLE_ARN',
  })
  .refine(
    (value) =>
      value.RECORDING_EXPORTER !== 'bulkS3' || value.GENESYS_EXPORT_INTEGRATION_ID !== undefined,
    { path: ['GENESYS_EXPORT_INTEGRATION_ID'], message: 'is needed for the bulk export' },
  )
  .refine(
    (value) => value.GENESYS_RATE_WINDOW_SECONDS === 60 || value.GENESYS_GATEWAY_URL !== undefined,
    { path: ['GENESYS_RATE_WINDOW_SECONDS'], message: 'is for a simulator only' },
  )
  .refine(
    (value) =>
      value.REDACTION_POLICY_FILE.callAudio !== 'customerChannel' ||
      value.RECORDING_EXPORTER === 'formatted',
    {
      path: ['RECORDING_EXPORTER'],
      message: 'must be formatted where the policy asks for channels of their own',
    },
  )
  .refine(
    ({ GENESYS_ORGANISATION: first, GENESYS_ADDITIONAL_ORGANISATIONS: more }) =>
      new Set([first, ...more.map(({ name }) => name)]).size === more.length + 1,
    { path: ['GENESYS_ADDITIONAL_ORGANISATIONS'], message: 'must have a name of its own for each' },
  )
  .refine((value) => value.CLOCK_OFFSET_FILE === undefined || isLoopback(value.PORTAL_ORIGIN), {
    path: ['CLOCK_OFFSET_FILE'],
    message: 'is for rehearsals on loopback only',
  })
  .refine((value) => value.STORAGE_LOG_FILE === undefined || isLoopback(value.PORTAL_ORIGIN), {
    path: ['STORAGE_LOG_FILE'],
    message: 'is for the emulator on loopback only',
  })
  .refine((value) => (value.LOCAL_KEY_FILE === undefined) !== (value.KEY_VAULT_URL === undefined), {
    path: ['LOCAL_KEY_FILE'],
    message: 'or KEY_VAULT_URL is needed, and not both',
    when: always,
  })
  .refine((value) => value.LOCAL_KEY_FILE === undefined || isLoopback(value.PORTAL_ORIGIN), {
    path: ['LOCAL_KEY_FILE'],
    message: 'is for this machine only; set KEY_VAULT_URL',
  })
  .refine((value) => value.KEY_VAULT_URL === undefined || value.HASH_KEY !== undefined, {
    path: ['HASH_KEY'],
    message: 'is needed with KEY_VAULT_URL',
    when: always,
  })
  .refine(
    (value) =>
      (value.STORAGE_CONNECTION_STRING === undefined) !== (value.STORAGE_ACCOUNT === undefined),
    {
      path: ['STORAGE_CONNECTION_STRING'],
      message: 'or STORAGE_ACCOUNT is needed, and not both',
      when: always,
    },
  )
  .refine((value) => value.SMTP_URL !== undefined || value.COMMUNICATION_SERVICES !== undefined, {
    path: ['SMTP_URL'],
    message: 'is needed, or COMMUNICATION_SERVICES is',
    when: always,
  })
  .refine(
    (value) =>
      value.SMS_GATEWAY_URL !== undefined ||
      (value.COMMUNICATION_SERVICES !== undefined && value.SMS_FROM !== undefined),
    {
      path: ['SMS_GATEWAY_URL'],
      message: 'is needed, or COMMUNICATION_SERVICES and SMS_FROM are',
      when: always,
    },
  )
  .refine(
    (value) => !value.STEP_UP_METHODS.includes('oidc') || value.CUSTOMER_LOGIN_ISSUER !== undefined,
    {
      path: ['CUSTOMER_LOGIN_ISSUER'],
      message: 'is needed where the login is offered',
    },
  )
  .refine(
    ({
      CUSTOMER_LOGIN_ISSUER: issuer,
      CUSTOMER_LOGIN_CLIENT_ID: id,
      CUSTOMER_LOGIN_CLIENT_SECRET: secret,
    }) => issuer === undefined || (id !== undefined && secret !== undefined),
    {
      path: ['CUSTOMER_LOGIN_CLIENT_ID'],
      message: 'and CUSTOMER_LOGIN_CLIENT_SECRET are needed with CUSTOMER_LOGIN_ISSUER',
    },
  )
  .refine(
    (value) =>
      value.CUSTOMER_LOGIN_ISSUER === undefined ||
      value.CUSTOMER_LOGIN_ACR.length + value.CUSTOMER_LOGIN_AMR.length > 0,
    {
      path: ['CUSTOMER_LOGIN_ACR'],
      message: 'or CUSTOMER_LOGIN_AMR has to say how strong a sign-in must be',
    },
  )
  .refine(
    (value) => value.SMS_IS_SUFFICIENT || value.STEP_UP_METHODS.some((one) => one !== 'sms'),
    {
      path: ['STEP_UP_METHODS'],
      message: 'must offer more than sms where SMS_IS_SUFFICIENT is false',
    },
  )
  .refine(
    ({ OFFICER_ISSUER: issuer, OFFICER_CLIENT_ID: id, OFFICER_CLIENT_SECRET: secret }) =>
      issuer === undefined || (id !== undefined && secret !== undefined),
    {
      path: ['OFFICER_CLIENT_ID'],
      message: 'and OFFICER_CLIENT_SECRET are needed with OFFICER_ISSUER',
    },
  )
  .refine((value) => value.WEBHOOK_HOSTS.length === 0 || value.WEBHOOK_SECRET !== undefined, {
    path: ['WEBHOOK_SECRET'],
    message: 'is needed where hosts may be told of changes',
  })
  .transform((value) => Object.freeze(value));

export type Config = z.infer<typeof settings>;

/** Names of all settings, for the test that holds the README's table against them. */
export const settingNames: readonly string[] = Object.keys(settings.in.shape);

/** Settings that are missing or wrong: all of them at once, by name, never with their values. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The app's settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every problem.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return given[name] === undefined ? `${name} is not set` : `${name} ${withoutValue(issue)}`;
    }),
  );
}

/** What is wrong with a setting, in words that do not repeat what it was set to. */
function withoutValue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `must be a ${issue.expected}`;
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL' : issue.message;
    default:
      return 'is not valid';
  }
}
