import {
  AnalyticsApi,
  ConversationsApi,
  ExternalContactsApi,
  RecordingApi,
  SpeechTextAnalyticsApi,
} from 'purecloud-platform-client-v2';
import type { SourceConversation } from '../../core/conversation';
import { SourceError } from '../../core/errors';
import type { ConversationDetails } from '../../core/flatten';
import type { Contact, Identifier } from '../../core/identity';
import type { SubjectFilter } from '../../core/matching';
import type { SearchWindow } from '../../core/windows';
import type { AudioFormat, RecordingListing, SearchState, Source } from '../../ports';
import type { Answer, GenesysClient } from './client';
import { contactOf, type SourceContact } from './contact';
import { download } from './download';

const resultsPageSize = 500;

/** Genesys Cloud through its SDK. */
export class GenesysSource implements Source {
  private readonly contacts: ExternalContactsApi;
  private readonly analytics: AnalyticsApi;
  private readonly conversations: ConversationsApi;
  private readonly recordings: RecordingApi;
  private readonly speech: SpeechTextAnalyticsApi;

  constructor(private readonly client: GenesysClient) {
    this.contacts = new ExternalContactsApi(client.sdk);
    this.analytics = new AnalyticsApi(client.sdk);
    this.conversations = new ConversationsApi(client.sdk);
    this.recordings = new RecordingApi(client.sdk);
    this.speech = new SpeechTextAnalyticsApi(client.sdk);
  }

  async lookUpContact({ type, value }: Identifier): Promise<Contact | null> {
    const identifier = { type: type === 'email' ? 'Email' : 'Phone', value };
    const answer = await this.client.call<SourceContact>(() =>
      this.contacts.postExternalcontactsIdentifierlookupContacts(identifier, {
        expand: ['identifiers'],
      }),
    );
    return answer.status === 404 ? null : contactOf(body(answer));
  }

  async submitSearch(window: SearchWindow, filter: SubjectFilter): Promise<string | null> {
    const answer = await this.client.call<{ jobId: string }>(() =>
      this.analytics.postAnalyticsConversationsDetailsJobs({
        interval: `${window.from}/${window.to}`,
        order: 'asc',
        orderBy: 'conversationStart',
        startOfDayIntervalMatching: true,
        segmentFilters: [filter],
      }),
    );
    return answer.status === 400 ? null : body(answer).jobId;
  }

  async searchState(jobId: string): Promise<SearchState> {
    const answer = await this.client.call<{ state: string }>(() =>
      this.analytics.getAnalyticsConversationsDetailsJob(jobId),
    );
    if (answer.status === 404) return 'failed';
    const { state } = body(answer);
    if (state === 'FULFILLED') return 'fulfilled';
    return state === 'QUEUED' || state === 'PENDING' ? 'running' : 'failed';
  }

  async searchResults(
    jobId: string,
    cursor: string | null,
  ): Promise<{ conversations: SourceConversation[]; cursor: string | null }> {
    const answer = await this.client.call<{
      conversations?: SourceConversation[];
      cursor?: string;
    }>(() =>
      this.analytics.getAnalyticsConversationsDetailsJobResults(jobId, {
        pageSize: resultsPageSize,
        ...(cursor === null ? {} : { cursor }),
      }),
    );
    const page = body(answer);
    return { conversations: page.conversations ?? [], cursor: page.cursor ?? null };
  }

  async deleteSearch(jobId: string): Promise<void> {
    await this.client.call(() => this.analytics.deleteAnalyticsConversationsDetailsJob(jobId));
  }

  async retention(): Promise<{ days: number; now: Date }> {
    const answer = await this.client.call<{ retentionDays: number }>(() =>
      this.analytics.getAnalyticsDataretentionSettings(),
    );
    return { days: body(answer).retentionDays, now: answer.date };
  }

  async conversation(conversationId: string): Promise<ConversationDetails | null> {
    const answer = await this.client.call<ConversationDetails>(() =>
      this.conversations.getConversation(conversationId),
    );
    return answer.status === 404 ? null : body(answer);
  }

  async listRecordings(conversationId: string): Promise<RecordingListing[]> {
    const answer = await this.client.call<{ id: string; media?: string }[]>(() =>
      this.recordings.getConversationRecordingmetadata(conversationId),
    );
    if (answer.status === 404) return [];
    return body(answer).map(({ id, media }) => ({ recordingId: id, media: media ?? 'audio' }));
  }

  async requestAudio(
    conversationId: string,
    recordingId: string,
    format: AudioFormat,
  ): Promise<{ kind: 'ready'; url: string } | { kind: 'preparing' } | { kind: 'missing' }> {
    const answer = await this.client.call<{ mediaUris?: Record<string, { mediaUri: string }> }>(
      () =>
        this.recordings.getConversationRecording(conversationId, recordingId, {
          formatId: format.toUpperCase(),
          // One merged file; without it the answer has a file for each channel.
          download: true,
        }),
    );
    if (answer.status === 404) return { kind: 'missing' };
    if (answer.status === 202) return { kind: 'preparing' };
    const uris = body(answer).mediaUris ?? {};
    const [single, ...rest] = Object.values(uris);
    const merged = uris['S'] ?? (rest.length === 0 ? single : undefined);
    // Several files where one was asked for: taking any of them would lose the others silently.
    if (!merged && rest.length > 0) {
      throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
    }
    return merged ? { kind: 'ready', url: merged.mediaUri } : { kind: 'missing' };
  }

  async transcriptUrls(
    conversationId: string,
    communicationId: string,
  ): Promise<{ recordingId: string; url: string }[]> {
    const answer = await this.client.call<{
      urls?: { recording?: { id?: string }; url?: string }[];
    }>(() =>
      this.speech.getSpeechandtextanalyticsConversationCommunicationTranscripturls(
        conversationId,
        communicationId,
      ),
    );
    if (answer.status === 404) return [];
    return (body(answer).urls ?? []).flatMap(({ recording, url }) =>
      url === undefined ? [] : [{ recordingId: recording?.id ?? '', url }],
    );
  }

  download(url: string): AsyncIterable<Buffer> {
    return download(url);
  }
}

/** @throws SourceError when an answer that must have a body has none, or was a refusal */
function body<T>(answer: Answer<T>): T {
  if (answer.body !== undefined) return answer.body;
  throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
}
