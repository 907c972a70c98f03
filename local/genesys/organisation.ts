import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What a simulated organisation holds. The same shape is the file format of `--org FILE` (JSON);
 * it is described field by field in the README beside this file.
 */
const isoTime = z.iso.datetime();
const id = z.uuid();

const phone = z.strictObject({
  kind: z.enum(['workPhone', 'cellPhone', 'homePhone', 'otherPhone']),
  e164: z.string().regex(/^\+\d{6,15}$/),
});
const mailbox = z.strictObject({
  kind: z.enum(['workEmail', 'personalEmail', 'otherEmail']),
  address: z.email(),
});
const contact = z.strictObject({
  id,
  firstName: z.string(),
  lastName: z.string(),
  phones: z.array(phone),
  emails: z.array(mailbox),
  created: isoTime,
  /** Ids of contacts that were merged into this one; their old conversations keep the old id. */
  mergedFrom: z.array(id).default([]),
});
const phrase = z.strictObject({
  who: z.enum(['customer', 'agent']),
  text: z.string(),
  /** Seconds from the start of the conversation. */
  at: z.number().nonnegative(),
});
const recording = z.strictObject({
  id,
  channels: z.union([z.literal(1), z.literal(2)]),
  seconds: z.number().min(1).max(600),
  /** Transcript of this recording; null where the queue had no transcription. */
  transcript: z.array(phrase).nullable(),
});
const conversation = z.strictObject({
  id,
  /** Whose conversation it is: the truth, which the API does not always tell. */
  ownerId: id,
  /** Whether the source has linked the conversation to the contact. */
  linked: z.boolean(),
  channel: z.enum(['voice', 'callback', 'email', 'message']),
  direction: z.enum(['inbound', 'outbound']),
  start: isoTime,
  seconds: z.number().positive(),
  queueId: id,
  userId: id,
  /** The customer's number (E.164) or mailbox in this conversation. */
  address: z.string(),
  subject: z.string().optional(),
  wrapUpCode: z.string(),
  attributes: z.record(z.string(), z.string()).default({}),
  communicationId: id,
  recordings: z.array(recording),
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
});

export type Organisation = z.infer<typeof organisation>;
export type OrgContact = z.infer<typeof contact>;
export type OrgConversation = z.infer<typeof conversation>;
export type OrgRecording = z.infer<typeof recording>;

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
