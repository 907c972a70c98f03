import type { OrgConversation, Organisation } from './organisation';
import { agentOf, colleagueOf, nameOf } from './staff';

export interface SegmentView {
  segmentType: string;
  segmentStart: string;
  segmentEnd: string;
  [field: string]: unknown;
}
export interface SessionView {
  sessionId: string;
  mediaType: string;
  segments: SegmentView[];
  [field: string]: unknown;
}
export interface ParticipantView {
  participantId: string;
  purpose: string;
  sessions: SessionView[];
  [field: string]: unknown;
}
export interface ConversationView {
  conversationId: string;
  participants: ParticipantView[];
  [field: string]: unknown;
}

const hexFrom = (id: string, digit: string): string => `${digit}${id.slice(1)}`;
/** Id of the evaluation of a conversation. */
export const evaluationIdOf = (conversationId: string): string => hexFrom(conversationId, 'e');

export const endOf = (conversation: OrgConversation): string =>
  new Date(Date.parse(conversation.start) + conversation.seconds * 1000).toISOString();

/** The time so many seconds after the start of a conversation. */
export const timeIn = (conversation: OrgConversation, seconds: number): string =>
  new Date(Date.parse(conversation.start) + seconds * 1000).toISOString();

/** How an address is written in each channel: `tel:` before numbers, mailboxes bare. */
export const customerAddress = ({ channel, address }: OrgConversation): string =>
  channel === 'voice' || channel === 'callback' ? `tel:${address}` : address;

const mediaType = (channel: OrgConversation['channel']): string => channel;

/** Further people outside the company, whom an agent has called. */
function conferenceOf(
  conversation: OrgConversation,
  organisation: Organisation,
): ParticipantView[] {
  const { serviceNumber } = organisation;
  const { further = [], id, communicationId, start } = conversation;
  return further.map(({ ownerId, linked, address }, i) => ({
    participantId: hexFrom(id, String(i + 5)),
    purpose: 'external',
    participantName: nameOf(organisation, ownerId) ?? 'Third Person',
    ...(linked ? { externalContactId: ownerId } : {}),
    sessions: [
      {
        sessionId: hexFrom(communicationId, String(i + 5)),
        mediaType: 'voice',
        direction: 'outbound',
        ani: `tel:${serviceNumber}`,
        dnis: `tel:${address}`,
        sessionDnis: `tel:${address}`,
        remote: `tel:${address}`,
        segments: [
          {
            segmentType: 'interact',
            segmentStart: start,
            segmentEnd: endOf(conversation),
            conference: true,
          },
        ],
      },
    ],
  }));
}

/** A conversation as an analytics details job reports it (AnalyticsConversation). */
export function analyticsView(
  conversation: OrgConversation,
  organisation: Organisation,
): ConversationView {
  const end = endOf(conversation);
  const { channel, direction, recordings } = conversation;
  const customer = customerAddress(conversation);
  const own =
    channel === 'email'
      ? organisation.serviceMailbox
      : conversation.network === undefined
        ? `tel:${organisation.serviceNumber}`
        : organisation.id;
  const [from, to] = direction === 'inbound' ? [customer, own] : [own, customer];
  const addresses =
    channel === 'voice' || channel === 'callback'
      ? { ani: from, dnis: to, sessionDnis: to, remote: customer }
      : {
          addressFrom: from,
          addressTo: to,
          remote: customer,
          ...(channel === 'message' ? { messageType: conversation.network ?? 'sms' } : {}),
        };
  const segment = (segmentType: string, extra: object = {}): SegmentView => ({
    segmentType,
    segmentStart: conversation.start,
    segmentEnd: end,
    conference: false,
    ...extra,
  });
  const session = (
    sessionId: string,
    peerId: string | null,
    segments: SegmentView[],
    extra: object = {},
  ): SessionView => ({
    sessionId,
    mediaType: mediaType(channel),
    direction,
    ...addresses,
    ...extra,
    ...(channel === 'callback' ? { callbackNumbers: [conversation.address] } : {}),
    ...(peerId === null ? {} : { peerId }),
    recording: recordings.some(({ media }) => media !== 'screen'),
    segments,
  });
  const agent = agentOf(organisation, conversation);
  const colleague = colleagueOf(organisation, conversation);
  const queue = organisation.queues.find(({ id }) => id === conversation.queueId);
  const selected = { selectedAgentId: agent.id, selectedAgentRank: 1 };
  const subject = conversation.subject === undefined ? {} : { subject: conversation.subject };
  return {
    conversationId: conversation.id,
    conversationStart: conversation.start,
    conversationEnd: end,
    originatingDirection: direction,
    divisionIds: [],
    ...(conversation.survey
      ? {
          surveys: [
            {
              surveyId: conversation.survey.id,
              surveyType: 'Web',
              surveyStatus: 'Finished',
              eventTime: end,
              surveyCompletedDate: end,
              surveyFormName: 'After the call',
              surveyPromoterScore: conversation.survey.score,
              queueId: conversation.queueId,
              userId: conversation.userId,
            },
          ],
        }
      : {}),
    ...(conversation.survey
      ? {
          evaluations: [
            {
              evaluationId: evaluationIdOf(conversation.id),
              evaluatorId: colleague.id,
              userId: agent.id,
              queueId: conversation.queueId,
              formName: 'Calls',
              released: true,
            },
          ],
        }
      : {}),
    participants: [
      {
        participantId: hexFrom(conversation.id, '1'),
        purpose: direction === 'inbound' ? 'customer' : 'external',
        ...(conversation.linked ? { externalContactId: conversation.ownerId } : {}),
        screenRecording: recordings.some(({ media }) => media === 'screen'),
        sessions: [
          session(conversation.communicationId, null, [segment('interact', subject)], selected),
        ],
        attributes: conversation.attributes,
      },
      ...conferenceOf(conversation, organisation),
      ...(conversation.isVoicemail
        ? [
            {
              participantId: hexFrom(conversation.id, '4'),
              purpose: 'voicemail',
              sessions: [
                session(hexFrom(conversation.communicationId, '4'), conversation.communicationId, [
                  segment('voicemail', { queueId: conversation.queueId }),
                ]),
              ],
            },
          ]
        : []),
      {
        participantId: hexFrom(conversation.id, '2'),
        purpose: 'acd',
        participantName: queue?.name ?? '',
        sessions: [
          session(
            hexFrom(conversation.communicationId, '2'),
            conversation.communicationId,
            [segment('interact', { queueId: conversation.queueId })],
            {
              ...selected,
              proposedAgents: [{ agentRank: 1, proposedAgentId: agent.id }],
              destinationAddresses: [agent.sip],
            },
          ),
        ],
      },
      {
        participantId: hexFrom(conversation.id, '3'),
        purpose: 'agent',
        userId: conversation.userId,
        participantName: agent.name,
        sessions: [
          session(
            hexFrom(conversation.communicationId, '3'),
            conversation.communicationId,
            [
              segment('interact', { queueId: conversation.queueId }),
              segment('wrapup', {
                queueId: conversation.queueId,
                wrapUpCode: conversation.wrapUpCode,
                wrapUpNote: `Handled by ${agent.name}`,
              }),
            ],
            channel === 'email'
              ? { addressSelf: agent.mailbox, addressOther: customer, cc: [colleague.mailbox] }
              : { remoteNameDisplayable: customer },
          ),
        ],
      },
    ],
  };
}
