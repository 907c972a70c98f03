import { ConversationsApi, QualityApi, SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import type { ConversationDetails } from '../../core/flatten';
import type { SourceEmail, SourceMessage, Source } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';

const messagesPageSize = 1000;

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
      const answer = await client.call<ConversationDetails>(() =>
        conversations.getConversation(conversationId),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },

    async listEmails(conversationId: string): Promise<string[]> {
      const answer = await client.call<{ entities?: { id?: string }[] }>(() =>
        conversations.getConversationsEmailMessages(conversationId),
      );
      if (answer.status === 404) return [];
      return (bodyOf(answer).entities ?? []).flatMap(({ id }) => id ?? []);
    },

    async email(conversationId: string, emailId: string): Promise<SourceEmail | null> {
      const answer = await client.call<SourceEmail>(() =>
        conversations.getConversationsEmailMessage(conversationId, emailId),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },

    async messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]> {
      const found: SourceMessage[] = [];
      for (let i = 0; i < messageIds.length; i += messagesPageSize) {
        const page = messageIds.slice(i, i + messagesPageSize);
        const answer = await client.call<{ entities?: SourceMessage[] }>(() =>
          conversations.postConversationsMessageMessagesBulk(conversationId, {
            body: page,
          }),
        );
        if (answer.status !== 404) found.push(...(bodyOf(answer).entities ?? []));
      }
      return found;
    },

    async surveys(conversationId: string): Promise<{ id?: string }[]> {
      const answer = await client.call<{ id?: string }[]>(() =>
        quality.getQualityConversationSurveys(conversationId),
      );
      return answer.status === 404 ? [] : bodyOf(answer);
    },

    async sentiment(conversationId: string): Promise<unknown> {
      const answer = await client.call<unknown>(() =>
        speech.getSpeechandtextanalyticsConversation(conversationId),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },

    async summary(conversationId: string): Promise<unknown> {
      const answer = await client.call<unknown>(() =>
        conversations.getConversationSummaries(conversationId),
      );
      return answer.status === 404 ? null : bodyOf(answer);
    },
  };
}
