import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What a simulated organisation holds. The same shape is the file format of `--org FILE` (JSON);
 * it is described field by field in the README beside this file.
 */
const isoTime = z.iso.datetime();
const id = z.uuid();

const phoneKind = z.enum(['workPhone', 'cellPhone', 'homePhone', 'otherPhone']);
const phone = z.strictObject({
  kind: phoneKind,
  e164: z.string().regex(/^\+\d{6,15}$/),
  extension: z.int().nonnegative().optional(),
  /** Since when the contact has it; since its record began without this. */
  since: isoTime.optional(),
});
const mailbox = z.strictObject({
  kind: z.enum(['workEmail', 'personalEmail', 'otherEmail']),
  /** With its domain in either form, as somebody typed it. */
  address: z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/),
  since: isoTime.optional(),
});
const note = z.strictObject({
  id,
  /** Contact that it was written on, where that was merged into this one since. */
  contactId: id.optional(),
  text: z.string().min(1).max(32_000),
  created: isoTime,
  userId: id,
});
const journeySession = z.strictObject({
  id,
  start: isoTime,
  seconds: z.number().positive(),
  ipAddress: z.string(),
  lastPage: z.url(),
});
const socialNetworks = ['whatsapp', 'facebook', 'instagram', 'twitter', 'line', 'apple'] as const;
const handle = z.strictObject({
  network: z.enum(socialNetworks),
  /** A WhatsApp number with or without its +. */
  value: z.string().min(1),
  since: isoTime.optional(),
});
const contact = z.strictObject({
  id,
  /** Division that it is in; null for the home division. */
  divisionId: id.nullable().default(null),
  handles: z.array(handle).default([]),
  /** Attributes of the company's own schema. */
  customFields: z.record(z.string(), z.string()).default({}),
  firstName: z.string(),
  lastName: z.string(),
  phones: z.array(phone),
  /** Numbers that the source could not read, as they were typed. */
  typedPhones: z.array(z.strictObject({ kind: phoneKind, display: z.string().min(1) })).default([]),
  emails: z.array(mailbox),
  /** Identifiers by which no conversation is found. */
  otherIdentifiers: z
    .array(z.strictObject({ type: z.enum(['Cookie', 'ExternalId']), value: z.string().min(1) }))
    .default([]),
  created: isoTime,
  /** Ids of contacts that were merged into this one; their old conversations keep the old id. */
  mergedFrom: z.array(id).default([]),
  /** What those contacts were known by before, where the source still keeps it. */
  mergedRecords: z
    .array(
      z.strictObject({
        id,
        phones: z.array(phone),
        emails: z.array(mailbox),
        handles: z.array(handle).optional(),
        /** When its record began; with that of the contact without this. */
        created: isoTime.optional(),
      }),
    )
    .default([]),
  notes: z.array(note).default([]),
  journeySessions: z.array(journeySession).default([]),
});
const phrase = z.strictObject({
  who: z.enum(['customer', 'agent']),
  text: z.string(),
  /** Seconds from the start of the conversation. */
  at: z.number().nonnegative(),
});
const recordingStates = [
  'AVAILABLE',
  'ARCHIVED',
  'RESTORING',
  'RESTORED',
  'DELETED',
  'UPLOADING',
  'ERROR',
] as const;
const recording = z.strictObject({
  id,
  media: z.enum(['audio', 'screen', 'chat', 'messaging', 'email']).default('audio'),
  fileState: z.enum(recordingStates).default('AVAILABLE'),
  /** Whether only clients with `recording:recording:viewSensitiveData` are given the whole of it. */
  isSensitive: z.boolean().default(false),
  channels: z.union([z.literal(1), z.literal(2)]),
  seconds: z.number().min(1).max(600),
  /** Transcript of this recording; null where the queue had no transcription. */
  transcript: z.array(phrase).nullable(),
});
const attachment = z.strictObject({
  id,
  name: z.string().min(1),
  contentType: z.string(),
  text: z.string(),
});
const email = z.strictObject({
  id,
  from: z.enum(['customer', 'agent']),
  subject: z.string(),
  text: z.string(),
  /** The HTML part of the mail, where it has one. */
  html: z.string().optional(),
  /** Seconds from the start of the conversation. */
  at: z.number().nonnegative(),
  attachments: z.array(attachment).default([]),
});
const message = z.strictObject({
  id,
  from: z.enum(['customer', 'agent']),
  text: z.string(),
  at: z.number().nonnegative(),
  attachment: attachment.optional(),
});
const conversation = z.strictObject({
  id,
  /** Whose conversation it is: the truth, which the API does not always show. */
  ownerId: id,
  /** Whether the source has linked the conversation to the contact. */
  linked: z.boolean(),
  channel: z.enum(['voice', 'callback', 'email', 'message', 'chat']),
  direction: z.enum(['inbound', 'outbound']),
  start: isoTime,
  seconds: z.number().positive(),
  queueId: id,
  userId: id,
  /** The customer's number (E.164) or mailbox in this conversation. */
  address: z.string(),
  /** Further people outside the company in a call: a conference. Whose they are is the truth, too. */
  further: z
    .array(z.strictObject({ ownerId: id, linked: z.boolean(), address: z.string() }))
    .max(5)
    .optional(),
  /** Network of a message; a text message without one. */
  network: z.enum(socialNetworks).optional(),
  subject: z.string().optional(),
  /** Whether the customer left a voicemail, which has no recording. */
  isVoicemail: z.boolean().default(false),
  wrapUpCode: z.string(),
  attributes: z.record(z.string(), z.string()).default({}),
  communicationId: id,
  recordings: z.array(recording),
  emails: z.array(email).default([]),
  messages: z.array(message).default([]),
  /** The answer that the customer gave to a survey about the conversation. */
  survey: z.strictObject({ id, score: z.int().min(0).max(10), answer: z.string() }).optional(),
  summary: z.string().optional(),
  /** From -100 to 100; where speech was analysed. */
  sentiment: z.number().min(-100).max(100).optional(),
  /** What only flows for secure data may read. */
  secureAttributes: z.record(z.string(), z.string()).optional(),
  /** Whether the conversation store has let go of it: analytics and recordings are all that is left. */
  isPurged: z.boolean().default(false),
});
const audit = z.strictObject({
  id,
  at: isoTime,
  action: z.enum(['Create', 'Update', 'Delete', 'View']),
  entityType: z.enum(['Contact', 'Note']),
  entityId: id,
  userId: id,
  property: z.string().optional(),
  oldValue: z.string().optional(),
  newValue: z.string().optional(),
});
const dialerContact = z.strictObject({
  id,
  contactListId: id,
  /** Contact that the row is about: the truth, which the API shows by the number only. */
  ownerId: id,
  phone: z.string(),
  data: z.record(z.string(), z.string()),
});
const organisation = z.strictObject({
  id,
  name: z.string(),
  serviceNumber: z.string().regex(/^\+\d{6,15}$/),
  serviceMailbox: z.email(),
  users: z.array(z.strictObject({ id, name: z.string() })).min(1),
  queues: z.array(z.strictObject({ id, name: z.string() })).min(1),
  contacts: z.array(contact),
  conversations: z.array(conversation),
  audits: z.array(audit).default([]),
  dialerContacts: z.array(dialerContact).default([]),
});

export type Organisation = z.infer<typeof organisation>;
export type OrgContact = z.infer<typeof contact>;
export type OrgConversation = z.infer<typeof conversation>;
export type OrgRecording = z.infer<typeof recording>;
export type OrgEmail = z.infer<typeof email>;
export type OrgMessage = z.infer<typeof message>;
export type OrgAttachment = z.infer<typeof attachment>;
export type OrgAudit = z.infer<typeof audit>;
export type OrgDialerContact = z.infer<typeof dialerContact>;

/**
 * Reads an organisation from a JSON file.
 * @throws Error that names every problem of the file at once.
 */
export function readOrganisation(path: string): Organisation {
  const result = organisation.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (result.success) return result.data;
  throw new Error(`${path} is not an organisation file:\n${z.prettifyError(result.error)}`);
}

/** How far back the source can be searched (genesys facts: interactions older than 5 years cannot). */
export const searchReachYears = 5;

/** Whether the source can find a conversation at all at the time `now`. */
export function isWithinReach(conversation: OrgConversation, now: Date): boolean {
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() - searchReachYears);
  return Date.parse(conversation.start) >= limit.getTime();
}
