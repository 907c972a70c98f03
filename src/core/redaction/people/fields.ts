/**
 * What the fields of the source say of people (Platform API: AnalyticsConversation, Conversation, Recording,
 * EmailMessage, MessageData, Survey, AuditLogMessage, Note). It goes by the names that the source documents.
 */

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Fields that hold a user of the company as an object, or a list of users. */
export const userFields = setOf(
  'user users agent createdBy modifiedBy fromUser toUser evaluator assignee assigner author manager ' +
    'initiator lastConnectedUser targetUser supervisor',
);

/** Fields that hold the id of a user, or a list of ids. */
export const userIdFields = setOf(
  'userId userIds agentId agentIds selectedAgentId selectedAgentIds proposedAgentId scoredAgentId ' +
    'evaluatorId assigneeId assignerId screenMonitoredUserId requestedRoutingUserIds sourceUserId ' +
    'targetUserId monitoredUserId coachedUserId createdById modifiedById',
);

/** Fields that hold a contact of the source. */
export const contactFields = setOf('externalContact fromExternalContact toExternalContact');

/** Fields that hold an address of somebody: number, mailbox, SIP address, account. */
export const addressFields = setOf(
  'ani dnis sessionDnis remote address addressFrom addressTo addressSelf addressOther addressRaw ' +
    'addressNormalized addressDisplayable callbackNumber callbackNumbers callerId fromAddress toAddress ' +
    'outboundCallerId destinationAddresses transferTargetAddress videoAddressSelf screenShareAddressSelf ' +
    'from to cc bcc replyTo sender email username jabberId userUri',
);

/** Fields that hold the name of somebody, or of something. */
export const nameFields = setOf(
  'name nameRaw participantName displayName nickname aniName callbackUserName callerIdName ' +
    'remoteNameDisplayable agentName userName preferredName socialUserName transferTargetName',
);

/** Lists of what a participant has communicated by. */
export const communicationFields = setOf(
  'sessions calls callbacks chats cobrowsesessions emails messages internalMessages screenMonitorings ' +
    'screenshares socialExpressions videos',
);

const staffPurposes: ReadonlySet<unknown> = setOf('agent user internal');
/** Programs, queues and lines. */
const systemPurposes: ReadonlySet<unknown> = setOf(
  'acd api botflow campaign dialer fax group inbound ivr manual outbound queue voicemail ' +
    'voicesurveyflow workflow',
);
const outsidePurposes: ReadonlySet<unknown> = setOf('customer external');

/** Whether a purpose is that of staff. */
export const isStaffPurpose = (purpose: unknown): boolean => staffPurposes.has(purpose);

/** What a participant is in a conversation. */
export type ParticipantRole = 'own' | 'other' | 'staff' | 'system';

/**
 * What a participant is. Of whom nobody knows a purpose is taken for staff: there, least is kept.
 * @param isOwn whether it is the person
 */
export function roleOf(
  { purpose, userId }: { purpose?: unknown; userId?: unknown },
  isOwn: () => boolean,
): ParticipantRole {
  if (outsidePurposes.has(purpose)) return isOwn() ? 'own' : 'other';
  if (typeof userId === 'string' && userId !== '') return 'staff';
  const isSystem = purpose === undefined || purpose === null || systemPurposes.has(purpose);
  return isSystem ? 'system' : 'staff';
}
