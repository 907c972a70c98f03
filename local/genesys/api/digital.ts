import { z } from 'zod';
import { evaluationIdOf, timeIn } from '../analytics-view';
import { badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgAttachment, OrgConversation, OrgEmail, OrgMessage } from '../organisation';
import { agentOf, colleagueOf, nameOf } from '../staff';
import type { SimulatorState } from '../state';

interface Context {
  state: SimulatorState;
  origin: string;
  now: Date;
}

/** Conversations leave the conversation store while analytics and recordings still have them. */
function storedConversation(state: SimulatorState, id: string | undefined): OrgConversation {
  const conversation = state.conversation(id ?? '');
  if (!conversation || conversation.isPurged) throw notFound();
  return conversation;
}

const addressOf = (
  { state }: Context,
  conversation: OrgConversation,
  who: 'customer' | 'agent',
): string => {
  if (who === 'customer') return conversation.address;
  const { serviceMailbox, serviceNumber } = state.organisation;
  return conversation.channel === 'email' ? serviceMailbox : serviceNumber;
};

const otherThan = (who: 'customer' | 'agent') => (who === 'customer' ? 'agent' : 'customer');

const attachmentUrl = (
  { state, origin, now }: Context,
  conversation: OrgConversation,
  attachment: OrgAttachment,
): string => `${origin}${state.sign(`/attachments/${conversation.id}/${attachment.id}`, now)}`;

function preview(
  context: Context,
  conversation: OrgConversation,
  email: OrgEmail,
): Record<string, unknown> {
  const { organisation } = context.state;
  const nameIn = (who: 'customer' | 'agent'): string =>
    who === 'agent'
      ? agentOf(organisation, conversation).name
      : (nameOf(organisation, conversation.ownerId) ?? '');
  const mailbox = (who: 'customer' | 'agent') => ({
    email: addressOf(context, conversation, who),
    name: nameIn(who),
  });
  const colleague = colleagueOf(organisation, conversation);
  return {
    id: email.id,
    to: [mailbox(otherThan(email.from))],
    cc: email.from === 'agent' ? [{ email: colleague.mailbox, name: colleague.name }] : [],
    bcc: [],
    from: mailbox(email.from),
    subject: email.subject,
    attachments: email.attachments.map((attachment) => ({
      attachmentId: attachment.id,
      name: attachment.name,
      contentUri: attachmentUrl(context, conversation, attachment),
      contentType: attachment.contentType,
      contentLength: Buffer.byteLength(attachment.text),
      inlineImage: false,
    })),
    time: timeIn(conversation, email.at),
    historyIncluded: false,
    selfUri: `/api/v2/conversations/emails/${conversation.id}/messages/${email.id}`,
  };
}

function messageView(
  context: Context,
  conversation: OrgConversation,
  message: OrgMessage,
): Record<string, unknown> {
  const { attachment } = message;
  const isInbound = message.from === 'customer';
  const agent = agentOf(context.state.organisation, conversation);
  return {
    id: message.id,
    direction: isInbound ? 'inbound' : 'outbound',
    messengerType: conversation.network ?? 'sms',
    status: isInbound ? 'received' : 'sent',
    timestamp: timeIn(conversation, message.at),
    fromAddress: addressOf(context, conversation, message.from),
    toAddress: addressOf(context, conversation, otherThan(message.from)),
    textBody: message.text,
    ...(isInbound ? {} : { createdBy: { id: agent.id, name: agent.name, version: 1 } }),
    conversationId: conversation.id,
    normalizedMessage: {
      id: message.id,
      type: 'Text',
      direction: isInbound ? 'Inbound' : 'Outbound',
      originatingEntity: 'Human',
      text: message.text,
      content: attachment
        ? [
            {
              contentType: 'Attachment',
              attachment: {
                id: attachment.id,
                mediaType: 'Image',
                url: attachmentUrl(context, conversation, attachment),
                mime: attachment.contentType,
                filename: attachment.name,
                contentSizeBytes: Buffer.byteLength(attachment.text),
              },
            },
          ]
        : [],
    },
    selfUri: `/api/v2/conversations/messages/${conversation.id}/messages/${message.id}`,
  };
}

export const digitalOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/conversations/messages/{conversationId}/messages/bulk',
    query: z.strictObject({ useNormalizedMessage: z.enum(['true', 'false']).default('false') }),
    body: z.array(z.string()),
    permissions: { any: ['conversation:message:view', 'conversation:webmessaging:view'] },
    handle: (call) => {
      if (call.body.length > 1000) throw badRequest('At most 1,000 messages can be asked for.');
      const conversation = storedConversation(call.state, call.path['conversationId']);
      return {
        status: 200,
        body: {
          entities: conversation.messages
            .filter(({ id }) => call.body.includes(id) && !call.state.settings.hidden.includes(id))
            .map((message) => messageView(call, conversation, message)),
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/emails/{conversationId}/messages',
    query: z.strictObject({}),
    body: null,
    permissions: {},
    handle: (call) => {
      const conversation = storedConversation(call.state, call.path['conversationId']);
      const entities = conversation.emails.map((email) => ({
        ...preview(call, conversation, email),
        textBodyPreview: email.text.slice(0, 20),
      }));
      return {
        status: 200,
        body: {
          entities,
          pageSize: entities.length,
          pageNumber: 1,
          total: entities.length,
          pageCount: 1,
          selfUri: `/api/v2/conversations/emails/${conversation.id}/messages`,
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/emails/{conversationId}/messages/{messageId}',
    query: z.strictObject({}),
    body: null,
    permissions: {},
    handle: (call) => {
      const conversation = storedConversation(call.state, call.path['conversationId']);
      const email = conversation.emails.find(({ id }) => id === call.path['messageId']);
      if (!email || call.state.settings.hidden.includes(email.id)) throw notFound();
      const { text, html } = email;
      const bodies = { textBody: text, ...(html === undefined ? {} : { htmlBody: html }) };
      return { status: 200, body: { ...preview(call, conversation, email), ...bodies } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/quality/conversations/{conversationId}/surveys',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['quality:survey:view'] },
    handle: ({ path, state }) => {
      const conversation = state.conversation(path['conversationId'] ?? '');
      if (!conversation) throw notFound();
      const { survey } = conversation;
      if (!survey || state.settings.hidden.includes(survey.id)) return { status: 200, body: [] };
      return {
        status: 200,
        body: [
          {
            id: survey.id,
            status: 'Finished',
            surveyType: 'Web',
            conversation: { id: conversation.id },
            agent: {
              id: conversation.userId,
              name: agentOf(state.organisation, conversation).name,
            },
            answers: {
              totalScore: survey.score * 10,
              npsScore: survey.score,
              questionGroupScores: [
                {
                  questionGroupId: 'satisfaction',
                  totalScore: survey.score,
                  maxTotalScore: 10,
                  questionScores: [{ questionId: 'why', freeTextAnswer: survey.answer }],
                },
              ],
            },
            completedDate: timeIn(conversation, conversation.seconds),
            selfUri: `/api/v2/quality/surveys/${survey.id}`,
          },
        ],
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/conversations/{conversationId}',
    query: z.strictObject({}),
    body: null,
    permissions: { all: ['recording:recording:view', 'speechAndTextAnalytics:data:view'] },
    handle: ({ path, state }) => {
      const conversation = state.conversation(path['conversationId'] ?? '');
      if (conversation?.sentiment === undefined) throw notFound();
      return {
        status: 200,
        body: {
          conversation: {
            id: conversation.id,
            selfUri: `/api/v2/conversations/${conversation.id}`,
          },
          sentimentScore: conversation.sentiment,
          sentimentTrend: 0,
          sentimentTrendClass: 'NoChange',
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/conversations/{conversationId}/categories',
    query: z.strictObject({
      pageSize: z.coerce.number().int().positive().max(50).default(25),
      pageNumber: z.coerce.number().int().positive().default(1),
    }),
    body: null,
    permissions: { all: ['speechAndTextAnalytics:data:view'] },
    handle: ({ path, query, state }) => {
      const conversation = state.conversation(path['conversationId'] ?? '');
      if (!conversation) throw notFound();
      return { status: 200, body: { entities: [], ...query, total: 0, pageCount: 0 } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/secureattributes',
    query: z.strictObject({}),
    body: null,
    permissions: { all: ['conversation:participant:attributesview'] },
    handle: ({ path, state }) => {
      const { secureAttributes = {} } = storedConversation(state, path['conversationId']);
      return { status: 200, body: { attributes: secureAttributes, version: 1 } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/quality/evaluations/query',
    query: z.strictObject({
      conversationId: z.string(),
      pageSize: z.coerce.number().int().positive().max(100).default(25),
      pageNumber: z.coerce.number().int().positive().default(1),
      expandAnswerTotalScores: z.stringbool().optional(),
      includeDeletedUsers: z.stringbool().optional(),
    }),
    body: null,
    permissions: { all: ['quality:evaluation:view'] },
    handle: ({ query: { conversationId, pageSize, pageNumber }, state }) => {
      const conversation = state.conversation(conversationId);
      // Analytics names an evaluation where there is a survey.
      const entities = conversation?.survey
        ? [
            {
              id: evaluationIdOf(conversation.id),
              conversation: {
                id: conversationId,
                selfUri: `/api/v2/conversations/${conversationId}`,
              },
              status: 'FINISHED',
              answers: { totalScore: 90, comments: 'The customer was helped.' },
            },
          ]
        : [];
      const total = entities.length;
      return { status: 200, body: { entities, pageSize, pageNumber, total, pageCount: 1 } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/summaries',
    query: z.strictObject({}),
    body: null,
    permissions: { all: ['conversation:summary:view'] },
    handle: ({ path, state }) => {
      const conversation = storedConversation(state, path['conversationId']);
      const reference = {
        id: conversation.id,
        selfUri: `/api/v2/conversations/${conversation.id}`,
      };
      if (conversation.summary === undefined)
        return { status: 200, body: { conversation: reference, sessionSummaries: [] } };
      return {
        status: 200,
        body: {
          conversation: reference,
          summary: {
            id: conversation.id,
            status: 'Completed',
            mediaType: 'Call',
            text: conversation.summary,
            language: 'en-us',
            confidence: 0.8,
            dateCreated: timeIn(conversation, conversation.seconds),
          },
          sessionSummaries: [],
        },
      };
    },
  }),
];
