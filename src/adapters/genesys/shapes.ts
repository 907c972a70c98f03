import { z } from 'zod';
import type { ConversationDetails, SourceConversation } from '../../core/genesys/conversation';
import type { RecordedTexts, SourceEmail, SourceMessage, SourceNote } from '../../ports';

/*
 * Shapes of the API's answers: what this product reads of them without checking it again. Other fields
 * may hold anything, and are handed on as they came. A field that the API does not have is left out or
 * null.
 */

export const text = z.string().nullish();
export const id = z.string().min(1);
/** A time that the product calculates with. */
export const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)));
/** A document that is exported as it is. */
export const document = z.record(z.string(), z.unknown());
/** Something of which the id is read, if it has one. */
export const reference = z.object({ id: text });
export const list = <T extends z.ZodType>(item: T) => z.array(item).nullish();
/** A page of a listing whose pages have numbers. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    entities: list(item),
    pageCount: z.number().nullish(),
    total: z.number().nullish(),
    partialResults: z.boolean().nullish(),
  });
/** What was created or started, of which the id is needed. */
export const identified = z.object({ id });

/** A shape as the type that the product has for what it describes. */
const named = <T>(shape: z.ZodType): z.ZodType<T> => shape as z.ZodType<T>;

export const references = named<{ id?: string }>(reference);

const mailbox = z.object({ email: text, name: text });

export const email = named<SourceEmail>(
  z.object({
    id,
    from: mailbox.nullish(),
    replyTo: mailbox.nullish(),
    to: list(mailbox),
    cc: list(mailbox),
    bcc: list(mailbox),
    subject: text,
    textBody: text,
    htmlBody: text,
    time: text,
    attachments: list(z.object({ name: text, contentType: text, contentUri: text })),
  }),
);

const attachment = z.object({ id: text, url: text, name: text, filename: text, mime: text });

export const message = named<SourceMessage>(
  z.object({
    id,
    normalizedMessage: z
      .object({ content: list(z.object({ attachment: attachment.nullish() })) })
      .nullish(),
  }),
);

export const recordedTexts = named<RecordedTexts>(
  z.object({ messagingTranscript: list(z.object({ messageMediaAttachments: list(attachment) })) }),
);

export const note = named<SourceNote>(z.object({ id }));

export const conversation = named<SourceConversation>(
  z.object({
    conversationId: id,
    conversationStart: time,
    participants: z.array(
      z.object({
        sessions: list(z.object({ callbackNumbers: list(z.string()), segments: list(document) })),
      }),
    ),
    surveys: list(z.object({ surveyId: text, surveyStatus: text })),
  }),
);

export const conversationDetails = named<ConversationDetails>(
  z.object({
    participants: list(
      z.object({
        wrapup: z.object({ code: text, name: text }).nullish(),
        messages: list(z.object({ messages: list(z.object({ messageId: text })) })),
      }),
    ),
  }),
);
