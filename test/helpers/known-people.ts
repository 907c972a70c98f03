import type { ConversationDetails, SourceConversation } from '../../src/core/genesys/conversation';
import type { Fields } from '../../src/core/redaction/fields';
import { PeopleCollector } from '../../src/core/redaction/people/collect';
import { roleOf, type ParticipantRole } from '../../src/core/redaction/people/fields';
import { onlySubject, type KnownPeople } from '../../src/core/redaction/people/known';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { finish } from './mail-masking';

/** By what the person is known in tests of people. */
export interface Person {
  contactIds: string[];
  phones: string[];
  emails: string[];
  names?: string[];
}

/** Documents of one conversation. */
export interface Documents {
  conversation: SourceConversation;
  details?: ConversationDetails;
  /** Whatever else was fetched of it. */
  further?: unknown[];
}

/** What the participants are: the person has one of their contact ids. */
export function rolesOf(
  { conversation }: Documents,
  person: Person,
): (participant: Fields) => ParticipantRole {
  const own = new Set<unknown>(
    conversation.participants
      .filter(({ externalContactId }) => person.contactIds.includes(externalContactId ?? ''))
      .map(({ participantId }) => participantId),
  );
  return (participant) =>
    roleOf(participant, () => own.has(participant['participantId'] ?? participant['id']));
}

/** Everybody who is known from documents. */
export function knownFrom(documents: Documents, person: Person): KnownPeople {
  const collector = new PeopleCollector(onlySubject({ handles: [], ...person }));
  const role = rolesOf(documents, person);
  for (const document of [documents.conversation, documents.details])
    finish(collector.conversation(document, role));
  for (const document of documents.further ?? []) finish(collector.document(document));
  return collector.known;
}

/** Masks whatever is of a conversation, as the export does. */
export function conversationMasks(
  documents: Documents,
  person: Person,
  change: Partial<Policy> = {},
): { sanitiser: Sanitiser; mask: <T>(document: T) => T; text: (text: string) => string } {
  const sanitiser = new Sanitiser({ ...defaultPolicy, ...change }, (id) => `agent-${hash(id)}`, {
    people: knownFrom(documents, person),
  });
  const role = rolesOf(documents, person);
  return {
    sanitiser,
    mask: <T>(document: T): T =>
      sanitiser.document(sanitiser.participants(document as SourceConversation, role)) as T,
    text: (text) => sanitiser.text(text),
  };
}

/** A number for an id, which tells nothing of it. */
const hash = (id: string): string =>
  [...id]
    .reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7)
    .toString(16)
    .padStart(8, '0');
