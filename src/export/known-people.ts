import { FileRefusedError } from '../core/errors';
import {
  channelsOf,
  evaluationsOf,
  surveysOf,
  type ConversationDetails,
  type SourceConversation,
} from '../core/genesys/conversation';
import { attempt, parseJson } from '../core/genesys/reading';
import { assertDetails } from '../core/genesys/shapes';
import type { UnreadableReason } from '../core/package/items';
import type { PageConversation } from '../core/package/page';
import type { Fields } from '../core/redaction/fields';
import { PeopleCollector } from '../core/redaction/people/collect';
import { roleOf, type ParticipantRole } from '../core/redaction/people/fields';
import { onlySubject, type KnownPeople } from '../core/redaction/people/known';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { isOwnParticipant } from '../core/subject/matching';
import type { Source } from '../ports';
import type { EmailConversation, EmailServices } from './emails';
import { collect } from './entries';
import { inPieces } from './masking';
import { messageIdsOf, transcriptAddresses, urlAgain } from './texts';

type TextCalls = EmailServices['source'];

/** A call of which an answer may be fetched ahead: whoever asks first is given that, later ones a new one. */
function ahead<Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) {
  const answers = new Map<string, { answer: Answer }>();
  const keyOf = (given: Given): string => JSON.stringify(given);
  return {
    fetch: async (...given: Given): Promise<Answer> => {
      const answer = await call(...given);
      answers.set(keyOf(given), { answer });
      return answer;
    },
    ask: (...given: Given): Promise<Answer> => {
      const known = answers.get(keyOf(given));
      answers.delete(keyOf(given));
      return known === undefined ? call(...given) : Promise.resolve(known.answer);
    },
  };
}

/** Files of which the content was fetched ahead, or why the source refuses them. */
class FilesAhead {
  private readonly contents = new Map<string, Buffer | FileRefusedError>();

  constructor(private readonly source: Pick<TextCalls, 'download'>) {}

  async fetch(...given: Parameters<TextCalls['download']>): Promise<Buffer | null> {
    try {
      const content = await collect(this.source.download(...given));
      this.contents.set(given[0], content);
      return content;
    } catch (error) {
      if (!(error instanceof FileRefusedError)) throw error;
      this.contents.set(given[0], error);
      return null;
    }
  }

  async *ask(...given: Parameters<TextCalls['download']>): AsyncGenerator<Buffer> {
    const content = this.contents.get(given[0]);
    this.contents.delete(given[0]);
    if (content === undefined) yield* this.source.download(...given);
    else if (content instanceof FileRefusedError) throw content;
    else yield content;
  }
}

/** The calls for texts, as they are fetched ahead, and as they are asked for later. */
function textCalls(source: TextCalls): { fetch: TextCalls; later: TextCalls; files: FilesAhead } {
  const files = new FilesAhead(source);
  const transcriptUrls = ahead((...of: Parameters<TextCalls['transcriptUrls']>) =>
    source.transcriptUrls(...of),
  );
  const listEmails = ahead((id: string) => source.listEmails(id));
  const email = ahead((id: string, emailId: string) => source.email(id, emailId));
  const messages = ahead((id: string, ids: string[]) => source.messages(id, ids));
  const surveys = ahead((id: string) => source.surveys(id));
  const evaluations = ahead((id: string) => source.evaluations(id));
  const others = {
    download: (...given: Parameters<TextCalls['download']>) => files.ask(...given),
    sentiment: (id: string) => source.sentiment(id),
    summary: (id: string) => source.summary(id),
    secureAttributes: (id: string) => source.secureAttributes(id),
  };
  const calls = { transcriptUrls, listEmails, email, messages, surveys, evaluations };
  const all = (way: 'fetch' | 'ask') => ({
    transcriptUrls: calls.transcriptUrls[way],
    listEmails: calls.listEmails[way],
    email: calls.email[way],
    messages: calls.messages[way],
    surveys: calls.surveys[way],
    evaluations: calls.evaluations[way],
  });
  return { fetch: { ...others, ...all('fetch') }, later: { ...others, ...all('ask') }, files };
}

/** Tells what the participants of a conversation are, by their ids, in every document of it. */
export function rolesIn(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
): (participant: Fields) => ParticipantRole {
  const own = conversation.participants.filter((one) => isOwnParticipant(one, subject));
  const ownIds = new Set<unknown>(own.map(({ participantId }) => participantId));
  return (participant) =>
    roleOf(participant, () => ownIds.has(participant['participantId'] ?? participant['id']));
}

/** A conversation of which everybody is collected. */
type Collected = Pick<EmailConversation, 'services' | 'entry' | 'details' | 'recordings'> & {
  subject: SubjectIdentifiers;
};

/**
 * Fetches what was said and written in a conversation, and takes note of everybody in it.
 * @returns the same conversation, whose source gives what was fetched, and everybody who is known
 */
export async function fetchAhead(
  given: Omit<EmailConversation, 'subject'> & { subject: SubjectIdentifiers },
): Promise<{ from: EmailConversation; people: KnownPeople }> {
  const { services } = given;
  const { fetch, later, files } = textCalls(services.source);
  const people = await everybodyIn({ ...given, services: { ...services, source: fetch } }, files);
  return { from: { ...given, services: { ...services, source: later } }, people };
}

/** Everybody who is known from a conversation that was exported before: the same as then. */
export async function peopleAgain(
  services: EmailServices & { source: Pick<Source, 'conversation' | 'listRecordings'> },
  entry: PageConversation,
  subject: SubjectIdentifiers,
): Promise<KnownPeople> {
  const id = entry.conversation.conversationId;
  const { details } = readDetails(await services.source.conversation(id));
  const recordings = await services.source.listRecordings(id);
  const files = new FilesAhead(services.source);
  return everybodyIn({ services, entry, details, recordings, subject }, files);
}

/** Everybody in what is known, said and written of a conversation, all of which is fetched. */
async function everybodyIn(of: Collected, files: FilesAhead): Promise<KnownPeople> {
  const { conversation } = of.entry;
  const collector = new PeopleCollector(onlySubject(of.subject));
  const role = rolesIn(conversation, of.subject);
  for (const document of [conversation, of.details])
    await inPieces(collector.conversation(document, role));
  for await (const document of textsOf(of, files)) await inPieces(collector.document(document));
  return collector.known;
}

/** Details as far as they can be processed. */
export function readDetails(given: ConversationDetails | null): {
  details: ConversationDetails | null;
  problem: UnreadableReason | null;
} {
  const read = attempt(() => {
    if (given !== null) assertDetails(given);
    return given;
  });
  return 'problem' in read
    ? { details: null, problem: read.problem }
    : { details: read.value, problem: null };
}

/** Fetches every document of what was said and written. */
async function* textsOf(
  { services, entry, details, recordings }: Collected,
  files: FilesAhead,
): AsyncGenerator {
  const { conversation } = entry;
  const { source } = services;
  const id = conversation.conversationId;
  const channels = channelsOf(conversation);
  if (recordings.some(({ media }) => media === 'audio'))
    for (const [recordingId, url] of await transcriptAddresses({ services, entry })) {
      const content = await files.fetch(url, 'any', () =>
        urlAgain({ services, entry }, recordingId),
      );
      const read = content === null ? null : attempt(() => parseJson(content));
      if (read !== null && 'value' in read) yield read.value;
    }
  if (channels.has('email'))
    for (const emailId of await source.listEmails(id)) yield await source.email(id, emailId);
  const messageIds = channels.has('message') ? messageIdsOf(details) : [];
  if (messageIds.length > 0) yield await source.messages(id, messageIds);
  if (surveysOf(conversation).length > 0) yield await source.surveys(id);
  if (services.settings.export.evaluations && evaluationsOf(conversation).length > 0)
    yield await source.evaluations(id);
}
