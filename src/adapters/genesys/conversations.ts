import { ConversationsApi, QualityApi, SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { ConversationDetails } from '../../core/genesys/conversation';
import type {
  ConversationSource,
  ConversationTextSource,
  SourceEmail,
  SourceMessage,
} from '../../ports';
import type { GenesysCaller } from './client';
import { byIds, paginate } from './paginate';
import { bodyIfFound } from './responses';
import {
  conversationDetails,
  document,
  email,
  list,
  message,
  reference,
  references,
} from './shapes';

/** Ids of messages that one call takes. */
const messagesPageSize = 1000;

/** Evaluations that one call lists, and most calls for one conversation. */
const evaluationsPageSize = 100;
const evaluationPages = 20;

const secureAttributes = z.object({ attributes: z.record(z.string(), z.unknown()).nullish() });
const evaluationListing = z.object({ entities: list(references), nextUri: z.string().nullish() });
const emailListing = z.object({ entities: list(reference) });
const messageListing = z.object({ entities: list(message) });

/** Conversations and what was measured and said about them. */
export function conversationCalls(client: GenesysCaller): ConversationSource {
  const conversations = new ConversationsApi(client.sdk);
  const speech = new SpeechTextAnalyticsApi(client.sdk);
  const quality = new QualityApi(client.sdk);
  return {
    async conversation(conversationId: string): Promise<ConversationDetails | null> {
      return bodyIfFound(
        await client.call(() => conversations.getConversation(conversationId)),
        conversationDetails,
      );
    },

    async surveys(conversationId: string): Promise<{ id?: string }[]> {
      const answer = await client.call(() => quality.getQualityConversationSurveys(conversationId));
      return bodyIfFound(answer, z.array(references)) ?? [];
    },

    async secureAttributes(conversationId: string): Promise<Record<string, unknown> | null> {
      const answer = await client.call(() =>
        conversations.getConversationSecureattributes(conversationId),
      );
      return bodyIfFound(answer, secureAttributes)?.attributes ?? null;
    },

    async evaluations(conversationId: string): Promise<{ id?: string }[]> {
      const found: { id?: string }[] = [];
      for (let pageNumber = 1; pageNumber <= evaluationPages; pageNumber += 1) {
        const options = { conversationId, pageNumber, pageSize: evaluationsPageSize };
        const answer = await client.call(() =>
          // Answers come with their scores only; evaluations of people who have left are still there.
          quality.getQualityEvaluationsQuery({
            ...options,
            expandAnswerTotalScores: true,
            includeDeletedUsers: true,
          }),
        );
        const page = bodyIfFound(answer, evaluationListing);
        found.push(...(page?.entities ?? []));
        if (!page?.nextUri) break;
      }
      return found;
    },

    async sentiment(conversationId: string): Promise<unknown> {
      return bodyIfFound(
        await client.call(() => speech.getSpeechandtextanalyticsConversation(conversationId)),
        document,
      );
    },

    async summary(conversationId: string): Promise<unknown> {
      return bodyIfFound(
        await client.call(() => conversations.getConversationSummaries(conversationId)),
        document,
      );
    },
  };
}

/** Emails and text messages of conversations. */
export function conversationTextCalls(client: GenesysCaller): ConversationTextSource {
  const conversations = new ConversationsApi(client.sdk);
  return {
    async listEmails(conversationId: string): Promise<string[]> {
      const answer = await client.call(() =>
        conversations.getConversationsEmailMessages(conversationId),
      );
      return (bodyIfFound(answer, emailListing)?.entities ?? []).flatMap(({ id }) => id ?? []);
    },

    async email(conversationId: string, emailId: string): Promise<SourceEmail | null> {
      return bodyIfFound(
        await client.call(() =>
          conversations.getConversationsEmailMessage(conversationId, emailId),
        ),
        email,
      );
    },

    async messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]> {
      const { pages } = await paginate(byIds(messageIds, messagesPageSize), async (position) => {
        const body = messageIds.slice(position, position + messagesPageSize);
        const answer = await client.call(() =>
          conversations.postConversationsMessageMessagesBulk(conversationId, { body }),
        );
        return bodyIfFound(answer, messageListing) ?? { entities: [] };
      });
      return pages.flatMap(({ entities }) => entities ?? []);
    },
  };
}
