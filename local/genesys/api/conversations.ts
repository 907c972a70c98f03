import { z } from 'zod';
import {
  analyticsView,
  customerAddress,
  endOf,
  timeIn,
  type ParticipantView,
} from '../analytics-view';
import { notFound, operation, type Operation } from '../operation';
import type { OrgConversation } from '../organisation';
import { addressView, agentOf, nameOf } from '../staff';
import type { SimulatorState } from '../state';

type Address = Record<string, string>;

/** The communication object of a participant, under the name of its channel. */
function communication(
  conversation: OrgConversation,
  { id, self, other, customer }: { id: string; self: Address; other: Address; customer: string },
): Record<string, unknown> {
  const common = {
    id,
    state: 'disconnected',
    direction: conversation.direction,
    connectedTime: conversation.start,
    disconnectedTime: endOf(conversation),
    disconnectType: 'client',
    held: false,
  };
  switch (conversation.channel) {
    case 'voice':
      return {
        calls: [
          {
            ...common,
            self,
            other,
            recording: conversation.recordings.some(({ media }) => media === 'audio'),
            recordingState: 'none',
            muted: false,
          },
        ],
      };
    case 'callback':
      return {
        callbacks: [
          {
            ...common,
            callbackNumbers: [conversation.address],
            callbackUserName: customer,
          },
        ],
      };
    case 'email':
      return { emails: [{ ...common, subject: conversation.subject ?? '', messagesSent: 1 }] };
    case 'message':
      return {
        messages: [
          {
            ...common,
            type: 'sms',
            fromAddress: conversation.direction === 'inbound' ? self : other,
            toAddress: conversation.direction === 'inbound' ? other : self,
            messages: conversation.messages.map((message) => ({
              messageId: message.id,
              messageURI: `/api/v2/conversations/messages/${conversation.id}/messages/${message.id}`,
              messageStatus: message.from === 'customer' ? 'received' : 'sent',
              messageSegmentCount: 1,
              messageTime: timeIn(conversation, message.at),
            })),
          },
        ],
      };
    case 'chat':
      return { chats: [{ ...common, recordingId: conversation.recordings[0]?.id ?? '' }] };
  }
}

function conversationView(
  conversation: OrgConversation,
  state: SimulatorState,
): Record<string, unknown> {
  const { organisation } = state;
  const queue = organisation.queues.find((q) => q.id === conversation.queueId);
  const agent = agentOf(organisation, conversation);
  const analytics = analyticsView(conversation, organisation);
  const ownerName = nameOf(organisation, conversation.ownerId) ?? '';
  const outsideName = ({ participantName, purpose }: ParticipantView): string =>
    typeof participantName === 'string'
      ? participantName
      : purpose === 'customer' || purpose === 'external'
        ? ownerName
        : '';
  const outside = (participant: ParticipantView): Address =>
    addressView(
      outsideName(participant),
      (participant.sessions[0]?.['remote'] as string | undefined) ?? customerAddress(conversation),
    );
  const ofAgent = addressView(agent.name, agent.sip);
  const owner = addressView(ownerName, customerAddress(conversation));
  const sidesOf = (participant: ParticipantView): { self: Address; other: Address } =>
    participant.purpose === 'agent'
      ? { self: ofAgent, other: owner }
      : { self: outside(participant), other: ofAgent };
  const time = {
    startTime: conversation.start,
    endTime: endOf(conversation),
    connectedTime: conversation.start,
  };
  return {
    id: conversation.id,
    startTime: conversation.start,
    endTime: endOf(conversation),
    recordingState: 'NONE',
    divisions: [],
    participants: analytics.participants.map((participant) => ({
      id: participant.participantId,
      ...time,
      purpose: participant.purpose,
      ...(participant.purpose === 'agent'
        ? {
            name: agent.name,
            userId: agent.id,
            userUri: `/api/v2/users/${agent.id}`,
            address: agent.sip,
          }
        : { name: outsideName(participant) }),
      ...(participant.purpose === 'acd' || participant.purpose === 'agent'
        ? { queueId: conversation.queueId, queueName: queue?.name ?? '' }
        : { address: participant.sessions[0]?.['remote'] ?? customerAddress(conversation) }),
      ...(participant['externalContactId'] === undefined
        ? {}
        : { externalContactId: participant['externalContactId'] }),
      ...(participant['attributes'] === undefined ? {} : { attributes: participant['attributes'] }),
      ...(participant.purpose === 'agent'
        ? {
            wrapup: {
              code: conversation.wrapUpCode,
              name: conversation.wrapUpCode,
              notes: `Handled by ${agent.name}`,
              durationSeconds: 10,
              endTime: endOf(conversation),
            },
          }
        : {}),
      ...communication(conversation, {
        id: participant.sessions[0]?.sessionId ?? '',
        customer: ownerName,
        ...sidesOf(participant),
      }),
    })),
    selfUri: `/api/v2/conversations/${conversation.id}`,
  };
}

export const conversationOperations: Operation[] = [
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['conversation:communication:view'] },
    handle: ({ path, state }) => {
      const conversation = state.conversation(path['conversationId'] ?? '');
      if (!conversation || conversation.isPurged) throw notFound();
      return { status: 200, body: conversationView(conversation, state) };
    },
  }),
];
