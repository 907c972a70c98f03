import { z } from 'zod';

import { checkMethods } from '../authentication/step-up';
import {
  extensionReasons,
  officerCancellationReasons,
  refusalReasons,
} from '../messages/statutory-notices';
import { listViews } from '../request/request-list';
import { chosenMethods } from '../subject/decision';
import { answersInCall, verdicts } from '../subject/verdicts';
import { partKinds } from '../subject/withheld-parts';

/** Bodies of the calls of officers and of the company's programs. */

/** Why an officer does something, in their words; it stays in the custody record. */
const justification = z.string().trim().min(1).max(2000);
/** Id of a contact in the source. */
const contactId = z.guid();

const verdict = z.enum(verdicts);
/** Number of an identifier in the evidence, from 1. */
const identifier = z.int().min(1);

/** A list in which nothing is named twice: answers that contradict each other are no answer. */
const listOf = <T extends z.ZodType>(
  entry: T,
  max: number,
  keyOf: (one: z.output<T>) => string | number,
) =>
  z
    .array(entry)
    .max(max)
    .refine((all) => new Set(all.map(keyOf)).size === all.length, 'names one thing twice');

/** Answers on a request; what is absent stays as it was decided before. */
const answers = z.strictObject({
  /** Candidates that are the person; several when they are one person. The first is written to. */
  contactIds: listOf(contactId, 20, (id) => id)
    .min(1)
    .exactOptional(),
  /** Whether an identifier is the person's, where a conversation carries no other contact. */
  identifiers: listOf(
    z.strictObject({ identifier, verdict }),
    200,
    (one) => one.identifier,
  ).exactOptional(),
  /** Whether the doubtful conversations of another contact are the person's. */
  contacts: listOf(
    z.strictObject({ contactId, verdict }),
    500,
    (one) => one.contactId,
  ).exactOptional(),
  conversations: listOf(
    z.strictObject({ conversationId: z.guid(), verdict }),
    answersInCall,
    (one) => one.conversationId,
  ).exactOptional(),
  /** Whether answers on conversations of before stay as they are, whatever is said of their groups. */
  keepsOwn: z.boolean().exactOptional(),
  method: z.enum(chosenMethods).nullable().exactOptional(),
  /** Number that codes go to and mailbox that is invited, of a person without a contact record. */
  codeTo: identifier.nullable().exactOptional(),
  inviteTo: identifier.nullable().exactOptional(),
  /** What is withheld for the rights of others, in place of what was before (Art. 15(4) GDPR). */
  rightsOfOthers: z
    .strictObject({
      kinds: listOf(z.enum(partKinds), partKinds.length, (kind) => kind).default([]),
      conversations: listOf(z.guid(), 1000, (id) => id).default([]),
    })
    .exactOptional(),
  /** Whether the export goes on without the conversations that nobody has decided on. */
  undecided: z.enum(['wait', 'withhold']).exactOptional(),
  /** `decisionVersion` of what the officer has seen: nothing is saved if another decision was made since. */
  basedOn: z.int().min(0).exactOptional(),
  justification,
});
const isAnswer = (value: unknown): boolean => !Array.isArray(value) || value.length > 0;
export const decisionBody = answers.refine(
  ({ justification: _, keepsOwn: __, basedOn: ___, ...given }) =>
    Object.values(given).some(isAnswer),
  'gives no answer',
);
/** Answers of an officer, as the app takes them; what is absent stays as it was. */
export type Answers = Omit<z.input<typeof decisionBody>, 'justification' | 'basedOn'>;

/** A number in a query, which is text. */
const numberInQuery = (schema: z.ZodInt) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is a number')
    .transform(Number)
    .pipe(schema);

/** Which doubtful conversations are listed, and from where on. */
export const conversationsQuery = z.strictObject({
  verdict: z.enum(['undecided', ...verdicts]).exactOptional(),
  /** Those that an answer on the identifier covers. */
  identifier: numberInQuery(identifier).exactOptional(),
  contact: contactId.exactOptional(),
  /** `next` of the answer before, with the same filters. */
  cursor: z.string().max(200).exactOptional(),
  limit: numberInQuery(z.int().min(1).max(200)).default(50),
});
/** Which letter to a person is shown before it is sent. */
export const letterQuery = z.strictObject({
  letter: z.enum(['extended', 'cancelled', 'refused']),
  reasonCode: z.string().max(100),
  /** Whether the officer adds an explanation, whose place is marked. */
  hasExplanation: z.enum(['true', 'false']).default('false'),
});
/** The language of the sentences: English where it is none of the app. */
export const reportQuery = z.strictObject({ language: z.string().max(35).exactOptional() });
/** Text of a filter, as long as what it is compared with may be. */
const filterText = z.string().min(1).max(100).exactOptional();
/** Which requests are listed, and from where on. */
export const requestsQuery = z
  .strictObject({
    view: z.enum(listViews).default('open'),
    sourceSystem: filterText,
    reason: filterText,
    locale: filterText,
    /** Those that are not answered and whose legal period ends within so many days, or has ended. */
    dueWithinDays: numberInQuery(z.int().min(0).max(3660)).exactOptional(),
    /** `next` of the answer before, with the same view and filters. */
    page: z.string().max(200).exactOptional(),
  })
  .refine(({ view, dueWithinDays }) => view !== 'done' || dueWithinDays === undefined, {
    path: ['dueWithinDays'],
    message: 'is for requests that have not ended',
  });
/** The ticket that is looked for: in a body, because addresses are logged. */
export const searchBody = z.strictObject({ ticketId: z.string().trim().min(1).max(128) });
/** The form of a custody record; without it the one that the call accepts, and JSON otherwise. */
export const custodyQuery = z.strictObject({ format: z.enum(['json', 'csv']).exactOptional() });
export const justificationBody = z.strictObject({ justification });
/** Explanation of the reason that the person receives, in their language. */
const explanation = z.string().trim().min(1).max(2000).nullable().default(null);
export const extendBody = z.strictObject({
  reasonCode: z.enum(extensionReasons),
  explanation,
  justification,
});
/** The rights of others are a reason for parts of the data, never for all of it (recital 63 GDPR). */
const partsInstead =
  'withholds parts and refuses nothing: name them by rightsOfOthers in a decision (recital 63 GDPR)';
/** A reason that the person is told; one that no code says needs an explanation. */
const ending = <T extends string>(reasons: readonly [T, ...T[]]) =>
  z
    .strictObject({
      reasonCode: z.enum(reasons, {
        error: ({ input }) => (input === 'rightsOfOthers' ? partsInstead : undefined),
      }),
      explanation,
      justification,
    })
    .refine((body) => body.reasonCode !== 'asExplained' || body.explanation !== null, {
      path: ['explanation'],
      message: 'is required for this reason code',
    });
export const refuseBody = ending(refusalReasons);
export const cancelBody = ending(officerCancellationReasons);
export const identityBody = z.strictObject({
  /** How the officer has checked the identity. */
  checkMethod: z.enum(checkMethods),
  /** Whether a representative acts for the person: a parent, a guardian, a lawyer. */
  isRepresentative: z.boolean().default(false),
  justification,
});
export const retryBody = z.strictObject({
  justification,
  /** Whether the package may be released without the items that have failed; the report lists them. */
  acceptFailures: z.boolean().default(false),
});

const organisation = z.string().min(1).max(64).optional();
/** The contact whose authenticator app is meant. */
export const enrolBody = z.strictObject({ contactId, organisation });
export const confirmBody = z.strictObject({
  contactId,
  organisation,
  code: z.string().regex(/^\d{6}$/),
});
export const emptyBody = z.strictObject({});
