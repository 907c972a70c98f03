import type {
  ConversationDetails,
  SourceConversation,
  SourceParticipant,
} from '../genesys/conversation';
import type { Fields } from './fields';

/** Fields of a participant or session by which somebody could be told. */
const addressFields = new Set([
  ...['ani', 'aniName', 'dnis', 'sessionDnis', 'remote', 'remoteNameDisplayable', 'address'],
  ...['addressFrom', 'addressTo', 'addressSelf', 'addressOther', 'callbackNumbers'],
  ...['callbackUserName', 'participantName', 'name', 'attributes'],
]);

/**
 * A conversation in which nobody else from outside can be told any more.
 * @param isOwn tells the person's own participants from those of others
 * @param note is called for each participant that was masked
 */
export function withoutOtherPeople<T extends SourceConversation | ConversationDetails>(
  conversation: T,
  isOwn: (participant: SourceParticipant) => boolean,
  note: () => void,
): T {
  const { participants } = conversation as { participants?: SourceParticipant[] };
  if (!participants) return conversation;
  const masked = participants.map((participant) => {
    const isOutside = participant.purpose === 'customer' || participant.purpose === 'external';
    if (!isOutside || isOwn(participant)) return participant;
    note();
    return {
      ...withoutAddresses(participant),
      ...(participant.sessions
        ? { sessions: participant.sessions.map((session) => withoutAddresses(session)) }
        : {}),
    };
  });
  return { ...conversation, participants: masked };
}

const withoutAddresses = (value: Fields): Fields =>
  Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      !addressFields.has(name)
        ? inner
        : typeof inner === 'string'
          ? '[another person]'
          : Array.isArray(inner)
            ? []
            : {},
    ]),
  );
