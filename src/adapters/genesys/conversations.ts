import { ConversationsApi, QualityApi, SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { ConversationDetails } from '../../core/package/conversation-row';
import type { SourceEmail, SourceMessage, Source } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import {
  conversationDetails,
  document,
  email,
  list,
  message,
  reference,
  references,
} from './shapes';

const messagesPageSize = 1000;

const emailListing = z.object({ entities: list(reference) });
const messageListing = z.object({ entities: list(message) });

/** Conversations, their texts, and what was said about them. */
export function conversationsCalls(
  client: GenesysCaller,
): Pick<
  Source,
  'conversation' | 'listEmails' | 'email' | 'messages' | 'surveys' | 'summary' | 'sentiment'
> {
  const conversations = new ConversationsApi(client.sdk);
  const speech = new SpeechTextAnalyticsApi(client.sdk);
  const quality = new QualityApi(client.sdk);
  return {
    async conversation(conversationId: string): Promise<ConversationDetails | null> {
      const answer = await client.call(() => conversations.getConversation(conversationId));
      return answer.status === 404 ? null : bodyOf(answer, conversationDetails);
    },

    async listEmails(conversationId: string): Promise<string[]> {
      const answer = await client.call(() =>
        conversations.getConversationsEmailMessages(conversationId),
      );
      if (answer.status === 404) return [];
      return (bodyOf(answer, emailListing).entities ?? []).flatMap(({ id }) => id ?? []);
    },

    async email(conversationId: string, emailId: string): Promise<SourceEmail | null> {
      const answer = await client.call(() =>
        conversations.getConversationsEmailMessage(conversationId, emailId),
      );
      return answer.status === 404 ? null : bodyOf(answer, email);
    },

    async messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]> {
      const found: SourceMessage[] = [];
      for (let i = 0; i < messageIds.length; i += messagesPageSize) {
        const page = messageIds.slice(i, i + messagesPageSize);
        const answer = await client.call(() =>
          conversations.postConversationsMessageMessagesBulk(conversationId, {
            body: page,
          }),
        );
        if (answer.status !== 404) found.push(...(bodyOf(answer, messageListing).entities ?? []));
      }
      return found;
    },

    async surveys(conversationId: string): Promise<{ id?: string }[]> {
      const answer = await client.call(() => quality.getQualityConversationSurveys(conversationId));
      return answer.status === 404 ? [] : bodyOf(answer, z.array(references));
    },

    async sentiment(conversationId: string): Promise<unknown> {
      const answer = await client.call(() =>
        speech.getSpeechandtextanalyticsConversation(conversationId),
      );
      return answer.status === 404 ? null : bodyOf(answer, document);
    },

    async summary(conversationId: string): Promise<unknown> {
      const answer = await client.call(() =>
        conversations.getConversationSummaries(conversationId),
      );
      return answer.status === 404 ? null : bodyOf(answer, document);
    },
  };
}
