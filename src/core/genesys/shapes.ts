import { z } from 'zod';
import type { SourceConversation } from './conversation';
import { UnreadableError } from '../errors';
import type { ConversationDetails } from './conversation';
import { assertShallow, parseJson } from './reading';
import type { SourceTranscript } from '../package/webvtt';

/**
 * Forms of what the source gives, as far as it is read here. Everything else in it is kept and not
 * looked at. A field that is null is as good as absent.
 */
const text = z.string().nullish();
const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)));
const list = (inner: z.ZodType) => z.array(inner).nullish();

const transcriptForm = z.looseObject({
  startTime: z.number().nullish(),
  // What has none is an error of the source in JSON, not a transcript in which nothing is said.
  transcripts: z.array(
    z.looseObject({
      phrases: list(
        z.looseObject({
          participantPurpose: text,
          text,
          startTimeMs: z.number().nullish(),
          duration: z.looseObject({ milliseconds: z.number().nullish() }).nullish(),
        }),
      ),
      analytics: z.looseObject({}).nullish(),
    }),
  ),
});

const session = z.looseObject({
  sessionId: text,
  mediaType: text,
  messageType: text,
  ani: text,
  dnis: text,
  sessionDnis: text,
  remote: text,
  addressFrom: text,
  addressTo: text,
  callbackNumbers: list(z.string()),
  segments: list(z.looseObject({ queueId: text, wrapUpCode: text })),
});

const conversationForm = z.looseObject({
  conversationId: z.string(),
  conversationStart: time,
  conversationEnd: time.nullish(),
  originatingDirection: text,
  participants: z.array(
    z.looseObject({
      participantId: text,
      purpose: text,
      externalContactId: text,
      userId: text,
      sessions: list(session),
    }),
  ),
  surveys: list(z.looseObject({ surveyId: text, surveyStatus: text })),
  evaluations: list(z.looseObject({ evaluationId: text })),
});

const detailsForm = z.looseObject({
  participants: list(
    z.looseObject({
      purpose: text,
      name: text,
      userId: text,
      queueId: text,
      queueName: text,
      wrapup: z.looseObject({ code: text, name: text }).nullish(),
      messages: list(z.looseObject({ messages: list(z.looseObject({ messageId: text })) })),
      sessions: list(z.looseObject({})),
    }),
  ),
});

/** @throws UnreadableError when a value has another form, or too many levels */
function assertForm(value: unknown, form: z.ZodType): void {
  assertShallow(value);
  if (!form.safeParse(value).success) throw new UnreadableError('notReadable');
}

/**
 * Reads a transcript as Speech and Text Analytics stores it.
 * @throws UnreadableError when it is none
 */
export function readTranscript(bytes: Uint8Array): SourceTranscript {
  const value = parseJson(bytes);
  assertForm(value, transcriptForm);
  return value as SourceTranscript;
}

/** @throws UnreadableError when a conversation is not of the form in which analytics reports one */
export const assertConversation = (conversation: SourceConversation): void =>
  assertForm(conversation, conversationForm);

/** @throws UnreadableError when details are not of the form in which the conversations API gives them */
export const assertDetails = (details: ConversationDetails): void =>
  assertForm(details, detailsForm);
