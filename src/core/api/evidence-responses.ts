import { z } from 'zod';
import { chosenMethods, doubts } from '../subject/decision';
import { socialNetworks } from '../subject/identifiers';
import { comparisons } from '../subject/names';
import { verdicts } from '../subject/verdicts';
import { partKinds } from '../subject/withheld-parts';
import { count, statusResponse, time } from './responses';

/** Responses of the API on whom a request is about: what an officer decides by, and what was decided. */

/** A time as the source gives it. */
const sourceTime = z.iso.datetime({ offset: true });
/** Number of an identifier in question, or of a candidate, from 1. */
const number = z.int().min(1);
const identifierType = z.enum(['email', 'phone', ...socialNetworks]);
const comparison = z.enum(comparisons);
const verdict = z.enum(verdicts);
const tally = { total: count, undecided: count };

/** A contact that may be the person, beside what the request gives. */
const candidate = z.object({
  number,
  contactId: z.string(),
  createdAt: sourceTime.nullable(),
  mergedContacts: count,
  name: comparison,
  maskedName: z.string().nullable(),
  /** One for each identifier that the request gives. */
  matches: z.array(
    z.object({ identifier: number, verdict: comparison, since: sourceTime.nullable() }),
  ),
  phones: count,
  mailboxes: count,
  /** Its mailboxes as identifiers in question, in the order on file. */
  mailboxNumbers: z.array(number),
  codeGoesTo: z.string().nullable(),
  /** Whether it is the person: by an officer's answer, or as the only one that is clear without. */
  isChosen: z.boolean(),
});

/** The evidence for an officer's decision, with every name and identifier masked. */
export const evidenceResponse = z.object({
  requestId: z.guid(),
  /** Whether the request waits for a decision: officers were asked for one, and have made none since. */
  isNeeded: z.boolean(),
  reasonCode: z.string().nullable(),
  /** The name that the request gives, masked; null without one. */
  maskedName: z.string().nullable(),
  candidates: z.array(candidate),
  identifiers: z.array(
    z.object({
      number,
      type: identifierType,
      masked: z.string(),
      isGiven: z.boolean(),
      isShared: z.boolean(),
      hasExtension: z.boolean(),
      candidates: z.array(number),
      /** Candidates that have nearly the same only. */
      nearly: z.array(number),
      answer: verdict.nullable(),
    }),
  ),
  noContact: z
    .object({
      identifiers: z.array(
        z.object({
          identifier: number,
          conversations: count,
          from: sourceTime.nullable(),
          to: sourceTime.nullable(),
        }),
      ),
      subjects: count.nullable(),
    })
    .nullable(),
  doubtful: z
    .object({
      ...tally,
      included: count,
      withheld: count,
      byIdentifier: z.array(z.object({ identifier: number, ...tally })),
      byContact: z.array(z.object({ contactId: z.string(), ...tally, answer: verdict.nullable() })),
    })
    .nullable(),
  decision: z
    .object({
      contactIds: z.array(z.string()),
      method: z.enum(chosenMethods).nullable(),
      codeTo: number.nullable(),
      inviteTo: number.nullable(),
      undecided: z.enum(['wait', 'withhold']),
      rightsOfOthers: z.object({
        kinds: z.array(z.enum(partKinds)),
        conversations: z.array(z.string()),
      }),
      at: time,
    })
    .nullable(),
  /** The methods that a decision may name. */
  methods: z.array(z.enum(chosenMethods)),
  /** Number of the last decision, 0 before the first one: what further answers are based on. */
  decisionVersion: count,
  status: statusResponse,
});

export const decideResponse = statusResponse.extend({
  /** Number of the decision that has these answers. */
  decisionVersion: count,
});

/** Some of the doubtful conversations: no content, and no names or numbers of people. */
export const conversationsResponse = z.object({
  conversations: z.array(
    z.object({
      conversationId: z.string(),
      startedAt: sourceTime,
      channels: z.array(z.string()),
      direction: z.enum(['inbound', 'outbound']).nullable(),
      queues: z.array(z.string()),
      doubt: z.enum(doubts),
      tiedBy: z.array(number),
      otherContacts: z.array(z.string()),
      verdict: verdict.nullable(),
      /** The answer on the conversation by itself, also where a later one counts. */
      own: verdict.nullable(),
    }),
  ),
  total: count,
  next: z.string().nullable(),
});

/** Names and identifiers in clear. */
const clearIdentifier = z.object({
  number,
  type: identifierType,
  value: z.string(),
  extension: z.string().exactOptional(),
});
export const revealResponse = z.object({
  /** The name that the request gives; null without one. */
  name: z.string().nullable(),
  candidates: z.array(
    z.object({
      number,
      contactId: z.string(),
      firstName: z.string().nullable(),
      lastName: z.string().nullable(),
      identifiers: z.array(clearIdentifier),
    }),
  ),
  identifiers: z.array(clearIdentifier),
});
