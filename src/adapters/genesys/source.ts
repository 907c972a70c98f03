import {
  AnalyticsApi,
  AuditApi,
  ConversationsApi,
  ExternalContactsApi,
  GeneralDataProtectionRegulationApi,
  OutboundApi,
  QualityApi,
  RecordingApi,
  SpeechTextAnalyticsApi,
} from 'purecloud-platform-client-v2';
import type { AuditQuery } from '../../core/audits';
import type { SourceConversation } from '../../core/conversation';
import { SourceError } from '../../core/errors';
import type { ConversationDetails } from '../../core/flatten';
import type { Contact, Identifier } from '../../core/identity';
import type { SubjectFilter } from '../../core/matching';
import type { SearchWindow } from '../../core/windows';
import type {
  AudioFormat,
  CampaignContactRef,
  RecordingListing,
  RecordingMedia,
  RequestedRecording,
  SearchState,
  Source,
  SourceEmail,
  SourceMessage,
  SourceNote,
} from '../../ports';
import type { Answer, GenesysClient } from './client';
import { contactOf, type SourceContact } from './contact';
import { download } from './download';

const resultsPageSize = 500;
const contactsPageSize = 100;
/** The contacts call gives the first 1,000 records and no more. */
const contactsLimit = 1000;
const messagesPageSize = 1000;
const notesPageSize = 100;
/** The notes call gives the first 1,000 records and no more. */
const notesLimit = 1000;
const nobody = '00000000-0000-0000-0000-000000000000';
const nobodysMail = 'nobody@permission-probe.invalid';

const knownMedia: readonly string[] = ['audio', 'screen', 'chat', 'messaging', 'email'];
const mediaOf = (media: string | undefined): RecordingMedia =>
  media === undefined
    ? 'audio'
    : knownMedia.includes(media)
      ? (media as RecordingMedia)
      : media === 'message'
        ? 'messaging'
        : 'other';
const fileStates: Record<string, RecordingListing['file']> = {
  ARCHIVED: 'archived',
  RESTORING: 'archived',
  DELETED: 'deleted',
  ERROR: 'broken',
};

/** Genesys Cloud through its SDK. */
export class GenesysSource implements Source {
  private readonly contacts: ExternalContactsApi;
  private readonly analytics: AnalyticsApi;
  private readonly conversations: ConversationsApi;
  private readonly recordings: RecordingApi;
  private readonly speech: SpeechTextAnalyticsApi;
  private readonly quality: QualityApi;
  private readonly gdpr: GeneralDataProtectionRegulationApi;
  private readonly outbound: OutboundApi;
  private readonly audits: AuditApi;

  constructor(private readonly client: GenesysClient) {
    this.contacts = new ExternalContactsApi(client.sdk);
    this.analytics = new AnalyticsApi(client.sdk);
    this.conversations = new ConversationsApi(client.sdk);
    this.recordings = new RecordingApi(client.sdk);
    this.speech = new SpeechTextAnalyticsApi(client.sdk);
    this.quality = new QualityApi(client.sdk);
    this.gdpr = new GeneralDataProtectionRegulationApi(client.sdk);
    this.outbound = new OutboundApi(client.sdk);
    this.audits = new AuditApi(client.sdk);
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

  async searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }> {
    const found: Contact[] = [];
    for (let pageNumber = 1; ; pageNumber += 1) {
      const answer = await this.client.call<{
        entities?: SourceContact[];
        pageCount?: number;
        total?: number;
        partialResults?: boolean;
      }>(() =>
        this.contacts.getExternalcontactsContacts({
          q: keywords,
          pageSize: contactsPageSize,
          pageNumber,
          expand: ['identifiers'],
        }),
      );
      const page = body(answer);
      found.push(...(page.entities ?? []).map(contactOf));
      const isLimit = pageNumber * contactsPageSize >= contactsLimit;
      if (pageNumber >= (page.pageCount ?? 1) || isLimit) {
        const isPartial = page.partialResults === true || (page.total ?? 0) > contactsLimit;
        return { contacts: found, isPartial };
      }
    }
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
    const answer = await this.client.call<{ id: string; media?: string; fileState?: string }[]>(
      () => this.recordings.getConversationRecordingmetadata(conversationId),
    );
    if (answer.status === 404) return [];
    return body(answer).map(({ id, media, fileState }) => ({
      recordingId: id,
      media: mediaOf(media),
      file: fileStates[fileState ?? ''] ?? 'available',
    }));
  }

  async requestRecording(
    conversationId: string,
    { recordingId, media }: Pick<RecordingListing, 'recordingId' | 'media'>,
    format: AudioFormat,
  ): Promise<RequestedRecording> {
    const answer = await this.client.call<{
      mediaUris?: Record<string, { mediaUri: string }>;
      transcript?: unknown[];
      messagingTranscript?: unknown[];
    }>(() =>
      this.recordings.getConversationRecording(conversationId, recordingId, {
        // One merged file; without `download` the answer has a file for each channel.
        ...(media === 'audio' ? { formatId: format.toUpperCase(), download: true } : {}),
        ...(media === 'email' ? { emailFormatId: 'EML' } : {}),
        ...(media === 'chat' ? { chatFormatId: 'NONE' } : {}),
        ...(media === 'messaging' ? { messageFormatId: 'NONE' } : {}),
      }),
    );
    if (answer.status === 404) return { kind: 'missing' };
    if (answer.status === 202) return { kind: 'preparing' };
    const recording = body(answer);
    if (media === 'chat' || media === 'messaging') {
      const text = media === 'chat' ? recording.transcript : recording.messagingTranscript;
      return text === undefined ? { kind: 'missing' } : { kind: 'document', document: recording };
    }
    const uris = recording.mediaUris ?? {};
    const [single, ...rest] = Object.values(uris);
    const merged = uris['S'] ?? (rest.length === 0 ? single : undefined);
    // Several files where one was asked for: taking any of them would lose the others silently.
    if (!merged && rest.length > 0) {
      throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
    }
    return merged ? { kind: 'file', url: merged.mediaUri } : { kind: 'missing' };
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

  async listEmails(conversationId: string): Promise<string[]> {
    const answer = await this.client.call<{ entities?: { id?: string }[] }>(() =>
      this.conversations.getConversationsEmailMessages(conversationId),
    );
    if (answer.status === 404) return [];
    return (body(answer).entities ?? []).flatMap(({ id }) => id ?? []);
  }

  async email(conversationId: string, emailId: string): Promise<SourceEmail | null> {
    const answer = await this.client.call<SourceEmail>(() =>
      this.conversations.getConversationsEmailMessage(conversationId, emailId),
    );
    return answer.status === 404 ? null : body(answer);
  }

  async messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]> {
    const found: SourceMessage[] = [];
    for (let i = 0; i < messageIds.length; i += messagesPageSize) {
      const page = messageIds.slice(i, i + messagesPageSize);
      const answer = await this.client.call<{ entities?: SourceMessage[] }>(() =>
        this.conversations.postConversationsMessageMessagesBulk(conversationId, {
          body: page,
        }),
      );
      if (answer.status !== 404) found.push(...(body(answer).entities ?? []));
    }
    return found;
  }

  async surveys(conversationId: string): Promise<{ id?: string }[]> {
    const answer = await this.client.call<{ id?: string }[]>(() =>
      this.quality.getQualityConversationSurveys(conversationId),
    );
    return answer.status === 404 ? [] : body(answer);
  }

  async summary(conversationId: string): Promise<unknown> {
    const answer = await this.client.call<unknown>(() =>
      this.conversations.getConversationSummaries(conversationId),
    );
    return answer.status === 404 ? null : body(answer);
  }

  async notes(
    contactId: string,
  ): Promise<{ notes: SourceNote[]; total: number; isWhole: boolean }> {
    const notes: SourceNote[] = [];
    let isWhole = true;
    for (let pageNumber = 1; ; pageNumber += 1) {
      const answer = await this.client.call<{
        entities?: SourceNote[];
        total?: number;
        pageCount?: number;
        partialResults?: boolean;
      }>(() =>
        this.contacts.getExternalcontactsContactNotes(contactId, {
          pageSize: notesPageSize,
          pageNumber,
          sortOrder: 'createDate:asc',
          expand: ['mergeset'],
        }),
      );
      if (answer.status === 404) return { notes: [], total: 0, isWhole: true };
      const page = body(answer);
      notes.push(...(page.entities ?? []));
      isWhole &&= page.partialResults !== true;
      const isLast = pageNumber >= (page.pageCount ?? 1);
      if (isLast || pageNumber * notesPageSize >= notesLimit) {
        return { notes, total: page.total ?? notes.length, isWhole };
      }
    }
  }

  async journeySessions(contactId: string): Promise<{ id?: string }[]> {
    const sessions: { id?: string }[] = [];
    let after: string | null = null;
    do {
      const from: string | null = after;
      const answer: Answer<{ entities?: { id?: string }[]; nextUri?: string }> =
        await this.client.call(() =>
          this.contacts.getExternalcontactsContactJourneySessions(contactId, {
            pageSize: '200',
            includeMerged: true,
            ...(from === null ? {} : { after: from }),
          }),
        );
      if (answer.status === 404) return sessions;
      const page = body(answer);
      sessions.push(...(page.entities ?? []));
      after =
        page.nextUri === undefined
          ? null
          : new URL(page.nextUri, 'https://api').searchParams.get('after');
    } while (after !== null);
    return sessions;
  }

  async campaignContacts({ type, value }: Identifier): Promise<CampaignContactRef[]> {
    const answer = await this.client.call<{
      entities?: { dialerContactId?: CampaignContactRef }[];
    }>(() => this.gdpr.getGdprSubjects(type === 'email' ? 'EMAIL' : 'PHONE', value));
    if (answer.status === 404) return [];
    return (body(answer).entities ?? []).flatMap(({ dialerContactId }) => dialerContactId ?? []);
  }

  async campaignContact({ id, contactListId }: CampaignContactRef): Promise<unknown> {
    const answer = await this.client.call<unknown>(() =>
      this.outbound.getOutboundContactlistContact(contactListId, id),
    );
    return answer.status === 404 ? null : body(answer);
  }

  async submitAuditQuery({ window, entityType, entityId }: AuditQuery): Promise<string | null> {
    const answer = await this.client.call<{ id?: string }>(() =>
      this.audits.postAuditsQuery({
        interval: `${window.from}/${window.to}`,
        serviceName: 'ExternalContacts',
        filters: [
          { property: 'EntityType', value: entityType },
          { property: 'EntityId', value: entityId },
        ],
        sort: [{ name: 'Timestamp', sortOrder: 'ascending' }],
      }),
    );
    return answer.status === 400 ? null : (body(answer).id ?? null);
  }

  async auditQueryState(id: string): Promise<SearchState> {
    const answer = await this.client.call<{ state?: string }>(() =>
      this.audits.getAuditsQueryTransactionId(id),
    );
    if (answer.status === 404) return 'failed';
    const { state } = body(answer);
    if (state === 'Succeeded') return 'fulfilled';
    return state === 'Queued' || state === 'Running' ? 'running' : 'failed';
  }

  async auditQueryResults(id: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let cursor: string | undefined;
    do {
      const from = cursor;
      const answer: Answer<{ entities?: Record<string, unknown>[]; cursor?: string }> =
        await this.client.call(() =>
          this.audits.getAuditsQueryTransactionIdResults(id, {
            pageSize: resultsPageSize,
            ...(from === undefined ? {} : { cursor: from }),
          }),
        );
      const page = body(answer);
      found.push(...(page.entities ?? []));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  }

  async missingPermissions(): Promise<string[]> {
    // Asking for what cannot exist is harmless: 404 with the permission, 403 without.
    const probes: [string, () => Promise<unknown>][] = [
      ['analytics:dataRetention:view', () => this.retention()],
      ['analytics:conversationDetail:view', () => this.searchState(nobody)],
      ['conversation:communication:view', () => this.conversation(nobody)],
      ['recording:recording:view', () => this.listRecordings(nobody)],
      ['conversation:message:view', () => this.messages(nobody, [nobody])],
      ['quality:survey:view', () => this.surveys(nobody)],
      ['conversation:summary:view', () => this.summary(nobody)],
      ['externalContacts:session:view', () => this.journeySessions(nobody)],
      ['gdpr:subject:view', () => this.campaignContacts({ type: 'email', value: nobodysMail })],
      ['outbound:contact:view', () => this.campaignContact({ id: nobody, contactListId: nobody })],
      ['audits:audit:view', () => this.auditQueryState(nobody)],
    ];
    const missing: string[] = [];
    for (const [permission, probe] of probes) {
      try {
        await probe();
      } catch (error) {
        const outcome = error instanceof SourceError ? error.outcome : null;
        if (outcome?.kind !== 'failed' || outcome.code !== 'sourcePermissionMissing') throw error;
        missing.push(permission);
      }
    }
    return missing;
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
