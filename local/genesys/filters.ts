import type { ConversationView, ParticipantView, SegmentView, SessionView } from './analytics-view';
import { badRequest } from './operation';

export interface Predicate {
  type?: string | undefined;
  dimension?: string | undefined;
  operator?: string | undefined;
  value?: string | undefined;
}
export interface Filter {
  type: 'and' | 'or';
  clauses?: { type: 'and' | 'or'; predicates: Predicate[] }[] | undefined;
  predicates?: Predicate[] | undefined;
}

type Row = { participant: ParticipantView; session: SessionView; segment: SegmentView };

/** Where each segment dimension is found. One that is missing here is refused, not ignored. */
const segmentDimensions: Record<string, (row: Row) => unknown> = {
  externalContactId: ({ participant }) => participant['externalContactId'],
  // The simulator's conversations carry canonical ids, or ids that were merged later.
  canonicalExternalContactId: ({ participant }) => participant['externalContactId'],
  participantName: ({ participant }) => participant['participantName'],
  purpose: ({ participant }) => participant.purpose,
  userId: ({ participant }) => participant['userId'],
  ani: ({ session }) => session['ani'],
  dnis: ({ session }) => session['dnis'],
  sessionDnis: ({ session }) => session['sessionDnis'],
  remote: ({ session }) => session['remote'],
  addressFrom: ({ session }) => session['addressFrom'],
  addressTo: ({ session }) => session['addressTo'],
  callbackNumber: ({ session }) => session['callbackNumbers'],
  mediaType: ({ session }) => session.mediaType,
  messageType: ({ session }) => session['messageType'],
  direction: ({ session }) => session['direction'],
  recording: ({ session }) => session['recording'],
  conference: ({ segment }) => segment['conference'],
  queueId: ({ segment }) => segment['queueId'],
  segmentType: ({ segment }) => segment.segmentType,
  subject: ({ segment }) => segment['subject'],
  wrapUpCode: ({ segment }) => segment['wrapUpCode'],
};
const conversationDimensions: Record<string, (conversation: ConversationView) => unknown> = {
  conversationId: (conversation) => conversation.conversationId,
  conversationStart: (conversation) => conversation['conversationStart'],
  conversationEnd: (conversation) => conversation['conversationEnd'],
  originatingDirection: (conversation) => conversation['originatingDirection'],
  divisionId: (conversation) => conversation['divisionIds'],
};

function holds(predicate: Predicate, values: unknown[]): boolean {
  const present = values.filter((value) => value !== undefined);
  switch (predicate.operator ?? 'matches') {
    case 'exists':
      return present.length > 0;
    case 'notExists':
      return present.length === 0;
    default:
      return present.some((value) => `${value as string | boolean}` === predicate.value);
  }
}

function evaluate<T>(
  filter: Filter,
  subject: T,
  dimensions: Record<string, (subject: T) => unknown>,
): boolean {
  const test = (predicate: Predicate): boolean => {
    if ((predicate.type ?? 'dimension') !== 'dimension') {
      throw badRequest(`Predicates of type ${String(predicate.type)} are not simulated.`);
    }
    const read = dimensions[predicate.dimension ?? ''];
    if (!read)
      throw badRequest(`Dimension [${String(predicate.dimension)}] is not valid.`, 'invalid.value');
    return holds(predicate, [read(subject)].flat());
  };
  const combine = (type: 'and' | 'or', results: boolean[]): boolean =>
    type === 'and' ? results.every(Boolean) : results.some(Boolean);
  return combine(filter.type, [
    ...(filter.predicates ?? []).map(test),
    ...(filter.clauses ?? []).map((clause) => combine(clause.type, clause.predicates.map(test))),
  ]);
}

/** Whether a conversation passes all filters; the segment filters must hold on one same segment. */
export function matches(
  conversation: ConversationView,
  conversationFilters: Filter[],
  segmentFilters: Filter[],
): boolean {
  if (!conversationFilters.every((f) => evaluate(f, conversation, conversationDimensions)))
    return false;
  if (segmentFilters.length === 0) return true;
  return conversation.participants.some((participant) =>
    participant.sessions.some((session) =>
      session.segments.some((segment) =>
        segmentFilters.every((f) =>
          evaluate(f, { participant, session, segment }, segmentDimensions),
        ),
      ),
    ),
  );
}
